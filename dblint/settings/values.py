"""What settings say, as frozen data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dblint.model import Environments, Problem


class SettingsError(Exception):
    """Settings that can not be used, and all that is wrong with them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{problem.path}:{problem.line}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Selectors:
    """Lists of selectors, as written; None where a list that replaces another is not given."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()


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
    """`[[ignores]]`: findings that are accepted. Empty lists of patterns match everything. `until` is the last
    day."""

    rules: tuple[str, ...]
    reason: str
    paths: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    until: datetime.date | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """`[[overrides]]`: other rules for some paths."""

    paths: tuple[str, ...]
    selectors: Selectors
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """`path` is the file they stand in, relative to the project, "" where there is none; `folder` is what the
    patterns of paths are relative to. `selectors` are those of the file, then those of the command line."""

    path: str = ""
    folder: str = "."
    selectors: tuple[Selectors, ...] = ()
    profile: str = "default"
    fail_on: str = "low"
    min_severity: str = "low"
    min_confidence: str = ""
    output_format: str = "full"
    environments: Environments = field(default_factory=Environments)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    rules: Mapping[str, RuleSettings] = field(default_factory=dict)
    require_reason: bool = False
    ignores: tuple[Ignore, ...] = ()
    overrides: tuple[Override, ...] = ()
