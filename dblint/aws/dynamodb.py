"""Amazon DynamoDB: tables, global tables and their replicas."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, REGISTRY
from dblint.properties import prop
from dblint.reading import fewer_than, known
from dblint.view import Part, View, many, one, part, parts

# The key that Terraform's S3 backend wants of the table that holds its locks.
_LOCK_KEY = "LockID"


class PointInTimeRecovery(Part):
    PointInTimeRecoveryEnabled: bool = prop("enabled", default=False)
    RecoveryPeriodInDays: int = prop("recovery_period_in_days", default=35)


class KeyElement(Part):
    AttributeName: str = prop()
    KeyType: str = prop()


class TimeToLive(Part):
    AttributeName: str | None = prop("attribute_name")
    Enabled: bool = prop("enabled", default=False)


class Stream(Part):
    StreamEnabled: bool = prop("stream_enabled", default=False, in_schema=False)
    StreamViewType: str | None = prop("stream_view_type")


class Encryption(Part):
    KMSMasterKeyId: str | None = prop("kms_key_arn")


class Witness(Part):
    """A Region that takes part in the votes of strong consistency and keeps no data."""

    Region: str = prop("region_name")


class Replica(Part):
    """One Region's copy of a table, as the table declares it."""

    ConsistencyMode: str = prop("consistency_mode", default="EVENTUAL", in_schema=False)
    DeletionProtectionEnabled: bool = prop("deletion_protection_enabled", default=False)
    Region: str = prop("region_name")
    ReplicaKey: str | None = prop("kms_key_arn", in_schema=False)
    ReplicaRecovery: bool = prop("point_in_time_recovery", default=False, in_schema=False)
    PointInTimeRecoverySpecification: PointInTimeRecovery = part(PointInTimeRecovery)
    SSESpecification: Encryption = part(Encryption)

    @property
    def recoverable(self) -> bool:
        """Whether it can be restored to a point in time. Terraform has a truth here, CloudFormation an object."""
        return self.ReplicaRecovery or self.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled

    @property
    def has_key(self) -> bool:
        """Whether it is encrypted with a key of the customer. Terraform has the key here, CloudFormation an object."""
        return self.ReplicaKey is not None or self.SSESpecification.KMSMasterKeyId is not None


def all_recoverable(replicas: tuple[Replica, ...]) -> bool:
    """Whether each replica can be restored to a point in time."""
    return not any(not replica.recoverable for replica in replicas)


def all_protected(replicas: tuple[Replica, ...]) -> bool:
    """Whether no replica can be deleted by one call."""
    return not any(not replica.DeletionProtectionEnabled for replica in replicas)


def is_lock_key(schema: tuple[KeyElement, ...]) -> bool:
    """Whether a table is the lock table of a Terraform backend by its key. One that nobody knows is not."""
    return any(element.raw("AttributeName") == _LOCK_KEY for element in known(schema))


def is_quorum(replicas: int, witnesses: int) -> bool:
    """Whether strong consistency can stand on so many Regions: three replicas, or two and a witness.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-dynamodb-globaltable-globaltablewitness.html
    """
    return (replicas, witnesses) in ((3, 0), (2, 1))


class Table(
    View,
    cloudformation="AWS::DynamoDB::Table",
    terraform="aws_dynamodb_table",
    identity="TableName",
    reference=CLOUDFORMATION + "aws-resource-dynamodb-table.html",
):
    """A table of one Region; in Terraform with the replicas that it declares."""

    DeletionProtectionEnabled: bool = prop("deletion_protection_enabled", default=False)
    GlobalTableWitnesses: tuple[Witness, ...] = parts(Witness, "global_table_witness", in_schema=False)
    HashKey: str | None = prop("hash_key", in_schema=False)
    KeySchema: tuple[KeyElement, ...] = parts(KeyElement)
    PointInTimeRecoverySpecification: PointInTimeRecovery = part(PointInTimeRecovery, "point_in_time_recovery")
    Replicas: tuple[Replica, ...] = parts(Replica, "replica", in_schema=False)
    SSESpecification: Encryption = part(Encryption, "server_side_encryption")
    StreamSpecification: Stream = part(Stream, "")
    TableName: str | None = prop("name", replaces=True)
    TimeToLiveSpecification: TimeToLive = part(TimeToLive, "ttl")

    other_replicas: tuple[TableReplica, ...] = many("AWS::DynamoDB::TableReplica", by="table")

    @property
    def holds_locks(self) -> bool:
        """Whether it is the lock table of a Terraform backend, in which there is nothing to restore."""
        return self.raw("HashKey") == _LOCK_KEY or is_lock_key(self.KeySchema)

    @property
    def replicas_recoverable(self) -> bool:
        return all_recoverable(self.Replicas)

    @property
    def protected(self) -> bool:
        """Whether neither it nor one of its replicas can be deleted by one call."""
        return self.DeletionProtectionEnabled and all_protected(self.Replicas)

    @property
    def strong(self) -> bool:
        """Whether its replicas are strongly consistent."""
        return any(replica.ConsistencyMode == "STRONG" for replica in self.Replicas)

    @property
    def has_quorum(self) -> bool:
        """Whether its Regions, with its own, are those that strong consistency takes."""
        return is_quorum(1 + len(self.Replicas), len(self.GlobalTableWitnesses))

    @property
    def lacks_stream(self) -> bool:
        """Whether it has replicas, which read its stream, and no stream."""
        return not self.StreamSpecification.StreamEnabled and (bool(self.Replicas) or bool(known(self.other_replicas)))

    @property
    def keys_differ(self) -> bool:
        """Whether it is encrypted with a key of the customer and a replica is not, or the other way round."""
        has_key = self.SSESpecification.KMSMasterKeyId is not None
        return any(replica.has_key is not has_key for replica in self.Replicas)


