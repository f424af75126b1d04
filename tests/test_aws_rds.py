"""RDS: what the views say of instances, clusters, replicas, parameter groups and global clusters."""

from __future__ import annotations

from typing import Any

import pytest

from dblint.aws.rds.engines import is_smaller
from dblint.model import Ref, Resource, Unknown, Variable
from tests.aws_support import fact, resource

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
SOMETHING = Unknown("var.x", is_set=True)


def instance(address: str = "db", **properties: Any) -> Resource:
    return resource(INSTANCE, address, **properties)


def cluster(address: str = "cluster", **properties: Any) -> Resource:
    return resource(CLUSTER, address, **{"Engine": "aurora-postgresql", **properties})


def member(address: str, **properties: Any) -> Resource:
    return instance(address, DBClusterIdentifier=Ref(("cluster",)), **properties)


def replica(address: str, of: str, **properties: Any) -> Resource:
    return instance(address, SourceDBInstanceIdentifier=Ref((of,)), **properties)


def parameters(family: Any, cluster: bool = False, **values: Any) -> Resource:
    type = "AWS::RDS::DBClusterParameterGroup" if cluster else "AWS::RDS::DBParameterGroup"
    named = {name.replace("__", "."): value for name, value in values.items()}
    return resource(type, "group", Family=family, Parameters=named)


IN_GROUP = Ref(("group",))


@pytest.mark.parametrize(
    ("properties", "group", "expected"),
    [
        ({"Engine": "postgres", "EngineVersion": "14.18"}, None, True),
        ({"Engine": "postgres", "EngineVersion": "15.1"}, None, False),
        ({"Engine": "postgres", "EngineVersion": 16.3}, None, False),
        ({"Engine": "postgres"}, None, None),
        ({"Engine": "Postgres", "EngineVersion": SOMETHING}, None, None),
        ({"Engine": "mysql"}, None, True),
        ({"Engine": "mariadb", "EngineVersion": "11.4.5"}, None, True),
        ({"Engine": "mariadb", "EngineVersion": "11.8.3"}, None, False),
        ({"Engine": "sqlserver-ee"}, None, True),
        ({"Engine": "oracle-ee"}, None, False),
        ({"Engine": "custom-oracle-ee"}, None, False),
        ({"Engine": SOMETHING}, None, None),
        ({"Engine": "mysql", "DBParameterGroupName": "default.mysql8.0"}, None, True),
        ({"Engine": "mysql", "DBParameterGroupName": "elsewhere"}, None, None),
        ({"Engine": "mysql", "DBParameterGroupName": IN_GROUP}, parameters("mysql8.0"), True),
        (
            {"Engine": "mysql", "DBParameterGroupName": IN_GROUP},
            parameters("mysql8.0", require_secure_transport=1),
            False,
        ),
        (
            {"Engine": "mysql", "DBParameterGroupName": IN_GROUP},
            parameters("mysql8.0", require_secure_transport="OFF"),
            True,
        ),
        (
            {"Engine": "postgres", "EngineVersion": "12", "DBParameterGroupName": IN_GROUP},
            parameters("postgres12", rds__force_ssl=SOMETHING),
            None,
        ),
        ({"Engine": "postgres", "DBParameterGroupName": IN_GROUP}, parameters("postgres14"), True),
        (
            {"Engine": "postgres", "EngineVersion": "17.6", "DBParameterGroupName": IN_GROUP},
            parameters(SOMETHING),
            False,
        ),
        (
            {"Engine": "postgres", "EngineVersion": SOMETHING, "DBParameterGroupName": IN_GROUP},
            parameters("postgres14"),
            True,
        ),
        ({"Engine": "postgres", "DBParameterGroupName": IN_GROUP}, parameters("postgres16"), False),
        ({"Engine": "postgres", "DBParameterGroupName": IN_GROUP}, parameters("postgres16", rds__force_ssl="0"), True),
        ({"Engine": "sqlserver-ee", "DBParameterGroupName": IN_GROUP}, parameters("sqlserver-ee-15.0"), True),
    ],
)
def test_clear_text(properties: dict[str, Any], group: Resource | None, expected: bool | None) -> None:
    others = [group] if group else []
    assert fact("accepts_clear_text", instance(**properties), *others) is expected


