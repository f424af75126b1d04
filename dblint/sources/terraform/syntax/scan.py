"""The index of a Terraform text: its blocks and arguments, found by jumping from one significant spot to the next.

No expression is parsed here. No quantifier of a pattern is nested in another, so no input makes the scan backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from dblint.patterns import pattern
from dblint.records import dataclass
from dblint.sources.terraform.limits import DEEPEST_BLOCK, MOST_LABELS


class ScanError(Exception):
    """A text that is not Terraform; `position` is the offset where that shows, `found` what stands before it."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position
        self.found: list[Item] = []


@dataclass(frozen=True, slots=True)
class Item:
    """A block or an argument, in offsets of the text.

    `labels` is None for an argument, whose expression is text[body:end]. The header of a block ends at `header`, its
    body is text[body:end], the closing brace included.
    """

    name: str
    labels: tuple[str, ...] | None
    start: int
    header: int
    body: int
    end: int


_IDENTIFIER = r"[^\W\d][\w-]*"
# Text of a string up to its end or its first template sequence.
_STRING = r'(?:[^"\\$%\n]|\\.|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*'
_BLANK = pattern(r"[ \t\r\n\ufeff]+|\#[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_SPACE = pattern(r"[ \t]+|/\*.*?\*/", re.DOTALL)
_NAME = pattern(_IDENTIFIER)
_LABEL = pattern(rf'({_IDENTIFIER})|"((?:[^"\\\n]|\\.)*)"')
_HEREDOC = r"<<-?([^\W\d][\w.-]*)[ \t]*\r?\n"
_COMMENT = r"(\#[^\n]*|//[^\n]*|/\*.*?\*/)"
_BRACE = pattern(rf'"{_STRING}("|\$\{{|%\{{)|([{{}}])|{_COMMENT}|{_HEREDOC}|(")', re.DOTALL)
_EXPRESSION = pattern(rf'"{_STRING}("|\$\{{|%\{{)|([{{}}()\[\]])|{_COMMENT}|{_HEREDOC}|(")|(\n)', re.DOTALL)
_REST = pattern(rf'{_STRING}("|\$\{{|%\{{)', re.DOTALL)
_STRING_END, _BRACKET, _REMARK, _TAG, _QUOTE, _NEWLINE = 1, 2, 3, 4, 5, 6


@lru_cache(maxsize=256)
def _marker(tag: str) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t]*{re.escape(tag)}[ \t]*(?=\r?(?:\n|\Z))")


def heredoc_end(text: str, position: int, tag: str) -> int:
    """From the newline that ends the opening line to just after the closing marker."""
    match = _marker(tag).search(text, position)
    if match is None:
        raise ScanError(f'the heredoc is not closed: expected a line with "{tag}" alone', position)
    return match.end()


def template_end(text: str, position: int, depth: int = 0) -> int:
    """From just after "${" or "%{" to just after the brace that closes it."""
    return _closing(text, position, depth, "the template is not closed: expected }")


def block_end(text: str, position: int) -> int:
    """From just after a block's "{" to just after its "}"."""
    return _closing(text, position, 0, "the block is not closed: expected }")


def _closing(text: str, position: int, depth: int, problem: str) -> int:
    if depth > DEEPEST_BLOCK:
        raise ScanError("it is nested too deeply", position)
    start, level = position, 1
    while True:
        match = _BRACE.search(text, position)
        if match is None:
            raise ScanError(problem, start - 1)
        position = match.end()
        if match.lastindex == _BRACKET:
            level += 1 if text[position - 1] == "{" else -1
            if not level:
                return position
            if level > DEEPEST_BLOCK:
                raise ScanError("it is nested too deeply", position)
        else:
            position = _skip(text, match, depth)


def _skip(text: str, match: re.Match[str], depth: int) -> int:
    """From a string's or a heredoc's beginning, or a comment, to its end."""
    if match.lastindex == _STRING_END and match[_STRING_END] != '"':
        return string_end(text, match.end(), depth)
    if match.lastindex == _QUOTE:
        raise ScanError('the string is not closed: expected "', match.start())
    if match.lastindex == _TAG:
        return heredoc_end(text, match.end() - 1, match[_TAG])
    return match.end()


