"""Holds a table against the schema of the settings, and says in plain words what is wrong.

It knows the keywords of JSON Schema that `dblint.schema.json` uses, and no others; a test holds it against a whole
validator.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence

from dblint.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

KeyPath = tuple["str | int", ...]
Schema: TypeAlias = "Mapping[str, Any]"

_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "object": (dict, "a table"),
    "array": (list, "a list"),
    "string": (str, "a text"),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "number": ((int, float), "a number"),
}


def errors(value: object, schema: Schema, whole: Schema, at: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """What is wrong with a value: where, and what was expected. `whole` is the schema that references lead into."""
    if "$ref" in schema:
        yield from errors(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, at)
    elif wrong := _wrong(value, schema):
        yield at, wrong
    elif isinstance(value, dict):
        yield from _table_errors(value, schema, whole, at)
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from errors(item, schema["items"], whole, (*at, index))


def _table_errors(table: dict[str, Any], schema: Schema, whole: Schema, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in table:
            yield at, f"expected the key {name}"
    for name, value in table.items():
        if name in known:
            yield from errors(value, known[name], whole, (*at, name))
        elif others is False:
            yield (*at, name), f"unknown key {name}{nearest(name, known)}"
        elif isinstance(others, Mapping):
            yield from errors(value, others, whole, (*at, name))


def _wrong(value: object, schema: Schema) -> str:
    """What is wrong with the value itself; "" where nothing is."""
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if types and not any(_is(value, type) for type in types):
        return f"expected {_either([_TYPES[type][1] for type in types])}, found {describe(value)}"
    if "enum" in schema and value not in schema["enum"]:
        close = nearest(value, schema["enum"]) if isinstance(value, str) else ""
        return f"expected {_either(schema['enum'])}, found {describe(value)}{close}"
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        return "expected a text that is not empty"
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        return "expected a list that is not empty"
    if schema.get("format") == "date" and not is_date(value):
        return f"expected a date as 2027-03-31, found {describe(value)}"
    return ""


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _is(value: object, type: str) -> bool:
    if isinstance(value, bool):
        return type == "boolean"
    return isinstance(value, _TYPES[type][0])


def is_date(value: object) -> bool:
    """Whether a text is a day of the calendar, as YYYY-MM-DD."""
    if not isinstance(value, str) or len(value) != 10 or value[7] != "-":
        return False
    try:
        return bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def describe(value: object) -> str:
    """A value of TOML in words, as "expected …, found …" goes on."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value[:60], ensure_ascii=False)
    return next((words for kind, words in _TYPES.values() if isinstance(value, kind)), "a time")
