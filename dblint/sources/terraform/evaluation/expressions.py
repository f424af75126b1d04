"""Evaluates expressions: every form of the language on the values of one scope."""

from __future__ import annotations

from collections.abc import Callable

from dblint.model import Choice
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import attribute, index
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import decided, lift
from dblint.sources.terraform.values.operators import binary, unary
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    Evaluated,
    EvaluationError,
    Value,
    altered,
    error,
    object_of,
    tuple_of,
    unknown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
    from dblint.sources.terraform.evaluation.conditionals import conditional

    return conditional(node, scope)


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
