"""Settings of the environment: `DBLINT_FAIL_ON=high`, `DBLINT_ENVIRONMENTS__UNNAMED=development`."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.model import Note
from dblint.nearest import nearest
from dblint.settings.validate import KeyPath
from dblint.settings.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HEAD = "DBLINT_"
# What is a variable of its own and no key of the settings.
FORMATS = f"{HEAD}OUTPUT_FORMAT"


def of_environment(environment: Mapping[str, str], schema: Mapping[str, Any]) -> tuple[Written, list[Note]]:
    """What the variables say that are keys of the settings, and a warning for each that is none.

    Lists are separated by commas; two underscores lead into a table.
    """
    table: dict[str, Any] = {}
    names: dict[KeyPath, str] = {}
    notes = []
    for name in sorted(environment):
        if not name.startswith(HEAD) or name == FORMATS:
            continue
        key = tuple(part.lower().replace("_", "-") for part in name.removeprefix(HEAD).split("__"))
        declared = _declared(key, schema)
        if declared is None:
            known = nearest(".".join(key), schema["properties"])
            notes.append(Note(name, f"it names no key of the settings{known or ', and is not read'}", "settings"))
        else:
            _put(table, key, _value(environment[name], declared))
            names[key] = name
    return Written(table, "the environment", names=names), notes


def _declared(key: tuple[str, ...], schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the schema says of a key that holds a text, a list of texts, a number or a truth; None for all others."""
    found: Any = schema
    for step in key:
        found = found.get("properties", {}).get(step)
        if found is None:
            return None
        if "$ref" in found:
            found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    items = found.get("items", {})
    return None if found.get("type") == "object" or items.get("type") == "object" else found


def _put(table: dict[str, Any], key: tuple[str, ...], value: Any) -> None:
    for step in key[:-1]:
        table = table.setdefault(step, {})
    table[key[-1]] = value


def _value(text: str, declared: Mapping[str, Any]) -> Any:
    """The text in the type that the schema wants; itself where it is none, which is then refused with the rest."""
    wanted = declared.get("type")
    if wanted == "array":
        return [item.strip() for item in text.split(",") if item.strip()]
    if wanted == "boolean" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    if wanted == "integer" and text.lstrip("-").isdigit():
        return int(text)
    return text
