"""What was found out of single roots, kept between runs: a root is evaluated again where anything that it asked of the
project would be answered otherwise."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from dblint.cache.code import stamp
from dblint.cache.store import Store
from dblint.disk import digest_of
from dblint.packs import own_folder
from dblint.scan.evaluation import Evaluation
from dblint.scan.record import NotPlain, add, dumped, parsed, written
from dblint.scan.selection import Selection
from dblint.sources.base import Root, Wishes
from dblint.sources.files import Files, Question
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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

    @timed("cache")
    def known(self, roots: Sequence[Root]) -> dict[int, Callable[[Evaluation], None]]:
        """What is known of roots, by their `id`, to be added to an evaluation: nothing of those for which something has
        changed."""
        bases = {self._key(root): (basis, root) for root in roots if (basis := root.basis) is not None}
        found: dict[int, Callable[[Evaluation], None]] = {}
        for key, value in self._store.get(list(bases)).items():
            basis, root = bases[key]
            said = self._same(basis, value)
            if said:
                found[id(root)] = partial(add, said)
        return found

    def _same(self, root_basis: str, value: bytes) -> list[Any] | None:
        head, _, record = value.partition(b"\t")
        try:
            basis, kinds, paths, answers = json.loads(head)
            if basis != root_basis or self._answers(zip(kinds, paths)) != answers:
                return None
            return parsed(record, self._rules)
        except (ValueError, LookupError, TypeError):
            return None  # as if it were not there

    def begin(self) -> None:
        """Notes what is asked from here on."""
        self._files.asked = set()

    def keep(self, root: Root, evaluation: Evaluation) -> None:
        """Keeps what was found out of a root, which asked what was asked since `begin`."""
        if root.basis is None:
            return
        asked = set(self._files.asked)
        try:
            self.keep_record(root, written(evaluation), asked)
        except (NotPlain, TypeError):
            return

    @timed("cache")
    def keep_record(self, root: Root, record: bytes, asked: set[Question]) -> None:
        """Keeps the record of a root that asked this."""
        if root.basis is None:
            return
        questions = sorted(asked)
        kinds, paths = [kind for kind, _ in questions], [path for _, path in questions]
        head = dumped([root.basis, kinds, paths, self._answers(questions)])
        self._waiting.append((self._key(root), head + b"\t" + record))

    @timed("cache")
    def finish(self, trusted: bool) -> None:
        """Writes what is to be kept; nothing of a run in which something could not be read or run (who reads it first
        says so, and the others rely on that), or in which files changed."""
        if trusted and not self._files.disk.torn:
            for start in range(0, len(self._waiting), _TOGETHER):
                self._store.put(self._waiting[start : start + _TOGETHER])
        self._waiting.clear()

    def _key(self, root: Root) -> bytes:
        return digest_of(f"{self._base}\0{root.source}\0{root.path}".encode("utf-8", "surrogateescape"))

    def _answers(self, questions: Iterable[Question]) -> str:
        return digest_of(b"".join(map(self._files.answer, questions))).hex()


def _base(selection: Selection, wishes: Wishes) -> str:
    """What the evaluation of every root hangs on: dblint, the rules that run and how, and what the person says about
    deployments."""
    ours = os.path.join(own_folder(), "")
    packs = [
        (rule.id, digest_of(_content(rule.path)).hex())
        for rule in selection.rules
        if rule.path and not rule.path.startswith(ours)
    ]
    facts: Sequence[Any] = (
        [rule.id for rule in selection.rules],
        sorted(selection.severities.items()),
        sorted((name, sorted(options.items())) for name, options in selection.options.items()),
        packs,
        wishes,
    )
    return digest_of(stamp() + repr(facts).encode("utf-8", "surrogateescape")).hex()


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
