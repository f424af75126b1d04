"""What goes to standard output and standard error, and how it looks there."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable
from typing import TextIO

import click

from dblint.cli import NobodyReads
from dblint.model import Note, Problem
from dblint.reports.style import Style

# A longer write to an unbuffered pipe may end halfway without an error when the reader goes.
_PIECE = 16 * 1024


def style_of(stream: TextIO, colour: str) -> Style:
    """How text looks on a stream. `colour`: "always", "never", or "auto": on a terminal, unless NO_COLOR is set or with
    FORCE_COLOR."""
    return Style(_has_colour(stream, colour), stream.encoding or "utf-8")


def _has_colour(stream: TextIO, colour: str) -> bool:
    if colour != "auto":
        return colour == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def write(text: str) -> None:
    """Writes to standard output, whatever its encoding lacks. Raises NobodyReads."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = text.encode(encoding, "replace").decode(encoding)
    try:
        for start in range(0, len(shown), _PIECE):
            sys.stdout.write(shown[start : start + _PIECE])
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReads from None


def say(text: str) -> None:
    """One line on standard error, cleaned."""
    style = style_of(sys.stderr, "never")
    click.echo(style.clean(text), err=True, color=True)


def complain(problems: Iterable[Problem], colour: str = "auto") -> None:
    """Each problem on standard error, with what to do about it."""
    style = style_of(sys.stderr, colour)
    for problem in problems:
        click.echo(f"{style.paint('error', 'error')}: {style.clean(_text(problem))}", err=True, color=True)
        if problem.hint:
            click.echo(f"  {style.paint('help', 'bold')}: {style.clean(problem.hint)}", err=True, color=True)


def warn(notes: Iterable[Note], colour: str = "auto", failing: Collection[str] = ()) -> None:
    """Each warning on standard error; those of a kind that makes the run fail as errors."""
    style = style_of(sys.stderr, colour)
    for note in notes:
        place = f"{note.path}:{note.line}" if note.line else note.path
        text = f"{place}: {note.message}" if place else note.message
        level = "error" if note.kind in failing else "warning"
        click.echo(f"{style.paint(level, level)}: {style.clean(text)}", err=True, color=True)


def _text(problem: Problem) -> str:
    numbers = (str(number) for number in (problem.line, problem.column) if number)
    return ": ".join(filter(None, (":".join((problem.path, *numbers)), problem.message)))
