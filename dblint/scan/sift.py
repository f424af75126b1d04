"""Which of the findings are shown, which are hidden and why, and with what code the run ends."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Note
from dblint.result import Suppressed
from dblint.rule_definition import SEVERITIES, Rule
from dblint.scan.evaluate import Evaluation
from dblint.scan.selection import Selection
from dblint.settings.values import Settings
from dblint.sources.files import Files, Unreadable, split
from dblint.suppressions.apply import Law, apply
from dblint.suppressions.comments import suppressions
from dblint.suppressions.suppression import Suppression, below, of_settings

CONFIDENCES = ("high", "medium", "low")


@dataclass(slots=True)
class Sifted:
    """`shown` and `failing` (what the exit code counts) are broken, or undetermined where the profile shows these;
    `undetermined` are all of them. The numbers count what is not shown."""

    shown: list[Finding] = field(default_factory=list)
    undetermined: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    failing: bool = False
    below_severity: int = 0
    below_confidence: int = 0
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Sieve:
    """What decides it. `whole`: the run looked at everything, so that a suppression without effect is known to be
    useless."""

    settings: Settings
    selection: Selection
    rules: Sequence[Rule]
    files: Files
    today: datetime.date
    suppress: bool = True
    whole: bool = True


def sift(evaluation: Evaluation, sieve: Sieve) -> Sifted:
    """Sorts the findings of an evaluation into what is shown and what is not."""
    sifted = Sifted()
    settings = sieve.settings
    selected = [f for f in evaluation.findings if _selected(f, sieve)]
    selected = _in_focus(selected, sieve.files, sifted)
    if sieve.suppress:
        selected = _suppressed(selected, evaluation, sieve, sifted)
    sifted.undetermined = [f for f in selected if f.outcome != BROKEN]
    certain = selected if settings.profile == "audit" else [f for f in selected if f.outcome == BROKEN]
    least = CONFIDENCES.index(settings.min_confidence or ("low" if settings.profile == "audit" else "medium"))
    for finding in certain:
        confident = CONFIDENCES.index(finding.confidence) <= least
        sifted.failing |= confident and finding.outcome == BROKEN and _fails(finding, settings.fail_on)
        if not confident:
            sifted.below_confidence += 1
        elif SEVERITIES.index(finding.severity) > SEVERITIES.index(settings.min_severity):
            sifted.below_severity += 1
        else:
            sifted.shown.append(finding)
    return sifted


def _fails(finding: Finding, fail_on: str) -> bool:
    return fail_on != "never" and SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on)


def _selected(finding: Finding, sieve: Sieve) -> bool:
    return sieve.selection.holds(finding.rule.id, below(finding.place.file, sieve.settings.folder))


def _in_focus(findings: list[Finding], files: Files, sifted: Sifted) -> list[Finding]:
    """Files that are named one by one are the focus: what has no label in one of them, and lies below no folder that
    was named, is not shown."""
    if not files.named:
        return findings
    kept = [f for f in findings if any(path in files.named or split(path)[0] in files.found for path in f.files)]
    sifted.elsewhere = sum(f.outcome == BROKEN for f in findings) - sum(f.outcome == BROKEN for f in kept)
    return kept


def _suppressed(findings: list[Finding], evaluation: Evaluation, sieve: Sieve, sifted: Sifted) -> list[Finding]:
    settings = sieve.settings
    immune = frozenset(name for name, own in settings.rules.items() if not own.ignorable)
    given = [of_settings(ignore, settings.path, settings.folder) for ignore in settings.ignores]
    for item in _comments(evaluation, findings, sieve.files):
        if isinstance(item, Note):
            sifted.warnings.append(item)
        else:
            given.append(item)
    useless = sieve.whole and not evaluation.problems and not evaluation.notes
    law = Law(
        sieve.rules,
        sieve.today,
        immune,
        settings.require_reason,
        may_be_unused=lambda rule: useless and rule in sieve.selection.names,
    )
    applied = apply(findings, given, law)
    sifted.warnings += applied.warnings
    sifted.suppressed = [s for s in applied.suppressed if s.finding.outcome == BROKEN]
    return applied.kept


def _comments(evaluation: Evaluation, findings: list[Finding], files: Files) -> Iterator[Suppression | Note]:
    """The suppressions of every file that was read, but for those of installed modules."""
    for path in sorted(evaluation.files):
        if "/.terraform/" in f"/{path}":
            continue
        try:
            content = files.read(path)
        except Unreadable:
            continue  # whoever needed the file has said so
        yield from suppressions(path, content, findings)