@pytest.mark.parametrize(
    ("properties", "group", "expected"),
    [
        ({"EngineVersion": "16.9"}, None, True),
        ({"EngineVersion": "17.4"}, None, False),
        ({"Engine": "aurora-mysql"}, None, True),
        ({"Engine": "postgres", "EngineVersion": "16.9"}, None, False),
        (
            {"Engine": "aurora-mysql", "DBClusterParameterGroupName": IN_GROUP},
            parameters("aurora-mysql8.0", cluster=True, require_secure_transport="ON"),
            False,
        ),
        ({"DBClusterParameterGroupName": IN_GROUP}, parameters("aurora-postgresql16", cluster=True), True),
    ],
)
def test_clear_text_of_clusters(properties: dict[str, Any], group: Resource | None, expected: bool | None) -> None:
    others = [group] if group else []
    assert fact("accepts_clear_text", cluster(**properties), *others) is expected


def test_a_replica_takes_the_parameters_and_the_version_of_its_source() -> None:
    group = parameters("postgres14", rds__force_ssl=1)
    source = instance("source", Engine="postgres", EngineVersion="14.18", DBParameterGroupName=IN_GROUP)
    assert fact("accepts_clear_text", replica("db", "source"), source, group) is False
    assert fact("has_parameters_of_its_own", replica("db", "source"), source) is False
    alone = instance("source", Engine="postgres", EngineVersion="14.18")
    assert fact("accepts_clear_text", replica("db", "source"), alone) is True


def options(*names: str) -> Resource:
    return resource("AWS::RDS::OptionGroup", "options", OptionConfigurations=[{"OptionName": name} for name in names])


@pytest.mark.parametrize(
    ("properties", "others", "expected"),
    [
        ({"Engine": "mysql"}, [], False),
        (
            {"Engine": "mysql", "OptionGroupName": "default:mysql-8-0", "EnableCloudwatchLogsExports": ["audit"]},
            [],
            False,
        ),
        (
            {"Engine": "mysql", "OptionGroupName": Ref(("options",)), "EnableCloudwatchLogsExports": ["audit"]},
            [options("MARIADB_AUDIT_PLUGIN")],
            True,
        ),
        ({"Engine": "mysql", "OptionGroupName": Ref(("options",))}, [options("MARIADB_AUDIT_PLUGIN")], False),
        (
            {"Engine": "mysql", "OptionGroupName": "elsewhere", "EnableCloudwatchLogsExports": ["audit"]},
            [],
            None,
        ),
        ({"Engine": "sqlserver-se", "OptionGroupName": Ref(("options",))}, [options("SQLSERVER_AUDIT")], True),
        ({"Engine": "sqlserver-se", "OptionGroupName": Ref(("options",))}, [options("TDE")], False),
        ({"Engine": "postgres"}, [], False),
        (
            {"Engine": "postgres", "DBParameterGroupName": IN_GROUP},
            [parameters("postgres16", log_statement="DDL")],
            True,
        ),
        (
            {"Engine": "postgres", "DBParameterGroupName": IN_GROUP},
            [parameters("postgres16", log_statement="none")],
            False,
        ),
        (
            {"Engine": "postgres", "DBParameterGroupName": IN_GROUP},
            [parameters("postgres16", shared_preload_libraries="pg_stat_statements,pgaudit")],
            True,
        ),
        ({"Engine": "oracle-ee"}, [], True),
        ({"Engine": "custom-sqlserver-ee"}, [], True),
    ],
)
def test_audits(properties: dict[str, Any], others: list[Resource], expected: bool | None) -> None:
    assert fact("audited", instance(**properties), *others) is expected


