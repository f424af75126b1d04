"""What was found out of single roots, kept between runs: a root is evaluated again where anything that it asked of the
project would be answered otherwise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dblint.cache.code import stamp
from dblint.cache.store import Store
from dblint.disk import digest_of
from dblint.packs import own
from dblint.scan.evaluation import Evaluation
from dblint.scan.record import NotPlain, read, written
from dblint.scan.selection import Selection
from dblint.sources.base import Root, Wishes
from dblint.sources.files import Files, Question

# Values that wait to be written at once: writing each alone costs more than finding it out.
_TOGETHER = 500


class Kept:
    """What is kept of roots."""

    def __init__(self, store: Store, files: Files, selection: Selection, wishes: Wishes) -> None:
        self._store = store
        self._files = files
        self._rules = {rule.id: rule for rule in selection.rules}
        self._base = _base(selection, wishes)
        self._waiting: list[tuple[bytes, bytes]] = []

    def known(self, root: Root) -> Evaluation | None:
        """What is known of a root; None where nothing is, or something has changed."""
        if root.basis is None:
            return None
        for value in self._store.get([self._key(root)]).values():
            try:
                basis, asked, evaluation = json.loads(value)
                if basis == root.basis and all(self._answer(kind, path) == answer for kind, path, answer in asked):
                    return read(evaluation, self._rules)
            except (ValueError, LookupError, TypeError):
                continue  # as if it were not there
        return None

    def begin(self) -> None:
        """Notes what is asked from here on."""
        self._files.asked = set()

    def keep(self, root: Root, evaluation: Evaluation, asked: set[Question] | None = None) -> None:
        """Keeps what was found out of a root that asked this; what it asked since `begin` where nobody says."""
        if root.basis is None:
            return
        questions = sorted(self._files.asked if asked is None else asked)
        answers = [[kind, path, self._answer(kind, path)] for kind, path in questions]
        try:
            value = json.dumps([root.basis, answers, written(evaluation)], separators=(",", ":"))
        except (NotPlain, TypeError):
            return
        self._waiting.append((self._key(root), value.encode("utf-8", "surrogatepass")))

    def finish(self, trusted: bool) -> None:
        """Writes what is to be kept; nothing of a run in which something could not be read or run (who reads it first
        says so, and the others rely on that), or in which files changed."""
        if trusted and not self._files.disk.torn:
            for start in range(0, len(self._waiting), _TOGETHER):
                self._store.put(self._waiting[start : start + _TOGETHER])
        self._waiting.clear()

    def _key(self, root: Root) -> bytes:
        return digest_of(f"{self._base}\0{root.source}\0{root.path}".encode("utf-8", "surrogateescape"))

    def _answer(self, kind: str, path: str) -> str:
        return self._files.answer((kind, path)).hex()


def _base(selection: Selection, wishes: Wishes) -> str:
    """What the evaluation of every root hangs on: dblint, the rules that run and how, and what the person says about
    deployments."""
    ours = own()
    packs = [
        (rule.id, digest_of(rule.file.read_bytes()).hex())
        for rule in selection.rules
        if rule.file.name and not rule.file.is_relative_to(ours)
    ]
    facts: Sequence[Any] = (
        [rule.id for rule in selection.rules],
        sorted(selection.severities.items()),
        sorted((name, sorted(options.items())) for name, options in selection.options.items()),
        packs,
        wishes,
    )
    return digest_of(stamp() + repr(facts).encode("utf-8", "surrogateescape")).hex()
