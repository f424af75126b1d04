"""Functions that look for something in a list or map."""

from __future__ import annotations

from dblint.sources.terraform.functions.elements import SEQUENCES, entries_of, may_be_null
from dblint.sources.terraform.functions.registry import Function, known, open_to_unknown
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import picked
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.equality import equals
from dblint.sources.terraform.values.lifting import lift
from dblint.sources.terraform.values.operators import binary, combined, doubted
from dblint.sources.terraform.values.types import NoCommonType
from dblint.sources.terraform.values.unification import unify
from dblint.sources.terraform.values.value import (
    Evaluated,
    EvaluationError,
    Value,
    altered,
    boolean,
    list_of,
    number,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _lookup(mapping: Value, key: Value, *defaults: Value) -> Evaluated:
    if len(defaults) > 1:
        raise EvaluationError("lookup takes two or three arguments")
    default = defaults[0] if defaults else None
    if mapping.kind == "unknown":
        if mapping.type.kind not in ("any", "map", "object"):
            raise EvaluationError("lookup takes a map")
        return _lookup_in_unknown(mapping, key, default)
    if mapping.kind != "map" or default is None:
        return _found(mapping, key, default)
    converted = convert(default, mapping.type)
    assert isinstance(converted, Value)
    return doubted(_found(mapping, key, converted), (converted,))


def _found(mapping: Value, key: Value, default: Value | None) -> Evaluated:
    entries = entries_of(mapping, "lookup")
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
    return combined(altered(made, data=may_be_null(made.data)), *values)


def _lookup_unknown(mapping: Value, entries: dict[str, Evaluated], key: Value, default: Value | None) -> Evaluated:
    """By what an unknown key is, where it has an identity."""
    from dblint.sources.terraform.values.value import error

    rest = error("lookup found no such key") if default is None else default
    found = picked(key, entries, rest)
    if found is not None:
        return found
    values = (mapping, key) if default is None else (mapping, key, default)
    made = derived("lookup", values, mapping.type if mapping.kind == "map" else types.ANY, fallible=default is None)
    return combined(altered(made, data=may_be_null(made.data)), *values)


def _contains(values: Value, wanted: Value) -> Evaluated:
    if values.kind == "unknown":
        if values.type.kind not in ("any", "list", "set", "tuple"):
            raise EvaluationError("contains takes a list")
        return combined(derived("contains", (values, wanted), types.BOOL, fallible=True), values, wanted)
    if wanted.kind == "null":
        raise EvaluationError("contains does not take null")
    if values.kind not in SEQUENCES:
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


def _matchkeys(values: Value, keys: Any, wanted: Any) -> Evaluated:
    if len(values.data) != len(keys.data):
        raise EvaluationError("matchkeys takes as many keys as values")
    try:
        common = types.list_of(unify((keys.type, wanted.type)))
    except NoCommonType:
        raise EvaluationError("the keys and what is sought have different types") from None
    keys, wanted = convert(keys, common), convert(wanted, common)
    chosen = [v for v, k in zip(values.data, keys.data) if any(_same(k, other) for other in wanted.data)]
    return list_of(chosen, values.type)


def _same(one: Value, two: Value) -> bool:
    result = equals(one, two)
    return isinstance(result, Value) and result.data is True


FUNCTIONS: dict[str, Function] = {
    "lookup": open_to_unknown(_lookup),
    "contains": open_to_unknown(_contains),
    "index": known(_index, fallible=True),
    "matchkeys": known(_matchkeys, fallible=True),
}
