"""Shows how far a long run is: on a terminal, on standard error, once it has taken longer than a moment."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_MOMENT = 0.5


class Progress:
    """Told of each root before it is judged; knows how far the run came, also where nothing is shown."""

    def __init__(self, shown: bool) -> None:
        self.done = 0
        self.total = 0
        self._path = ""
        self._bar: Bar | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(_MOMENT, self._show) if shown else None

    def __call__(self, done: int, total: int, path: str) -> None:
        """`done` of `total` roots are judged; `path` comes next."""
        if self._timer and self._timer.ident is None:
            self._timer.daemon = True
            self._timer.start()  # no sooner: where a thread runs, no process can be forked
        with self._lock:
            self.done, self.total, self._path = done, total, path
            self._update()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer and self._timer.ident is not None:
            self._timer.cancel()
            self._timer.join()
        with self._lock:
            if self._bar:
                self._bar.stop()
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(self._told()) from None

    def _told(self) -> str:
        if not self.total:
            return "before anything was judged"
        return f"after {self.done} of {self.total} roots; nothing is reported"

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

        columns = (SpinnerColumn(), BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
        with self._lock:
            self._bar = Progress(*columns, console=Console(stderr=True, force_terminal=True), transient=True)
            self._bar.add_task("")
            self._update()
            self._bar.start()

    def _update(self) -> None:
        if self._bar:
            name = "".join(sign for sign in self._path if sign.isprintable())
            self._bar.update(self._bar.task_ids[0], completed=self.done, total=self.total, description=name)


def progress_of(options: Mapping[str, Any]) -> Progress:
    """The progress of a command that is asked for, or not, by these options."""
    wanted = not (options.get("no_progress") or options.get("quiet"))
    return Progress(wanted and sys.stderr.isatty() and os.environ.get("TERM") != "dumb")
