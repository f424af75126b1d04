"""From the text of an expression to its tree.

What most arguments are (literals, names, texts with plain names in them, calls, lists and objects of those) is read
here; all else is python-hcl2's, which is imported only then.
"""

from __future__ import annotations

import re
from contextlib import suppress

from dblint.disk import Memo
from dblint.patterns import pattern
from dblint.sources.terraform.limits import DEEPEST_BLOCK, LimitReached
from dblint.sources.terraform.syntax import template
from dblint.sources.terraform.syntax.scan import ScanError
from dblint.sources.terraform.syntax.tree import Call, Literal, Node, Object, Reference, Tuple, refused
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Value
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WORD = r"[^\W\d][\w-]*"
_STEP = r"(?:\.[^\W\d][\w-]*|\[\d{1,9}\]|\[\"[^\"\\$%\n]*\"\])"
_SIMPLE = pattern(rf'(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))|({_WORD})({_STEP}*)|(["\[{{<])')
_STEPS = pattern(r"\.([^\W\d][\w-]*)|\[(\d+)\]|\[\"([^\"]*)\"\]")
_SPACE = pattern(r"(?:[ \t\r]|(?:\#|//)[^\n]*)*")
_LINES = pattern(r"(?:[ \t\r\n]|(?:\#|//)[^\n]*)*")
_KEY = pattern(rf'(?:({_WORD})|"([^"\\$%\n]*)"|(\d+(?![\w.])))[ \t]*(?:=(?![=>])|:(?!:))')
_WORDS: dict[str, tuple[str, Any]] = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}
_RESERVED = frozenset(("for", "if", "in"))
# Longer expressions are rarely written twice.
_LONGEST_KEPT = 2_000


@timed("parse")
def parse_expression(text: Any, start: int, end: int) -> Node:
    """The tree of text[start:end]. One that can not be read is opaque, and reported."""
    try:
        return _parse(text, start, end)
    except (ScanError, LimitReached, RecursionError) as error:
        message = str(error) if isinstance(error, ScanError) else "it is nested too deeply or too long"
        return refused(text, start, end, message, getattr(error, "position", start))


def _parse(text: Any, start: int, end: int) -> Node:
    begin = _LINES.match(text.text, start, end).end()  # type: ignore[union-attr]
    read = _plain(text, begin, end, 0)
    if read is not None and _LINES.match(text.text, read[1], end).end() == end:  # type: ignore[union-attr]
        return read[0]
    text.allowance.take(end - start)
    return _by_grammar(text, start, end)


def _by_grammar(text: Any, start: int, end: int) -> Node:
    """What python-hcl2 reads. The same text is read once, and its tree known from then on."""
    from dblint.sources.terraform.syntax import plain_tree

    trees: Memo = text.allowance.trees
    source = text.text[start:end]
    if source in trees.known:
        node: Node = plain_tree.read(trees.known[source], text, start)
        return node
    from dblint.sources.terraform.syntax.grammar import parse_whole

    refused_before = len(text.reported)
    node = parse_whole(text, start, end)
    if len(text.reported) == refused_before and end - start <= _LONGEST_KEPT:
        with suppress(plain_tree.NotPlain):
            trees.learn(source, plain_tree.written(node, start))
    return node


def _plain(text: Any, position: int, end: int, depth: int) -> tuple[Node, int] | None:
    match = _SIMPLE.match(text.text, position, end)
    if match is None or depth > DEEPEST_BLOCK:
        return None
    place = (text, position, match.end())
    if match[1]:
        return Literal(place, Value("number", numbers.parse(match[1]))), match.end()
    if match[2]:
        if not match[3] and text.text[match.end() : match.end() + 1] == "(":
            return _call(text, match[2], position, end, depth)
        return _name(place, match[2], match[3])
    if match[4] == '"':
        return template.quoted(text, position, end)
    if match[4] == "<":
        return template.heredoc(text, position, end)
    return (_tuple if match[4] == "[" else _object)(text, position, end, depth)


def _name(place: Any, word: str, steps: str) -> tuple[Node, int] | None:
    if word in _RESERVED:
        return None
    if word in _WORDS:
        return None if steps else (Literal(place, Value(*_WORDS[word])), place[2])
    return Reference(place, word, plain_steps(place, steps)), place[2]


def _call(text: Any, word: str, position: int, end: int, depth: int) -> tuple[Node, int] | None:
    """A function with arguments that are read here: `list(string)`, `coalesce(var.name, "none")`."""
    if word in _RESERVED or word in _WORDS or not word.isascii():
        return None
    read = _items(text, position + len(word) + 1, end, depth, ")")
    return (Call((text, position, read[1]), word, read[0], expands=False), read[1]) if read is not None else None


def plain_steps(place: Any, steps: str) -> tuple[str | Node, ...]:
    """The steps of a name: ".a", "[0]" and "["key"]"."""
    text, _, end = place
    offset = end - len(steps)
    found: list[str | Node] = []
    for match in _STEPS.finditer(steps):
        inner = (text, offset + match.start() + 1, offset + match.end() - 1)
        if match[1]:
            found.append(match[1])
        elif match[2]:
            found.append(Literal(inner, Value("number", int(match[2]))))
        else:
            found.append(Literal(inner, Value("string", normal(match[3]))))
    return tuple(found)


def _tuple(text: Any, position: int, end: int, depth: int) -> tuple[Node, int] | None:
    read = _items(text, position + 1, end, depth, "]")
    return (Tuple((text, position, read[1]), read[0]), read[1]) if read is not None else None


def _items(text: Any, position: int, end: int, depth: int, close: str) -> tuple[tuple[Node, ...], int] | None:
    """What stands between commas up to a bracket, and where that ends."""
    source = text.text
    items: list[Node] = []
    position = _LINES.match(source, position, end).end()  # type: ignore[union-attr]
    while source[position : position + 1] != close:
        read = _plain(text, position, end, depth + 1)
        if read is None:
            return None
        items.append(read[0])
        position = _LINES.match(source, read[1], end).end()  # type: ignore[union-attr]
        if source[position : position + 1] == ",":
            position = _LINES.match(source, position + 1, end).end()  # type: ignore[union-attr]
        elif source[position : position + 1] != close:
            return None
    return tuple(items), position + 1


def _object(text: Any, position: int, end: int, depth: int) -> tuple[Node, int] | None:
    start, source = position, text.text
    items: list[tuple[Node, Node]] = []
    position = _LINES.match(source, position + 1, end).end()  # type: ignore[union-attr]
    while source[position : position + 1] != "}":
        key = _KEY.match(source, position, end)
        if key is None:
            return None
        begin = _SPACE.match(source, key.end(), end).end()  # type: ignore[union-attr]
        read = _plain(text, begin, end, depth + 1)
        if read is None:
            return None
        items.append((_key(text, key), read[0]))
        after = _after_item(source, read[1], end)
        if after is None:
            return None
        position = after
    return Object((text, start, position + 1), tuple(items)), position + 1


def _key(text: Any, match: re.Match[str]) -> Node:
    place = (text, *match.span(match.lastindex or 0))
    if match[3]:
        return Literal(place, Value("number", numbers.parse(match[3])))
    return Literal(place, Value("string", normal(match[1] or match[2] or "")))


def _after_item(source: str, position: int, end: int) -> int | None:
    """The beginning of an object's next item; None where no comma, newline or brace stands between."""
    position = _SPACE.match(source, position, end).end()  # type: ignore[union-attr]
    sign = source[position : position + 1]
    if sign == "}":
        return position
    if sign not in (",", "\n"):
        return None
    return _LINES.match(source, position + 1, end).end()  # type: ignore[union-attr]
