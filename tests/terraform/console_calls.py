"""Random calls of every function, with arguments drawn by its signature and, where only some texts mean something, from
a list of its own; and random expressions of every form of the language around them."""

from __future__ import annotations

import random

from dblint.sources.terraform.functions.filesystem import FUNCTIONS as OF_FILES
from dblint.sources.terraform.functions.registry import NEVER_KNOWN
from dblint.sources.terraform.functions.signatures import SIGNATURES, Parameter, signature_of
from dblint.sources.terraform.values.types import Type

# What Terraform 1.11 does not have, what asks for files, and what the console can not print.
_LEFT_OUT = {
    *NEVER_KNOWN,
    *OF_FILES,
    *("cidrcontains", "base64gunzip", "urldecode", "list", "map"),
    *("sensitive", "nonsensitive", "issensitive", "ephemeralasnull"),
}
NAMES = (*sorted(SIGNATURES.keys() - _LEFT_OUT), "basename", "dirname", "try", "can")

_LEAVES = {
    "string": ('"a"', '"b"', '"b-c"', '""', '"10"', '"true"', '"é x"', '" x "', '"A,b"', '"a\\nb"', '"1.5"', '"0"'),
    "number": ("0", "1", "2", "3", "-1", "-3", "1.5", "10", "0.1", "255", "1e3"),
    "bool": ("true", "false"),
    "list": (
        *("[]", '["a", "b"]', "[1, 2, 3]", '["b", "a", "b"]', '[1, "x", true]', "[null, 1]", 'tolist(["a"])'),
        *(
            'toset(["b", "a"])',
            "[[1], [2, 3]]",
            '[["a"], []]',
            '[{ a = 1 }, { a = "x" }]',
            "tolist([])",
            "[true, false]",
        ),
    ),
    "object": (
        *("{}", "{ a = 1 }", '{ a = "x", b = "y" }', "{ a = null, b = [1] }", "{ a = { b = 1 } }", "tomap({})"),
        *('tomap({ a = "x" })', "{ b = true, a = false }", '{ "b c" = 1, a = 2 }', '{ a = ["x"], b = ["x", "y"] }'),
    ),
    "null": ("null", "tostring(null)", "tonumber(null)", "tolist(null)"),
}
_FAMILY = {"list": "list", "set": "list", "tuple": "list", "map": "object", "object": "object"}

_NETWORKS = ('"10.0.0.0/8"', '"10.1.2.0/24"', '"fd00:fd12::/32"', '"192.168.1.7/30"', '"0.0.0.0/0"', '"10.0.0.0"')
_TIMES = ('"2024-01-31T23:59:59Z"', '"2023-02-28T01:02:03+05:30"', '"2020-02-29T00:00:00-08:00"', '"2024-13-01"')
_FORMATS = (
    *('"%s"', '"%d"', '"%5.2f"', '"%-5s|"', '"%05d"', '"%q"', '"%v"', '"%#v"', '"%t"', '"%x"', '"%X"', '"%b"', '"%o"'),
    *('"%e"', '"%g"', '"%%"', '"%s-%s"', '"%[2]s%[1]s"', '"%+d"', '"a%%b"', '"%z"', '"%6.3v"', '"%3s%%"'),
)
_PATTERNS = (
    *(
        '"[a-z]+"',
        '"(\\\\d+)-(\\\\d+)"',
        '"(?P<x>a)(?P<y>b)?"',
        '"^a"',
        '"b$"',
        '"."',
        '"(a|b)c?"',
        '"[^a]"',
        '"\\\\s"',
    ),
    *(
        '"(?i)A"',
        '"x{2,3}"',
        '"a+?"',
        '"[[:alpha:]]+"',
        '"\\\\pL+"',
        '"(?m)^b"',
        '"("',
        '"\\\\bb\\\\b"',
        '"(?s)a.b"',
        '""',
    ),
)
_TEXTS = ('"abc"', '"a-b-c"', '"12-34"', '"aab cab"', '"Hello World"', '"a\\nb"', '"été"', '""', '"  x\\t"', '"xxxx"')
_ENCODED = ('"YWJj"', '"w6k="', '"YW Jj"', '"/w=="', '""', '"YWJjZA"')
_DATES = (
    *('"YYYY-MM-DD"', '"hh:mm:ss"', '"EEE, DD MMM YY"', '"EEEE M D H h AA aa"', '"ZZZZZ"', '"ZZZZ Z"', "\"'at' mm\""),
    *('"DD MMMM YYYY hh:mm ZZZ"', "\"'it''s' s\"", '"Q"', '""'),
)
_JSON = (
    '"{\\"a\\": [1, 2.50, null]}"',
    '"[]"',
    '"\\"x\\""',
    '"1e2"',
    '"{"',
    '"tru"',
    '" true "',
    '"{\\"a\\":1,\\"a\\":2}"',
)
_YAML = (
    '"a: [1, yes, ~]"',
    '"- 1\\n- x: 1.50\\n"',
    '"a: &b {c: d}\\ne: *b\\n"',
    '"|\\n  x\\n  y\\n"',
    '"2001-12-14"',
    '"a: b: c"',
    '"0x1F"',
    "\"'0'\"",
    '"a:\\n- 010\\n- 1_000\\n- .5\\n"',
    '"!!str 1"',
)
_CSV = ('"a,b\\n1,2\\n3,4\\n"', '"a,b\\n1\\n"', '"a\\n\\"x, y\\"\\n"', '"a,a\\n1,2\\n"', '""', '"a\\r\\n1\\r\\n"')
_DURATIONS = ('"1h"', '"-90m"', '"1h2m3s"', '"1.5h"', '"10"', '"1d"', '"500ms"')
_CHARSETS = ('"UTF-8"', '"UTF-16LE"', '"ISO-8859-1"', '"windows-1252"', '"nope"')

