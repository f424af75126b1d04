"""What was found before a change: roots that it may touch are evaluated as they were, the others are as they are."""

from __future__ import annotations

from dblint.judge import BROKEN
from dblint.model import Note
from dblint.records import replace
from dblint.scan import inputs
from dblint.scan.change.begin import Change
from dblint.scan.change.revision import Revision
from dblint.scan.evaluate import Evaluation, evaluate
from dblint.scan.find import find_roots, with_cfn_lint
from dblint.scan.request import Request
from dblint.scan.selection import Selection
from dblint.scan.sieve import Before, Sieve
from dblint.scan.sift import before
from dblint.settle import merge
from dblint.sources.base import Root
from dblint.sources.files import Files, Unreadable, split
from dblint.stopwatch import timed

KIND = "change"


@timed("change")
def held_against(request: Request, change: Change, now: Evaluation, sieve: Sieve) -> Before:
    """What was found before the change. What could not be read there becomes notes of `now`."""
    untouched = _untouched(request.files, change, now)
    same = [finding for finding in now.findings if finding.root in untouched]
    done = _evaluated(request, change.base, untouched, sieve.selection)
    for problem in dict.fromkeys((*done.problems, *change.base.problems)):
        message = f"it could not be read before the change: {problem.message}; what is found there counts as new"
        now.notes.append(Note(problem.path, message, KIND, problem.line))
    found = before(done, replace(sieve, files=change.base))
    broken = merge((*(f for f in same if f.outcome == BROKEN), *found.broken.values()))
    doubtful = {finding.fingerprint for finding in same if finding.outcome != BROKEN}
    return Before({finding.fingerprint: finding for finding in broken}, found.doubtful | doubtful)


def _evaluated(request: Request, base: Revision, untouched: frozenset[str], selection: Selection) -> Evaluation:
    """The roots of the base that the change may touch, judged."""
    done = Evaluation()
    asked = replace(request, files=base)
    roots: list[Root] = [root for root in find_roots(asked, inputs.count(base), done) if root.path not in untouched]
    evaluate(roots, selection, request.wishes.only, done)
    if request.with_cfn_lint:
        with_cfn_lint(asked, roots, request.rules(), done)
    return done


def _untouched(files: Files, change: Change, now: Evaluation) -> frozenset[str]:
    """The roots of now that were the same before, as far as one can be sure: nothing that they read is another, and
    nothing that they may look for was added or removed."""
    if change.removes:
        return frozenset()
    kinds = {inputs.kind(path) for path in change.added}
    others = {path for path in change.added if not inputs.kind(path)}
    read = frozenset[str]().union(*(looked.files for looked in now.looked.values()))
    changed = {path for path in read if _is_changed(path, files, change.base)}
    return frozenset(
        root
        for root, looked in now.looked.items()
        if looked.source not in kinds and changed.isdisjoint(looked.files) and not _beside(root, looked.files, others)
    )


def _is_changed(path: str, files: Files, base: Revision) -> bool:
    if path not in base.tree and base.has(path):
        return False  # not git's: the same in all revisions
    try:
        return files.read(path) != base.read(path)
    except Unreadable:
        return True


def _beside(root: str, read: frozenset[str], added: set[str]) -> bool:
    """Whether something was added in or below a folder that the root reads, where it may look for files by pattern."""
    folders = {root, *(split(path)[0] for path in read)}
    return any(folder == "." or path.startswith(f"{folder}/") for path in added for folder in folders)
