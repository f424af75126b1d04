"""The versions that settings ask for: of dblint itself, and of the set of default rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dblint import RULESET, __version__
from dblint.model import Problem
from dblint.patterns import pattern
from dblint.settings.written import Written
from dblint.versions import is_later

_TERM = pattern(r"\s*(>=|<=|==|!=|~=|<|>)\s*(\d+(?:\.\d+)*)(\.\*)?\s*")

Version = tuple[int, ...]


def number_of(text: str) -> Version:
    """The numbers that a version begins with: (1, 2) of "1.2rc1". Versions compare without zeros at their end."""
    found = re.match(r"\d+(?:\.\d+)*", text)
    numbers = [int(part) for part in found.group().split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def wrong(layers: Iterable[Written]) -> Iterator[Problem]:
    """What of `required-version` and `ruleset` can not be met. Asked before anything else is checked: what is unknown
    here may be known to the version that the settings want."""
    for written in layers:
        required = written.table.get("required-version")
        if isinstance(required, str) and (message := _required(required)):
            yield Problem(written.path, message, written.line(("required-version",)))
        ruleset = written.table.get("ruleset")
        if isinstance(ruleset, str) and (message := _ruleset(ruleset)):
            yield Problem(written.path, message, written.line(("ruleset",)))


def _required(text: str) -> str:
    terms = [_TERM.fullmatch(term) for term in text.split(",")]
    if not all(terms):
        return f"required-version: expected versions as >=1.2,<2, found {text}"
    if all(_holds(term[1], term[2], bool(term[3])) for term in terms if term):
        return ""
    return f"these settings want dblint {text}, and this is dblint {__version__}"


def _holds(sign: str, text: str, prefix: bool) -> bool:
    here, wanted = number_of(__version__), number_of(text)
    if prefix or sign == "~=":
        parts = [int(part) for part in text.split(".")]
        head = tuple(parts if prefix else parts[:-1])
        within = (here + (0,) * len(head))[: len(head)] == head
        return within if sign == "==" else not within if sign == "!=" else within and here >= wanted
    return {
        ">=": here >= wanted,
        "<=": here <= wanted,
        "==": here == wanted,
        "!=": here != wanted,
        "<": here < wanted,
        ">": here > wanted,
    }[sign]


def _ruleset(text: str) -> str:
    if not re.fullmatch(r"\d{4}\.\d+", text):
        return f"ruleset: expected a set as {RULESET}, found {text}"
    if is_later(text, RULESET):
        return f"ruleset: this dblint knows the sets up to {RULESET}, and {text} is later: upgrade dblint"
    return ""
