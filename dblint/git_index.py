"""Which paths git tracks: the index of a repository, read without starting git.

Versions 2 to 4, split and sparse, with SHA-1 and SHA-256. What can not be read is as if it were not there.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_left

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 256 * 1024 * 1024
MOST_EXCLUDES = 1024 * 1024
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_BEFORE_ID = 40  # ten numbers: times, device, inode, mode, owner, size
_WORTH_READING = 50  # searches through the bytes, which cost as much together as reading all paths
_EXTENDED, _LONGEST = 0x4000, 0xFFF


class Malformed(Exception):
    """This is no index, or one in a form that we do not know."""


class Repository:
    """The repository of a working tree. `top`: the absolute path of the folder that `.git` lies in."""

    def __init__(self, top: str) -> None:
        self._folder = _git_folder(top)
        self._content: bytes | None = None
        self._searched = 0
        self._paths: list[bytes] | None = None

    def excludes(self) -> bytes:
        """The patterns that hold for this clone alone; empty where there are none."""
        linked = _content(os.path.join(self._folder, "commondir"), 4096).strip()
        common = os.path.join(self._folder, os.fsdecode(linked)) if linked else self._folder
        return _content(os.path.join(common, "info", "exclude"), MOST_EXCLUDES)

    def tracks(self, path: str) -> bool:
        """Whether git tracks a file, or one below a folder."""
        wanted = os.fsencode(path)
        if self._content is None:
            self._content = _content(os.path.join(self._folder, "index"), MOST_BYTES)
        if self._paths is None:
            self._searched += 1
            if not self._content or (self._searched < _WORTH_READING and not _may_have(self._content, wanted)):
                return False
            self._paths = self._read()
        return _has(self._paths, wanted)

    def _read(self) -> list[bytes]:
        """All paths, sorted."""
        assert self._content is not None
        try:
            found, shared = paths(self._content)
            if shared:
                content = _content(os.path.join(self._folder, f"sharedindex.{shared}"), MOST_BYTES)
                found += paths(content)[0] if content else []
        except Malformed:
            return []
        return sorted(path for path in found if path)


def _has(known: list[bytes], wanted: bytes) -> bool:
    at = bisect_left(known, wanted)
    if at < len(known) and known[at] == wanted:
        return True
    below = wanted + b"/"
    at = bisect_left(known, below)
    if at < len(known) and known[at].startswith(below):
        return True
    heads = (wanted[: end + 1] for end, byte in enumerate(wanted) if byte == ord("/"))
    return any((at := bisect_left(known, head)) < len(known) and known[at] == head for head in heads)


def paths(content: bytes) -> tuple[list[bytes], str]:
    """The paths of an index, with "/" at the end of those that stand for all below, and the name of the index that it
    shares ("" for none). Raises Malformed."""
    for length in (20, 32):
        try:
            found, end = _entries(content, length)
        except (IndexError, ValueError):
            continue
        return found, next((i[:length].hex() for name, i in _extensions(content, end, length) if name == b"link"), "")
    raise Malformed


def _may_have(content: bytes, wanted: bytes) -> bool:
    """Whether a path may be in an index: surely not, where every path stands in the bytes as a whole, and it does
    not."""
    if content[4:8] not in (b"\0\0\0\2", b"\0\0\0\3") or b"link" in content or b"sdir" in content:
        return True
    return wanted in content


def _entries(content: bytes, length: int) -> tuple[list[bytes], int]:
    """The paths, and where the entries end. Raises IndexError and ValueError where ids do not have that length."""
    version, count = int.from_bytes(content[4:8], "big"), int.from_bytes(content[8:12], "big")
    if content[:4] != b"DIRC" or version not in (2, 3, 4):
        raise ValueError
    found: list[bytes] = []
    at, path = 12, b""
    for _ in range(count):
        start, at = at, at + _BEFORE_ID + length
        flags = int.from_bytes(content[at : at + 2], "big")
        at += 4 if flags & _EXTENDED and version > 2 else 2
        if version == 4:
            cut, at = _number(content, at)
            path = path[: len(path) - cut]
        else:
            path = b""
        end = content.index(b"\0", at)
        path += content[at:end]
        if flags & _LONGEST not in (len(path), _LONGEST):
            raise ValueError
        found.append(path)
        at = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8
    return found, at


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A number in seven bits a byte, and where it ends."""
    value = content[at] & 0x7F
    while content[at] & 0x80:
        at += 1
        value = (value + 1 << 7) | content[at] & 0x7F
    return value, at + 1


def _extensions(content: bytes, at: int, length: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= len(content) - length:
        size = int.from_bytes(content[at + 4 : at + 8], "big")
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size


def _git_folder(top: str) -> str:
    """The folder of git: `.git` itself, or where the file of that name leads (worktrees and submodules)."""
    path = os.path.join(top, ".git")
    said = _content(path, 4096)
    if said.startswith(b"gitdir:"):
        return os.path.join(top, os.fsdecode(said[7:].strip()))
    return path


def _content(path: str, most: int) -> bytes:
    """The content of a regular file of at most so many bytes; else nothing."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return b""
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            return b""
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
