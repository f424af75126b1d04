"""What one run found out: all that a report may say."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.finding import Finding
from dblint.model import Note, Problem
from dblint.records import dataclass, field
from dblint.rule_definition import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.baseline import Entry


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that somebody accepted. `kind`: "comment", "metadata" or "settings"; `path` and `line` are where it is
    said, with which `reason`, and until which day (YYYY-MM-DD, "" for ever); `tool`: in whose words."""

    finding: Finding
    kind: str
    path: str
    line: int | None
    reason: str
    until: str = ""
    tool: str = "dblint"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was looked at: database resources (each address once), files, roots; and how many findings are not
    shown, why."""

    resources: int = 0
    files: int = 0
    below_severity: int = 0
    below_confidence: int = 0
    elsewhere: int = 0
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the page of a rule says: `why` it matters in one paragraph, and its whole `text` in Markdown."""

    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """One run.

    `findings` are shown, sorted by place; `undetermined` ones hang on what is not known, and are also in `findings`
    where the profile shows them. `baselined` are in the baseline, of which `stale` entries are gone. Where a change is
    looked at (`change` names its base), `findings` are new, `unchanged` were there before, `fixed` are gone.
    `problems` make that the result can not be trusted; `notes` say what was not checked; `warnings` concern
    suppressions and settings, and those of a kind in `failing_notes` make the run fail. `scenarios` are names;
    `config` is the path of the settings. All paths are relative to the project. `timing`:
    seconds by stage (stopwatch.read), where that is asked for.
    """

    exit_code: int
    findings: tuple[Finding, ...] = ()
    undetermined: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()
    stale: tuple[Entry, ...] = ()
    change: str = ""
    shard: str = ""
    unchanged: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()
    failing_notes: tuple[str, ...] = ()
    counts: Counts = field(default_factory=Counts)
    roots: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    config: str = ""
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    timing: Mapping[str, float] = field(default_factory=dict)

    @property
    def trusted(self) -> bool:
        """Whether everything could be read and evaluated."""
        return not self.problems
