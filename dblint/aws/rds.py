"""Amazon RDS and Aurora: instances, clusters, snapshots, groups and proxies."""

from __future__ import annotations

from typing import Any

from dblint.aws.common import CLOUDFORMATION, ScalableTarget, SecurityGroup, in_lower_case, port_of
from dblint.defaults import PerSource
from dblint.model import Unknown
from dblint.properties import Entries, Pairs, Secret, Switch, prop
from dblint.reading import fewer_than, undetermined
from dblint.view import Part, View, many, one, several

# Terraform's switch for what happens to the data when the resource goes.
_FINAL_SNAPSHOT = Switch("skip_final_snapshot", ((True, "Delete"), (False, "Snapshot")))

# Engines of RDS Custom: the Engine parameter of CreateDBInstance.
_CUSTOM = (
    "custom-oracle-ee",
    "custom-oracle-ee-cdb",
    "custom-oracle-se2",
    "custom-oracle-se2-cdb",
    "custom-sqlserver-dev",
    "custom-sqlserver-ee",
    "custom-sqlserver-se",
    "custom-sqlserver-web",
)

_API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
_DELETION_POLICY = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"
)


def _retention(db: DBInstance) -> Any:
    """A replica is created without backups; a restored instance keeps the setting of its snapshot."""
    if db.restored:
        return Unknown("it keeps the retention period of what it was restored from", is_set=True)
    return 0 if db.replica or db.resource.source == "terraform" else 1


def _public(db: DBInstance | DBCluster) -> bool:
    """The API's default: public without a subnet group or in the group "default", for all but Aurora. A replica
    stands in the subnets of its source."""
    if isinstance(db, DBInstance) and db.source_instance:
        return _public(db.source_instance)
    if db.aurora or (db.subnet_group is not None and db.subnet_group.resource.address):
        return False
    return db.DBSubnetGroupName is None or db.DBSubnetGroupName == "default"


class DBSubnetGroup(
    View,
    cloudformation="AWS::RDS::DBSubnetGroup",
    terraform="aws_db_subnet_group",
    identity="DBSubnetGroupName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbsubnetgroup.html",
    supporting=True,
):
    DBSubnetGroupName: str | None = prop("name", replaces=True)
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())


class DBParameterGroup(
    View,
    cloudformation="AWS::RDS::DBParameterGroup",
    terraform="aws_db_parameter_group",
    identity="DBParameterGroupName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbparametergroup.html",
    supporting=True,
):
    DBParameterGroupName: str | None = prop("name", replaces=True)
    Family: str = prop("family", replaces=True)
    Parameters: Entries = prop(Pairs("parameter"))


class DBClusterParameterGroup(
    View,
    cloudformation="AWS::RDS::DBClusterParameterGroup",
    terraform="aws_rds_cluster_parameter_group",
    identity="DBClusterParameterGroupName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbclusterparametergroup.html",
    supporting=True,
):
    DBClusterParameterGroupName: str | None = prop("name", replaces=True)
    Family: str = prop("family", replaces=True)
    Parameters: Entries = prop(Pairs("parameter"))


