"""How text looks on its way to a terminal, a pipe or a file: colours, and which characters can be shown at all."""

from __future__ import annotations

import unicodedata

from dblint.records import dataclass

# Longer lines are hard to read, however wide the terminal is.
WIDEST = 100
_COLOURS = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "error": "1;31",
    "warning": "33",
    "bold": "1",
    "dim": "2",
    "place": "94",
}
_IN_ASCII = {
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHTWARDS ARROW}": "->",
}


@dataclass(frozen=True, slots=True)
class Style:
    """`colour`: whether to paint; `encoding`: what the text will be written in; `width`: where prose is wrapped."""

    colour: bool = False
    encoding: str = "utf-8"
    width: int = WIDEST

    def paint(self, text: str, role: str) -> str:
        """The text in the colour of its role; itself where there are no colours."""
        return f"\x1b[{_COLOURS[role]}m{text}\x1b[0m" if self.colour and text else text

    def clean(self, text: str) -> str:
        """The text with nothing in it that the encoding lacks or that a terminal would obey; tabs are four spaces."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(self._character(character) for character in text)

    def _character(self, character: str) -> str:
        if character == "\t":
            return "    "
        if _is_control(character):
            character = "\N{REPLACEMENT CHARACTER}"
        if self._can_encode(character):
            return character
        return _IN_ASCII.get(character, "?")

    def _can_encode(self, character: str) -> bool:
        try:
            character.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True


def _is_control(character: str) -> bool:
    """Whether a character steers the terminal or the order of text: Cc, Cf, Cs, line and paragraph separators."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def cells(text: str) -> int:
    """How many columns a cleaned text takes in a terminal."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
