"""What is known already: findings of the baseline, and those that were there before a change."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.baseline import Baseline, Entry
from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.scan.evaluate import Evaluation
from dblint.scan.sieve import Before, Sieve, Sifted
from dblint.sources.files import Files, split


def without_baseline(findings: list[Finding], evaluation: Evaluation, sieve: Sieve, sifted: Sifted) -> list[Finding]:
    """The findings that the baseline does not have; what is not decided is not of its concern."""
    baseline = sieve.baseline
    assert baseline is not None
    sifted.baselined = [f for f in findings if f.outcome == BROKEN and f.fingerprint in baseline.entries]
    sifted.stale = list(_stale(baseline, evaluation, sieve))
    return [f for f in findings if f.outcome != BROKEN or f.fingerprint not in baseline.entries]


def _stale(baseline: Baseline, evaluation: Evaluation, sieve: Sieve) -> Iterator[Entry]:
    """Entries whose finding is gone, as far as the run can tell: it read everything, judged the rule in all scenarios,
    and looked at the root, or the root is no more."""
    if not sieve.whole or evaluation.problems or sieve.before:
        return
    found = {finding.fingerprint for finding in evaluation.findings}
    for entry in baseline.entries.values():
        ran = entry.rule in sieve.selection.names or entry.rule not in {rule.id for rule in sieve.rules}
        if entry.fingerprint not in found and ran and _is_covered(entry.root, sieve.files):
            yield entry


def _is_covered(root: str, files: Files) -> bool:
    """Whether a folder or template was looked at as a whole, or is no more."""
    if files.is_excluded(root):
        return False
    folder = root if root in files.found else split(root)[0]
    if folder in files.found:
        return True
    inside = files.inside(root)
    return inside is None or not (files.project / inside).exists()


def without_unchanged(findings: list[Finding], evaluation: Evaluation, before: Before, sifted: Sifted) -> list[Finding]:
    """The findings that the change brings."""
    known = before.broken.keys() | before.doubtful
    new = [f for f in findings if f.fingerprint not in (before.broken if f.outcome == BROKEN else known)]
    sifted.unchanged = [f for f in findings if f.outcome == BROKEN and f.fingerprint in before.broken]
    found = {finding.fingerprint for finding in evaluation.findings}
    sifted.fixed = [finding for fingerprint, finding in before.broken.items() if fingerprint not in found]
    return new
