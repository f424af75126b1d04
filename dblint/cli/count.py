"""Counts how far a run is."""

from __future__ import annotations

from types import TracebackType


class Count:
    """Told of each root before it is judged; knows how far the run came when it is interrupted."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0

    def __call__(self, done: int, total: int, path: str) -> None:
        """`done` of `total` roots are judged; `path` comes next."""
        self.done, self.total = done, total

    def __enter__(self) -> Count:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(self._told()) from None

    def _told(self) -> str:
        if not self.total:
            return "before anything was judged"
        return f"after {self.done} of {self.total} roots; nothing is reported"
