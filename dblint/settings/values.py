"""What settings say, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dblint.model import Environments, Problem
from dblint.settings.lists import Selectors

if TYPE_CHECKING:
    from dblint.settings.tables import Ignore, Override, RuleSettings, Scenario


class SettingsError(Exception):
    """Settings that can not be used, and all that is wrong with them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{problem.path}:{problem.line}: {problem.message}" for problem in problems))
        self.problems = problems


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
