"""What is known already: findings of the baseline, and those that were there before a change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dblint.baseline import Baseline, Entry
from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Note
from dblint.records import replace
from dblint.scan.change.worse import more
from dblint.scan.evaluate import Evaluation
from dblint.scan.sieve import STALE, Before, Sieve, Sifted
from dblint.selectors import is_foreign
from dblint.sources.files import Files, split

# A baseline that is old may have thousands of them.
_MOST_TOLD = 20


def without_baseline(findings: list[Finding], evaluation: Evaluation, sieve: Sieve, sifted: Sifted) -> list[Finding]:
    """The findings that the baseline does not have; what is not decided is not of its concern."""
    baseline = sieve.baseline
    assert baseline is not None
    sifted.baselined = [f for f in findings if f.outcome == BROKEN and f.fingerprint in baseline.entries]
    sifted.stale = list(_stale(baseline, evaluation, sieve))
    return [f for f in findings if f.outcome != BROKEN or f.fingerprint not in baseline.entries]


def _stale(baseline: Baseline, evaluation: Evaluation, sieve: Sieve) -> Iterator[Entry]:
    """Entries whose finding is gone, as far as the run can tell: it read everything, judged the rule in all scenarios,
    and looked at the whole root, or the root is no more."""
    if not sieve.whole or evaluation.problems or sieve.before:
        return
    found = {finding.fingerprint for finding in evaluation.findings}
    for entry in baseline.entries.values():
        ran = sieve.with_cfn_lint if is_foreign(entry.rule) else entry.rule in sieve.selection.names
        absent = ran and entry.fingerprint not in found and _is_covered(entry.root, sieve.files)
        if absent and not _may_hide(entry, evaluation, sieve.files):
            yield entry


def _may_hide(entry: Entry, evaluation: Evaluation, files: Files) -> bool:
    """Whether the finding may still be where nobody could look: in a root with something that was not checked, or in
    one that was no root in this run, since what it calls is not installed."""
    within = [looked for root, looked in evaluation.looked.items() if _is_below(root, entry.root)]
    noted = frozenset[str]().union(*(looked.noted for looked in within))
    if not entry.address.startswith("module.") or _is_judged(entry, evaluation):
        return bool(noted - {"module"})  # it is no matter of modules that are not installed
    return bool(noted) if within else _is_there(entry.root, files)


def _is_judged(entry: Entry, evaluation: Evaluation) -> bool:
    """Whether the resource is there still."""
    wanted = _without_keys(entry.address)
    judged = (address for root, address in evaluation.resources if _is_below(root, entry.root))
    return any(_without_keys(address) == wanted for address in judged)


def _without_keys(address: str) -> str:
    return re.sub(r"\[[^]]*\]", "", address)


def _is_below(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def _is_there(path: str, files: Files) -> bool:
    inside = files.inside(path)
    return inside is not None and files.disk.exists(inside)


def _is_covered(root: str, files: Files) -> bool:
    """Whether a folder or template was looked at as a whole, or is no more."""
    if files.is_excluded(root):
        return False
    folder = root if root in files.found else split(root)[0]
    if folder in files.found:
        return True
    return not _is_there(root, files)


def stale_notes(stale: list[Entry], path: str) -> Iterator[Note]:
    """What is said of entries that are gone."""
    for entry in stale[:_MOST_TOLD]:
        message = f"{entry.rule} of {entry.address} in {entry.root} is found no more: dblint baseline prune"
        yield Note(path, message, STALE)
    if len(stale) > _MOST_TOLD:
        yield Note(path, f"and {len(stale) - _MOST_TOLD} more are found no more: dblint baseline prune", STALE)


def without_unchanged(findings: list[Finding], evaluation: Evaluation, before: Before, sifted: Sifted) -> list[Finding]:
    """The findings that the change brings, and those that it makes worse."""
    known = before.broken.keys() | before.doubtful
    new = []
    for finding in findings:
        old = before.broken.get(finding.fingerprint)
        if finding.outcome != BROKEN or old is None:
            new += [finding] if finding.outcome == BROKEN or finding.fingerprint not in known else []
        elif added := more(old, finding):
            reason = f"it was there before the change, which adds it {added}"
            new.append(replace(finding, reasons=(*finding.reasons, reason)))
        else:
            sifted.unchanged.append(finding)
    found = {finding.fingerprint for finding in evaluation.findings}
    if not evaluation.problems:  # what can not be read is not mended
        sifted.fixed = [finding for fingerprint, finding in before.broken.items() if fingerprint not in found]
    return new
