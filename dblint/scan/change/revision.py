"""The files of a revision: those of git's tree or index, over a working tree that supplies what git does not know."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Mapping
from pathlib import Path

from dblint.disk import digest_of
from dblint.scan.change.git import Blob, GitError, Repository, Tree
from dblint.sources.files import Files, TooLarge, Unreadable, split

_HEAD = 64 * 1024
_MOST_LINKS = 40


class Revision(Files):
    """`tree` are the files of the revision. `absent` are files of the working tree that it does not have; what git
    ignores (installed modules, values of one's own) is the same in all revisions, and is read from the disk."""

    def __init__(
        self, repository: Repository, project: Path, tree: Tree, absent: frozenset[str], exclude: tuple[str, ...] = ()
    ) -> None:
        super().__init__(project, exclude)
        self.tree = tree
        self._repository = repository
        self._absent = absent
        self._below = _folders(tree)

    def has(self, path: str) -> bool:
        """Whether a file or folder is part of the revision."""
        if path in self.tree or path in self._below:
            return True
        return path not in self._absent and os.path.lexists(self.project / path) and not self._is_emptied(path)

    def is_tracked(self, top: str, path: str) -> bool:
        if top != ".":
            return super().is_tracked(top, path)
        return path in self.tree or path in self._below

    def _is_emptied(self, folder: str) -> bool:
        """Whether all that a folder of the disk holds is absent."""
        return any(path.startswith(f"{folder}/") for path in self._absent)

    def exists(self, path: str) -> bool:
        return self.has(path)

    def is_folder(self, path: str) -> bool:
        if path in self.tree:
            return False
        if path in self._below:
            return True
        if path in self._absent:
            raise FileNotFoundError
        return super().is_folder(path)

    def listed(self, folder: str) -> tuple[list[str], list[str]]:
        try:
            folder = self._resolved(folder)
        except Unreadable as reason:
            raise FileNotFoundError(str(reason)) from None
        names, folders = self._below.get(folder, (set(), set()))
        try:
            files, below = super().listed(folder)
        except (FileNotFoundError, NotADirectoryError):
            if folder not in self._below:
                raise
            files, below = [], []
        head = "" if folder == "." else f"{folder}/"
        files = [name for name in files if head + name not in self._absent and name not in folders]
        below = [name for name in below if head + name not in self.tree]
        linked = {name for name in names if self._leads_to_folder(head + name)}
        return sorted({*files, *names} - linked), sorted({*below, *folders})

    def _leads_to_folder(self, path: str) -> bool:
        blob = self.tree[path]
        if not blob.is_link:
            return False
        try:
            target = self._resolved(path)
        except Unreadable:
            return False
        return target in self._below or (target not in self.tree and (self.project / target).is_dir())

    def _read(self, path: str, most: int) -> bytes:
        if path in self._given:
            return self._given[path]
        found = self._resolved(posixpath.normpath(path))
        blob = self.tree.get(found)
        if blob is None:
            if found in self._absent or found in self._below:
                raise Unreadable("no such file or folder")
            return super()._read(found, most)
        content = self._of_disk(found, blob, most)
        return self._of_git(blob, most) if content is None else content

    def _digest(self, path: str) -> bytes:
        return digest_of(self.read(path))

    def _is_absent(self, folder: str) -> bool:
        return False

    def _of_disk(self, path: str, blob: Blob, most: int) -> bytes | None:
        """The content from the disk where it is the same, which saves a process."""
        try:
            content = super()._read(path, most)
        except Unreadable:
            return None
        algorithm = hashlib.sha1 if len(blob.id) == 40 else hashlib.sha256
        return content if algorithm(b"blob %d\0" % len(content) + content).hexdigest() == blob.id else None

    def _of_git(self, blob: Blob, most: int) -> bytes:
        try:
            content = self._repository.content(blob, most)
        except GitError as error:
            raise Unreadable(str(error)) from None
        if len(content) > most:
            raise TooLarge(f"at most {most:,} bytes are read", content[:_HEAD])
        return content

    def _resolved(self, path: str) -> str:
        """The path without the links of the tree. Raises Unreadable where they lead out of the project or in a circle,
        or further than anybody means."""
        for _ in range(_MOST_LINKS):
            link = next((up for up in _heads(path) if up in self.tree and self.tree[up].is_link), None)
            if link is None:
                return path
            target = os.fsdecode(self._of_git(self.tree[link], 4096))
            rest = path[len(link) :].lstrip("/")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(link), target, rest))
            if path.startswith(("/", "../")) or path == "..":
                raise Unreadable("it leads out of the project")
        raise Unreadable("too many levels of symbolic links")


def _heads(path: str) -> list[str]:
    """The folders that a path leads through, the uppermost first, and itself."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _folders(tree: Tree) -> Mapping[str, tuple[set[str], set[str]]]:
    """Each folder of a tree with the names of the files and of the folders in it."""
    found: dict[str, tuple[set[str], set[str]]] = {".": (set(), set())}
    for path in tree:
        folder, name = split(path)
        found.setdefault(folder, (set(), set()))[0].add(name)
        while folder != ".":
            above, name = split(folder)
            known = found.setdefault(above, (set(), set()))[1]
            if name in known:
                break
            known.add(name)
            folder = above
    return found
