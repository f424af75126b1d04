"""A second parser of Terraform's expressions, written by hand and by nobody's code: a second opinion on what
python-hcl2 and our adapter make of a text.

`parse` and `described` give the same nested tuples for the same meaning.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from dblint.sources.terraform.syntax import tree as production
from dblint.sources.terraform.values import number as numbers

BLANK = re.compile(r"(?:[ \t\r\ufeff]|\#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
NAME = re.compile(r"[^\W\d][\w-]*")
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
OPERATORS = (("||",), ("&&",), ("==", "!="), (">=", "<=", ">", "<"), ("+", "-"), ("*", "/", "%"))
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Refused(Exception):
    """Not an expression."""


class Parser:
    def __init__(self, text: str, position: int, end: int) -> None:
        self.text = text
        self.at = position
        self.end = end
        self.lines_count = [False]  # whether a newline ends things here

    def skip(self) -> None:
        while self.at < self.end:
            match = BLANK.match(self.text, self.at, self.end)
            if match:
                self.at = match.end()
            elif self.text[self.at] == "\n" and not self.lines_count[-1]:
                self.at += 1
            else:
                return

    def sees(self, sign: str) -> bool:
        self.skip()
        return self.text.startswith(sign, self.at, self.end)

    def takes(self, sign: str) -> bool:
        if not self.sees(sign):
            return False
        self.at += len(sign)
        return True

    def must(self, sign: str) -> None:
        if not self.takes(sign):
            raise Refused(f"expected {sign} at {self.at}")

    def word(self) -> str | None:
        self.skip()
        match = NAME.match(self.text, self.at, self.end)
        if match is None:
            return None
        self.at = match.end()
        return unicodedata.normalize("NFC", match[0])

    def sees_word(self, wanted: str) -> bool:
        self.skip()
        match = NAME.match(self.text, self.at, self.end)
        return match is not None and match[0] == wanted

    def whole(self) -> Any:
        made = self.expression()
        self.skip()
        if self.at < self.end:
            raise Refused(f"more at {self.at}")
        return made

    def expression(self) -> Any:
        condition = self.binary(0)
        if not self.takes("?"):
            return condition
        then = self.expression()
        self.must(":")
        return "if", condition, then, self.expression()

    def binary(self, level: int) -> Any:
        if level == len(OPERATORS):
            return self.unary()
        left = self.binary(level + 1)
        while (operator := self.operator(level)) is not None:
            left = "binary", operator, left, self.binary(level + 1)
        return left

    def operator(self, level: int) -> str | None:
        self.skip()
        for operator in OPERATORS[level]:
            if self.text.startswith(operator, self.at, self.end):
                self.at += len(operator)
                return operator
        return None

    def unary(self) -> Any:
        for sign in ("!", "-"):
            if self.sees(sign) and not self.sees("!="):
                self.at += 1
                operand = self.unary()
                if sign == "-" and operand[0] == "number":
                    return "number", -operand[1]
                return "unary", sign, operand
        return self.steps(self.term())

    def steps(self, base: Any) -> Any:
        while True:
            if self.text.startswith(("[*]", "[ *"), self.at):
                self.at += 3
                return self.steps_after_splat(base, full=True)
            if self.text.startswith(".*", self.at):
                self.at += 2
                base = self.steps_after_splat(base, full=False)
                continue
            step = self.step(base, brackets=True)
            if step is None:
                return base
            base = step

    def step(self, base: Any, brackets: bool) -> Any | None:
        """One step after a term, which follows it at once."""
        self.skip_before_dot()
        if self.text.startswith(".", self.at, self.end) and not self.text.startswith((".*", "..."), self.at):
            self.at += 1
            self.skip()
            number = re.compile(r"\d+").match(self.text, self.at, self.end)
            if number:
                self.at = number.end()
                return "index", base, ("number", int(number[0]))
            return "attribute", base, self.word()
        if brackets and self.text.startswith("[", self.at, self.end) and not self.text.startswith("[*]", self.at):
            self.at += 1
            key = self.inside("]", self.expression)
            return "index", base, key
        return None

    def skip_before_dot(self) -> None:
        """Blanks and, in brackets, newlines may stand before a step."""
        before = self.at
        self.skip()
        if not self.text.startswith((".", "["), self.at, self.end):
            self.at = before

    def steps_after_splat(self, base: Any, full: bool) -> Any:
        each: Any = ("item",)
        while True:
            if full and self.text.startswith("[*]", self.at):
                self.at += 3
                each = self.steps_after_splat(each, full=True)
                return "splat", base, each
            step = self.step(each, brackets=full)
            if step is None:
                return "splat", base, each
            each = step

    def inside(self, closing: str, parse: Any) -> Any:
        """Something in brackets, where newlines do not count."""
        self.lines_count.append(False)
        made = parse()
        self.must(closing)
        self.lines_count.pop()
        return made

    def term(self) -> Any:
        self.skip()
        if self.at >= self.end:
            raise Refused("it ends too early")
        sign = self.text[self.at]
        if sign == "(":
            self.at += 1
            return self.inside(")", self.expression)
        if sign == "[":
            return self.tuple()
        if sign == "{":
            return self.object()
        if sign == '"':
            return self.quoted()
        if sign == "<":
            return self.heredoc()
        match = NUMBER.match(self.text, self.at, self.end)
        if match:
            self.at = match.end()
            return "number", numbers.parse(match[0])
        return self.named()

    def named(self) -> Any:
        name = self.word()
        if name is None:
            raise Refused(f"nothing at {self.at}")
        while self.text.startswith("::", self.at):
            self.at += 2
            name += f"::{self.word()}"
        if name in ("true", "false", "null"):
            return "literal", name
        if self.text[self.at : self.end].lstrip(" \t")[:1] == "(":
            self.must("(")
            return self.inside_call(name)
        return "name", name

    def inside_call(self, name: str) -> Any:
        self.lines_count.append(False)
        arguments, expands = [], False
        while not self.takes(")"):
            arguments.append(self.expression())
            expands = self.takes("...")
            if not self.takes(",") and not self.sees(")"):
                raise Refused(f"expected , at {self.at}")
        self.lines_count.pop()
        return "call", name, tuple(arguments), expands

    def tuple(self) -> Any:
        self.must("[")
        self.lines_count.append(False)
        if self.sees_word("for"):
            return self.loop("]")
        items = []
        while not self.takes("]"):
            items.append(self.expression())
            if not self.takes(",") and not self.sees("]"):
                raise Refused(f"expected , at {self.at}")
        self.lines_count.pop()
        return "tuple", tuple(items)

    def object(self) -> Any:
        self.must("{")
        self.lines_count.append(False)
        if self.sees_word("for"):
            return self.loop("}")
        self.lines_count[-1] = True
        items = []
        while True:
            self.newlines()
            if self.takes("}"):
                self.lines_count.pop()
                return "object", tuple(items)
            key = self.key()
            if not self.takes("=") and not self.takes(":"):
                raise Refused(f"expected = at {self.at}")
            items.append((key, self.expression()))
            self.skip()
            if not self.takes(",") and not self.sees("\n") and not self.sees("}"):
                raise Refused(f"expected a comma or a newline at {self.at}")

    def newlines(self) -> None:
        while self.takes("\n"):
            pass

    def key(self) -> Any:
        self.skip()
        if self.text[self.at] == "(":
            return self.expression()
        start = self.at
        made = self.expression()
        if made[0] == "name":
            return "text", made[1]
        if made[0] == "literal":
            return "text", self.text[start : self.at].strip()
        return made

    def loop(self, closing: str) -> Any:
        self.word()
        first = self.word()
        second = self.word() if self.takes(",") else None
        if self.word() != "in":
            raise Refused("expected in")
        collection = self.expression()
        self.must(":")
        value = self.expression()
        key = None
        if self.takes("=>"):
            key, value = value, self.expression()
        groups = self.takes("...")
        condition = None
        if self.sees_word("if"):
            self.word()
            condition = self.expression()
        self.must(closing)
        self.lines_count.pop()
        names = (None, first) if second is None else (first, second)
        return "for", names, collection, key, value, condition, groups

    def quoted(self) -> Any:
        self.at += 1
        parts = Template(self, '"').parts()
        self.at += 1
        return text_of(parts)

    def heredoc(self) -> Any:
        match = re.compile(r"<<(-?)([^\W\d][\w.-]*)[ \t]*\r?\n").match(self.text, self.at)
        if match is None:
            raise Refused(f"no heredoc at {self.at}")
        start = match.end()
        lines = re.compile(r"[^\n]*(?:\n|\Z)")
        at = start
        while at <= len(self.text):
            line = lines.match(self.text, at)
            assert line is not None
            if line[0].strip() == match[2]:
                inner = Parser(self.text, start, at)
                self.at = at + len(line[0].rstrip("\r\n"))
                return text_of(Template(inner, None, dedent=bool(match[1])).parts())
            at = line.end()
        raise Refused("the heredoc does not end")


class Template:
    """The parts of a template up to a quote, or to the end of the parser's text."""

    def __init__(self, parser: Parser, closing: str | None, dedent: bool = False) -> None:
        self.parser = parser
        self.closing = closing
        self.dedent = dedent

    def parts(self) -> list[Any]:
        flat = self.flat()
        if self.dedent:
            flat = dedented(flat)
        for i, (kind, value) in enumerate(flat):
            if kind == "sequence" and value[1]:
                flat[i - 1] = "literal", flat[i - 1][1].rstrip()
            if kind == "sequence" and value[2]:
                flat[i + 1] = "literal", flat[i + 1][1].lstrip()
        made, rest = nested(flat, ())
        assert not rest
        return made

    def flat(self) -> list[tuple[str, Any]]:
        """Literal text and sequences in turn: a literal stands on each side of a sequence."""
        found: list[tuple[str, Any]] = []
        literal = ""
        parser = self.parser
        while parser.at < parser.end:
            rest = parser.text[parser.at :]
            if self.closing and rest[0] == self.closing:
                break
            if rest.startswith(("$${", "%%{")):
                literal += rest[1:3]
                parser.at += 3
            elif rest.startswith(("${", "%{")):
                found.append(("literal", literal))
                literal = ""
                found.append(("sequence", self.sequence(rest[0])))
            elif self.closing and rest[0] == "\\":
                literal += self.escape()
            else:
                literal += rest[0]
                parser.at += 1
        found.append(("literal", literal))
        if self.closing is None:
            found = [(kind, value.replace("\r\n", "\n") if kind == "literal" else value) for kind, value in found]
        return found

    def escape(self) -> str:
        parser = self.parser
        sign = parser.text[parser.at + 1]
        if sign in "uU":
            length = 4 if sign == "u" else 8
            digits = parser.text[parser.at + 2 : parser.at + 2 + length]
            parser.at += 2 + length
            return chr(int(digits, 16))
        parser.at += 2
        if sign not in ESCAPES:
            raise Refused(f"no escape {sign}")
        return ESCAPES[sign]

    def sequence(self, sign: str) -> tuple[Any, bool, bool]:
        parser = self.parser
        parser.at += 2
        before = parser.text.startswith("~", parser.at)
        parser.at += before
        parser.lines_count.append(False)
        made = ("value", parser.expression()) if sign == "$" else self.directive()
        parser.skip()
        after = parser.takes("~")
        parser.must("}")
        parser.lines_count.pop()
        return made, before, after

    def directive(self) -> Any:
        parser = self.parser
        word = parser.word()
        if word == "if":
            return "if", parser.expression()
        if word == "for":
            first = parser.word()
            second = parser.word() if parser.takes(",") else None
            parser.word()
            names = (None, first) if second is None else (first, second)
            return "for", names, parser.expression()
        return (word,)


