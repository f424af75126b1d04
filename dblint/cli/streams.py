"""Standard output and standard error, and a note of what went there."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

# A longer write to an unbuffered pipe may end halfway without an error when the reader goes.
_PIECE = 16 * 1024
_PIPE_CLOSED = 141

# What this process has said: to standard output, and to standard error.
SAID: tuple[list[str], list[str]] = ([], [])


class NobodyReads(Exception):
    """Who read standard output has closed it. (click would make exit 1 of a BrokenPipeError, which means findings.)"""


def write(text: str) -> None:
    """Writes to standard output, whatever its encoding lacks. Raises NobodyReads."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = text if text.isascii() else text.encode(encoding, "replace").decode(encoding)
    SAID[0].append(text)
    try:
        for start in range(0, len(shown), _PIECE):
            sys.stdout.write(shown[start : start + _PIECE])
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReads from None


def complain(text: str) -> None:
    """Writes to standard error."""
    SAID[1].append(text)
    sys.stderr.write(text)
    sys.stderr.flush()


def forget() -> None:
    """Begins a new note of what is said."""
    for said in SAID:
        said.clear()


def left_alone() -> int:
    """What a process ends with whose output nobody reads any more; what is still in its buffers goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _PIPE_CLOSED


def columns(stream: TextIO) -> int:
    """How wide the terminal is; 0 where it is none, or does not say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return 0
