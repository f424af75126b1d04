"""Many repositories on a Dask cluster: each is scanned by a process of its own on some worker, and their reports are
joined. Dask is not imported: who has a client has it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import dblint
from dblint.reports.merging import Document, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Options that name files of the worker, or make the report another one.
_FIXED = ("scan", "-f", "json", "--no-progress", "--quiet", "--allow-empty")
_TROUBLE = 2
_WHERE = str(Path(dblint.__file__).resolve().parent.parent)
_START = f"import sys; sys.path.insert(0, {_WHERE!r}); from dblint.cli import main; sys.exit(main())"


def scan_all(client: Any, folders: Mapping[str, str], options: Sequence[str] = ()) -> Document:
    """One report of all repositories, each below its name.

    `client` is a `dask.distributed.Client`, whose workers see each folder under its path; `options` are further ones
    of `dblint scan`. Of a repository that can not be scanned the report has an error. Raises ValueError for none.
    """
    if not folders:
        raise ValueError("expected at least one folder")
    futures = [client.submit(scan_one, folder, tuple(options), pure=False) for folder in folders.values()]
    return merged(list(zip(folders, client.gather(futures))))


def scan_one(folder: str, options: Sequence[str] = ()) -> Document:
    """The report of one repository; runs on a worker."""
    command = [sys.executable, "-I", "-c", _START, *_FIXED, *options, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        document: Document = json.loads(done.stdout)
    except ValueError:
        return _failed(folder, done.stderr.strip() or f"dblint ended with {done.returncode}")
    return document


def _failed(folder: str, message: str) -> Document:
    """The report of a repository that dblint refused."""
    from dblint.model import Problem
    from dblint.reports.json import document
    from dblint.result import Result

    return document(Result(_TROUBLE, problems=(Problem(folder, message),)))
