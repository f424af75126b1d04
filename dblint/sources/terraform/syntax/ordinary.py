"""Expressions as they are ordinarily written: literals, names and their steps, texts, operators, calls, lists, objects
and loops.

It reads what it is sure of, as python-hcl2's grammar does; of all else (block comments, functions of providers,
names that are not ASCII, what is wrong) it says nothing, and the grammar decides.
"""

from __future__ import annotations

import re

from dblint.patterns import pattern
from dblint.sources.terraform.limits import LONGEST_CHAIN
from dblint.sources.terraform.syntax import template
from dblint.sources.terraform.syntax.building import Step, negated, over, parenthesised, splatted, stepped
from dblint.sources.terraform.syntax.cursor import Cursor, Unsure
from dblint.sources.terraform.syntax.tree import Binary, Call, Conditional, For, Literal, Node, Object, Reference, Tuple
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WORD = r"[^\W\d][\w-]*"
_TERM = pattern(rf'(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))|({_WORD})|(["\[{{<(!-])')
_NAMED_STEP = pattern(rf"\.(?:({_WORD})|(\d{{1,9}})(?!\w|\.\d))")
_INDEX = pattern(r"\[(?!\*)")
_SPLAT = pattern(r"\[\*\]|\.\*")
_KEY = pattern(rf'({_WORD})|"([^"\\$%\n]*)"|(\d+(?![\w.]))|(["(])')
_ASSIGNS = pattern(r"[ \t]*(?:=(?![=>])|:(?!:))")
_OPERATOR = pattern(r"\|\||&&|[=!]=|[<>]=|<(?!<)|[>+*%-]|/(?![/*])")
_FOR = pattern(r"for(?![\w-])")
_NAMES = pattern(rf"({_WORD})\s*(?:,\s*({_WORD})\s*)?(?<![\w-])in(?![\w-])")
_IF = pattern(r"if(?![\w-])")

_WORDS: dict[str, tuple[str, Any]] = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}
_RESERVED = frozenset(("for", "if", "in"))
_LEVELS = {
    operator: level
    for level, operators in enumerate(("||", "&&", "== !=", "< > <= >=", "+ -", "* / %"), 1)
    for operator in operators.split()
}
# Each level takes some frames of Python's stack; the grammar takes none.
_DEEPEST = 30


def read(text: Any, start: int, end: int) -> Node:
    """The tree of text[start:end]. Raises Unsure, and ScanError where a text in it can not be read."""
    reader = _Reader(text, start, end)
    node = reader.expression(lines=True)
    if reader.blank(lines=True) != end:
        raise Unsure
    return node


