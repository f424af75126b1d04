"""Whole projects and the output that they must give. `make goldens` rewrites it; the difference is then reviewed."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from dblint.cli import main
from tests.cli_support import ROOT, Call

FIXTURES = ROOT / "fixtures"
# The rules that the projects were made to show; the catalogue may grow without changing their output.
RULES = """
aurora-members-in-one-az aurora-single-instance database-port-open-to-world dynamodb-pitr-disabled
elasticache-at-rest-unencrypted elasticache-no-automatic-failover elasticache-transit-unencrypted memcached-for-sessions
memcached-where-ha-needed proxy-missing-for-lambda proxy-tls-not-required rds-backup-retention-short
rds-backups-disabled rds-no-deletion-protection rds-no-final-snapshot rds-plaintext-master-password
rds-publicly-accessible rds-replica-source-without-backups rds-restore-from-unencrypted-snapshot rds-single-az
rds-snapshot-unencrypted rds-storage-unencrypted secret-in-lambda-environment
secret-rotation-off
"""
SELECT = ("--select", ",".join(RULES.split()))
CASES = sorted(path.parent.name for path in FIXTURES.glob("*/expected.txt"))


def expected(code: int, out: str, err: str) -> str:
    """How a run ended, as one text."""
    told = f"\nstandard error:\n{err}" if err else ""
    return f"{out}{told}\nexit code: {code}\n"


@pytest.mark.parametrize("case", CASES)
def test_golden(dblint: Call, tmp_path: Path, case: str) -> None:
    shutil.copytree(FIXTURES / case, tmp_path / case)
    ended = dblint("scan", "--show-coverage", "--show-suppressed", *SELECT, cwd=tmp_path / case)
    assert expected(ended.code, ended.out, ended.err) == (FIXTURES / case / "expected.txt").read_text(encoding="utf-8")


def test_the_picture_of_the_readme_is_real() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    picture = readme.split("$ dblint scan\n")[1].split("```")[0]
    assert picture in (FIXTURES / "environments" / "expected.txt").read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    assert sorted(path.name for path in FIXTURES.iterdir() if path.is_dir()) == CASES


@pytest.mark.parametrize("case", CASES)
def test_the_same_from_another_folder(dblint: Call, tmp_path: Path, case: str) -> None:
    (tmp_path / ".git").mkdir()
    shutil.copytree(FIXTURES / case, tmp_path / case)
    for format in ("json", "sarif", "concise", "full", "github"):
        arguments = ("scan", "-f", format)
        there = dblint(*arguments, str(tmp_path / case), cwd=Path("/"))
        assert there == dblint(*arguments, cwd=tmp_path / case) == dblint(*arguments, case, cwd=tmp_path)


def _rewrite(case: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FIXTURES / case, f"{folder}/{case}")
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(f"{folder}/{case}"), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["scan", "--show-coverage", "--show-suppressed", "--color", "never", *SELECT])
    text = expected(code, out.getvalue(), err.getvalue())
    (FIXTURES / case / "expected.txt").write_text(text, encoding="utf-8")
    sys.stdout.write(f"{case}: exit {code}\n")


if __name__ == "__main__":
    for project in sorted(FIXTURES.iterdir()):
        _rewrite(project.name)
