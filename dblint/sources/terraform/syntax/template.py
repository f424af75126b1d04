"""Quoted strings and heredocs: literal text, `${…}` and `%{…}` with strip markers, unescaped and in Unicode's normal
form."""

from __future__ import annotations

import re
from itertools import pairwise

from dblint.patterns import pattern
from dblint.sources.terraform.limits import DEEPEST_BLOCK, LONGEST_TEXT
from dblint.sources.terraform.syntax.scan import ScanError, heredoc_end, quoted_end, template_end
from dblint.sources.terraform.syntax.tree import ForDirective, IfDirective, Literal, Node, Part, Template
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PLAIN = pattern(r'"([^"\\$%\n]*)"')
_HEREDOC = pattern(r"<<(-?)([^\W\d][\w.-]*)[ \t]*\r?\n")
_MARK = pattern(r"\$\$\{|%%\{|(\$\{|%\{)(~?)")
_ESCAPE = pattern(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_LINE = pattern(r"[^\n]*\n|[^\n]+")
# What strip markers and indentation are made of.
_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DIRECTIVE = pattern(r"\s*(if|else|endif|for|endfor)\b")
_FOR = pattern(r"\s*([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?\bin\b")


def quoted(text: Any, start: int, end: int) -> tuple[Node, int]:
    """The string that begins with a quote at `start`, and the offset after it. Raises ScanError."""
    plain = _PLAIN.match(text.text, start, end)
    if plain:
        return Literal((text, start, plain.end()), Value("string", normal(plain[1]))), plain.end()
    close = quoted_end(text.text, start)
    if close > end:
        raise ScanError("the string is not closed", start)
    return template(text, (start, close), (start + 1, close - 1), escapes=True), close


def heredoc(text: Any, start: int, end: int) -> tuple[Node, int] | None:
    """The heredoc that begins at `start`, and the offset after its closing marker; None where there is none."""
    opening = _HEREDOC.match(text.text, start)
    if opening is None:
        return None
    close = heredoc_end(text.text, opening.end() - 1, opening[2])
    last = text.text.rfind("\n", opening.end() - 1, close) + 1
    # Blanks behind the marker belong to it, but not to the argument that it ends.
    return template(text, (start, min(close, end)), (opening.end(), last), dedent=bool(opening[1])), min(close, end)


def template(
    text: Any, place: tuple[int, int], inside: tuple[int, int], *, escapes: bool = False, dedent: bool = False
) -> Node:
    """The template text[inside]; `escapes`: backslashes mean something; `dedent`: "<<-"."""
    pieces = _stripped(_pieces(text, *inside, escapes))
    if dedent:
        _dedent(pieces)
    parts = _Assembly(pieces).parts()
    whole = (text, *place)
    if not parts:
        return Literal(whole, Value("string", ""))
    if len(parts) == 1 and isinstance(parts[0], str):
        return Literal(whole, Value("string", parts[0]))
    if len(parts) == 1 and len(pieces) > 1 and not isinstance(parts[0], (IfDirective, ForDirective)):
        parts.append("")  # what strip markers left of it makes it a text all the same
    return Template(whole, tuple(parts))


class _Piece:
    """A piece of a template in the order of the text: literal text (`sequence` is None), or a sequence with its kind
    ("${", "if", …), what it holds, and its strip markers."""

    __slots__ = ("after", "before", "kind", "place", "sequence", "text")

    def __init__(
        self,
        text: str,
        kind: str = "",
        sequence: Any = None,
        strips: tuple[bool, bool] = (False, False),
        place: Any = None,
    ) -> None:
        self.text = text
        self.kind = kind
        self.sequence = sequence
        self.before, self.after = strips
        self.place = place


def _pieces(text: Any, start: int, end: int, escapes: bool) -> list[_Piece]:
    source = text.text
    pieces: list[_Piece] = []
    literal: list[str] = []
    position = start
    while match := _MARK.search(source, position, end):
        literal.append(source[position : match.start()])
        if match[1] is None:
            literal.append(match[0][1:])
            position = match.end()
            continue
        pieces += _literals(literal, escapes, match.start())
        literal = []
        position = template_end(source, match.end())
        if position > end:
            raise ScanError("the template is not closed", match.start())
        pieces.append(_sequence(text, match, position))
    literal.append(source[position:end])
    return pieces + _literals(literal, escapes, end)


def _literals(parts: list[str], escapes: bool, position: int) -> list[_Piece]:
    """Literal text: in a heredoc each line is a piece, and strip markers reach no further than that."""
    joined = "".join(parts)
    if not escapes:
        return [_Piece(normal(line)) for line in _LINE.findall(joined)]
    return [_Piece(normal(unescaped(joined, position) if "\\" in joined else joined))] if joined else []


def unescaped(text: str, position: int = 0) -> str:
    """The text without its backslashes. Raises ScanError for an escape that is none."""

    def character(match: re.Match[str]) -> str:
        if match[4]:
            raise ScanError(f"\\{match[4]} is no escape sequence", position)
        code = match[2] or match[3]
        if not code:
            return _ESCAPED[match[1]]
        point = int(code, 16)
        return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"

    return _ESCAPE.sub(character, text)


def _sequence(text: Any, match: re.Match[str], close: int) -> _Piece:
    """The sequence that opens with `match` and whose brace ends at `close`."""
    from dblint.sources.terraform.syntax.expression import parse_expression

    start, end = match.end(), close - 1
    strips = (bool(match[2]), text.text[end - 1] == "~" and end > start)
    if strips[1]:
        end -= 1
    place = (text, match.start(), close)
    if match[1] == "${":
        return _Piece("", "${", parse_expression(text, start, end), strips, place)
    word = _DIRECTIVE.match(text.text, start, end)
    if word is None:
        raise ScanError("expected if, else, endif, for or endfor", start)
    if word[1] == "if":
        return _Piece("", "if", parse_expression(text, word.end(), end), strips, place)
    if word[1] == "for":
        names = _FOR.match(text.text, word.end(), end)
        if names is None:
            raise ScanError("expected for NAME in …", start)
        collection = parse_expression(text, names.end(), end)
        pair = (names[1], names[2]) if names[2] else (None, names[1])
        return _Piece("", "for", (*pair, collection), strips, place)
    return _Piece("", word[1], (), strips, place)


def _stripped(pieces: list[_Piece]) -> list[_Piece]:
    """Literal text without the blanks and newlines that strip markers beside it take away."""
    for before, piece in pairwise(pieces):
        if piece.before and not before.kind:
            before.text = before.text.rstrip(_SPACE)
        if before.after and not piece.kind:
            piece.text = piece.text.lstrip(_SPACE)
    return pieces


def _dedent(pieces: list[_Piece]) -> None:
    """Takes the smallest indentation of all lines from each. Blank lines have none and keep theirs, a line that begins
    with a sequence has 0, and one whose newline a strip marker took away goes on in the next."""
    begins, least, indented = True, LONGEST_TEXT, []
    for piece in pieces:
        if begins:
            bare = piece.text.lstrip(_SPACE)
            if bare or not piece.text.endswith("\n"):
                least = min(least, len(piece.text) - len(bare))
                indented.append(piece)
        begins = piece.text.endswith("\n")
    for piece in indented:
        piece.text = piece.text[least:]


def _with(found: list[Part], literal: list[str]) -> list[Part]:
    """The parts with the literal text that was read after them, which begins anew."""
    if joined := "".join(literal):
        found.append(joined)
    literal.clear()
    return found


class _Assembly:
    """Makes the tree of directives of flat pieces."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._next = 0

    def parts(self, closers: tuple[str, ...] = (), depth: int = 0) -> list[Part]:
        """The parts up to one of `closers`. Raises ScanError where it is missing or another stands there."""
        if depth > DEEPEST_BLOCK:
            raise ScanError("it is nested too deeply", self._pieces[self._next - 1].place[1])
        found: list[Part] = []
        literal: list[str] = []
        while self._next < len(self._pieces):
            piece = self._pieces[self._next]
            if piece.kind in closers:
                return _with(found, literal)
            self._next += 1
            if piece.kind:
                _with(found, literal).append(self._directive(piece, depth))
            else:
                literal.append(piece.text)
        if closers:
            last = next(piece for piece in reversed(self._pieces) if piece.kind)
            raise ScanError(f"expected %{{ {closers[-1]} }}", last.place[1])
        return _with(found, literal)

    def _directive(self, piece: _Piece, depth: int) -> Node:
        if piece.kind == "${":
            return piece.sequence  # type: ignore[no-any-return]
        if piece.kind == "if":
            then = self.parts(("else", "endif"), depth + 1)
            otherwise: list[Part] = []
            if self._close().kind == "else":
                otherwise = self.parts(("endif",), depth + 1)
                self._close()
            return IfDirective(piece.place, piece.sequence, tuple(then), tuple(otherwise))
        if piece.kind == "for":
            body = self.parts(("endfor",), depth + 1)
            self._close()
            key, variable, collection = piece.sequence
            return ForDirective(piece.place, key, variable, collection, tuple(body))
        raise ScanError(f"%{{ {piece.kind} }} closes nothing", piece.place[1])

    def _close(self) -> _Piece:
        self._next += 1
        return self._pieces[self._next - 1]
