"""Type expressions: `list(object({ name = string, size = optional(number, 1) }))`."""

from __future__ import annotations

from dblint.sources.terraform.evaluation.expressions import evaluate
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.syntax.tree import Call, Literal, Node, Object, Reference, Tuple
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.trail import Through
from dblint.sources.terraform.values.types import Type
from dblint.sources.terraform.values.value import EvaluationError, Value, with_trail

_COLLECTIONS = {"list": types.list_of, "set": types.set_of, "map": types.map_of}


def type_constraint(node: Node, module: ModuleInstance, name: str) -> Type:
    """The type that the variable `name` asks for. What is no type counts as "any": Terraform refuses it."""
    if isinstance(node, Literal) and node.value.kind == "string":
        return _quoted(str(node.value.data), module, name)
    if isinstance(node, Reference) and not node.steps:
        if node.name in _COLLECTIONS:
            return _COLLECTIONS[node.name](types.ANY)
        return types.BY_KIND.get(node.name, types.ANY)
    if isinstance(node, Call) and len(node.arguments) == 1:
        return _constructed(node.name, node.arguments[0], module, name)
    return types.ANY


def _quoted(text: str, module: ModuleInstance, name: str) -> Type:
    """Types in quotes: of old code ("string", "list", "map"), and of JSON (whole type expressions)."""
    if text in _COLLECTIONS:
        return _COLLECTIONS[text](types.ANY)
    if text in types.BY_KIND:
        return types.BY_KIND[text]
    from dblint.sources.terraform.syntax.expression import parse_expression
    from dblint.sources.terraform.syntax.text import Text

    node = parse_expression(Text("", text, lambda problem: None), 0, len(text))
    return types.ANY if isinstance(node, Literal) else type_constraint(node, module, name)


def _constructed(constructor: str, inner: Node, module: ModuleInstance, name: str) -> Type:
    if constructor in _COLLECTIONS:
        return _COLLECTIONS[constructor](type_constraint(inner, module, name))
    if constructor == "tuple" and isinstance(inner, Tuple):
        return Type("tuple", tuple(type_constraint(item, module, name) for item in inner.items))
    if constructor == "object" and isinstance(inner, Object):
        return _object(inner, module, name)
    return types.ANY


def _object(node: Object, module: ModuleInstance, name: str) -> Type:
    attributes: dict[str, Type] = {}
    optional: dict[str, Value | None] = {}
    for key, value in node.items:
        if not isinstance(key, Literal):
            continue
        attribute = str(key.value.data)
        if isinstance(value, Call) and value.name == "optional" and value.arguments:
            attributes[attribute] = type_constraint(value.arguments[0], module, name)
            default = value.arguments[1] if len(value.arguments) > 1 else None
            optional[attribute] = None if default is None else _default(default, module, f"{name}.{attribute}")
        else:
            attributes[attribute] = type_constraint(value, module, name)
    return Type("object", {key: attributes[key] for key in sorted(attributes)}, optional)


def _default(node: Node, module: ModuleInstance, name: str) -> Value | None:
    try:
        value = evaluate(node, Scope(module))
    except EvaluationError:
        return None
    placed = with_trail(value, lambda trail: Through(trail, node.place, f"default of variable {name}"))
    assert isinstance(placed, Value)
    return None if placed.kind == "null" else placed
