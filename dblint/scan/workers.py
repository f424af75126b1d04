"""Evaluates roots in processes beside this one.

Each worker is forked when all roots are found, takes every n-th of them, and writes what it finds out as JSON into a
pipe, root by root. What a worker can not say in JSON (something went wrong there), or dies over, is evaluated by who
asked. So the order and the content of a result do not hang on how many there are.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from dblint import stopwatch
from dblint.model import Problem
from dblint.scan.evaluation import Evaluation
from dblint.scan.record import NotPlain, dumped, written
from dblint.sources.base import Root
from dblint.sources.files import Files, Question

Judge = Callable[[Root], Evaluation]


class Workers:
    """The processes; to be closed in any case."""

    def __init__(self) -> None:
        self._of: dict[int, _Worker] = {}
        self._workers: list[_Worker] = []

    @stopwatch.timed("waiting")
    def start(self, roots: Sequence[Root], jobs: int, judge: Judge, files: Files, problems: list[Problem]) -> None:
        """As many processes as `jobs`, or as there are processors; none where they can not be forked safely. `problems`
        is where roots report what they can not read."""
        jobs = min(jobs or processors(), len(roots))
        if jobs < 2 or not _can_fork():
            return
        sys.stdout.flush()
        sys.stderr.flush()
        for number in range(jobs):
            share = roots[number::jobs]
            self._workers.append(_Worker(share, judge, files, problems, self._workers))
            self._of.update((id(root), self._workers[-1]) for root in share)

    def result(self, root: Root) -> tuple[bytes, set[Question]] | None:
        """The record of what a worker found out of a root, and what the root asked of the project; None where it says
        nothing."""
        worker = self._of.get(id(root))
        answer = _next(worker) if worker else b""
        if not answer:
            return None
        said, _, record = answer.partition(b"\t")
        asked, seconds = json.loads(said)
        stopwatch.add(seconds)
        return record, {(kind, path) for kind, path in asked}

    def close(self) -> None:
        """Ends all processes, also those that are at work."""
        for worker in self._workers:
            worker.close()
        self._workers.clear()
        self._of.clear()


@stopwatch.timed("waiting")
def _next(worker: _Worker) -> bytes:
    return worker.next()


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _can_fork() -> bool:
    """A thread that holds a lock would hold it for ever in the child."""
    threading = sys.modules.get("threading")
    return hasattr(os, "fork") and (threading is None or threading.active_count() == 1)


class _Worker:
    """One process, and the pipe that it writes to."""

    pipe: int

    def __init__(
        self, share: Sequence[Root], judge: Judge, files: Files, problems: list[Problem], others: Sequence[_Worker]
    ) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            for pipe in (reading, *(other.pipe for other in others)):
                os.close(pipe)  # so that each pipe has one reader, and who writes learns when that is gone
            _work(writing, share, judge, files, problems)
        os.close(writing)
        self.pipe = reading
        self._lines = _lines(reading)
        self._ended = False

    def next(self) -> bytes:
        """The answer for the next root of its share; empty where there is none."""
        return next(self._lines, b"")

    def close(self) -> None:
        if not self._ended:
            self._ended = True
            os.close(self.pipe)
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)


def _lines(pipe: int) -> Iterator[bytes]:
    """The whole lines that are written to a pipe, as they come."""
    parts: list[bytes] = []
    while content := os.read(pipe, 1 << 16):
        *whole, rest = content.split(b"\n")
        for line in whole:
            yield b"".join((*parts, line))
            parts.clear()
        parts.append(rest)


def _work(pipe: int, share: Sequence[Root], judge: Judge, files: Files, problems: list[Problem]) -> None:
    """What a worker does. It ends without cleaning up what is its parent's."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        stopwatch.restart()
        with open(pipe, "wb") as out:
            for root in share:
                out.write(_answer(root, judge, files, problems) + b"\n")
                out.flush()
        code = 0
    finally:
        os._exit(code)


def _answer(root: Root, judge: Judge, files: Files, problems: list[Problem]) -> bytes:
    files.asked = set()
    before = len(problems)
    try:
        record = written(judge(root))
    except (NotPlain, TypeError):
        return b""
    if len(problems) != before or files.disk.torn:
        return b""
    return dumped([sorted(files.asked), stopwatch.taken()]) + b"\t" + record
