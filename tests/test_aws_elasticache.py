"""ElastiCache: what the views say of replicas, shards, versions, zones and users."""

from __future__ import annotations

from typing import Any

import pytest

from dblint.model import Ref, Resource, Unknown
from tests.aws_support import fact, resource

GROUP = "AWS::ElastiCache::ReplicationGroup"
CLUSTER = "AWS::ElastiCache::CacheCluster"
SOMETHING = Unknown("var.x", is_set=True)


def group(**properties: Any) -> Resource:
    return resource(GROUP, "group", ReplicationGroupId="cache", **properties)


def parameters(**entries: str) -> Resource:
    named = {name.replace("_", "-"): value for name, value in entries.items()}
    return resource("AWS::ElastiCache::ParameterGroup", "parameters", CacheParameterGroupName="ours", Properties=named)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, False),
        ({"NumCacheClusters": 1}, False),
        ({"NumCacheClusters": 2}, True),
        ({"NumCacheClusters": SOMETHING}, None),
        ({"ReplicasPerNodeGroup": 0, "NumNodeGroups": 3}, False),
        ({"ReplicasPerNodeGroup": 1, "NumNodeGroups": 3}, True),
        ({"NumNodeGroups": 1}, False),
        ({"NumNodeGroups": 3}, None),
        ({"NodeGroupConfiguration": [{"ReplicaCount": 1}, {"ReplicaCount": 2}]}, True),
        ({"NodeGroupConfiguration": [{"ReplicaCount": 1}, {"ReplicaCount": 0}]}, False),
        ({"NodeGroupConfiguration": [{"ReplicaCount": 1}, {}]}, False),
        ({"NodeGroupConfiguration": [{"ReplicaCount": 1}, {}], "ReplicasPerNodeGroup": 1}, True),
    ],
)
def test_replicas(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("has_replicas", group(**properties)) is expected


def test_a_replica_that_stands_alone() -> None:
    member = resource(CLUSTER, "member", source="terraform", ReplicationGroupId=Ref(("group",)))
    assert fact("has_replicas", group(), member) is True
    assert fact("has_replicas", group(), resource(CLUSTER, "other", ReplicationGroupId="another")) is False
    assert fact("has_replicas", group(), resource(CLUSTER, "loose", ReplicationGroupId=SOMETHING)) is None


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, False),
        ({"ClusterMode": "enabled"}, True),
        ({"ClusterMode": "compatible"}, True),
        ({"ClusterMode": "disabled"}, False),
        ({"NumNodeGroups": 1}, False),
        ({"NumNodeGroups": 2}, True),
        ({"NodeGroupConfiguration": [{}, {}]}, True),
        ({"NodeGroupConfiguration": [{}]}, False),
        ({"CacheParameterGroupName": "default.redis7"}, False),
        ({"CacheParameterGroupName": "default.redis7.cluster.on"}, True),
        ({"CacheParameterGroupName": "default.redis7.cluster.on", "NumCacheClusters": 2}, False),
        ({"CacheParameterGroupName": "ours"}, True),
        ({"CacheParameterGroupName": SOMETHING}, None),
        ({"CacheParameterGroupName": SOMETHING, "NumCacheClusters": 2}, False),
    ],
)
def test_shards(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("in_shards", group(**properties), parameters(cluster_enabled="yes")) is expected


def test_a_parameter_group_without_cluster_mode() -> None:
    ours = group(CacheParameterGroupName=Ref(("parameters",)))
    assert fact("in_shards", ours, parameters(cluster_enabled="no")) is False
    assert fact("in_shards", ours, parameters(maxmemory_policy="noeviction")) is False
    assert fact("in_shards", ours, resource("AWS::ElastiCache::ParameterGroup", "parameters")) is False


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        ("redis", "2.8.24", True),
        ("redis", "3.2.10", True),
        ("Redis", "3.x", True),
        ("redis", "4.0.10", False),
        ("redis", "6.x", False),
        ("redis", "7.1", False),
        ("redis", None, False),
        ("redis", SOMETHING, None),
        ("valkey", "3.0", False),
    ],
)
def test_the_end_of_support(engine: str, version: Any, expected: bool | None) -> None:
    assert fact("support_ended", group(Engine=engine, EngineVersion=version)) is expected
    alone = resource(CLUSTER, Engine=engine, EngineVersion=version)
    assert fact("support_ended", alone) is (expected if engine.lower() == "redis" else False)


