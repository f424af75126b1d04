"""Which rules a selector means: a name, a pattern of names, a group, or ALL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from dblint.nearest import nearest
from dblint.rule_definition import CATEGORIES, SEVERITIES, Rule

_GROUPS = ("category", "service", "severity")
GROUP, PATTERN, NAME = range(3)
# Rules of other tools, which are known only once they have found something: "cfn-lint-E3012", "cfn-lint-W*".
_FOREIGN = r"cfn-lint-[EWI*?\[][0-9*?\[\]!-]*"


class UnknownSelector(Exception):
    """A selector that means no rule; the message names it and the nearest that do."""


def rank(selector: str) -> int:
    """How closely a selector says what it means: GROUP < PATTERN < NAME."""
    if selector == "ALL" or ":" in selector:
        return GROUP
    return PATTERN if any(sign in selector for sign in "*?[") else NAME


def chosen(selector: str, rules: Sequence[Rule]) -> frozenset[str]:
    """The names of the rules that a selector means; itself where it means rules of another tool, of which nothing is
    known. Raises UnknownSelector where it means none."""
    if selector == "ALL":
        return frozenset(rule.id for rule in rules)
    group, sign, value = selector.partition(":")
    found = _of_group(group, value, rules) if sign else _named(selector, rules)
    if not found and is_foreign(selector):
        return frozenset((selector,))
    if not found and not (sign and value in _values(group, rules)):
        raise UnknownSelector(_unknown(selector, rules))
    return found


def is_foreign(selector: str) -> bool:
    """Whether a selector means rules of another tool."""
    return selector == "service:cfn-lint" or (
        selector.startswith("cfn-lint-") and re.fullmatch(_FOREIGN, selector) is not None
    )


def _named(selector: str, rules: Sequence[Rule]) -> frozenset[str]:
    return frozenset(rule.id for rule in rules if fnmatchcase(rule.id, selector))


def _of_group(group: str, value: str, rules: Sequence[Rule]) -> frozenset[str]:
    return frozenset(rule.id for rule in rules if _word(rule, group) == value)


def _word(rule: Rule, group: str) -> str:
    """What a group calls a rule by; "" where there is no such group."""
    return {"category": rule.category, "service": rule.service, "severity": rule.severity}.get(group, "")


def _values(group: str, rules: Iterable[Rule]) -> Iterable[str]:
    known = {"category": CATEGORIES, "severity": SEVERITIES}
    return known[group] if group in known else sorted({_word(rule, group) for rule in rules} - {""})


def _unknown(selector: str, rules: Sequence[Rule]) -> str:
    group, sign, value = selector.partition(":")
    if not sign:
        return f"unknown rule {selector}{nearest(selector, (rule.id for rule in rules))}"
    if group not in _GROUPS:
        return f"unknown selector {selector}: expected a name, a pattern, {', '.join(f'{g}:…' for g in _GROUPS)} or ALL"
    close = nearest(value, _values(group, rules))
    return f"unknown {group} in {selector}{close or ': expected ' + ', '.join(_values(group, rules))}"
