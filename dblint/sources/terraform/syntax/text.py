"""A text of Terraform and its parts: bodies, blocks and arguments, whose expressions are parsed when asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from dblint.model import Location, Problem
from dblint.sources.terraform.limits import LONGEST_EXPRESSION, MOST_PARSED, LimitReached
from dblint.sources.terraform.syntax.scan import Item, ScanError, items
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values.trail import Place
from dblint.stopwatch import timed


class Allowance:
    """How much may still be given to the grammar, which is slow."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MOST_PARSED

    def take(self, characters: int) -> None:
        """Raises LimitReached."""
        self.left -= characters
        if characters > LONGEST_EXPRESSION or self.left < 0:
            raise LimitReached("an expression is too long")


class Text:
    """One file, or a text inside of one (a JSON string). `report` takes what can not be read, once each; texts of one
    run share an `allowance`. `unusual`: where expressions stand that only the grammar can read."""

    __slots__ = ("_lines", "allowance", "path", "report", "reported", "text", "unusual")

    def __init__(
        self, path: str, text: str, report: Callable[[Problem], None], allowance: Allowance | None = None
    ) -> None:
        self.path = path
        self.text = text
        self.report = report
        self.allowance = allowance or Allowance()
        self.reported: set[int] = set()
        self.unusual: set[tuple[int, int]] = set()
        self._lines: list[int] | None = None

    def location(self, start: int, end: int) -> Location:
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Location(self.path, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        if self._lines is None:
            self._lines = [0]
            position = self.text.find("\n")
            while position >= 0:
                self._lines.append(position + 1)
                position = self.text.find("\n", position + 1)
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def refuse(self, message: str, offset: int, hint: str = "") -> None:
        """Reports what can not be read at this place."""
        if offset not in self.reported:
            self.reported.add(offset)
            line, column = self._position(min(offset, len(self.text)))
            self.report(Problem(self.path, message, line, column, hint or "terraform validate says more"))


class Argument:
    """`name = expression`."""

    __slots__ = ("_node", "name", "place", "value_place")

    def __init__(self, name: str, place: Place, value_place: Place, node: Node | None = None) -> None:
        self.name = name
        self.place = place
        self.value_place = value_place
        self._node = node

    @property
    def expression(self) -> Node:
        if self._node is None:
            from dblint.sources.terraform.syntax.expression import parse_expression

            self._node = parse_expression(*self.value_place)
        return self._node


class Body:
    """What stands between the braces of a block, or in a file. Of equal arguments the first counts."""

    __slots__ = ("arguments", "blocks")

    def __init__(self, arguments: dict[str, Argument], blocks: list[Block]) -> None:
        self.arguments = arguments
        self.blocks = blocks


class Block:
    """`type "label" "label" { … }`. `place` is the header, `whole` all of it."""

    __slots__ = ("_body", "_start", "labels", "place", "type", "whole")

    def __init__(
        self, type: str, labels: tuple[str, ...], place: Place, whole: Place, start: int, body: Body | None = None
    ) -> None:
        self.type = type
        self.labels = labels
        self.place = place
        self.whole = whole
        self._start = start
        self._body = body

    @property
    def body(self) -> Body:
        if self._body is None:
            self._body = body_of(self.whole[0], self._start)
        return self._body


@timed("scan")
def body_of(text: Text, start: int = 0, *, nested: bool = True) -> Body:
    """The body that begins at an offset; what stands before an error is kept, and the error reported."""
    try:
        found = items(text.text, start, nested=nested)
    except ScanError as error:
        text.refuse(str(error), error.position)
        found = error.found
    arguments: dict[str, Argument] = {}
    blocks = []
    for item in found:
        if item.labels is None:
            arguments.setdefault(item.name, _argument(text, item))
        else:
            blocks.append(_block(text, item))
    return Body(arguments, blocks)


def _argument(text: Text, item: Item) -> Argument:
    source, begin, end = text.text, item.body, item.end
    while end > begin and source[end - 1].isspace():
        end -= 1
    while begin < end and source[begin].isspace():
        begin += 1
    return Argument(item.name, (text, item.start, end), (text, begin, end))


def _block(text: Text, item: Item) -> Block:
    place, whole = (text, item.start, item.header), (text, item.start, item.end)
    return Block(item.name, item.labels or (), place, whole, item.body)


def scan_all(body: Body) -> None:
    """Looks at every block in every block, so that each error of the structure is reported."""
    waiting = list(body.blocks)
    while waiting:
        waiting += waiting.pop().body.blocks
