"""Where a value was decided and which way it took, kept as small links and followed only for findings.

A trail is None (nothing is known), a place (the expression that decided), a `Through` (a variable, local, argument or
output that handed the value on), an `Element` (a part of a value that took a way of its own), or `Decided` (another way
in each alternative).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.choice import both, possible, within
from dblint.model import Among, Assumptions, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

# (text, start, end): offsets into a syntax.file.Text
Place: TypeAlias = "tuple[Any, int, int]"
Trail: TypeAlias = "Place | Through | Element | Decided | None"

MOST_STEPS = 12


class Through:
    """The value of `inner`, handed on at `place` by what `text` names."""

    __slots__ = ("inner", "place", "text")

    def __init__(self, inner: Trail, place: Place, text: str) -> None:
        self.inner = inner
        self.place = place
        self.text = text


class Element:
    """A part of the value whose trail is `whole`."""

    __slots__ = ("inner", "whole")

    def __init__(self, inner: Trail, whole: Trail) -> None:
        self.inner = inner
        self.whole = whole


class Decided:
    """Alternatives of `variable` agree on the value, but not on its way."""

    __slots__ = ("parts", "variable")

    def __init__(self, variable: Variable, parts: tuple[tuple[Among, Trail], ...]) -> None:
        self.variable = variable
        self.parts = parts

    def under(self, assumptions: Assumptions) -> Trail:
        """The way in the part that the assumptions leave; the first where they leave several."""
        taken: Trail = branch(self.variable, self.parts, assumptions)
        return taken


def branch(variable: Variable, parts: Sequence[tuple[Among, Any]], assumptions: Assumptions) -> Any:
    """What stands in the part that the assumptions leave; in the first where they leave several."""
    assumed = assumptions.get(variable)
    for among, inner in parts:
        if assumed is None or possible(within(variable, both(among, assumed))):
            return inner
    return parts[0][1]


def steps(trail: Trail, assumptions: Assumptions) -> list[tuple[Place, str]]:
    """From the place where the value was decided outward, under the assumptions: each place and what it is.

    The deciding place is exactly the expression that decided; its text names the definition that this stands in, and
    is empty where that is the argument asked about.
    """
    found: list[tuple[Place, str]] = []
    for place, text in _innermost_first(trail, assumptions):
        pending = bool(found) and not found[-1][1]
        if text is None:
            if not pending:
                found.append((place, ""))
        elif pending:
            found[-1] = found[-1][0], text
        else:
            found.append((place, text))
    return found if len(found) <= MOST_STEPS else [*found[: MOST_STEPS - 1], found[-1]]


def _innermost_first(trail: Trail, assumptions: Assumptions) -> Iterator[tuple[Place, str | None]]:
    outward: list[tuple[Place, str | None]] = []
    waiting = [trail]
    while waiting:
        link = waiting.pop()
        if isinstance(link, Through):
            outward.append((link.place, link.text))
            waiting.append(link.inner)
        elif isinstance(link, Element):
            waiting += (link.inner, link.whole)
        elif isinstance(link, Decided):
            waiting.append(link.under(assumptions))
        elif link is not None:
            outward.append((link, None))
    return reversed(outward)
