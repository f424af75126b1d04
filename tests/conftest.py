"""Fixtures that several test files share."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from dblint.cli import main
from tests.cli_support import Call, Ended


@pytest.fixture
def dblint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """The command line, started in `tmp_path` (or in `cwd`): `dblint("scan", ".")`."""
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, cwd: Path = tmp_path, stdin: bytes = b"") -> Ended:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = main(arguments)
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return call
