"""The action, the GitLab template and the image: valid, safe, and (as far as a machine without them can) run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli_support import ROOT, SOUND, TERRAFORM, write

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB: dict[str, Any] = yaml.safe_load((ROOT / "templates" / "gitlab.yml").read_text(encoding="utf-8"))
BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(not BASH or os.name == "nt", reason="no bash")


def scripts() -> Iterator[tuple[str, str]]:
    for step in ACTION["runs"]["steps"]:
        yield step["name"], step["run"]
    for name in ("before_script", "script"):
        yield f"gitlab {name}", "\n".join(GITLAB["dblint"][name])


SCHEMAS = [
    ("github-actions", "action.yml"),
    ("gitlab-ci", "templates/gitlab.yml"),
    ("github-workflows", ".github/workflows/ci.yml"),
    ("github-workflows", ".github/workflows/release.yml"),
]


@pytest.mark.parametrize(("name", "file"), SCHEMAS)
def test_it_fits_its_schema(name: str, file: str) -> None:
    pytest.importorskip("check_jsonschema")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", str(ROOT / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "script"), list(scripts()), ids=lambda value: value if len(value) < 30 else "")
def test_nothing_of_an_input_is_part_of_a_script(name: str, script: str) -> None:
    assert "${{" not in script


def test_inputs_and_outputs_are_those_that_are_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", text)) == set(ACTION["inputs"])
    assert all(value["description"] for value in ACTION["inputs"].values())
    assert "uses" not in {key for step in ACTION["runs"]["steps"] for key in step}, "nobody else's code"


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize(("name", "script"), list(scripts()), ids=lambda value: value if len(value) < 30 else "")
def test_shellcheck(name: str, script: str) -> None:
    # SC2086: options and paths of GitLab's variables are several words.
    command = ["shellcheck", "--shell=bash", "--exclude=SC2086" if "gitlab" in name else "--exclude=SC1000", "-"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not shutil.which("hadolint"), reason="hadolint is not installed")
def test_hadolint() -> None:
    done = subprocess.run(["hadolint", str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_use_actions_by_their_commit(path: Path) -> None:
    used = re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))
    assert used and all(re.search(r"@[0-9a-f]{40}$", action) for action in used)


def test_the_image_runs_as_nobody_and_copies_what_is_there() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 65534:65534$", text, re.MULTILINE)
    given = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists() and f"!{name}" in given, name


class Runner:
    """What a runner of GitHub gives a step, with the dblint of this checkout as if it had been installed."""

    def __init__(self, folder: Path) -> None:
        self.project = write(folder / "project", {"main.tf": TERRAFORM, "sound/main.tf": SOUND})
        self.temp = folder / "temp"
        command = self.temp / "dblint" / "bin" / "dblint"
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import main; sys.exit(main())"
        write(command.parent, {"dblint": f'#!/bin/sh\nexec "{sys.executable}" -I -c "{code}" "$@"\n'})
        command.chmod(0o755)
        self.output = folder / "output"
        self.summary = folder / "summary"

    def lint(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Runs the step as the runner does, with the inputs given and the others as they are if nobody gives them."""
        [step] = [step for step in ACTION["runs"]["steps"] if step.get("id") == "scan"]
        known = {name: value["default"] for name, value in ACTION["inputs"].items()} | inputs
        environment = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: known[found[1]], value)
            for name, value in step["env"].items()
        }
        self.output.write_text("")
        return subprocess.run(
            [str(BASH), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.project,
            env={
                "PATH": os.environ["PATH"],
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_OUTPUT": str(self.output),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@needs_bash
def test_the_action_finds_and_fails(runner: Runner) -> None:
    done = runner.lint(sarif="dblint.sarif", html="page.html")
    assert done.returncode == 1, done.stderr
    assert "title=rds-single-az::" in done.stdout
    assert runner.output.read_text() == "exit-code=1\n"
    assert "rds-single-az" in runner.summary.read_text()
    assert "2.1.0" in (runner.project / "dblint.sarif").read_text()
    assert (runner.project / "page.html").read_text().startswith("<!DOCTYPE html>")


@needs_bash
def test_findings_need_not_fail_the_step(runner: Runner) -> None:
    done = runner.lint(fail="false")
    assert (done.returncode, runner.output.read_text()) == (0, "exit-code=1\n")


@needs_bash
def test_what_can_not_be_read_always_fails_it(runner: Runner) -> None:
    write(runner.project, {"broken.tf": 'resource "aws_db_instance" {'})
    done = runner.lint(fail="false")
    assert (done.returncode, runner.output.read_text()) == (2, "exit-code=2\n")


@needs_bash
def test_paths_and_arguments_stand_on_lines(runner: Runner) -> None:
    write(runner.project, {"with space/main.tf": TERRAFORM})
    done = runner.lint(
        paths="sound\nwith space\n", arguments="--select=rds-single-az\n--fail-on=critical\n", format="json"
    )
    assert (done.returncode, runner.output.read_text()) == (0, "exit-code=0\n")
    assert '"with space/main.tf"' in done.stdout
    assert '"main.tf"' not in done.stdout


@needs_bash
@pytest.mark.parametrize("hostile", ["$(touch made)", "`touch made`", "; touch made", "a' \" && touch made #"])
def test_an_input_is_no_command(runner: Runner, hostile: str) -> None:
    for name in ("paths", "arguments", "format", "sarif", "html", "fail"):
        runner.lint(**{name: hostile})
        assert not (runner.project / "made").exists()


@needs_bash
def test_the_template_for_gitlab(runner: Runner) -> None:
    """The job's own script, where its environment is that of this checkout."""
    (runner.project / ".dblint").symlink_to(runner.temp / "dblint")
    job = GITLAB["dblint"]
    environment = {
        **job["variables"],
        "PATH": os.environ["PATH"],
        "LINTER_OPTIONS": "--select rds-single-az --fail-on critical",
    }
    command = [str(BASH), "-eo", "pipefail", "-c", "\n".join(job["script"])]
    done = subprocess.run(command, cwd=runner.project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "main.tf:9:3: high rds-single-az" in done.stdout
    reports = job["artifacts"]["reports"]
    assert '"check_name": "rds-single-az"' in (runner.project / reports["codequality"]).read_text()
    assert "<testcase" in (runner.project / reports["junit"]).read_text()
    assert (runner.project / job["artifacts"]["paths"][0]).exists()


@needs_bash
def test_the_template_wants_to_be_told_what_to_install(tmp_path: Path) -> None:
    first = GITLAB["dblint"]["before_script"][0]
    done = subprocess.run(
        [str(BASH), "-c", first], env={"LINTER_PACKAGE": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "set LINTER_PACKAGE" in done.stdout
