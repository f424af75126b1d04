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


def unify(types: Iterable[Type], *, loose: bool = False) -> Type:
    """The one type that values of all these types convert to. Raises NoCommonType.

    "any" beside other types joins primitives; beside collections and structures it makes "any" of all, since what it
    turns out to be may change how they are joined. `loose`, as conditionals and coalesce are: a set may become a list.
    """
    distinct = _distinct(types)
    if len(distinct) == 1:
        return distinct[0]
    known = [type for type in distinct if type.kind != "any"]
    if len(known) == len(distinct):
        return _unify(known, loose)
    if {"object", "tuple"} <= {type.kind for type in known}:
        raise NoCommonType("object and tuple")
    if not all(map(is_primitive, known)):
        return ANY
    try:
        return _unify(known, loose)
    except NoCommonType:
        return ANY


def _distinct(types: Iterable[Type]) -> list[Type]:
    distinct: list[Type] = []
    for type in types:
        if type not in distinct:
            distinct.append(type)
    return distinct or [ANY]


def _unify(types: list[Type], loose: bool) -> Type:
    kinds = {type.kind for type in types}
    if len(types) == 1:
        return types[0]
    if kinds <= {"string", "number", "bool"}:
        if "string" in kinds:
            return STRING
        raise NoCommonType("number and bool")
    if kinds <= {"tuple", "list", "set"}:
        return _unify_sequences(types, kinds, loose)
    if kinds <= {"object", "map"}:
        return _unify_mappings(types, kinds, loose)
    raise NoCommonType(" and ".join(sorted(kinds)))


def _unify_sequences(types: list[Type], kinds: set[str], loose: bool) -> Type:
    if kinds == {"tuple"} and len({len(type.inner) for type in types}) == 1:
        columns = zip(*(type.inner for type in types))
        return Type("tuple", tuple(unify(column, loose=loose) for column in columns))
    if "set" in kinds and "list" not in kinds:
        return set_of(unify((type.inner for type in types if type.kind == "set"), loose=loose))
    if "set" in kinds:
        return _list_and_set(types, loose)
    return list_of(_element_of_all(types, [_parts(type) for type in types], loose))


def _list_and_set(types: list[Type], loose: bool) -> Type:
    elements = _distinct(type.inner for type in types if type.kind != "tuple")
    if len(elements) == 1:
        return list_of(elements[0])
    if not loose:
        raise NoCommonType("list and set")
    unify(elements)
    return next(type for type in types if type.kind == "list")


def _unify_mappings(types: list[Type], kinds: set[str], loose: bool) -> Type:
    if kinds == {"object"}:
        names = types[0].inner.keys()
        if all(type.inner.keys() == names for type in types):
            joined = {name: unify((type.inner[name] for type in types), loose=loose) for name in sorted(names)}
            return Type("object", joined)
    return map_of(_element_of_all(types, [_parts(type) for type in types], loose))


def _parts(type: Type) -> list[Type]:
    """The types of what stands in a tuple or object; the one element type of a collection."""
    if type.kind == "object":
        return list(type.inner.values())
    return list(type.inner) if type.kind == "tuple" else [type.inner]


def _element_of_all(types: list[Type], parts: list[list[Type]], loose: bool) -> Type:
    """The element type of a list or map that all become. Beside a collection each structure is made one first; those
    that are empty have no say."""
    together = [inner for own in parts for inner in own]
    if all(type.kind in ("tuple", "object") for type in types):
        return unify(together, loose=loose)
    try:
        return unify([unify(own, loose=loose) for own in parts if own], loose=loose)
    except NoCommonType:
        return unify(together, loose=loose)


def converts(one: Type, two: Type) -> bool:
    """Whether some value of the first type converts to the second."""
    if "any" in (one.kind, two.kind) or one == two:
        return True
    if is_primitive(one) or is_primitive(two):
        return is_primitive(one) and is_primitive(two) and {one.kind, two.kind} != {"number", "bool"}
    sequences = ("list", "set", "tuple")
    if one.kind in sequences and two.kind in sequences:
        return not (one.kind == "set" and two.kind == "tuple") and _elements_convert(one, two)
    return one.kind not in sequences and two.kind not in sequences and _entries_convert(one, two)


def _elements_convert(one: Type, two: Type) -> bool:
    if one.kind == "tuple" and two.kind == "tuple":
        return len(one.inner) == len(two.inner) and all(map(converts, one.inner, two.inner))
    ones = one.inner if one.kind == "tuple" else (one.inner,)
    twos = two.inner if two.kind == "tuple" else (two.inner,)
    return _join(ones, two) and all(converts(a, b) for a in ones for b in twos)


def _join(elements: Iterable[Type], collection: Type) -> bool:
    """Whether elements can stand in a collection whose own element type is open."""
    if collection.kind in ("tuple", "object") or collection.inner.kind != "any":
        return True
    try:
        unify(elements)
    except NoCommonType:
        return False
    return True


def _entries_convert(one: Type, two: Type) -> bool:
    if one.kind == "object" and two.kind == "object":
        needed = (name for name in two.inner if name not in two.optional)
        return all(name in one.inner for name in needed) and all(
            converts(one.inner[name], inner) for name, inner in two.inner.items() if name in one.inner
        )
    ones = one.inner.values() if one.kind == "object" else (one.inner,)
    twos = two.inner.values() if two.kind == "object" else (two.inner,)
    return _join(ones, two) and all(converts(a, b) for a in ones for b in twos)
