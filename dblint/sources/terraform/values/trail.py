"""Where a value was decided and which way it took, kept as small links and followed only for findings.

A trail is None (nothing is known), a place (the expression that decided), a `Through` (a variable, local, argument or
output that handed the value on), or an `Element` (a part of a value that took a way of its own).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

# (text, start, end): offsets into a syntax.file.Text
Place: TypeAlias = "tuple[Any, int, int]"
Trail: TypeAlias = "Place | Through | Element | None"

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


def steps(trail: Trail) -> list[tuple[Place, str]]:
    """From the place where the value was decided outward: each place and what it is.

    The deciding place is exactly the expression that decided; its text names the definition that this stands in, and
    is empty where that is the argument asked about.
    """
    found: list[tuple[Place, str]] = []
    for place, text in _innermost_first(trail):
        pending = bool(found) and not found[-1][1]
        if text is None:
            if not pending:
                found.append((place, ""))
        elif pending:
            found[-1] = found[-1][0], text
        else:
            found.append((place, text))
    return found if len(found) <= MOST_STEPS else [*found[: MOST_STEPS - 1], found[-1]]


def _innermost_first(trail: Trail) -> Iterator[tuple[Place, str | None]]:
    outward: list[tuple[Place, str | None]] = []
    waiting = [trail]
    while waiting:
        link = waiting.pop()
        if isinstance(link, Through):
            outward.append((link.place, link.text))
            waiting.append(link.inner)
        elif isinstance(link, Element):
            waiting += (link.inner, link.whole)
        elif link is not None:
            outward.append((link, None))
    return reversed(outward)
