"""The tables of the settings, as frozen data. Imported only where some file has them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from dblint.records import dataclass, field
from dblint.settings.lists import Selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Scenario:
    """`[scenarios.<name>]`."""

    var_files: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    workspace: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """`[rules.<name>]`. `options` are as written: the rule says which there are. `place` is where the table begins,
    as file and line."""

    severity: str = ""
    ignorable: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    place: tuple[str, int | None] = ("", None)


@dataclass(frozen=True, slots=True)
class Ignore:
    """`[[ignores]]`: findings that are accepted. Empty lists of patterns match everything; `paths` are relative to the
    project. `until` is the last day. It stands in `file`, on `line`."""

    rules: tuple[str, ...]
    reason: str
    paths: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    until: datetime.date | None = None
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """`[[overrides]]`: other rules for some paths, which are relative to the project."""

    paths: tuple[str, ...]
    selectors: Selectors
    file: str = ""
    line: int | None = None
