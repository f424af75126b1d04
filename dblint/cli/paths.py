"""From the paths of the command line to the files of a run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dblint.cli.refusal import usage_error
from dblint.disk import Disk
from dblint.sources.files import MOST_BYTES, Files, project_of

_STDIN = "-"


def files_of(paths: Sequence[str], beside: Sequence[str], stdin_filename: str | None) -> Files:
    """The files of the project that holds the paths, with nothing taken yet. `beside` are files that are read as
    well. Raises UsageError."""
    reads_stdin = _STDIN in paths
    if reads_stdin != bool(stdin_filename):
        raise usage_error("- and --stdin-filename belong together: the name says what the input is")
    if reads_stdin and len(paths) > 1:
        raise usage_error("- is read alone, without other paths")
    inputs = [stdin_filename] if stdin_filename else paths
    working = os.getcwd()
    disk = Disk(working)
    files = Files(project_of([*inputs, *beside], working, disk))
    files.disk.heard.update(disk.heard)
    return files


def take(files: Files, paths: Sequence[str], stdin_filename: str | None, force_exclude: bool) -> None:
    """Takes what was named: files, folders with all below them, or standard input under its name."""
    if stdin_filename:
        files.give(relative(stdin_filename, files), _stdin())
        return
    for path in paths:
        files.add(path, force_exclude)


def _stdin() -> bytes:
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise usage_error(f"standard input has more than {MOST_BYTES:,} bytes, which is all that is read")
    return content


def relative(path: str, files: Files) -> str:
    """A path of the command line as one of the project. Raises UsageError where it lies outside."""
    absolute = os.path.abspath(path)
    found = files.inside(os.path.relpath(files.disk.real(absolute), files.disk.root))
    if found is None:
        raise usage_error(f"{path} lies outside of the project {files.project}")
    return found


def common(paths: Sequence[str], stdin_filename: str | None, files: Files) -> str:
    """The folder, relative to the project, that holds all inputs: where the search for settings begins."""
    inputs = [files.disk.real(os.path.abspath(path)) for path in ([stdin_filename] if stdin_filename else paths)]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in inputs]
    found = os.path.relpath(os.path.commonpath(folders), files.disk.root).replace(os.sep, "/")
    return "." if found.startswith("..") else found
