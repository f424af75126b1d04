"""`--modules`: whose code is read, and what is said of the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli_support import TERRAFORM, Call, write

MANIFEST = {
    "Modules": [
        {"Key": "", "Dir": "."},
        {"Key": "made", "Source": "./made", "Dir": "made"},
        {"Key": "foreign", "Source": "x/y/aws", "Dir": ".terraform/modules/foreign"},
        {"Key": "known", "Source": "terraform-aws-modules/rds/aws", "Dir": ".terraform/modules/known"},
    ]
}
CODE = """\
module "made" {
  source = "./made"
}
module "foreign" {
  source  = "x/y/aws"
  version = "~> 1.0"
}
module "known" {
  source              = "terraform-aws-modules/rds/aws"
  version             = "~> 6.0"
  identifier          = "known"
  engine              = "postgres"
  instance_class      = "db.m7g.large"
  allocated_storage   = 10
  multi_az            = false
}
"""
FILES: dict[str, str | bytes] = {
    "main.tf": CODE + TERRAFORM,
    "made/main.tf": TERRAFORM,
    ".terraform/modules/modules.json": json.dumps(MANIFEST),
    ".terraform/modules/foreign/main.tf": TERRAFORM,
    ".terraform/modules/known/main.tf": TERRAFORM.replace("orders", "installed"),
}
OWN = "aws_db_instance.orders"
SUMMARY = "module.known.module.db_instance.aws_db_instance.this[0]"


def report(dblint: Call, *arguments: str) -> dict[str, Any]:
    ended = dblint("scan", "-f", "json", "--select", "rds-single-az", *arguments)
    assert ended.code == 1, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def addresses(found: dict[str, Any]) -> set[str]:
    return {address for finding in found["findings"] for address in finding["instances"]}


def unread(found: dict[str, Any]) -> dict[str, str]:
    """What is said of each call whose module is not read."""
    notes = (note["message"].split(": ", 1) for note in found["coverage"]["unresolved_modules"])
    return dict(notes)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return write(tmp_path, FILES)


@pytest.mark.parametrize("arguments", [[], ["--modules", "installed"]])
def test_all_that_is_here(dblint: Call, shop: Path, arguments: list[str]) -> None:
    found = report(dblint, *arguments)
    assert addresses(found) == {OWN, *(f"module.{name}.{OWN}" for name in ("made", "foreign"))} | {
        "module.known.aws_db_instance.installed"
    }
    assert unread(found) == {}


def test_nothing_of_what_is_installed(dblint: Call, shop: Path) -> None:
    """As on a machine on which nobody said terraform init: well-known modules are judged by their summaries."""
    found = report(dblint, "--modules", "local")
    assert addresses(found) == {OWN, f"module.made.{OWN}", SUMMARY}
    assert unread(found)["module.foreign"] == "the module x/y/aws ~> 1.0 is not read (--modules local)"
    assert unread(found).keys() == {"module.foreign", "module.known"}
    for path in (shop / ".terraform/modules").rglob("*.*"):
        path.unlink()
    assert addresses(report(dblint)) == addresses(found)
    assert [f["fingerprint"] for f in report(dblint)["findings"]] == [f["fingerprint"] for f in found["findings"]]


def test_no_code_of_any_module(dblint: Call, shop: Path) -> None:
    found = report(dblint, "--modules", "none")
    assert addresses(found) == {OWN}
    assert unread(found).keys() == {"module.made", "module.foreign", "module.known"}
    assert unread(found)["module.made"] == "the module ./made is not read (--modules none)"


def test_a_root_of_calls_alone_says_that_it_was_not_looked_into(dblint: Call, shop: Path) -> None:
    write(shop, {"main.tf": CODE})
    ended = dblint("scan", "--modules", "none")
    assert ended.code == 0 and "not checked: 3 modules not read: --show-coverage" in ended.out
    assert "2 modules not read" in dblint("scan", "--modules", "local").out
    assert "not installed" not in dblint("scan", "--modules", "local").out


def test_values_of_a_module_that_is_not_read_are_unknown(dblint: Call, shop: Path) -> None:
    code = TERRAFORM.replace("multi_az                  = false", "multi_az = module.made.ha")
    write(shop, {"main.tf": CODE + code, "made/outputs.tf": 'output "ha" {\n  value = true\n}\n'})
    assert OWN not in addresses(report(dblint))
    ended = dblint("scan", "-f", "json", "--select", "rds-single-az", "--modules", "none")
    [undetermined] = json.loads(ended.out)["coverage"]["unknown_values"]
    assert undetermined["address"] == OWN
    assert undetermined["because"] == "module.made.ha (the module ./made is not read (--modules none))"


def test_the_setting(dblint: Call, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(shop, {"dblint.toml": '[terraform]\nmodules = "none"\n'})
    assert addresses(report(dblint)) == {OWN}
    assert addresses(report(dblint, "--modules", "local")) == {OWN, f"module.made.{OWN}", SUMMARY}
    assert 'modules = "none"' in dblint("config", "show").out
    monkeypatch.setenv("DBLINT_TERRAFORM__MODULES", "local")
    assert addresses(report(dblint)) == {OWN, f"module.made.{OWN}", SUMMARY}
    write(shop, {"dblint.toml": '[terraform]\nmodules = "all"\n'})
    monkeypatch.delenv("DBLINT_TERRAFORM__MODULES")
    assert "dblint.toml:2: terraform.modules" in dblint("scan").err
    assert "is not one of" in dblint("scan", "--modules", "all").err
