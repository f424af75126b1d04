"""Values that decisions steer: what holds for all alternatives at once is what holds for each of them alone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from console_calls import Calls
from console_expressions import Generator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tf_support import Console

from dblint.choice import possible as is_possible
from dblint.choice import restrict, within
from dblint.model import Among, Choice
from dblint.sources.terraform.evaluation.run import Given
from dblint.sources.terraform.functions.encoding import json_text
from dblint.sources.terraform.functions.signatures import Parameter
from dblint.sources.terraform.values.lifting import hoist
from dblint.sources.terraform.values.value import UNKNOWN, Evaluated, EvaluationError, Value

DECLARATIONS = """
variable "env" {
  validation {
    condition = contains(["dev", "prod", "a"], var.env)
  }
}
variable "b" { type = bool }
variable "c" { type = bool }
variable "u" { type = string }
variable "n" { type = number }
"""
VALUES: dict[str, tuple[str, ...]] = {
    "env": ("dev", "prod", "a"),
    "b": ("true", "false"),
    "c": ("true", "false"),
    "u": ("a", "b-c", "", "zzz", "10"),
    "n": ("2", "1", "2.5", "-3"),
}
KEYS = {"env": "0 var.env", "b": "2 var.b", "c": "2 var.c", "u": "2 var.u", "n": "2 var.n"}


class WithVariables(Generator):
    """Expressions in which the variables stand."""

    def _leaf(self, type: str) -> str:
        names = {"string": ("var.env", "var.u"), "bool": ("var.b", "var.c"), "number": ("var.n",)}.get(type, ())
        if names and self._random.random() < 0.5:
            return self._random.choice(names)
        return super()._leaf(type)


def typed(name: str, text: str) -> Any:
    if name in ("b", "c"):
        return text == "true"
    if name == "n":
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def leaves(value: Evaluated, assigned: dict[str, Any]) -> list[Value]:
    """What a value may be where the variables have these values; other variables may be anything."""
    if not isinstance(value, Choice):
        return [value]
    variable = value.variable
    if variable.key in assigned:
        wanted = Among(frozenset((assigned[variable.key],)))
        return leaves(restrict(value, variable, wanted), assigned)
    parts = [inner for among, inner in value.parts if is_possible(within(variable, among))]
    return [leaf for inner in parts for leaf in leaves(inner, assigned)]


def told(value: Value) -> str:
    """A known value as text, "!" for an error, "?" for an unknown."""
    if value.kind == "error":
        return "!"
    if value.flags & UNKNOWN:
        return "?"
    try:
        return json_text(value)
    except EvaluationError:
        return "!"


def whole(value: Evaluated) -> Evaluated:
    """With the choices that stand inside brought to the top."""
    try:
        return hoist(value)
    except EvaluationError:
        return Value("error", "all alternatives fail")


def check(expression: str) -> None:
    symbolic = whole(Console(DECLARATIONS).evaluate(expression))
    used = [name for name in VALUES if f"var.{name}" in expression]
    for values in itertools.product(*(VALUES[name] for name in used)):
        concrete = Console(DECLARATIONS)
        concrete.run.variables = {name: Given("in the test", text=text) for name, text in zip(used, values)}
        found = leaves(whole(concrete.evaluate(expression)), {})
        expected = told(found[0]) if len(found) == 1 else "!"
        assigned = {KEYS[name]: typed(name, text) for name, text in zip(used, values)}
        ours = {told(leaf) for leaf in leaves(symbolic, assigned)}
        if expected == "!":
            continue  # nothing is claimed where a plan would fail
        assert expected in ours or "?" in ours, (dict(zip(used, values)), expected, ours)


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=3))
def test_all_alternatives_at_once_are_each_of_them_alone(seed: int, depth: int) -> None:
    check(WithVariables(seed).expression(depth=depth))


class CallsWithVariables(Calls):
    """Calls of every function, and the forms around them, in which the variables stand."""

    def of(self, kind: str, depth: int) -> str:
        return self._variable(kind, 0.35) or super().of(kind, depth)

    def _argument(self, name: str, position: int, parameter: Parameter, depth: int) -> str:
        return self._variable(parameter.type.kind, 0.25) or super()._argument(name, position, parameter, depth)

    def _conditional(self, depth: int) -> str:
        """Both arms of one kind: what Terraform says of others hangs on whether one of them fails."""
        kind = self._random.choice(("string", "number", "list", "object"))
        arms = [self._random.choice(_ARMS[kind]) for _ in range(2)]
        return f"{self.of('bool', 0)} ? {arms[0]} : {arms[1]}"

    def _variable(self, kind: str, share: float) -> str:
        names = {"string": ("var.env", "var.u"), "bool": ("var.b", "var.c"), "number": ("var.n",)}.get(kind, ())
        return self._random.choice(names) if names and self._random.random() < share else ""


_ARMS = {
    "string": ("var.u", '"x-${var.env}"', "upper(var.u)", '""', "null"),
    "number": ("var.n", "length(var.u)", "var.n * 2", "tonumber(var.u)", "7"),
    "list": ("[var.u]", "[]", '["a", var.env]', 'split("-", var.u)', "[for x in [1, 2] : x if var.b]"),
    "object": ("{ a = var.u }", "{}", "{ a = 1, b = var.n }", 'tomap({ a = "x" })'),
}


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=10**9))
def test_all_alternatives_of_calls_at_once_are_each_of_them_alone(seed: int) -> None:
    expression = CallsWithVariables(seed).expression()
    if "var." in expression:
        check(expression)


@pytest.mark.parametrize(
    "expression",
    [
        '"%{ if var.b }${[1]}%{ else }x%{ endif }"',
        '"a-%{ if var.b }${var.env}%{ else }${tonumber(var.u)}%{ endif }"',
        'var.env == "prod" ? 1 : 2',
        "{ dev = 1, prod = 2, a = 3 }[var.env]",
        "lookup({ dev = 1 }, var.env, 5)",
        'contains(["dev", "a"], var.env) && var.b',
        '[for x in ["dev", "prod"] : x if x != var.env]',
        'trimprefix(var.u, "b-") == "c"',
        'trimsuffix(var.u, "z") == "zz"',
        'trimsuffix("abc", var.u) == "ab"',
        'trimsuffix(var.u, var.u) == ""',
        '"x-${var.u}" == "x-a" ? "yes" : "no"',
        'coalesce(var.u, "default")',
        "var.b && !var.b",
        "var.b || var.c ? var.env : var.u",
        "merge({ a = 1 }, var.b ? { a = 2 } : {}, { c = var.env })",
        'var.n > 1 ? "big" : "small"',
        'try({ dev = "x" }[var.env], var.u)',
        "length(var.b ? [1, 2] : [])",
        "jsonencode({ e = var.env, b = var.b })",
        'toset([var.env, "dev"])',
        "var.u == null",
        'tostring(var.b) == "true"',
        "can(tonumber(var.u))",
        "try(tonumber(var.u), 7) + 1",
        "one(var.b ? [var.env] : [])",
        'format("%s-%d", var.env, var.b ? 1 : 2)',
        'flatten([var.b ? ["a"] : [], ["b"]])',
        'concat(var.b ? ["a"] : [], [var.env])',
        "lower(upper(var.env))",
        '"${var.b}"',
        "alltrue([var.b, var.c])",
    ],
)
def test_particular_expressions(expression: str) -> None:
    check(expression)
