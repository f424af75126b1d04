"""What the disk says of a project, and a note of all that was asked: who asks again and hears the same knows that
nothing has changed. It imports next to nothing, since a run whose result is known needs no more than this."""

from __future__ import annotations

import os
import stat
import time
from bisect import bisect_left
from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

try:
    from _blake2 import blake2b  # hashlib loads OpenSSL, which takes three milliseconds
except ImportError:
    from hashlib import blake2b

MOST_BYTES = 10 * 1024 * 1024
# How many bytes a digest has.
DIGEST = 16
# Names of the files, of the folders, and of the links in a folder; links that lead to files are among both.
Listing = tuple[list[str], list[str], list[str]]

_DOTS = frozenset(("", ".", ".."))
_CONTENT = "content "
# The question for the content of a file, as nearly all ask it.
ANY_CONTENT = f"{_CONTENT}{MOST_BYTES}"
_HEAD = 64 * 1024
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# A file that was touched so shortly before it was read may be touched again without a change of its times.
_SETTLED = 2_000_000_000


def digest_of(content: bytes) -> bytes:
    """What content is known by: DIGEST bytes."""
    digest: bytes = blake2b(content, digest_size=DIGEST).digest()
    return digest


class Unreadable(Exception):
    """A file that can not be read; the message says why, in words."""


class TooLarge(Unreadable):
    """A file above the limit. `head` is how it begins, for a guess at whether it matters."""

    def __init__(self, message: str, head: bytes) -> None:
        super().__init__(message)
        self.head = head


class Memo:
    """What is `known` under a name, and what of it is `fresh`: found out in this run."""

    __slots__ = ("fresh", "known")

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known
        self.fresh: dict[str, Any] = {}

    def learn(self, name: str, value: Any) -> None:
        if self.known.get(name) != value:
            self.known[name] = self.fresh[name] = value


