"""Patterns of .gitignore against git itself, and against what would take other readers for ever."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dblint.gitignore import MOST_STEPS, Patterns, TooMany, raw
from tests.git_support import environment, git, needs_git

PIECES = [
    *("a", "b", "ab", "x", ".", "é", " ", "#", "!", "-", "\t", "]", "/", "/", "\\", "\\*", "\\ ", "\r", "{a,b}"),
    *("*", "**", "?", "**/", "/**", "[ab]", "[!a]", "[^b-", "[a-c]", "[c-a]", "[[:alpha:]]", "[[:foo:]]", "[[:", ":]"),
    *("[", "[a-]", "[]a]", "[\\]]", "[:", "[/]", "[[:]", "[[::]]", "[[:space:][:punct:]]", "[a-\\c]"),
]
NAMES = [
    *("a", "b", "ab", "aa", "x", "a.b", "é", "a b", " ", "[", "*", "a*", "#a", "!a", "-", "]", "\\", "a\\", "\t", "a:"),
    *("ba", "c", "a]", "{a,b}"),
]
LINES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)


def ignored(content: bytes, path: str) -> bool:
    """Whether one file of patterns ignores a file: itself, or a folder that it lies in."""
    patterns, parts = Patterns(content), path.split("/")
    for end in range(1, len(parts) + 1):
        folder = "".join(f"{part}/" for part in parts[: end - 1])
        if patterns.verdict(raw(folder), raw(parts[end - 1]), end < len(parts)):
            return True
    return False


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q", ".")
    return folder


def of_git(folder: Path, content: bytes, paths: Sequence[str]) -> list[bool]:
    """What git says of files that need not be there."""
    (folder / ".gitignore").write_bytes(content)
    command = ["git", "check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"]
    given = "\0".join(paths).encode()
    done = subprocess.run(command, cwd=folder, env=environment(), input=given, capture_output=True, check=False)
    said = done.stdout.split(b"\0")[:-1]
    return [bool(said[at]) and not said[at + 2].startswith(b"!") for at in range(0, len(said), 4)]


@needs_git
@settings(max_examples=250, deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=6), paths=st.lists(PATHS, min_size=1, max_size=40, unique=True))
def test_random_patterns_say_what_git_says(empty: Path, lines: list[str], paths: list[str]) -> None:
    content = "\n".join(lines).encode()
    assert [ignored(content, path) for path in paths] == of_git(empty, content, paths)


CASES: list[tuple[bytes, list[str], list[str]]] = [
    (b"*.tfvars\n!dev.tfvars\n", ["prod.tfvars", "a/prod.tfvars"], ["dev.tfvars", "a/dev.tfvars", "tfvars"]),
    (b"/build\n", ["build", "build/a"], ["a/build"]),
    (b"a/b\n", ["a/b", "a/b/c"], ["x/a/b"]),
    (b"build/\n", ["build/a", "x/build/a"], ["build", "x/build"]),
    (b"build/\n!build/a\n", ["build/a"], []),
    (b"build/*\n!build/a\n", ["build/b"], ["build/a"]),
    (b"**/.terraform/*\n", [".terraform/x", "a/b/.terraform/x/y"], [".terraform"]),
    (b"a/**/b\n", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb"]),
    (b"a/**\n", ["a/x", "a/x/y"], ["a", "b/a"]),
    (b"*\n!*.tf\n", ["a.yaml"], ["a.tf"]),
    (b"\xef\xbb\xbfold\r\nnew\r\n", ["old", "new"], ["old\r"]),
    (b"trailing   \nkept\\ \n", ["trailing", "kept "], ["trailing   ", "kept"]),
    (b"# old\n\\#old\n\\!new\n", ["#old", "!new"], ["# old", "old"]),
    (b"\xff?.tf\n", ["\udcffx.tf"], ["x.tf"]),
    (b"a\0b\n", ["a"], ["b"]),
]


@pytest.mark.parametrize(("content", "out", "kept"), CASES)
def test_patterns(content: bytes, out: list[str], kept: list[str]) -> None:
    assert [path for path in (*out, *kept) if ignored(content, path)] == out


@needs_git
@pytest.mark.parametrize(("content", "out", "kept"), [case for case in CASES if b"\xff" not in case[0]])
def test_git_says_the_same(empty: Path, content: bytes, out: list[str], kept: list[str]) -> None:
    assert of_git(empty, content, [*out, *kept]) == [True] * len(out) + [False] * len(kept)


@pytest.mark.parametrize("pattern", [b"*a" * 500 + b"b", b"**/a/" * 400 + b"b", b"?*" * 500 + b"b", b"[a-z]*" * 500])
@pytest.mark.parametrize("path", ["a" * 4000, "a/" * 2000 + "c"])
def test_no_pattern_takes_long(pattern: bytes, path: str) -> None:
    start = time.process_time()
    folder, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
    Patterns(pattern).verdict(folder, name, False)
    assert time.process_time() - start < 2


def test_patterns_are_bounded() -> None:
    Patterns(b"name\n*.ending\n/path/of\n" * 50_000)
    with pytest.raises(TooMany):
        Patterns(b"a?b\n" * MOST_STEPS)


ODD = [b"", b"\n", b"/", b"!", b"!/", b"//", b"\\", b"*\\", b"[", b"[!", b"[]", b"[[:alpha:", b"**", b"/**/", b"!\n\n"]


@needs_git
@pytest.mark.parametrize("content", ODD)
def test_odd_files_are_borne(empty: Path, content: bytes) -> None:
    paths = ["a", "a/b", "[", "\\"]
    assert [ignored(content, path) for path in paths] == of_git(empty, content, paths)
