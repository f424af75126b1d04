"""What a report says of single findings, kept between runs: most findings of a run are those of the run before."""

from __future__ import annotations

from collections.abc import Callable

from dblint.disk import digest_of
from dblint.finding import Finding
from dblint.reports.shown import Shown
from dblint.rule_definition import Rule
from dblint.sources.files import Files, Unreadable


class Remembered:
    """The texts of one format, as far as they hang on nothing but a finding, its rule, and the files that it quotes."""

    def __init__(self, format: str, shown: Shown) -> None:
        self._files: Files = shown.files
        self._memo = shown.files.contents.texts if shown.files.contents else None
        self._head = f"{format} {shown.style!r} "
        self._rules: dict[str, str] = {}

    def text(self, finding: Finding, more: str, make: Callable[[Finding, str], str]) -> str:
        """What is said of a finding, where `more` is said beside it: what it was, or what `make` gives. Only findings
        that were written down have a digest to be known by."""
        digest = getattr(finding, "digest", "")
        if self._memo is None or not digest or any(path in self._files.concealed for path in finding.files):
            return make(finding, more)
        try:
            quoted = b"".join(map(self._files.digest, sorted(finding.files)))
        except Unreadable:
            return make(finding, more)
        name = digest_of(f"{self._head}{digest}{self._rule(finding.rule)}{more}".encode() + quoted).hex()
        if name not in self._memo.known:
            self._memo.learn(name, make(finding, more))
        text: str = self._memo.known[name]
        return text

    def _rule(self, rule: Rule) -> str:
        if rule.id not in self._rules:
            self._rules[rule.id] = f"{rule.message}\0{rule.docs}"
        return self._rules[rule.id]
