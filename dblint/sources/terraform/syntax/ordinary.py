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
from dblint.sources.terraform.syntax.tree import Binary, Call, Conditional, For, Literal, Node, Object, Reference, Tuple
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.trail import Place
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WORD = r"[^\W\d][\w-]*"
_STEP = r"(?:\.[^\W\d][\w-]*|\[\d{1,9}\]|\[\"[^\"\\$%\n]*\"\])"
_TERM = pattern(rf'(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))|({_WORD})({_STEP}*)|(["\[{{<(!-])')
_STEPS = pattern(r"\.([^\W\d][\w-]*)|\[(\d+)\]|\[\"([^\"]*)\"\]")
_NAMED_STEP = pattern(rf"\.(?:({_WORD})|(\d{{1,9}})(?!\w|\.\d))")
_INDEX = pattern(r"\[(?!\*)")
_SPLAT = pattern(r"\[\*\]|\.\*")
_SPACE = pattern(r"(?:[ \t\r]|(?:\#|//)[^\n]*)*")
_LINES = pattern(r"(?:[ \t\r\n]|(?:\#|//)[^\n]*)*")
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


class Unsure(Exception):
    """This is for the grammar."""


def read(text: Any, start: int, end: int) -> Node:
    """The tree of text[start:end]. Raises Unsure, and ScanError where a text in it can not be read."""
    reader = _Reader(text, start, end)
    node = reader.expression(lines=True)
    if reader.blank(lines=True) != end:
        raise Unsure
    return node


