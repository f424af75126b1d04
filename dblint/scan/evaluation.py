"""What has been found out in a run so far, or of one root."""

from __future__ import annotations

from collections import defaultdict

from dblint.finding import Finding
from dblint.judge import RuleCrashed
from dblint.model import Location, Note, Problem
from dblint.records import dataclass, field
from dblint.result import Explanation

REPORT = "this is a fault of dblint: please report it with the output of -v"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a root is made of: its kind of input (`source`), the `files` that were read, and the kinds of notes on what
    was not checked in it (`noted`)."""

    source: str
    files: frozenset[str]
    noted: frozenset[str]


@dataclass(slots=True)
class Evaluation:
    """What has been judged so far. `findings` are those of each root; `resources` are (root, address) of databases;
    `ran` the names of the rules that found a resource to judge. `concealed`: where secrets stand. `looked`: root ->
    what it is made of. `explanations` are those of rules that have no page."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    scenarios: set[str] = field(default_factory=set)
    resources: set[tuple[str, str]] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    concealed: set[Location] = field(default_factory=set)
    looked: dict[str, Looked] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)
    explanations: dict[str, Explanation] = field(default_factory=dict)
    tracebacks: list[str] = field(default_factory=list)
    crashes: dict[str, list[RuleCrashed]] = field(default_factory=lambda: defaultdict(list))

    def fault(self, path: str, error: BaseException) -> None:
        """Notes something that dblint itself did wrong while it read or judged `path`."""
        import traceback

        message = f"internal error while evaluating {path}: {type(error).__name__}: {error}"
        self.problems.append(Problem(path, message, hint=REPORT))
        self.tracebacks.append("".join(traceback.format_exception(error)))

    def add(self, other: Evaluation) -> None:
        """Takes what has been judged elsewhere."""
        self.findings += other.findings
        self.problems += other.problems
        self.notes += other.notes
        self.scenarios |= other.scenarios
        self.resources |= other.resources
        self.files |= other.files
        self.concealed |= other.concealed
        self.looked |= other.looked
        self.ran |= other.ran
        self.explanations |= other.explanations
        self.tracebacks += other.tracebacks
        for rule, crashes in other.crashes.items():
            self.crashes[rule] += crashes
