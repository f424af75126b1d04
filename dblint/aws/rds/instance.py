"""DB instances: those that stand alone, replicas, and members of clusters."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, REGISTRY, SecurityGroup, in_lower_case, one_of, port_of
from dblint.aws.rds import engines
from dblint.aws.rds.groups import (
    DBParameterGroup,
    DBSubnetGroup,
    OptionGroup,
    accepts_clear_text,
    is_default,
    logs_statements,
)
from dblint.aws.rds.snapshots import ClusterSnapshot, DBSnapshot, encryption_of
from dblint.defaults import PerSource
from dblint.model import Unknown
from dblint.properties import Secret, Switch, prop
from dblint.reading import fewer_than, known, undetermined
from dblint.view import View, many, mentions, one, several

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol
else:
    Protocol = object

API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
DELETION_POLICY = CLOUDFORMATION + "aws-attribute-deletionpolicy.html"
UPDATE_REPLACE_POLICY = CLOUDFORMATION + "aws-attribute-updatereplacepolicy.html"

# Terraform's switch for what happens to the data when the resource goes.
FINAL_SNAPSHOT = Switch("skip_final_snapshot", ((True, "Delete"), (False, "Snapshot")))

# Days of automated backups that AWS can keep: BackupRetentionPeriod of CreateDBInstance and CreateDBCluster.
LONGEST_RETENTION = 35

# Replicas in one chain: "Using cascading read replicas" with RDS for MySQL and for PostgreSQL in the RDS User Guide.
LONGEST_CHAIN = 3


class Cluster(Protocol):
    """What a member takes from its cluster."""

    engine: str | None
    encrypted: bool
    lacks_proxy: bool
    port: int | None
    subnet_group: DBSubnetGroup | None


def _retention(db: DBInstance) -> Any:
    """A replica is created without backups; a restored instance keeps the setting of its snapshot."""
    if db.restored:
        return Unknown("it keeps the retention period of what it was restored from", is_set=True)
    return 0 if db.replica or db.resource.source == "terraform" else 1


def _storage_limit(db: DBInstance) -> Any:
    return Unknown("it may keep the limit of what it was restored from", is_set=True) if db.restored else None


def _minor_upgrades(db: DBInstance) -> bool:
    """A replica inherits it: CreateDBInstanceReadReplica."""
    return db.source_instance.AutoMinorVersionUpgrade if db.source_instance else True


def public_by_default(db: Any) -> bool:
    """The API's default: public without a subnet group or in the group "default", for all but Aurora, where the default
    VPC has an internet gateway, as it has unless somebody took it away. A replica stands in the subnets of its source;
    whether it takes the source's own setting is documented nowhere."""
    if isinstance(db, DBInstance) and db.source_instance:
        if db.source_instance.has("PubliclyAccessible"):
            undetermined("AWS does not say whether a replica is as public as its source")
        return public_by_default(db.source_instance)
    if db.aurora or (db.subnet_group is not None and not db.subnet_group.outside):
        return False
    group = db.raw("DBSubnetGroupName")  # one that is only known at deploy time has a name of its own
    if group is not None and group != "default":
        return False
    db.presume("the default VPC is presumed to have an internet gateway")
    return True


