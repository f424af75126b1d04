"""The database of what is kept: one SQLite file, which several processes may use at once.

Whatever is wrong with it ends in an empty one or in none at all, never in an error. An entry that was damaged is as if
it were not there.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterable, Sequence

from dblint.cache.place import is_safe, only_ours

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3 as sqlite
    from typing import Any
else:
    try:
        import _sqlite3 as sqlite  # the package around it imports datetime and more
    except ImportError:
        import sqlite3 as sqlite

NAME = "dblint-1.sqlite"
MOST_BYTES = 256 * 1024 * 1024
_DAY = 24 * 60 * 60
_SHARE = 0.75
# Keys that are asked for at once.
_TOGETHER = 500
_BUSY_SECONDS = 2.0
# What a process writes that is killed then may be damaged: that is as if it were not there. Values have up to some
# megabytes, which take a fourth of the time in large pages, and are read once: pages need no memory of their own.
_PRAGMAS = (
    *("page_size = 16384", "auto_vacuum = incremental", "synchronous = off", "journal_mode = memory"),
    "cache_size = -256",
)
_TABLE = "create table if not exists entries (key blob primary key, day integer, size integer, sum integer, value blob)"
# With the sizes in it, so that adding these up does not read the whole table.
_INDEX = "create index if not exists days_and_sizes on entries (day, size)"


class Store:
    """An open database. Made by `opened`. `most` is the size, in bytes of values, above which the entries that were
    not used for the longest time go. `contents`: the `Contents` of each project, as far as they were asked for."""

    def __init__(self, path: str, most: int = MOST_BYTES) -> None:
        self._path = path
        self._most = most
        self.contents: dict[str, Any] = {}
        self._today = int(time.time() // _DAY)
        self._connection = self._connect()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values of the keys that are there, and whole."""
        found: dict[bytes, bytes] = {}
        stale: list[bytes] = []
        for start in range(0, len(keys), _TOGETHER):
            some = keys[start : start + _TOGETHER]
            marks = ",".join("?" * len(some))
            for key, day, checksum, value in self._do(
                f"select key, day, sum, value from entries where key in ({marks})", some
            ):
                if checksum == _sum(key, value):
                    found[key] = value
                    stale += [key] if day != self._today else []
        if stale:
            self._all("update entries set day = ? where key = ?", ((self._today, key) for key in stale))
        return found

    def put(self, values: Iterable[tuple[bytes, bytes]]) -> None:
        """Keeps values under their keys."""
        rows = ((key, self._today, len(value), _sum(key, value), value) for key, value in values)
        self._all("insert or replace into entries values (?, ?, ?, ?, ?)", rows)
        self._shrink()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _shrink(self) -> None:
        """Drops what was not used for the longest time until there is room again."""
        size = next(iter(self._do("select total(size) from entries")), (0,))[0]
        if size <= self._most:
            return
        dropped = []
        for key, bytes_ in self._do("select key, size from entries order by day, rowid"):
            if size <= self._most * _SHARE:
                break
            dropped.append(key)
            size -= bytes_
        self._all("delete from entries where key = ?", ((key,) for key in dropped))
        self._do("pragma incremental_vacuum")

    def _do(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if self._connection is None:
            return []
        try:
            return list(self._connection.execute(statement, values))
        except sqlite.Error as error:
            self._give_up(error)
            return []

    def _all(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        if self._connection is None:
            return
        try:
            self._connection.execute("begin immediate")
            self._connection.executemany(statement, rows)
            self._connection.execute("commit")
        except sqlite.Error as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Does without for the rest of the run. A file that is no database, or a damaged one, is removed for the next;
        one that somebody else is writing to is left alone."""
        self.close()
        if isinstance(error, sqlite.DatabaseError) and not isinstance(error, sqlite.OperationalError):
            _remove(self._path)

    def _connect(self) -> sqlite.Connection | None:
        for _ in range(2):
            try:
                connection = sqlite.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
                for pragma in _PRAGMAS:
                    connection.execute(f"pragma {pragma}")
                connection.execute(_TABLE)
                connection.execute(_INDEX)
                return connection
            except sqlite.OperationalError:
                return None
            except sqlite.DatabaseError:
                _remove(self._path)
        return None


def opened(folder: str, most: int = MOST_BYTES) -> Store | None:
    """The database in a folder; None where the folder or the file is not safely ours."""
    if not folder or not is_safe(folder):
        return None
    path = os.path.join(folder, NAME)
    try:
        if os.path.lexists(path) and not only_ours(path):
            return None
    except OSError:
        return None
    return Store(path, most)


def _sum(key: bytes, value: bytes) -> int:
    """What tells whether a value is whole, and that of its key: a process that was killed may have left an index that
    leads elsewhere. (Nobody else can write to the file.)"""
    return zlib.crc32(value, zlib.crc32(key))


def _remove(path: str) -> None:
    for name in (path, f"{path}-journal"):
        try:
            os.remove(name)
        except OSError:
            continue
