"""Every command line in docs/ and the README runs, and every link leads somewhere. (Settings: test_settings.py.)"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from dblint.suppressions.directive import directives
from dblint.suppressions.remarks import remarks
from tests.cli_support import ROOT, TEMPLATE, TERRAFORM, write

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# What is not ours to run here, and where it is tried.
ELSEWHERE = (
    "python3 -m venv",  # .ci/run
    "cfn-lint ",  # the tests of the plug-in
)
FENCE = re.compile(r"^(?P<fence>```+)(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)

Block = tuple[str, str, str]


def blocks() -> Iterator[Block]:
    """Page, language and text of each fenced block."""
    for page in PAGES:
        for found in FENCE.finditer(page.read_text(encoding="utf-8")):
            yield page.name, found["info"].strip(), found["text"]


def of(*languages: str) -> list[Block]:
    return [block for block in blocks() if block[1] in languages]


def commands() -> Iterator[tuple[str, str]]:
    for page, language, text in of("sh", "console"):
        for line in text.splitlines():
            shown = line.startswith("$ ") if language == "console" else bool(line.strip())
            command = line.removeprefix("$ ").split(" #")[0].strip()
            if shown and not command.startswith(ELSEWHERE):
                yield page, command


def named(page: str, path: str) -> str:
    """The text of the block that follows a mention of a path."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = FENCE.search(text, text.index(f"`{path}`"))
    assert found
    return found["text"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with all that the pages speak of, in a repository whose HEAD is origin/main."""
    folder = tmp_path_factory.mktemp("shop")
    variable = TERRAFORM.replace("multi_az                  = false", "multi_az                  = var.ha")
    declared = 'variable "ha" { default = true }\nvariable "env" { default = "dev" }\n'
    write(
        folder,
        {
            "main.tf": variable + declared,
            "prod.tfvars": "ha = false\n",
            "dev.tfvars": "ha = true\n",
            "envs/prod/main.tf": TERRAFORM,
            "modules/db/main.tf": TERRAFORM,
            "shop/main.tf": TERRAFORM,
            "billing/main.tf": TERRAFORM,
            "template.yaml": TEMPLATE,
            "my-rules/rds/no_owner.py": named("writing-rules.md", "my-rules/rds/no_owner.py"),
            "my-rules/rds/no_owner.md": named("writing-rules.md", "my-rules/rds/no_owner.md"),
        },
    )
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    for step in (
        ["init", "-q"],
        ["add", "-A"],
        ["commit", "-qm", "first"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run([*git, *step], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def report(project: Path) -> str:
    """A report of the project, which stands for all that the pages speak of."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import main; main()"
    command = [sys.executable, "-I", "-c", code, "scan", "--exit-zero", "--no-cache", "-f", "json"]
    return subprocess.run(command, cwd=project, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def copy(project: Path, report: str, tmp_path: Path) -> Path:
    shutil.copytree(project, tmp_path / "shop")
    write(tmp_path / "shop", dict.fromkeys(("one.json", "two.json", "shop.json", "billing.json"), report))
    baseline = '{"version": 1, "findings": []}\n'
    write(tmp_path / "shop", {"dblint-baseline.json": baseline})
    return tmp_path / "shop"


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
@pytest.mark.parametrize(("page", "command"), sorted(set(commands())))
def test_a_command_line(copy: Path, tmp_path: Path, page: str, command: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import main; sys.exit(main())"
    write(tmp_path / "bin", {"dblint": f'#!/bin/sh\nexec "{sys.executable}" -I -c "{code}" "$@"\n'})
    (tmp_path / "bin" / "dblint").chmod(0o755)
    foreign = ("DBLINT_", "CI", "GITHUB_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment["PATH"] = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    done = subprocess.run(
        ["bash", "-c", command], cwd=copy, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in (0, 1), f"{page}: {command}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    if done.returncode == 1:
        assert command.startswith(("dblint scan", "dblint merge", "DBLINT_")), "only findings make a command end with 1"


def test_there_are_commands() -> None:
    assert len(set(commands())) > 50
    assert {page.name for page in PAGES} - {page for page, _ in commands()} <= {"notes.md", "rules.md", "model.md"}


@pytest.mark.parametrize(("page", "language", "text"), of("yaml"))
def test_yaml(page: str, language: str, text: str) -> None:
    assert yaml.safe_load(text)


@pytest.mark.parametrize(("page", "language", "text"), of("hcl", "yaml"))
def test_suppressions_are_well_formed(page: str, language: str, text: str) -> None:
    path = "main.tf" if language == "hcl" else "template.yaml"
    assert [found.wrong for found in directives(remarks(text, path)) if found.wrong] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", FENCE.sub("", there.read_text(encoding="utf-8")), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}, target


def test_the_site_has_every_page() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = {path for entry in site["nav"] for path in entry.values()}
    assert {page.name for page in (ROOT / "docs").glob("*.md")} <= listed
    assert all((ROOT / "docs" / path).exists() for path in listed)


def test_reports_and_commands_are_all_told() -> None:
    from dblint.cli.commands import group
    from dblint.reports import FORMATS

    reports = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    usage = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
    assert [format for format in FORMATS if f"| `{format}` |" not in reports] == []
    assert [command for command in group.list_commands(click.Context(group)) if f"`dblint {command}" not in usage] == []
