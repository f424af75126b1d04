"""Rewrites an expression, keeping its length, so that python-hcl2's grammar takes all that Terraform takes.

Texts and heredocs become plain strings (they are read again from the original, by their offset, by template.py), and
so do comments, newlines inside of brackets, identifiers that are not ASCII, names of functions with "::", and words
like `for` after a dot. Repeated unary operators, which the grammar does not know, are reported by their offset.
"""

from __future__ import annotations

import re

from dblint.patterns import pattern
from dblint.sources.terraform.limits import DEEPEST_BLOCK
from dblint.sources.terraform.syntax.scan import ScanError, heredoc_end, quoted_end

_TOKEN = pattern(
    r'(")|(\#[^\n]*|//[^\n]*|/\*.*?\*/)|([({\[])|([)}\]])|(\r?\n)|<<-?([^\W\d][\w.-]*)[ \t]*\r?\n'
    r"|([!-][!\s-]*[!-])|((?:[^\W\d][\w-]*)(?:[ \t]*::[ \t]*[^\W\d][\w-]*)+(?=\s*\())"
    r"|(?<=[^.]\.)([ \t\n]*(?:for|in|if|for_each|else|endif|endfor|null|true|false)\b(?!-))|([^\x00-\x7f])",
    re.DOTALL,
)
_STRING, _COMMENT, _OPEN, _CLOSE, _NEWLINE, _TAG, _UNARY, _CALL, _KEYWORD, _FOREIGN = range(1, 11)
_FOR = pattern(r"(?:\s|(?:\#|//)[^\n]*\n|/\*.*?\*/)*for(?![\w-])", re.DOTALL)
_OPERAND_BEFORE = pattern(r"[\w\])}\"][ \t\n]*\Z")


class Normalised:
    """`text` has the length of the original; `unary` holds, by the offset of its last operator, each run of unary
    operators ("!!")."""

    def __init__(self, text: str, unary: dict[int, str]) -> None:
        self.text = text
        self.unary = unary


def normalise(source: str, start: int, end: int) -> Normalised:
    """source[start:end] as the grammar wants it. The whole counts as standing in brackets. Raises ScanError."""
    made: list[str] = []
    unary: dict[int, str] = {}
    open_brackets = ["("]
    position = copied = start
    while match := _TOKEN.search(source, position, end):
        kind, position = match.lastindex, match.end()
        made.append(source[copied : match.start()])
        if kind == _STRING:
            position = quoted_end(source, match.start())
            piece = _plain_string(position - match.start())
        elif kind == _TAG:
            position = min(heredoc_end(source, position - 1, match[_TAG]), end)
            piece = _plain_string(position - match.start())
        elif kind == _UNARY:
            piece = _operators(source, match, start, unary)
        else:
            piece = _piece(source, match, open_brackets)
        made.append(piece)
        copied = position
    if position > end:
        raise ScanError("the string is not closed", copied)
    made.append(source[copied:end])
    return Normalised("".join(made), unary)


def _plain_string(length: int) -> str:
    return f'"{"_" * (length - 2)}"'


def _piece(source: str, match: re.Match[str], open_brackets: list[str]) -> str:
    kind, found = match.lastindex, match[0]
    if kind == _OPEN:
        is_for = found == "{" and _FOR.match(source, match.end())
        open_brackets.append("(" if is_for else found)
        if len(open_brackets) > DEEPEST_BLOCK:
            raise ScanError("it is nested too deeply", match.start())
        return found
    if kind == _CLOSE:
        if len(open_brackets) > 1:
            open_brackets.pop()
        return found
    if kind == _COMMENT:
        keep = open_brackets[-1] == "{"
        return "".join("\n" if sign == "\n" and keep else " " for sign in found)
    if kind == _NEWLINE:
        return found if open_brackets[-1] == "{" else " " * len(found)
    return "_" * len(found)


def _operators(source: str, match: re.Match[str], start: int, unary: dict[int, str]) -> str:
    """A run of operators: the last one stands for all that are unary."""
    found = match[0]
    signs = [(i, sign) for i, sign in enumerate(found) if sign in "!-"]
    blank = [" "] * len(found)
    if _OPERAND_BEFORE.search(source, start, match.start()):
        first = signs.pop(0)
        blank[first[0]] = first[1]
    last, sign = signs[-1]
    blank[last] = sign
    if len(signs) > 1:
        unary[match.start() + last] = "".join(sign for _, sign in signs)
    return "".join(blank)
