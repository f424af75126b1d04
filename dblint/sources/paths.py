"""Paths of a project: relative to its top, with "/"."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from dblint.disk import Disk


def split(path: str) -> tuple[str, str]:
    """A relative path as folder ("." at the top) and name."""
    folder, _, name = path.rpartition("/")
    return folder or ".", name


def upward(folder: str) -> Iterator[str]:
    """The folder and those above it, up to the project."""
    while folder != ".":
        yield folder
        folder = split(folder)[0]
    yield "."


def is_below(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def project_of(paths: Iterable[str], working: str, disk: Disk | None = None) -> str:
    """The folder that paths of the output are relative to; `disk` notes what was asked for.

    The repository that holds the inputs; else the working directory where it holds them; else what the inputs have in
    common.
    """
    disk = disk or Disk(working)
    absolute = [os.path.abspath(path) for path in paths]
    folders = [path if _is_folder(disk, path) else os.path.dirname(path) for path in absolute]
    common = os.path.commonpath(folders) if folders else working
    real = disk.real(common)  # it may be named through a link
    for folder in dict.fromkeys((*_upward(common), *_upward(real))):
        if disk.exists(os.path.join(folder, ".git")):
            return folder
    inside = lies_in(common, working) or lies_in(real, disk.real(working))
    return working if inside else common


def _upward(folder: str) -> Iterator[str]:
    """An absolute folder and all above it."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def lies_in(path: str, folder: str) -> bool:
    """Whether an absolute path is a folder, or lies below it."""
    return path == folder or path.startswith(os.path.join(folder, ""))


def _is_folder(disk: Disk, path: str) -> bool:
    try:
        return disk.is_folder(path)
    except OSError:
        return False
