"""What was found out of single roots, kept between runs: a root is evaluated again where anything that it asked of the
project would be answered otherwise."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from dblint.cache.code import stamp
from dblint.cache.store import Store
from dblint.disk import digest_of
from dblint.packs import own_folder
from dblint.scan.bundle import Bundle, Member, identity_of, packed
from dblint.scan.evaluation import Evaluation
from dblint.scan.frame import Before
from dblint.scan.record import TAB, NotPlain, add, dumped, parsed, written
from dblint.scan.selection import Selection
from dblint.sources.base import Root, Wishes
from dblint.sources.files import Files, Question
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Values that are written at once (writing each alone costs more than finding it out), and members of a bundle.
_TOGETHER = 500
# Of so many roots a bundle is made, and again where more than this share of them is not in it as it is now.
_WORTH_BUNDLING = 32
_SHARE = 0.05


class Kept:
    """What is kept of roots: each in a row of its own, and those of a run in bundles. `scope`: what makes that another
    run looks at other roots. `confirmed`, once all is kept: which bundles hold as they are, and without which roots."""

    def __init__(
        self,
        store: Store,
        files: Files,
        selection: Selection,
        wishes: Wishes,
        scope: object = None,
        before: Before | None = None,
    ) -> None:
        self._store = store
        self._files = files
        self._rules = {rule.id: rule for rule in selection.rules}
        self._base = _base(selection, wishes)
        self._scope = f"{files.disk.root}\0{scope!r}"
        self._before = before
        self._parts: list[_Part] = []
        self.confirmed: dict[str, tuple[str, list[str]]] | None = None
        self._waiting: dict[str, bytes] = {}

    @timed("cache")
    def known(self, roots: Sequence[Root]) -> dict[int, Callable[[Evaluation], None]]:
        """What is known of roots, by their `id`, to be added to an evaluation: nothing of those for which something has
        changed."""
        wanted = {_name(root): root for root in roots if self._before or root.basis is not None}
        found: dict[int, Callable[[Evaluation], None]] = {}
        names = list(wanted)
        for start in range(0, len(names), _TOGETHER):
            part = _Part(names[start : start + _TOGETHER], self._key(f"{self._scope}\0{start}"))
            self._parts.append(part)
            self._read(part, wanted, found)
        return found

    def _read(self, part: _Part, wanted: Mapping[str, Root], found: dict[int, Callable[[Evaluation], None]]) -> None:
        """What is known of some roots: from their bundle, and of those that are not in it from their rows."""
        if len(part.names) >= _WORTH_BUNDLING:
            for value in self._store.get([part.key]).values():
                part.identity, part.bundle = identity_of(value), self._opened(part, value, wanted)
        known = part.bundle.said if part.bundle else {}
        for name in part.names:
            if name in known:
                found[id(wanted[name])] = partial(add, known[name])
            else:
                part.single[self._key(name)] = name
        for key, value in self._store.get(list(part.single)).items():
            root = wanted[part.single[key]]
            said = self._same(root.basis, value)
            if said is not None:
                found[id(root)] = partial(add, said)
                part.rows[part.single[key]] = value
        if not part.is_worth_writing:
            part.forget()

    def _opened(self, part: _Part, value: bytes, wanted: Mapping[str, Root]) -> Bundle | None:
        """The bundle of a part. Where the run before held the same one, only what has changed since is asked again."""
        names, before = frozenset(part.names), self._before
        identity, without = before.confirmed.get(part.key.hex(), ("", ())) if before else ("", ())
        same = identity == identity_of(value)
        names = names.difference(without) if same else names

        def is_wanted(name: str, basis: str) -> bool:
            return name in names and (same or wanted[name].basis == basis)

        try:
            may_differ = before.may_differ if before and same else None
            return Bundle(value, is_wanted, self._files.answer, self._rules, may_differ)
        except (ValueError, LookupError, TypeError):
            return None  # as if it were not there

    def _same(self, root_basis: str | None, value: bytes) -> list[Any] | None:
        head, _, record = value.partition(TAB)
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
        self._waiting[_name(root)] = head + TAB + record

    @timed("cache")
    def finish(self, trusted: bool) -> None:
        """Writes what is to be kept; nothing of a run in which something could not be read or run (who reads it first
        says so, and the others rely on that), or in which files changed."""
        if trusted and not self._files.disk.torn:
            rows = [(self._key(name), value) for name, value in self._waiting.items()]
            for start in range(0, len(rows), _TOGETHER):
                self._store.put(rows[start : start + _TOGETHER])
            for part in self._parts:
                if part.is_worth_writing:
                    members = list(part.members(self._waiting))
                    value = packed(members, self._files.answer)
                    self._store.put([(part.key, value)])
                    part.hold(identity_of(value), members)
            self.confirmed = {part.key.hex(): (part.identity, list(part.single.values())) for part in self._parts}
        self._waiting.clear()
        self._parts.clear()

    def _key(self, name: str) -> bytes:
        return digest_of(f"{self._base}\0{name}".encode("utf-8", "surrogateescape"))

    def _answers(self, questions: Iterable[Question]) -> str:
        return digest_of(b"".join(map(self._files.answer, questions))).hex()


class _Part:
    """The roots of one bundle. `single` are those that it does not hold as they are, by the keys of their rows; `rows`
    is what was read of these. `identity` is that of the bundle, "" where there is none."""

    __slots__ = ("bundle", "identity", "key", "names", "rows", "single")

    def __init__(self, names: list[str], key: bytes) -> None:
        self.names = names
        self.key = key
        self.bundle: Bundle | None = None
        self.identity = ""
        self.single: dict[bytes, str] = {}
        self.rows: dict[str, bytes] = {}

    @property
    def is_worth_writing(self) -> bool:
        return len(self.names) >= _WORTH_BUNDLING and len(self.single) > len(self.names) * _SHARE

    def forget(self) -> None:
        """Gives back the memory of what is only needed to write it again."""
        self.rows = {}
        self.bundle = None

    def hold(self, identity: str, members: Sequence[Member]) -> None:
        """Notes what was written."""
        held = {member.name for member in members}
        self.identity = identity
        self.single = {key: name for key, name in self.single.items() if name not in held}

    def members(self, fresh: Mapping[str, bytes]) -> Iterator[Member]:
        """What is known now of its roots; `fresh`: what was found out in this run."""
        for name in self.names:
            row = fresh.get(name) or self.rows.get(name)
            if row:
                yield _member(name, row)
            elif self.bundle and name in self.bundle.said:
                yield self.bundle.member(name)


def _member(name: str, row: bytes) -> Member:
    head, _, record = row.partition(TAB)
    basis, kinds, paths, _ = json.loads(head)
    return Member(name, basis, list(zip(kinds, paths)), record)


def _name(root: Root) -> str:
    return f"{root.source}\0{root.path}"


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