class GlobalTable(
    View,
    cloudformation="AWS::DynamoDB::GlobalTable",
    identity="TableName",
    reference=CLOUDFORMATION + "aws-resource-dynamodb-globaltable.html",
):
    """A table with a replica in each of its Regions. Terraform declares it as a table with replicas."""

    GlobalTableWitnesses: tuple[Witness, ...] = parts(Witness)
    KeySchema: tuple[KeyElement, ...] = parts(KeyElement)
    MultiRegionConsistency: str = prop(default="EVENTUAL")
    Replicas: tuple[Replica, ...] = parts(Replica)
    StreamSpecification: Stream = part(Stream)
    TableName: str | None = prop(replaces=True)

    @property
    def holds_locks(self) -> bool:
        """Whether it is the lock table of a Terraform backend, in which there is nothing to restore."""
        return is_lock_key(self.KeySchema)

    @property
    def replicas_recoverable(self) -> bool:
        return all_recoverable(self.Replicas)

    @property
    def protected(self) -> bool:
        """Whether no replica can be deleted by one call."""
        return all_protected(self.Replicas)

    @property
    def strong(self) -> bool:
        """Whether its replicas are strongly consistent."""
        return self.MultiRegionConsistency == "STRONG"

    @property
    def has_quorum(self) -> bool:
        """Whether its Regions are those that strong consistency takes."""
        return is_quorum(len(self.Replicas), len(self.GlobalTableWitnesses))

    @property
    def lacks_stream(self) -> bool:
        """Whether it has several replicas, which read each other's streams, and no stream."""
        return self.StreamSpecification.StreamViewType is None and not fewer_than(2, self.Replicas)

    @property
    def keys_differ(self) -> bool:
        """Whether one replica is encrypted with a key of the customer and another is not."""
        with_key = [replica.has_key for replica in self.Replicas]
        return any(with_key) and not all(with_key)


class TableReplica(
    View,
    cloudformation="AWS::DynamoDB::TableReplica",
    terraform="aws_dynamodb_table_replica",
    reference=REGISTRY + "dynamodb_table_replica",
    in_schema=False,
):
    """A replica that stands alone, which only Terraform has."""

    DeletionProtectionEnabled: bool = prop("deletion_protection_enabled", default=False, in_schema=False)
    GlobalTableArn: str | None = prop("global_table_arn", in_schema=False)
    KMSMasterKeyId: str | None = prop("kms_key_arn", in_schema=False)
    ReplicaRecovery: bool = prop("point_in_time_recovery", default=False, in_schema=False)

    table: Table | None = one("AWS::DynamoDB::Table", by="GlobalTableArn")

    @property
    def holds_locks(self) -> bool:
        """A table of locks has no replicas."""
        return False

    @property
    def replicas_recoverable(self) -> bool:
        return self.ReplicaRecovery

    @property
    def protected(self) -> bool:
        """Whether it can not be deleted by one call."""
        return self.DeletionProtectionEnabled

    @property
    def keys_differ(self) -> bool:
        """Whether it is encrypted with a key of the customer and its table is not, or the other way round."""
        if self.table is None:
            return False
        has_key = self.KMSMasterKeyId is not None
        return (self.table.SSESpecification.KMSMasterKeyId is not None) is not has_key


class LegacyGlobalTable(
    View,
    cloudformation="AWS::DynamoDB::LegacyGlobalTable",
    terraform="aws_dynamodb_global_table",
    identity="GlobalTableName",
    reference=REGISTRY + "dynamodb_global_table",
    in_schema=False,
):
    """A global table of version 2017.11.29, made of tables that exist; CloudFormation never had it."""

    GlobalTableName: str = prop("name", in_schema=False)
