"""Aurora clusters, Multi-AZ DB clusters, and global clusters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from dblint.aws.common import CHANGELOG, CLOUDFORMATION, ScalableTarget, SecurityGroup, in_lower_case, one_of, port_of
from dblint.aws.network import in_fewer_zones, same_zone
from dblint.aws.rds import engines
from dblint.aws.rds.groups import (
    DBClusterParameterGroup,
    DBSubnetGroup,
    accepts_clear_text,
    is_default,
    logs_statements,
    parameter_in,
)
from dblint.aws.rds.instance import (
    API,
    DELETION_POLICY,
    FINAL_SNAPSHOT,
    LONGEST_RETENTION,
    UPDATE_REPLACE_POLICY,
    DBInstance,
    exports,
    public_by_default,
)
from dblint.aws.rds.snapshots import ClusterSnapshot, encryption_of
from dblint.defaults import PerSource, Since
from dblint.model import Unknown
from dblint.properties import Secret, prop
from dblint.reading import fewer_than, together, undetermined
from dblint.view import Part, View, many, mentions, one, part, several

# The writer and 15 readers: "Aurora DB clusters" in the Aurora User Guide.
MOST_MEMBERS = 16

# The primary and 10 secondaries: "Configuration requirements of an Amazon Aurora global database".
MOST_CLUSTERS = 11

# Aurora capacity units of a serverless instance, and seconds until it pauses: ServerlessV2ScalingConfiguration.
_MOST_CAPACITY = 256
_LEAST_PAUSE, _MOST_PAUSE = 300, 86_400

# Storage of Multi-AZ DB clusters, and what of CreateDBCluster is "Valid for Cluster Type: Aurora DB clusters only".
_STORAGE_TYPES = ("io1", "io2", "gp3")
_AURORA_ONLY = ("GlobalClusterIdentifier", "ScalingConfiguration", "ServerlessV2ScalingConfiguration")


class ServerlessV1Scaling(Part):
    """The capacity of Aurora Serverless v1."""


class ServerlessV2Scaling(Part):
    MaxCapacity: float | None = prop("max_capacity")
    MinCapacity: float | None = prop("min_capacity")
    SecondsUntilAutoPause: int = prop("seconds_until_auto_pause", default=300)

    @property
    def valid(self) -> bool:
        """Whether AWS takes it: half steps up to 256, the least no more than the most, which is at least 1."""
        least = self.MinCapacity
        if least is None or not _in_half_steps(least):
            return False
        most = self.MaxCapacity
        if most is None or not _in_half_steps(most):
            return False
        return 0 <= least <= most and 1 <= most <= _MOST_CAPACITY and self._pauses_in_time

    @property
    def _pauses_in_time(self) -> bool:
        return _LEAST_PAUSE <= self.SecondsUntilAutoPause <= _MOST_PAUSE


def _in_half_steps(capacity: object) -> bool:
    """One that is only known at deploy time counts as one."""
    return not isinstance(capacity, float) or (capacity * 2).is_integer()


def _retention(cluster: DBCluster) -> object:
    if cluster.restored:
        return Unknown("it keeps the retention period of what it was restored from", is_set=True)
    return 1


def _public_by_default(cluster: DBCluster) -> bool:
    """The API's default: a Multi-AZ DB cluster is public without a subnet group or in the group "default"."""
    return cluster.multi_az and public_by_default(cluster)


