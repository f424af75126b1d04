"""The files of a run: what is listed, what is read, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dblint.sources.files import MOST_BYTES, Files, TooLarge, Unreadable, project_of, split
from tests.cli_support import write


def files(folder: Path, texts: dict[str, str | bytes], *named: str) -> Files:
    write(folder, texts)
    found = Files(folder)
    for name in named or (".",):
        found.add(folder / name)
    return found


def test_what_is_found(tmp_path: Path) -> None:
    found = files(tmp_path, {"a.tf": "", "b/c.tf": "", ".git/x.tf": "", ".terraform/y.tf": "", "node_modules/z.tf": ""})
    assert list(found.all()) == ["a.tf", "b/c.tf"]
    assert found.found == {".": ["a.tf"], "b": ["c.tf"]}


def test_what_is_named_is_listed_once(tmp_path: Path) -> None:
    found = files(tmp_path, {"a.tf": "", "b/c.tf": "", "d.tf": ""}, "b", "b/c.tf", "d.tf", "b")
    assert list(found.all()) == ["b/c.tf", "d.tf"]
    assert found.named == {"b/c.tf", "d.tf"}


def test_names_of_any_folder_of_the_project(tmp_path: Path) -> None:
    found = files(tmp_path / "p", {"a.tf": "", "b/c.tf": ""}, "a.tf")
    assert (found.names("b"), found.names("gone"), found.names(".."), found.names("a.tf")) == (["c.tf"], [], [], [])
    assert found.problems == []


def test_a_given_file_stands_for_the_one_on_disk(tmp_path: Path) -> None:
    found = files(tmp_path, {"a.tf": "disk"}, "a.tf")
    found.give("a.tf", b"given")
    found.give("new/b.tf", b"new")
    assert found.read("a.tf") == b"given"
    found.forget("a.tf")
    assert found.read("a.tf") == b"given"
    assert (found.names("new"), found.read("new/b.tf")) == (["b.tf"], b"new")
    assert list(found.all()) == ["a.tf", "new/b.tf"]


def test_everything_around(tmp_path: Path) -> None:
    found = files(tmp_path, {"a.tf": "", "b/c.tf": "", ".terraform/d.tf": ""}, "b/c.tf")
    assert dict(found.around()) == {".": ["a.tf"], "b": ["c.tf"]}
    assert found.found == {}


def test_links(tmp_path: Path) -> None:
    write(tmp_path, {"outside.tf": "secret", "p/real.tf": "", "p/sub/x.tf": ""})
    folder = tmp_path / "p"
    (folder / "out.tf").symlink_to(tmp_path / "outside.tf")
    (folder / "in.tf").symlink_to("real.tf")
    (folder / "gone.tf").symlink_to("nowhere")
    (folder / "loop.tf").symlink_to("loop.tf")
    (folder / "folder.tf").symlink_to("sub")
    found = files(folder, {})
    assert found.found["."] == ["in.tf", "loop.tf", "out.tf", "real.tf"]
    assert found.read("in.tf") == b""
    for name, why in (("out.tf", "it leads out of the project"), ("loop.tf", "symbolic link")):
        with pytest.raises(Unreadable, match=why):
            found.read(name)


@pytest.mark.parametrize("path", ["../outside.tf", "/etc/passwd", "sub/../../outside.tf"])
def test_what_lies_outside_is_not_read(tmp_path: Path, path: str) -> None:
    write(tmp_path, {"outside.tf": "secret"})
    found = files(tmp_path / "p", {"a.tf": ""})
    assert found.inside(path) is None
    with pytest.raises(Unreadable, match="it leads out of the project"):
        found.read(path)


def test_what_is_too_large_tells_how_it_begins(tmp_path: Path) -> None:
    found = files(tmp_path, {"a.tf": b"begins" + b" " * MOST_BYTES})
    with pytest.raises(TooLarge, match="at most 10,485,760 are read") as caught:
        found.read("a.tf")
    assert caught.value.head.startswith(b"begins")
    assert len(caught.value.head) == 64 * 1024


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    with pytest.raises(Unreadable, match="not a regular file"):
        files(tmp_path, {}).read("pipe.tf")


def test_a_missing_path_is_a_problem(tmp_path: Path) -> None:
    [problem] = files(tmp_path, {"a.tf": ""}, "missing").problems
    assert (problem.message, problem.hint) == ("no such file or folder", "check the spelling")


def test_the_project_is_the_repository_that_holds_the_inputs(tmp_path: Path) -> None:
    write(tmp_path, {"repo/.git/HEAD": "", "repo/a/b/x.tf": "", "plain/a/x.tf": "", "plain/b/x.tf": ""})
    assert project_of([str(tmp_path / "repo/a/b")], str(tmp_path)) == str(tmp_path / "repo")
    plain, a, b = (str(tmp_path / path) for path in ("plain", "plain/a", "plain/b"))
    assert project_of([f"{a}/x.tf", b], plain) == plain
    assert project_of([a, b], "/nowhere") == plain


def test_words_of_paths() -> None:
    assert (split("a/b/c.tf"), split("c.tf")) == (("a/b", "c.tf"), (".", "c.tf"))