def test_audits_of_clusters() -> None:
    own = {"DBClusterParameterGroupName": IN_GROUP, "Engine": "aurora-mysql"}
    group = parameters("aurora-mysql8.0", cluster=True, server_audit_logging=1)
    assert fact("audited", cluster(**own, EnableCloudwatchLogsExports=["audit"]), group) is True
    assert fact("audited", cluster(**own), group) is False
    uploaded = parameters("aurora-mysql8.0", cluster=True, server_audit_logging=1, server_audit_logs_upload=1)
    assert fact("audited", cluster(**own), uploaded) is True
    stream = resource("AWS::RDS::ActivityStream", "stream", source="terraform", ResourceArn=Ref(("cluster",)))
    assert fact("audited", cluster(), stream) is True
    assert fact("audited", cluster(Engine="mysql")) is True, "nothing can switch one on"
    logging = parameters("aurora-postgresql16", log_statement="all")
    assert fact("audited", cluster(), member("one", DBParameterGroupName=IN_GROUP), logging) is True
    assert fact("audited", cluster(), member("one")) is False


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("db.r6g.large", "db.r6g.xlarge", True),
        ("db.r6g.2xlarge", "db.r7g.16xlarge", True),
        ("db.t4g.medium", "db.r6g.large", True),
        ("db.t3.large", "db.r6g.large", True),
        ("db.r6g.large", "db.t3.xlarge", False),
        ("db.r6g.large", "db.r6g.large", False),
        ("db.r6g.xlarge", "db.r6g.large", False),
        ("db.serverless", "db.r6g.large", False),
        ("db.r6g.large", "db.serverless", False),
        ("db.z1d.large", "db.r6g.xlarge", False),
        (None, "db.r6g.large", False),
    ],
)
def test_sizes_of_classes(one: str | None, two: str | None, expected: bool) -> None:
    assert is_smaller(one, two) is expected


@pytest.mark.parametrize(
    ("members", "weak"),
    [
        ([("db.r6g.large", 0), ("db.r6g.large", 0)], False),
        ([("db.r6g.2xlarge", 0), ("db.r6g.large", 1)], True),
        ([("db.r6g.large", 0), ("db.r6g.2xlarge", 1)], True),
        ([("db.r6g.2xlarge", 0), ("db.r6g.2xlarge", 1), ("db.r6g.large", 15)], False),
        ([("db.r6g.2xlarge", 1), ("db.r6g.2xlarge", 2), ("db.r6g.large", 0)], True),
        ([("db.r6g.2xlarge", 1), ("db.r6g.2xlarge", 1), ("db.r6g.large", 1)], False),
        ([("db.r6g.large", 1), ("db.r6g.4xlarge", 15)], False),
        ([("db.r6g.large", 3), ("db.r6g.4xlarge", 4)], False),
        ([("db.r6g.2xlarge", 1), ("db.r6g.large", 1), ("db.r6g.xlarge", 1)], True),
        ([("db.r6g.2xlarge", 1), ("db.serverless", 0)], False),
        ([("db.r6g.2xlarge", 1), ("db.serverless", 0), ("db.r6g.large", 0)], False),
        ([("db.r6g.2xlarge", 1), (SOMETHING, 1)], None),
        ([("db.r6g.2xlarge", 0)], False),
        ([], False),
    ],
)
def test_failover_targets(members: list[tuple[Any, int]], weak: bool | None) -> None:
    made = [member(f"m{i}", DBInstanceClass=size, PromotionTier=tier) for i, (size, tier) in enumerate(members)]
    assert fact("fails_over_to_less", cluster(), *made) is weak


def test_the_default_of_the_tier_is_that_of_the_source() -> None:
    own = {"source": "terraform", "DBClusterIdentifier": Ref(("cluster",))}
    writer = member("writer", DBInstanceClass="db.r6g.2xlarge")
    standby = member("standby", DBInstanceClass="db.r6g.2xlarge")
    small = resource(INSTANCE, "small", DBInstanceClass="db.r6g.large", **own)
    assert fact("fails_over_to_less", cluster(), writer, standby, small) is True, "0 in Terraform, 1 in CloudFormation"
    assert fact("fails_over_to_less", cluster(), writer, standby, member("m", DBInstanceClass="db.r6g.large")) is False


@pytest.mark.parametrize(
    ("length", "engine", "impossible"),
    [
        (1, "mysql", False),
        (3, "mysql", False),
        (4, "mysql", True),
        (1, "sqlserver-ee", False),
        (2, "sqlserver-ee", True),
    ],
)
def test_chains(length: int, engine: str, impossible: bool) -> None:
    chain = [instance("r0", Engine=engine), *(replica(f"r{i}", f"r{i - 1}") for i in range(1, length + 1))]
    assert fact("chain_is_impossible", *reversed(chain)) is impossible