class DBCluster(
    View,
    cloudformation="AWS::RDS::DBCluster",
    terraform="aws_rds_cluster",
    identity="DBClusterIdentifier",
    reference=CLOUDFORMATION + "aws-resource-rds-dbcluster.html",
):
    """An Aurora cluster, or a Multi-AZ DB cluster (engine mysql or postgres)."""

    AllocatedStorage: int | None = prop("allocated_storage")
    ApplyImmediately: bool = prop("apply_immediately", default=False, in_schema=False)
    AutoMinorVersionUpgrade: bool = prop(default=True)
    BacktrackWindow: int = prop("backtrack_window", default=0)
    BackupRetentionPeriod: int = prop(
        "backup_retention_period", default=_retention, reference=API + "API_RestoreDBClusterFromSnapshot.html"
    )
    DBClusterIdentifier: str | None = prop("cluster_identifier", replaces=True)
    DBClusterInstanceClass: str | None = prop("db_cluster_instance_class")
    DBClusterParameterGroupName: str | None = prop("db_cluster_parameter_group_name")
    DBSubnetGroupName: str | None = prop("db_subnet_group_name", replaces=True)
    DeletionPolicy: str = prop(FINAL_SNAPSHOT, default="Snapshot", reference=DELETION_POLICY)
    DeletionProtection: bool = prop("deletion_protection", default=False)
    EnableCloudwatchLogsExports: tuple[str, ...] = prop("enabled_cloudwatch_logs_exports", default=())
    EnableGlobalWriteForwarding: bool = prop("enable_global_write_forwarding", default=False)
    EnableHttpEndpoint: bool = prop("enable_http_endpoint", default=False)
    Engine: str | None = prop(
        "engine",
        default=PerSource(terraform=Since("aurora", (("5.0.0", None),))),
        reference=CHANGELOG,
    )
    EngineMode: str | None = prop("engine_mode", replaces=True)
    EngineVersion: str | None = prop("engine_version")
    GlobalClusterIdentifier: str | None = prop("global_cluster_identifier")
    Iops: int | None = prop("iops")
    KmsKeyId: str | None = prop("kms_key_id", replaces=True)
    ManageMasterUserPassword: bool = prop("manage_master_user_password", default=False)
    MasterUserPassword: Secret = prop(("master_password", "master_password_wo"))
    MasterUserPasswordWriteOnly: Secret = prop("master_password_wo", in_schema=False)
    Port: int | None = prop("port")
    PubliclyAccessible: bool = prop(
        default=_public_by_default, replaces=True, reference=API + "API_CreateDBCluster.html"
    )
    ReplicationSourceIdentifier: str | None = prop("replication_source_identifier")
    ScalingConfiguration: ServerlessV1Scaling = part(ServerlessV1Scaling, "scaling_configuration")
    ServerlessV2ScalingConfiguration: ServerlessV2Scaling = part(
        ServerlessV2Scaling, "serverlessv2_scaling_configuration"
    )
    SnapshotIdentifier: str | None = prop("snapshot_identifier", replaces=True)
    SourceDBClusterIdentifier: str | None = prop("restore_to_point_in_time.source_cluster_identifier", replaces=True)
    StorageEncrypted: bool | None = prop("storage_encrypted", replaces=True)
    StorageType: str | None = prop("storage_type")
    UpdateReplacePolicy: str = prop(
        FINAL_SNAPSHOT,
        default=PerSource(cloudformation="Delete", terraform="Snapshot"),
        reference=UPDATE_REPLACE_POLICY,
    )
    VpcSecurityGroupIds: tuple[str, ...] = prop("vpc_security_group_ids", default=())

    activity_streams: tuple[ActivityStream, ...] = many("AWS::RDS::ActivityStream", by="cluster")
    global_cluster: GlobalCluster | None = one("AWS::RDS::GlobalCluster", by="GlobalClusterIdentifier")
    members: tuple[DBInstance, ...] = many("AWS::RDS::DBInstance", by="cluster")
    parameter_group: DBClusterParameterGroup | None = one(
        "AWS::RDS::DBClusterParameterGroup", by="DBClusterParameterGroupName"
    )
    proxy_groups: tuple[View, ...] = many("AWS::RDS::DBProxyTargetGroup", by="db_clusters")
    proxy_targets: tuple[View, ...] = many("AWS::RDS::DBProxyTarget", by="db_cluster")
    scaling: tuple[ScalableTarget, ...] = many("AWS::ApplicationAutoScaling::ScalableTarget", by="db_cluster")
    secrets: tuple[View, ...] = mentions("AWS::SecretsManager::Secret", by="MasterUserPassword")
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VpcSecurityGroupIds")
    snapshot: ClusterSnapshot | None = one("AWS::RDS::ClusterSnapshot", "AWS::RDS::DBSnapshot", by="SnapshotIdentifier")
    source: DBCluster | None = one("AWS::RDS::DBCluster", by="SourceDBClusterIdentifier")
    subnet_group: DBSubnetGroup | None = one("AWS::RDS::DBSubnetGroup", by="DBSubnetGroupName")

    @property
    def engine(self) -> str | None:
        return in_lower_case(self.Engine)

    @property
    def aurora(self) -> bool:
        """Whether its engine is Aurora. One that nobody knows is, unless the cluster has a class of instances."""
        if self.engine is None or isinstance(self.engine, str):
            return engines.is_aurora(self.engine)
        return self.DBClusterInstanceClass is None

    @property
    def multi_az(self) -> bool:
        """Whether it is a Multi-AZ DB cluster, with a writer and two readers that RDS makes: CreateDBCluster asks for
        their class, and takes none for Aurora."""
        if isinstance(self.engine, str):
            return self.engine in engines.CLUSTERED
        return self.engine is not None and not self.aurora

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
            return encryption_of(self.snapshot or self.source)
        if self.aurora and self.StorageEncrypted is not None:
            undetermined("AWS does not say what storage_encrypted = false means for a new Aurora cluster")
        return self.aurora

    @property
    def decides_on_encryption(self) -> bool:
        """Whether its own setting decides: not what it is copied from, nor AWS, which encrypts Aurora by default."""
        return not self.aurora and not self.restored and not self.replica

    @property
    def asks_for_no_encryption(self) -> bool:
        """Whether the code says that an Aurora cluster is not to be encrypted, and no key says otherwise."""
        return self.aurora and self.KmsKeyId is None and self.StorageEncrypted is not None and not self.StorageEncrypted

    @property
    def port(self) -> int | None:
        """The port that it listens on."""
        return self.Port if self.Port is not None else port_of(self.engine)

    @property
    def placement(self) -> DBSubnetGroup | None:
        """The subnets that it stands in; instances know the same word."""
        return self.subnet_group

    @property
    def stands_alone(self) -> bool:
        """A cluster is no member of anything; instances know the same word."""
        return True

    @property
    def custom(self) -> bool:
        """A cluster is never RDS Custom; instances know the same word."""
        return False

    @property
    def from_snapshot(self) -> bool:
        """Whether it is restored from a snapshot."""
        return self.SnapshotIdentifier is not None

    @property
    def keeps_default_retention(self) -> bool:
        """Whether it is of Aurora, and nobody says for how many days its backups are kept."""
        return self.aurora and not self.has("BackupRetentionPeriod")

    @property
    def has_one_instance(self) -> bool:
        """Whether it has exactly one, and nothing that adds readers by itself. A cluster of which no instance is
        declared has them elsewhere."""
        return any(self.members) and fewer_than(2, self.members) and not any(t.MinCapacity > 0 for t in self.scaling)

    @property
    def in_one_zone(self) -> bool:
        """Whether it has several instances, and all of them are told the same zone. AWS spreads those that are told
        none."""
        first = None
        several = False
        for member in self.members:
            named = member.AvailabilityZone
            zone = named if isinstance(named, str) else member.raw("AvailabilityZone")
            if named is None or (first is not None and not same_zone(first, zone)):
                return False
            several, first = first is not None, zone
        return several

    @property
    def accepts_clear_text(self) -> bool:
        """Whether clients may connect to it without TLS."""
        return accepts_clear_text(engines.tls_parameter(self.engine), self._parameters_from, self.EngineVersion)

    @property
    def audited(self) -> bool:
        """Whether somebody can tell later who did what: by an activity stream, or in the log that each engine has for
        it. A Multi-AZ DB cluster of MySQL has none that code can switch on, and counts as audited."""
        if self.activity_streams:
            return True
        group = self._parameters_from
        if one_of(self.engine, engines.AURORA_MYSQL):
            return is_on_in(group, "server_audit_logging") and (
                exports(self.EnableCloudwatchLogsExports, "audit") or is_on_in(group, "server_audit_logs_upload")
            )
        if not self.aurora and self.engine != "postgres":
            return True
        return logs_statements(group) or any(logs_statements(member.parameters_from) for member in self.members)

    @property
    def _parameters_from(self) -> DBClusterParameterGroup | None:
        return None if is_default(self.DBClusterParameterGroupName) else self.parameter_group

    @property
    def retention_out_of_range(self) -> bool:
        """Whether AWS refuses its retention period."""
        return self.has("BackupRetentionPeriod") and not 1 <= self.BackupRetentionPeriod <= LONGEST_RETENTION

    @property
    def of_deprecated_version(self) -> bool:
        return engines.is_deprecated(self.engine, self.EngineVersion)

    @property
    def lacks_proxy(self) -> bool:
        """Whether a proxy could stand before it, and none does. The Data API needs none."""
        if self.EnableHttpEndpoint or self.serverless_v1 or engines.proxy_family(self.engine) is None:
            return False
        return not self.proxy_groups and not self.proxy_targets

    def has_more_members_than(self, number: int) -> bool:
        return not fewer_than(number + 1, self.members)

    @property
    def fails_over_to_less(self) -> bool:
        """Whether what Aurora promotes first has less than the instance that is presumed to be the writer.

        Aurora takes the lowest tier, and the largest instance of it ("Fault tolerance for an Aurora DB cluster"). Which
        instance is the writer stands in no code: the largest one of the first two tiers is presumed.
        """
        members = list(self.members)
        if len(members) < 2:
            return False
        writer = _presumed_writer(members)
        readers = [member for member in members if member != writer]
        first = min(reader.PromotionTier for reader in readers)
        return all(
            engines.is_smaller(reader.DBInstanceClass, writer.DBInstanceClass)
            for reader in readers
            if reader.PromotionTier == first
        )

    @property
    def serverless_members(self) -> bool:
        """Whether one of its instances is of Aurora Serverless v2."""
        return any(member.DBInstanceClass == "db.serverless" for member in self.members)

    @property
    def lacks_for_multi_az(self) -> bool:
        """Whether something is missing, or too much, that CreateDBCluster asks of a Multi-AZ DB cluster."""
        if self.DBClusterInstanceClass is None or self.AllocatedStorage is None:
            return True
        if self.StorageType is not None and not one_of(self.StorageType, _STORAGE_TYPES):
            return True
        if self.Iops is None and self.StorageType != "gp3":
            return True
        aurora_only = any(self.has(name) for name in _AURORA_ONLY) or self.BacktrackWindow > 0
        if aurora_only or self.EnableHttpEndpoint or self.EnableGlobalWriteForwarding:
            return True
        return self.subnet_group is not None and in_fewer_zones(3, self.subnet_group.subnets)


