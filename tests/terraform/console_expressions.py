"""The expressions that are put to `terraform console`, and to dblint: tables, products of operators and operands, and
random ones. Always the same for the same code."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

from console_calls import calls as calls_drawn

FOLDER = Path(__file__).parent / "expressions"

OPERANDS = (
    *("0", "1", "-2", "2.5", '"2"', '"a"', '""', '"true"', '"1"', "true", "false", "null", "tostring(null)"),
    *("[]", '[1, "a"]', "tolist([1, 2])", 'toset(["b", "a"])', "{}", "{ a = 1 }", 'tomap({ a = "x", b = "y" })'),
)
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||")
CONVERSIONS = ("tostring", "tonumber", "tobool", "tolist", "toset", "tomap")
MORE = (
    *('["b", "a", "b"]', "[true, 1]", '["1", 2]', "[null]", "[[1], [2, 3]]", '[["a"], []]', '[{ a = 1 }, { a = "x" }]'),
    *("{ a = 1, b = true }", '{ a = "1", b = null }', "{ a = [1], b = [] }", "tolist([])", "tomap({})", "toset([])"),
    *("toset([2, 10, 1])", '"1.50"', '"1e3"', '" 1"', '"TRUE"', '"é"', "1e21", "0.1", "tolist(null)", "[[[1]], 2]"),
)
OF_ONE = (
    *("length", "keys", "values", "flatten", "compact", "distinct", "reverse", "sort", "sum", "one", "jsonencode"),
    *("alltrue", "anytrue", "upper", "lower", "title", "trimspace", "abs", "ceil", "floor", "max", "min", "concat"),
    *(
        "merge",
        "coalesce",
        "coalescelist",
        "yamlencode",
        "setunion",
        "base64encode",
        "md5",
        "strrev",
        "chomp",
        "signum",
    ),
    *(
        "transpose",
        "urlencode",
        "basename",
        "dirname",
        "split",
        "join",
        "element",
        "jsondecode",
        "formatlist",
        "format",
    ),
)
OF_TWO = (
    *("contains", "concat", "merge", "coalesce", "lookup", "element", "setunion", "setintersection", "setsubtract"),
    *("setproduct", "zipmap", "join", "split", "index", "chunklist", "format", "formatlist", "matchkeys", "startswith"),
    *("trim", "trimprefix", "max", "coalescelist", "range", "pow"),
)


def table(name: str) -> list[str]:
    """The lines of a table of expressions."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("//")]


def operators() -> list[str]:
    return [f"{one} {sign} {two}" for sign, one, two in itertools.product(OPERATORS, OPERANDS, OPERANDS)]


def conversions() -> list[str]:
    return [f"{name}({value})" for name, value in itertools.product(CONVERSIONS, (*OPERANDS, *MORE))]


def conditionals() -> list[str]:
    values = (*OPERANDS[:13:2], *OPERANDS[13:], *MORE[:12])
    return [f"{truth} ? {one} : {two}" for truth, one, two in itertools.product(("true", "false"), values, values)]


def calls() -> list[str]:
    of_one = [f"{name}({value})" for name, value in itertools.product(OF_ONE, (*OPERANDS, *MORE))]
    values = (
        '"a"',
        "1",
        "null",
        "[]",
        '["a", "b"]',
        "tolist([1, 2])",
        'toset(["a"])',
        '{ a = "x" }',
        "tomap({ a = 1 })",
    )
    return of_one + [f"{name}({one}, {two})" for name, one, two in itertools.product(OF_TWO, values, values)]


def accesses() -> list[str]:
    keys = ("0", '"a"', "1.5", "-1", '"0"', "null", "true", '"z"')
    indexed = [f"({value})[{key}]" for value, key in itertools.product((*OPERANDS, *MORE), keys)]
    return indexed + [
        f"({value}){step}" for value in (*OPERANDS, *MORE) for step in (".a", "[*]", ".*", "[*].a", ".*.a")
    ]


