"""How values of several types become values of one: what conditionals, lists, maps and sets ask of their parts.

Terraform's type system first tries to build a type of all, and else takes the one of them that the others convert to.
Verified against `terraform console`; see tests/terraform/recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cmp_to_key

from dblint.sources.terraform.values.types import ANY, NoCommonType, Type, list_of, map_of


def unify(types: Iterable[Type]) -> Type:
    """The one type that values of all these types convert to; "any" where that hangs on what a value of no known type
    turns out to be. Raises NoCommonType."""
    distinct: list[Type] = []
    for type in types:
        if type not in distinct:
            distinct.append(type)
    if len(distinct) == 1:
        return distinct[0]
    return (_built(distinct) or _preferred(distinct)) if distinct else ANY


def _built(types: list[Type]) -> Type | None:
    """A type of all of one family; None where one of the types themselves must do. Raises NoCommonType."""
    kinds = {type.kind for type in types}
    hidden = "any" in kinds
    kinds.discard("any")
    if kinds == {"map", "object"}:
        return _as(types, "object", "map")
    if kinds == {"list", "tuple"}:
        return _as(types, "tuple", "list")
    if len(kinds) == 1 and kinds <= _BUILDERS.keys():
        return ANY if hidden else _checked(_BUILDERS[kinds.pop()](types), types)
    if {"object", "tuple"} <= kinds:
        raise NoCommonType("object and tuple")
    return None


def _checked(made: Type, types: Sequence[Type]) -> Type:
    """What was built, if all convert to it: the elements of a tuple may have no type of their own."""
    if made.kind in ("list", "map") and not all(converts(type, made) for type in types):
        raise NoCommonType(f"elements of a {made.kind}")
    return made


def _as(types: list[Type], structure: str, collection: str) -> Type | None:
    """The structures among the types as one collection, and that with the others; None where that does not work."""
    structures = [type for type in types if type.kind == structure]
    try:
        made = unify([_as_collection(structures, collection), *(t for t in types if t.kind != structure)])
    except NoCommonType:
        return None
    return made if made.kind == collection else None


def _as_collection(structures: Sequence[Type], collection: str) -> Type:
    parts = [part for type in structures for part in _parts(type)]
    if not parts:
        raise NoCommonType("empty")
    return _checked(Type(collection, unify(parts)), structures)


def _parts(type: Type) -> Iterable[Type]:
    return type.inner.values() if type.kind == "object" else type.inner  # type: ignore[no-any-return]


def _collections(types: list[Type]) -> Type:
    return Type(types[0].kind, unify(type.inner for type in types))


def _objects(types: list[Type]) -> Type:
    """Objects of the same attributes make one of those, others a map."""
    names = types[0].inner.keys()
    if any(type.inner.keys() != names for type in types):
        return map_of(unify(part for type in types for part in _parts(type)))
    return Type("object", {name: unify(type.inner[name] for type in types) for name in sorted(names)})


def _tuples(types: list[Type]) -> Type:
    """Tuples of one length make one of that length, others a list."""
    if len({len(type.inner) for type in types}) > 1:
        return list_of(unify(part for type in types for part in _parts(type)))
    return Type("tuple", tuple(unify(column) for column in zip(*(type.inner for type in types))))


_BUILDERS = {
    "map": _collections,
    "list": _collections,
    "set": _collections,
    "object": _objects,
    "tuple": _tuples,
}


def _preferred(types: list[Type]) -> Type:
    """The type that all others convert to, the most general first. Raises NoCommonType."""
    for wanted in sorted(types, key=cmp_to_key(_order)):
        if all(type is wanted or converts(type, wanted) for type in types):
            return wanted
    raise NoCommonType(" and ".join(sorted(type.kind for type in types)))


_RANKS = {"list": 1, "tuple": 2, "set": 3, "map": 1, "object": 2}


def _order(one: Type, two: Type) -> int:
    """Which of two types is the more general: less than 0 for the first."""
    if "any" in (one.kind, two.kind):
        return (one.kind == "any") - (two.kind == "any")
    if one.inner is None and two.inner is None:
        return (two.kind == "string") - (one.kind == "string")
    if one.kind == two.kind and one.kind in ("list", "set", "map"):
        return _order(one.inner, two.inner)
    if one.inner is None or two.inner is None or ("map" in _kind(one)) is not ("map" in _kind(two)):
        return 0
    return _RANKS[one.kind] - _RANKS[two.kind]


def _kind(type: Type) -> str:
    return "map" if type.kind in ("map", "object") else "sequence"


def converts(one: Type, two: Type) -> bool:
    """Whether some value of the first type converts to the second."""
    if "any" in (one.kind, two.kind) or one == two:
        return True
    if one.inner is None or two.inner is None:
        return one.inner is None and two.inner is None and {one.kind, two.kind} != {"number", "bool"}
    if _kind(one) != _kind(two) or (one.kind != "tuple" and two.kind == "tuple"):
        return False
    return _entries_convert(one, two) if _kind(one) == "map" else _elements_convert(one, two)


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
    elements = list(elements)
    try:
        common = unify(elements)
    except NoCommonType:
        return False
    return collection.kind == "map" or common.kind != "any" or all(element.kind == "any" for element in elements)


def _entries_convert(one: Type, two: Type) -> bool:
    if one.kind == "object" and two.kind == "object":
        needed = (name for name in two.inner if name not in two.optional)
        return all(name in one.inner for name in needed) and all(
            converts(one.inner[name], inner) for name, inner in two.inner.items() if name in one.inner
        )
    ones = one.inner.values() if one.kind == "object" else (one.inner,)
    twos = two.inner.values() if two.kind == "object" else (two.inner,)
    return _join(ones, two) and all(converts(a, b) for a in ones for b in twos)