def _presumed_writer(members: list[DBInstance]) -> DBInstance:
    """The largest member of the first two tiers, or of the lowest one where all stand below them."""
    bound = max(1, min(member.PromotionTier for member in members))
    writer, *others = [member for member in members if member.PromotionTier <= bound]
    for other in others:
        if engines.is_smaller(writer.DBInstanceClass, other.DBInstanceClass):
            writer = other
    return writer


def is_on_in(group: DBClusterParameterGroup | None, name: str) -> bool:
    """Whether a parameter is switched on by its group."""
    return engines.is_on(parameter_in(group, name))


class ActivityStream(
    View,
    cloudformation="AWS::RDS::ActivityStream",
    terraform="aws_rds_cluster_activity_stream",
    reference="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster_activity_stream",
    supporting=True,
    in_schema=False,
):
    """What streams each statement of a cluster to Kinesis, which only Terraform has."""

    ResourceArn: str | None = prop("resource_arn", in_schema=False)

    cluster: DBCluster | None = one("AWS::RDS::DBCluster", by="ResourceArn")


class GlobalCluster(
    View,
    cloudformation="AWS::RDS::GlobalCluster",
    terraform="aws_rds_global_cluster",
    identity="GlobalClusterIdentifier",
    reference=CLOUDFORMATION + "aws-resource-rds-globalcluster.html",
):
    """An Aurora Global Database: a primary cluster, and read-only ones in other Regions."""

    DeletionProtection: bool = prop("deletion_protection", default=False)
    Engine: str | None = prop("engine", replaces=True)
    EngineVersion: str | None = prop("engine_version")
    GlobalClusterIdentifier: str | None = prop("global_cluster_identifier", replaces=True)
    SourceDBClusterIdentifier: str | None = prop("source_db_cluster_identifier", replaces=True)

    joined: tuple[DBCluster, ...] = many("AWS::RDS::DBCluster", by="global_cluster")
    source: DBCluster | None = one("AWS::RDS::DBCluster", by="SourceDBClusterIdentifier")

    @property
    def engine(self) -> str | None:
        return in_lower_case(self.Engine)

    @property
    def stands_alone(self) -> bool:
        """It is no member of anything; instances know the same word."""
        return True

    @property
    def of_deprecated_version(self) -> bool:
        return engines.is_deprecated(self.engine, self.EngineVersion)

    @property
    def clusters(self) -> tuple[DBCluster, ...]:
        """Its clusters, of which one is the primary."""
        source = self.source
        return together(self.joined, (source,) if source and not source.outside else ())

    @property
    def has_too_many_clusters(self) -> bool:
        return not fewer_than(MOST_CLUSTERS + 1, self.clusters)

    @property
    def has_two_clusters_in_one_region(self) -> bool:
        return any(_same_region(one, two) for one, two in combinations(self.clusters, 2))

    @property
    def has_burstable_members(self) -> bool:
        """Whether an instance is of a class that a global database can not have: it needs memory-optimized ones."""
        classes = (str(member.DBInstanceClass) for member in self._members() if member.DBInstanceClass is not None)
        return any(instance_class.startswith("db.t") for instance_class in classes)

    @property
    def has_too_many_readers(self) -> bool:
        """Whether the primary has more readers than 15 less the number of secondaries. Of a cluster alone, see
        `MOST_MEMBERS`."""
        primary = self._primary
        if primary is None:
            return False
        secondaries = sum(1 for cluster in self.clusters if cluster != primary)
        return not fewer_than(MOST_MEMBERS - secondaries + 1, primary.members) and secondaries > 0

    @property
    def _primary(self) -> DBCluster | None:
        """The cluster that it was made from, or the one that has a master user."""
        if self.source:
            return None if self.source.outside else self.source
        return next((c for c in self.clusters if c.ManageMasterUserPassword or c.MasterUserPassword), None)

    def _members(self) -> Iterator[DBInstance]:
        return (member for cluster in self.clusters for member in cluster.members)


def _same_region(one: DBCluster, two: DBCluster) -> bool:
    """A template is deployed to one Region as a whole."""
    if one.resource.source == "cloudformation" and two.resource.source == "cloudformation":
        return True
    return isinstance(one.region, str) and bool(one.region == two.region)
