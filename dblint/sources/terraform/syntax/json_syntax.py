"""Terraform's JSON syntax (.tf.json, .tfvars.json) as the same bodies, blocks and arguments.

Properties are arguments; which of them are blocks the reader of a body knows. A string is a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dblint.model import Location
from dblint.patterns import pattern
from dblint.sources.terraform.limits import DEEPEST_BLOCK
from dblint.sources.terraform.syntax import template
from dblint.sources.terraform.syntax.scan import ScanError
from dblint.sources.terraform.syntax.text import Argument, Block, Body, Text
from dblint.sources.terraform.syntax.tree import Literal, Node, Object, Tuple
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.trail import Place
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Value
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TOKEN = pattern(
    r"[ \t\r\n\ufeff]*"
    r'(?:"((?:[^"\\\x00-\x1f]|\\.)*)"|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)\b|([{}\[\]:,]))'
)
_ESCAPE = pattern(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
_WORDS: dict[str, tuple[str, Any]] = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}

# How many labels each type of block has, in a file and inside of another block; its properties are the first label's
# values.
_AT_TOP = {
    **dict.fromkeys(("resource", "data", "ephemeral"), 2),
    **dict.fromkeys(("variable", "output", "module", "provider", "check"), 1),
    **dict.fromkeys(("terraform", "locals", "moved", "import", "removed"), 0),
}
_INSIDE = {
    **dict.fromkeys(("dynamic", "backend", "provisioner", "provider_meta"), 1),
    **dict.fromkeys(("lifecycle", "connection", "timeouts", "validation", "required_providers", "cloud"), 0),
    **dict.fromkeys(("content", "precondition", "postcondition", "encryption", "default_tags"), 0),
}


class Embedded(Text):
    """The text of a JSON string. All its places are that of the string."""

    __slots__ = ("outer",)

    def __init__(self, outer: Place, text: str) -> None:
        super().__init__(outer[0].path, text, outer[0].report, outer[0].allowance)
        self.outer = outer

    def location(self, start: int, end: int) -> Location:
        return self.outer[0].location(self.outer[1], self.outer[2])  # type: ignore[no-any-return]

    def refuse(self, message: str, offset: int, hint: str = "") -> None:
        self.outer[0].refuse(message, self.outer[1], hint)


@timed("parse")
def json_body(text: Text, *, has_blocks: bool = True) -> Body:
    """The body of a JSON file; empty and reported where it is not JSON or no object. A file of variables has no
    blocks, and its strings are no templates."""
    try:
        node = _Reader(text, templates=has_blocks).whole()
        if isinstance(node, Object):
            return _body(node, _AT_TOP if has_blocks else {})
        text.refuse("expected a JSON object", 0)
    except (ScanError, RecursionError) as error:
        text.refuse(f"this is not JSON: {error}", getattr(error, "position", 0), "terraform validate says more")
    return Body({}, [])


class _Reader:
    """Reads JSON to nodes that know their places."""

    def __init__(self, text: Text, *, templates: bool) -> None:
        self._text = text
        self._templates = templates
        self._position = 0

    def whole(self) -> Node:
        node = self._value(self._token(), 0)
        if self._text.text[self._position :].strip():
            raise ScanError("expected the end of the file", self._position)
        return node

    def _token(self) -> re.Match[str]:
        match = _TOKEN.match(self._text.text, self._position)
        if match is None:
            raise ScanError("expected a value", self._position)
        self._position = match.end()
        return match

    def _value(self, token: re.Match[str], depth: int) -> Node:
        place = (self._text, token.start(token.lastindex or 0), token.end(token.lastindex or 0))
        if depth > DEEPEST_BLOCK:
            raise ScanError("it is nested too deeply", place[1])
        if token[1] is not None:
            return _string((place[0], place[1] - 1, place[2] + 1), token[1], self._templates)
        if token[2]:
            return Literal(place, Value("number", numbers.parse(token[2])))
        if token[3]:
            return Literal(place, Value(*_WORDS[token[3]]))
        if token[4] == "[":
            return self._array(place[1], depth)
        if token[4] == "{":
            return self._object(place[1], depth)
        raise ScanError(f"unexpected {token[4]}", place[1])

    def _array(self, start: int, depth: int) -> Node:
        items: list[Node] = []
        token = self._token()
        while token[4] != "]":
            items.append(self._value(token, depth + 1))
            token = self._separated("]")
        return Tuple((self._text, start, self._position), tuple(items))

    def _object(self, start: int, depth: int) -> Node:
        items: list[tuple[Node, Node]] = []
        token = self._token()
        while token[4] != "}":
            if token[1] is None:
                raise ScanError("expected a name in quotes", token.end())
            key = Literal((self._text, token.start(1) - 1, token.end(1) + 1), Value("string", _decoded(token[1])))
            if self._token()[4] != ":":
                raise ScanError("expected :", self._position)
            items.append((key, self._value(self._token(), depth + 1)))
            token = self._separated("}")
        return Object((self._text, start, self._position), tuple(items))

    def _separated(self, close: str) -> re.Match[str]:
        """The token after a comma, or the closing bracket."""
        token = self._token()
        if token[4] == ",":
            token = self._token()
            if token[4] == close:
                raise ScanError(f"unexpected {close} after a comma", token.end())
        elif token[4] != close:
            raise ScanError(f"expected , or {close}", token.end())
        return token


def _decoded(raw: str) -> str:
    if "\\" not in raw:
        return normal(raw)
    return normal(_ESCAPE.sub(_character, raw))


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return chr(0x10000 + ((int(match[1], 16) - 0xD800) << 10) + int(match[2], 16) - 0xDC00)
    if match[3]:
        point = int(match[3], 16)
        return "\ufffd" if 0xD800 <= point < 0xE000 else chr(point)
    return _ESCAPED.get(match[4], match[0])


def _string(place: Place, raw: str, is_template: bool) -> Node:
    text = _decoded(raw)
    if not is_template or ("${" not in text and "%{" not in text):
        return Literal(place, Value("string", text))
    return template.template(Embedded(place, text), (0, len(text)), (0, len(text)))


def _body(node: Object, nested: dict[str, int]) -> Body:
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    for key, value in node.items:
        name = _name(key)
        if name == "//":
            continue
        if name in nested:
            blocks += _blocks(name, key, value, nested[name], ())
        else:
            inside = _in_file(value.place)
            place = (key.place[0], key.place[1], inside[2])
            arguments.setdefault(name, Argument(name, place, inside, value))
    return Body(arguments, blocks)


def _in_file(place: Place) -> Place:
    """The place of a value in its file."""
    return place[0].outer if isinstance(place[0], Embedded) else place


def _name(key: Node) -> str:
    assert isinstance(key, Literal)
    return str(key.value.data)


def _blocks(type: str, key: Node, value: Node, labels: int, given: tuple[str, ...]) -> Iterator[Block]:
    """The blocks of one property: an object for each label, lists of objects where there are several."""
    if isinstance(value, Tuple):
        for item in value.items:
            yield from _blocks(type, key, item, labels, given)
    elif isinstance(value, Object) and labels:
        for inner, below in value.items:
            if _name(inner) != "//":
                yield from _blocks(type, inner, below, labels - 1, (*given, _name(inner)))
    elif isinstance(value, Object):
        whole = (key.place[0], key.place[1], value.place[2])
        yield Block(type, given, key.place, whole, 0, _body(value, _INSIDE))
