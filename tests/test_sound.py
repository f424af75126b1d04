"""Databases that are sound, in both formats: not one word of them, and of each thing that they lose, one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli_support import ROOT, Call

TERRAFORM, CLOUDFORMATION = "sound-terraform", "sound-cloudformation"


def rules_that_fire(dblint: Call, project: Path) -> set[str]:
    """Every rule that finds something or can not tell, of all profiles."""
    ended = dblint("scan", "-f", "json", "--select", "ALL", "--exit-zero", cwd=project)
    told = json.loads(ended.out)
    assert not told["errors"] and not told["warnings"] and not told["coverage"]["unparsed"], ended
    return {finding["rule"] for finding in (*told["findings"], *told["coverage"]["undetermined"])}


def copy(case: str, tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "fixtures" / case, tmp_path / case)
    return tmp_path / case


@pytest.mark.parametrize("case", [TERRAFORM, CLOUDFORMATION])
def test_sound_databases_give_no_finding(dblint: Call, tmp_path: Path, case: str) -> None:
    assert rules_that_fire(dblint, copy(case, tmp_path)) == set()


@pytest.mark.parametrize("case", [TERRAFORM, CLOUDFORMATION])
def test_all_of_them_are_judged(dblint: Call, tmp_path: Path, case: str) -> None:
    """An instance, its replica, a cluster with two members and a table."""
    ended = dblint("scan", "-f", "json", cwd=copy(case, tmp_path))
    assert json.loads(ended.out)["summary"]["resources"] == 6


LOSSES = [
    ("main.tf", "multi_az ", "", {"rds-replica-counted-as-ha"}),
    ("main.tf", "storage_encrypted ", "", {"rds-storage-unencrypted"}),
    ("main.tf", "backup_retention_period             = 14", "", {"rds-backups-disabled"}),
    ("main.tf", "backup_retention_period         = 14", "", {"aurora-backup-retention-default"}),
    ("main.tf", "deletion_protection                 =", "", {"rds-no-deletion-protection"}),
    ("main.tf", "deletion_protection             =", "", {"aurora-no-deletion-protection"}),
    ("main.tf", "final_snapshot_identifier           =", "skip_final_snapshot = true", {"rds-no-final-snapshot"}),
    ("main.tf", "max_allocated_storage", "", {"rds-no-storage-autoscaling"}),
    ("main.tf", "option_group_name", "", {"rds-audit-log-not-configured"}),
    ("main.tf", "db_cluster_parameter_group_name", "", {"aurora-audit-log-not-configured"}),
    ("main.tf", 'enabled_cloudwatch_logs_exports = ["postgresql"]', "", {"aurora-logs-not-exported"}),
    ("main.tf", 'engine_version                      = "11.8"', 'engine_version = "11.4"', {"rds-tls-not-enforced"}),
    ("main.tf", "count              = 2", "count = 1", {"aurora-single-instance"}),
    (
        "main.tf",
        "manage_master_user_password     = true",
        'master_password = "x"',
        {"aurora-plaintext-master-password"},
    ),
    ("main.tf", 'engine_version                  = "17.5"', 'engine_version = "16.9"', {"aurora-tls-not-enforced"}),
    ("modules/table/main.tf", "    enabled = true", "", {"dynamodb-pitr-disabled"}),
    ("modules/table/main.tf", "deletion_protection_enabled", "", {"dynamodb-no-deletion-protection"}),
    ("template.yaml", "MultiAZ:", "", {"rds-replica-counted-as-ha"}),
    ("template.yaml", "StorageEncrypted:", "", {"rds-storage-unencrypted"}),
    ("template.yaml", "BackupRetentionPeriod: 14", "", {"rds-backup-retention-short"}),
    ("template.yaml", "DeletionProtection:", "", {"rds-no-deletion-protection"}),
    ("template.yaml", "UpdateReplacePolicy:", "", {"rds-no-final-snapshot"}),
    ("template.yaml", "MaxAllocatedStorage:", "", {"rds-no-storage-autoscaling"}),
    ("template.yaml", "PubliclyAccessible:", "", {"rds-publicly-accessible"}),
    ("template.yaml", "EnableIAMDatabaseAuthentication:", "", {"rds-iam-auth-disabled"}),
    ("template.yaml", "DBClusterParameterGroupName:", "", {"aurora-audit-log-not-configured"}),
    ("template.yaml", "DBClusterIdentifier:", "", {"aurora-single-instance"}),
    ("table.yaml", "PointInTimeRecoverySpecification:", "", {"dynamodb-pitr-disabled"}),
    ("table.yaml", "DeletionProtectionEnabled:", "", {"dynamodb-no-deletion-protection"}),
]


@pytest.mark.parametrize(("file", "lost", "instead", "rules"), LOSSES, ids=lambda value: str(value)[:40])
def test_what_they_lose_is_found(
    dblint: Call, tmp_path: Path, file: str, lost: str, instead: str, rules: set[str]
) -> None:
    project = copy(TERRAFORM if file.endswith(".tf") else CLOUDFORMATION, tmp_path)
    path = project / file
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines) if lost in line)
    lines[number : number + 1] = [instead] if instead else []
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert rules_that_fire(dblint, project) >= rules
