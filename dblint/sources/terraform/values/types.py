"""Terraform's types: primitives, collections and structures."""

from __future__ import annotations

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
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


STRING, NUMBER, BOOL, ANY = tuple(Type(kind) for kind in ("string", "number", "bool", "any"))
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