def nested(flat: list[tuple[str, Any]], closers: tuple[str, ...]) -> tuple[list[Any], list[tuple[str, Any]]]:
    made: list[Any] = []
    while flat:
        (kind, value), flat = flat[0], flat[1:]
        if kind == "literal":
            if value:
                made.append(("literal", unicodedata.normalize("NFC", value)))
            continue
        what = value[0]
        if what[0] in closers:
            return made, [(kind, value), *flat]
        if what[0] == "value":
            made.append(what[1])
        elif what[0] == "if":
            then, flat = nested(flat, ("else", "endif"))
            otherwise: list[Any] = []
            if flat[0][1][0][0] == "else":
                otherwise, flat = nested(flat[1:], ("endif",))
            flat = flat[1:]
            made.append(("%if", what[1], tuple(then), tuple(otherwise)))
        elif what[0] == "for":
            body, flat = nested(flat, ("endfor",))
            flat = flat[1:]
            made.append(("%for", what[1], what[2], tuple(body)))
        else:
            raise Refused(f"%{{ {what[0]} }} closes nothing")
    if closers:
        raise Refused(f"expected {closers}")
    return made, []


def dedented(flat: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Without the indentation that all lines of a heredoc have that hold something."""
    joined = "".join(value if kind == "literal" else "\0" for kind, value in flat)
    lines = joined.split("\n")
    counted = [line for i, line in enumerate(lines) if line.strip(" \t\r") or (i < len(lines) - 1 and "\0" in line)]
    least = min((len(line) - len(line.lstrip(" \t")) for line in counted), default=0)
    cut = "\n".join(line[min(least, len(line) - len(line.lstrip(" \t"))) :] for line in lines)
    texts = cut.split("\0")
    sequences = [item for item in flat if item[0] == "sequence"]
    made: list[tuple[str, Any]] = [("literal", texts[0])]
    for sequence, text in zip(sequences, texts[1:]):
        made += [sequence, ("literal", text)]
    return made


def text_of(parts: list[Any]) -> Any:
    if not parts:
        return "text", ""
    if len(parts) == 1 and parts[0][0] == "literal":
        return "text", parts[0][1]
    return "template", tuple(parts)


def parse(text: str, start: int = 0, end: int | None = None) -> Any:
    """The expression as nested tuples. Raises Refused."""
    return Parser(text, start, len(text) if end is None else end).whole()


def described(node: Any) -> Any:
    """What the production parser made, in the same tuples."""
    if isinstance(node, str):
        return "literal", node
    name = type(node).__name__
    describe = _DESCRIBE[name]
    return describe(node)


def _literal(node: production.Literal) -> Any:
    value = node.value
    if value.kind == "string":
        return "text", value.data
    if value.kind == "number":
        return "number", value.data
    return "literal", {True: "true", False: "false", None: "null"}[value.data]


def _reference(node: production.Reference) -> Any:
    made: Any = ("name", node.name)
    for step in node.steps:
        made = ("attribute", made, step) if isinstance(step, str) else ("index", made, described(step))
    return made


def _for(node: production.For) -> Any:
    key = None if node.key_expression is None else described(node.key_expression)
    condition = None if node.condition is None else described(node.condition)
    names = (node.key, node.variable)
    return "for", names, described(node.collection), key, described(node.value), condition, node.groups


def _parts(parts: Any) -> Any:
    return tuple(map(described, parts))


_DESCRIBE: dict[str, Any] = {
    "Literal": _literal,
    "Template": lambda n: ("template", _parts(n.parts)),
    "IfDirective": lambda n: ("%if", described(n.condition), _parts(n.then), _parts(n.otherwise)),
    "ForDirective": lambda n: ("%for", (n.key, n.variable), described(n.collection), _parts(n.body)),
    "Reference": _reference,
    "Parenthesised": _reference,
    "Attribute": lambda n: ("attribute", described(n.base), n.name),
    "Index": lambda n: ("index", described(n.base), described(n.key)),
    "Splat": lambda n: ("splat", described(n.base), described(n.each)),
    "Closed": lambda n: ("splat", described(n.base), described(n.each)),
    "Item": lambda n: ("item",),
    "Call": lambda n: ("call", n.name, _parts(n.arguments), n.expands),
    "Unary": lambda n: ("unary", n.operator, described(n.operand)),
    "Binary": lambda n: ("binary", n.operator, described(n.left), described(n.right)),
    "Conditional": lambda n: ("if", described(n.condition), described(n.then), described(n.otherwise)),
    "Tuple": lambda n: ("tuple", _parts(n.items)),
    "Object": lambda n: ("object", tuple((described(key), described(value)) for key, value in n.items)),
    "For": _for,
    "Opaque": lambda n: ("opaque",),
}
