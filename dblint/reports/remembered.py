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
        self._heads: dict[tuple[str, str], str] = {}
        self._quoted: dict[frozenset[str], str | None] = {}

    def text(self, finding: Finding, more: str, make: Callable[[Finding, str], str]) -> str:
        """What is said of a finding, where `more` is said beside it: what it was, or what `make` gives. Only findings
        that were written down have a digest to be known by."""
        digest = getattr(finding, "digest", "")
        files = finding.files
        if files not in self._quoted:
            self._quoted[files] = self._digest(files)
        quoted = self._quoted[files]
        if self._memo is None or not digest or quoted is None:
            return make(finding, more)
        name = f"{self._name(finding.rule, more)} {digest} {quoted}"
        if name not in self._memo.known:
            self._memo.learn(name, make(finding, more))
        text: str = self._memo.known[name]
        return text

    def _digest(self, files: frozenset[str]) -> str | None:
        """What the files hold that are quoted; None where that is secret, or can not be read."""
        if not files.isdisjoint(self._files.concealed):
            return None
        try:
            return " ".join([self._files.digest(path).hex() for path in sorted(files)])
        except Unreadable:
            return None

    def _name(self, rule: Rule, more: str) -> str:
        """What is the same for many findings of a rule."""
        key = rule.id, more
        if key not in self._heads:
            text = f"{self._head}{rule.id}\0{rule.message}\0{rule.docs}\0{more}"
            self._heads[key] = digest_of(text.encode("utf-8", "surrogateescape")).hex()
        return self._heads[key]
