"""Known values as Python's own, and back."""

from __future__ import annotations

from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.types import Type
from dblint.sources.terraform.values.value import (
    Value,
    boolean,
    list_of,
    map_of,
    null,
    number,
    object_of,
    set_of,
    string,
    tuple_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def to_plain(value: Value) -> Any:
    """A value in which all is known: lists, sets and tuples as lists, maps and objects as dicts, numbers as int or
    Fraction."""
    if value.kind in ("list", "set", "tuple"):
        return [to_plain(item) for item in value.data]
    if value.kind in ("map", "object"):
        return {key: to_plain(item) for key, item in value.data.items()}
    return value.data


def from_plain(data: Any, type: Type = types.ANY) -> Value:
    """Data of Python as a value of the type; without one, lists are tuples and dicts objects."""
    if data is None:
        return null(type)
    if isinstance(data, bool):
        return boolean(data)
    if isinstance(data, str):
        return string(data)
    if isinstance(data, (list, tuple)):
        return _sequence(data, type)
    if isinstance(data, dict):
        inner = type.inner if type.kind == "map" else types.ANY
        entries = {key: from_plain(item, inner) for key, item in data.items()}
        return map_of(entries, inner) if type.kind == "map" else object_of(entries)
    return number(data)


def _sequence(data: list[Any] | tuple[Any, ...], type: Type) -> Value:
    if type.kind == "list":
        return list_of((from_plain(item, type.inner) for item in data), type.inner)
    if type.kind == "set":
        return set_of((from_plain(item, type.inner) for item in data), type.inner)
    return tuple_of(from_plain(item) for item in data)
