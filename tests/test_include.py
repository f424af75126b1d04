"""`--include` brings back what something else leaves out: git, settings, dblint's own list, or the name of a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dblint.globs import matches, opens
from dblint.sources.files import NEVER_ENTERED
from tests.cli_support import SOUND, TEMPLATE, TERRAFORM, Call, write


@pytest.mark.parametrize(
    ("folder", "pattern", "expected"),
    [
        ("build", "build", True),
        ("build", "build/**", True),
        ("build", "build/*/main.tf", True),
        ("build/a/b", "build", True),
        ("build/a/b", "build/*/main.tf", False),
        ("build/a", "build/*/main.tf", True),
        ("build/a/b", "build/**/main.tf", True),
        ("a/b", "**/b/x.tf", True),
        ("a", "**/b/x.tf", False),
        ("a", "**/*.tfvars", False),
        ("a/b", "*/*/*.tfvars", False),
        ("a/b", "*/b/*.tfvars", True),
        ("a", "*/b/*.tfvars", False),
        ("b", "**/x*/y", False),
        ("x1", "**/x*/y", True),
        ("a", "**", True),
        ("other", "build", False),
    ],
)
def test_which_folders_a_pattern_opens(folder: str, pattern: str, expected: bool) -> None:
    assert opens(folder, [pattern]) is expected


def test_what_fits_a_pattern_lies_in_folders_that_it_opens_by_name() -> None:
    for pattern in ("a/b/c.tf", "a/**", "a/*/c.tf"):
        path = "a/b/c.tf"
        assert matches(path, [pattern]) and opens("a", [pattern]) and opens("a/b", [pattern])


def listed(dblint: Call, *arguments: str) -> list[str]:
    ended = dblint("scan", "--show-files", *arguments)
    assert ended.code == 0, ended.err
    return ended.out.split()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    left = {
        "build/a/main.tf": TERRAFORM,
        "build/b.yaml": TEMPLATE,
        "build/c.txt": TEMPLATE,
        "prod.tfvars": "",
        "x.txt": "",
    }
    never = {f"{folder}/x.tf": TERRAFORM for folder in NEVER_ENTERED - {".git"}}
    write(tmp_path, {**left, **never, ".git/x.tf": TERRAFORM, "main.tf": SOUND, "examples/main.tf": TERRAFORM})
    write(tmp_path, {".gitignore": "build/\n*.tfvars\n", "dblint.toml": 'exclude = ["examples/**"]\n'})
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("build", ["build/a/main.tf", "build/b.yaml", "build/c.txt"]),
        ("build/**", ["build/a/main.tf", "build/b.yaml", "build/c.txt"]),
        ("build/*.yaml", ["build/b.yaml"]),
        ("build/**/*.tf", ["build/a/main.tf"]),
        ("**/build/*/*.tf", ["build/a/main.tf"]),
        ("examples", ["examples/main.tf"]),
        ("**/*.tfvars", ["prod.tfvars"]),
        ("x.txt", ["x.txt"]),
        *((folder, [f"{folder}/x.tf"]) for folder in sorted(NEVER_ENTERED - {".git"})),
        (".git", []),
        ("none", []),
    ],
)
def test_what_a_pattern_brings_back(dblint: Call, tree: Path, pattern: str, expected: list[str]) -> None:
    """Nothing else changes."""
    assert listed(dblint) == ["main.tf"]
    assert listed(dblint, "--include", pattern) == sorted(["main.tf", *expected])


def test_a_pattern_without_a_name_opens_nothing(dblint: Call, tree: Path) -> None:
    assert listed(dblint, "--include", "**/*.tf") == ["main.tf"]


def test_findings_are_shown_as_all_others(dblint: Call, tree: Path) -> None:
    write(tree, {"main.tf": TERRAFORM})
    ended = dblint("scan", "-f", "json", "--include", "build/a", "--include", "examples,build/c.txt")
    findings = json.loads(ended.out)["findings"]
    assert [f["labels"][0]["path"] for f in findings] == [
        "build/a/main.tf",
        "build/c.txt",
        "examples/main.tf",
        "main.tf",
    ]


def test_a_module_is_whole_though_one_file_of_it_is_included(dblint: Call, tree: Path) -> None:
    code = TERRAFORM.replace("multi_az                  = false", "multi_az = var.ha")
    write(tree, {"build/a/main.tf": code, "build/a/variables.tf": 'variable "ha" {\n  default = true\n}\n'})
    ended = dblint("scan", "--include", "build/a/main.tf")
    assert (ended.code, "undetermined" in ended.out) == (0, False), ended.out


def test_a_variable_file_is_a_scenario_again(dblint: Call, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    code = TERRAFORM.replace("multi_az                  = false", "multi_az = var.ha")
    write(tmp_path, {"main.tf": code + 'variable "ha" {\n  default = false\n}\n', "prod.tfvars": "ha = true\n"})
    write(tmp_path, {".gitignore": "*.tfvars\n"})
    assert dblint("scan").code == 1
    assert dblint("scan", "--include", "**/*.tfvars").code == 0
    assert dblint("scan", "--include", "**/*.tfvars", "main.tf").code == 0


def test_copies_of_templates_can_be_included(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {".aws-sam/build/template.yaml": TEMPLATE, "template.yaml": TEMPLATE})
    assert "template.yaml:16" in dblint("scan", "-f", "concise").out
    assert ".aws-sam/build/template.yaml:16" in dblint("scan", "-f", "concise", "--include", ".aws-sam").out


def test_what_is_no_template_is_no_error(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SOUND, "notes.txt": "AWS::RDS::DBInstance is a type\n", "b.bin": bytes(range(256))})
    assert dblint("scan", "--include", "*.txt,*.bin").code == 0


def test_the_setting_is_relative_to_its_file(dblint: Call, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"a/dblint.toml": 'include = ["build"]\n', "a/build/main.tf": SOUND, "build/main.tf": SOUND})
    write(tmp_path, {".gitignore": "build/\n", "a/main.tf": SOUND})
    assert listed(dblint, "a") == ["a/build/main.tf", "a/main.tf"]
    assert listed(dblint, "a", "--include", "none") == ["a/main.tf"]
