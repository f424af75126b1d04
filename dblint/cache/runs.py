"""Whole runs: what was asked of the disk, what it said, and what the run said then.

A run whose every question would be answered as before says the same again. That is asked of the disk itself; what was
read before and nobody has touched since (see `Disk.digest`) is not read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dblint.cache.contents import Then, contents_of
from dblint.cache.store import Store
from dblint.disk import ANY_CONTENT, DIGEST, Disk


class Run:
    """What a run said (`out` and `err`), and the code that it ended with."""

    __slots__ = ("code", "err", "out")

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


def packed(root: str, heard: Mapping[tuple[str, str], bytes], run: Run, frame: bytes) -> bytes | None:
    """The run as bytes, with what it keeps of itself; None where a path has characters that we do not write."""
    questions = "\n".join(map("\t".join, heard))
    if questions.count("\n") >= max(len(heard), 1):
        return None
    texts = (root, str(run.code), run.out, run.err, questions)
    parts = [text.encode("utf-8", "surrogateescape") for text in texts] + [b"".join(heard.values()), frame]
    return b" ".join(b"%d" % len(part) for part in parts) + b"\n" + b"".join(parts)


def same_again(value: bytes, store: Store) -> Run | None:
    """The run, where the disk says what it said then. All is asked that was asked then: whoever has to run again need
    not ask once more."""
    root, code, out, err, questions, answers, frame = _parts(value)
    project = _text(root)
    contents = contents_of(store, project)
    contents.disk = disk = Disk(project, contents.stamps)
    if disk.root != project:
        return None
    asked = [question.split("\t", 1) for question in _text(questions).split("\n") if question]
    now = list(disk.again((kind, path) for kind, path in asked))
    if b"".join(now) == answers:
        return Run(int(_text(code)), _text(out), _text(err))
    contents.then = _then(asked, now, bytes(answers), bytes(frame)) if frame else None
    return None


def _text(part: memoryview) -> str:
    return str(part, "utf-8", "surrogateescape")


def _parts(value: bytes) -> Iterator[memoryview]:
    """The parts of a run, which are not copied."""
    end = value.index(b"\n") + 1
    view = memoryview(value)
    for length in map(int, value[:end].split()):
        yield view[end : end + length]
        end += length


def _then(asked: Sequence[Sequence[str]], now: Sequence[bytes], before: bytes, frame: bytes) -> Then | None:
    """None where more is otherwise than what files hold."""
    answers = [before[start : start + DIGEST] for start in range(0, len(before), DIGEST)]
    changed = {}
    for (kind, path), then, answer in zip(asked, answers, now):
        if then != answer:
            if kind != ANY_CONTENT:
                return None
            changed[path] = then.hex()
    return Then(changed, frame)