def test_a_chain_that_runs_in_a_circle_or_begins_outside() -> None:
    assert fact("chain_is_impossible", replica("a", "b"), replica("b", "a")) is True
    outside = instance("first", SourceDBInstanceIdentifier="elsewhere", Engine="mysql")
    assert fact("chain_is_impossible", outside) is False
    further = [replica("second", "first"), replica("third", "second"), replica("fourth", "third")]
    assert fact("chain_is_impossible", further[1], further[0], outside) is False
    assert fact("chain_is_impossible", *reversed(further), outside) is True


@pytest.mark.parametrize(
    ("engine", "number", "expected"),
    [
        ("mysql", 15, False),
        ("mysql", 16, True),
        ("oracle-ee", 5, False),
        ("oracle-ee", 6, True),
        ("db2-se", 4, True),
        ("sqlserver-ee", 15, False),
        (SOMETHING, 16, None),
        (SOMETHING, 0, False),
    ],
)
def test_numbers_of_replicas(engine: Any, number: int, expected: bool | None) -> None:
    source = instance("source", Engine=engine)
    replicas = [replica(f"r{i}", "source") for i in range(number)]
    assert fact("has_too_many_replicas", source, *replicas) is expected


@pytest.mark.parametrize(
    ("source", "own", "expected"),
    [
        ({"region": "eu-west-1"}, {"region": "eu-central-1"}, True),
        ({"region": "eu-west-1"}, {"region": "eu-west-1"}, False),
        ({}, {}, False),
        ({"region": "eu-west-1"}, {}, None),
    ],
)
def test_regions_of_replicas(source: dict[str, Any], own: dict[str, Any], expected: bool | None) -> None:
    assert fact("crosses_regions", replica("db", "source", **own), instance("source", **source)) is expected


def test_regions_of_sources_that_lie_outside() -> None:
    arn = "arn:aws:rds:eu-west-1:111122223333:db:orders"
    there = instance(SourceDBInstanceIdentifier=arn, region="eu-central-1")
    assert fact("crosses_regions", there) is True
    assert fact("crosses_regions", instance(SourceDBInstanceIdentifier=arn, region="eu-west-1")) is False
    assert fact("crosses_regions", instance(SourceDBInstanceIdentifier=arn)) is None
    assert fact("crosses_regions", instance(SourceDBInstanceIdentifier="orders", region="eu-west-1")) is False
    assert (
        fact("crosses_regions", instance(SourceDBInstanceIdentifier="x", SourceRegion="us-east-1", region="b")) is True
    )


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("sqlserver-se", True),
        ("oracle-se2", True),
        ("custom-sqlserver-ee", True),
        ("custom-oracle-ee", False),
        ("sqlserver-ee", False),
        ("postgres", False),
    ],
)
def test_engines_without_replicas(engine: str, expected: bool) -> None:
    source = instance("source", Engine=engine)
    assert fact("of_engine_without_replicas", replica("db", "source"), source) is expected


