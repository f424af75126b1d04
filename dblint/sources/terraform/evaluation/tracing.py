"""Where a value stands and where it comes from, in the model's terms."""

from __future__ import annotations

from dblint.model import Assumptions, Choice, Location, Origin, Path, Trace, Unknown
from dblint.model import Value as ModelValue
from dblint.sources.terraform.syntax.text import Argument
from dblint.sources.terraform.values.access import element_of
from dblint.sources.terraform.values.trail import Place, branch, steps
from dblint.sources.terraform.values.value import Evaluated, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def location_of(place: Place) -> Location:
    """A place as one of its file."""
    text, start, end = place
    found: Location = text.location(start, end)
    return found


def argument_trace(
    argument: Argument, value: Evaluated | None, rest: Path, assumptions: Assumptions, text: str = "decided here"
) -> Trace:
    """Where an argument stands, and where the part of its value at `rest` comes from. `text` is what is said of a part
    of its own expression that decides."""
    found = None if value is None else part_at(value, rest, assumptions)
    return Trace(location_of(argument.place), origins_of(found, argument, assumptions, text))


def block_trace(blocks: ModelValue, rest: Path, assumptions: Assumptions) -> Trace:
    """Where something in a list of blocks stands; `rest` begins with the block's position."""
    while isinstance(blocks, Choice):
        blocks = branch(blocks.variable, blocks.parts, assumptions)
    position = rest[0]
    if not isinstance(blocks, list) or not isinstance(position, int) or position >= len(blocks):
        return Trace()
    block = blocks[position]
    if isinstance(block, Unknown):
        return Trace()
    traced: Trace = block.trace(rest[1:], assumptions)
    if traced.written is None and not traced.origins:
        header = block.trace((), assumptions).written
        return Trace(None, (Origin(header, "the block that does not say it"),)) if header else traced
    return traced


def part_at(value: Evaluated, path: Path, assumptions: Assumptions) -> Value:
    """The value at a path inside of a value, in the alternative that is assumed."""
    while isinstance(value, Choice):
        value = branch(value.variable, value.parts, assumptions)
    for step in path:
        if (value.kind in ("list", "tuple", "set") and isinstance(step, int) and step < len(value.data)) or (
            value.kind in ("object", "map") and step in value.data
        ):
            value = element_of(value, value.data[step])
        else:
            return value
        while isinstance(value, Choice):
            value = branch(value.variable, value.parts, assumptions)
    return value


def origins_of(
    value: Value | None, argument: Argument | None, assumptions: Assumptions, text: str = "decided here"
) -> tuple[Origin, ...]:
    """The way of a value, without the argument itself."""
    if value is None:
        return ()
    way = steps(value.trail, assumptions)
    if argument is not None and way and _is_whole(way[0][0], argument) and not way[0][1]:
        way = way[1:]
    return tuple(Origin(location_of(place), said or text) for place, said in way if place[0].path)


def _is_whole(place: Any, argument: Argument) -> bool:
    """Whether a place is the whole expression of the argument."""
    text, start, end = argument.value_place
    source = text.text[start:end]
    begin = start + len(source) - len(source.lstrip())
    return bool(place[0] is text and place[1] == begin)
