"""Snapshots of instances and clusters, and copies of snapshots."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION
from dblint.properties import prop
from dblint.reading import undetermined
from dblint.view import View, one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class DBSnapshot(
    View,
    cloudformation="AWS::RDS::DBSnapshot",
    terraform=("aws_db_snapshot", "aws_db_snapshot_copy"),
    identity="DBSnapshotIdentifier",
    reference=CLOUDFORMATION + "aws-resource-rds-dbsnapshot.html",
):
    """A manual snapshot of an instance, or in Terraform a copy of a snapshot."""

    DBInstanceIdentifier: str | None = prop("db_instance_identifier", replaces=True)
    DBSnapshotIdentifier: str | None = prop(("db_snapshot_identifier", "target_db_snapshot_identifier"), replaces=True)
    KmsKeyId: str | None = prop("kms_key_id", in_schema=False)
    SharedAccounts: tuple[str, ...] = prop("shared_accounts", default=(), in_schema=False)
    SourceDBSnapshotIdentifier: str | None = prop("source_db_snapshot_identifier", in_schema=False)

    instance: Any = one("AWS::RDS::DBInstance", by="DBInstanceIdentifier")
    source: DBSnapshot | None = one("AWS::RDS::DBSnapshot", by="SourceDBSnapshotIdentifier")

    @property
    def copied(self) -> bool:
        """Whether it is a copy of another snapshot."""
        return self.SourceDBSnapshotIdentifier is not None

    @property
    def encrypted(self) -> bool:
        """Whether it is encrypted: as its instance is; a copy under a key of its own always is (API_CopyDBSnapshot)."""
        return self.KmsKeyId is not None or encryption_of(self.instance or self.source)


class ClusterSnapshot(
    View,
    cloudformation="AWS::RDS::ClusterSnapshot",
    terraform=("aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy"),
    identity="DBClusterSnapshotIdentifier",
    reference=CLOUDFORMATION + "aws-resource-rds-clustersnapshot.html",
):
    """A manual snapshot of a cluster, or in Terraform a copy of one."""

    DBClusterIdentifier: str | None = prop("db_cluster_identifier", replaces=True)
    DBClusterSnapshotIdentifier: str | None = prop(
        ("db_cluster_snapshot_identifier", "target_db_cluster_snapshot_identifier"), replaces=True
    )
    KmsKeyId: str | None = prop("kms_key_id", in_schema=False)
    SharedAccounts: tuple[str, ...] = prop("shared_accounts", default=(), in_schema=False)
    SourceDBClusterSnapshotIdentifier: str | None = prop("source_db_cluster_snapshot_identifier", in_schema=False)

    cluster: Any = one("AWS::RDS::DBCluster", by="DBClusterIdentifier")
    source: ClusterSnapshot | None = one("AWS::RDS::ClusterSnapshot", by="SourceDBClusterSnapshotIdentifier")

    @property
    def copied(self) -> bool:
        """Whether it is a copy of another snapshot."""
        return self.SourceDBClusterSnapshotIdentifier is not None

    @property
    def encrypted(self) -> bool:
        """Whether it is encrypted: as its cluster is. A copy can not change that (API_CopyDBClusterSnapshot)."""
        return encryption_of(self.cluster or self.source)


def encryption_of(origin: Any) -> bool:
    """Whether what data is copied from is encrypted; nobody knows where that lies outside."""
    if origin is None:
        undetermined("what it is restored from lies outside of what was scanned")
    return bool(origin.encrypted)
