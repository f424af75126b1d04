"""From tables as they are written to `Settings`."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from dblint.model import Environments, Problem
from dblint.records import replace
from dblint.settings.lists import Selectors
from dblint.settings.pins import wrong
from dblint.settings.tables import Ignore, Override, RuleSettings, Scenario
from dblint.settings.validate import KeyPath, errors
from dblint.settings.values import Settings, SettingsError
from dblint.settings.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA = Path(__file__).resolve().parent.parent / "dblint.schema.json"

# Keys that name code in other tools, and what a person who writes one of them is told.
_CODE = frozenset({"extensions", "load-plugins", "plugins", "rules-dir", "rules-path"})
_NO_CODE = "settings never name code, since they belong to what is scanned"
_CODE_HINT = 'name an installed distribution: packs = ["its-name"]; or give a folder: dblint scan --rules DIR'
_NO_FILE = "settings never name a file to write, since they belong to what is scanned"
_FILE_HINT = "give it on the command line: dblint scan -f {}"

_LISTS = ("select", "ignore", "extend-select", "extend-ignore")
_SCALARS = (
    *("profile", "preview", "ruleset", "fail_on", "min_severity", "min_confidence", "output_format"),
    "respect_gitignore",
)


def schema() -> dict[str, Any]:
    """The JSON Schema of the settings, as it is shipped."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def build(layers: Sequence[Written], path: str = "") -> Settings:
    """The settings of several places, each over the one before it. `path` is the file among them.

    Raises SettingsError with all that is wrong.
    """
    if not layers:
        return Settings()
    problems = list(wrong(layers)) or [problem for layer in layers for problem in _problems(layer)]
    if problems:
        raise SettingsError(*problems)
    return _settings(layers, path)


