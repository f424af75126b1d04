"""Roots in which no database was found, and that call modules which are not here: what these make is not known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_support import TERRAFORM, Call, write


def unseen(dblint: Call, folder: Path, files: dict[str, str | bytes], *arguments: str) -> dict[str, str]:
    """The notes of such roots: path -> what they call."""
    write(folder, {".git/HEAD": "", **files})
    ended = dblint("scan", "--no-cache", "-f", "json", "--allow-empty", *arguments)
    notes = json.loads(ended.out)["coverage"]["notes"]
    return {note["path"]: note["message"].partition("make some: ")[2] for note in notes if note["kind"] == "unseen"}


def call(source: str, name: str = "db") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n}}\n'


@pytest.mark.parametrize(
    "source",
    [
        "acme/postgres/aws",
        "acme/postgres/aws//modules/one",
        "app.terraform.io/acme/postgres/aws",
        "git::https://example.com/postgres.git?ref=v1",
        "git@github.com:acme/postgres.git",
        "github.com/acme/postgres",
        "./nothing",
        "../../outside",
    ],
)
def test_a_root_whose_module_is_not_here(dblint: Call, tmp_path: Path, source: str) -> None:
    assert unseen(dblint, tmp_path, {"main.tf": call(source)}) == {".": source}


def test_it_is_counted_where_the_report_ends(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", "main.tf": call("acme/postgres/aws")})
    assert "not checked: 1 root whose modules are not here (terraform get)" in dblint("scan", "--no-cache").out


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": TERRAFORM + call("acme/postgres/aws")},  # it is evaluated, which says so itself
        {"main.tf": call("cloudposse/label/null")},
        {"main.tf": 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'},
        {"main.tf": 'resource "aws_s3_object" "a" {\n  source = "files/a/b.txt"\n}\n# module\n'},
        {"main.tf": '# module "db" {\n#   source = "acme/postgres/aws"\n# }\n'},
        {"main.tf": call("./m"), "m/main.tf": 'resource "aws_s3_bucket" "a" {}\n'},
    ],
    ids=["with a database", "known", "providers", "another source", "comment", "local"],
)
def test_where_nothing_is_missing(dblint: Call, tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert unseen(dblint, tmp_path, files) == {}


def test_what_is_installed_is_here(dblint: Call, tmp_path: Path) -> None:
    manifest = {"Modules": [{"Key": "db", "Source": "acme/postgres/aws", "Dir": ".terraform/modules/db"}]}
    installed: dict[str, str | bytes] = {
        ".terraform/modules/modules.json": json.dumps(manifest),
        ".terraform/modules/db/main.tf": 'resource "aws_s3_bucket" "a" {}\n',
    }
    assert unseen(dblint, tmp_path, {"main.tf": call("acme/postgres/aws"), **installed}) == {}


def test_local_modules_speak_for_their_root(dblint: Call, tmp_path: Path) -> None:
    calls = "".join(call(f"acme/m{number}/aws", f"m{number}") for number in range(5))
    files: dict[str, str | bytes] = {"live/main.tf": call("../m"), "m/main.tf": calls}
    assert unseen(dblint, tmp_path, files) == {"live": "acme/m0/aws, acme/m1/aws, acme/m2/aws and 2 more"}
