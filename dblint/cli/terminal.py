"""What goes to standard output and standard error, and how it looks there."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable

from dblint.cli import streams
from dblint.cli.streams import write
from dblint.model import Note, Problem
from dblint.reports.style import WIDEST, Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["complain", "say", "style_of", "warn", "write"]

# Prose that is narrower than that is a column of words.
_NARROWEST = 60


def style_of(stream: TextIO, colour: str) -> Style:
    """How text looks on a stream. `colour`: "always", "never", or "auto": on a terminal, unless NO_COLOR is set or with
    FORCE_COLOR."""
    width = min(WIDEST, max(_NARROWEST, streams.columns(stream) or WIDEST))
    return Style(_has_colour(stream, colour), stream.encoding or "utf-8", width)


def _has_colour(stream: TextIO, colour: str) -> bool:
    if colour != "auto":
        return colour == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def say(text: str) -> None:
    """One line on standard error, cleaned."""
    style = style_of(sys.stderr, "never")
    streams.complain(style.clean(text) + "\n")


def complain(problems: Iterable[Problem], colour: str = "auto") -> None:
    """Each problem on standard error, with what to do about it."""
    style = style_of(sys.stderr, colour)
    for problem in problems:
        streams.complain(f"{style.paint('error', 'error')}: {style.clean(_text(problem))}" + "\n")
        if problem.hint:
            streams.complain(f"  {style.paint('help', 'bold')}: {style.clean(problem.hint)}" + "\n")


def warn(notes: Iterable[Note], colour: str = "auto", failing: Collection[str] = ()) -> None:
    """Each warning on standard error; those of a kind that makes the run fail as errors."""
    style = style_of(sys.stderr, colour)
    for note in notes:
        place = f"{note.path}:{note.line}" if note.line else note.path
        text = f"{place}: {note.message}" if place else note.message
        level = "error" if note.kind in failing else "warning"
        streams.complain(f"{style.paint(level, level)}: {style.clean(text)}" + "\n")


def _text(problem: Problem) -> str:
    numbers = (str(number) for number in (problem.line, problem.column) if number)
    return ": ".join(filter(None, (":".join((problem.path, *numbers)), problem.message)))
