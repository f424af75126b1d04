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

AMBIENT = ("CI", "NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")


@cache
def others() -> list[str]:
    """The rules that tests do not speak of."""
    return sorted({name_of(path.relative_to(own()).as_posix()) for path in own().glob("*/*.py")} - KNOWN)


def pytest_configure() -> None:
    """What tests say holds wherever they run: in a CI system, below `env DBLINT_…`, without colours. Those that are
    about such a variable set it."""
    for name in [name for name in os.environ if name in AMBIENT or name.startswith("DBLINT_")]:
        if not name.startswith("DBLINT_FUZZ_"):
            del os.environ[name]


@pytest.fixture
def dblint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """The command line, started in `tmp_path` (or in `cwd`): `dblint("scan", ".")`. Only the rules of KNOWN run, unless
    others are selected: the catalogue may grow without changing what the tests say."""

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