def test_rds_custom_has_no_replicas_elsewhere() -> None:
    source = instance("source", Engine="custom-oracle-ee", region="eu-west-1")
    assert fact("of_engine_without_replicas", replica("db", "source", region="eu-central-1"), source) is True


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"BackupRetentionPeriod": 35}, False),
        ({"BackupRetentionPeriod": 36}, True),
        ({"BackupRetentionPeriod": 0}, False),
        ({}, False),
        ({"DBSnapshotIdentifier": "x"}, False),
        ({"BackupRetentionPeriod": SOMETHING}, None),
        ({"DBClusterIdentifier": "x"}, False),
        ({"DBClusterIdentifier": "x", "BackupRetentionPeriod": 7}, True),
    ],
)
def test_ranges_of_retention(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("retention_out_of_range", instance(**properties)) is expected


def test_clusters_always_keep_backups() -> None:
    assert fact("retention_out_of_range", cluster(BackupRetentionPeriod=0)) is True
    assert fact("retention_out_of_range", cluster()) is False


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, False),
        ({"MaxAllocatedStorage": 0, "AllocatedStorage": 20}, False),
        ({"MaxAllocatedStorage": 0, "AllocatedStorage": SOMETHING}, False),
        ({"MaxAllocatedStorage": 100, "AllocatedStorage": "100"}, False),
        ({"MaxAllocatedStorage": 101, "AllocatedStorage": "100"}, True),
        ({"MaxAllocatedStorage": 100}, True),
        ({"MaxAllocatedStorage": SOMETHING, "AllocatedStorage": 100}, None),
        ({"DBSnapshotIdentifier": "nightly"}, None),
    ],
)
def test_growing_storage(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("storage_grows", instance(**properties)) is expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, True),
        (
            {"DBClusterInstanceClass": "db.r6gd.large", "AllocatedStorage": 100, "StorageType": "io1", "Iops": 1000},
            False,
        ),
        ({"DBClusterInstanceClass": "db.r6gd.large", "AllocatedStorage": 100, "StorageType": "io1"}, True),
        ({"DBClusterInstanceClass": "db.r6gd.large", "AllocatedStorage": 100, "StorageType": "gp3"}, False),
        ({"DBClusterInstanceClass": "db.r6gd.large", "AllocatedStorage": 100, "Iops": 1000}, False),
        (
            {"DBClusterInstanceClass": "db.r6gd.large", "AllocatedStorage": 100, "StorageType": "gp2", "Iops": 1000},
            True,
        ),
        (
            {
                "DBClusterInstanceClass": "db.r6gd.large",
                "AllocatedStorage": 100,
                "Iops": 1000,
                "ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 2},
            },
            True,
        ),
    ],
)
def test_what_multi_az_clusters_need(properties: dict[str, Any], expected: bool) -> None:
    assert fact("lacks_for_multi_az", cluster(Engine="postgres", **properties)) is expected


def test_multi_az_clusters_need_three_zones() -> None:
    subnets = [resource("AWS::EC2::Subnet", f"s{i}", AvailabilityZone=f"eu-west-1{z}") for i, z in enumerate("abc")]
    whole = {"DBClusterInstanceClass": "db.r6gd.large", "AllocatedStorage": 100, "Iops": 1000}
    own = cluster(Engine="postgres", DBSubnetGroupName=Ref(("subnets",)), **whole)

    def group(number: int) -> Resource:
        return resource("AWS::RDS::DBSubnetGroup", "subnets", SubnetIds=[Ref((s.address,)) for s in subnets[:number]])

    assert fact("lacks_for_multi_az", own, group(3), *subnets) is False
    assert fact("lacks_for_multi_az", own, group(2), *subnets) is True


@pytest.mark.parametrize(
    ("range", "valid"),
    [
        ({"MinCapacity": 0.5, "MaxCapacity": 1}, True),
        ({"MinCapacity": 0, "MaxCapacity": 256, "SecondsUntilAutoPause": 86400}, True),
        ({"MinCapacity": 1, "MaxCapacity": 256.5}, False),
        ({"MinCapacity": 0.5, "MaxCapacity": 0.5}, False),
        ({"MinCapacity": 2, "MaxCapacity": 1}, False),
        ({"MinCapacity": 0.7, "MaxCapacity": 2}, False),
        ({"MinCapacity": -1, "MaxCapacity": 2}, False),
        ({"MaxCapacity": 2}, False),
        ({"MinCapacity": 0, "MaxCapacity": 2, "SecondsUntilAutoPause": 60}, False),
        ({"MinCapacity": SOMETHING, "MaxCapacity": 2}, None),
    ],
)
def test_capacities(range: dict[str, Any], valid: bool | None) -> None:
    made = cluster(ServerlessV2ScalingConfiguration=range)
    assert fact("ServerlessV2ScalingConfiguration.valid", made) is valid


def joined(address: str, **properties: Any) -> Resource:
    return resource(
        CLUSTER,
        address,
        source="terraform",
        Engine="aurora-postgresql",
        GlobalClusterIdentifier=Ref(("global",)),
        **properties,
    )


GLOBAL = resource("AWS::RDS::GlobalCluster", "global", source="terraform")