def string_end(text: str, position: int, depth: int = 0) -> int:
    """From just after a string's first template opener to just after its closing quote."""
    while True:
        position = template_end(text, position, depth + 1)
        match = _REST.match(text, position)
        if match is None:
            raise ScanError('the string is not closed: expected "', position)
        position = match.end()
        if match[1] == '"':
            return position


def quoted_end(text: str, position: int) -> int:
    """From a string's opening quote to just after its closing one."""
    match = _REST.match(text, position + 1)
    if match is None:
        raise ScanError('the string is not closed: expected "', position)
    return match.end() if match[1] == '"' else string_end(text, match.end())


_CLOSING = {"{": "}", "(": ")", "[": "]"}


def _unclosed(text: str, position: int) -> ScanError:
    return ScanError(f"the bracket is not closed: expected {_CLOSING[text[position]]}", position)


def _expression_end(text: str, position: int) -> int:
    """The end of an argument's expression: a newline outside of brackets, the remark before it, or the brace of a block
    of one line."""
    start = position
    still_open: list[int] = []
    while True:
        match = _EXPRESSION.search(text, position)
        if match is None:
            if still_open:
                raise _unclosed(text, still_open[-1])
            return len(text)
        kind, position = match.lastindex, match.end()
        if kind == _BRACKET:
            sign = text[position - 1]
            if sign in _CLOSING:
                still_open.append(position - 1)
                if len(still_open) > DEEPEST_BLOCK:
                    raise ScanError("it is nested too deeply", position)
            elif not still_open:
                return match.start()
            elif _CLOSING[text[still_open[-1]]] != sign:
                raise _unclosed(text, still_open[-1])
            else:
                still_open.pop()
        elif kind == _NEWLINE:
            if not still_open:
                return match.start()
        elif kind == _REMARK and not still_open and not match[_REMARK].startswith("/*"):
            return _without_blanks(text, start, match.start())
        else:
            position = _skip(text, match, 0)


def _without_blanks(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" \t"))


def skip_blank(text: str, position: int) -> int:
    """Over blanks, newlines and comments."""
    while match := _BLANK.match(text, position):
        position = match.end()
    return position


def items(text: str, position: int = 0, *, nested: bool = False) -> list[Item]:
    """The blocks and arguments of a file, or of a block's body that begins at `position`.

    Raises ScanError, which holds those before the error.
    """
    found: list[Item] = []
    try:
        while (item := _item(text, position, nested)) is not None:
            found.append(item)
            position = item.end
    except ScanError as error:
        error.found = found
        raise
    return found


def _item(text: str, position: int, nested: bool) -> Item | None:
    position = skip_blank(text, position)
    if position >= len(text):
        if nested:
            raise ScanError("the block is not closed: expected }", position)
        return None
    match = _NAME.match(text, position)
    if match is None:
        if nested and text[position] == "}":
            return None
        raise ScanError(f"expected an argument or a block, found {text[position]!r}", position)
    return _headed(text, match)


def _headed(text: str, name: re.Match[str]) -> Item:
    """The item that begins with a name."""
    start, position = name.span()
    labels: list[str] = []
    header = position
    while True:
        while blank := _SPACE.match(text, position):
            position = blank.end()
        sign = text[position : position + 1]
        if sign == "{":
            return Item(name[0], tuple(labels), start, header, position + 1, block_end(text, position + 1))
        if sign == "=" and not labels and text[position + 1 : position + 2] not in ("=", ">"):
            return Item(name[0], None, start, header, position + 1, _expression_end(text, position + 1))
        label = _LABEL.match(text, position)
        if label is None or len(labels) >= MOST_LABELS:
            raise ScanError(f"expected {{ or = after {text[start:header]}", position)
        labels.append(label[1] if label[1] is not None else label[2])
        header = position = label.end()


def comments(text: str) -> Iterator[tuple[int, str]]:
    """All comments with their offsets, as far as the text can be scanned."""
    position = 0
    try:
        while match := _BRACE.search(text, position):
            if match.lastindex == _REMARK:
                yield match.start(), match[_REMARK]
            position = _skip(text, match, 0) if match.lastindex != _BRACKET else match.end()
    except ScanError:
        return
