"""Fixtures that several test files share."""

from __future__ import annotations

import io
import os
import sys
from functools import cache
from pathlib import Path

import pytest

from dblint.cli import main
from dblint.packs import name_of, own
from tests.cli_support import Call, Ended
from tests.fake_source import KNOWN


@cache
def others() -> list[str]:
    """The rules that tests do not speak of."""
    return sorted({name_of(path.relative_to(own()).as_posix()) for path in own().glob("*/*.py")} - KNOWN)


def is_setting(name: str) -> bool:
    return name.startswith("DBLINT_")


@pytest.fixture
def dblint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """The command line, started in `tmp_path` (or in `cwd`): `dblint("scan", ".")`. Only the rules of KNOWN run, unless
    others are selected: the catalogue may grow without changing what the tests say."""
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY", *filter(is_setting, os.environ)):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, cwd: Path = tmp_path, stdin: bytes = b"", all_rules: bool = False) -> Ended:
        if arguments[:1] == ("scan",) and not all_rules and "--select" not in arguments:
            arguments = (*arguments, "--extend-ignore", ",".join(others()))
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = main(arguments)
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return call
