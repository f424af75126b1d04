"""Which of the findings are shown, which are hidden and why, and with what code the run ends."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
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

CONFIDENCES = ("high", "medium", "low")

# What every comment that speaks to dblint holds.
_MARK = b"dblint:"


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
    if sieve.suppress:
        selected = _unsuppressed(selected, evaluation, sieve, sifted)
    selected = _in_focus(selected, sieve.files, sifted)
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
    return sieve.selection.holds(finding.rule.id, finding.place.file)


def _in_focus(findings: list[Finding], files: Files, sifted: Sifted) -> list[Finding]:
    """Files that are named one by one are the focus: what has no label in one of them, and lies below no folder that
    was named, is not shown, and neither is what is wrong with suppressions there."""
    if not files.named:
        return findings
    kept = [f for f in findings if _in_files(f.files, files)]
    sifted.elsewhere = sum(f.outcome == BROKEN for f in findings) - sum(f.outcome == BROKEN for f in kept)
    sifted.suppressed = [item for item in sifted.suppressed if _in_files(item.finding.files, files)]
    sifted.warnings = [note for note in sifted.warnings if _in_files((note.path,), files)]
    return kept


def _in_files(paths: Iterable[str], files: Files) -> bool:
    return any(path in files.named or split(path)[0] in files.found for path in paths)


def _unsuppressed(findings: list[Finding], evaluation: Evaluation, sieve: Sieve, sifted: Sifted) -> list[Finding]:
    """What no comment and no table of the settings hides."""
    speaking = {path: content for path in sorted(evaluation.files) if _MARK in (content := _content(path, sieve.files))}
    if not speaking and not sieve.settings.ignores:
        return findings
    from dblint.suppressions.apply import Law, apply
    from dblint.suppressions.comments import suppressions
    from dblint.suppressions.suppression import of_settings

    settings = sieve.settings
    given = [of_settings(ignore) for ignore in settings.ignores]
    for path, content in speaking.items():
        for item in suppressions(path, content, findings):
            if isinstance(item, Note):
                sifted.warnings.append(item)
            else:
                given.append(item)
    useless = sieve.whole and not evaluation.problems and not evaluation.notes and not sieve.files.named
    law = Law(
        rules=sieve.rules,
        today=sieve.today,
        immune=frozenset(name for name, own in settings.rules.items() if not own.ignorable),
        require_reason=settings.require_reason,
        may_be_unused=lambda rule: useless and rule in sieve.selection.names,
    )
    applied = apply(findings, given, law)
    sifted.warnings += applied.warnings
    sifted.suppressed = [item for item in applied.suppressed if item.finding.outcome == BROKEN]
    return applied.kept


def _content(path: str, files: Files) -> bytes:
    """The text of a file that was read; nothing of installed modules, whose comments are not ours to obey."""
    if "/.terraform/" in f"/{path}":
        return b""
    try:
        return files.read(path)
    except Unreadable:
        return b""  # whoever needed the file has said so