def test_global_clusters() -> None:
    primary = joined("primary", region="eu-west-1", ManageMasterUserPassword=True)
    there = joined("secondary", region="eu-central-1")
    assert fact("has_two_clusters_in_one_region", GLOBAL, primary, there) is False
    assert fact("has_two_clusters_in_one_region", GLOBAL, primary, joined("again", region="eu-west-1")) is True
    assert fact("has_two_clusters_in_one_region", GLOBAL, joined("a"), joined("b")) is False, (
        "nobody knows their Regions"
    )
    many = [joined(f"c{i}", region=f"r{i}") for i in range(12)]
    assert fact("has_too_many_clusters", GLOBAL, *many[:11]) is False
    assert fact("has_too_many_clusters", GLOBAL, *many) is True


def test_readers_of_a_global_primary() -> None:
    primary = joined("cluster", region="eu-west-1", MasterUserPassword="x")
    others = [joined(f"s{i}", region=f"r{i}") for i in range(2)]

    def members(number: int) -> list[Resource]:
        return [member(f"m{i}", DBInstanceClass="db.r6g.large") for i in range(number)]

    assert fact("has_too_many_readers", GLOBAL, primary, *others, *members(14)) is False
    assert fact("has_too_many_readers", GLOBAL, primary, *others, *members(15)) is True
    assert fact("has_too_many_readers", GLOBAL, primary, *members(16)) is False, "that is aurora-too-many-replicas"
    assert fact("has_burstable_members", GLOBAL, primary, *members(1)) is False
    assert fact("has_burstable_members", GLOBAL, primary, member("m", DBInstanceClass="db.t4g.medium")) is True


def test_a_global_cluster_made_from_a_cluster() -> None:
    made = resource("AWS::RDS::GlobalCluster", "global", SourceDBClusterIdentifier=Ref(("cluster",)))
    assert fact("has_burstable_members", made, cluster(), member("m", DBInstanceClass="db.t4g.medium")) is True


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Engine": "mysql"}, True),
        ({"Engine": "oracle-ee"}, False),
        ({"Engine": "mysql", "SourceDBInstanceIdentifier": "x"}, False),
        ({"Engine": SOMETHING}, None),
    ],
)
def test_databases_without_a_proxy(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("lacks_proxy", instance(**properties)) is expected


def test_databases_with_a_proxy() -> None:
    group = resource("AWS::RDS::DBProxyTargetGroup", "group", DBInstanceIdentifiers=[Ref(("db",))])
    assert fact("lacks_proxy", instance(Engine="mysql"), group) is False
    target = resource("AWS::RDS::DBProxyTarget", "target", source="terraform", DBClusterIdentifier=Ref(("cluster",)))
    assert fact("lacks_proxy", cluster(), target) is False
    assert fact("lacks_proxy", member("m"), cluster(), target) is False
    assert fact("lacks_proxy", cluster(EnableHttpEndpoint=True)) is False
    assert fact("lacks_proxy", cluster()) is True


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"StorageEncrypted": False}, True),
        ({"StorageEncrypted": True}, False),
        ({}, False),
        ({"StorageEncrypted": False, "KmsKeyId": "x"}, False),
        ({"StorageEncrypted": False, "Engine": "postgres"}, False),
        ({"StorageEncrypted": SOMETHING}, None),
    ],
)
def test_clusters_that_ask_for_no_encryption(properties: dict[str, Any], expected: bool | None) -> None:
    assert fact("asks_for_no_encryption", cluster(**properties)) is expected


def test_a_replica_inherits_minor_upgrades_in_cloudformation() -> None:
    source = instance("source", AutoMinorVersionUpgrade=False)
    asked = "AutoMinorVersionUpgrade"
    assert fact(asked, replica("db", "source"), source) is False
    assert fact(asked, replica("db", "source", AutoMinorVersionUpgrade=True), source) is True
    terraform = resource(INSTANCE, "db", source="terraform", SourceDBInstanceIdentifier=Ref(("source",)))
    assert fact(asked, terraform, source) is True


def test_what_is_restored_to_a_point_in_time_is_no_replica() -> None:
    source = instance("source", Engine="mysql")
    assert fact("has_known_replicas", source, replica("db", "source")) is True
    assert fact("has_known_replicas", source, replica("db", "source", UseLatestRestorableTime=True)) is False
    assert fact("has_known_replicas", source, replica("db", "source", RestoreTime="2026-01-01T00:00:00Z")) is False


