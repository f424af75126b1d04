"""What is known of the files of a project from earlier runs: what each of them held when it was last read, and what
follows from contents, whatever file they stand in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from dblint.cache.code import stamp
from dblint.cache.store import Store
from dblint.disk import Disk, Memo, digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# So many stamps and facts are kept, and so many texts; of more, only those of this run.
_MOST = 200_000
_MOST_TEXTS = 20_000
# What is new is written where it is more than this share of all: writing costs more than finding out a little.
_SHARE = 0.01


class Then:
    """The run before this one that was asked the same, where nothing is otherwise now but what some files hold:
    `changed` are these, with the digests (in hex) of what they held then. `frame` is what that run kept of itself."""

    __slots__ = ("changed", "frame")

    def __init__(self, changed: dict[str, str], frame: bytes) -> None:
        self.changed = changed
        self.frame = frame


class Contents:
    """`stamps`: path -> the stamp of a file, and behind it the digest of its content in hex. `facts`: plain values by
    what they say of which content. `texts`: parts of reports. `disk`: what was asked of the project in this run
    already; `then`: the run before, as far as it is of use. `frame`: what this run keeps of itself. To be saved in the
    end."""

    disk: Disk | None = None
    then: Then | None = None
    frame = b""

    def __init__(self, store: Store, root: str) -> None:
        """`root`: the folder of the project."""
        self._store = store
        self._key = digest_of(b"contents\0" + stamp() + root.encode("utf-8", "surrogateescape"))
        self.stamps, self.facts = self._read(self._key, 2)
        self._texts: Memo | None = None

    @property
    def texts(self) -> Memo:
        """Read when they are asked for: a run that nothing has changed for does not."""
        if self._texts is None:
            key = digest_of(b"texts\0" + self._key)
            self._texts = Memo({})
            for value in self._store.get([key]).values():
                self._texts = Memo(_unpacked(value))
        return self._texts

    def save(self) -> None:
        """Keeps what is new, where that is worth it."""
        self._save(self._key, (self.stamps, self.facts), _MOST, _dumped)
        if self._texts:
            self._save(digest_of(b"texts\0" + self._key), (self._texts,), _MOST_TEXTS, _packed)

    @property
    def carried(self) -> dict[str, Any]:
        """The facts that are new, where they are too few to be saved."""
        return {} if _are_worth_saving((self.stamps, self.facts)) else self.facts.fresh

    def _read(self, key: bytes, count: int) -> Iterator[Memo]:
        known: list[dict[str, object]] = [{} for _ in range(count)]
        for value in self._store.get([key]).values():
            known = json.loads(value)
        return map(Memo, known)

    def _save(
        self, key: bytes, memos: Sequence[Memo], most: int, written: Callable[[list[dict[str, Any]]], bytes]
    ) -> None:
        if not _are_worth_saving(memos):
            return
        kept = [memo.known if len(memo.known) <= most else memo.fresh for memo in memos]
        self._store.put([(key, written(kept))])


def _are_worth_saving(memos: Sequence[Memo]) -> bool:
    return sum(len(memo.fresh) for memo in memos) > sum(len(memo.known) for memo in memos) * _SHARE


def _dumped(known: list[Any]) -> bytes:
    return json.dumps(known, separators=(",", ":")).encode("ascii")


def _packed(known: list[dict[str, Any]]) -> bytes:
    """Texts by their names, as bytes: reading so much JSON takes several times as long."""
    (texts,) = known
    head = _dumped([list(texts), list(map(len, texts.values()))])
    return head + b"\n" + "".join(texts.values()).encode("utf-8", "surrogatepass")


def _unpacked(value: bytes) -> dict[str, str]:
    end = value.index(b"\n")
    names, lengths = json.loads(value[:end])
    text = str(memoryview(value)[end + 1 :], "utf-8", "surrogatepass")
    ends = list(accumulate(lengths))
    return {name: text[end - length : end] for name, length, end in zip(names, lengths, ends)}


def contents_of(store: Store, root: str) -> Contents:
    """What is known of a project; the same for whoever asks again in this run."""
    if root not in store.contents:
        store.contents[root] = Contents(store, root)
    found: Contents = store.contents[root]
    return found
