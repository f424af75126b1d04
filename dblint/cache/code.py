"""A stamp of dblint itself: what is kept is of use to the very same program alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from dblint.disk import digest_of

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


_known: list[bytes] = []


def stamp() -> bytes:
    """Changes with every file of dblint and of its rules, with Python, and with what is installed beside it."""
    if not _known:
        _known.append(_stamp())
    return _known[0]


def _stamp() -> bytes:
    lines = [sys.version, *_installed()]
    for top in (_HERE, os.path.join(os.path.dirname(_HERE), "rules")):
        lines += _files(top)
    return digest_of("\n".join(lines).encode("utf-8", "surrogateescape"))


def _installed() -> Iterator[str]:
    """The folders that modules are imported from: installing something changes their time."""
    for folder in sys.path:
        try:
            yield f"{folder} {os.stat(folder).st_mtime_ns}"
        except OSError:
            yield folder


def _files(top: str) -> Iterator[str]:
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                status = entry.stat()
                yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"