@pytest.mark.parametrize(("engine", "expected"), [("postgres", True), ("SQLServer-EX", False), (SOMETHING, True)])
def test_engines_that_have_standbys(engine: Any, expected: bool) -> None:
    assert fact("can_have_standby", instance(Engine=engine)) is expected


@pytest.mark.parametrize(
    ("group", "expected"), [(None, True), ("default", True), ("private", False), (Unknown("module.vpc"), False)]
)
def test_an_instance_is_public_by_default_without_subnets_of_its_own(group: Any, expected: bool) -> None:
    assert fact("PubliclyAccessible", instance(Engine="mysql", DBSubnetGroupName=group)) is expected


@pytest.mark.parametrize(
    ("source", "own", "expected"),
    [
        ({"Engine": "mysql"}, {}, True),
        ({"Engine": "mysql", "DBSubnetGroupName": "private"}, {}, False),
        ({"Engine": "mysql", "PubliclyAccessible": False}, {}, None),
        ({"Engine": "mysql", "PubliclyAccessible": True}, {"PubliclyAccessible": False}, False),
    ],
)
def test_a_replica_stands_where_its_source_stands(
    source: dict[str, Any], own: dict[str, Any], expected: bool | None
) -> None:
    assert fact("PubliclyAccessible", replica("db", "source", **own), instance("source", **source)) is expected


@pytest.mark.parametrize(
    ("engine", "expected"), [("mysql", True), ("aurora-mysql", False), (None, False), (SOMETHING, False)]
)
def test_a_multi_az_cluster_is_public_by_default(engine: Any, expected: bool | None) -> None:
    assert fact("PubliclyAccessible", cluster(Engine=engine)) is expected


@pytest.mark.parametrize(
    ("properties", "aurora", "multi_az"),
    [
        ({"Engine": "Aurora-MySQL"}, True, False),
        ({"Engine": "postgres"}, False, True),
        ({"Engine": "postgres", "DBClusterInstanceClass": "db.m6gd.large"}, False, True),
        ({"Engine": None}, False, False),
        ({"Engine": SOMETHING}, True, False),
        ({"Engine": SOMETHING, "DBClusterInstanceClass": "db.m6gd.large"}, False, True),
        ({"Engine": SOMETHING, "DBClusterInstanceClass": Unknown("var.class")}, None, None),
    ],
)
def test_kinds_of_clusters(properties: dict[str, Any], aurora: bool | None, multi_az: bool | None) -> None:
    assert fact("aurora", cluster(**properties)) is aurora
    assert fact("multi_az", cluster(**properties)) is multi_az


def test_no_engine_of_aurora_is_audited_by_itself() -> None:
    assert fact("audited", cluster(Engine=SOMETHING)) is False


@pytest.mark.parametrize(("engine", "expected"), [("Custom-Oracle-EE", True), ("oracle-ee", False), (SOMETHING, False)])
def test_rds_custom_is_known_by_its_engine(engine: Any, expected: bool) -> None:
    assert fact("custom", instance(Engine=engine)) is expected
    assert fact("custom_oracle", instance(Engine=engine)) is expected


@pytest.mark.parametrize(("provider", "aurora"), [("~> 4.67", True), ("< 5.0", True), (">= 5.0", False), ("", False)])
def test_the_engine_was_once_aurora_by_default(provider: str, aurora: bool) -> None:
    it = resource(CLUSTER, "cluster", "terraform", provider_version=provider)
    assert fact("aurora", it) is aurora


@pytest.mark.parametrize(("theirs", "expected"), [("Subnets", False), ("Others", None)])
def test_one_list_of_subnets_is_in_one_vpc(theirs: str, expected: bool | None) -> None:
    def listed(name: str) -> Unknown:
        return Unknown(f"parameter {name}", variable=Variable(name, name))

    proxy = resource("AWS::RDS::DBProxy", "proxy", VpcSubnetIds=listed("Subnets"))
    group = resource("AWS::RDS::DBSubnetGroup", "subnets", SubnetIds=listed(theirs))
    targets = resource(
        "AWS::RDS::DBProxyTargetGroup", "t", DBProxyName=Ref(("proxy",)), DBInstanceIdentifiers=[Ref(("db",))]
    )
    db = instance(DBSubnetGroupName=Ref(("subnets",)))
    assert fact("in_other_vpc", proxy, group, targets, db) is expected