def merged(layers: Sequence[Written]) -> Mapping[str, Any]:
    """One table of all: what a later place says replaces what an earlier one does, key by key."""
    table: Mapping[str, Any] = {}
    for layer in layers:
        table = _merged(table, layer.table)
    return table


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Mapping[str, Any]:
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        both[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _problems(written: Written) -> Iterator[Problem]:
    whole = schema()
    for at, message in errors(dict(written.table), whole, whole):
        name = ".".join(map(str, at))
        text = message if message.startswith("unknown key") else f"{name}: {message}"
        yield _explained(Problem(written.source(at), text, written.line(at)), at, written.table)


def _explained(problem: Problem, at: KeyPath, table: Mapping[str, Any]) -> Problem:
    """The problem, or what is to be said where somebody wanted settings to name code or a file."""
    if (at[:1] and at[0] in _CODE) or at == ("rules",):
        return replace(problem, message=f"{at[0]}: {_NO_CODE}", hint=_CODE_HINT)
    value = table.get("output-format")
    texts = value if isinstance(value, list) else [value]
    if at == ("output-format",) and any(isinstance(text, str) and "=" in text for text in texts):
        named = next(text for text in texts if isinstance(text, str) and "=" in text)
        return replace(problem, message=f"output-format: {_NO_FILE}", hint=_FILE_HINT.format(named))
    return problem


def _settings(layers: Sequence[Written], path: str) -> Settings:
    table = merged(layers)
    fields: dict[str, Any] = {name: table[key] for name in _SCALARS if (key := name.replace("_", "-")) in table}
    suppressions = table.get("suppressions", {})
    return Settings(
        **fields,
        path=path,
        selectors=tuple(_selectors(layer.table, layer.written_at) for layer in layers),
        baseline=_of_project(layers, ("baseline",)),
        packs=tuple(table.get("packs", ())),
        include=_of_folder(layers, ("include",)),
        exclude=_excluded(layers),
        environments=_environments(table.get("environments", {})),
        scenarios={name: _scenario(inner) for name, inner in table.get("scenarios", {}).items()},
        roots=_of_folder(layers, ("terraform", "roots")),
        modules=table.get("terraform", {}).get("modules", "installed"),
        rules={name: _rule(name, inner, layers) for name, inner in table.get("rules", {}).items()},
        require_reason=suppressions.get("require-reason", False),
        longest_days=suppressions.get("max-days"),
        honour=tuple(suppressions["honour"]) if "honour" in suppressions else None,
        failing_notes=tuple(suppressions.get("errors", ())),
        ignores=tuple(_ignore(*entry) for entry in _entries(layers, "ignores")),
        overrides=tuple(_override(*entry) for entry in _entries(layers, "overrides")),
    )


def _said_by(layers: Sequence[Written], key: tuple[str, ...]) -> tuple[Any, Written] | None:
    """The value of a key, and the last place that says it."""
    for layer in reversed(layers):
        value: Any = layer.table
        for step in key:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            return value, layer
    return None


def _of_folder(layers: Sequence[Written], key: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns of paths, made relative to the project."""
    said = _said_by(layers, key)
    return tuple(_in(said[1].folder, pattern) for pattern in said[0]) if said else ()


def _of_project(layers: Sequence[Written], key: tuple[str, ...]) -> str:
    said = _said_by(layers, key)
    return _in(said[1].folder, said[0]) if said else ""


def _in(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"


def _excluded(layers: Sequence[Written]) -> tuple[str, ...]:
    """`exclude` of the last place that has it, and what that place and the later ones add."""
    patterns: list[str] = []
    for layer in layers:
        if "exclude" in layer.table:
            patterns = [_in(layer.folder, pattern) for pattern in layer.table["exclude"]]
        patterns += (_in(layer.folder, pattern) for pattern in layer.table.get("extend-exclude", ()))
    return tuple(dict.fromkeys(patterns))


def _selectors(table: Mapping[str, Any], place: Callable[[str], tuple[str, int | None]]) -> Selectors:
    return Selectors(
        select=tuple(table["select"]) if "select" in table else None,
        ignore=tuple(table["ignore"]) if "ignore" in table else None,
        extend_select=tuple(table.get("extend-select", ())),
        extend_ignore=tuple(table.get("extend-ignore", ())),
        places={key.replace("-", "_"): place(key) for key in _LISTS if key in table},
    )


def _environments(table: Mapping[str, Any]) -> Environments:
    fields: dict[str, Any] = {
        key.replace("-", "_"): tuple(word.lower() for word in table[key])
        for key in ("production", "development", "tag-keys")
        if key in table
    }
    if "unnamed" in table:
        fields["unnamed"] = table["unnamed"]
    return replace(Environments(), **fields)


def _scenario(table: Mapping[str, Any]) -> Scenario:
    return Scenario(
        var_files=tuple(table.get("var-files", ())),
        parameters=tuple(table.get("parameters", ())),
        workspace=table.get("workspace", ""),
        tier=table.get("tier", ""),
    )


def _rule(name: str, table: Mapping[str, Any], layers: Sequence[Written]) -> RuleSettings:
    options = {key: value for key, value in table.items() if key not in ("severity", "ignorable")}
    said = _said_by(layers, ("rules", name))
    place = (said[1].path, said[1].line(("rules", name))) if said else ("", None)
    return RuleSettings(table.get("severity", ""), table.get("ignorable", True), options, place)


def _entries(layers: Sequence[Written], key: str) -> Iterator[tuple[Mapping[str, Any], Written, int | None]]:
    """The entries of an array of tables, of all places, each with its place and its line."""
    for layer in layers:
        for index, entry in enumerate(layer.table.get(key, ())):
            yield entry, layer, layer.line((key, index))


def _ignore(table: Mapping[str, Any], written: Written, line: int | None) -> Ignore:
    return Ignore(
        rules=tuple(table["rules"]),
        reason=table["reason"],
        paths=tuple(_in(written.folder, pattern) for pattern in table.get("paths", ())),
        resources=tuple(table.get("resources", ())),
        scenarios=tuple(table.get("scenarios", ())),
        until=datetime.date.fromisoformat(table["until"]) if "until" in table else None,
        file=written.path,
        line=line,
    )


def _override(table: Mapping[str, Any], written: Written, line: int | None) -> Override:
    paths = tuple(_in(written.folder, pattern) for pattern in table["paths"])
    return Override(paths, _selectors(table, lambda key: (written.path, line)), written.path, line)
