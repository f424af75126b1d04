"""Conversion between Terraform's types, by the rules of Terraform's own type system.

Verified against `terraform console`; see tests/terraform/recorded.
"""

from __future__ import annotations

import json

from dblint.model import Choice
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.lifting import hoist, lift
from dblint.sources.terraform.values.types import ANY, NoCommonType, Type
from dblint.sources.terraform.values.unification import converts, unify
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    STEERED,
    UNKNOWN,
    Evaluated,
    EvaluationError,
    SteeredType,
    Value,
    altered,
    list_of,
    map_of,
    object_of,
    set_of,
    tuple_of,
    type_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def convert(value: Evaluated, type: Type) -> Evaluated:
    """The value as a value of the type. Raises EvaluationError where it has none."""
    if isinstance(value, Choice):
        return lift(lambda plain: convert(plain, type), value)
    if type.kind == "any" or (value.kind == type.kind and type.inner is None):
        return value
    if value.kind == "unknown":
        return _unknown(value, type)
    if value.kind == "null":
        if not converts(value.type, type):
            raise EvaluationError(f"{type.kind} required")
        return altered(value, type=type)
    if value.kind == "instance":
        raise EvaluationError(f"a resource is no {type.kind}")
    if type.inner is not None and value.type.kind != "any" and not value.data and not converts(type_of(value), type):
        raise EvaluationError(f"{type.kind} required")
    try:
        made = _CONVERSIONS[type.kind](value, type)
    except SteeredType:
        return lift(lambda plain: convert(plain, type), hoist(value))
    return _marked(made, value)


def _marked(made: Evaluated, value: Value) -> Evaluated:
    """What was converted keeps where it was decided and what it refers to."""
    if made is value or isinstance(made, Choice):
        return made
    if made.trail is None:
        made.trail = value.trail
    if value.refs and not made.refs:
        made = altered(made, refs=value.refs)
    made.flags |= value.flags & ~(UNKNOWN | STEERED | FALLIBLE) if made.kind != "unknown" else 0
    return made


def _unknown(value: Value, type: Type) -> Value:
    """An unknown of the type. It stays the same one where its type was not known or the same."""
    have = value.type
    if not converts(have, type):
        raise EvaluationError(f"{type.kind} required")
    if have == type or (have.kind in ("tuple", "object") and types.has_any(type)):
        return value
    if have.kind == "any" or types.is_primitive(have) is types.is_primitive(type):
        risky = have.kind == "any" or (have.kind == "string" and type.kind != "string")
        made = altered(value, type=type)
        if have.kind not in ("any", type.kind):
            from dblint.records import replace

            made.data = replace(value.data, variable=None)
        if risky:
            made.flags |= FALLIBLE
        return made
    raise EvaluationError(f"{type.kind} required")


def _to_string(value: Value, type: Type) -> Value:
    if value.kind == "bool":
        return Value("string", "true" if value.data else "false")
    if value.kind == "number":
        return Value("string", numbers.text_of(value.data))
    raise EvaluationError("string required")


def _to_number(value: Value, type: Type) -> Value:
    if value.kind != "string":
        raise EvaluationError("a number is required")
    try:
        return Value("number", numbers.parse(value.data))
    except numbers.NotANumber:
        raise EvaluationError("a number is required") from None


def _to_bool(value: Value, type: Type) -> Value:
    if value.kind == "string" and value.data in ("true", "1"):
        return Value("bool", True)
    if value.kind == "string" and value.data in ("false", "0"):
        return Value("bool", False)
    raise EvaluationError("a bool is required")


def _items(value: Value) -> tuple[Evaluated, ...]:
    if value.kind not in ("tuple", "list", "set"):
        raise EvaluationError(f"a list or set is required, not {value.kind}")
    return value.data  # type: ignore[no-any-return]


def _element(value: Value, items: list[Evaluated], wanted: Type) -> Type:
    """The type that all elements of a collection get."""
    if not types.has_any(wanted):
        return wanted
    if wanted.kind == "any" and value.kind in ("list", "set", "map"):
        return value.type
    converted = [convert(item, wanted) for item in items] if wanted.kind != "any" else items
    try:
        return _joined([type_of(item) for item in converted], value)
    except NoCommonType:
        raise EvaluationError("all elements must have the same type") from None


def _completed(item: Evaluated, wanted: Type) -> Evaluated:
    """An element with what is optional in it filled in, where "any" beside that leaves its type to the elements."""
    return convert(item, wanted) if types.has_any(wanted) and wanted.kind != "any" else item


def _joined(kinds: list[Type], value: Value) -> Type:
    """The common type of elements. A null of no type stands beside lists or objects in no list, and in a map where they
    are of one type."""
    common = unify(kinds)
    if common.kind != "any":
        return common
    known = [kind for kind in kinds if kind.kind != "any"]
    if not known or value.flags & UNKNOWN or (value.kind == "object" and all(kind == known[0] for kind in known)):
        return unify(known)
    raise NoCommonType("null and others")