class Disk:
    """A folder and all below it. Paths are relative to `root`, or absolute. `heard`: every question (its kind, and the
    path) with the digest of its answer; the first answer counts. `stamps`: what is known of files; nothing is noted of
    them where it is None. `before`: one that was asked in this run already, whose answers are good enough. `torn`: a
    file was another one when it was read again, so that what was found out belongs to no single state of the
    project."""

    def __init__(self, root: str, stamps: Memo | None = None) -> None:
        self.root = os.path.realpath(root)
        self.stamps = stamps
        self.before: Disk | None = None
        self.torn = False
        self._digests: dict[tuple[str, str], bytes] = {}
        self._listings: dict[str, Listing] = {}
        self.heard: dict[tuple[str, str], bytes] = {}
        self._real: dict[str, str] = {"": self.root.rstrip("/")}
        self._near: set[str] = set()
        self._repositories: dict[str, Any] = {}

    def listed(self, folder: str) -> tuple[list[str], list[str]]:
        """The names of the files and of the folders in a folder, sorted. Raises OSError."""
        if self.is_absent(folder):
            raise FileNotFoundError
        question = "listed", folder
        if self.before and folder in self.before._listings:
            files, below, _ = self._listings[folder] = self.before._listings[folder]
            self.heard.setdefault(question, self.before.heard[question])
            return files, below
        try:
            listing = _listed(self._at(folder))
        except OSError as error:
            self._hear(*question, repr(error).encode())
            raise
        self._listings[folder] = listing
        files, below, links = listing
        names = (*files, "", *below, "", *links) if links else (*files, "", *below)
        self._hear(*question, "\0".join(names).encode("utf-8", "surrogateescape"))
        return files, below

    def content(self, path: str, most: int) -> bytes:
        """The content of a file. Raises Unreadable."""
        try:
            content, status = self._content(path, most)
        except Unreadable as reason:
            self._hear(f"content {most}", path, repr((reason, getattr(reason, "head", b""))).encode())
            raise
        digest = self._hear(f"content {most}", path, content)
        if self.stamps and len(content) == status.st_size and _is_settled(status) and self._is_plain(path):
            self.stamps.learn(path, stamp_of(status) + digest.hex())
        return content

    def digest(self, path: str, most: int) -> bytes:
        """The digest of the content of a file, which is not read where its stamp is known. Raises Unreadable."""
        return self._digest((ANY_CONTENT if most == MOST_BYTES else f"{_CONTENT}{most}", path), most)

    def _digest(self, question: tuple[str, str], most: int) -> bytes:
        if self.before:
            digest = self.before._digests.get(question)
            if digest is not None:
                return self._noted(question, digest)
        path = question[1]
        if self.stamps and question not in self.heard:
            stamp = self.stamps.known.get(path)
            if stamp and self._is_as_then(path, stamp, most):
                return self._noted(question, bytes.fromhex(stamp[-2 * DIGEST :]))
        self.content(path, most)
        return self._noted(question, self.heard[question])

    def _noted(self, question: tuple[str, str], digest: bytes) -> bytes:
        self._digests[question] = digest
        return self.heard.setdefault(question, digest)

    def is_folder(self, path: str) -> bool:
        """Whether a path is a folder. Raises OSError where it is nothing."""
        try:
            found = stat.S_ISDIR(os.stat(self._at(path)).st_mode)
        except OSError as error:
            self._hear("is_folder", path, repr(error).encode())
            raise
        self._hear("is_folder", path, b"%d" % found)
        return found

    def exists(self, path: str) -> bool:
        """Whether something stands there, be it a link that leads nowhere."""
        found = os.path.lexists(self._at(path))
        self._hear("exists", path, b"%d" % found)
        return found

    def real(self, path: str) -> str:
        """The absolute path without links."""
        found = os.path.realpath(self._at(path))
        self._hear("real", path, found.encode("utf-8", "surrogateescape"))
        return found

    def inside(self, path: str) -> str | None:
        """The path without its "..", or None where it leads out of the project, also through links."""
        found = self._inside(path)
        if found is None or not self.is_absent(found):
            self._hear("inside", path, repr(found).encode())
        return found

    def tracked(self, path: str) -> bool:
        """Whether git tracks a file, or one below a folder; `path` is that of the repository's top, "//", and the path
        in it."""
        top, _, below = path.partition("//")
        found: bool = self._repository(top).tracks(below)
        self._hear("tracked", path, b"%d" % found)
        return found

    def excludes(self, top: str) -> bytes:
        """The patterns of what git ignores in this clone of a repository alone."""
        found: bytes = self._repository(top).excludes()
        self._hear("excludes", top, found)
        return found

    def again(self, questions: Iterable[tuple[str, str]]) -> Iterator[bytes]:
        """Asks once more, and gives the digests of the answers; nothing where there is none any more."""
        for question in questions:
            kind, path = question
            try:
                if kind == ANY_CONTENT:
                    yield self._digest(question, MOST_BYTES)
                    continue
                if kind.startswith(_CONTENT):
                    self._digest(question, int(kind[len(_CONTENT) :]))
                else:
                    getattr(self, kind)(path)
            except (OSError, Unreadable):
                pass  # which is an answer, too
            yield self.heard.get(question, b"")

    def resume(self, count: int) -> None:
        """Counts as asked here what was asked in this run already: the first questions, so many of them."""
        if self.before:
            self.heard = {**dict(islice(self.before.heard.items(), count)), **self.heard}

    def _repository(self, top: str) -> Any:
        if top not in self._repositories:
            from dblint.git_index import Repository

            self._repositories[top] = Repository(self._at(top))
        return self._repositories[top]

    def _hear(self, kind: str, path: str, answer: bytes) -> bytes:
        digest = digest_of(answer)
        self.torn |= self.heard.setdefault((kind, path), digest) != digest
        return digest

    def _at(self, path: str) -> str:
        return self.root if path == "." else os.path.join(self.root, path)

    def _inside(self, path: str) -> str | None:
        root = self._real[""]
        if not _DOTS.isdisjoint(path.split("/")):
            joined = os.path.normpath(os.path.join(self.root, path))
            if not f"{joined}/".startswith(f"{root}/"):
                return None
            path = os.path.relpath(joined, self.root).replace(os.sep, "/")
        real = root if path == "." else self._without_links(path)
        return path if f"{real}/".startswith(f"{root}/") else None

    def _without_links(self, path: str) -> str:
        """The absolute path without links. Each folder is looked at once."""
        folder, _, name = path.rpartition("/")
        if folder not in self._real:
            self._real[folder] = self._without_links(folder)
        joined = f"{self._real[folder]}/{name}"
        listing = self._listings.get(folder or ".")
        known = listing is not None and (_holds(listing[0], name) or _holds(listing[1], name))
        is_link = _holds(listing[2], name) if listing and known else os.path.islink(joined)
        return os.path.realpath(joined) if is_link else joined

    def is_absent(self, path: str) -> bool:
        """Whether a listing shows that nothing stands there. Only of hidden folders, which nobody writes in capitals
        where the system does not care."""
        folder, _, name = path.rpartition("/")
        if name in _DOTS or path.startswith("/"):
            return False
        listing = self._listings.get(folder or ".")
        if listing is None:
            return bool(folder) and self.is_absent(folder)
        return name.startswith(".") and not any(_holds(names, name) for names in listing)

    def _content(self, path: str, most: int) -> tuple[bytes, os.stat_result]:
        """What a file holds, and what it was just before that was read."""
        descriptor = self._opened(path)
        try:
            status = os.fstat(descriptor)
            return _bytes(descriptor, status, most), status
        except OSError as error:
            raise Unreadable(why(error)) from None
        finally:
            os.close(descriptor)

    def _is_as_then(self, path: str, stamp: str, most: int) -> bool:
        """Whether a file is still the one that a stamp was taken of, as the system says without opening it, and no link
        is in its way."""
        if path.rpartition("/")[0] not in self._near and not self._is_plain(path):
            return False
        try:
            status = os.lstat(f"{self._real['']}/{path}")
        except OSError:
            return False
        return stamp_of(status) == stamp[: -2 * DIGEST] and stat.S_ISREG(status.st_mode) and status.st_size <= most

    def _is_plain(self, path: str) -> bool:
        """Whether no link leads to the folder of a file. Each folder is looked at once."""
        folder = path.rpartition("/")[0]
        if path in _DOTS or path.startswith("/"):
            return False
        if folder in self._near:
            return True
        if folder not in self._real and self._inside(path) is None:
            return False
        if self._real.get(folder) != (f"{self._real['']}/{folder}" if folder else self._real[""]):
            return False
        self._near.add(folder)
        return True

    def _opened(self, path: str) -> int:
        """A descriptor of the file. Most files are no links and lie in a folder that was looked at: they are opened
        without a second look."""
        if self._is_plain(path):
            try:
                return os.open(f"{self._real['']}/{path}", _FLAGS | _NO_LINK)
            except OSError:
                pass  # a link, or something to be told about
        if self._inside(path) is None:
            raise Unreadable("it leads out of the project")
        try:
            return os.open(self._at(path), _FLAGS)
        except OSError as error:
            raise Unreadable(why(error)) from None