class DBInstance(
    View,
    cloudformation="AWS::RDS::DBInstance",
    terraform=("aws_db_instance", "aws_rds_cluster_instance"),
    identity="DBInstanceIdentifier",
    reference=CLOUDFORMATION + "aws-resource-rds-dbinstance.html",
):
    """A DB instance that stands alone, follows another one, or is a member of a cluster."""

    AvailabilityZone: str | None = prop("availability_zone", excludes=("MultiAZ",))
    BackupRetentionPeriod: int = prop(
        "backup_retention_period", default=_retention, reference=_API + "API_CreateDBInstance.html"
    )
    DBClusterIdentifier: str | None = prop("cluster_identifier", replaces=True)
    DBInstanceClass: str | None = prop("instance_class")
    DBInstanceIdentifier: str | None = prop("identifier", replaces=True)
    DBParameterGroupName: str | None = prop(("parameter_group_name", "db_parameter_group_name"))
    DBClusterSnapshotIdentifier: str | None = prop()
    DBSnapshotIdentifier: str | None = prop("snapshot_identifier")
    DBSubnetGroupName: str | None = prop("db_subnet_group_name", replaces=True)
    DeletionPolicy: str = prop(
        _FINAL_SNAPSHOT,
        default=PerSource(cloudformation=lambda db: "Delete" if db.member else "Snapshot", terraform="Snapshot"),
        reference=_DELETION_POLICY,
    )
    DeletionProtection: bool = prop("deletion_protection", default=False)
    Engine: str | None = prop("engine")
    EngineVersion: str | None = prop("engine_version")
    KmsKeyId: str | None = prop("kms_key_id", replaces=True)
    ManageMasterUserPassword: bool = prop("manage_master_user_password", default=False)
    MasterUserPassword: Secret = prop(("password", "password_wo"))
    MultiAZ: bool = prop("multi_az", default=False, excludes=("AvailabilityZone",))
    Port: int | None = prop("port")
    PubliclyAccessible: bool = prop(
        "publicly_accessible",
        default=PerSource(cloudformation=_public, terraform=False),
        reference=_API + "API_CreateDBInstance.html",
    )
    RestoreTime: str | None = prop("restore_to_point_in_time.restore_time")
    SourceDBClusterIdentifier: str | None = prop()
    SourceDBInstanceAutomatedBackupsArn: str | None = prop(
        "restore_to_point_in_time.source_db_instance_automated_backups_arn"
    )
    SourceDBInstanceIdentifier: str | None = prop("replicate_source_db")
    SourceDbiResourceId: str | None = prop("restore_to_point_in_time.source_dbi_resource_id")
    StorageEncrypted: bool = prop("storage_encrypted", default=False, replaces=True)
    TargetOfRestore: str | None = prop("restore_to_point_in_time.source_db_instance_identifier", in_schema=False)
    UpdateReplacePolicy: str = prop(
        _FINAL_SNAPSHOT,
        default=PerSource(cloudformation="Delete", terraform="Snapshot"),
        reference=CLOUDFORMATION + "aws-attribute-updatereplacepolicy.html",
    )
    UseLatestRestorableTime: bool = prop("restore_to_point_in_time.use_latest_restorable_time", default=False)
    VPCSecurityGroups: tuple[str, ...] = prop("vpc_security_group_ids", default=())

    cluster: DBCluster | None = one("AWS::RDS::DBCluster", by="DBClusterIdentifier")
    cluster_snapshot: ClusterSnapshot | None = one("AWS::RDS::ClusterSnapshot", by="DBClusterSnapshotIdentifier")
    parameter_group: DBParameterGroup | None = one("AWS::RDS::DBParameterGroup", by="DBParameterGroupName")
    replicas: tuple[DBInstance, ...] = many("AWS::RDS::DBInstance", by="source_instance")
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VPCSecurityGroups")
    snapshot: DBSnapshot | None = one("AWS::RDS::DBSnapshot", by="DBSnapshotIdentifier")
    source_cluster: DBCluster | None = one("AWS::RDS::DBCluster", by="SourceDBClusterIdentifier")
    source_instance: DBInstance | None = one("AWS::RDS::DBInstance", by="SourceDBInstanceIdentifier")
    subnet_group: DBSubnetGroup | None = one("AWS::RDS::DBSubnetGroup", by="DBSubnetGroupName")
    target_of_restore: DBInstance | None = one("AWS::RDS::DBInstance", by="TargetOfRestore")

    @property
    def member(self) -> bool:
        """Whether it belongs to a cluster, which then decides on encryption, backups, protection and password."""
        return self.DBClusterIdentifier is not None

    @property
    def restored(self) -> bool:
        """Whether it is made from a snapshot or from the backups of another instance."""
        return (
            self.from_snapshot
            or self.TargetOfRestore is not None
            or self.SourceDBInstanceAutomatedBackupsArn is not None
            or self.SourceDbiResourceId is not None
            or self._to_point_in_time
        )

    @property
    def replica(self) -> bool:
        """Whether it follows another instance or a Multi-AZ DB cluster. With a point in time, the same property of
        CloudFormation names what it is restored from: API_RestoreDBInstanceToPointInTime."""
        if self.SourceDBInstanceIdentifier is not None:
            return not self._to_point_in_time
        return self.SourceDBClusterIdentifier is not None

    @property
    def _to_point_in_time(self) -> bool:
        return self.UseLatestRestorableTime or self.RestoreTime is not None

    @property
    def stands_alone(self) -> bool:
        """Neither a member of a cluster nor a replica of another instance."""
        return not self.member and not self.replica

    @property
    def from_snapshot(self) -> bool:
        """Whether it is restored from a snapshot."""
        return self.DBSnapshotIdentifier is not None or self.DBClusterSnapshotIdentifier is not None

    @property
    def origin(self) -> View | None:
        """What its data is copied from: the instance or cluster that it follows, or the snapshot or instance that it
        is restored from."""
        return (
            self.source_instance
            or self.source_cluster
            or self.snapshot
            or self.cluster_snapshot
            or self.target_of_restore
        )

    @property
    def encrypted(self) -> bool:
        """Whether its storage is encrypted: as its cluster is, as its origin is, or by its own setting.

        A replica and a restored instance inherit it (API_CreateDBInstanceReadReplica,
        API_RestoreDBInstanceFromDBSnapshot).
        """
        if self.cluster:
            return self.cluster.encrypted
        if self.replica or self.restored:
            return _encryption_of(self.origin)
        return self.StorageEncrypted or self.custom

    @property
    def engine(self) -> str | None:
        """Its engine, which a member takes from its cluster and a replica from its source."""
        if self.Engine is not None:
            return in_lower_case(self.Engine)
        if self.cluster:
            return self.cluster.engine
        return self.source_instance.engine if self.source_instance else None

    @property
    def aurora(self) -> bool:
        return is_aurora(self.engine)

    @property
    def custom(self) -> bool:
        """RDS Custom, whose storage is always encrypted."""
        return any(self.engine == custom for custom in _CUSTOM)

    @property
    def port(self) -> int | None:
        """The port that it listens on."""
        if self.Port is not None:
            return self.Port
        return self.cluster.port if self.cluster else port_of(self.engine)


