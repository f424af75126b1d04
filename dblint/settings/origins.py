"""The effective settings with the origin of each value: what `dblint config show` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from dblint.records import dataclass
from dblint.settings.build import merged
from dblint.settings.validate import KeyPath
from dblint.settings.values import Settings
from dblint.settings.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BUILT_IN = "built-in"
# Lists to which each place adds, instead of replacing them.
_ADDING = ("extend-select", "extend-ignore", "extend-exclude", "ignores", "overrides")


@dataclass(frozen=True, slots=True)
class Said:
    """One value of the settings, and the places that say it."""

    key: KeyPath
    value: Any
    origins: tuple[str, ...]


def effective(layers: Sequence[Written]) -> list[Said]:
    """Every value that holds, in the order in which a file would have them."""
    tables = [Written(defaults(), BUILT_IN), *layers]
    said = [_said(key, value, tables) for key, value in _leaves(merged(tables))]
    return sorted(said, key=lambda item: len(item.key) > 1 or item.key[0] in ("ignores", "overrides"))


def defaults() -> dict[str, Any]:
    """What holds where nobody says anything, as a table."""
    known = Settings()
    environments = known.environments
    return {
        "profile": known.profile,
        "fail-on": known.fail_on,
        "min-severity": known.min_severity,
        "output-format": known.output_format,
        "environments": {
            "production": list(environments.production),
            "development": list(environments.development),
            "tag-keys": list(environments.tag_keys),
            "unnamed": environments.unnamed,
        },
        "suppressions": {"require-reason": known.require_reason},
    }


def _leaves(table: Mapping[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _said(key: KeyPath, value: Any, layers: Sequence[Written]) -> Said:
    saying = [layer for layer in layers if _has(layer.table, key)]
    if key[0] in _ADDING:
        values = [item for layer in saying for item in layer.table[str(key[0])]]
        return Said(key, values, tuple(layer.place(key) for layer in saying))
    return Said(key, value, (saying[-1].place(key),))


def _has(table: Any, key: KeyPath) -> bool:
    for step in key:
        if not isinstance(table, dict) or step not in table:
            return False
        table = table[step]
    return True


def as_toml(said: Sequence[Said]) -> Iterator[str]:
    """The settings as a file would have them, a line each, with the origin of each value as a comment."""
    table: KeyPath = ()
    for item in said:
        if item.key[0] in ("ignores", "overrides"):
            yield from _tables(item)
            continue
        if item.key[:-1] != table:
            table = item.key[:-1]
            yield ""
            yield f"[{'.'.join(_key(str(step)) for step in table)}]"
        yield f"{_key(str(item.key[-1]))} = {toml(item.value)}  # {', '.join(item.origins)}"


def _tables(item: Said) -> Iterator[str]:
    yield ""
    yield f"# {', '.join(item.origins)}"
    for entry in item.value:
        yield f"[[{item.key[0]}]]"
        yield from (f"{_key(key)} = {toml(value)}" for key, value in entry.items())


def as_json(said: Sequence[Said]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [{"key": ".".join(map(str, item.key)), "value": item.value, "origins": list(item.origins)} for item in said]


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else toml(text)


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
