"""A place in a text that goes on with what is read, and gives up where something else stands than was expected."""

from __future__ import annotations

import re

from dblint.patterns import pattern
from dblint.sources.terraform.values.trail import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What blanks and comments begin with: looking for that is cheaper than a pattern.
_BLANKS = (" ", "\n", "\t", "\r", "#", "/")
_SPACE = pattern(r"(?:[ \t\r]|(?:\#|//)[^\n]*)*")
_LINES = pattern(r"(?:[ \t\r\n]|(?:\#|//)[^\n]*)*")


class Unsure(Exception):
    """This is not what was expected: another reader may know it."""


class Cursor:
    """`lines`: newlines are blanks, as everywhere in brackets but between the items of an object. `depth`: how many
    levels are open."""

    __slots__ = ("depth", "end", "position", "source", "text")

    def __init__(self, text: Any, start: int, end: int) -> None:
        self.text = text
        self.source: str = text.text
        self.end = end
        self.position = start
        self.depth = 0

    def blank(self, lines: bool) -> int:
        """Goes on to what is no blank and no comment."""
        if self.source.startswith(_BLANKS, self.position):
            match = (_LINES if lines else _SPACE).match(self.source, self.position, self.end)
            self.position = match.end()  # type: ignore[union-attr]
        return self.position

    def place(self, start: int) -> Place:
        """From an offset to here."""
        return self.text, start, self.position

    def match(self, wanted: re.Pattern[str]) -> re.Match[str]:
        """What stands here, behind which it goes on. Raises Unsure."""
        match = wanted.match(self.source, self.position, self.end)
        if match is None:
            raise Unsure
        self.position = match.end()
        return match

    def takes(self, sign: str, lines: bool = True) -> bool:
        """Whether a sign comes next, behind which it goes on then."""
        if not self.source.startswith(sign, self.blank(lines), self.end):
            return False
        self.position += len(sign)
        return True

    def expect(self, sign: str, lines: bool = True) -> None:
        """Goes on behind a sign. Raises Unsure where another comes next."""
        if not self.takes(sign, lines):
            raise Unsure
