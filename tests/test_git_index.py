"""What git tracks, read from its index: in every form that git writes it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dblint.git_index import Malformed, Repository, paths
from tests.cli_support import write
from tests.git_support import commit, git, needs_git, repository

FILES = ["a.tf", "a/b.tf", "a/b/c.tf", "a-b/c.tf", "é/x.tf", "long/" + "n" * 200 + ".tf", "z.tf"]
TREE: dict[str, str | bytes] = dict.fromkeys(FILES, "x")
ABSENT = ["b.tf", "a/b", "a.t", "a/c.tf", "c.tf", "z", "é", "a-", "n", "long/n", "a.tf/x"]


def asked(folder: Path) -> set[str]:
    found = Repository(str(folder))
    candidates = [*FILES, *ABSENT, "a", "a/b", "a-b", "long", "new.tf"]
    return {path for path in candidates if found.tracks(path)}


WANTED = {*FILES, "a", "a/b", "a-b", "é", "long"}


@needs_git
@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("hash", ["sha1", "sha256"])
def test_versions(tmp_path: Path, version: str, hash: str) -> None:
    git(tmp_path, "init", "-q", f"--object-format={hash}", ".")
    commit(tmp_path, TREE)
    if version == "3":
        git(tmp_path, "update-index", "--skip-worktree", "a/b.tf")
    else:
        git(tmp_path, "update-index", "--index-version", version)
    assert (tmp_path / ".git/index").read_bytes()[7] == int(version)
    assert asked(tmp_path) == WANTED
    listed = git(tmp_path, "ls-files", "-z").split("\0")[:-1]
    assert sorted(map(os.fsdecode, paths((tmp_path / ".git/index").read_bytes())[0])) == sorted(listed)


@needs_git
def test_many_questions(tmp_path: Path) -> None:
    """The first are answered by a search through the bytes, the others from the paths."""
    repository(tmp_path, TREE)
    found = Repository(str(tmp_path))
    for _ in range(20):
        assert {path for path in (*FILES, *ABSENT, "f/c.tf", "nn") if found.tracks(path)} == {*FILES, "a/b", "é"}


@needs_git
def test_a_split_index(tmp_path: Path) -> None:
    repository(tmp_path, TREE)
    git(tmp_path, "update-index", "--split-index")
    write(tmp_path, {"new.tf": ""})
    git(tmp_path, "add", "new.tf")
    assert list((tmp_path / ".git").glob("sharedindex.*"))
    assert asked(tmp_path) == {*WANTED, "new.tf"}


@needs_git
def test_a_sparse_index(tmp_path: Path) -> None:
    repository(tmp_path, TREE)
    git(tmp_path, "sparse-checkout", "set", "--cone", "--sparse-index", "a-b")
    assert b"sdir" in (tmp_path / ".git/index").read_bytes()
    assert {*WANTED, "a/c.tf"} - asked(tmp_path) <= {"a/c.tf"}


@needs_git
def test_worktrees_and_submodules(tmp_path: Path) -> None:
    repository(tmp_path / "one", TREE)
    (tmp_path / "one/.git/info").mkdir(exist_ok=True)
    (tmp_path / "one/.git/info/exclude").write_text("mine\n")
    git(tmp_path / "one", "worktree", "add", "-q", str(tmp_path / "two"))
    assert asked(tmp_path / "two") == WANTED
    assert Repository(str(tmp_path / "two")).excludes() == b"mine\n"
    repository(tmp_path / "above", {"x.tf": ""})
    git(tmp_path / "above", "-c", "protocol.file.allow=always", "submodule", "-q", "add", str(tmp_path / "one"), "sub")
    assert Repository(str(tmp_path / "above")).tracks("sub")
    assert asked(tmp_path / "above/sub") == WANTED


@pytest.mark.parametrize(
    "content", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\1", b"DIRC\0\0\0\x09\0\0\0\1" + b"a" * 99, b"a.tf"]
)
def test_what_is_no_index_tracks_nothing(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {".git/index": content})
    assert not Repository(str(tmp_path)).tracks("a.tf")


def test_what_is_no_repository_tracks_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a/.git")
    write(tmp_path, {"b/.git": "gitdir: /nonexistent\0\n", "c/.git": b"gitdir: \xff\n"})
    for folder in "abc":
        assert not Repository(str(tmp_path / folder)).tracks("a.tf")
        assert Repository(str(tmp_path / folder)).excludes() == b""


@given(content=st.binary(max_size=200), count=st.integers(0, 2**32 - 1), version=st.integers(2, 4))
def test_no_bytes_are_too_odd(content: bytes, count: int, version: int) -> None:
    head = b"DIRC" + version.to_bytes(4, "big") + count.to_bytes(4, "big")
    with suppress(Malformed):
        paths(head + content)
