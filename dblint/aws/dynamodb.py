"""Amazon DynamoDB: tables, global tables and their replicas."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION
from dblint.properties import prop
from dblint.view import Part, View, one, part, parts

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


class Replica(Part):
    """One Region's copy of a table, as the table declares it."""

    Region: str = prop("region_name")
    ReplicaRecovery: bool = prop("point_in_time_recovery", default=False, in_schema=False)
    PointInTimeRecoverySpecification: PointInTimeRecovery = part(PointInTimeRecovery)

    @property
    def recoverable(self) -> bool:
        """Whether it can be restored to a point in time. Terraform has a truth here, CloudFormation an object."""
        return self.ReplicaRecovery or self.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled


def all_recoverable(replicas: tuple[Replica, ...]) -> bool:
    """Whether each replica can be restored to a point in time."""
    return not any(not replica.recoverable for replica in replicas)


class Table(
    View,
    cloudformation="AWS::DynamoDB::Table",
    terraform="aws_dynamodb_table",
    identity="TableName",
    reference=CLOUDFORMATION + "aws-resource-dynamodb-table.html",
):
    """A table of one Region; in Terraform with the replicas that it declares."""

    DeletionProtectionEnabled: bool = prop("deletion_protection_enabled", default=False)
    HashKey: str | None = prop("hash_key", in_schema=False)
    KeySchema: tuple[KeyElement, ...] = parts(KeyElement)
    PointInTimeRecoverySpecification: PointInTimeRecovery = part(PointInTimeRecovery, "point_in_time_recovery")
    Replicas: tuple[Replica, ...] = parts(Replica, "replica", in_schema=False)
    TableName: str | None = prop("name", replaces=True)
    TimeToLiveSpecification: TimeToLive = part(TimeToLive, "ttl")

    @property
    def holds_locks(self) -> bool:
        """Whether it is the lock table of a Terraform backend, in which there is nothing to restore."""
        return self.HashKey == _LOCK_KEY or any(element.AttributeName == _LOCK_KEY for element in self.KeySchema)

    @property
    def replicas_recoverable(self) -> bool:
        return all_recoverable(self.Replicas)


class GlobalTable(
    View,
    cloudformation="AWS::DynamoDB::GlobalTable",
    identity="TableName",
    reference=CLOUDFORMATION + "aws-resource-dynamodb-globaltable.html",
):
    """A table with a replica in each of its Regions. Terraform declares it as a table with replicas."""

    KeySchema: tuple[KeyElement, ...] = parts(KeyElement)
    Replicas: tuple[Replica, ...] = parts(Replica)
    TableName: str | None = prop(replaces=True)

    @property
    def replicas_recoverable(self) -> bool:
        return all_recoverable(self.Replicas)


class TableReplica(
    View,
    cloudformation="AWS::DynamoDB::TableReplica",
    terraform="aws_dynamodb_table_replica",
    reference="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table_replica",
    in_schema=False,
):
    """A replica that stands alone, which only Terraform has."""

    GlobalTableArn: str | None = prop("global_table_arn", in_schema=False)
    ReplicaRecovery: bool = prop("point_in_time_recovery", default=False, in_schema=False)

    table: Table | None = one("AWS::DynamoDB::Table", by="GlobalTableArn")

    @property
    def replicas_recoverable(self) -> bool:
        return self.ReplicaRecovery
