"""Whole runs: what was asked of the disk, what it said, and what the run said then.

A run whose every question would be answered as before says the same again. That is asked of the disk itself; what was
read before and nobody has touched since (see `Disk.digest`) is not read again.
"""

from __future__ import annotations

from collections.abc import Mapping

from dblint.cache.contents import contents_of
from dblint.cache.store import Store
from dblint.disk import Disk


class Run:
    """What a run said (`out` and `err`), and the code that it ended with."""

    __slots__ = ("code", "err", "out")

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


def packed(root: str, heard: Mapping[tuple[str, str], bytes], run: Run) -> bytes | None:
    """The run as bytes; None where a path has characters that we do not write."""
    if any("\n" in path for _, path in heard):
        return None
    questions = "\n".join(f"{kind}\t{path}" for kind, path in heard)
    texts = (root, str(run.code), run.out, run.err, questions)
    parts = [text.encode("utf-8", "surrogateescape") for text in texts] + [b"".join(heard.values())]
    return b" ".join(b"%d" % len(part) for part in parts) + b"\n" + b"".join(parts)


def same_again(value: bytes, store: Store) -> Run | None:
    """The run, where the disk says what it said then. All is asked that was asked then: whoever has to run again need
    not ask once more."""
    head, _, rest = value.partition(b"\n")
    parts = []
    for length in map(int, head.split()):
        parts.append(rest[:length])
        rest = rest[length:]
    root, code, out, err, questions = (part.decode("utf-8", "surrogateescape") for part in parts[:5])
    contents = contents_of(store, root)
    contents.disk = disk = Disk(root, contents.stamps)
    if disk.root != root:
        return None
    now = []
    for question in questions.split("\n") if questions else ():
        kind, _, path = question.partition("\t")
        now.append(disk.again(kind, path))
    return Run(int(code), out, err) if b"".join(now) == parts[5] else None