def test_a_member_is_judged_by_its_group() -> None:
    member = resource(CLUSTER, "member", Engine="redis", EngineVersion="3.2.10", ReplicationGroupId="cache")
    assert fact("support_ended", member, group()) is False
    first = resource(CLUSTER, "first", Engine="redis", ClusterName="first")
    assert fact("member", first, group(PrimaryClusterId=Ref(("first",)))) is True
    assert fact("member", first, group()) is False


@pytest.mark.parametrize(
    ("type", "properties", "expected"),
    [
        (GROUP, {"NumCacheClusters": 6}, False),
        (GROUP, {"NumCacheClusters": 7}, True),
        (GROUP, {"ReplicasPerNodeGroup": 6}, True),
        (GROUP, {"NodeGroupConfiguration": [{"ReplicaCount": 6}]}, True),
        (GROUP, {"NumNodeGroups": 90}, False),
        (GROUP, {"NumNodeGroups": 90, "ReplicasPerNodeGroup": 0}, False),
        (GROUP, {"NumNodeGroups": 91}, True),
        (GROUP, {"NumNodeGroups": 15, "ReplicasPerNodeGroup": 5}, False),
        (GROUP, {"NumNodeGroups": 16, "ReplicasPerNodeGroup": 5}, True),
        (GROUP, {"NumNodeGroups": SOMETHING}, None),
        (CLUSTER, {"Engine": "memcached", "NumCacheNodes": 40}, False),
        (CLUSTER, {"Engine": "memcached", "NumCacheNodes": 41}, True),
        (CLUSTER, {"Engine": "redis", "NumCacheNodes": 1}, False),
        (CLUSTER, {"Engine": "redis", "NumCacheNodes": 2}, True),
    ],
)
def test_limits(type: str, properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("too_many_nodes", resource(type, **properties), arguments=(90,)) is expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, True),
        ({"AZMode": "cross-az"}, False),
        ({"PreferredAvailabilityZones": ["a", "a"]}, True),
        ({"PreferredAvailabilityZones": ["a", "b"]}, False),
        ({"PreferredAvailabilityZones": ["a", SOMETHING]}, None),
        ({"PreferredAvailabilityZones": SOMETHING}, None),
    ],
)
def test_zones_of_memcached(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("in_one_zone", resource(CLUSTER, Engine="memcached", **properties)) is expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"AccessString": "on ~* +@all", "NoPasswordRequired": True}, True),
        ({"AccessString": "on ~* -@all +@read", "AuthenticationMode": {"Type": "no-password-required"}}, True),
        ({"AccessString": "on allkeys allcommands", "NoPasswordRequired": True}, True),
        ({"AccessString": "off ~* +@all", "NoPasswordRequired": True}, False),
        ({"AccessString": "on ~* -@all", "NoPasswordRequired": True}, False),
        ({"NoPasswordRequired": True}, False),
        ({"AccessString": "on ~* +@all", "AuthenticationMode": {"Type": "iam"}}, False),
        ({"AccessString": "on ~* +@all", "Passwords": ["x"]}, False),
        ({"AccessString": SOMETHING, "NoPasswordRequired": True}, None),
    ],
)
def test_users(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("lets_anybody_in", resource("AWS::ElastiCache::User", UserId="app", **properties)) is expected


def test_the_user_that_aws_makes() -> None:
    user = resource("AWS::ElastiCache::User", "user", UserId=SOMETHING)

    def opened(*ids: Any) -> bool | None:
        return fact("lets_anybody_in", resource("AWS::ElastiCache::UserGroup", "group", UserIds=list(ids)), user)

    assert opened("default") is True
    assert opened("app", Ref(("user",))) is False
    assert opened(SOMETHING) is None
