"""Secrets, and the functions and containers that need them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dblint.model import Ref, Resource, Unknown, Value, Variable
from tests.aws_support import fact, resource

SECRET = "AWS::SecretsManager::Secret"
DATABASE = "AWS::RDS::DBInstance"
VAULTED = Unknown("dynamic reference to secretsmanager", is_set=True, vaulted=True)
PARAMETER = Unknown("parameter Password", is_set=True, variable=Variable("1Password", "Password"))
GENERATED = Ref(("random_password.db",), Unknown("random_password.db.result", is_set=True), "result")


def of(address: str, attribute: str = "") -> Ref:
    return Ref((address,), attribute=attribute)


def function(**variables: Value) -> Resource:
    return resource("AWS::Lambda::Function", "function", Environment={"Variables": variables})


def connects(view: Any) -> bool:
    return any(True for _ in view.databases)


def database(**properties: Any) -> Resource:
    return resource(DATABASE, "db", **{"Engine": "mysql", **properties})


@pytest.mark.parametrize(
    ("name", "value", "password", "expected"),
    [
        ("X", GENERATED, GENERATED, True),
        ("URL", Ref(("aws_db_instance.db", "random_password.db")), GENERATED, True),
        ("X", PARAMETER, PARAMETER, True),
        ("X", "hunter2hunter2", "hunter2hunter2", True),
        ("X", PARAMETER, GENERATED, False),
        ("X", "", "", False),
        ("DB_PASSWORD", VAULTED, None, True),
        ("DATABASE_URL", VAULTED, None, True),
        ("MAIL_PASSWORD", VAULTED, None, False),
        ("DB_PASSWORD", PARAMETER, None, True),
        ("DB_PASSWORD", "hunter2", None, True),
        ("PGPASSWORD", "hunter2", None, True),
        ("DB_PASSWORD", "", None, False),
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", None, False),
        ("DB_PASSWORD", of("secret", "Ref"), None, False),
        ("DB_PASSWORD_SECRET", "orders/db", None, False),
        ("DB_PASSWORD_PARAMETER", "/orders/db", None, False),
        ("DB_SECRET", of("data.aws_secretsmanager_secret_version.db", "secret_string"), None, True),
        ("DB_SECRET_ARN", of("aws_secretsmanager_secret.db", "arn"), None, False),
        ("DB_HOST", of("db", "Endpoint.Address"), None, False),
        ("LOG_LEVEL", "debug", None, False),
    ],
)
def test_passwords_in_environments(name: str, value: Value, password: Value, expected: bool) -> None:
    others = [database(MasterUserPassword=password)] if password is not None else [database()]
    assert fact("holds_password", function(**{name: value}), *others) is expected


def task(document: Value) -> Resource:
    return resource("AWS::ECS::TaskDefinition", "task", source="terraform", ContainerDocument=document)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (json.dumps([{"name": "a", "environment": [{"name": "DB_PASSWORD", "value": "hunter2"}]}]), True),
        (json.dumps([{"name": "a", "environment": [{"name": "DB_HOST", "value": "db"}]}]), False),
        (json.dumps([{"name": "a", "secrets": [{"name": "DB_PASSWORD", "valueFrom": "arn:x"}]}]), False),
        (json.dumps({"environment": [{"name": "DB_PASSWORD", "value": "hunter2"}]}), False),
        ("[{", False),
        ("[" * 100_000, False),
        (json.dumps([1, {"environment": [1, {"name": 2, "value": "x"}]}]), False),
        (Ref(("random_password.db", "aws_db_instance.db")), True),
        (Unknown("a document"), False),
    ],
)
def test_passwords_in_documents(document: Value, expected: bool) -> None:
    assert fact("holds_password", task(document), database(MasterUserPassword=GENERATED)) is expected


def test_passwords_in_containers() -> None:
    containers = [{"Name": "a", "Environment": [{"Name": "DB_PASSWORD", "Value": PARAMETER}]}]
    made = resource("AWS::ECS::TaskDefinition", "task", ContainerDefinitions=containers)
    assert fact("holds_password", made, database()) is True
    fetched = [{"Name": "a", "Secrets": [{"Name": "DB_PASSWORD", "ValueFrom": "arn:x"}]}]
    assert fact("holds_password", resource("AWS::ECS::TaskDefinition", "task", ContainerDefinitions=fetched)) is False


def ingress(**properties: Any) -> Resource:
    return resource(
        "AWS::EC2::SecurityGroupIngress",
        "rule",
        GroupId=of("theirs"),
        IpProtocol="tcp",
        kind="aws_security_group_rule",
        **{"FromPort": 3306, "ToPort": 3306, "SourceSecurityGroupId": of("ours"), **properties},
    )


THEIRS = resource("AWS::EC2::SecurityGroup", "theirs")
OURS = resource("AWS::EC2::SecurityGroup", "ours")
INSIDE = resource("AWS::Lambda::Function", "function", VpcConfig={"SecurityGroupIds": [of("ours")]})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ingress(), True),
        (ingress(FromPort=80, ToPort=80), False),
        (ingress(SourceSecurityGroupId=of("theirs")), False),
        (ingress(SourceSecurityGroupId="sg-elsewhere"), False),
        (ingress(Direction="egress"), False),
    ],
)
def test_functions_that_are_let_in(rule: Resource, expected: bool) -> None:
    guarded = database(VPCSecurityGroups=[of("theirs")])
    assert fact(connects, INSIDE, guarded, THEIRS, OURS, rule) is expected


def test_functions_that_are_let_in_by_the_group_itself() -> None:
    inline = [{"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "SecurityGroupIds": [of("ours")]}]
    group = resource("AWS::EC2::SecurityGroup", "theirs", source="terraform", SecurityGroupIngress=inline)
    assert fact(connects, INSIDE, database(VPCSecurityGroups=[of("theirs")]), group, OURS) is True
    shared = database(VPCSecurityGroups=[of("ours")])
    assert fact(connects, INSIDE, shared, OURS) is False, "one group for both says nothing of who connects"


def test_what_changes_passwords_is_no_client() -> None:
    guarded = database(VPCSecurityGroups=[of("theirs")])
    rotation = resource("AWS::SecretsManager::RotationSchedule", "rotation", RotationLambdaARN=of("function", "Arn"))
    assert fact(connects, INSIDE, guarded, THEIRS, OURS, ingress(), rotation) is False


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (of("db", "Endpoint.Address"), True),
        (of("db", "address"), True),
        (Ref(("db", "other")), True),
        (of("db", "Ref"), False),
        (of("db", "id"), False),
        ("db.example.com", False),
    ],
)
def test_functions_that_are_told_an_address(value: Value, expected: bool) -> None:
    assert fact(connects, function(HOST=value), database()) is expected


@pytest.mark.parametrize(("limit", "expected"), [(None, False), (-1, False), (0, True), (5, True), (6, False)])
def test_functions_that_run_seldom(limit: int | None, expected: bool) -> None:
    settings = {} if limit is None else {"ReservedConcurrentExecutions": limit}
    made = resource("AWS::Lambda::Function", "function", **settings)
    assert fact("runs_at_most", made, arguments=(5,)) is expected


def secret(**properties: Any) -> Resource:
    return resource(SECRET, "secret", **properties)


def version(text: Value) -> Resource:
    return resource(
        "AWS::SecretsManager::SecretVersion", "version", source="terraform", SecretId=of("secret"), SecretString=text
    )


ATTACHED = resource(
    "AWS::SecretsManager::SecretTargetAttachment",
    "attachment",
    SecretId=of("secret"),
    TargetId=of("db"),
    TargetType=DATABASE,
)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], False),
        ([database()], False),
        ([database(MasterUserPassword=Ref(("secret",), VAULTED))], True),
        ([resource("AWS::RDS::DBProxy", "proxy", Auth=[{"SecretArn": of("secret")}])], True),
        ([ATTACHED], True),
        ([version(Ref(("db", "random_password.db"))), database()], True),
        ([version(GENERATED), database(MasterUserPassword=GENERATED)], True),
        ([version(GENERATED), database()], False),
    ],
)
def test_secrets_of_databases(others: list[Resource], expected: bool) -> None:
    assert fact("of_database", secret(), *others) is expected


def rotation(of_what: str = "secret", **properties: Any) -> Resource:
    return resource("AWS::SecretsManager::RotationSchedule", "rotation", SecretId=of(of_what), **properties)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"AutomaticallyAfterDays": 30}, True),
        ({"AutomaticallyAfterDays": 90}, True),
        ({"AutomaticallyAfterDays": 91}, False),
        ({"ScheduleExpression": "rate(90 days)"}, True),
        ({"ScheduleExpression": "rate(100 days)"}, False),
        ({"ScheduleExpression": "rate(4 hours)"}, True),
        ({"ScheduleExpression": "cron(0 8 1 * ? *)"}, True),
        ({"AutomaticallyAfterDays": Unknown("var.days", is_set=True)}, None),
        ({}, True),
    ],
)
def test_periods(rules: dict[str, Any], expected: bool | None) -> None:
    assert fact("rotated_within", secret(), rotation(RotationRules=rules), arguments=(90,)) is expected


def test_schedules() -> None:
    assert fact("rotated_within", secret(), arguments=(90,)) is False
    by_attachment = rotation("attachment", RotationRules={"AutomaticallyAfterDays": 30})
    assert fact("rotated_within", secret(), ATTACHED, by_attachment, arguments=(90,)) is True
    old = resource(SECRET, "secret", source="terraform", RotationLambdaARN="arn:x")
    assert fact("rotated_within", old, arguments=(90,)) is True


HOSTED = {"HostedRotationLambda": {"RotationType": "MySQLSingleUser"}}


def test_attachments() -> None:
    assert fact("attached", rotation(**HOSTED), secret()) is False
    assert fact("attached", rotation(**HOSTED), secret(), ATTACHED) is True
    assert fact("attached", rotation("attachment", **HOSTED), secret(), ATTACHED) is True
    assert fact("attached", rotation(RotationLambdaARN="arn:x"), secret()) is True, "nobody knows what it opens"
    used = database(MasterUserPassword=Ref(("secret",), VAULTED))
    assert fact("attached", rotation(RotationLambdaARN="arn:x"), secret(), used) is False
    told = secret(GenerateSecretString={"SecretStringTemplate": '{"host": "db", "username": "x"}'})
    assert fact("attached", rotation(**HOSTED), told) is True
    assert fact("attached", rotation("elsewhere", **HOSTED)) is True


@pytest.mark.parametrize(("type", "expected"), [(DATABASE, True), ("AWS::RDS::DBCluster", False), (None, True)])
def test_types_of_attachments(type: str | None, expected: bool) -> None:
    settings = {"TargetType": type} if type else {}
    made = resource(
        "AWS::SecretsManager::SecretTargetAttachment", "a", SecretId=of("secret"), TargetId=of("db"), **settings
    )
    assert fact("attached", made, database(), secret()) is expected
