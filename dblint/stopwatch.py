"""Where the seconds of a run go, for who asks (`--timing`). A stage within a stage counts for the inner one alone.

One clock for the process, since stages are met at the bottom of everything. It costs next to nothing while it stands.
"""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    Function = TypeVar("Function", bound=Callable[..., Any])

# In the order in which they are told.
STAGES = (
    *("start", "settings", "walk", "rules", "prefilter", "scan", "parse", "evaluate", "judge", "cache", "change"),
    *("cfn-lint", "waiting", "report", "other"),
)
_OTHER = STAGES[-1]


class _Clock:
    """`seconds` of each stage; `stages` are those that run, each within the one before it, the last since `since`.
    `before`: the seconds until it `began`."""

    __slots__ = ("before", "began", "seconds", "since", "stages")

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.stages = [_OTHER]
        self.began = self.since = time.perf_counter()
        self.before = 0.0

    def begin(self, stage: str) -> None:
        self.note()
        self.stages.append(stage)

    def end(self) -> None:
        self.note()
        self.stages.pop()

    def note(self) -> None:
        """What passed until now goes to the stage that runs."""
        now = time.perf_counter()
        stage = self.stages[-1]
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self.since
        self.since = now


# The clock that goes, if any.
_going: list[_Clock] = []


def start() -> None:
    """Sets the clock going. What the process took so far, in seconds of CPU, is the stage "start"."""
    _going[:] = [_Clock()]
    _going[0].seconds["start"] = _going[0].before = time.process_time()


def stop() -> None:
    _going.clear()


def restart() -> None:
    """Begins at nothing, in a process that was forked."""
    for clock in _going:
        clock.seconds.clear()
        clock.since = time.perf_counter()


def taken() -> dict[str, float]:
    """The seconds of each stage since the last time that somebody took them; nothing where no clock goes."""
    seconds: dict[str, float] = {}
    for clock in _going:
        clock.note()
        seconds, clock.seconds = clock.seconds, {}
    return seconds


def add(seconds: Mapping[str, float]) -> None:
    """Adds what another process took."""
    for clock in _going:
        for stage, more in seconds.items():
            clock.seconds[stage] = clock.seconds.get(stage, 0.0) + more


def read() -> dict[str, float]:
    """The seconds of each stage so far in the order of STAGES, and "total", which is less than their sum where stages
    ran in several processes at once; nothing where no clock goes."""
    for clock in _going:
        clock.note()
        found = {stage: round(clock.seconds[stage], 4) for stage in STAGES if stage in clock.seconds}
        return {**found, "total": round(clock.before + clock.since - clock.began, 4)}
    return {}


def timed(stage: str) -> Callable[[Function], Function]:
    """A function whose seconds belong to a stage."""

    def decorate(function: Function) -> Function:
        def call(*arguments: Any, **named: Any) -> Any:
            if not _going:
                return function(*arguments, **named)
            clock = _going[0]
            clock.begin(stage)
            try:
                return function(*arguments, **named)
            finally:
                clock.end()

        call.__name__, call.__qualname__, call.__doc__ = function.__name__, function.__qualname__, function.__doc__
        call.__module__ = function.__module__
        return call  # type: ignore[return-value]

    return decorate