def _settled(inner: Type, items: list[Evaluated], value: Value) -> Type:
    """The element type, where "any" stood in it and the elements now tell: they must agree."""
    if not types.has_any(inner) or inner.kind == "any":
        return inner
    kinds = [kind for kind in map(type_of, items) if not types.has_any(kind)]
    if all(kind == kinds[0] for kind in kinds) or value.flags & UNKNOWN:
        return kinds[0] if kinds else inner
    raise EvaluationError("all elements must have the same type")


def _to_list(value: Value, type: Type) -> Evaluated:
    items = list(_items(value))
    if value.kind == "list" and type.inner in (ANY, value.type):
        return value
    if value.kind == "set" and value.flags & UNKNOWN:
        return _unknown_collection(value, type)
    inner = _element(value, items, type.inner)
    converted = [convert(_completed(item, type.inner), inner) for item in items]
    return list_of(converted, _settled(inner, converted, value))


def _unknown_collection(value: Value, type: Type) -> Value:
    from dblint.sources.terraform.values.value import unknown

    return unknown("it has unknown elements", type, is_set=True)


def _to_set(value: Value, type: Type) -> Evaluated:
    _items(value)
    if value.kind == "set" and type.inner in (ANY, value.type):
        return value
    if value.flags & STEERED:
        return lift(lambda plain: _to_set(plain, type), hoist(value))
    inner = _element(value, list(value.data), type.inner)
    items = [convert(_completed(item, type.inner), inner) for item in value.data]
    return set_of(in_order(items), _settled(inner, items, value))


def in_order(items: list[Any]) -> list[Value]:
    """The elements of a set: each once, in Terraform's order. Unknown ones stand last."""
    from dblint.sources.terraform.values.equality import equal

    distinct: list[Value] = []
    if all(item.kind in ("string", "number", "bool") for item in items):
        distinct = list({item.data: item for item in reversed(items)}.values())
        return sorted(distinct, key=lambda item: item.data)
    for item in items:
        if item.flags & UNKNOWN or not any(equal(item, other) is True for other in distinct):
            distinct.append(item)
    return sorted(distinct, key=_rank)


def _rank(item: Value) -> tuple[Any, ...]:
    if item.flags & UNKNOWN:
        return (2,)
    if item.kind in ("string", "number", "bool"):
        return (0, item.data)
    return (1, item.kind == "null", _text(item))


def _text(item: Evaluated) -> str:
    """The text by which Terraform orders values that are no primitives."""
    assert isinstance(item, Value)
    if item.kind == "null":
        return "~"
    if item.kind == "unknown":
        return "?"
    if item.kind == "bool":
        return "T" if item.data else "F"
    if item.kind == "number":
        return f"{float(item.data):.10g}"
    if item.kind == "string":
        return json.dumps(item.data, ensure_ascii=False)
    if item.kind == "map":
        return "{" + "".join(f"{json.dumps(key)}:{_text(value)};" for key, value in item.data.items()) + "}"
    opening, closing = "[]" if item.kind in ("list", "set") else "<>"
    items = item.data.values() if item.kind == "object" else item.data
    return opening + "".join(f"{_text(value)};" for value in items) + closing


def _to_map(value: Value, type: Type) -> Evaluated:
    if value.kind not in ("object", "map"):
        raise EvaluationError("a map is required")
    if value.kind == "map" and type.inner in (ANY, value.type):
        return value
    inner = _element(value, list(value.data.values()), type.inner)
    converted = {key: convert(_completed(item, type.inner), inner) for key, item in value.data.items()}
    return map_of(converted, _settled(inner, list(converted.values()), value))


def _to_tuple(value: Value, type: Type) -> Evaluated:
    items = _items(value)
    if len(items) != len(type.inner) or value.kind == "set":
        raise EvaluationError(f"a tuple of {len(type.inner)} elements is required")
    return tuple_of(convert(item, inner) for item, inner in zip(items, type.inner))


def _to_object(value: Value, type: Type) -> Evaluated:
    if value.kind not in ("object", "map"):
        raise EvaluationError("an object is required")
    return object_of({name: _attribute(value, name, type) for name in type.inner})


def _attribute(value: Value, name: str, type: Type) -> Evaluated:
    inner = type.inner[name]
    given = value.data.get(name)
    if name not in type.optional:
        if given is None:
            raise EvaluationError(f'attribute "{name}" is required')
        return convert(given, inner)
    default = type.optional[name]
    absent = convert(Value("null", None, trail=value.trail) if default is None else default, inner)
    if given is None:
        return absent
    if default is None:
        return convert(given, inner)
    return lift(lambda plain: absent if plain.kind == "null" else convert(plain, inner), given)


_CONVERSIONS = {
    "string": _to_string,
    "number": _to_number,
    "bool": _to_bool,
    "list": _to_list,
    "set": _to_set,
    "map": _to_map,
    "tuple": _to_tuple,
    "object": _to_object,
}


def unified(values: list[Evaluated]) -> list[Evaluated]:
    """All values as values of their one type. Raises EvaluationError where there is none, and SteeredType."""
    try:
        common = unify(map(type_of, values))
    except NoCommonType:
        raise EvaluationError("the values must have one type") from None
    return [convert(value, common) for value in values]