# Function -> what its arguments are drawn from; the last for all further ones.
_OWN: dict[str, tuple[tuple[str, ...], ...]] = {
    "cidrhost": (_NETWORKS, _LEAVES["number"]),
    "cidrnetmask": (_NETWORKS,),
    "cidrsubnet": (_NETWORKS, ("0", "1", "4", "8", "33"), ("0", "1", "7", "300", "-1")),
    "cidrsubnets": (_NETWORKS, ("0", "1", "2", "4", "8", "30")),
    "formatdate": (_DATES, _TIMES),
    "timeadd": (_TIMES, _DURATIONS),
    "timecmp": (_TIMES, _TIMES),
    "format": (_FORMATS,),
    "formatlist": (_FORMATS,),
    "regex": (_PATTERNS, _TEXTS),
    "regexall": (_PATTERNS, _TEXTS),
    "replace": (
        _TEXTS,
        ('"a"', '"/[a-c]+/"', '"/(.)b/"', '""', '"/"', '"/(?P<n>a)/"', '"x"'),
        ('"-"', '"$1"', '"$${n}"', '"$$1"', '"$n-"', '""'),
    ),
    "jsondecode": (_JSON,),
    "yamldecode": (_YAML,),
    "csvdecode": (_CSV,),
    "base64decode": (_ENCODED,),
    "textdecodebase64": (_ENCODED, _CHARSETS),
    "textencodebase64": (_TEXTS, _CHARSETS),
    "uuidv5": (('"dns"', '"url"', '"oid"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"x"'), _TEXTS),
    "parseint": (('"12"', '"ff"', '"-Z"', '"0b1"', '""'), ("2", "10", "16", "36", "62", "64")),
    "templatestring": ((), _LEAVES["object"]),
    "indent": (("0", "2", "-1"), _TEXTS),
    "substr": (_TEXTS, ("0", "1", "-2", "9"), ("0", "1", "3", "-1", "9")),
    "split": (('","', '"-"', '""', '"a"'), _TEXTS),
    "strrev": (_TEXTS,),
    "title": (_TEXTS,),
    "trim": (_TEXTS, ('"a"', '" "', '"ac"', '""')),
    "dirname": (('"/a/b.c"', '"a"', '""', '"/"', '"a/"', '"a//b"', '"../x"'),),
    "basename": (('"/a/b.c"', '"a"', '""', '"/"', '"a/"', '"a//b"', '"../x"'),),
    "pow": (_LEAVES["number"], ("0", "1", "2", "0.5", "-1")),
    "log": (("1", "2", "8", "100", "0"), ("2", "10", "0.5", "1")),
    "chunklist": (_LEAVES["list"], ("0", "1", "2", "-1", "1.5")),
    "range": (("0", "1", "3", "-2", "2.5"), ("0", "4", "-3"), ("1", "2", "-1", "0.5", "0")),
}


