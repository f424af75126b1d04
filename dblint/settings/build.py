"""From tables as they are written to `Settings`."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dblint.model import Environments, Problem
from dblint.settings.lists import Selectors
from dblint.settings.tables import Ignore, Override, RuleSettings, Scenario
from dblint.settings.toml import line_of, parse
from dblint.settings.validate import KeyPath, errors
from dblint.settings.values import Settings, SettingsError

SCHEMA = Path(__file__).resolve().parent.parent / "dblint.schema.json"

# Keys that name code in other tools, and what a person who writes one of them is told.
_CODE = frozenset({"extensions", "load-plugins", "packs", "plugins", "rules-dir", "rules-path"})
_NO_CODE = "settings never name code, since they belong to what is scanned"
_CODE_HINT = "give the folder on the command line: dblint scan --rules DIR"
_NO_FILE = "settings never name a file to write, since they belong to what is scanned"
_FILE_HINT = "give it on the command line: dblint scan -f {}"


@dataclass(frozen=True, slots=True)
class Written:
    """Settings as they are written: a table, the file that it comes from and where in it it lies."""

    table: Mapping[str, Any]
    path: str = ""
    content: bytes = b""
    prefix: KeyPath = ()

    def line(self, at: KeyPath) -> int | None:
        return line_of(self.content, (*self.prefix, *at)) if self.content else None


def read(content: bytes, path: str) -> Written | None:
    """The settings of a file; None where a pyproject.toml has none. Raises SettingsError."""
    if path.rpartition("/")[2] != "pyproject.toml":
        return Written(parse(content, path), path, content)
    if b"dblint" not in content:
        return None
    tool = parse(content, path).get("tool")
    table = tool.get("dblint") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError(Problem(path, "tool.dblint: expected a table", line_of(content, ("tool", "dblint"))))
    return Written(table, path, content, ("tool", "dblint"))


def assignment(text: str) -> Written:
    """`--config KEY=VALUE`: the value is TOML, or else a plain text. Raises SettingsError."""
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise SettingsError(Problem("--config", f"expected FILE or KEY=VALUE, found {text}"))
    try:
        return Written(parse(f"{key}={value}".encode(), "--config"), "--config")
    except SettingsError:
        return Written(parse(f"{key}={json.dumps(value.strip())}".encode(), "--config"), "--config")


def schema() -> dict[str, Any]:
    """The JSON Schema of the settings, as it is shipped."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def build(file: Written | None, assignments: list[Written] | None = None) -> Settings:
    """The settings of a file, changed by assignments of the command line. Raises SettingsError with all that is
    wrong."""
    layers = [layer for layer in (file, *(assignments or [])) if layer]
    if not layers:
        return Settings()
    whole = schema()
    problems = [problem for layer in layers for problem in _problems(layer, whole)]
    if problems:
        raise SettingsError(*problems)
    table: Mapping[str, Any] = {}
    for layer in layers:
        table = _merged(table, layer.table)
    return _settings(table, file or Written({}))


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tables are merged; everything else is replaced."""
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        both[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _problems(written: Written, whole: Mapping[str, Any]) -> Iterator[Problem]:
    for at, message in errors(dict(written.table), whole, whole):
        name = ".".join(map(str, at))
        text = message if message.startswith("unknown key") else f"{name}: {message}"
        yield _explained(Problem(written.path, text, written.line(at)), at, written.table)


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


def _settings(table: Mapping[str, Any], written: Written) -> Settings:
    fields: dict[str, Any] = {
        name: table[key]
        for name in ("profile", "fail_on", "min_severity", "min_confidence", "output_format")
        if (key := name.replace("_", "-")) in table
    }
    return Settings(
        **fields,
        path=written.path,
        folder=_folder(written.path),
        selectors=(_selectors(table),),
        environments=_environments(table.get("environments", {})),
        scenarios={name: _scenario(inner) for name, inner in table.get("scenarios", {}).items()},
        roots=tuple(table.get("terraform", {}).get("roots", ())),
        rules={
            name: _rule(inner, (written.path, written.line(("rules", name))))
            for name, inner in table.get("rules", {}).items()
        },
        require_reason=table.get("suppressions", {}).get("require-reason", False),
        ignores=tuple(_ignore(inner, written, index) for index, inner in enumerate(table.get("ignores", ()))),
        overrides=tuple(_override(inner, written, index) for index, inner in enumerate(table.get("overrides", ()))),
    )


def _folder(path: str) -> str:
    """What the patterns of a file of settings are relative to: its folder, or the one that holds .config."""
    folder, _, _ = path.rpartition("/")
    above, _, name = folder.rpartition("/")
    return (above if name == ".config" else folder) or "."


def _selectors(table: Mapping[str, Any]) -> Selectors:
    return Selectors(
        select=tuple(table["select"]) if "select" in table else None,
        ignore=tuple(table["ignore"]) if "ignore" in table else None,
        extend_select=tuple(table.get("extend-select", ())),
        extend_ignore=tuple(table.get("extend-ignore", ())),
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


def _rule(table: Mapping[str, Any], place: tuple[str, int | None]) -> RuleSettings:
    options = {key: value for key, value in table.items() if key not in ("severity", "ignorable")}
    return RuleSettings(table.get("severity", ""), table.get("ignorable", True), options, place)


def _ignore(table: Mapping[str, Any], written: Written, index: int) -> Ignore:
    return Ignore(
        rules=tuple(table["rules"]),
        reason=table["reason"],
        paths=tuple(table.get("paths", ())),
        resources=tuple(table.get("resources", ())),
        scenarios=tuple(table.get("scenarios", ())),
        until=datetime.date.fromisoformat(table["until"]) if "until" in table else None,
        line=written.line(("ignores", index)),
    )


def _override(table: Mapping[str, Any], written: Written, index: int) -> Override:
    return Override(tuple(table["paths"]), _selectors(table), written.line(("overrides", index)))
