"""Patterns of RE2, rewritten for Python.

Everything is written atom by atom with the flags that hold there, so that Python's own idea of flags, classes and
anchors does not count.
"""

from __future__ import annotations

import re

from dblint.patterns import pattern

_DEEPEST = 100
_MOST_REPEATED = 1000
_CLASSES = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r"\t\n\f\r ",
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_COMPLEMENTS = {
    "d": r"\x00-/:-\U0010ffff",
    "w": r"\x00-/:-@\[-\^`{-\U0010ffff",
    "s": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff",
}
_CONTROL = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_QUANTIFIER = pattern(r"\*|\+|\?|\{(\d+)(,(\d*))?\}")
_GROUP = pattern(r"\(\?(?:P?<([A-Za-z_]\w*)>|([imsU]*)(?:-([imsU]+))?([:)]))", re.ASCII)


class PatternError(Exception):
    """No pattern of RE2, or one that is not supported here."""


class Parsed:
    """`python` is the pattern for Python; `names` its named groups. `unbounded`: how many repetitions have no end;
    `nested`: one stands around another, or around alternatives. `anchored`: it matches only at the beginning."""

    __slots__ = ("anchored", "names", "nested", "python", "unbounded")

    def __init__(self) -> None:
        self.python = ""
        self.names: list[str] = []
        self.unbounded = 0
        self.nested = False
        self.anchored = False

    @property
    def named(self) -> bool:
        return bool(self.names)


