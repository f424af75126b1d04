"""The compiled grammar is a pickle: it is kept and read only where nobody else can write."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARSE = """
from dblint.sources.terraform.syntax.expression import parse_expression
from dblint.sources.terraform.syntax.text import Text
print(type(parse_expression(Text("x", "a ? b : c /**/", print), 0, 14)).__name__)
"""


class Evil:
    """Leaves a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> object:
        return Path.touch, (self.path,)


def parse(cache: Path | str, **more: str) -> str:
    environment = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT), **more}
    done = subprocess.run(
        [sys.executable, "-c", PARSE], capture_output=True, text=True, check=True, env=environment, cwd="/"
    )
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_it_is_kept_in_a_folder_of_our_own(tmp_path: Path) -> None:
    assert parse(tmp_path) == "Conditional"
    folder = tmp_path / "dblint"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.suffix for path in folder.iterdir()] == [".bin"]
    assert parse(tmp_path) == "Conditional"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
@pytest.mark.parametrize("weakness", ["writable folder", "writable file", "link"])
def test_what_others_could_have_written_is_not_read(weakness: str, tmp_path: Path) -> None:
    assert parse(tmp_path) == "Conditional"
    folder = tmp_path / "dblint"
    kept = next(folder.iterdir())
    mark = tmp_path / "executed"
    evil = pickle.dumps(Evil(mark))
    kept.write_bytes(kept.read_bytes().split(b"\n", 1)[0] + b"\n" + evil)
    if weakness == "writable folder":
        folder.chmod(0o777)
    elif weakness == "writable file":
        kept.chmod(0o666)
    else:
        kept.rename(tmp_path / "elsewhere")
        kept.symlink_to(tmp_path / "elsewhere")
    assert parse(tmp_path) == "Conditional"
    assert not mark.exists()


@pytest.mark.slow
def test_without_a_place_it_is_compiled_in_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert parse(blocked) == "Conditional"
    assert parse("relative", HOME=str(tmp_path / "home")) == "Conditional"
    assert (tmp_path / "home" / ".cache" / "dblint").is_dir()