class _Reader:
    """`lines`: newlines are blanks, as everywhere in brackets but between the items of an object."""

    __slots__ = ("_depth", "_end", "_source", "_text", "position")

    def __init__(self, text: Any, start: int, end: int) -> None:
        self._text = text
        self._source: str = text.text
        self._end = end
        self._depth = 0
        self.position = start

    def blank(self, lines: bool) -> int:
        """Goes on to what is no blank and no comment."""
        match = (_LINES if lines else _SPACE).match(self._source, self.position, self._end)
        self.position = match.end()  # type: ignore[union-attr]
        return self.position

    def expression(self, lines: bool) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unsure
        node = self._operation(1, lines)
        if self._takes("?", lines):
            then = self.expression(lines)
            self._expect(":", lines)
            otherwise = self.expression(lines)
            node = Conditional(over(node, otherwise), node, then, otherwise)
        self._depth -= 1
        return node

    def _operation(self, least: int, lines: bool) -> Node:
        """Operators that bind at least so tightly, from the left."""
        self.blank(lines)
        left = self._operand(lines)
        for _ in range(LONGEST_CHAIN):
            operator = _OPERATOR.match(self._source, self.blank(lines), self._end)
            if operator is None or _LEVELS[operator[0]] < least:
                return left
            self.position = operator.end()
            right = self._operation(_LEVELS[operator[0]] + 1, lines)
            left = Binary(over(left, right), operator[0], left, right)
        raise Unsure

    def _operand(self, lines: bool) -> Node:
        match = self._match(_TERM)
        start = match.start()
        if match[1]:
            return Literal((self._text, *match.span()), Value("number", numbers.parse(match[1])))
        if match[2]:
            return self._followed(self._named(match))
        if match[4] in "!-":
            return self._signed(match[4], start, lines)
        if match[4] == "<":
            return self._heredoc(start)
        return self._followed(self._opened(match[4], start))

    def _signed(self, sign: str, start: int, lines: bool) -> Node:
        if self._source.startswith(("!", "-"), self.blank(lines)):
            raise Unsure
        operand = self._operand(lines)
        return negated(sign, operand, (self._text, start, operand.place[2]))

    def _heredoc(self, start: int) -> Node:
        read = template.heredoc(self._text, start, self._end)
        if read is None:
            raise Unsure
        self.position = read[1]
        return read[0]

    def _opened(self, sign: str, start: int) -> Node:
        if sign == '"':
            node, self.position = template.quoted(self._text, start, self._end)
            return node
        if sign == "(":
            inner = self.expression(lines=True)
            self._expect(")")
            return parenthesised(inner, self._place(start))
        self.blank(lines=True)
        close = "]" if sign == "[" else "}"
        if _FOR.match(self._source, self.position, self._end):
            return self._for(start, close)
        return self._tuple(start) if sign == "[" else self._object(start)

    def _named(self, match: re.Match[str]) -> Node:
        word, steps = match[2], match[3]
        if word in _RESERVED or (steps and word in _WORDS) or not match[0].isascii():
            raise Unsure
        if not steps and self._source.startswith("(", self.position):
            return self._call(word, match.start())
        place = (self._text, *match.span())
        if word in _WORDS:
            return Literal(place, Value(*_WORDS[word]))
        return Reference(place, word, _plain_steps(place, steps))

    def _followed(self, node: Node) -> Node:
        """The node with the steps and splats behind it."""
        while True:
            splat = _SPLAT.match(self._source, self.position, self._end)
            if splat:
                self.position = splat.end()
                sign = (self._text, *splat.span())
                node = splatted(node, sign, list(iter(self._step, None)), full=splat[0] == "[*]")
            elif step := self._step():
                node = stepped(node, step)
            else:
                return node

    def _step(self) -> Step | None:
        named = _NAMED_STEP.match(self._source, self.position, self._end)
        if named:
            if not named[0].isascii():
                raise Unsure
            self.position = named.end()
            if named[1]:
                return named[1], named.end(), True
            key = Literal((self._text, *named.span(2)), Value("number", numbers.parse(named[2])))
            return key, named.end(), True
        if _INDEX.match(self._source, self.position, self._end):
            self.position += 1
            inner = self.expression(lines=True)
            self._expect("]")
            return inner, self.position, False
        return None

    def _call(self, word: str, start: int) -> Node:
        if word in _WORDS:
            raise Unsure
        self.position += 1
        arguments = self._items(")")
        expands = bool(arguments) and self._takes("...")
        self._expect(")")
        return Call(self._place(start), word, arguments, expands)

    def _tuple(self, start: int) -> Node:
        items = self._items("]")
        self._expect("]")
        return Tuple(self._place(start), items)

    def _items(self, close: str) -> tuple[Node, ...]:
        """What stands between commas up to a bracket."""
        found: list[Node] = []
        while not self._source.startswith(close, self.blank(lines=True)):
            found.append(self.expression(lines=True))
            if not self._takes(","):
                break
        return tuple(found)

    def _object(self, start: int) -> Node:
        items: list[tuple[Node, Node]] = []
        while not self._takes("}"):
            key = self._key()
            self._match(_ASSIGNS)
            items.append((key, self.expression(lines=False)))
            sign = self._source[self.blank(lines=False) : self._end][:1]
            if sign in (",", "\n"):
                self.position += 1
            elif sign != "}":
                raise Unsure
        return Object(self._place(start), tuple(items))

    def _key(self) -> Node:
        """A bare word is a text; what stands in parentheses is an expression."""
        match = self._match(_KEY)
        if match[4]:
            return self._opened(match[4], match.start())
        place = (self._text, *match.span())
        if match[3]:
            return Literal(place, Value("number", numbers.parse(match[3])))
        if match[1] and not match[1].isascii():
            raise Unsure
        return Literal(place, Value("string", match[1] or normal(match[2])))

    def _for(self, start: int, close: str) -> Node:
        self._match(_FOR)
        self.blank(lines=True)
        names = self._match(_NAMES)
        if not names[0].isascii():
            raise Unsure
        pair = (names[1], names[2]) if names[2] else (None, names[1])
        collection = self.expression(lines=True)
        self._expect(":")
        key, value = None, self.expression(lines=True)
        if close == "}":
            self._expect("=>")
            key, value = value, self.expression(lines=True)
        groups = close == "}" and self._takes("...")
        condition = None
        self.blank(lines=True)
        if _IF.match(self._source, self.position, self._end):
            self._match(_IF)
            condition = self.expression(lines=True)
        self._expect(close)
        return For(self._place(start), pair, collection, key, value, condition, groups)

    def _place(self, start: int) -> Place:
        return self._text, start, self.position

    def _match(self, wanted: re.Pattern[str]) -> re.Match[str]:
        match = wanted.match(self._source, self.position, self._end)
        if match is None:
            raise Unsure
        self.position = match.end()
        return match

    def _takes(self, sign: str, lines: bool = True) -> bool:
        if not self._source.startswith(sign, self.blank(lines), self._end):
            return False
        self.position += len(sign)
        return True

    def _expect(self, sign: str, lines: bool = True) -> None:
        if not self._takes(sign, lines):
            raise Unsure


def _plain_steps(place: Place, steps: str) -> tuple[str | Node, ...]:
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
