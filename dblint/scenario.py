"""Scenarios by name: what the deployments are called and what the cases of a verdict add to it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

from dblint.judge import Condition
from dblint.model import Among, Scalar, Variable

# The scenario of a root that has no other.
DEFAULT = "default"
MOST_NAMES = 24
_WITH = " with "


def scenario_names(deployment: str, when: Mapping[Variable, Among]) -> list[str]:
    """The names of all scenarios that a case stands for: its deployment's name, and each value of each decision.

    "prod" where the decision names the environment, "UseReplica=true" where not; "prod with UseReplica=true" for both.
    Where these would be many, what names no environment is told in one: "prod with Size is a or b or c".
    """
    if not when:
        return [deployment]
    base = [] if deployment == DEFAULT else [deployment]
    decisions = sorted(when.items(), key=_rank)
    choices = [_values(variable, among) for variable, among in decisions]
    if math.prod(map(len, choices)) > MOST_NAMES:
        choices = [
            values if variable.names_environment else [describe(variable, among)]
            for (variable, among), values in zip(decisions, choices)
        ]
    named = bool(base) or any(variable.names_environment for variable in when)
    return [_joined([*base, *name], named) for name in itertools.product(*choices)]


def _joined(words: list[str], named: bool) -> str:
    """One name, which stands in lists with commas."""
    if named and len(words) > 1:
        return f"{words[0]}{_WITH}{' and '.join(words[1:])}"
    return " and ".join(words)


def environment_in(name: str) -> str:
    """The deployment or environment that a scenario is part of: "prod" of "prod with UseReplica=true"."""
    return name.partition(_WITH)[0]


def _rank(decision: tuple[Variable, Among]) -> tuple[bool, str]:
    return not decision[0].names_environment, decision[0].key


def _values(variable: Variable, among: Among) -> list[str]:
    if among.others:
        return [describe(variable, among)]
    texts = sorted(map(_word, among.values))
    return texts if variable.names_environment else [f"{variable.name}={text}" for text in texts]


def describe(variable: Variable, among: Among) -> str:
    """A decision in words: "multi_az is false", "Env is dev or test", "engine is not memcached"."""
    if among.values == {None}:
        return f"{variable.name} is set" if among.others else f"{variable.name} is not set"
    if any(sign in variable.name for sign in (" < ", " <= ")):
        return variable.name if True in among.values else variable.name.replace(" <= ", " > ").replace(" < ", " >= ")
    texts = " or ".join(sorted(map(_word, among.values)))
    return f"{variable.name} is {'not ' if among.others else ''}{texts}"


def _word(value: Scalar) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'


def describe_condition(condition: Condition) -> str:
    """What an undetermined verdict hangs on: "engine is memcached and multi_az is false"."""
    last = dict(condition)  # a later decision on the same variable is the narrower one
    return " and ".join(describe(variable, among) for variable, among in last.items())
