"""Terraform's types: primitives, collections, structures, and how several of them become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Type:
    """One type. `kind` is "string", "number", "bool", "any", "list", "set", "map", "tuple" or "object".

    `inner`: the element's type of a list, set or map; the types of a tuple's elements; the types of an object's
    attributes by name. `optional`: of an object that a variable asks for, the attributes that may be left out and
    what they are then (a value, or None for null).
    """

    __slots__ = ("inner", "kind", "optional")

    def __init__(self, kind: str, inner: Any = None, optional: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        self.inner = inner
        self.optional = optional or {}

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Type) and self.kind == other.kind and self.inner == other.inner)

    def __hash__(self) -> int:
        return hash(self.kind)

    def __repr__(self) -> str:
        return self.kind if self.inner is None else f"{self.kind}({self.inner!r})"


STRING, NUMBER, BOOL, ANY = PRIMITIVES = tuple(Type(kind) for kind in ("string", "number", "bool", "any"))
BY_KIND = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
EMPTY_TUPLE = Type("tuple", ())
EMPTY_OBJECT = Type("object", {})


class NoCommonType(Exception):
    """Types that nothing converts to one."""


def list_of(element: Type) -> Type:
    return Type("list", element)


def set_of(element: Type) -> Type:
    return Type("set", element)


def map_of(element: Type) -> Type:
    return Type("map", element)


def is_primitive(type: Type) -> bool:
    return type.inner is None and type.kind != "any"


def has_any(type: Type) -> bool:
    """Whether "any" stands in the type: then only a value tells what it is."""
    if type.kind == "any":
        return True
    if type.kind in ("list", "set", "map"):
        return has_any(type.inner)
    if type.kind == "tuple":
        return any(map(has_any, type.inner))
    return type.kind == "object" and any(map(has_any, type.inner.values()))


def unify(types: Iterable[Type]) -> Type:
    """The one type that values of all these types convert to; "any" joins everything. Raises NoCommonType."""
    distinct = _distinct(types)
    if len(distinct) == 1:
        return distinct[0]
    known = [type for type in distinct if type.kind != "any"]
    if not known:
        return ANY
    if len(known) < len(distinct):
        return known[0] if len(known) == 1 else _unify(known)
    return _unify(known)


def _distinct(types: Iterable[Type]) -> list[Type]:
    distinct: list[Type] = []
    for type in types:
        if type not in distinct:
            distinct.append(type)
    return distinct or [ANY]


def _unify(types: list[Type]) -> Type:
    kinds = {type.kind for type in types}
    if kinds <= {"string", "number", "bool"}:
        if "string" in kinds:
            return STRING
        raise NoCommonType("number and bool")
    if kinds <= {"tuple", "list", "set"}:
        return _unify_sequences(types, kinds)
    if kinds <= {"object", "map"}:
        return _unify_mappings(types, kinds)
    raise NoCommonType(" and ".join(sorted(kinds)))


def _unify_sequences(types: list[Type], kinds: set[str]) -> Type:
    if kinds == {"tuple"} and len({len(type.inner) for type in types}) == 1:
        return Type("tuple", tuple(unify(column) for column in zip(*(type.inner for type in types))))
    if "set" in kinds and "list" not in kinds:
        return set_of(unify(type.inner for type in types if type.kind == "set"))
    if "set" in kinds and len(_distinct(type.inner for type in types if type.kind != "tuple")) > 1:
        raise NoCommonType("list and set")
    elements = [e for type in types for e in (type.inner if type.kind == "tuple" else (type.inner,))]
    return list_of(unify(elements))


def _unify_mappings(types: list[Type], kinds: set[str]) -> Type:
    if kinds == {"object"}:
        names = types[0].inner.keys()
        if all(type.inner.keys() == names for type in types):
            return Type("object", {name: unify(type.inner[name] for type in types) for name in sorted(names)})
    elements = [e for type in types for e in (type.inner.values() if type.kind == "object" else (type.inner,))]
    return map_of(unify(elements))
