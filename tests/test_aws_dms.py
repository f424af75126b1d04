"""DMS and EMR: what the views say of engines, tasks, passwords and JSON documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dblint.model import Document, Ref, Resource, Unknown
from tests.aws_support import fact, resource

SOMETHING = Unknown("var.x", is_set=True)
PROJECT = "AWS::DMS::MigrationProject"


def endpoint(address: str, engine: Any, **properties: Any) -> Resource:
    return resource("AWS::DMS::Endpoint", address, EngineName=engine, **properties)


def task(**properties: Any) -> Resource:
    ends = {"SourceEndpointArn": Ref(("source",)), "TargetEndpointArn": Ref(("target",))}
    return resource("AWS::DMS::ReplicationTask", "task", **{"MigrationType": "full-load", **ends, **properties})


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"EngineName": "postgres"}, True),
        ({"EngineName": "Postgres", "SslMode": "none"}, True),
        ({"EngineName": "postgres", "SslMode": "require"}, False),
        ({"EngineName": "s3"}, False),
        ({"EngineName": "redshift"}, False),
        ({"EngineName": "redis"}, False),
        ({"EngineName": "redis", "RedisSettings": {"SslSecurityProtocol": "plaintext"}}, True),
        ({"EngineName": SOMETHING}, None),
        ({"EngineName": SOMETHING, "SslMode": "verify-full", "RedisSettings": {}}, False),
    ],
)
def test_clear_text(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("in_clear_text", resource("AWS::DMS::Endpoint", **properties)) is expected


def test_an_endpoint_in_s3_names_no_engine() -> None:
    it = resource("AWS::DMS::Endpoint", "it", "terraform", kind="aws_dms_s3_endpoint")
    assert fact("in_clear_text", it) is False
    assert fact("family", it) is False


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("mysql", "aurora", False),
        ("oracle", "aurora-postgresql", True),
        ("sqlserver", "babelfish", False),
        ("mysql", "redshift", True),
        ("oracle", "s3", False),
        ("mongodb", "postgres", False),
        ("oracle", SOMETHING, None),
    ],
)
def test_families(source: Any, target: Any, expected: bool | None) -> None:
    ends = endpoint("source", source), endpoint("target", target)
    assert fact("between_families", task(), *ends) is expected


def test_an_endpoint_outside_of_the_deployment() -> None:
    assert fact("between_families", task(), endpoint("source", "oracle")) is None


def settings(mode: Any) -> dict[str, Any]:
    return {"FullLoadSettings": {"TargetTablePrepMode": mode}}


def text(said: Any) -> Unknown:
    """A text of JSON that is known in part."""
    return Unknown("var.x", is_set=True, inner=Document(said))


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, True),
        ({"MigrationType": "cdc"}, False),
        ({"ReplicationTaskSettings": json.dumps(settings("DROP_AND_CREATE"))}, True),
        ({"ReplicationTaskSettings": json.dumps(settings("DO_NOTHING"))}, False),
        ({"ReplicationTaskSettings": settings("TRUNCATE_BEFORE_LOAD")}, False),
        ({"ReplicationTaskSettings": settings(SOMETHING)}, None),
        ({"ReplicationTaskSettings": SOMETHING}, None),
        ({"ReplicationTaskSettings": text(settings("DO_NOTHING"))}, False),
        ({"ReplicationTaskSettings": text({"Logging": SOMETHING})}, True),
        ({"ReplicationTaskSettings": text(settings(SOMETHING))}, None),
        ({"ReplicationTaskSettings": text({"FullLoadSettings": SOMETHING})}, None),
        ({"ReplicationTaskSettings": text(SOMETHING)}, None),
        ({"ReplicationTaskSettings": "[]"}, True),
        ({"ReplicationTaskSettings": "no json"}, None),
        ({"ReplicationTaskSettings": "[" * 100_000}, None),
        ({"ReplicationTaskSettings": SOMETHING}, None),
    ],
)
def test_who_makes_the_tables(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("makes_tables", task(**properties)) is expected


def test_schema_conversion() -> None:
    converts = {"SchemaConversionApplicationAttributes": {"S3BucketPath": "s3://x"}}
    assert fact("schema_is_converted", task()) is False
    assert fact("schema_is_converted", task(), resource(PROJECT, "project", **converts)) is True
    assert fact("schema_is_converted", task(), resource(PROJECT, "project")) is False
    assert fact("schema_is_converted", task(), resource(PROJECT, "project", exists=False, **converts)) is False


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Password": "x"}, True),
        ({"Password": Unknown("var.x", is_set=True, exposed=True)}, True),
        ({"Password": SOMETHING}, False),
        ({"MongoDbSettings": {"Password": "x"}}, True),
        ({"KafkaSettings": {"SslClientKeyPassword": "x"}}, True),
        ({"OracleSettings": {"AsmPassword": "x"}}, True),
        ({"RedisSettings": {"AuthPassword": SOMETHING}}, False),
        ({}, False),
    ],
)
def test_passwords(properties: dict[str, Any], expected: bool) -> None:
    assert fact("readable_secret", endpoint("it", "mysql", **properties)) is expected


def test_the_address_of_an_instance() -> None:
    instance = "AWS::DMS::ReplicationInstance"
    assert fact("PubliclyAccessible", resource(instance)) is True
    assert fact("PubliclyAccessible", resource(instance, "it", "terraform")) is False


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"EncryptionConfiguration": {"EnableInTransitEncryption": True}}, True),
        ({"EncryptionConfiguration": {"EnableInTransitEncryption": "true"}}, True),
        ({"EncryptionConfiguration": {"EnableInTransitEncryption": False}}, False),
        ({"EncryptionConfiguration": {}}, False),
        ({"EncryptionConfiguration": None}, False),
        ({}, False),
        ([], False),
    ],
)
def test_encryption_between_nodes(document: Any, as_text: bool, expected: bool) -> None:
    value = json.dumps(document) if as_text else document
    assert (
        fact("encrypts_in_transit", resource("AWS::EMR::SecurityConfiguration", SecurityConfiguration=value))
        is expected
    )


def test_a_document_of_which_a_part_is_unknown() -> None:
    def encrypts(document: Any) -> bool | None:
        it = resource("AWS::EMR::SecurityConfiguration", SecurityConfiguration=document)
        return fact("encrypts_in_transit", it)

    assert encrypts({"EncryptionConfiguration": {"EnableInTransitEncryption": True, "Key": SOMETHING}}) is True
    assert encrypts({"EncryptionConfiguration": SOMETHING}) is None
    assert encrypts(SOMETHING) is None
    assert encrypts("{") is None


@pytest.mark.parametrize(
    ("instances", "long_running", "one_primary"),
    [
        ({}, False, True),
        ({"KeepJobFlowAliveWhenNoSteps": True, "MasterInstanceGroup": {"InstanceCount": 3}}, True, False),
        ({"KeepJobFlowAliveWhenNoSteps": True, "MasterInstanceFleet": {"TargetOnDemandCapacity": 3}}, True, False),
        ({"MasterInstanceFleet": {"TargetSpotCapacity": 3}}, False, True),
    ],
)
def test_primary_nodes(instances: dict[str, Any], long_running: bool, one_primary: bool) -> None:
    it = resource("AWS::EMR::Cluster", Instances=instances)
    assert fact("long_running", it) is long_running
    assert fact("one_primary", it) is one_primary


def test_a_cluster_that_ends_when_it_is_idle() -> None:
    alive = {"KeepJobFlowAliveWhenNoSteps": True}
    assert fact("long_running", resource("AWS::EMR::Cluster", Instances=alive)) is True
    ending = resource("AWS::EMR::Cluster", Instances=alive, AutoTerminationPolicy={"IdleTimeout": 60})
    assert fact("long_running", ending) is False
    assert fact("long_running", resource("AWS::EMR::Cluster", "it", "terraform")) is True
