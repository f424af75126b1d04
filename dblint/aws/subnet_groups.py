"""Subnet groups of the services beside RDS and Redshift: where caches, replication instances and graphs are placed."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION
from dblint.aws.network import Placed, Subnet
from dblint.properties import prop
from dblint.view import View, several


class CacheSubnetGroup(
    Placed,
    View,
    cloudformation="AWS::ElastiCache::SubnetGroup",
    terraform="aws_elasticache_subnet_group",
    identity="CacheSubnetGroupName",
    reference=CLOUDFORMATION + "aws-resource-elasticache-subnetgroup.html",
    supporting=True,
):
    CacheSubnetGroupName: str | None = prop("name", replaces=True)
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())

    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="SubnetIds")


class DAXSubnetGroup(
    Placed,
    View,
    cloudformation="AWS::DAX::SubnetGroup",
    terraform="aws_dax_subnet_group",
    identity="SubnetGroupName",
    reference=CLOUDFORMATION + "aws-resource-dax-subnetgroup.html",
    supporting=True,
):
    SubnetGroupName: str | None = prop("name", replaces=True)
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())

    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="SubnetIds")


class ReplicationSubnetGroup(
    Placed,
    View,
    cloudformation="AWS::DMS::ReplicationSubnetGroup",
    terraform="aws_dms_replication_subnet_group",
    identity="ReplicationSubnetGroupIdentifier",
    reference=CLOUDFORMATION + "aws-resource-dms-replicationsubnetgroup.html",
    supporting=True,
):
    ReplicationSubnetGroupIdentifier: str | None = prop("replication_subnet_group_id", replaces=True)
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())

    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="SubnetIds")


class DocDBSubnetGroup(
    Placed,
    View,
    cloudformation="AWS::DocDB::DBSubnetGroup",
    terraform="aws_docdb_subnet_group",
    identity="DBSubnetGroupName",
    reference=CLOUDFORMATION + "aws-resource-docdb-dbsubnetgroup.html",
):
    DBSubnetGroupName: str | None = prop("name", replaces=True)
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())

    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="SubnetIds")


class NeptuneSubnetGroup(
    Placed,
    View,
    cloudformation="AWS::Neptune::DBSubnetGroup",
    terraform="aws_neptune_subnet_group",
    identity="DBSubnetGroupName",
    reference=CLOUDFORMATION + "aws-resource-neptune-dbsubnetgroup.html",
):
    DBSubnetGroupName: str | None = prop("name", replaces=True)
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())

    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="SubnetIds")
