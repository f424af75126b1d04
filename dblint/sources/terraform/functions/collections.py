"""Functions of lists, maps and objects that leave the elements as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dblint.model import Choice
from dblint.sources.terraform.functions.registry import Function, known, open_to_unknown, plain, shallow
from dblint.sources.terraform.limits import LARGEST_VALUE, MOST_IN_RANGE, LimitReached
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import element_of, picked
from dblint.sources.terraform.values.conversion import convert, unified
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.equality import equals
from dblint.sources.terraform.values.graphemes import graphemes
from dblint.sources.terraform.values.lifting import by_value, hoist, lift
from dblint.sources.terraform.values.operators import binary, combined
from dblint.sources.terraform.values.types import NoCommonType
from dblint.sources.terraform.values.value import (
    STEERED,
    UNKNOWN,
    Evaluated,
    EvaluationError,
    SteeredType,
    Value,
    altered,
    boolean,
    list_of,
    map_of,
    null,
    number,
    object_of,
    plain_leaves,
    string,
    tuple_of,
)

_SEQUENCES = ("list", "tuple", "set")


def _items(value: Value, what: str) -> list[Evaluated]:
    """The elements of a list, tuple or set, each of which came the way that the whole came."""
    if value.kind not in _SEQUENCES:
        raise EvaluationError(f"{what} takes a list, not a {value.kind}")
    return [element_of(value, item) for item in value.data]


def _entries(value: Value, what: str) -> dict[str, Evaluated]:
    if value.kind not in ("map", "object"):
        raise EvaluationError(f"{what} takes a map, not a {value.kind}")
    return {key: element_of(value, item) for key, item in value.data.items()}


def _length(value: Value) -> Evaluated:
    if value.kind == "unknown" or (value.kind == "set" and value.flags & UNKNOWN):
        if value.type.kind in ("number", "bool"):
            raise EvaluationError("length takes a text or a collection")
        return combined(derived("length", (value,), types.NUMBER, fallible=value.type.kind == "any"), value)
    if value.kind == "string":
        return number(len(graphemes(value.data)))
    if value.kind in ("number", "bool"):
        raise EvaluationError("length takes a text or a collection")
    return number(len(value.data))


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
        merged.update(_entries(value, "merge"))
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
    items = [item for value in values for item in _items(value, "concat")]
    if any(value.kind == "tuple" for value in values):
        return tuple_of(items)
    try:
        element = types.unify(value.type for value in values)
    except NoCommonType:
        return tuple_of(items)
    return list_of((convert(item, element) for item in items), element)


def _may_be_list(value: Value) -> bool:
    return value.kind in ("list", "tuple") or (value.kind == "unknown" and value.type.kind in ("any", "list", "tuple"))


def _lookup(mapping: Value, key: Value, *defaults: Value) -> Evaluated:
    if len(defaults) > 1:
        raise EvaluationError("lookup takes two or three arguments")
    default = defaults[0] if defaults else None
    if mapping.kind == "unknown":
        if mapping.type.kind not in ("any", "map", "object"):
            raise EvaluationError("lookup takes a map")
        return _lookup_in_unknown(mapping, key, default)
    entries = _entries(mapping, "lookup")
    if mapping.kind == "map" and default is not None:
        converted = convert(default, mapping.type)
        assert isinstance(converted, Value)
        default = converted
    if key.kind == "unknown":
        return _lookup_unknown(mapping, entries, key, default)
    if key.data in entries:
        return entries[key.data]
    if default is None:
        raise EvaluationError(f'lookup found no "{key.data}"')
    return default


def _lookup_in_unknown(mapping: Value, key: Value, default: Value | None) -> Evaluated:
    type = mapping.type.inner if mapping.type.kind == "map" else types.ANY
    values = (mapping, key) if default is None else (mapping, key, default)
    made = derived("lookup", values, type, fallible=default is None)
    return combined(altered(made, data=_may_be_null(made.data)), *values)


def _may_be_null(payload: Any) -> Any:
    from dataclasses import replace

    return replace(payload, is_set=False)


def _lookup_unknown(mapping: Value, entries: dict[str, Evaluated], key: Value, default: Value | None) -> Evaluated:
    """By what an unknown key is, where it has an identity."""
    from dblint.sources.terraform.values.value import error

    rest = error("lookup found no such key") if default is None else default
    found = picked(key, entries, rest)
    if found is not None:
        return found
    values = (mapping, key) if default is None else (mapping, key, default)
    made = derived("lookup", values, mapping.type if mapping.kind == "map" else types.ANY, fallible=default is None)
    return combined(altered(made, data=_may_be_null(made.data)), *values)


def _element(values: Value, position: Value) -> Evaluated:
    if values.kind not in ("list", "tuple"):
        raise EvaluationError("element takes a list")
    if not isinstance(position.data, int) or position.data < 0:
        raise EvaluationError("element takes an index that is a whole number and not negative")
    if not values.data:
        raise EvaluationError("element takes a list that is not empty")
    return element_of(values, values.data[position.data % len(values.data)])


def _flatten(value: Value) -> Evaluated:
    if value.kind not in (*_SEQUENCES, "unknown"):
        raise EvaluationError("flatten takes a list")
    if _holds_unknown_list(value):
        return combined(derived("flatten", (value,), types.ANY), value)
    if _holds_choice_of_lists(value):
        return lift(_flatten, hoist(value))
    return tuple_of(_leaves(value))


def _leaves(value: Value) -> Iterator[Evaluated]:
    for item in _items(value, "flatten"):
        if isinstance(item, Choice) or item.kind not in _SEQUENCES:
            yield item
        else:
            yield from _leaves(item)


def _holds_unknown_list(value: Value) -> bool:
    if value.kind == "unknown":
        return not types.is_primitive(value.type) and value.type.kind not in ("map", "object")
    if value.kind == "set" and value.flags & UNKNOWN:
        return True
    if value.kind not in _SEQUENCES or not value.flags & UNKNOWN:
        return False
    return any(_holds_unknown_list(leaf) for item in value.data for leaf in plain_leaves(item))


def _holds_choice_of_lists(value: Value) -> bool:
    if value.kind not in _SEQUENCES or not value.flags & STEERED:
        return False
    for item in value.data:
        if isinstance(item, Choice):
            if any(leaf.kind in _SEQUENCES or leaf.kind == "error" for leaf in plain_leaves(item)):
                return True
        elif _holds_choice_of_lists(item):
            return True
    return False


def _keys(value: Value) -> Evaluated:
    entries = _entries(value, "keys")
    names = [string(key) for key in entries]
    return list_of(names, types.STRING) if value.kind == "map" else tuple_of(names)


def _values(value: Value) -> Evaluated:
    entries = _entries(value, "values").values()
    return list_of(entries, value.type) if value.kind == "map" else tuple_of(entries)


def _contains(values: Value, wanted: Value) -> Evaluated:
    if values.kind == "unknown":
        if values.type.kind not in ("any", "list", "set", "tuple"):
            raise EvaluationError("contains takes a list")
        return combined(derived("contains", (values, wanted), types.BOOL, fallible=True), values, wanted)
    if wanted.kind == "null":
        raise EvaluationError("contains does not take null")
    if values.kind not in _SEQUENCES:
        raise EvaluationError("contains takes a list")
    found: Evaluated = boolean(False)
    for item in values.data:
        found = binary("||", found, _equal(item, wanted))
        if isinstance(found, Value) and found.data is True:
            break
    return lift(lambda plain: _identified(plain, values, wanted), found)


def _equal(item: Evaluated, wanted: Value) -> Evaluated:
    return equals(item, wanted)


def _identified(found: Value, values: Value, wanted: Value) -> Value:
    if found.kind != "unknown":
        return found
    return combined(derived("contains", (values, wanted), types.BOOL, takes_null=True), values, wanted)


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
    from dataclasses import replace

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


def _slice(values: Value, start: Value, end: Value) -> Evaluated:
    if values.kind not in ("list", "tuple"):
        raise EvaluationError("slice takes a list")
    first, last = start.data, end.data
    if not isinstance(first, int) or not isinstance(last, int) or not 0 <= first <= last <= len(values.data):
        raise EvaluationError("slice goes beyond the list")
    items = _items(values, "slice")[first:last]
    return list_of(items, values.type) if values.kind == "list" else tuple_of(items)


def _reverse(values: Value) -> Evaluated:
    items = _items(values, "reverse")[::-1]
    return tuple_of(items) if values.kind == "tuple" else list_of(items, values.type)


def _zipmap(keys: Value, values: Value) -> Evaluated:
    items = _items(values, "zipmap")
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
        return combined(altered(made, data=_may_be_null(made.data)), values)
    items = _items(values, "one")
    if values.kind == "set" and values.flags & UNKNOWN and len(items) > 1:
        return combined(derived("one", (values,), values.type, fallible=True), values)
    if len(items) > 1:
        raise EvaluationError("one takes a list of at most one element")
    return items[0] if items else null(values.type)


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


def _chunklist(values: Value, size: Value) -> Evaluated:
    if not isinstance(size.data, int) or size.data < 0:
        raise EvaluationError("chunklist takes a size that is a whole number")
    items = _items(values, "chunklist")
    step = size.data or max(len(items), 1)
    chunks = [list_of(items[i : i + step], values.type) for i in range(0, len(items), step)]
    return list_of(chunks, types.list_of(values.type))


def _matchkeys(values: Value, keys: Value, wanted: Value) -> Evaluated:
    if len(values.data) != len(keys.data):
        raise EvaluationError("matchkeys takes as many keys as values")
    try:
        types.unify((keys.type, wanted.type))
    except NoCommonType:
        raise EvaluationError("the keys and what is sought have different types") from None
    chosen = [v for v, k in zip(values.data, keys.data) if any(_same(k, other) for other in wanted.data)]
    return list_of(chosen, values.type)


def _same(one: Value, two: Value) -> bool:
    result = equals(one, two)
    return isinstance(result, Value) and result.data is True


def _transpose(mapping: dict[str, list[str]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for key, names in mapping.items():
        for name in names:
            if name is None:
                raise EvaluationError("transpose takes no null")
            turned.setdefault(name, []).append(key)
    return {key: sorted(turned[key]) for key in sorted(turned)}


def _range(*given: Any) -> list[Any]:
    if not 1 <= len(given) <= 3 or any(isinstance(part, float) for part in given):
        raise EvaluationError("range takes one to three numbers")
    start, end = (0, given[0]) if len(given) == 1 else given[:2]
    step = given[2] if len(given) == 3 else (1 if end >= start else -1)
    if step == 0 or (step > 0 and end < start) or (step < 0 and end > start):
        raise EvaluationError("range goes the wrong way")
    found = []
    while (start < end) if step > 0 else (start > end):
        found.append(start)
        if len(found) > MOST_IN_RANGE:
            raise EvaluationError(f"range gives more than {MOST_IN_RANGE} numbers")
        start = numbers.of(start + step)
    return found


def _index(values: Value, wanted: Value) -> Evaluated:
    if values.kind not in ("list", "tuple"):
        raise EvaluationError("index takes a list")
    for i, item in enumerate(values.data):
        result = equals(item, wanted)
        if not isinstance(result, Value) or result.kind == "unknown":
            return combined(derived("index", (values, wanted), types.NUMBER, fallible=True), values, wanted)
        if result.data:
            return number(i)
    raise EvaluationError("index found no such element")


def product_size(sizes: list[int]) -> int:
    """How many combinations there are. Raises LimitReached."""
    total = 1
    for size in sizes:
        total *= size
    if total * max(len(sizes), 1) > LARGEST_VALUE:
        raise LimitReached(f"a value has more than {LARGEST_VALUE:,} parts")
    return total


FUNCTIONS: dict[str, Function] = {
    "length": open_to_unknown(_length),
    "merge": open_to_unknown(_merge),
    "concat": open_to_unknown(_concat),
    "lookup": open_to_unknown(_lookup),
    "element": shallow(_element, fallible=True),
    "flatten": open_to_unknown(_flatten),
    "keys": shallow(_keys, fallible=True),
    "values": shallow(_values, fallible=True),
    "contains": open_to_unknown(_contains),
    "coalesce": open_to_unknown(_coalesce),
    "coalescelist": open_to_unknown(_coalescelist),
    "slice": shallow(_slice, fallible=True),
    "reverse": shallow(_reverse, fallible=True),
    "zipmap": shallow(_zipmap, fallible=True),
    "one": open_to_unknown(_one),
    "list": open_to_unknown(_removed_list),
    "map": open_to_unknown(_removed_map),
    "chunklist": shallow(_chunklist, fallible=True),
    "matchkeys": known(_matchkeys, fallible=True),
    "transpose": plain(_transpose, fallible=True),
    "range": plain(_range, fallible=True),
    "index": known(_index, fallible=True),
}
