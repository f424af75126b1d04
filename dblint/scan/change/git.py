"""Reads revisions of a repository with the program git: the one place where a scan starts a process of its own accord.

The repository is what is scanned, so nothing that it configures may run. Only objects and the index are read, by
commands that know neither hooks, filters, text conversions nor pagers; the file-system monitor is off; no transport is
allowed, so that what was never fetched is missing instead of fetched. See docs/decisions/0009.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

from dblint.records import dataclass

MOST_BYTES = 512 * 1024 * 1024
_SECONDS = 120.0
_NONE = (
    "core.fsmonitor=",
    f"core.hooksPath={os.devnull}",
    "core.untrackedCache=false",
    "core.sshCommand=false",
    "protocol.allow=never",
    "submodule.recurse=false",
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# A hook of `git commit -- PATH` is given an index of its own.
_KEPT = "GIT_INDEX_FILE"
_FILE, _LINK = ("100644", "100755", "100664"), "120000"


class GitError(Exception):
    """What git could not do; the message says what, `hint` what may help."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a revision: the id of its content, and whether that is where a link leads."""

    id: str
    is_link: bool = False


Tree = Mapping[str, Blob]


class Repository:
    """The repository whose working tree has its top at `project`. All paths are relative to that. Raises GitError."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._program = _program(project)
        if self._run("rev-parse", "--is-inside-work-tree", "--show-prefix").split(b"\n")[:2] != [b"true", b""]:
            raise GitError(f"{project} is not the top of a git repository")

    def commit(self, name: str) -> str:
        """The id of the commit that a name means."""
        if not name or name.startswith("-") or "\0" in name:
            raise GitError(f"expected a commit, found {name or 'nothing'}")
        try:
            return self._line("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitError:
            raise GitError(f"there is no commit {name}", self._shallow()) from None

    def base(self, name: str) -> str:
        """The commit from which HEAD and another one went apart."""
        other, head = self.commit(name), self.commit("HEAD")
        try:
            return self._line("merge-base", other, head)
        except GitError:
            raise GitError(f"HEAD and {name} have no common ancestor", self._shallow()) from None

    def _shallow(self) -> str:
        is_shallow = self._line("rev-parse", "--is-shallow-repository") == "true"
        return "this clone is shallow: git fetch --unshallow (in CI: check out the whole history)" if is_shallow else ""

    def head(self) -> Tree:
        """The files of HEAD; none before the first commit."""
        try:
            head = self.commit("HEAD")
        except GitError:
            return {}
        return self.tree(head)

    def tree(self, commit: str) -> Tree:
        """The files of a commit."""
        found: dict[str, Blob] = {}
        for entry in self._run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            head, _, path = entry.partition(b"\t")
            if path:
                mode, _, id = head.decode("ascii").split(" ")
                _put(found, path, mode, id)
        return found

    def index(self) -> Tree:
        """The files that are staged."""
        found: dict[str, Blob] = {}
        for entry in self._run("ls-files", "-z", "--stage").split(b"\0"):
            head, _, path = entry.partition(b"\t")
            if path:
                mode, id, stage = head.decode("ascii").split(" ")
                if stage != "0":
                    raise GitError(f"{os.fsdecode(path)} is in conflict", "resolve the conflict first")
                _put(found, path, mode, id)
        return found

    def untracked(self) -> frozenset[str]:
        """The files of the working tree that are neither in the index nor ignored."""
        listed = self._run("ls-files", "-z", "--others", "--exclude-standard").split(b"\0")
        return frozenset(os.fsdecode(path) for path in listed if path)

    def content(self, blob: Blob, most: int) -> bytes:
        """The content of a file; one byte more than `most` where it has more."""
        return self._run("cat-file", "blob", blob.id, most=most + 1)

    def _line(self, *arguments: str) -> str:
        return self._run(*arguments, most=4096).decode("utf-8", "replace").strip()

    def _run(self, *arguments: str, most: int = MOST_BYTES) -> bytes:
        """What git prints, up to so many bytes. Raises GitError."""
        options = [part for setting in _NONE for part in ("-c", setting)]
        command = [self._program, "--no-pager", *options, *arguments]
        try:
            process = subprocess.Popen(
                command,
                cwd=self._project,
                env=_environment(self._project),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise GitError(f"git can not be started: {error.strerror}") from None
        return _output(process, arguments[0], most)


def _output(process: subprocess.Popen[bytes], name: str, most: int) -> bytes:
    """The output of a process, which is ended where it prints more, or does not come to an end."""
    assert process.stdout and process.stderr
    timer = threading.Timer(_SECONDS, process.kill)
    errors: list[bytes] = []
    reader = threading.Thread(target=lambda pipe: errors.append(pipe.read(65536)), args=(process.stderr,), daemon=True)
    with process:
        timer.start()
        reader.start()
        try:
            found = process.stdout.read(most)
            cut = len(found) == most
            if cut:
                process.kill()
            code = process.wait()
            reader.join()
        finally:
            timer.cancel()
            process.kill()
    if cut and most == MOST_BYTES:
        raise GitError(f"git {name}: it prints more than {MOST_BYTES:,} bytes")
    if code and not cut:
        said = b"".join(errors).decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
        raise GitError(f"git {name}: {said or f'it ended with {code}'}")
    return found


def _put(found: dict[str, Blob], path: bytes, mode: str, id: str) -> None:
    """Submodules are no files: what lies in them is the same in all revisions, as far as this repository can tell."""
    if mode in _FILE or mode == _LINK:
        found[os.fsdecode(path)] = Blob(id, is_link=mode == _LINK)


def _program(project: Path) -> str:
    """The git that the person has installed, never one that lies in what is scanned."""
    found = shutil.which("git")
    if found is None:
        raise GitError("git is not installed")
    if Path(os.path.realpath(found)).is_relative_to(project) or not os.path.isabs(found):
        raise GitError(f"{found} lies in what is scanned", "put the folder of git first on PATH")
    return found


def _environment(project: Path) -> dict[str, str]:
    """The environment without what steers git, and with what holds it back."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name == _KEPT}
    return {**kept, **_ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(project.parent)}
