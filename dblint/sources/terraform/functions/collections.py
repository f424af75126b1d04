"""Functions of lists, maps and objects that leave the elements as they are."""

from __future__ import annotations

from dblint.sources.terraform.functions.elements import entries_of, items_of, may_be_null
from dblint.sources.terraform.functions.registry import Function, open_to_unknown, plain, shallow
from dblint.sources.terraform.limits import MOST_IN_RANGE
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import element_of
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.graphemes import graphemes
from dblint.sources.terraform.values.lifting import lift
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.value import (
    UNKNOWN,
    Evaluated,
    EvaluationError,
    Value,
    altered,
    list_of,
    map_of,
    null,
    number,
    object_of,
    string,
    tuple_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _length(value: Value) -> Evaluated:
    if value.kind == "unknown" or (value.kind == "set" and value.flags & UNKNOWN):
        if value.type.kind in ("number", "bool"):
            raise EvaluationError("length takes a text or a collection")
        doubtful = value.type.kind == "any"
        return combined(derived("length", (value,), types.NUMBER, operation=_length, fallible=doubtful), value)
    if value.kind == "string":
        return number(len(graphemes(value.data)))
    if value.kind in ("number", "bool"):
        raise EvaluationError("length takes a text or a collection")
    return number(len(value.data))


def _element(values: Value, position: Value) -> Evaluated:
    if values.kind not in ("list", "tuple"):
        raise EvaluationError("element takes a list")
    if not isinstance(position.data, int):
        raise EvaluationError("element takes an index that is a whole number")
    if not values.data:
        raise EvaluationError("element takes a list that is not empty")
    place = position.data % len(values.data)
    if place and position.data < 0 and values.kind == "tuple":
        raise EvaluationError("element counts from the end of a list, but not of a tuple")
    return element_of(values, values.data[place])


def _keys(value: Value) -> Evaluated:
    entries = entries_of(value, "keys")
    names = [string(key) for key in entries]
    return list_of(names, types.STRING) if value.kind == "map" else tuple_of(names)


def _values(value: Value) -> Evaluated:
    entries = entries_of(value, "values").values()
    return list_of(entries, value.type) if value.kind == "map" else tuple_of(entries)


def _slice(values: Value, start: Value, end: Value) -> Evaluated:
    if values.kind not in ("list", "tuple"):
        raise EvaluationError("slice takes a list")
    first, last = start.data, end.data
    if not isinstance(first, int) or not isinstance(last, int) or not 0 <= first <= last <= len(values.data):
        raise EvaluationError("slice goes beyond the list")
    items = items_of(values, "slice")[first:last]
    return list_of(items, values.type) if values.kind == "list" else tuple_of(items)


def _reverse(values: Value) -> Evaluated:
    items = items_of(values, "reverse")[::-1]
    return tuple_of(items) if values.kind == "tuple" else list_of(items, values.type)


def _zipmap(keys: Value, values: Value) -> Evaluated:
    items = items_of(values, "zipmap")
    if values.kind == "set" or len(keys.data) != len(items):
        raise EvaluationError("zipmap takes as many keys as values")
    if keys.flags & UNKNOWN:
        return combined(derived("zipmap", (keys, values), types.ANY, fallible=True), keys, values)

    def build(*names: Value) -> Evaluated:
        if any(name.kind == "null" for name in names):
            raise EvaluationError("a key must not be null")
        entries = {name.data: item for name, item in zip(names, items)}
        return map_of(entries, values.type) if values.kind == "list" else object_of(entries)

    return lift(build, *keys.data)


def _one(values: Value) -> Evaluated:
    if values.kind == "unknown":
        if types.is_primitive(values.type) or values.type.kind in ("map", "object"):
            raise EvaluationError("one takes a list")
        type = values.type.inner if values.type.kind in ("list", "set") else types.ANY
        made = derived("one", (values,), type, fallible=True)
        return combined(altered(made, data=may_be_null(made.data)), values)
    items = items_of(values, "one")
    if values.kind == "set" and values.flags & UNKNOWN and len(items) > 1:
        return combined(derived("one", (values,), values.type, fallible=True), values)
    if len(items) > 1:
        raise EvaluationError("one takes a list of at most one element")
    return items[0] if items else null(values.type)


def _chunklist(values: Value, size: Value) -> Evaluated:
    if not isinstance(size.data, int) or size.data < 0:
        raise EvaluationError("chunklist takes a size that is a whole number")
    items = items_of(values, "chunklist")
    step = size.data or max(len(items), 1)
    chunks = [list_of(items[i : i + step], values.type) for i in range(0, len(items), step)]
    return list_of(chunks, types.list_of(values.type))


def _transpose(mapping: dict[str, list[str]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for key, names in mapping.items():
        for name in [None] if names is None else names:
            if name is None:
                raise EvaluationError("transpose takes no null")
            turned.setdefault(name, []).append(key)
    return {key: sorted(turned[key]) for key in sorted(turned)}


def _range(*given: Any) -> list[Any]:
    if not 1 <= len(given) <= 3 or any(isinstance(part, float) for part in given):
        raise EvaluationError("range takes one to three numbers")
    start, end = (0, given[0]) if len(given) == 1 else given[:2]
    step = given[2] if len(given) == 3 else (1 if end >= start else -1)
    if (step == 0 and start != end) or (step > 0 and end < start) or (step < 0 and end > start):
        raise EvaluationError("range goes the wrong way")
    found = []
    while (start < end) if step > 0 else (start > end):
        found.append(start)
        if len(found) > MOST_IN_RANGE:
            raise EvaluationError(f"range gives more than {MOST_IN_RANGE} numbers")
        start = numbers.of(start + step)
    return found


FUNCTIONS: dict[str, Function] = {
    "length": open_to_unknown(_length),
    "element": shallow(_element, fallible=True),
    "keys": shallow(_keys, fallible=True),
    "values": shallow(_values, fallible=True),
    "slice": shallow(_slice, fallible=True),
    "reverse": shallow(_reverse, fallible=True),
    "zipmap": shallow(_zipmap, fallible=True),
    "one": open_to_unknown(_one),
    "chunklist": shallow(_chunklist, fallible=True),
    "transpose": plain(_transpose, fallible=True),
    "range": plain(_range, fallible=True),
}
