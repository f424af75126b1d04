"""Evaluates expressions: every form of the language on the values of one scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dblint.model import Choice
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import attribute, index
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import decided, hoist, lift, lift_with_errors
from dblint.sources.terraform.values.operators import binary, unary
from dblint.sources.terraform.values.types import NoCommonType, Type
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    Evaluated,
    EvaluationError,
    SteeredType,
    Value,
    altered,
    error,
    object_of,
    tuple_of,
    type_of,
    unknown,
)

_MISMATCH = "the two results of the condition have different types"


def evaluate(node: Node, scope: Scope) -> Evaluated:
    """The value of an expression. Raises EvaluationError and LimitReached."""
    if type(node) is tree.Literal:
        return node.value
    run = scope.module.run
    run.enter()
    try:
        value = _EVALUATE[type(node)](node, scope)
    finally:
        run.depth -= 1
    return _placed(value, node)


def attempt(node: Node, scope: Scope) -> Evaluated:
    """The value of an expression, or an error as a value."""
    try:
        return evaluate(node, scope)
    except EvaluationError as failure:
        return error(str(failure))


def _placed(value: Evaluated, node: Node) -> Evaluated:
    """A value that was decided here knows so."""
    if isinstance(value, Choice):
        for _, inner in value.parts:
            _placed(inner, node)
    elif value.trail is None:
        value.trail = node.place
    return value


def condition(node: Node, scope: Scope, what: str = "condition") -> Evaluated:
    """An expression as a truth: known in every alternative."""

    def truth(value: Value) -> Evaluated:
        if value.kind == "null":
            raise EvaluationError(f"the {what} is null")
        if value.kind == "number":
            raise EvaluationError(f"the {what} must be true or false")
        made = _doubtful(value) if value.kind == "unknown" else convert(value, types.BOOL)
        return lift(lambda plain: decided(plain, lambda: scope.anonymous(node.place)), made)

    return lift(truth, evaluate(node, scope))


def _doubtful(value: Value) -> Value:
    """An unknown condition, which fails where it turns out to be no truth."""
    return value if value.type == types.BOOL else altered(value, flags=value.flags | FALLIBLE)


def _conditional(node: tree.Conditional, scope: Scope) -> Evaluated:
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


def _tuple(node: tree.Tuple, scope: Scope) -> Evaluated:
    return tuple_of(_element(item, scope) for item in node.items)


def _element(node: Node, scope: Scope) -> Evaluated:
    return evaluate(node, scope)


def _object(node: tree.Object, scope: Scope) -> Evaluated:
    keys = [_key(key, scope) for key, _ in node.items]
    values = [evaluate(value, scope) for _, value in node.items]

    def build(*names: Value) -> Evaluated:
        if any(name.kind == "unknown" for name in names):
            return unknown("its keys are only known at deploy time", is_set=True)
        return object_of({name.data: value for name, value in zip(names, values)})

    return lift(build, *keys)


def _key(node: Node, scope: Scope) -> Evaluated:
    return lift(_as_key, evaluate(node, scope))


def _as_key(value: Value) -> Evaluated:
    if value.kind == "null":
        raise EvaluationError("a key must not be null")
    return convert(value, types.STRING)


def _binary(node: tree.Binary, scope: Scope) -> Evaluated:
    return binary(node.operator, evaluate(node.left, scope), evaluate(node.right, scope))


def _unary(node: tree.Unary, scope: Scope) -> Evaluated:
    return unary(node.operator, evaluate(node.operand, scope))


def _attribute(node: tree.Attribute, scope: Scope) -> Evaluated:
    return attribute(evaluate(node.base, scope), node.name)


def _index(node: tree.Index, scope: Scope) -> Evaluated:
    return index(evaluate(node.base, scope), evaluate(node.key, scope))


def _splat(node: tree.Splat, scope: Scope) -> Evaluated:
    from dblint.sources.terraform.evaluation.loops import splat

    return splat(node, scope)


def _for(node: tree.For, scope: Scope) -> Evaluated:
    from dblint.sources.terraform.evaluation.loops import for_expression

    return for_expression(node, scope)


def _item(node: tree.Item, scope: Scope) -> Evaluated:
    assert scope.item is not None
    return scope.item


def _reference(node: tree.Reference, scope: Scope) -> Evaluated:
    from dblint.sources.terraform.evaluation.references import resolve

    return resolve(node, scope)


def _template(node: tree.Template, scope: Scope) -> Evaluated:
    from dblint.sources.terraform.evaluation.templates import evaluate_template

    return evaluate_template(node, scope)


def _call(node: tree.Call, scope: Scope) -> Evaluated:
    from dblint.sources.terraform.evaluation.calls import call

    return call(node, scope)


def _opaque(node: tree.Opaque, scope: Scope) -> Evaluated:
    return unknown(node.because, fallible=True)


_EVALUATE: dict[type[Node], Callable[[Any, Scope], Evaluated]] = {
    tree.Attribute: _attribute,
    tree.Binary: _binary,
    tree.Call: _call,
    tree.Closed: _splat,
    tree.Conditional: _conditional,
    tree.For: _for,
    tree.Index: _index,
    tree.Item: _item,
    tree.Object: _object,
    tree.Opaque: _opaque,
    tree.Parenthesised: _reference,
    tree.Reference: _reference,
    tree.Splat: _splat,
    tree.Template: _template,
    tree.Tuple: _tuple,
    tree.Unary: _unary,
}