def _is_settled(status: os.stat_result) -> bool:
    """Whether whoever writes to a file from now on changes its times."""
    return max(status.st_mtime_ns, status.st_ctime_ns) + _SETTLED < time.time_ns()


def stamp_of(status: os.stat_result) -> str:
    """What changes whenever somebody writes to a file, or puts another one in its place."""
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} "


def _bytes(descriptor: int, status: os.stat_result, most: int) -> bytes:
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("it is not a regular file")
    if status.st_size > most:
        message = f"it has {status.st_size:,} bytes; at most {most:,} are read"
        raise TooLarge(message, os.read(descriptor, _HEAD))
    content = os.read(descriptor, status.st_size + 1)
    if len(content) == status.st_size:
        return content
    return content + b"".join(iter(lambda: os.read(descriptor, most + 1), b""))


def _listed(folder: str) -> Listing:
    files: list[str] = []
    below: list[str] = []
    links: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.name)
            elif not entry.is_symlink():
                files.append(entry.name)
            else:
                links.append(entry.name)
                if _leads_to_file(entry):
                    files.append(entry.name)
    return sorted(files), sorted(below), sorted(links)


def _holds(names: list[str], name: str) -> bool:
    """Whether a name is one of many that are sorted."""
    position = bisect_left(names, name)
    return position < len(names) and names[position] == name


def _leads_to_file(link: os.DirEntry[str]) -> bool:
    """Whether a link leads to something that may be read: to no folder, and not nowhere."""
    try:
        return not stat.S_ISDIR(link.stat().st_mode)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # whoever wants to read it learns why it can not be


def why(error: OSError) -> str:
    """The reason of an error of the operating system, as a sentence goes on."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    return (error.strerror or str(error)).lower()
