"""What is known of files without reading them again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dblint.disk import ANY_CONTENT, MOST_BYTES, Disk, Memo, Unreadable, digest_of


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The times of files are trusted at once."""
    monkeypatch.setattr("dblint.disk._SETTLED", -(10**12))


def digest(folder: Path, stamps: Memo, path: str = "a.tf") -> bytes:
    return Disk(str(folder), stamps).digest(path, MOST_BYTES)


def test_what_nobody_touched_is_not_read_again(tmp_path: Path, settled: None) -> None:
    (tmp_path / "a.tf").write_bytes(b"one")
    stamps = Memo({})
    assert digest(tmp_path, stamps) == digest_of(b"one")
    stamps.known["a.tf"] = stamps.known["a.tf"].rpartition(" ")[0] + " " + digest_of(b"as it is known").hex()
    assert digest(tmp_path, stamps) == digest_of(b"as it is known")


def replace(path: Path) -> None:
    path.with_name("new").write_bytes(b"two")
    path.with_name("new").replace(path)


def same_time(path: Path) -> None:
    status = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def to_link(path: Path) -> None:
    path.with_name("target").write_bytes(b"two")
    path.unlink()
    path.symlink_to("target")


@pytest.mark.parametrize("touch", [lambda path: path.write_bytes(b"two"), replace, same_time, to_link])
def test_what_was_touched_is_read_again(tmp_path: Path, settled: None, touch: Callable[[Path], object]) -> None:
    (tmp_path / "a.tf").write_bytes(b"one")
    stamps = Memo({})
    digest(tmp_path, stamps)
    time.sleep(0.05)  # so that the clock of the file system has moved on
    touch(tmp_path / "a.tf")
    assert digest(tmp_path, stamps) == digest_of(b"two")


def test_what_was_written_just_now_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b"one")
    stamps = Memo({})
    digest(tmp_path, stamps)
    assert not stamps.known


def test_a_stamp_opens_no_way_out(tmp_path: Path, settled: None) -> None:
    """A folder that became a link is followed no more, whatever is known of what was in it."""
    project, outside = tmp_path / "project", tmp_path / "outside"
    (project / "sub").mkdir(parents=True)
    (project / "sub" / "a.tf").write_bytes(b"one")
    stamps = Memo({})
    assert digest(project, stamps, "sub/a.tf") == digest_of(b"one")
    (project / "sub").rename(outside)
    (project / "sub").symlink_to(outside)
    with pytest.raises(Unreadable):
        digest(project, stamps, "sub/a.tf")


def test_a_file_that_is_larger_than_what_is_asked_for(tmp_path: Path, settled: None) -> None:
    (tmp_path / "a.tf").write_bytes(b"12345")
    stamps = Memo({})
    digest(tmp_path, stamps)
    with pytest.raises(Unreadable):
        Disk(str(tmp_path), stamps).digest("a.tf", 4)


def test_a_file_that_changes_in_between_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b"one")
    disk = Disk(str(tmp_path))
    disk.content("a.tf", MOST_BYTES)
    disk.content("a.tf", MOST_BYTES)
    assert not disk.torn
    (tmp_path / "a.tf").write_bytes(b"two")
    disk.content("a.tf", MOST_BYTES)
    assert disk.torn


def test_what_a_listing_shows_to_be_absent_is_not_looked_for(tmp_path: Path) -> None:
    """Only hidden folders, since some systems do not care for capitals."""
    (tmp_path / "root" / "here").mkdir(parents=True)
    disk = Disk(str(tmp_path))
    assert not disk.is_absent("root/.terraform/modules")
    disk.listed("root")
    assert disk.is_absent("root/.terraform/modules") and disk.is_absent("root/.terraform")
    assert not any(
        map(disk.is_absent, ("root", "root/here", "root/Here", "root/gone", "/.gone", "..", "root/../.gone"))
    )
    with pytest.raises(FileNotFoundError):
        disk.listed("root/.terraform/modules")


def test_a_listing_knows_its_links(tmp_path: Path) -> None:
    """A link that leads to a folder is no folder and no file, and may appear without either."""
    (tmp_path / "root").mkdir()
    (tmp_path / "elsewhere").mkdir()
    before = Disk(str(tmp_path))
    assert before.listed("root") == ([], [])
    (tmp_path / "root" / ".terraform").symlink_to(tmp_path / "elsewhere")
    after = Disk(str(tmp_path))
    assert after.listed("root") == ([], [])
    assert before.heard != after.heard
    assert not after.is_absent("root/.terraform/modules")


def test_what_was_asked_before_is_not_asked_again(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "a.tf").write_bytes(b"one")
    before = Disk(str(tmp_path))
    before.listed("root")
    before.digest("root/a.tf", MOST_BYTES)
    (tmp_path / "root" / "a.tf").write_bytes(b"two")
    disk = Disk(str(tmp_path))
    disk.before = before
    assert disk.digest("root/a.tf", MOST_BYTES) == digest_of(b"one")
    assert disk.listed("root") == (["a.tf"], []) and disk.heard == before.heard and not disk.torn
    assert disk.content("root/a.tf", MOST_BYTES) == b"two"
    assert disk.torn


def test_what_was_asked_before_counts_as_asked(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b"one")
    before = Disk(str(tmp_path))
    questions = [("listed", "."), (ANY_CONTENT, "a.tf"), ("exists", "b.tf"), ("content 1", "a.tf"), ("listed", "none")]
    answers = list(before.again(questions))
    assert list(before.heard.items()) == list(zip(questions, answers, strict=True))
    disk = Disk(str(tmp_path))
    disk.before = before
    disk.exists("c.tf")
    disk.resume(2)
    assert [*disk.heard] == [*questions[:2], ("exists", "c.tf")]
