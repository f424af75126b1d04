"""Fixtures that several test files share."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from dblint.cli import main
from tests.cli_support import Call, Ended
from tests.fake_source import KNOWN


@pytest.fixture
def dblint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """The command line, started in `tmp_path` (or in `cwd`): `dblint("scan", ".")`. Only the rules of KNOWN run, unless
    others are selected: the catalogue may grow without changing what the tests say."""
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, cwd: Path = tmp_path, stdin: bytes = b"", all_rules: bool = False) -> Ended:
        if arguments[:1] == ("scan",) and not all_rules and "--select" not in arguments:
            arguments = (*arguments, "--config", f"select={sorted(KNOWN)}")
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = main(arguments)
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return call
