"""Conditionals: the arm that is chosen, as a value of the type of both."""

from __future__ import annotations

from dblint.model import Choice
from dblint.sources.terraform.evaluation.expressions import condition, evaluate
from dblint.sources.terraform.evaluation.failures import attempt_typed
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import hoist, lift, lift_with_errors
from dblint.sources.terraform.values.types import NoCommonType, Type
from dblint.sources.terraform.values.unification import unify
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    UNKNOWN,
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
        return _steered(truth, attempt_typed(node.then, scope), attempt_typed(node.otherwise, scope))
    if truth.kind == "error":
        raise EvaluationError(truth.data)
    chosen, other = (node.then, node.otherwise) if truth.data else (node.otherwise, node.then)
    value = evaluate(chosen, scope)
    if _keeps_type(value, other):
        return value
    return lift_with_errors(_like, _whole(value), _whole(attempt_typed(other, scope)))


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
        is_open = common in (_arm_type(then), _arm_type(otherwise))
        then, otherwise = _attempted(then, common, is_open), _attempted(otherwise, common, is_open)
    return lift(lambda chosen: _doubted(then if chosen.data else otherwise, chosen), truth)


def _attempted(value: Evaluated, type: Type, is_open: bool) -> Evaluated:
    if _is_error(value):
        return value
    try:
        return lift(lambda plain: _converted(plain, type, is_open), value)
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
    common = None if _is_error(chosen) else _common_type(chosen, other)
    return chosen if common is None else _converted(chosen, common, _arm_type(other) == common)


def _converted(chosen: Value, common: Type, is_open: bool) -> Evaluated:
    """The arm as a value of the type of both. Where that is an arm's own (`is_open`), an empty list or map of no type,
    the parts of the other are not joined: they must be of one type."""
    if is_open and common.kind in ("list", "map") and common.inner.kind == "any" and chosen.kind in ("tuple", "object"):
        items = list(chosen.data) if chosen.kind == "tuple" else list(chosen.data.values())
        kinds = [kind for kind in map(type_of, items) if kind.kind != "any"]
        if not all(kind.inner is None or kind == kinds[0] for kind in kinds) and not chosen.flags & UNKNOWN:
            raise EvaluationError("the parts of a result of the condition have different types")
    return convert(chosen, common)


def _common_type(one: Evaluated, two: Evaluated) -> Type | None:
    """The type of both arms; None where they are of one, or nothing is known of one. Raises EvaluationError and
    SteeredType."""
    type_one, type_two = _arm_type(one), _arm_type(two)
    if type_one is None or type_two is None or type_one == type_two:
        return None
    for value, type in ((one, type_two), (two, type_one)):
        if isinstance(value, Value) and value.kind == "null" and value.type.kind == "any":
            return type
    try:
        common = unify((type_one, type_two))
    except NoCommonType:
        raise EvaluationError(_MISMATCH) from None
    return common


def _arm_type(value: Evaluated) -> Type | None:
    """The type of an arm; None for one that fails and has none."""
    if isinstance(value, Value) and value.kind == "error":
        return None if value.type.kind == "any" else value.type
    return type_of(value)


def _is_error(value: Evaluated) -> bool:
    return isinstance(value, Value) and value.kind == "error"
