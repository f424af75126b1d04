"""Conditionals: the arm that is chosen, as a value of the type of both."""

from __future__ import annotations

from dblint.model import Choice
from dblint.sources.terraform.evaluation.expressions import attempt, condition, evaluate
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import hoist, lift, lift_with_errors
from dblint.sources.terraform.values.types import NoCommonType, Type
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    Evaluated,
    EvaluationError,
    SteeredType,
    Value,
    altered,
    error,
    type_of,
)

_MISMATCH = "the two results of the condition have different types"


def conditional(node: tree.Conditional, scope: Scope) -> Evaluated:
    """`condition ? then : otherwise`. Raises EvaluationError."""
    truth = condition(node.condition, scope)
    if isinstance(truth, Choice):
        return _steered(truth, attempt(node.then, scope), attempt(node.otherwise, scope))
    if truth.kind == "error":
        raise EvaluationError(truth.data)
    chosen, other = (node.then, node.otherwise) if truth.data else (node.otherwise, node.then)
    value = evaluate(chosen, scope)
    if _keeps_type(value, other):
        return value
    return lift_with_errors(_like, _whole(value), _whole(attempt(other, scope)))


def _keeps_type(value: Evaluated, other: Node) -> bool:
    """Whether the other arm surely leaves this one as it is."""
    if type(other) is not tree.Literal or isinstance(value, Choice):
        return False
    return other.value.kind == value.kind or (other.value.kind == "null" and value.kind not in ("null", "unknown"))


def _steered(truth: Choice, then: Evaluated, otherwise: Evaluated) -> Evaluated:
    """The arms by what the condition is."""
    try:
        common = _common_type(then, otherwise)
    except (SteeredType, EvaluationError):
        return lift_with_errors(_selected, truth, _whole(then), _whole(otherwise))
    if common is not None:
        then, otherwise = _attempted(then, common), _attempted(otherwise, common)
    return lift(lambda chosen: _doubted(then if chosen.data else otherwise, chosen), truth)


def _attempted(value: Evaluated, type: Type) -> Evaluated:
    try:
        return convert(value, type)
    except EvaluationError as failure:
        return error(str(failure))


def _doubted(value: Evaluated, chosen: Value) -> Evaluated:
    """The arm; it may fail where the condition may."""
    if not chosen.flags & FALLIBLE:
        return value
    return lift(lambda plain: altered(plain, flags=plain.flags | FALLIBLE), value)


def _whole(value: Evaluated) -> Evaluated:
    """The value as something whose type is certain."""
    try:
        type_of(value)
    except SteeredType:
        return hoist(value)
    return value


def _selected(truth: Value, then: Value, otherwise: Value) -> Evaluated:
    if truth.kind == "error":
        return truth
    chosen, other = (then, otherwise) if truth.data else (otherwise, then)
    return _doubted(_like(chosen, other), truth)


def _like(chosen: Value, other: Value) -> Evaluated:
    """The chosen arm as a value of the type of both."""
    common = _common_type(chosen, other)
    return chosen if common is None else convert(chosen, common)


def _common_type(one: Evaluated, two: Evaluated) -> Type | None:
    """The type of both arms; None where they are of one, or one of them fails. Raises EvaluationError and
    SteeredType."""
    if _is_error(one) or _is_error(two):
        return None
    type_one, type_two = type_of(one), type_of(two)
    if type_one == type_two:
        return None
    for value, type in ((one, type_two), (two, type_one)):
        if isinstance(value, Value) and value.kind == "null" and value.type.kind == "any":
            return type
    try:
        common = types.unify((type_one, type_two), loose=True)
    except NoCommonType:
        raise EvaluationError(_MISMATCH) from None
    if not (types.converts(type_one, common) and types.converts(type_two, common)):
        raise EvaluationError(_MISMATCH)
    return common


def _is_error(value: Evaluated) -> bool:
    return isinstance(value, Value) and value.kind == "error"
