"""DynamoDB and DAX: what the views say of replicas, keys, Regions and zones."""

from __future__ import annotations

from typing import Any

import pytest

from dblint.model import Ref, Resource, Unknown
from tests.aws_support import fact, resource

TABLE, GLOBAL, REPLICA = (f"AWS::DynamoDB::{name}" for name in ("Table", "GlobalTable", "TableReplica"))
SOMETHING = Unknown("var.x", is_set=True)
KEY = {"KMSMasterKeyId": "alias/ours"}


def table(**properties: Any) -> Resource:
    return resource(TABLE, "table", "terraform", TableName="orders", **properties)


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        (None, [{}], False),
        (None, [{"ReplicaKey": "key"}], True),
        ("key", [{}], True),
        ("key", [{"ReplicaKey": "key"}], False),
        ("key", [{"ReplicaKey": "key"}, {}], True),
        ("key", [], False),
        ("key", [SOMETHING], None),
    ],
)
def test_keys_of_a_table_and_its_replicas(own: str | None, theirs: list[Any], expected: bool | None) -> None:
    assert fact("keys_differ", table(SSESpecification={"KMSMasterKeyId": own}, Replicas=theirs)) is expected


@pytest.mark.parametrize(
    ("replicas", "expected"),
    [
        ([{}, {}], False),
        ([{"SSESpecification": KEY}, {"SSESpecification": KEY}], False),
        ([{"SSESpecification": KEY}, {}], True),
        ([{"SSESpecification": SOMETHING}, {"SSESpecification": KEY}], None),
    ],
)
def test_keys_of_a_global_table(replicas: list[Any], expected: bool | None) -> None:
    assert fact("keys_differ", resource(GLOBAL, Replicas=replicas)) is expected


def test_the_key_of_a_replica_that_stands_alone() -> None:
    def replica(**properties: Any) -> Resource:
        return resource(REPLICA, "replica", "terraform", GlobalTableArn=Ref(("table",)), **properties)

    ours = table(SSESpecification=KEY)
    assert fact("keys_differ", replica(), ours) is True
    assert fact("keys_differ", replica(KMSMasterKeyId="key"), ours) is False
    assert fact("keys_differ", replica(), table()) is False
    assert fact("keys_differ", resource(REPLICA, GlobalTableArn="arn:aws:dynamodb:::table/elsewhere")) is None


@pytest.mark.parametrize(
    ("replicas", "witnesses", "expected"),
    [(1, 0, False), (2, 0, True), (3, 0, False), (1, 1, True), (2, 1, False), (0, 1, False)],
)
def test_regions_of_strong_consistency(replicas: int, witnesses: int, expected: bool) -> None:
    places = [{"Region": str(n), "ConsistencyMode": "STRONG"} for n in range(replicas)]
    voters = [{"Region": "voter"}] * witnesses
    assert fact("has_quorum", table(Replicas=places, GlobalTableWitnesses=voters)) is expected
    home = [*places, {"Region": "home"}]
    assert fact("has_quorum", resource(GLOBAL, Replicas=home, GlobalTableWitnesses=voters)) is expected


def test_streams() -> None:
    on = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    assert fact("lacks_stream", table(Replicas=[{}])) is True
    assert fact("lacks_stream", table(Replicas=[{}], StreamSpecification=on)) is False
    assert fact("lacks_stream", table()) is False
    assert fact("lacks_stream", table(), resource(REPLICA, "r", GlobalTableArn=Ref(("table",)))) is True
    assert fact("lacks_stream", resource(GLOBAL, Replicas=[{}, {}])) is True
    assert fact("lacks_stream", resource(GLOBAL, Replicas=[{}])) is False
    assert fact("lacks_stream", resource(GLOBAL, Replicas=[{}, {}], StreamSpecification=on)) is False


@pytest.mark.parametrize(
    ("source", "factor", "zones", "misfit", "one_zone"),
    [
        ("cloudformation", 3, ["a", "a", "a"], False, True),
        ("terraform", 3, ["a", "a", "a"], True, True),
        ("cloudformation", 3, ["a", "b", "a"], False, False),
        ("cloudformation", 3, ["a", "b"], True, False),
        ("terraform", 2, ["a", "b"], False, False),
        ("terraform", 1, ["a"], False, False),
        ("terraform", 3, [], False, False),
        ("terraform", 3, SOMETHING, None, None),
    ],
)
def test_zones_of_dax(source: str, factor: int, zones: Any, misfit: bool | None, one_zone: bool | None) -> None:
    cluster = resource("AWS::DAX::Cluster", "it", source, ReplicationFactor=factor, AvailabilityZones=zones)
    assert fact("zones_do_not_fit", cluster) is misfit
    assert fact("in_one_zone", cluster) is one_zone


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"HashKey": "LockID"}, True),
        ({"HashKey": "id"}, False),
        ({"HashKey": SOMETHING}, False),
        ({"KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}]}, True),
        ({"KeySchema": [{"AttributeName": SOMETHING, "KeyType": "HASH"}]}, False),
        ({"KeySchema": SOMETHING}, False),
    ],
)
def test_a_table_of_locks_is_known_by_its_key(properties: dict[str, Any], expected: bool) -> None:
    assert fact("holds_locks", table(**properties)) is expected