class _Reader(Cursor):
    __slots__ = ()

    def expression(self, lines: bool) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unsure
        node = self._operation(1, lines)
        if self.source.startswith("?", self.position, self.end):
            self.position += 1
            then = self.expression(lines)
            self.expect(":", lines)
            otherwise = self.expression(lines)
            node = Conditional(over(node, otherwise), node, then, otherwise)
        self.depth -= 1
        return node

    def _operation(self, least: int, lines: bool) -> Node:
        """Operators that bind at least so tightly, from the left."""
        self.blank(lines)
        left = self._operand(lines)
        for _ in range(LONGEST_CHAIN):
            operator = _OPERATOR.match(self.source, self.blank(lines), self.end)
            if operator is None or _LEVELS[operator[0]] < least:
                return left
            self.position = operator.end()
            right = self._operation(_LEVELS[operator[0]] + 1, lines)
            left = Binary(over(left, right), operator[0], left, right)
        raise Unsure

    def _operand(self, lines: bool) -> Node:
        match = self.match(_TERM)
        start = match.start()
        if match[1]:
            return Literal((self.text, *match.span()), Value("number", numbers.parse(match[1])))
        if match[2]:
            return self._followed(self._named(match))
        if match[3] in "!-":
            return self._signed(match[3], start, lines)
        if match[3] == "<":
            return self._heredoc(start)
        return self._followed(self._opened(match[3], start))

    def _signed(self, sign: str, start: int, lines: bool) -> Node:
        if self.source.startswith(("!", "-"), self.blank(lines)):
            raise Unsure
        operand = self._operand(lines)
        return negated(sign, operand, (self.text, start, operand.place[2]))

    def _heredoc(self, start: int) -> Node:
        read = template.heredoc(self.text, start, self.end)
        if read is None:
            raise Unsure
        self.position = read[1]
        return read[0]

    def _opened(self, sign: str, start: int) -> Node:
        if sign == '"':
            node, self.position = template.quoted(self.text, start, self.end)
            return node
        if sign == "(":
            inner = self.expression(lines=True)
            self.expect(")")
            return parenthesised(inner, self.place(start))
        loop = _FOR.match(self.source, self.blank(lines=True), self.end)
        if loop:
            self.position = loop.end()
            return self._for(start, "]" if sign == "[" else "}")
        return self._tuple(start) if sign == "[" else self._object(start)

    def _named(self, match: re.Match[str]) -> Node:
        word = match[2]
        if word in _RESERVED or not word.isascii():
            raise Unsure
        if self.source.startswith("(", self.position):
            return self._call(word, match.start())
        place = (self.text, *match.span())
        return Literal(place, Value(*_WORDS[word])) if word in _WORDS else Reference(place, word, ())

    def _followed(self, node: Node) -> Node:
        """The node with the steps and splats behind it."""
        while self.source.startswith((".", "["), self.position, self.end):
            splat = _SPLAT.match(self.source, self.position, self.end)
            if splat:
                self.position = splat.end()
                sign = (self.text, *splat.span())
                node = splatted(node, sign, list(iter(self._step, None)), full=splat[0] == "[*]")
            elif step := self._step():
                node = stepped(node, step)
            else:
                break
        return node

    def _step(self) -> Step | None:
        named = _NAMED_STEP.match(self.source, self.position, self.end)
        if named:
            if not named[0].isascii():
                raise Unsure
            self.position = named.end()
            if named[1]:
                return named[1], named.end(), True
            key = Literal((self.text, *named.span(2)), Value("number", numbers.parse(named[2])))
            return key, named.end(), True
        if _INDEX.match(self.source, self.position, self.end):
            self.position += 1
            inner = self.expression(lines=True)
            self.expect("]")
            return inner, self.position, False
        return None

    def _call(self, word: str, start: int) -> Node:
        if word in _WORDS:
            raise Unsure
        self.position += 1
        arguments = self._items(")")
        expands = bool(arguments) and self.takes("...")
        self.expect(")")
        return Call(self.place(start), word, arguments, expands)

    def _tuple(self, start: int) -> Node:
        items = self._items("]")
        self.expect("]")
        return Tuple(self.place(start), items)

    def _items(self, close: str) -> tuple[Node, ...]:
        """What stands between commas up to a bracket."""
        found: list[Node] = []
        while not self.source.startswith(close, self.blank(lines=True)):
            found.append(self.expression(lines=True))
            if not self.takes(","):
                break
        return tuple(found)

    def _object(self, start: int) -> Node:
        items: list[tuple[Node, Node]] = []
        while not self.source.startswith("}", self.blank(lines=True)):
            key = self._key()
            self.match(_ASSIGNS)
            items.append((key, self.expression(lines=False)))
            if not self.takes(",", lines=False) and not self.takes("\n", lines=False):
                break
        self.expect("}")
        return Object(self.place(start), tuple(items))

    def _key(self) -> Node:
        """A bare word is a text; what stands in parentheses is an expression."""
        match = self.match(_KEY)
        if match[4]:
            return self._opened(match[4], match.start())
        place = (self.text, *match.span())
        if match[3]:
            return Literal(place, Value("number", numbers.parse(match[3])))
        if match[1] and not match[1].isascii():
            raise Unsure
        return Literal(place, Value("string", match[1] or normal(match[2])))

    def _for(self, start: int, close: str) -> Node:
        self.blank(lines=True)
        names = self.match(_NAMES)
        if not names[0].isascii():
            raise Unsure
        pair = (names[1], names[2]) if names[2] else (None, names[1])
        collection = self.expression(lines=True)
        self.expect(":")
        key, value = None, self.expression(lines=True)
        if close == "}":
            self.expect("=>")
            key, value = value, self.expression(lines=True)
        groups = close == "}" and self.takes("...")
        condition = None
        sign = _IF.match(self.source, self.blank(lines=True), self.end)
        if sign:
            self.position = sign.end()
            condition = self.expression(lines=True)
        self.expect(close)
        return For(self.place(start), pair, collection, key, value, condition, groups)
