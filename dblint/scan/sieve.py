"""What decides which findings are shown, and where each of them ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dblint.finding import Finding
from dblint.model import Note
from dblint.records import dataclass, field
from dblint.result import Suppressed
from dblint.rule_definition import Rule
from dblint.scan.selection import Selection
from dblint.settings.values import Settings
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime

    from dblint.baseline import Baseline, Entry

# The code of a note on an entry of the baseline that nothing is found for.
STALE = "stale-baseline-entry"


@dataclass(slots=True)
class Sifted:
    """`shown` and `failing` (what the exit code counts) are broken, or undetermined where the profile shows these;
    `undetermined` are all of them. `baselined` are in the baseline, `unchanged` were there before the change; `fixed`
    were, and are gone; `stale` entries of the baseline are gone as well. The numbers count what is not shown."""

    shown: list[Finding] = field(default_factory=list)
    undetermined: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    baselined: list[Finding] = field(default_factory=list)
    unchanged: list[Finding] = field(default_factory=list)
    fixed: list[Finding] = field(default_factory=list)
    stale: list[Entry] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    failing: bool = False
    below_severity: int = 0
    below_confidence: int = 0
    elsewhere: int = 0
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """What was found before a change, by fingerprint: what was broken and not hidden, and all else."""

    broken: Mapping[str, Finding]
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sieve:
    """What decides it.

    `whole`: the run looked at all scenarios as they are, so that what has no effect is known to be useless. `focused`:
    only what concerns the files that were named one by one is shown. `baseline` and `before` are what is known
    already; `stale_fails`: an entry of the baseline whose finding is gone makes the run fail.
    """

    settings: Settings
    selection: Selection
    rules: Sequence[Rule]
    files: Files
    today: Callable[[], datetime.date]
    suppress: bool = True
    whole: bool = True
    focused: bool = True
    baseline: Baseline | None = None
    stale_fails: bool = False
    with_cfn_lint: bool = False
    before: Before | None = None
