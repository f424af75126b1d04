"""How far a long run is: shown on a terminal alone, and told where somebody ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli_support import ROOT, TERRAFORM, Call, write

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

# A rule that takes its time: each root costs 0.4 s.
SLOW = """\
import os
import time

from dblint import LOW, rule
from dblint.aws.rds import DBInstance


@rule(severity=LOW, category="fitness")
def slow(db: DBInstance) -> bool:
    \"\"\"It takes its time.\"\"\"
    open("begun", "w").close()
    time.sleep(float(os.environ.get("SECONDS", "0.4")))
    return False
"""
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import main; sys.exit(main())"
ROOTS = {f"r{number}/main.tf": TERRAFORM for number in range(8)}


def started(folder: Path, *arguments: str, errors: int) -> subprocess.Popen[bytes]:
    write(folder, {**ROOTS, "pack/rds/slow.py": SLOW, ".git/HEAD": ""})
    scan = ["scan", "--no-cache", "--rules", "pack", "--select", "rds-slow,rds-single-az", *arguments]
    command = [sys.executable, "-I", "-c", START, *scan]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    environment.pop("CI", None)
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=errors, env=environment)


def on_a_terminal(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """The exit code, standard output (a pipe), and what the terminal saw."""
    ours, theirs = pty.openpty()
    with started(folder, *arguments, errors=theirs) as process:
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError:
            pass  # the other end is closed
        out = process.communicate()[0]
    os.close(ours)
    return process.returncode, out.decode(), seen.decode("utf-8", "replace")


def test_a_terminal_sees_how_far_it_is_and_the_report_does_not(tmp_path: Path) -> None:
    code, out, seen = on_a_terminal(tmp_path, "-f", "concise")
    assert code == 1
    assert [line.split(":")[0] for line in out.splitlines()[:8]] == list(ROOTS)
    assert "/8" in seen and any(f"r{number}" in seen for number in range(2, 8)), seen
    assert "\x1b" not in out


@pytest.mark.parametrize("option", ["--no-progress", "-q"])
def test_it_need_not(tmp_path: Path, option: str) -> None:
    assert "/8" not in on_a_terminal(tmp_path, option)[2]


def test_a_pipe_sees_nothing(tmp_path: Path) -> None:
    with started(tmp_path, errors=subprocess.PIPE) as process:
        out, seen = process.communicate()
    assert (process.returncode, seen) == (1, b""), seen
    assert b"8 problems" in out


def test_a_short_run_shows_nothing(dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("dblint.cli.bar._MOMENT", 60)
    assert dblint("scan").err == ""


def test_who_ends_it_is_told_how_far_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDS", "120")
    with started(tmp_path, errors=subprocess.PIPE) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, seen = process.communicate()
    told = seen.decode()
    assert (process.returncode, out) == (130, b"")
    assert re.fullmatch(r"interrupted after [0-7] of 8 roots; nothing is reported", told.strip()), told
