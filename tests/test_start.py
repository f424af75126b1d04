"""What a start imports: nothing heavy that the run does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli_support import ROOT, TEMPLATE, TERRAFORM, write

# Never in a plain scan.
HEAVY = {
    "boto3",
    "botocore",
    "cfnlint",
    "http",
    "jsonschema",
    "networkx",
    "pydantic",
    "requests",
    "rich",
    "ssl",
    "sympy",
}
TERRAFORM_ONLY = {"hcl2", "lark", "regex"}
YAML_ONLY = {"yaml"}
NOTHING_READ = {*HEAVY, *TERRAFORM_ONLY, *YAML_ONLY}
WITHOUT = {"main.tf": 'resource "aws_s3_bucket" "a" {\n  bucket = "x"\n}\n', "package.json": '{"name": "x"}\n'}

# What a first run of one small file does without: together they cost more than all that it does.
LIGHT = {
    "click",
    "copy",
    "dataclasses",
    "datetime",
    "hashlib",
    "inspect",
    "ipaddress",
    "pathlib",
    "sqlite3",
    "threading",
    "traceback",
    "typing",
}
USUAL = """
variable "stage" {
  type = map(object({ class = string, zones = optional(list(string), []) }))
}
locals {
  name = "ex-${basename(path.cwd)}"
  tags = { for key, value in merge({ a = 1 }, { b = 2 }) : upper(key) => value if key != "a" }
}
resource "aws_db_instance" "orders" {
  for_each       = var.stage
  identifier     = format("%s-%s", local.name, each.key)
  engine         = "postgres"
  instance_class = coalesce(each.value.class, "db.m7g.large")
  multi_az       = each.key == "prod" || length(each.value.zones) > 1 ? true : false
  tags           = local.tags
}
output "all" {
  value = values(aws_db_instance.orders)[*].arn
}
"""
NO_INPUT = {"dblint.aws", "dblint.sources.cloudformation", "dblint.sources.terraform"}
NO_FINDING = {"dblint.pages", "dblint.reports.frame", "dblint.suppressions.apply"}

CASES: list[tuple[str, Mapping[str, str], list[str], set[str]]] = [
    ("version", {}, ["--version"], {*NOTHING_READ, "dblint.model", "dblint.view", "dataclasses"}),
    ("help", {}, ["--help"], {*NOTHING_READ, "dblint.view"}),
    (
        "terraform",
        {"a.tf": TERRAFORM},
        ["scan", "--no-cache"],
        {*NOTHING_READ, *LIGHT, "_sqlite3", "dblint.sources.cloudformation"},
    ),
    (
        "usual root",
        {"a.tf": USUAL},
        ["scan", "--no-cache"],
        {*NOTHING_READ, *LIGHT, "_sqlite3", "dblint.sources.cloudformation"},
    ),
    (
        "template",
        {"a.yaml": TEMPLATE},
        ["scan", "--no-cache"],
        {*HEAVY, *TERRAFORM_ONLY, *LIGHT - {"datetime"}, "_sqlite3", "dblint.sources.terraform"},  # PyYAML has datetime
    ),
    ("no database", WITHOUT, ["scan", "--no-cache"], {*HEAVY, *TERRAFORM_ONLY, *NO_FINDING, *LIGHT}),
    ("no input", {"README.md": ""}, ["scan", "--no-cache"], {*NOTHING_READ, *NO_INPUT, *LIGHT}),
    ("explain", {}, ["explain", "rds-single-az"], {*NOTHING_READ, "dblint.sources.terraform"}),
]


@pytest.mark.parametrize(
    ("files", "arguments", "unwanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
@pytest.mark.parametrize("environment", [{}, {"CI": "true", "GITHUB_ACTIONS": "true"}], ids=["by hand", "in CI"])
def test_what_is_imported(
    tmp_path: Path,
    files: Mapping[str, str],
    arguments: list[str],
    unwanted: set[str],
    environment: dict[str, str],
) -> None:
    write(tmp_path, files)
    report = tmp_path / "modules"
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[0] = 'dblint'; from dblint.cli import main; main(); "
        f"found = sorted(sys.modules); import json; open({str(report)!r}, 'w').write(json.dumps(found))"
    )
    command = [sys.executable, "-I", "-c", code, *arguments]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, **environment}, capture_output=True, check=True)
    modules = set(json.loads(report.read_text()))
    assert "dblint.cli" in modules
    assert sorted(modules & unwanted) == []
