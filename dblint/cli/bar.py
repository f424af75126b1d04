"""Shows how far a long run is: on a terminal, on standard error, once it has taken longer than a moment."""

from __future__ import annotations

import threading
from types import TracebackType

from dblint.cli.count import Count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.progress import Progress

_MOMENT = 0.5


class Bar(Count):
    """A count that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._path = ""
        self._shown: Progress | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(_MOMENT, self._show)

    def __call__(self, done: int, total: int, path: str) -> None:
        """`done` of `total` roots are judged; `path` comes next."""
        if self._timer.ident is None:
            self._timer.daemon = True
            self._timer.start()  # no sooner: where a thread runs, no process can be forked
        with self._lock:
            super().__call__(done, total, path)
            self._path = path
            self._update()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer.ident is not None:
            self._timer.cancel()
            self._timer.join()
        with self._lock:
            if self._shown:
                self._shown.stop()
        super().__exit__(kind, error, trace)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

        columns = (SpinnerColumn(), BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
        with self._lock:
            self._shown = Progress(*columns, console=Console(stderr=True, force_terminal=True), transient=True)
            self._shown.add_task("")
            self._update()
            self._shown.start()

    def _update(self) -> None:
        if self._shown:
            name = "".join(sign for sign in self._path if sign.isprintable())
            self._shown.update(self._shown.task_ids[0], completed=self.done, total=self.total, description=name)
