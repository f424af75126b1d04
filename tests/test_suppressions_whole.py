"""Suppressions in real files, from the text to the exit code: every position, and the words of other tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli_support import TEMPLATE, TERRAFORM, Call, write

FLAT = TERRAFORM.replace("= false\n}", "= false\n}\n")
VARIABLE = TERRAFORM.replace("= false\n}", "= var.ha\n}") + 'variable "ha" { type = bool }\n'
MODULE = 'module "db" {\n  source = "./db"\n}\n'
PARENT = """\
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
"""
IGNORE = "dblint: ignore[rds-single-az] why"
ENTRY = '{"dblint": {"ignore": [{"rules": ["rds-single-az"], "reason": "why"}]}}'
TEMPLATE_JSON = """\
{"Resources": {"Orders": {
  "Type": "AWS::RDS::DBInstance",
  "DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot",
  "Properties": {"Engine": "postgres", "ManageMasterUserPassword": true, "PubliclyAccessible": false,
    "StorageEncrypted": true, "DeletionProtection": true, "BackupRetentionPeriod": 14,
    "MultiAZ": false}
}}}
"""
TERRAFORM_JSON = """\
{"resource": {"aws_db_instance": {"orders": {
  "engine": "postgres", "storage_encrypted": true, "deletion_protection": true, "backup_retention_period": 14,
  "final_snapshot_identifier": "last", "multi_az": false
}}}}
"""


def in_resource(comment: str) -> str:
    return TERRAFORM.replace("  engine", f"  # {comment}\n  engine", 1)


def in_template(metadata: str) -> str:
    return TEMPLATE.replace("    DeletionPolicy", f"    Metadata: {metadata}\n    DeletionPolicy")


def scanned(dblint: Call, *arguments: str) -> dict[str, Any]:
    ended = dblint("scan", "-f", "json", *arguments)
    found: dict[str, Any] = json.loads(ended.out)
    return {
        "code": ended.code,
        "shown": [finding["rule"] for finding in found["findings"]],
        "by": [(item["suppression"]["tool"], item["suppression"]["kind"]) for item in found["suppressed"]],
        "warnings": [note["kind"] for note in found["warnings"]],
        "err": ended.err,
    }


POSITIONS: dict[str, dict[str, str]] = {
    "end of line": {"main.tf": TERRAFORM.replace("= false\n}", f"= false # {IGNORE}\n}}")},
    "end of header": {"main.tf": TERRAFORM.replace("{\n", f"{{ // {IGNORE}\n", 1)},
    "above the block": {"main.tf": f"# {IGNORE}\n{TERRAFORM}"},
    "above the attribute": {"main.tf": TERRAFORM.replace("  multi_az", f"  /* {IGNORE} */\n  multi_az")},
    "inside of the resource": {"main.tf": in_resource(IGNORE)},
    "the file": {"main.tf": f"# {IGNORE.replace('ignore', 'ignore-file')}\n\nlocals {{}}\n{TERRAFORM}"},
    "a range": {"main.tf": f"# {IGNORE.replace('ignore', 'disable')}\n{TERRAFORM}# dblint: enable[rds-single-az]\n"},
    "above the module call": {"main.tf": f"# {IGNORE}\n{MODULE}", "db/main.tf": TERRAFORM},
    "inside of the module call": {"main.tf": MODULE.replace("}", f"  # {IGNORE}\n}}"), "db/main.tf": TERRAFORM},
    "a call of a call": {
        "main.tf": f"# {IGNORE}\n{MODULE}",
        "db/main.tf": 'module "inner" {\n  source = "./inner"\n}\n',
        "db/inner/main.tf": TERRAFORM,
    },
    "the call in the module": {
        "main.tf": MODULE,
        "db/main.tf": f'# {IGNORE}\nmodule "inner" {{\n  source = "./inner"\n}}\n',
        "db/inner/main.tf": TERRAFORM,
    },
    "in the module itself": {"main.tf": MODULE, "db/main.tf": in_resource(IGNORE)},
    "a line of variables": {"main.tf": VARIABLE, "terraform.tfvars": f"# {IGNORE}\nha = false\n"},
    "the end of a line of variables": {"main.tf": VARIABLE, "prod.tfvars": f"ha = false # {IGNORE}\n"},
    "json of terraform": {"main.tf.json": TERRAFORM_JSON.replace('"engine"', f'"//": {ENTRY}, "engine"')},
    "json of terraform, whole": {"main.tf.json": TERRAFORM_JSON.replace('{"resource"', f'{{"//": {ENTRY}, "resource"')},
    "json of a module call": {
        "main.tf.json": f'{{"module": {{"db": {{"//": {ENTRY}, "source": "./db"}}}}}}',
        "db/main.tf": TERRAFORM,
    },
    "a comment above a logical id": {"t.yaml": TEMPLATE.replace("  Orders:", f"  # {IGNORE}\n  Orders:")},
    "metadata of a resource": {"t.yaml": in_template(ENTRY)},
    "metadata as yaml": {
        "t.yaml": in_template(
            "\n      dblint:\n        ignore:\n        - rules: [rds-single-az]\n"
            "          reason: why\n          until: 2999-03-31"
        )
    },
    "metadata of a template": {"t.yaml": TEMPLATE.replace("Resources:", f"Metadata: {ENTRY}\nResources:")},
    "metadata in json": {"t.json": TEMPLATE_JSON.replace('"Type"', f'"Metadata": {ENTRY}, "Type"')},
    "metadata of a loop": {
        "t.yaml": "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Each:\n  - Name\n  - [A, B]\n"
        "  - Orders${Name}:\n" + "\n".join(f"    {line}" for line in in_template(ENTRY).split("\n")[3:])
    },
    "metadata of a nested stack": {
        "t.yaml": PARENT.replace("    Properties", f"    Metadata: {ENTRY}\n    Properties"),
        "child.yaml": TEMPLATE,
    },
    "metadata of a stack around a stack": {
        "t.yaml": PARENT.replace("    Properties", f"    Metadata: {ENTRY}\n    Properties").replace("child", "middle"),
        "middle.yaml": PARENT,
        "child.yaml": TEMPLATE,
    },
    "a comment above a nested stack": {
        "t.yaml": PARENT.replace("  Child", f"  # {IGNORE}\n  Child"),
        "child.yaml": TEMPLATE,
    },
    "a comment behind a nested stack": {
        "t.yaml": PARENT.replace("Child:", f"Child: # {IGNORE}"),
        "child.yaml": TEMPLATE,
    },
    "the settings": {
        "main.tf": TERRAFORM,
        "dblint.toml": '[[ignores]]\nrules = ["rds-single-az"]\nreason = "why"\nresources = ["aws_db_instance.*"]\n',
    },
}


@pytest.mark.parametrize("position", POSITIONS)
def test_every_position(dblint: Call, tmp_path: Path, position: str) -> None:
    write(tmp_path, POSITIONS[position])
    hidden = scanned(dblint)
    assert (hidden["code"], hidden["shown"], hidden["warnings"]) == (0, [], []), hidden
    assert {tool for tool, _ in hidden["by"]} == {"dblint"}
    shown = scanned(dblint, "--no-suppressions")
    assert (shown["code"], set(shown["shown"]), shown["by"]) == (1, {"rds-single-az"}, [])


@pytest.mark.parametrize(
    ("metadata", "kind"),
    [
        ("{dblint: {ignore: [{rule: [rds-single-az]}]}}", "malformed-suppression"),
        ("{dblint: {ignore: [{rules: []}]}}", "malformed-suppression"),
        ("{dblint: {ignore: [rds-single-az]}}", "malformed-suppression"),
        ("{dblint: {ignore: {rules: [rds-single-az]}}}", "malformed-suppression"),
        ("{dblint: {ingore: [{rules: [rds-single-az]}]}}", "malformed-suppression"),
        ("{dblint: {ignore: [{rules: [rds-single-az], until: soon}]}}", "malformed-suppression"),
        ("{dblint: {ignore: [{rules: [rds-singel-az]}]}}", "unknown-rule-in-suppression"),
        ("{dblint: {ignore: [{rules: [rds-backups-disabled]}]}}", "unused-suppression"),
        ("{dblint: {ignore: [{rules: [rds-single-az], until: 2001-01-01}]}}", "expired-suppression"),
        ("{dblint: {ignore: [{rules: [rds-single-az], scenario: nowhere}]}}", "unused-suppression"),
    ],
)
def test_metadata_that_is_wrong_hides_nothing_and_is_reported(
    dblint: Call, tmp_path: Path, metadata: str, kind: str
) -> None:
    write(tmp_path, {"t.yaml": in_template(metadata)})
    found = scanned(dblint)
    assert (found["code"], found["shown"], found["warnings"]) == (1, ["rds-single-az"], [kind])
    assert "warning: t.yaml:5: " in found["err"]


OTHERS: dict[str, tuple[str, dict[str, str]]] = {
    "checkov": ("checkov", {"main.tf": in_resource("checkov:skip=CKV_AWS_157:rebuilt nightly")}),
    "bridgecrew": ("checkov", {"main.tf": in_resource("bridgecrew:skip=CKV_AWS_1,CKV_AWS_157")}),
    "checkov in a call": (
        "checkov",
        {"main.tf": MODULE.replace("}", "  #checkov:skip=CKV_AWS_157\n}"), "db/main.tf": TERRAFORM},
    ),
    "checkov in a template": (
        "checkov",
        {"t.yaml": TEMPLATE.replace("    Type", "    # checkov:skip=CKV_AWS_157:why\n    Type")},
    ),
    "checkov metadata": (
        "checkov",
        {
            "t.json": TEMPLATE_JSON.replace(
                '"Type"', '"Metadata": {"checkov": {"skip": [{"id": "CKV_AWS_157"}]}}, "Type"'
            )
        },
    ),
    "guard": ("guard", {"t.yaml": in_template("{guard: {SuppressedRules: [RDS_MULTI_AZ_SUPPORT]}}")}),
    "guard with reasons": ("guard", {"t.yaml": in_template("{guard: {SuppressedRules: {RDS_MULTI_AZ_SUPPORT: x}}}")}),
    "cdk-nag": (
        "cdk-nag",
        {"t.yaml": in_template("{cdk_nag: {rules_to_suppress: [{id: AwsSolutions-RDS3, reason: why}]}}")},
    ),
    "cdk-nag of the stack": (
        "cdk-nag",
        {
            "t.yaml": TEMPLATE.replace(
                "Resources:", "Metadata: {cdk_nag: {rules_to_suppress: [{id: AwsSolutions-RDS3}]}}\nResources:"
            )
        },
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_words_of_other_tools_are_honoured(dblint: Call, tmp_path: Path, name: str) -> None:
    tool, files = OTHERS[name]
    write(tmp_path, files)
    found = scanned(dblint)
    assert (found["code"], found["shown"], found["warnings"]) == (0, [], []), found
    assert {by for by, _ in found["by"]} == {tool}
    assert f"1 suppressed (1 {tool})" in dblint("scan").out
    for option in (["--no-honour"], ["--honour", "kics"], ["--no-suppressions"]):
        assert scanned(dblint, *option)["shown"] == ["rds-single-az"], option
    assert scanned(dblint, "--honour", tool)["shown"] == []
    write(tmp_path, {"dblint.toml": "[suppressions]\nhonour = []\n"})
    assert scanned(dblint)["shown"] == ["rds-single-az"]
    write(tmp_path, {"dblint.toml": "[rules.rds-single-az]\nignorable = false\n"})
    immune = scanned(dblint)
    assert (immune["shown"], immune["warnings"]) == (["rds-single-az"], ["immune-rule-in-suppression"])


SHORT = TERRAFORM.replace("= 14", "= 0").replace("= false\n}", "= true\n}")


def short(comment: str, where: str = "above") -> dict[str, str]:
    text = {
        "above": f"# {comment}\n{SHORT}",
        "attribute": SHORT.replace("  backup", f"  # {comment}\n  backup"),
        "line": SHORT.replace("= 0", f"= 0 # {comment}"),
        "head": f"# {comment}\nlocals {{}}\n{SHORT}",
        "inside": SHORT.replace("  engine", f"  # {comment}\n  engine"),
    }[where]
    return {"main.tf": text}


@pytest.mark.parametrize(
    ("files", "tool"),
    [
        (short("trivy:ignore:AVD-AWS-0077"), "trivy"),
        (short("trivy:ignore:aws-0077: with words behind it"), "trivy"),
        (short("tfsec:ignore:aws-rds-specify-backup-retention"), "trivy"),
        (short("tfsec:ignore:aws-x-y tfsec:ignore:aws-rds-specify-backup-retention", "line"), "trivy"),
        (short("trivy:ignore:*", "attribute"), "trivy"),
        (short("tfsec:ignore:aws-rds-specify-backup-retention:exp:2999-01-01:ws:default", "line"), "trivy"),
        (short("tfsec:ignore:aws-rds-specify-backup-retention:exp:2001-01-01"), ""),
        (short("tfsec:ignore:aws-rds-specify-backup-retention:exp:soon"), ""),
        (short("tfsec:ignore:aws-rds-specify-backup-retention:ws:other"), ""),
        (short("tfsec:ignore:aws-rds-specify-backup-retention[name=x]"), ""),
        (short("trivy:ignore:AVD-AWS-0001"), ""),
        (short("trivy:ignore:AVD-AWS-0077", "inside"), ""),
        (short("kics-scan ignore-block"), "kics"),
        (short("kics-scan ignore-line", "attribute"), "kics"),
        (short("kics-scan ignore", "head"), "kics"),
        (short("kics-scan disable=rds_with_backup_disabled", "head"), "kics"),
        (short("kics-scan disable=0b0556ea-9cd9-476f-862e-20679dda752b", "head"), ""),
        (short("kics-scan ignore-line", "above"), ""),
        (short("checkov:skip=CKV_AWS_133", "above"), ""),
        (short("checkov:skip=CKV_AWS_133", "inside"), "checkov"),
        (short("not checkov:skip", "inside"), ""),
    ],
)
def test_where_comments_of_other_tools_stand(dblint: Call, tmp_path: Path, files: dict[str, str], tool: str) -> None:
    write(tmp_path, files)
    found = scanned(dblint, "--select", "rds-backups-disabled")
    assert {by for by, _ in found["by"]} == ({tool} if tool else set()), found
    assert bool(found["shown"]) is not bool(tool)


@pytest.mark.parametrize(
    ("comment", "where", "hides"),
    [
        ("tflint-ignore: aws_write_only_arguments", "attribute", True),
        ("tflint-ignore: other, aws_write_only_arguments # why", "line", True),
        ("tflint-ignore: all", "line", True),
        ("tflint-ignore-file: aws_write_only_arguments", "head", True),
        ("tflint-ignore: aws_write_only_arguments", "head", False),
        ("tflint-ignore: other", "line", False),
    ],
)
def test_comments_of_tflint(dblint: Call, tmp_path: Path, comment: str, where: str, hides: bool) -> None:
    files = short(comment, where)
    text = files["main.tf"].replace("backup_retention_period   = 0", 'password = "hunter2hunter2"')
    write(tmp_path, {"main.tf": text})
    found = scanned(dblint, "--select", "rds-plaintext-master-password")
    assert bool(found["by"]) is hides, found


@pytest.mark.parametrize(
    ("metadata", "hides"),
    [
        ("{cfn-lint: {config: {ignore_checks: [I3013]}}}", True),
        ("{cfn-lint: {config: {ignore_checks: [I3]}}}", True),
        ("{cfn-lint: {config: {ignore_checks: [E3]}}}", False),
        ("{cfn_nag: {rules_to_suppress: [{id: F22, reason: x}]}}", False),
    ],
)
def test_metadata_of_cfn_lint(dblint: Call, tmp_path: Path, metadata: str, hides: bool) -> None:
    text = in_template(metadata).replace("BackupRetentionPeriod: 14", "BackupRetentionPeriod: 0")
    write(tmp_path, {"t.yaml": text})
    found = scanned(dblint, "--select", "rds-backups-disabled")
    assert bool(found["by"]) is hides, found


def test_a_reason_may_be_required_of_others_too(dblint: Call, tmp_path: Path) -> None:
    write(
        tmp_path,
        {"main.tf": in_resource("checkov:skip=CKV_AWS_157"), "dblint.toml": "[suppressions]\nrequire-reason = true\n"},
    )
    found = scanned(dblint)
    assert (found["shown"], found["warnings"]) == (["rds-single-az"], ["suppression-without-reason"])


def test_who_suppressed_is_counted(dblint: Call, tmp_path: Path) -> None:
    other = TERRAFORM.replace('"orders"', '"other"').replace("  engine", "  # checkov:skip=CKV_AWS_157:x\n  engine")
    write(tmp_path, {"main.tf": in_resource(IGNORE) + other})
    assert "hidden: 2 suppressed (1 dblint, 1 checkov)" in dblint("scan").out


def test_metadata_of_another_tool_holds_for_its_template_alone(dblint: Call, tmp_path: Path) -> None:
    skip = '{"checkov": {"skip": [{"id": "CKV_AWS_157", "comment": "why"}]}}'
    write(
        tmp_path,
        {"t.yaml": PARENT.replace("    Properties", f"    Metadata: {skip}\n    Properties"), "child.yaml": TEMPLATE},
    )
    assert set(scanned(dblint)["shown"]) == {"rds-single-az"}


def test_an_unknown_tool_is_told_at_its_option(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    ended = dblint("scan", "--honour", "chekov")
    assert (ended.code, "error: --honour: " in ended.err, "did you mean checkov?" in ended.err) == (2, True, True)
