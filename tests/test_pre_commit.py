"""The hooks, run by the real pre-commit: installed from this checkout, on a real repository."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_support import ROOT, SOUND, TERRAFORM, write
from tests.git_support import commit, environment, git, needs_git, repository

pytestmark = [pytest.mark.slow, needs_git]
CALL = 'module "db" {\n  source = "../db"\n  ha     = false\n}\n'
MODULE = TERRAFORM.replace("= false\n}", '= var.ha\n}\nvariable "ha" {\n  type = bool\n}\n')
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: x\n"


def python(*arguments: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    kept = {"PRE_COMMIT_HOME": str(home), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=cwd, env={**environment(), **kept}, capture_output=True, text=True, timeout=900, check=False
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs; skips where there is no pre-commit, or nothing to install from."""
    if importlib.util.find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed")
    folder = tmp_path_factory.mktemp("home")
    got = python(
        "pip", "download", "-q", "--no-deps", "--dest", str(folder / "x"), "hatchling", cwd=folder, home=folder
    )
    if got.returncode:
        pytest.skip("pip has nothing to install from")
    return folder


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as it is now, committed to a repository of its own."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    names = [name for name in git(ROOT, "ls-files", "-z").split("\0") if name and not name.startswith("tests/")]
    contents = {name: (ROOT / name).read_bytes() for name in names if (ROOT / name).is_file()}
    return repository(tmp_path_factory.mktemp("dblint"), contents)


@pytest.fixture
def project(tmp_path: Path, hooks: Path, home: Path) -> Path:
    config = f"repos:\n- repo: {hooks}\n  rev: {git(hooks, 'rev-parse', 'HEAD').strip()}\n  hooks:\n  - id: dblint\n"
    files = {".pre-commit-config.yaml": config, "dblint.toml": 'select = ["rds-single-az"]\nexclude = ["old"]\n'}
    return repository(tmp_path / "project", files)


def ran(project: Path, home: Path, *arguments: str) -> tuple[int, str]:
    done = python("pre_commit", "run", "--color", "never", *arguments, cwd=project, home=home)
    assert "unexpected error" not in done.stdout + done.stderr, done.stdout + done.stderr
    return done.returncode, done.stdout


def test_what_is_staged_is_judged(project: Path, home: Path) -> None:
    write(project, {"main.tf": SOUND})
    git(project, "add", "-A")
    code, out = ran(project, home)
    assert code == 0, out
    assert "Passed" in out
    write(project, {"main.tf": TERRAFORM})
    assert ran(project, home)[0] == 0  # worse in the working tree, sound in the index
    git(project, "add", "-A")
    code, out = ran(project, home)
    assert (code, "high[rds-single-az]: aws_db_instance.orders" in out) == (1, True), out
    write(project, {"main.tf": SOUND})
    assert ran(project, home)[0] == 1  # sound in the working tree only
    assert (project / "main.tf").read_text() == SOUND


def test_a_file_alone_is_judged_with_what_it_depends_on(project: Path, home: Path) -> None:
    commit(project, {"root/main.tf": CALL, "db/main.tf": MODULE})
    write(project, {"db/main.tf": f"# words\n{MODULE}"})
    git(project, "add", "-A")
    code, out = ran(project, home)
    assert (code, "module.db.aws_db_instance.orders" in out, "root/main.tf:3:12" in out) == (1, True, True), out


def test_what_is_no_concern_of_ours_passes(project: Path, home: Path) -> None:
    commit(project, {"bad/main.tf": TERRAFORM})
    write(
        project,
        {".github/workflows/x.yml": WORKFLOW, "a.json": "[1]", "old/main.tf": TERRAFORM, "s3.tf": "locals {}\n"},
    )
    git(project, "add", "-A")
    code, out = ran(project, home)
    assert (code, "Passed" in out) == (0, True), out
    (project / "old/more.tf").write_text(TERRAFORM.replace("orders", "more"))
    git(project, "add", "-A")
    assert ran(project, home, "--files", "old/more.tf")[0] == 0


def test_a_file_that_can_not_be_read_fails(project: Path, home: Path) -> None:
    write(project, {"main.tf": 'resource "aws_db_instance" {'})
    git(project, "add", "-A")
    code, out = ran(project, home)
    assert (code, "main.tf" in out, "exit code: 2" in out) == (1, True, True), out


def test_the_whole_project(project: Path, home: Path) -> None:
    config = (project / ".pre-commit-config.yaml").read_text()
    commit(
        project,
        {"bad/main.tf": TERRAFORM, ".pre-commit-config.yaml": config.replace("id: dblint", "id: dblint-project")},
    )
    write(project, {"good/main.tf": SOUND})
    git(project, "add", "-A")
    code, out = ran(project, home)
    assert (code, "bad/main.tf:9:3" in out) == (1, True), out
