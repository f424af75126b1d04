"""Settings as one place says them: a file, a variable of the environment, an option of the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dblint.model import Problem
from dblint.records import dataclass, field
from dblint.settings.validate import KeyPath
from dblint.settings.values import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ASSIGNED = "--config"


@dataclass(frozen=True, slots=True)
class Written:
    """A table, and where it is said: a path of the project, "--config". `content` is the file, in which the table lies
    below `prefix`; `folder` is what its patterns of paths are relative to. `names`: keys that are said somewhere of
    their own, "DBLINT_PROFILE" or "--profile"."""

    table: Mapping[str, Any]
    path: str = ""
    content: bytes = b""
    prefix: KeyPath = ()
    folder: str = "."
    names: Mapping[KeyPath, str] = field(default_factory=dict)

    def line(self, at: KeyPath) -> int | None:
        """The line of a key of the table; None where it stands in no file."""
        if not self.content:
            return None
        from dblint.settings.toml import line_of

        return line_of(self.content, (*self.prefix, *at))

    def source(self, at: KeyPath) -> str:
        """The file, variable or option that says a key."""
        return next((name for key, name in self.names.items() if at[: len(key)] == key), self.path)

    def written_at(self, key: str) -> tuple[str, int | None]:
        """The file, variable or option that says a key of the table, and the line."""
        return self.source((key,)), self.line((key,))

    def place(self, at: KeyPath) -> str:
        """Where a key is said, in words: "dblint.toml:3", "--profile"."""
        line = self.line(at)
        return f"{self.path}:{line}" if line else self.source(at)


def read(content: bytes, path: str, folder: str | None = None) -> Written | None:
    """The settings of a file; None where a pyproject.toml has none. Raises SettingsError."""
    from dblint.settings.toml import line_of, parse

    where = folder_of(path) if folder is None else folder
    if path.rpartition("/")[2] != "pyproject.toml":
        return Written(parse(content, path), path, content, folder=where)
    if b"dblint" not in content:
        return None
    tool = parse(content, path).get("tool")
    table = tool.get("dblint") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError(Problem(path, "tool.dblint: expected a table", line_of(content, ("tool", "dblint"))))
    return Written(table, path, content, ("tool", "dblint"), where)


def folder_of(path: str) -> str:
    """What the patterns of a file of settings are relative to: its folder, or the one that holds .config."""
    folder, _, _ = path.rpartition("/")
    above, _, name = folder.rpartition("/")
    return (above if name == ".config" else folder) or "."


def assignment(text: str) -> Written:
    """`--config KEY=VALUE`: the value is TOML, or else a plain text. Raises SettingsError."""
    from dblint.settings.toml import parse

    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise SettingsError(Problem(_ASSIGNED, f"expected FILE or KEY=VALUE, found {text}"))
    try:
        return Written(parse(f"{key}={value}".encode(), _ASSIGNED), _ASSIGNED)
    except SettingsError:
        return Written(parse(f"{key}={json.dumps(value.strip())}".encode(), _ASSIGNED), _ASSIGNED)
