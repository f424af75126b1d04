"""Which of the findings are shown, which are hidden and why, and with what code the run ends."""

from __future__ import annotations

from collections.abc import Iterable

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.rule_definition import SEVERITIES
from dblint.scan.evaluate import Evaluation
from dblint.scan.hide import unsuppressed
from dblint.scan.selection import Selection
from dblint.scan.sieve import Before, Sieve, Sifted
from dblint.settle import merge
from dblint.sources.files import Files, split
from dblint.stopwatch import timed

CONFIDENCES = ("high", "medium", "low")


@timed("report")
def sift(evaluation: Evaluation, sieve: Sieve) -> Sifted:
    """Sorts the findings of an evaluation into what is shown and what is not."""
    sifted = Sifted()
    selected = _visible(evaluation, sieve, sifted)
    if sieve.baseline:
        from dblint.scan.known import without_baseline

        selected = without_baseline(selected, evaluation, sieve, sifted)
    if sieve.before:
        from dblint.scan.known import without_unchanged

        selected = without_unchanged(selected, evaluation, sieve.before, sifted)
    if sieve.focused:
        selected = _in_focus(selected, sieve.files, sifted)
    if sieve.baseline and sifted.stale:
        from dblint.scan.known import stale_notes

        sifted.warnings += stale_notes(sifted.stale, sieve.baseline.path)
    sifted.undetermined = [f for f in selected if f.outcome != BROKEN]
    _filter(selected, sieve, sifted)
    sifted.failing |= bool(sifted.stale) and sieve.stale_fails
    sifted.failing |= any(note.kind in sieve.settings.failing_notes for note in sifted.warnings)
    sifted.failing &= sieve.settings.fail_on != "never"
    return sifted


def before(evaluation: Evaluation, sieve: Sieve) -> Before:
    """What an evaluation of an earlier revision found, for a later one to be compared with."""
    visible = _visible(evaluation, sieve, Sifted())
    broken = {f.fingerprint: f for f in visible if f.outcome == BROKEN}
    return Before(broken, frozenset(f.fingerprint for f in visible if f.outcome != BROKEN))


def _visible(evaluation: Evaluation, sieve: Sieve, sifted: Sifted) -> list[Finding]:
    """What the rules of its file find, where that is not excluded, and nobody suppresses."""
    selected = _held(evaluation.findings, sieve.selection)
    if sieve.files.exclude:
        kept = [f for f in selected if not sieve.files.is_excluded(f.place.file)]
        sifted.excluded = len(_broken(selected) - _broken(kept))
        selected = kept
    return merge(unsuppressed(selected, evaluation, sieve, sifted) if sieve.suppress else selected)


def _held(findings: list[Finding], selection: Selection) -> list[Finding]:
    """The findings of the rules that hold for their files."""
    if selection.elsewhere:
        return [f for f in findings if selection.holds(f.rule.id, f.place.file)]
    names = selection.names
    return [f for f in findings if f.rule.id in names]


def _broken(findings: Iterable[Finding]) -> set[str]:
    return {finding.fingerprint for finding in findings if finding.outcome == BROKEN}


def _filter(findings: list[Finding], sieve: Sieve, sifted: Sifted) -> None:
    """What is severe and certain enough is shown, and makes the run fail."""
    settings = sieve.settings
    certain = findings if settings.profile == "audit" else [f for f in findings if f.outcome == BROKEN]
    confidences = _from(CONFIDENCES, settings.min_confidence or ("low" if settings.profile == "audit" else "medium"))
    severities = _from(SEVERITIES, settings.min_severity)
    failing = _from(SEVERITIES, settings.fail_on) if settings.fail_on != "never" else ()
    for finding in certain:
        if finding.confidence not in confidences:
            sifted.below_confidence += 1
            continue
        sifted.failing |= finding.outcome == BROKEN and finding.severity in failing
        if finding.severity not in severities:
            sifted.below_severity += 1
        else:
            sifted.shown.append(finding)


def _from(names: tuple[str, ...], least: str) -> tuple[str, ...]:
    """The names up to one, which are ordered from the most to the least."""
    return names[: names.index(least) + 1]


def _in_focus(findings: list[Finding], files: Files, sifted: Sifted) -> list[Finding]:
    """Files that are named one by one are the focus: what has no label in one of them, and lies below no folder that
    was named, is not shown, and neither is what is wrong with suppressions there."""
    if not files.named:
        return findings
    kept = [f for f in findings if _in_files(f.files, files)]
    sifted.elsewhere = sum(f.outcome == BROKEN for f in findings) - sum(f.outcome == BROKEN for f in kept)
    sifted.suppressed = [item for item in sifted.suppressed if _in_files(item.finding.files, files)]
    sifted.baselined = [finding for finding in sifted.baselined if _in_files(finding.files, files)]
    sifted.unchanged = [finding for finding in sifted.unchanged if _in_files(finding.files, files)]
    sifted.fixed = [finding for finding in sifted.fixed if _in_files(finding.files, files)]
    sifted.warnings = [note for note in sifted.warnings if _in_files((note.path,), files)]
    return kept


def _in_files(paths: Iterable[str], files: Files) -> bool:
    return any(path in files.named or split(path)[0] in files.found for path in paths)