class DBInstance(
    View,
    cloudformation="AWS::RDS::DBInstance",
    terraform=("aws_db_instance", "aws_rds_cluster_instance"),
    identity="DBInstanceIdentifier",
    reference=CLOUDFORMATION + "aws-resource-rds-dbinstance.html",
):
    """A DB instance that stands alone, follows another one, or is a member of a cluster."""

    AllocatedStorage: int | None = prop("allocated_storage")
    ApplyImmediately: bool = prop(
        "apply_immediately",
        default=PerSource(cloudformation=True, terraform=False),
        reference=CLOUDFORMATION + "aws-resource-rds-dbinstance.html#cfn-rds-dbinstance-applyimmediately",
    )
    AutoMinorVersionUpgrade: bool = prop(
        "auto_minor_version_upgrade",
        default=PerSource(cloudformation=_minor_upgrades, terraform=True),
        reference=API + "API_CreateDBInstanceReadReplica.html",
    )
    AvailabilityZone: str | None = prop("availability_zone", excludes=("MultiAZ",))
    BackupRetentionPeriod: int = prop(
        "backup_retention_period", default=_retention, reference=API + "API_CreateDBInstance.html"
    )
    DBClusterIdentifier: str | None = prop("cluster_identifier", replaces=True)
    DBInstanceClass: str | None = prop("instance_class")
    DBInstanceIdentifier: str | None = prop("identifier", replaces=True)
    DBParameterGroupName: str | None = prop(("parameter_group_name", "db_parameter_group_name"))
    DBClusterSnapshotIdentifier: str | None = prop()
    DBSecurityGroups: tuple[str, ...] = prop("security_group_names", default=())
    DBSnapshotIdentifier: str | None = prop("snapshot_identifier")
    DBSubnetGroupName: str | None = prop("db_subnet_group_name", replaces=True)
    DeletionPolicy: str = prop(
        FINAL_SNAPSHOT,
        default=PerSource(cloudformation=lambda db: "Delete" if db.member else "Snapshot", terraform="Snapshot"),
        reference=DELETION_POLICY,
    )
    DeletionProtection: bool = prop("deletion_protection", default=False)
    EnableCloudwatchLogsExports: tuple[str, ...] = prop("enabled_cloudwatch_logs_exports", default=())
    EnableIAMDatabaseAuthentication: bool = prop("iam_database_authentication_enabled", default=False)
    Engine: str | None = prop("engine")
    EngineVersion: str | None = prop("engine_version")
    KmsKeyId: str | None = prop("kms_key_id", replaces=True)
    ManageMasterUserPassword: bool = prop("manage_master_user_password", default=False)
    MasterUserPassword: Secret = prop(("password", "password_wo"))
    MasterUserPasswordWriteOnly: Secret = prop("password_wo", in_schema=False)
    MaxAllocatedStorage: int | None = prop(
        "max_allocated_storage", default=_storage_limit, reference=API + "API_RestoreDBInstanceFromDBSnapshot.html"
    )
    MultiAZ: bool = prop("multi_az", default=False, excludes=("AvailabilityZone",))
    OptionGroupName: str | None = prop("option_group_name")
    Port: int | None = prop("port")
    PromotionTier: int = prop(
        "promotion_tier",
        default=PerSource(cloudformation=1, terraform=0),
        reference=REGISTRY + "rds_cluster_instance#promotion_tier",
    )
    PubliclyAccessible: bool = prop(
        "publicly_accessible",
        default=PerSource(cloudformation=public_by_default, terraform=False),
        reference=API + "API_CreateDBInstance.html",
    )
    RestoreTime: str | None = prop("restore_to_point_in_time.restore_time")
    SourceDBClusterIdentifier: str | None = prop()
    SourceDBInstanceAutomatedBackupsArn: str | None = prop(
        "restore_to_point_in_time.source_db_instance_automated_backups_arn"
    )
    SourceDBInstanceIdentifier: str | None = prop("replicate_source_db")
    SourceDbiResourceId: str | None = prop("restore_to_point_in_time.source_dbi_resource_id")
    SourceRegion: str | None = prop(replaces=True)
    StorageEncrypted: bool = prop("storage_encrypted", default=False, replaces=True)
    TargetOfRestore: str | None = prop("restore_to_point_in_time.source_db_instance_identifier", in_schema=False)
    UpdateReplacePolicy: str = prop(
        FINAL_SNAPSHOT,
        default=PerSource(cloudformation="Delete", terraform="Snapshot"),
        reference=UPDATE_REPLACE_POLICY,
    )
    UseLatestRestorableTime: bool | None = prop("restore_to_point_in_time.use_latest_restorable_time")
    VPCSecurityGroups: tuple[str, ...] = prop("vpc_security_group_ids", default=())

    cluster: Cluster | None = one("AWS::RDS::DBCluster", by="DBClusterIdentifier")
    cluster_snapshot: ClusterSnapshot | None = one("AWS::RDS::ClusterSnapshot", by="DBClusterSnapshotIdentifier")
    option_group: OptionGroup | None = one("AWS::RDS::OptionGroup", by="OptionGroupName")
    parameter_group: DBParameterGroup | None = one("AWS::RDS::DBParameterGroup", by="DBParameterGroupName")
    proxy_groups: tuple[View, ...] = many("AWS::RDS::DBProxyTargetGroup", by="db_instances")
    proxy_targets: tuple[View, ...] = many("AWS::RDS::DBProxyTarget", by="db_instance")
    replicas: tuple[DBInstance, ...] = many("AWS::RDS::DBInstance", by="source_instance")
    secrets: tuple[View, ...] = mentions("AWS::SecretsManager::Secret", by="MasterUserPassword")
    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="VPCSecurityGroups")
    snapshot: DBSnapshot | None = one("AWS::RDS::DBSnapshot", by="DBSnapshotIdentifier")
    source_cluster: Any = one("AWS::RDS::DBCluster", by="SourceDBClusterIdentifier")
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
        return bool(self.UseLatestRestorableTime) or self.RestoreTime is not None

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
            return encryption_of(self.origin)
        return self.StorageEncrypted or self.custom

    @property
    def decides_on_encryption(self) -> bool:
        """Whether its own setting decides, and not its cluster or what it is copied from."""
        return self.stands_alone and not self.restored

    @property
    def engine(self) -> str | None:
        """Its engine, which a member takes from its cluster and a replica from its source."""
        if self.Engine is not None:
            return in_lower_case(self.Engine)
        if self.cluster:
            return self.cluster.engine
        source = self.source_instance or self.source_cluster
        return source.engine if source else None

    @property
    def version(self) -> str | None:
        """The version of its engine, which a replica takes from its source."""
        if self.EngineVersion is None and self.source_instance:
            return self.source_instance.version
        return self.EngineVersion

    @property
    def aurora(self) -> bool:
        return engines.is_aurora(self.engine)

    @property
    def custom(self) -> bool:
        """RDS Custom, whose storage is always encrypted. An engine that nobody knows is presumed not to be."""
        return isinstance(self.engine, str) and self.engine in engines.CUSTOM

    @property
    def port(self) -> int | None:
        """The port that it listens on."""
        if self.Port is not None:
            return self.Port
        return self.cluster.port if self.cluster else port_of(self.engine)

    @property
    def placement(self) -> DBSubnetGroup | None:
        """The subnets that it stands in; those of its cluster, and those of its source."""
        if self.cluster:
            return self.cluster.subnet_group
        if self.DBSubnetGroupName is None and self.source_instance:
            return self.source_instance.placement
        return self.subnet_group

    @property
    def parameters_from(self) -> DBParameterGroup | None:
        """The group that sets its parameters; None for AWS's own. A replica without one takes that of its source."""
        if self.DBParameterGroupName is None and self.source_instance:
            return self.source_instance.parameters_from
        return None if is_default(self.DBParameterGroupName) else self.parameter_group

    @property
    def has_parameters_of_its_own(self) -> bool:
        """Whether its parameters are not those of its source."""
        return not self.replica or self.DBParameterGroupName is not None

    @property
    def accepts_clear_text(self) -> bool:
        """Whether clients may connect to it without TLS."""
        return accepts_clear_text(engines.tls_parameter(self.engine), self.parameters_from, self.version)

    @property
    def audited(self) -> bool:
        """Whether somebody can tell later who did what. Engines of which that can not be told from code count as
        audited: Oracle, Db2, RDS Custom."""
        if one_of(self.engine, ("mysql", "mariadb")):
            return self._has_option("MARIADB_AUDIT_PLUGIN") and exports(self.EnableCloudwatchLogsExports, "audit")
        if self.engine == "postgres":
            return logs_statements(self.parameters_from)
        return not one_of(self.engine, engines.SQL_SERVER) or self._has_option("SQLSERVER_AUDIT")

    def _has_option(self, name: str) -> bool:
        if self.OptionGroupName is None or is_default(self.OptionGroupName):
            return False
        return self.option_group is not None and self.option_group.holds(name)

    @property
    def storage_grows(self) -> bool:
        """Whether RDS may enlarge its storage by itself."""
        limit = self.MaxAllocatedStorage
        if limit is None or limit == 0:
            return False
        return self.AllocatedStorage is None or limit > self.AllocatedStorage

    @property
    def retention_out_of_range(self) -> bool:
        """Whether AWS refuses its retention period; a member can have none of its own."""
        if self.member:
            return self.has("BackupRetentionPeriod") and self.BackupRetentionPeriod is not None
        return self.has("BackupRetentionPeriod") and not 0 <= self.BackupRetentionPeriod <= LONGEST_RETENTION

    @property
    def keeps_default_retention(self) -> bool:
        """It is not of Aurora, whose clusters know the same word; a member has no retention period."""
        return False

    @property
    def of_classic(self) -> bool:
        """Whether it is put in a security group of EC2-Classic."""
        return bool(self.DBSecurityGroups)

    @property
    def custom_oracle(self) -> bool:
        """RDS Custom for Oracle; for its engine see `custom`."""
        return isinstance(self.engine, str) and self.engine in engines.CUSTOM_ORACLE

    @property
    def of_deprecated_version(self) -> bool:
        return engines.is_deprecated(self.engine, self.EngineVersion)

    @property
    def can_have_standby(self) -> bool:
        """Whether AWS can keep a standby of it in a second Availability Zone, as that of all engines but one can be."""
        return in_lower_case(self.raw("Engine")) not in engines.WITHOUT_STANDBY

    @property
    def supports_iam(self) -> bool:
        """Whether its users may log in through IAM."""
        return one_of(self.engine, engines.WITH_IAM)

    @property
    def has_known_replicas(self) -> bool:
        """Whether it has read replicas for sure. What is restored from it is none."""
        return any(follower.replica for follower in known(self.replicas))

    @property
    def has_too_many_replicas(self) -> bool:
        return self.has_known_replicas and not fewer_than(engines.most_replicas(self.engine) + 1, self.replicas)

    @property
    def of_engine_without_replicas(self) -> bool:
        """Whether its engine, which is that of its source, has no replicas; RDS Custom has none in other Regions."""
        return one_of(self.engine, engines.WITHOUT_REPLICAS) or (self.custom and self.crosses_regions)

    @property
    def chain_is_impossible(self) -> bool:
        """Whether it follows itself, or is further from the first source than AWS allows. SQL Server has no replicas of
        replicas."""
        length = self.chain
        if length is None or length > LONGEST_CHAIN:
            return True
        return length > 1 and one_of(self.engine, engines.SQL_SERVER)

    @property
    def lacks_proxy(self) -> bool:
        """Whether a proxy could stand before it, and none does. None can before a replica."""
        if self.replica:
            return False
        if self.cluster:
            return self.cluster.lacks_proxy
        return engines.proxy_family(self.engine) is not None and not self.proxy_groups and not self.proxy_targets

    @property
    def crosses_regions(self) -> bool:
        """Whether it follows an instance of another Region."""
        if self.SourceRegion is not None:
            return bool(self.SourceRegion != self.region)
        source = self.source_instance
        region = source.region if source and not source.outside else _region_in(self.SourceDBInstanceIdentifier)
        if not isinstance(region, str):
            return False
        return region != self.region if isinstance(self.region, str) else undetermined("its Region is not in the code")

    @property
    def chain(self) -> int | None:
        """How many replicas there are from the first source to this one, as far as they are declared; None where it
        follows itself."""
        seen = [self]
        while (source := seen[-1].source_instance) and not source.outside:
            if source in seen:
                return None
            seen.append(source)
        return len(seen) - 1 if not seen[-1].replica else len(seen)


def exports(logs: tuple[str, ...], name: str) -> bool:
    """Whether a log is sent to CloudWatch Logs."""
    return any(in_lower_case(log) == name for log in logs)


def _region_in(arn: str | None) -> str | None:
    """The Region that an ARN names; None for an identifier, which is of the same Region."""
    if arn is None:
        return None
    parts = str(arn).split(":")
    return parts[3] if len(parts) > 5 else None