class Generator:
    """Random expressions of a wanted type, most of which can be evaluated."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names: list[tuple[str, str]] = []

    def expression(self, type: str = "", depth: int = 3) -> str:
        type = type or self._random.choice(("string", "number", "bool", "list", "object"))
        usable = [name for name, of in self._names if of == type]
        if usable and self._random.random() < 0.3:
            return self._random.choice(usable)
        if depth <= 0:
            return self._leaf(type)
        if self._random.random() < 0.06:
            return self.expression(depth=depth - 1)
        made: str = getattr(self, f"_{type}")(depth - 1)
        return made

    def _leaf(self, type: str) -> str:
        choose = self._random.choice
        if type == "string":
            return choose(('"a"', '"b-c"', '""', '"10"', '"true"', '"é x"', '"1.5"'))
        if type == "number":
            return choose(("0", "1", "2", "-3", "1.5", "10", "0.1"))
        if type == "bool":
            return choose(("true", "false"))
        if type == "list":
            return choose(("[]", '["a", "b"]', "[1, 2, 3]", '["b", "a", "b"]', '[1, "x", true]', "[null, 1]"))
        return choose(("{}", "{ a = 1 }", '{ a = "x", b = "y" }', "{ a = null, b = [1] }", "{ a = { b = 1 } }"))

    def _string(self, depth: int) -> str:
        kind = self._random.randrange(12)
        one, two = self.expression("string", depth), self.expression("string", depth)
        if kind == 0:
            name = self._random.choice(("upper", "lower", "title", "trimspace", "strrev", "base64encode", "sha1"))
            return f"{name}({one})"
        if kind == 1:
            return f'"x-${{{one}}}${{{self.expression(depth=depth)}}}"'
        if kind == 2:
            return f'join("{self._random.choice((",", "", "-"))}", {self.expression("list", depth)})'
        if kind == 3:
            return f'replace({one}, "{self._random.choice(("a", "", "/[a-z]/", "-"))}", {two})'
        if kind == 4:
            offset, length = self._random.randrange(-2, 4), self._random.randrange(-1, 4)
            return f"substr({one}, {offset}, {length})"
        if kind == 5:
            return f'format("%s/%v", {one}, {self.expression(depth=depth)})'
        if kind == 6:
            return f"{self._random.choice(('trimprefix', 'trimsuffix', 'trim'))}({one}, {two})"
        if kind == 7:
            return f"jsonencode({self.expression(depth=depth)})"
        if kind == 8:
            return f"coalesce({one}, {two}, {self.expression('number', depth)})"
        if kind == 9:
            return f"tostring({self.expression('number', depth)})"
        if kind == 10:
            return f'lookup({self.expression("object", depth)}, "a", {two})'
        return self._choice("string", depth)

    def _number(self, depth: int) -> str:
        kind = self._random.randrange(8)
        one, two = self.expression("number", depth), self.expression("number", depth)
        if kind <= 2:
            return f"({one} {self._random.choice('+-*/%')} {two})"
        if kind == 3:
            return f"{self._random.choice(('abs', 'ceil', 'floor', 'signum'))}({one})"
        if kind == 4:
            return f"{self._random.choice(('max', 'min'))}({one}, {two})"
        if kind == 5:
            return f"length({self.expression(self._random.choice(('string', 'list', 'object')), depth)})"
        if kind == 6:
            return f"try(tonumber({self.expression('string', depth)}), {one})"
        return self._choice("number", depth)

    def _bool(self, depth: int) -> str:
        kind = self._random.randrange(8)
        one, two = self.expression("number", depth), self.expression("number", depth)
        if kind == 0:
            return f"({one} {self._random.choice(('<', '<=', '>', '>='))} {two})"
        if kind == 1:
            return (
                f"({self.expression(depth=depth)} {self._random.choice(('==', '!='))} {self.expression(depth=depth)})"
            )
        if kind == 2:
            truths = self.expression("bool", depth), self.expression("bool", depth)
            return f"({truths[0]} {self._random.choice(('&&', '||'))} {truths[1]})"
        if kind == 3:
            return f"!{self.expression('bool', 0)}"
        if kind == 4:
            return f"contains({self.expression('list', depth)}, {self.expression(depth=depth)})"
        if kind == 5:
            return f"can({self.expression(depth=depth)})"
        if kind == 6:
            name = self._random.choice(("startswith", "endswith", "strcontains"))
            return f'{name}({self.expression("string", depth)}, "a")'
        return self._choice("bool", depth)

    def _list(self, depth: int) -> str:
        kind = self._random.randrange(12)
        one, two = self.expression("list", depth), self.expression("list", depth)
        if kind == 0:
            items = ", ".join(self.expression(depth=depth) for _ in range(self._random.randrange(4)))
            return f"[{items}]"
        if kind == 1:
            name = self._random.choice(("reverse", "distinct", "flatten", "compact", "sort", "tolist", "toset"))
            return f"{name}({one})"
        if kind == 2:
            return f"concat({one}, {two})"
        if kind == 3:
            return f"{self._random.choice(('keys', 'values'))}({self.expression('object', depth)})"
        if kind == 4:
            return f'split(",", {self.expression("string", depth)})'
        if kind in (5, 6):
            return self._loop("list", depth)
        if kind == 7:
            return f"{self._random.choice(('setunion', 'setintersection', 'setsubtract'))}({one}, {two})"
        if kind == 8:
            return f"slice({one}, {self._random.randrange(2)}, {self._random.randrange(3)})"
        if kind == 9:
            return f"{self.expression('object', depth)}[*]"
        if kind == 10:
            return f"[{self.expression('object', depth)}, {self.expression('object', depth)}][*].a"
        return self._choice("list", depth)

    def _object(self, depth: int) -> str:
        kind = self._random.randrange(7)
        if kind == 0:
            names = self._random.sample("abcd", self._random.randrange(4))
            return "{ " + ", ".join(f"{name} = {self.expression(depth=depth)}" for name in names) + " }"
        if kind in (1, 2):
            return f"merge({self.expression('object', depth)}, {self.expression('object', depth)})"
        if kind == 3:
            return f"tomap({self.expression('object', depth)})"
        if kind == 4:
            return self._loop("object", depth)
        if kind == 5:
            return f'zipmap(["a", "b"], [{self.expression(depth=depth)}, {self.expression(depth=depth)}])'
        return self._choice("object", depth)

    def _choice(self, type: str, depth: int) -> str:
        truth, one = self.expression("bool", depth), self.expression(type, depth)
        if self._random.random() < 0.3:
            return f"try({self._random.choice((one, f'{one}.a', f'{one}[0]'))}, {self.expression(type, depth)})"
        return f"({truth} ? {one} : {self.expression(type, depth)})"

    def _loop(self, type: str, depth: int) -> str:
        name = f"x{len(self._names)}"
        collection = self.expression(self._random.choice(("list", "list", "object")), depth)
        self._names.append((name, self._random.choice(("string", "number"))))
        value = self.expression(depth=depth)
        condition = f" if {self.expression('bool', depth - 1)}" if self._random.random() < 0.3 else ""
        self._names.pop()
        if type == "list":
            return f"[for {name} in {collection} : {value}{condition}]"
        return f"{{ for i, {name} in {collection} : i => {value}{condition} }}"


def randoms(seed: int, count: int) -> Iterator[str]:
    generator = Generator(seed)
    return (generator.expression() for _ in range(count))


def suites() -> dict[str, list[str]]:
    """All expressions without unknowns, by the file that their answers stand in."""
    return {
        "functions": table("functions"),
        "language": table("language"),
        "operators": operators(),
        "conversions": conversions(),
        "conditionals": conditionals(),
        "calls": calls(),
        "accesses": accesses(),
        "random": list(randoms(20_240_501, 4_000)),
        "drawn": calls_drawn(20_261_121, 8_000),
    }


DECLARATIONS = """
variable "u" { type = string }
variable "n" { type = number }
variable "b" { type = bool }
variable "l" { type = list(string) }
variable "s" { type = set(string) }
variable "m" { type = map(string) }
variable "o" { type = object({ a = string, n = number }) }
variable "a" { type = any }
"""


def unknowns() -> list[str]:
    """Expressions over the variables of DECLARATIONS, which have no value."""
    return table("unknown")
