"""What settings say, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.model import Environments, Problem
from dblint.records import dataclass, field
from dblint.settings.lists import Selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.settings.tables import Ignore, Override, RuleSettings, Scenario


class SettingsError(Exception):
    """Settings that can not be used, and all that is wrong with them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{problem.path}:{problem.line}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """`path` is the file they stand in, relative to the project, "" where there is none. All patterns of paths are
    relative to the project.

    `selectors` are those of each place that says something, the nearest to the command line last. `baseline` is a path
    of the project. `honour`: the tools whose comments are obeyed, None for all. `failing_notes`: what is reported of
    suppressions and ends the run in exit 1. `longest_days`: how far ahead the last day of a suppression may lie, None
    for ever.
    """

    path: str = ""
    selectors: tuple[Selectors, ...] = ()
    profile: str = "default"
    preview: bool = False
    ruleset: str = ""
    fail_on: str = "low"
    min_severity: str = "low"
    min_confidence: str = ""
    output_format: str = "full"
    baseline: str = ""
    packs: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    environments: Environments = field(default_factory=Environments)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    modules: str = "installed"
    rules: Mapping[str, RuleSettings] = field(default_factory=dict)
    require_reason: bool = False
    longest_days: int | None = None
    honour: tuple[str, ...] | None = None
    failing_notes: tuple[str, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    overrides: tuple[Override, ...] = ()