def parse(pattern: str) -> Parsed:
    """Raises PatternError."""
    parser = _Parser(pattern)
    made, _ = parser.alternatives("", 0)
    if parser.position < len(pattern):
        raise PatternError("a closing parenthesis without an opening one")
    parser.parsed.python = made
    parser.parsed.anchored = made.startswith(r"\A") and "|" not in made
    return parser.parsed


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.parsed = Parsed()
        self.position = 0
        self._pattern = pattern
        self._flags = ""

    def alternatives(self, flags: str, depth: int) -> tuple[str, bool]:
        """Up to the closing parenthesis or the end; whether what stands in it may match a text in several ways."""
        if depth > _DEEPEST:
            raise PatternError("it is nested too deeply")
        self._flags = flags
        made: list[str] = []
        unbounded = False
        while self.position < len(self._pattern) and self._pattern[self.position] != ")":
            if self._pattern[self.position] == "|":
                made.append("|")
                unbounded = unbounded or depth > 0
                self.position += 1
                continue
            atom, inner = self._atom(depth)
            repeated, endless = self._repeated(atom, inner)
            made.append(repeated)
            unbounded = unbounded or inner or endless
        return "".join(made), unbounded

    def _repeated(self, atom: str, inner: bool) -> tuple[str, bool]:
        match = _QUANTIFIER.match(self._pattern, self.position)
        if match is None:
            return atom, False
        if not atom:
            raise PatternError("a repetition of nothing")
        self.position = match.end()
        endless = self._count(match, inner)
        lazy = self._pattern[self.position : self.position + 1] == "?"
        self.position += lazy
        if _QUANTIFIER.match(self._pattern, self.position):
            raise PatternError("a repetition of a repetition")
        return atom + match[0] + ("?" if lazy is not ("U" in self._flags) else ""), endless

    def _count(self, match: re.Match[str], inner: bool) -> bool:
        """Whether the repetition has no end to speak of."""
        sign = match[0]
        if sign[0] == "{":
            least, most = int(match[1]), int(match[3]) if match[3] else int(match[1])
            if max(least, most) > _MOST_REPEATED or most < least:
                raise PatternError("a repetition of too many")
            endless = (match[2] is not None and not match[3]) or (inner and most > 1) or most > 16
        else:
            endless = sign in "*+"
        if endless:
            self.parsed.unbounded += 1
            self.parsed.nested = self.parsed.nested or inner
        return endless

    def _atom(self, depth: int) -> tuple[str, bool]:
        sign = self._pattern[self.position]
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return self._cased(self._class()), False
        if sign == "\\":
            return self._escape(), False
        self.position += 1
        if sign == ".":
            return (r"[\x00-\U0010ffff]" if "s" in self._flags else r"[^\n]"), False
        if sign == "^":
            return ("(?m:^)" if "m" in self._flags else r"\A"), False
        if sign == "$":
            return ("(?m:$)" if "m" in self._flags else r"\Z"), False
        if sign in "*+?":
            raise PatternError("a repetition of nothing")
        return self._cased(re.escape(sign)), False

    def _cased(self, atom: str) -> str:
        return f"(?i:{atom})" if "i" in self._flags else atom

    def _group(self, depth: int) -> tuple[str, bool]:
        flags, opening = self._flags, "("
        match = _GROUP.match(self._pattern, self.position)
        if match is not None:
            self.position = match.end()
            if match[4] is not None:
                changed = "".join(sorted((set(flags) | set(match[2])) - set(match[3] or "")))
                if match[4] == ")":
                    self._flags = changed
                    return "", False
                opening, inside = "(?:", changed
            else:
                if match[1] in self.parsed.names:
                    raise PatternError("two groups of one name")
                self.parsed.names.append(match[1])
                opening, inside = f"(?P<{match[1]}>", flags
        elif self._pattern.startswith("(?", self.position):
            raise PatternError("a group that RE2 does not know")
        else:
            self.position += 1
            inside = flags
        made, unbounded = self.alternatives(inside, depth + 1)
        if self.position >= len(self._pattern):
            raise PatternError("a group is not closed")
        self.position += 1
        self._flags = flags
        return f"{opening}{made})", unbounded

    def _escape(self) -> str:
        sign = self._pattern[self.position + 1 : self.position + 2]
        if sign in ("d", "w", "s"):
            return self._taken(2, f"[{_CLASSES[sign]}]")
        if sign in ("D", "W", "S"):
            return self._taken(2, f"[^{_CLASSES[sign.lower()]}]")
        if sign in ("b", "B"):
            return self._taken(2, f"(?a:\\{sign})")
        if sign in ("A", "z"):
            return self._taken(2, r"\A" if sign == "A" else r"\Z")
        if sign == "Q":
            end = self._pattern.find(r"\E", self.position)
            text = self._pattern[self.position + 2 : end if end >= 0 else None]
            return self._taken(len(text) + 2 + (2 if end >= 0 else 0), self._cased(f"(?:{re.escape(text)})"))
        if sign in ("p", "P"):
            return f"[{self._unicode_class()}]"
        return self._cased(re.escape(self._character()))

    def _taken(self, length: int, made: str) -> str:
        self.position += length
        return made

    def _character(self) -> str:
        """The character that an escape stands for."""
        rest = self._pattern[self.position + 1 :]
        if not rest:
            raise PatternError("it ends in a backslash")
        if rest[0] in _CONTROL:
            return self._taken(2, _CONTROL[rest[0]])
        match = re.match(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|(0[0-7]{0,2}|[1-7][0-7]{1,2})", rest)
        if match:
            code = int(match[1] or match[2], 16) if match[3] is None else int(match[3], 8)
            if code > 0x10FFFF:
                raise PatternError("no such character")
            return self._taken(match.end() + 1, chr(code))
        if rest[0].isalnum() or not rest[0].isascii():
            raise PatternError(f"no escape \\{rest[0]}")
        return self._taken(2, rest[0])

    def _unicode_class(self) -> str:
        """The few classes of Unicode that Python can write."""
        match = re.compile(r"\\([pP])(?:\{(\^?)(\w+)\}|(\w))").match(self._pattern, self.position)
        if match is None:
            raise PatternError("no class of Unicode")
        name = match[3] or match[4]
        written = {"N": r"\d", "Nd": r"\d", "L": r"^\W\d_"}.get(name)
        if written is None or match[1] == "P" or match[2]:
            raise PatternError(f"the class {name} is not supported")
        self.position = match.end()
        return written

    def _class(self) -> str:
        """A class in brackets."""
        pattern, self.position = self._pattern, self.position + 1
        negated = pattern.startswith("^", self.position)
        self.position += negated
        made: list[str] = []
        first = True
        while first or not pattern.startswith("]", self.position):
            if self.position >= len(pattern):
                raise PatternError("a class is not closed")
            made.append(self._range())
            first = False
        self.position += 1
        return f"[{'^' if negated else ''}{''.join(made)}]"

    def _range(self) -> str:
        named = re.compile(r"\[:(\^?)(\w+):\]").match(self._pattern, self.position)
        if named:
            if named[2] not in _CLASSES or named[1]:
                raise PatternError(f"no class {named[2]}")
            return self._taken(len(named[0]), _CLASSES[named[2]])
        start = self._member()
        if len(start) != 1:
            return start
        dash = self._pattern[self.position : self.position + 2]
        if len(dash) == 2 and dash[0] == "-" and dash[1] != "]":
            self.position += 1
            end = self._member()
            if len(end) != 1 or end < start:
                raise PatternError("a range that goes the wrong way")
            return f"{_in_class(start)}-{_in_class(end)}"
        return _in_class(start)

    def _member(self) -> str:
        """One character, or the written form of several."""
        sign = self._pattern[self.position]
        if sign != "\\":
            return self._taken(1, sign)
        escaped = self._pattern[self.position + 1 : self.position + 2]
        if escaped in ("d", "w", "s"):
            return self._taken(2, _CLASSES[escaped])
        if escaped in ("D", "W", "S"):
            return self._taken(2, _COMPLEMENTS[escaped.lower()])
        if escaped in ("p", "P"):
            written = self._unicode_class()
            if written.startswith("^"):
                raise PatternError("the class is not supported in brackets")
            return written
        return self._character()


def _in_class(sign: str) -> str:
    return f"\\{sign}" if sign in "\\]^-[&~|" else sign
