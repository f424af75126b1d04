"""What is left of a finding and what is hidden of it, which suppressions are useless, and what is said of all that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_support import TERRAFORM, Call, write
from tests.test_suppressions_whole import ENTRY, IGNORE, VARIABLE, in_resource, in_template, scanned

USELESS = "# dblint: ignore[rds-backups-disabled] why\n"
VPC = 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'
CALL = 'module "db" {\n  source = "../../modules/db"\n}\n'
IN_MODULE = {"envs/dev/main.tf": CALL, "envs/prod/main.tf": CALL, "modules/db/main.tf": USELESS + TERRAFORM}
VALUES = {
    f"envs/{folder}/{name}": text
    for folder in ("dev", "prod")
    for name, text in (("variables.tf", 'variable "x" { type = string }\n'), (f"{folder}.tfvars", 'x = "y"\n'))
}
IGNORES = '[[ignores]]\nrules = ["rds-backups-disabled"]\nreason = "why"\n'
NOTED = {"a/main.tf": TERRAFORM, "b/main.tf": VPC}


@pytest.mark.parametrize(
    ("files", "arguments", "unused"),
    [
        ({"a/main.tf": USELESS + TERRAFORM, "b/main.tf": VPC + TERRAFORM}, [], 1),
        ({"a/main.tf": USELESS + TERRAFORM + VPC}, [], 1),
        ({"a/main.tf": f"{USELESS}locals {{}}\n" + TERRAFORM + VPC}, [], 0),
        ({"a/main.tf": TERRAFORM + USELESS + VPC}, [], 0),
        ({"a/main.tf": USELESS.replace("ignore", "ignore-file") + TERRAFORM + VPC}, [], 0),
        ({"a/main.tf": USELESS.replace("] why", "] until=2001-01-01 why") + TERRAFORM}, [], 1),
        (IN_MODULE, [], 1),
        (IN_MODULE, ["envs"], 1),
        (IN_MODULE, ["envs/dev"], 0),
        (IN_MODULE, ["modules"], 0),
        (IN_MODULE, ["--exclude", "envs/prod"], 0),
        (IN_MODULE, ["--scenario", "dev"], 0),
        ({"a/main.tf": USELESS + TERRAFORM, "b/main.tf": TERRAFORM}, ["a"], 1),
        ({"a/main.tf": USELESS + TERRAFORM, "b/main.tf": TERRAFORM}, ["a/main.tf"], 0),
        ({"a/t.yaml": in_template(ENTRY.replace("single-az", "backups-disabled"))}, [], 1),
        ({"a/t.yaml": in_template(ENTRY.replace("single-az", "backups-disabled"))}, ["a"], 0),
        ({**NOTED, "dblint.toml": IGNORES}, [], 1),
        ({**NOTED, "b/main.tf": VPC + TERRAFORM, "dblint.toml": IGNORES}, [], 0),
        ({**NOTED, "b/main.tf": VPC + TERRAFORM, "dblint.toml": f'{IGNORES}paths = ["a/**"]\n'}, [], 1),
        ({**NOTED, "dblint.toml": IGNORES}, ["a"], 0),
        ({**NOTED, "a/dblint.toml": IGNORES}, ["a"], 1),
        ({**NOTED, "a/.config/dblint.toml": IGNORES}, ["a"], 1),
    ],
)
def test_what_is_known_to_be_unused(
    dblint: Call, tmp_path: Path, files: dict[str, str], arguments: list[str], unused: int
) -> None:
    """What is not known of one root, or was not looked at, is no word on the others."""
    write(tmp_path, {**files, **(VALUES if files is IN_MODULE else {}), ".git/HEAD": ""})
    assert scanned(dblint, *arguments)["warnings"] == ["unused-suppression"] * unused


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        (IGNORE, "nothing of rds-single-az is found here; rds-single-az is decided at main.tf:8"),
        (IGNORE.replace("] why", "] scenario=dev why"), "there is some, outside of its scenario= or resource="),
    ],
)
def test_an_unused_one_is_told_where_it_would_be_used(dblint: Call, tmp_path: Path, comment: str, message: str) -> None:
    narrowed = "scenario" in comment
    module = 'module "db" {\n  source = "./db"\n  ha     = false\n}\n'
    inner = VARIABLE.replace("= var.ha\n", f"= var.ha # {comment}\n")
    own = TERRAFORM.replace("= false\n}", f"= false # {comment}\n}}")
    write(
        tmp_path,
        {"main.tf": own, "prod.tfvars": ""}
        if narrowed
        else {"main.tf": f"#\n{'#' * 3}\n\n\n\n{module}", "db/main.tf": inner},
    )
    assert message in scanned(dblint)["err"]


SCENARIOS = {"x.tf": 'variable "x" { type = string }\n', "prod.tfvars": 'x = "y"\n', "live.tfvars": 'x = "y"\n'}
TWO_CALLS = 'module "a" {\n  source = "./db"\n}\nmodule "b" {\n  source = "./db"\n}\n'


def test_what_is_hidden_of_a_finding_is_counted_and_what_is_left_is_told_as_itself(
    dblint: Call, tmp_path: Path
) -> None:
    write(tmp_path, {"main.tf": f"# {IGNORE}\n{TWO_CALLS}", "db/main.tf": TERRAFORM})
    found = json.loads(dblint("scan", "-f", "json").out)
    [left], [hidden] = found["findings"], found["suppressed"]
    assert [left["address"], *left["instances"]] == ["module.b.aws_db_instance.orders"] * 2
    assert hidden["instances"] == ["module.a.aws_db_instance.orders"]
    assert left["fingerprint"] == hidden["fingerprint"]


def test_a_call_of_one_root_hides_nothing_of_another(dblint: Call, tmp_path: Path) -> None:
    """What is left is told as the other root has it: its scenarios, its address."""
    files = {**IN_MODULE, "modules/db/main.tf": TERRAFORM, "envs/dev/main.tf": f"# {IGNORE}\n{CALL}"}
    write(tmp_path, {**files, **VALUES, "envs/dev/live.tfvars": 'x = "y"\n', ".git/HEAD": ""})
    found = json.loads(dblint("scan", "-f", "json").out)
    [left], [hidden] = found["findings"], found["suppressed"]
    assert (left["root"], left["scenarios"]["fail"]) == ("envs/prod", ["prod"])
    assert (hidden["root"], hidden["scenarios"]["fail"]) == ("envs/dev", ["live"])


def test_a_module_that_several_roots_call_is_hidden_once(dblint: Call, tmp_path: Path) -> None:
    calls = {f"envs/{name}/main.tf": CALL for name in ("live", "prod")}
    write(tmp_path, {**calls, "modules/db/main.tf": in_resource(IGNORE), ".git/HEAD": ""})
    found = json.loads(dblint("scan", "-f", "json").out)
    assert (found["findings"], len(found["suppressed"])) == ([], 1)
    assert len(found["suppressed"][0]["instances"]) == 2


def test_what_one_finding_can_not_tell_is_said(dblint: Call, tmp_path: Path) -> None:
    calls = f"# {IGNORE.replace('] why', '] scenario=prod why')}\n{TWO_CALLS}"
    write(tmp_path, {"main.tf": calls, "db/main.tf": TERRAFORM, **SCENARIOS})
    found = scanned(dblint)
    assert (found["shown"], found["by"], found["warnings"]) == (["rds-single-az"], [], ["unused-suppression"])
    assert "narrow it by one of both" in found["err"]


SET = "ha = false # dblint: ignore[rds-single-az] why\n"
SET_FOR_LIVE = SET.replace("] why", "] scenario=live why")
PLAIN = "ha = false\n"
MORE = 'variable "x" { type = string }\n'


@pytest.mark.parametrize(
    ("files", "left", "place"),
    [
        ({"live.tfvars": PLAIN, "prod.tfvars": SET}, ["live"], "live.tfvars"),
        ({"live.tfvars": SET, "prod.tfvars": PLAIN}, ["prod"], "prod.tfvars"),
        ({"live.tfvars": SET, "prod.tfvars": SET}, [], ""),
        ({"live.tfvars": 'x = "y"\n', "prod.tfvars": PLAIN, "terraform.tfvars": SET}, ["prod"], "prod.tfvars"),
        ({"live.tfvars": 'x = "y"\n', "prod.tfvars": 'x = "z"\n', "terraform.tfvars": SET}, [], ""),
        ({"live.tfvars": PLAIN, "prod.tfvars": SET_FOR_LIVE}, ["live", "prod"], "live.tfvars"),
        ({"live.tfvars": 'x = "y"\n', "prod.tfvars": PLAIN, "default": IGNORE}, ["prod"], "prod.tfvars"),
        ({"zone.tfvars": 'x = "y"\n', "prod.tfvars": SET}, ["zone"], "main.tf"),
        ({"live.tfvars": 'x = "y"\n', "prod.tfvars": SET, "default": IGNORE}, [], ""),
    ],
)  # fmt: skip
def test_a_line_of_variables_hides_in_the_scenarios_that_use_it(
    dblint: Call, tmp_path: Path, files: dict[str, str], left: list[str], place: str
) -> None:
    """Whichever of them the finding is told by."""
    default = f"{{\n  type = bool\n  default = false # {files.get('default', '')}\n}}"
    main = VARIABLE.replace("{ type = bool }", default) if "default" in files or "zone.tfvars" in files else VARIABLE
    write(tmp_path, {"main.tf": main + MORE, **{path: text for path, text in files.items() if path != "default"}})
    found = json.loads(dblint("scan", "-f", "json", "--select", "rds-single-az").out)["findings"]
    assert [name for finding in found for name in finding["scenarios"]["fail"]] == left
    for finding in found:
        assert [label["path"] for label in finding["labels"] if label["primary"]] == [place]
        assert not any("the environment is" in reason and reason[19:] not in left for reason in finding["evidence"])


def test_a_finding_shows_every_file_of_variables_that_has_to_change(dblint: Call, tmp_path: Path) -> None:
    write(
        tmp_path, {"main.tf": VARIABLE, "live.tfvars": PLAIN, "prod.tfvars": f"#\n{PLAIN}", "dev.tfvars": "ha = true\n"}
    )
    out = dblint("scan", "--select", "rds-single-az").out
    assert "::: prod.tfvars:2:6" in out
    assert "help: set multi_az = true (decided at live.tfvars:1, prod.tfvars:2)" in out
    assert "dev.tfvars" not in out
    assert json.loads(dblint("scan", "prod.tfvars", "-f", "json", "--select", "rds-single-az").out)["findings"]
