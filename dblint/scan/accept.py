"""Accepts what a run finds: plans suppressions, and judges again until they are known to hide it."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.records import dataclass, replace
from dblint.scan.request import Request
from dblint.scan.run import Outcome, run
from dblint.sources.files import Files, Unreadable
from dblint.suppressions.additions import Place, places, written
from dblint.suppressions.directive import Directive


@dataclass(frozen=True, slots=True)
class Accepted:
    """`texts`: path -> the content of each file that has to change, as bytes. `count` findings are hidden by that;
    `outcome` is the run as it would be then."""

    texts: Mapping[str, bytes]
    count: int
    outcome: Outcome


def accepted(request: Request, said: Directive) -> Accepted:
    """Suppressions of all findings that are shown, with the reason (and more) of `said`. Nothing is written here."""
    outcome = run(request)
    waiting = {f.fingerprint: _places(f, request.files) for f in outcome.result.findings if f.outcome == BROKEN}
    rules = {finding.fingerprint: finding.rule.id for finding in outcome.result.findings}
    before = outcome.result.problems
    while True:
        chosen = {name: found[0] for name, found in waiting.items() if found}
        texts = written(((place, rules[name]) for name, place in chosen.items()), said, _Texts(request.files))
        contents = {path: _encoded(text, request.files.read(path)) for path, text in texts.items()}
        then = run(replace(request, files=request.files.with_contents(contents)))
        shown = {finding.fingerprint for finding in then.result.findings}
        failed = chosen.keys() & shown
        if not failed and then.result.problems != before:
            failed = set(chosen)  # what can not be read any more is not hidden
        if not failed:
            return Accepted(contents, len(chosen), then)
        for name in failed:
            waiting[name] = waiting[name][1:]


class _Texts:
    """The texts of files that may be changed: those of the project itself, no installed modules."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def __call__(self, path: str) -> str | None:
        if "/.terraform/" in f"/{path}" or self._files.inside(path) is None:
            return None
        try:
            return self._files.read(path).decode("utf-8").removeprefix("\ufeff")
        except (Unreadable, UnicodeDecodeError):
            return None


def _places(finding: Finding, files: Files) -> list[Place]:
    return list(places(finding, _Texts(files)))


def _encoded(text: str, old: bytes) -> bytes:
    """The text as the file was written: with its mark of the order of bytes, if it has one."""
    return (b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b"") + text.encode()
