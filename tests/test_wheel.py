"""The wheel, built from the source distribution and installed into an environment of its own, does the main job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.cli_support import ROOT

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution, and the wheel that is built from what the former holds."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    assert sorted(path.suffix for path in folder.iterdir()) == [".gz", ".whl"]
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment's commands, into which the wheel and what it needs were installed."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    [wheel] = built.glob("*.whl")
    run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return folder / "bin"


def files(folder: Path, *suffixes: str) -> set[str]:
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in suffixes)
    return {path for path in paths if "__pycache__" not in path}


def test_the_wheel_holds_the_package_and_the_rules_and_nothing_else(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {f"dblint/{name}" for name in files(ROOT / "dblint", ".py", ".json", ".typed", ".css", ".js")}
    rules = {f"dblint/rules/{name}" for name in files(ROOT / "rules", ".py", ".md")}
    missing = (package | rules) - held
    assert not missing
    assert {name for name in held if not name.startswith("dblint/")} == set()


def test_the_source_distribution_holds_what_the_tests_need(built: Path) -> None:
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        held = {name.partition("/")[2] for name in file.getnames()}
    wanted = ["README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "Makefile", "tests/test_wheel.py"]
    assert [name for name in (*wanted, "fixtures/mixed/cache.json", "rules/rds/single_az.md") if name not in held] == []


def test_the_main_job(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "dblint", "--version", cwd=tmp_path).startswith("dblint ")
    out = json.loads(run(installed / "dblint", "scan", "-f", "json", ROOT / "fixtures", cwd=tmp_path))
    assert out["run"]["trusted"]
    assert {finding["rule"] for finding in out["findings"]} >= {"rds-single-az", "dynamodb-pitr-disabled"}
    assert all(finding["why"] for finding in out["findings"]), "the pages are there"


def test_the_rules_are_those_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    from dblint.packs import load, own

    listed = json.loads(run(installed / "dblint", "rules", "-f", "json", cwd=tmp_path))
    assert [rule["name"] for rule in listed] == [rule.id for rule in load([own()])]
    explained = run(installed / "dblint", "explain", "rds-single-az", cwd=tmp_path)
    assert explained.startswith("# rds-single-az")


def test_the_examples_of_the_rules_are_true_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    assert ", 0 disagreements" in run(installed / "dblint", "test", cwd=tmp_path)


def test_the_types_are_told_to_others(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    assert "dblint/py.typed" in zipfile.ZipFile(wheel).namelist()
