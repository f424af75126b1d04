"""Where things are kept between runs: a folder of the user that nobody else can write to."""

from __future__ import annotations

import os
import stat
import sys


def default() -> str:
    """The folder of dblint among the user's caches; "" where the user has no home."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        above = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(above, "dblint", "cache")
    given = os.environ.get("XDG_CACHE_HOME", "")
    above = given if os.path.isabs(given) else os.path.join(home, ".cache")
    return os.path.join(above, "dblint") if os.path.isabs(above) else ""


def is_safe(folder: str) -> bool:
    """Whether the folder is there and ours alone; it is made where it is not there."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return only_ours(folder)
    except OSError:
        return False


def only_ours(path: str) -> bool:
    """Whether the path is no link, belongs to the user, and nobody else may write to it. Raises OSError."""
    if sys.platform == "win32":
        return not os.path.islink(path)
    status = os.lstat(path)
    return (
        not stat.S_ISLNK(status.st_mode)
        and status.st_uid == os.geteuid()
        and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