class Calls:
    """Random expressions; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names: list[str] = []

    def expression(self, depth: int = 2) -> str:
        """A call, or one of the forms around some."""
        if self._random.random() < 0.6:
            return self.call(depth)
        return self._form(depth)

    def call(self, depth: int) -> str:
        name = self._random.choice(NAMES)
        if name in ("try", "can"):
            count = 1 if name == "can" else self._random.randrange(1, 4)
            return f"{name}({', '.join(self.of('any', depth - 1) for _ in range(count))})"
        signature = signature_of(name)
        assert signature is not None
        count = len(signature.parameters) + (self._random.randrange(4) if signature.variadic else 0)
        parameters = [signature.parameter(i) for i in range(count)]
        arguments = [self._argument(name, i, p, depth) for i, p in enumerate(parameters) if p is not None]
        if arguments and signature.variadic and self._random.random() < 0.1:
            return f"{name}([{', '.join(arguments)}]...)"
        return f"{name}({', '.join(arguments)})"

    def _argument(self, name: str, position: int, parameter: Parameter, depth: int) -> str:
        own = _OWN.get(name, ())
        listed = own[min(position, len(own) - 1)] if own and (position < len(own) or len(own) > 1) else ()
        if listed and self._random.random() < 0.9:
            return self._random.choice(listed)
        if self._random.random() < 0.04:
            return self._random.choice(_LEAVES["null"])
        wanted = _kind(parameter.type) if self._random.random() < 0.93 else "any"
        return self.of(wanted, depth - 1)

    def of(self, kind: str, depth: int) -> str:
        """An expression that most likely is of the kind."""
        if kind == "any":
            kind = self._random.choice(("string", "string", "number", "bool", "list", "list", "object", "object"))
        if self._names and self._random.random() < 0.25:
            return self._random.choice(self._names)
        if depth > 0 and self._random.random() < 0.35:
            return self.expression(depth)
        return self._random.choice(_LEAVES[kind])

    def _form(self, depth: int) -> str:
        made: str = self._random.choice(
            (self._operators, self._conditional, self._loop, self._group, self._template, self._access, self._splat)
        )(depth - 1)
        return made

    def _operators(self, depth: int) -> str:
        """A chain without parentheses: its order is the language's."""
        signs = self._random.choices(("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"), k=3)
        kind = "bool" if signs[0] in ("&&", "||") else "number"
        terms = [self._random.choice(("", "", "-", "!")) + self._atom(kind, depth) for _ in signs]
        return " ".join(part for pair in zip(terms, signs) for part in pair) + " " + self._atom(kind, depth)

    def _atom(self, kind: str, depth: int) -> str:
        text = self.of(kind, depth)
        return f"({text})" if " " in text and not text.endswith(('"', "]", "}")) else text

    def _conditional(self, depth: int) -> str:
        kind = self._random.choice(("string", "number", "list", "object"))
        other = kind if self._random.random() < 0.8 else "any"
        return f"{self.of('bool', 0)} ? {self.of(kind, depth)} : {self.of(other, depth)}"

    def _loop(self, depth: int) -> str:
        collection = self.of(self._random.choice(("list", "list", "object")), depth)
        key, value = f"k{len(self._names)}", f"v{len(self._names)}"
        self._names += [key, value]
        body, test = self.of("any", depth), self.of("bool", 0)
        del self._names[-2:]
        condition = f" if {test}" if self._random.random() < 0.3 else ""
        return f"[for {key}, {value} in {collection} : {body}{condition}]"

    def _group(self, depth: int) -> str:
        collection = self.of("list", depth)
        name = f"x{len(self._names)}"
        self._names.append(name)
        key, value = (
            self._random.choice((name, f'"{{{name}}}"', f'try("k${{{name}}}", "z")', "1")),
            self.of("any", depth),
        )
        self._names.pop()
        return f"{{ for {name} in {collection} : {key} => {value}{self._random.choice(('', '...'))} }}"

    def _template(self, depth: int) -> str:
        inner = self.of("any", depth)
        form = self._random.randrange(6)
        if form == 0:
            return f'"${{{inner}}}"'
        if form == 1:
            return f'"a ${{~ {inner} ~}} b$${{c}}"'
        if form == 2:
            return f'"%{{ if {self.of("bool", 0)} ~}} x ${{{inner}}}%{{ else }} y%{{~ endif }} z"'
        if form == 3:
            return f'"%{{ for x in {self.of("list", depth)} }}<${{x}}>%{{ endfor }}"'
        if form == 4:
            return f'"-${{{inner}}}-${{{self.of("string", depth)}}}"'
        return f'"%{{ for k, v in {self.of("object", depth)} ~}} ${{k}} %{{ endfor ~}} end"'

    def _access(self, depth: int) -> str:
        base, key = self.of(self._random.choice(("list", "object")), depth), self.of("string", 0)
        step = self._random.choice((".a", ".b.c", "[0]", "[1][0]", '["a"]', f"[{key}]", ".0", '[0]["a"]'))
        return f"({base}){step}"

    def _splat(self, depth: int) -> str:
        base = self.of(self._random.choice(("list", "object", "any")), depth)
        step = self._random.choice(("[*]", "[*].a", ".*.a", "[*][0]", ".*.a[0]", "[*].a.b", "[*].a[*]"))
        return f"({base}){step}"


def _kind(type: Type) -> str:
    return _FAMILY.get(type.kind, type.kind)


def calls(seed: int, count: int) -> list[str]:
    generator = Calls(seed)
    return [generator.expression() for _ in range(count)]
