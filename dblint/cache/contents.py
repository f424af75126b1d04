"""What is known of the files of a project from earlier runs: what each of them held when it was last read, and what
follows from contents, whatever file they stand in."""

from __future__ import annotations

import json

from dblint.cache.code import stamp
from dblint.cache.store import Store
from dblint.disk import Memo, digest_of

# So many of each are kept; more are forgotten all at once, and found out again.
_MOST = 200_000
# What is new is written where it is more than this share of all: writing costs more than finding out a little.
_SHARE = 0.01


class Contents:
    """`stamps`: path -> the stamp of a file, and the digest of its content in hex. `facts`: plain values by what they
    say of which content. `trees`: texts of expressions with their trees, as plain values. To be saved in the end."""

    __slots__ = ("_key", "_store", "facts", "stamps", "trees")

    def __init__(self, store: Store, root: str) -> None:
        """`root`: the folder of the project."""
        self._store = store
        self._key = digest_of(b"contents\0" + stamp() + root.encode("utf-8", "surrogateescape"))
        known: list[dict[str, object]] = [{}, {}, {}]
        for value in store.get([self._key]).values():
            known = json.loads(value)
        self.stamps, self.facts, self.trees = map(Memo, known)

    def save(self) -> None:
        """Keeps what is new, where that is worth it."""
        memos = (self.stamps, self.facts, self.trees)
        if sum(len(memo.fresh) for memo in memos) <= sum(len(memo.known) for memo in memos) * _SHARE:
            return
        kept = [memo.known if len(memo.known) <= _MOST else memo.fresh for memo in memos]
        self._store.put([(self._key, json.dumps(kept, separators=(",", ":")).encode("ascii"))])


def contents_of(store: Store, root: str) -> Contents:
    """What is known of a project; the same for whoever asks again in this run."""
    if root not in store.contents:
        store.contents[root] = Contents(store, root)
    found: Contents = store.contents[root]
    return found
