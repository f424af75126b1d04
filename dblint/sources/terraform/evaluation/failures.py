"""The type that an expression has although it fails.

Terraform joins the types of both arms of a conditional, also where the one that is not chosen can not be evaluated.
"""

from __future__ import annotations

from collections.abc import Callable

from dblint.sources.terraform.evaluation.expressions import attempt
from dblint.sources.terraform.evaluation.loops import key_of_turn, pairs, turn_scope
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.evaluation.templates import wrapped_by
from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values.types import ANY, BOOL, NUMBER, STRING, Type, list_of
from dblint.sources.terraform.values.value import Evaluated, SteeredType, Value, altered, type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ARITHMETIC = frozenset("+-*/%")
_ITERABLE = ("tuple", "list", "set", "object", "map")


def attempt_typed(node: Node, scope: Scope) -> Evaluated:
    """The value of an expression; a failure is a value of kind "error" with the type that it has all the same."""
    value = attempt(node, scope)
    if isinstance(value, Value) and value.kind == "error":
        return altered(value, type=_type_of_failed(node, scope))
    return value


def _type_of_failed(node: Node, scope: Scope) -> Type:
    """ "any" where nothing is known of it."""
    find = _TYPES.get(type(node))
    return ANY if find is None else find(node, scope)


def _type(node: Node, scope: Scope) -> Type:
    """The type of a part, which may be what fails."""
    value = attempt_typed(node, scope)
    try:
        return value.type if isinstance(value, Value) and value.kind == "error" else type_of(value)
    except SteeredType:
        return ANY


def _operation(node: tree.Binary | tree.Unary, scope: Scope) -> Type:
    return NUMBER if node.operator in _ARITHMETIC else BOOL


def _template(node: tree.Template, scope: Scope) -> Type:
    wrapped = wrapped_by(node)
    return STRING if wrapped is None else _type(wrapped, scope)


def _tuple(node: tree.Tuple, scope: Scope) -> Type:
    return Type("tuple", tuple(_type(item, scope) for item in node.items))


def _object(node: tree.Object, scope: Scope) -> Type:
    keys = [attempt(key, scope) for key, _ in node.items]
    if not all(isinstance(key, Value) and key.kind == "string" for key in keys):
        return ANY
    return Type("object", {key.data: _type(value, scope) for key, (_, value) in zip(keys, node.items)})  # type: ignore[union-attr]


def _splat(node: tree.Splat, scope: Scope) -> Type:
    base = attempt(node.base, scope)
    if isinstance(base, Value) and base.kind in ("list", "set"):
        return list_of(ANY)
    if not isinstance(base, Value) or base.kind not in ("tuple", "object", "map", "string", "number", "bool"):
        return ANY
    elements = base.data if base.kind == "tuple" else [base]
    return Type("tuple", tuple(_type(node.each, scope.with_item(item, str(i))) for i, item in enumerate(elements)))


def _for(node: tree.For, scope: Scope) -> Type:
    collection = attempt(node.collection, scope)
    if not isinstance(collection, Value) or collection.kind not in _ITERABLE or node.condition is not None:
        return ANY
    scopes = [turn_scope(node, scope, key, item, i) for i, (key, item) in enumerate(pairs(collection))]
    values = [_type(node.value, inner) for inner in scopes]
    if node.key_expression is None:
        return Type("tuple", tuple(values))
    keys = [key_of_turn(node.key_expression, inner) for inner in scopes]
    if node.groups or not all(isinstance(key, Value) and key.kind == "string" for key in keys):
        return ANY
    return Type("object", {key.data: value for key, value in zip(keys, values)})  # type: ignore[union-attr]


_TYPES: dict[type[Node], Callable[[Any, Scope], Type]] = {
    tree.Binary: _operation,
    tree.Closed: _splat,
    tree.For: _for,
    tree.Object: _object,
    tree.Splat: _splat,
    tree.Template: _template,
    tree.Tuple: _tuple,
    tree.Unary: _operation,
}
