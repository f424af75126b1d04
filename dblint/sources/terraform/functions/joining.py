"""Functions that make one list, map or value of several."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.model import Choice
from dblint.sources.terraform.functions.elements import SEQUENCES, entries_of, items_of
from dblint.sources.terraform.functions.registry import Function, open_to_unknown
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert, unified
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.lifting import by_value, hoist, lift
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.types import NoCommonType
from dblint.sources.terraform.values.unification import unify
from dblint.sources.terraform.values.value import (
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
    plain_leaves,
    tuple_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _may_be_list(value: Value) -> bool:
    return value.kind in ("list", "tuple") or (value.kind == "unknown" and value.type.kind in ("any", "list", "tuple"))


def _merge(*values: Value) -> Evaluated:
    """Shallow; later ones win. All maps of one type make a map, all else an object."""
    given = [value for value in values if value.kind != "null"]
    if any(value.kind == "null" and value.type.kind not in ("any", "map", "object") for value in values):
        raise EvaluationError("merge takes maps and objects")
    hidden = [value for value in given if value.kind == "unknown"]
    if hidden:
        if any(value.type.kind not in ("any", "map", "object") for value in hidden):
            raise EvaluationError("merge takes maps and objects")
        return combined(derived("merge", given, types.ANY, fallible=True), *given)
    merged: dict[str, Evaluated] = {}
    for value in given:
        merged.update(entries_of(value, "merge"))
    kinds = {value.type if value.kind == "map" else None for value in given}
    if given and None not in kinds:
        element = kinds.pop()
        if not kinds:
            assert element is not None
            return map_of(merged, element)
    return object_of(merged)


def _concat(*values: Value) -> Evaluated:
    """Lists of one type make a list; with a tuple among them, a tuple."""
    if not values:
        raise EvaluationError("concat needs an argument")
    hidden = [value for value in values if value.kind == "unknown"]
    if any(not _may_be_list(value) for value in values):
        raise EvaluationError("concat takes lists")
    if hidden:
        return combined(derived("concat", values, types.ANY), *values)
    items = [item for value in values for item in items_of(value, "concat")]
    if any(value.kind == "tuple" for value in values):
        return tuple_of(items)
    try:
        element = unify(value.type for value in values)
    except NoCommonType:
        return tuple_of(items)
    return list_of((convert(item, element) for item in items), element)


def _flatten(value: Value) -> Evaluated:
    if value.kind not in (*SEQUENCES, "unknown"):
        raise EvaluationError("flatten takes a list")
    if _holds_unknown_list(value):
        return combined(derived("flatten", (value,), types.ANY), value)
    if _holds_choice_of_lists(value):
        return lift(_flatten, hoist(value))
    return tuple_of(_leaves(value))


def _leaves(value: Value) -> Iterator[Evaluated]:
    for item in items_of(value, "flatten"):
        if isinstance(item, Choice) or item.kind not in SEQUENCES:
            yield item
        else:
            yield from _leaves(item)


def _holds_unknown_list(value: Value) -> bool:
    if value.kind == "unknown":
        return not types.is_primitive(value.type) and value.type.kind not in ("map", "object")
    if value.kind == "set" and value.flags & UNKNOWN:
        return True
    if value.kind not in SEQUENCES or not value.flags & UNKNOWN:
        return False
    return any(_holds_unknown_list(leaf) for item in value.data for leaf in plain_leaves(item))


def _holds_choice_of_lists(value: Value) -> bool:
    if value.kind not in SEQUENCES or not value.flags & STEERED:
        return False
    for item in value.data:
        if isinstance(item, Choice):
            if any(leaf.kind in SEQUENCES or leaf.kind == "error" for leaf in plain_leaves(item)):
                return True
        elif _holds_choice_of_lists(item):
            return True
    return False


def _coalesce(*values: Value) -> Evaluated:
    """The first that is neither null nor "", as a value of the one type of all."""
    try:
        same = unified(list(values)) if values else []
    except SteeredType:
        same = [hoist(value) for value in values]
    if not same:
        raise EvaluationError("coalesce needs an argument")
    return lift(_first, *same)


def _first(*values: Value) -> Evaluated:
    for i, value in enumerate(values):
        if value.kind == "unknown":
            return _first_or_unknown(value, values[i + 1 :])
        if value.kind != "null" and not (value.kind == "string" and value.data == ""):
            return value
    raise EvaluationError("all arguments of coalesce are null or empty")


def _first_or_unknown(value: Value, rest: tuple[Value, ...]) -> Evaluated:
    """An unknown counts unless it is null or ""."""
    is_text = value.type.kind in ("string", "any")
    if value.data.is_set and not is_text:
        return value
    try:
        other = _first(*rest)
    except EvaluationError:
        return value
    variable = value.data.variable
    if variable is not None and variable.domain is None and value.type.kind == "string":
        sure = altered(value, data=_surely_set(value.data))
        return by_value(variable, {None: other, "": other}, sure)
    made = derived("coalesce", (value, *rest), value.type, takes_null=True)
    return combined(made, value, *plain_leaves(other))


def _surely_set(payload: Any) -> Any:
    from dblint.records import replace

    return replace(payload, is_set=True)


def _coalescelist(*values: Value) -> Evaluated:
    if any(not _may_be_list(value) for value in values):
        raise EvaluationError("coalescelist takes lists")
    for value in values:
        if value.kind == "unknown":
            return combined(derived("coalescelist", values, types.ANY, fallible=True), *values)
        if value.data:
            return value
    raise EvaluationError("all arguments of coalescelist are empty")


def _removed_list(*values: Value) -> Evaluated:
    return convert(tuple_of(values), types.list_of(types.ANY))


def _removed_map(*values: Value) -> Evaluated:
    if len(values) % 2:
        raise EvaluationError("map takes keys and values in turn")
    keys = [convert(key, types.STRING) for key in values[::2]]
    if any(isinstance(key, Choice) or key.kind != "string" for key in keys):
        raise EvaluationError("the keys of a map must be known")
    entries = {key.data: value for key, value in zip(keys, values[1::2]) if isinstance(key, Value)}
    return convert(object_of(entries), types.map_of(types.ANY))


FUNCTIONS: dict[str, Function] = {
    "merge": open_to_unknown(_merge),
    "concat": open_to_unknown(_concat),
    "flatten": open_to_unknown(_flatten),
    "coalesce": open_to_unknown(_coalesce),
    "coalescelist": open_to_unknown(_coalescelist),
    "list": open_to_unknown(_removed_list),
    "map": open_to_unknown(_removed_map),
}