class DBCluster(
    View,
    cloudformation="AWS::RDS::DBCluster",
    terraform="aws_rds_cluster",
    identity="DBClusterIdentifier",
    reference=CLOUDFORMATION + "aws-resource-rds-dbcluster.html",
):
    """An Aurora cluster, or a Multi-AZ DB cluster (engine mysql or postgres)."""

    BackupRetentionPeriod: int = prop("backup_retention_period", default=1)
    DBClusterIdentifier: str | None = prop("cluster_identifier", replaces=True)
    DBClusterInstanceClass: str | None = prop("db_cluster_instance_class")
    DBClusterParameterGroupName: str | None = prop("db_cluster_parameter_group_name")
    DBSubnetGroupName: str | None = prop("db_subnet_group_name", replaces=True)
    DeletionPolicy: str = prop(_FINAL_SNAPSHOT, default="Snapshot", reference=_DELETION_POLICY)
    DeletionProtection: bool = prop("deletion_protection", default=False)
    Engine: str | None = prop("engine")
    EngineMode: str | None = prop("engine_mode", replaces=True)
    EngineVersion: str | None = prop("engine_version")
    GlobalClusterIdentifier: str | None = prop("global_cluster_identifier")
    KmsKeyId: str | None = prop("kms_key_id", replaces=True)
    ManageMasterUserPassword: bool = prop("manage_master_user_password", default=False)
    MasterUserPassword: Secret = prop(("master_password", "master_password_wo"))
    Port: int | None = prop("port")
    PubliclyAccessible: bool = prop(default=_public, replaces=True, reference=_API + "API_CreateDBCluster.html")
    ReplicationSourceIdentifier: str | None = prop("replication_source_identifier")
    SnapshotIdentifier: str | None = prop("snapshot_identifier", replaces=True)
    SourceDBClusterIdentifier: str | None = prop("restore_to_point_in_time.source_cluster_identifier", replaces=True)
    StorageEncrypted: bool | None = prop("storage_encrypted", replaces=True)
    UpdateReplacePolicy: str = prop(
        _FINAL_SNAPSHOT,
        default=PerSource(cloudformation="Delete", terraform="Snapshot"),
        reference=CLOUDFORMATION + "aws-attribute-updatereplacepolicy.html",
    )
    VpcSecurityGroupIds: tuple[str, ...] = prop("vpc_security_group_ids", default=())

    members: tuple[DBInstance, ...] = many("AWS::RDS::DBInstance", by="cluster")
    parameter_group: DBClusterParameterGroup | None = one(
        "AWS::RDS::DBClusterParameterGroup", by="DBClusterParameterGroupName"
    )
    scaling: tuple[ScalableTarget, ...] = many("AWS::ApplicationAutoScaling::ScalableTarget", by="db_cluster")
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VpcSecurityGroupIds")
    snapshot: ClusterSnapshot | None = one("AWS::RDS::ClusterSnapshot", "AWS::RDS::DBSnapshot", by="SnapshotIdentifier")
    source: DBCluster | None = one("AWS::RDS::DBCluster", by="SourceDBClusterIdentifier")
    subnet_group: DBSubnetGroup | None = one("AWS::RDS::DBSubnetGroup", by="DBSubnetGroupName")

    @property
    def engine(self) -> str | None:
        return in_lower_case(self.Engine)

    @property
    def aurora(self) -> bool:
        return is_aurora(self.engine)

    @property
    def serverless_v1(self) -> bool:
        """Aurora Serverless v1, which has no instances that anybody declares."""
        return self.EngineMode == "serverless"

    @property
    def restored(self) -> bool:
        """Whether it is made from a snapshot, or cloned or restored from another cluster."""
        return self.SnapshotIdentifier is not None or self.SourceDBClusterIdentifier is not None

    @property
    def replica(self) -> bool:
        """Whether it follows a cluster or an instance, or is a secondary of a global cluster."""
        return self.ReplicationSourceIdentifier is not None

    @property
    def encrypted(self) -> bool:
        """Whether its storage is encrypted.

        A restore keeps the encryption of its origin unless it names a key. A new Aurora cluster is encrypted by AWS
        since 2026-02-18 where nothing is said; what an explicit false gives there is not documented.
        """
        if self.KmsKeyId is not None or self.StorageEncrypted:
            return True
        if self.restored:
            return _encryption_of(self.snapshot or self.source)
        if self.aurora and self.StorageEncrypted is not None:
            undetermined("AWS does not say what storage_encrypted = false means for a new Aurora cluster")
        return self.aurora

    @property
    def port(self) -> int | None:
        """The port that it listens on."""
        return self.Port if self.Port is not None else port_of(self.engine)

    @property
    def stands_alone(self) -> bool:
        """A cluster is no member of anything; instances know the same word."""
        return True

    @property
    def from_snapshot(self) -> bool:
        """Whether it is restored from a snapshot."""
        return self.SnapshotIdentifier is not None

    @property
    def has_one_instance(self) -> bool:
        """Whether it has exactly one, and nothing that adds readers by itself. A cluster of which no instance is declared
        has them elsewhere."""
        return any(self.members) and fewer_than(2, self.members) and not any(t.MinCapacity > 0 for t in self.scaling)

    @property
    def in_one_zone(self) -> bool:
        """Whether it has several instances, and all of them are told the same zone. AWS spreads those that are told
        none."""
        first = None
        several = False
        for member in self.members:
            zone = member.AvailabilityZone
            if zone is None or (first is not None and zone != first):
                return False
            several, first = first is not None, zone
        return several


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
    SourceDBSnapshotIdentifier: str | None = prop("source_db_snapshot_identifier", in_schema=False)

    instance: DBInstance | None = one("AWS::RDS::DBInstance", by="DBInstanceIdentifier")
    source: DBSnapshot | None = one("AWS::RDS::DBSnapshot", by="SourceDBSnapshotIdentifier")

    @property
    def encrypted(self) -> bool:
        """Whether it is encrypted: as its instance is; a copy under a key of its own always is
        (API_CopyDBSnapshot)."""
        return self.KmsKeyId is not None or _encryption_of(self.instance or self.source)


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
    SourceDBClusterSnapshotIdentifier: str | None = prop("source_db_cluster_snapshot_identifier", in_schema=False)

    cluster: DBCluster | None = one("AWS::RDS::DBCluster", by="DBClusterIdentifier")
    source: ClusterSnapshot | None = one("AWS::RDS::ClusterSnapshot", by="SourceDBClusterSnapshotIdentifier")

    @property
    def encrypted(self) -> bool:
        """Whether it is encrypted: as its cluster is. A copy can not change that (API_CopyDBClusterSnapshot)."""
        return _encryption_of(self.cluster or self.source)


class ProxyAuth(Part):
    AuthScheme: str | None = prop("auth_scheme")
    IAMAuth: str = prop("iam_auth", default="DISABLED")
    SecretArn: str | None = prop("secret_arn")


class DBProxy(
    View,
    cloudformation="AWS::RDS::DBProxy",
    terraform="aws_db_proxy",
    identity="DBProxyName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbproxy.html",
):
    DBProxyName: str = prop("name", replaces=True)
    EngineFamily: str = prop("engine_family", replaces=True)
    RequireTLS: bool = prop("require_tls", default=False)


def is_aurora(engine: str | None) -> bool:
    """Whether an engine is Aurora."""
    return any(engine == aurora for aurora in ("aurora-mysql", "aurora-postgresql", "aurora"))


def _encryption_of(origin: Any) -> bool:
    """Whether what data is copied from is encrypted; nobody knows where that lies outside."""
    if origin is None:
        undetermined("what it is restored from lies outside of what was scanned")
    return bool(origin.encrypted)
