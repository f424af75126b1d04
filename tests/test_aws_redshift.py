"""Redshift: what the views say of nodes, defaults by version, TLS, logs and Multi-AZ."""

from __future__ import annotations

from typing import Any

import pytest

from dblint.model import Ref, Resource, Unknown
from tests.aws_support import fact, resource

CLUSTER = "AWS::Redshift::Cluster"
SOMETHING = Unknown("var.x", is_set=True)


def cluster(source: str = "cloudformation", **properties: Any) -> Resource:
    return resource(CLUSTER, "cluster", source, ClusterIdentifier="orders", **properties)


@pytest.mark.parametrize(
    ("source", "version", "encrypted", "public"),
    [
        ("cloudformation", "", True, False),
        ("terraform", "", True, False),
        ("terraform", ">= 5.0", True, False),
        ("terraform", "~> 5.0", False, True),
        ("terraform", "5.100.0", False, True),
        ("terraform", "~> 6.0", True, False),
        ("terraform", "6.0.0", True, False),
        ("terraform", "< 6.0.0", False, True),
    ],
)
def test_defaults_by_version(source: str, version: str, encrypted: bool, public: bool) -> None:
    it = cluster(source, provider_version=version)
    assert fact("Encrypted", it) is encrypted
    assert fact("PubliclyAccessible", it) is public


@pytest.mark.parametrize(
    ("type", "nodes", "in_template", "in_terraform", "contradiction"),
    [
        (None, None, True, True, False),
        (None, 1, True, True, False),
        (None, 2, False, False, False),
        ("single-node", None, True, True, False),
        ("single-node", 2, True, False, True),
        ("multi-node", None, False, True, True),
        ("multi-node", 2, False, False, False),
        ("multi-node", SOMETHING, False, None, None),
    ],
)
def test_nodes(
    type: str | None, nodes: Any, in_template: bool, in_terraform: bool | None, contradiction: bool | None
) -> None:
    properties = {"ClusterType": type, "NumberOfNodes": nodes}
    assert fact("single_node", cluster(**properties)) is in_template
    assert fact("single_node", cluster("terraform", **properties)) is in_terraform
    assert fact("contradicts_itself", cluster(**properties)) is contradiction


def test_a_restored_cluster_is_as_its_snapshot_was() -> None:
    restored = {"SnapshotIdentifier": "orders-1"}
    assert fact("single_node", cluster(**restored)) is None
    assert fact("single_node", cluster(NumberOfNodes=2, ClusterType="multi-node", **restored)) is False
    assert fact("AutomatedSnapshotRetentionPeriod", cluster("terraform", **restored)) is True


def parameters(family: str, value: Any = None) -> Resource:
    listed = [] if value is None else [{"ParameterName": "require_ssl", "ParameterValue": value}]
    other = {"ParameterName": "wlm_json_configuration", "ParameterValue": "[]"}
    properties = {"ParameterGroupFamily": family, "ParameterGroupName": "ours", "Parameters": [other, *listed]}
    return resource("AWS::Redshift::ClusterParameterGroup", "parameters", **properties)


@pytest.mark.parametrize(
    ("name", "family", "value", "expected"),
    [
        (None, "redshift-1.0", None, True),
        ("default.redshift-1.0", "", None, False),
        ("default.redshift-2.0", "", None, True),
        ("ours", "redshift-1.0", None, False),
        ("ours", "redshift-2.0", None, True),
        ("ours", "redshift-1.0", "true", True),
        ("ours", "redshift-1.0", True, True),
        ("ours", "redshift-2.0", "false", False),
        ("ours", "redshift-2.0", SOMETHING, None),
        ("elsewhere", "", None, None),
    ],
)
def test_tls(name: str | None, family: str, value: Any, expected: bool | None) -> None:
    assert fact("requires_tls", cluster(ClusterParameterGroupName=name), parameters(family, value)) is expected


def test_tls_of_a_workgroup() -> None:
    def workgroup(*parameters: dict[str, Any]) -> Resource:
        return resource("AWS::RedshiftServerless::Workgroup", ConfigParameters=list(parameters))

    assert fact("requires_tls", workgroup()) is True
    assert fact("requires_tls", workgroup({"ParameterKey": "require_ssl", "ParameterValue": "false"})) is False
    assert fact("requires_tls", workgroup({"ParameterKey": "query_group", "ParameterValue": "x"})) is True


def test_logs() -> None:
    side = resource("AWS::Redshift::Logging", "logs", "terraform", ClusterIdentifier=Ref(("cluster",)))
    assert fact("audited", cluster("terraform")) is False
    assert fact("audited", cluster("terraform"), side) is True
    assert fact("audited", cluster("terraform", LoggingProperties={"Enable": True})) is True
    assert fact("audited", cluster("terraform", LoggingProperties={"Enable": False})) is False
    assert fact("audited", cluster(LoggingProperties={"BucketName": "logs"})) is True
    assert fact("audited", cluster()) is False


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, True),
        ({"Port": 5430}, False),
        ({"Port": 5431}, True),
        ({"Port": 5455}, True),
        ({"Port": 5456}, False),
        ({"Port": 8191}, True),
        ({"Port": 8215}, True),
        ({"Port": 8216}, False),
        ({"Port": SOMETHING}, None),
        ({"ElasticIp": "1.2.3.4"}, False),
        ({"NumberOfNodes": 1}, False),
        ({"ClusterSubnetGroupName": "three"}, True),
        ({"ClusterSubnetGroupName": "two"}, False),
        ({"ClusterSubnetGroupName": "elsewhere"}, None),
    ],
)
def test_what_multi_az_wants(properties: dict[str, Any], expected: bool | None) -> None:
    groups = [
        resource("AWS::Redshift::ClusterSubnetGroup", name, ClusterSubnetGroupName=name, SubnetIds=subnets)
        for name, subnets in (("two", ["a", "b"]), ("three", ["a", SOMETHING, "c"]))
    ]
    assert fact("fits_multi_az", cluster("terraform", **{"NumberOfNodes": 2, **properties}), *groups) is expected


@pytest.mark.parametrize(
    ("type", "names"),
    [
        (CLUSTER, "VpcSecurityGroupIds"),
        ("AWS::RedshiftServerless::Workgroup", "SecurityGroupIds"),
        ("AWS::ElastiCache::ServerlessCache", "SecurityGroupIds"),
    ],
)
def test_a_security_group_knows_whom_it_guards(type: str, names: str) -> None:
    group = resource("AWS::EC2::SecurityGroup", "group")
    assert fact("databases", group, resource(type, "db", **{names: [Ref(("group",))]})) is True
    assert fact("databases", group, resource(type, "db")) is False
