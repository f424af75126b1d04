"""Quoted strings and heredocs: literal text, `${…}` and `%{…}` with strip markers, unescaped and in Unicode's normal
form."""

from __future__ import annotations

import re
from typing import Any

from dblint.sources.terraform.limits import DEEPEST_BLOCK
from dblint.sources.terraform.syntax.scan import ScanError, heredoc_end, quoted_end, template_end
from dblint.sources.terraform.syntax.tree import ForDirective, IfDirective, Literal, Node, Part, Template
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Value

_PLAIN = re.compile(r'"([^"\\$%\n]*)"')
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w.-]*)[ \t]*\r?\n")
_MARK = re.compile(r"\$\$\{|%%\{|(\$\{|%\{)(~?)")
_ESCAPE = re.compile(r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)\b")
_FOR = re.compile(r"\s*([^\W\d][\w-]*)\s*(?:,\s*([^\W\d][\w-]*)\s*)?\bin\b")


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
    return template(text, (start, close), (opening.end(), last), dedent=bool(opening[1])), close


def template(
    text: Any, place: tuple[int, int], inside: tuple[int, int], *, escapes: bool = False, dedent: bool = False
) -> Node:
    """The template text[inside]; `escapes`: backslashes mean something; `dedent`: "<<-"."""
    pieces = _pieces(text, *inside, escapes)
    if dedent:
        pieces = _dedented(pieces)
    parts = _Assembly(_stripped(pieces)).parts()
    whole = (text, *place)
    if not parts:
        return Literal(whole, Value("string", ""))
    if len(parts) == 1 and isinstance(parts[0], str):
        return Literal(whole, Value("string", parts[0]))
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
        pieces.append(_Piece(_literal(literal, escapes, text, match.start())))
        literal = []
        position = template_end(source, match.end())
        if position > end:
            raise ScanError("the template is not closed", match.start())
        pieces.append(_sequence(text, match, position))
    literal.append(source[position:end])
    pieces.append(_Piece(_literal(literal, escapes, text, end)))
    return pieces


def _literal(parts: list[str], escapes: bool, text: Any, position: int) -> str:
    joined = "".join(parts)
    if not escapes:
        return normal(joined.replace("\r\n", "\n"))
    return normal(unescaped(joined, position) if "\\" in joined else joined)


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
    for i, piece in enumerate(pieces):
        if piece.before:
            pieces[i - 1].text = pieces[i - 1].text.rstrip(" \t\r\n")
        if piece.after:
            pieces[i + 1].text = pieces[i + 1].text.lstrip(" \t\r\n")
    return pieces


def _dedented(pieces: list[_Piece]) -> list[_Piece]:
    """Without the smallest indentation of all lines that are not blank; a line that begins with a sequence has none of
    its own beyond the text before that."""
    least = min(_indents(pieces), default=0)
    at_start = True
    for piece in pieces:
        if piece.kind:
            at_start = False
            continue
        lines = piece.text.split("\n")
        first = lines[0]
        piece.text = "\n".join(
            [first[min(least, _blanks(first)) :] if at_start else first]
            + [line[min(least, _blanks(line)) :] for line in lines[1:]]
        )
        at_start = False
    return pieces


def _indents(pieces: list[_Piece]) -> list[int]:
    indents = []
    at_start = True
    for i, piece in enumerate(pieces):
        if piece.kind:
            at_start = False
            continue
        lines = piece.text.split("\n")
        for n, line in enumerate(lines):
            if (n == 0 and not at_start) or (n == len(lines) - 1 and i == len(pieces) - 1):
                continue
            ends_in_sequence = n == len(lines) - 1
            if line.strip(" \t\r") or ends_in_sequence:
                indents.append(_blanks(line))
        at_start = False
    return indents


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


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
        while self._next < len(self._pieces):
            piece = self._pieces[self._next]
            if piece.kind in closers:
                return found
            self._next += 1
            if not piece.kind:
                if piece.text:
                    found.append(piece.text)
            else:
                found.append(self._directive(piece, depth))
        if closers:
            raise ScanError(f"expected %{{ {closers[-1]} }}", self._pieces[-2].place[1])
        return found

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
