"""What is built on CloudFormation: loops, SAM, the Serverless Framework, macros, includes and modules."""

from __future__ import annotations

import pytest
from cfn_support import database, deployments, read, resources, scan, variables, write

from dblint.model import Choice, Unknown

LOOP = """
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Names: {Type: CommaDelimitedList, Default: "one,two"}
  Unknown: {Type: CommaDelimitedList}
Mappings:
  Tables:
    dev: {names: [one]}
    prod: {names: [one, two]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  "Fn::ForEach::Conditions":
    - Where
    - [dev, prod]
    - "Is${Where}": !Equals [!Ref Env, !Ref Where]
Resources:
"""


def loop(collection: str, body: str) -> str:
    return f"{LOOP}  Fn::ForEach::Tables:\n    - Name\n    - {collection}\n    - {body}\n"


TABLE = '{"T${Name}": {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Name}}}'


@pytest.mark.parametrize("collection", ["[one, two]", "!Ref Names", "!Split [',', 'one,two']"])
def test_a_loop_is_written_out(tmp_path, collection):
    found = resources(tmp_path, loop(collection, TABLE))
    assert {name: db.properties["TableName"] for name, db in found.items()} == {"Tone": "one", "Ttwo": "two"}
    assert {db.definition for db in found.values()} == {"t.yaml#T${Name}"}
    assert len({db.location for db in found.values()}) == 1


def test_the_identifier_is_replaced_wherever_it_stands(tmp_path):
    body = """
      "T&{Name}":
        Type: AWS::DynamoDB::Table
        Condition: IsProd
        Properties:
          TableName: !Sub "${Env}-${Name}"
          TableClass: "plain ${Name} &{Name}"
          Tags: [{Key: "${Name}", Value: !Join ["-", [!Ref Name, x]]}]
    """
    found = resources(tmp_path, loop("[a.b]", body))
    assert set(found) == {"Tab"}
    properties = found["Tab"].properties
    assert read(properties["TableName"], Env="dev") == "dev-a.b"
    assert properties["TableClass"] == "plain a.b ab"
    assert properties["Tags"] == {"a.b": "a.b-x"}


def test_loops_in_loops(tmp_path):
    inner = '{"Fn::ForEach::Inner": [Kind, [x, y], {"T${Name}${Kind}": {Type: AWS::DynamoDB::Table}}]}'
    assert set(resources(tmp_path, loop("[a, b]", inner))) == {"Tax", "Tay", "Tbx", "Tby"}


def test_a_loop_over_what_a_decision_steers(tmp_path):
    found = resources(tmp_path, loop("!FindInMap [Tables, !Ref Env, names]", TABLE))
    assert found["Tone"].exists is True
    assert [read(found["Ttwo"].exists, Env=env) for env in ("dev", "prod")] == [False, True]


def test_a_loop_over_what_is_unknown_is_one_that_may_exist(tmp_path):
    found = resources(tmp_path, loop("!Ref Unknown", TABLE))
    assert set(found) == {"T${Name}"}
    assert isinstance(found["T${Name}"].exists, Unknown)
    assert isinstance(found["T${Name}"].properties["TableName"], Unknown)


def test_a_loop_in_conditions(tmp_path):
    found = resources(tmp_path, LOOP + "  T: {Type: AWS::DynamoDB::Table, Condition: Isprod}\n")
    assert [read(found["T"].exists, Env=env) for env in ("dev", "prod")] == [False, True]


@pytest.mark.parametrize(("collection", "known"), [("[a, b]", True), ("!Ref Unknown", False)])
def test_a_loop_in_properties(tmp_path, collection, known):
    written = f"'Fn::ForEach::Values': [Name, {collection}, {{'V${{Name}}': !Ref Name}}]\nEngine: mysql"
    properties = resources(tmp_path, database(written, LOOP.partition("Resources")[0]))["Db"].properties
    assert properties["Engine"] == "mysql"
    assert (properties.get("Va") == "a") is known
    assert (properties.get("MultiAZ") is None) is known
    assert set(properties) == ({"Va", "Vb", "Engine"} if known else {"Engine", "Tags"})


def test_a_loop_that_is_too_long_is_cut_and_said(tmp_path):
    names = ", ".join(f"n{i}" for i in range(1100))
    write(tmp_path, {"t.yaml": loop(f"[{names}]", TABLE)})
    (root,), _ = scan(tmp_path)
    (deployment,) = root.deployments()
    list(root.deployments())
    assert len(deployment.resources) == 1000
    assert "limit" in {note.kind for note in root.notes}


def test_a_loop_that_is_none_is_said(tmp_path):
    write(tmp_path, {"t.yaml": LOOP + "  Db: {Type: AWS::RDS::DBInstance}\n  Fn::ForEach::X: [a]\n"})
    (root,), _ = scan(tmp_path)
    list(root.deployments())
    assert {note.kind for note in root.notes} == {"unresolved"}


SAM = """
Transform: AWS::Serverless-2016-10-31
Globals:
  SimpleTable:
    SSESpecification: {SSEEnabled: true}
  Function:
    VpcConfig: {SecurityGroupIds: [sg-1]}
Resources:
  Plain:
    Type: AWS::Serverless::SimpleTable
  Own:
    Type: AWS::Serverless::SimpleTable
    DeletionPolicy: Retain
    Properties:
      TableName: own
      PrimaryKey: {Name: at, Type: Number}
      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
      SSESpecification: {SSEEnabled: false}
      Tags: {env: prod}
"""


def test_a_table_of_sam(tmp_path):
    """As the translator of SAM (1.112) has it."""
    found = resources(tmp_path, SAM)
    plain, own = found["Plain"], found["Own"]
    assert (plain.type, plain.kind) == ("AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable")
    assert dict(plain.properties) == {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "SSESpecification": {"SSEEnabled": True},
        "BillingMode": "PAY_PER_REQUEST",
    }
    assert dict(own.properties) == {
        "AttributeDefinitions": [{"AttributeName": "at", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "at", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        "SSESpecification": {"SSEEnabled": False},
        "TableName": "own",
        "Tags": {"env": "prod"},
        "DeletionPolicy": "Retain",
    }


def test_a_global_of_sam_is_where_it_stands(tmp_path):
    found = resources(tmp_path, SAM)
    assert found["Plain"].trace(("SSESpecification", "SSEEnabled"), {}).written.line == 5
    assert found["Own"].trace(("SSESpecification", "SSEEnabled"), {}).written.line == 18


FRAMEWORK = """
service: orders
provider: {name: aws, stage: "%s"}
custom:
  days: 3
  class: "db.${self:custom.size}"
  size: t3
  loop: ${self:custom.loop}
resources:
  - ${file(./other.yml)}
  - Resources:
      Db:
        Type: AWS::RDS::DBInstance
        Properties:
          BackupRetentionPeriod: ${self:custom.days}
          DBInstanceClass: ${self:custom.class}
          DBName: ${self:custom.loop}
          Engine: ${opt:engine}
          Port: ${opt:port, ${self:custom.days}}
          KmsKeyId: !Sub "x-${self:service}-${AWS::Region}"
          DBInstanceIdentifier: ${self:service}-db
          AvailabilityZone: ${AWS::Region}
"""


def test_variables_of_the_serverless_framework(tmp_path):
    (deployment,) = deployments(tmp_path, {"serverless.yml": FRAMEWORK % "prod"})
    (db,) = deployment.resources
    assert {name: read(value) for name, value in db.properties.items()} == {
        "BackupRetentionPeriod": "3",
        "DBInstanceClass": "db.t3",
        "DBName": "?",
        "Engine": "?",
        "Port": "?",
        "KmsKeyId": "?",
        "DBInstanceIdentifier": "orders-db",
        "AvailabilityZone": "${AWS::Region}",
    }
    assert "${opt:engine}" in db.properties["Engine"].because
    assert deployment.environment == "prod"


def test_a_stage_that_is_chosen_when_it_is_deployed(tmp_path):
    (deployment,) = deployments(tmp_path, {"serverless.yml": FRAMEWORK % "${opt:stage}"})
    assert deployment.environment is None


@pytest.mark.parametrize(
    ("extra", "kind", "stranger"),
    [
        ("Transform: [Own]\n", "macro", False),
        ("Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}\n", "module", True),
        ("Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}\n", "module", True),
        ("Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n", None, False),
    ],
)
def test_macros_and_includes_are_said(tmp_path, extra, kind, stranger):
    write(tmp_path, {"t.yaml": extra + database("Engine: mysql")})
    (root,), _ = scan(tmp_path)
    (deployment,) = root.deployments()
    list(root.deployments())
    assert {note.kind for note in root.notes} == ({kind} if kind else set())
    assert [each.to for each in deployment.strangers] == ([frozenset({"Db"})] if stranger else [])


@pytest.mark.parametrize("type", ["Own::RDS::Database::MODULE", "!Rain::Module ./db.yml"])
def test_modules_are_said_and_know_what_they_are_given(tmp_path, type):
    module = f"  M:\n    Type: {type}\n    Properties: {{Source: !GetAtt Db.Arn}}\n"
    write(tmp_path, {"t.yaml": database("Engine: mysql") + module})
    (root,), _ = scan(tmp_path)
    (deployment,) = root.deployments()
    list(root.deployments())
    assert [note.kind for note in root.notes] == ["module"]
    assert [(each.address, each.to) for each in deployment.strangers] == [("M", frozenset({"Db"}))]


def test_a_module_of_rain_that_makes_no_database_is_passed_over(tmp_path):
    module = "  M:\n    Type: !Rain::Module ./bucket.yml\n    Properties: {Source: !GetAtt Db.Arn}\n"
    bucket = "Resources: {B: {Type: AWS::S3::Bucket}}"
    (deployment,) = deployments(tmp_path, {"t.yaml": database("Engine: mysql") + module, "bucket.yml": bucket})
    assert deployment.strangers == ()


def test_a_module_without_a_database_beside_it_is_said(tmp_path):
    write(tmp_path, {"t.yaml": "Resources: {M: {Type: Own::RDS::Database::MODULE}}"})
    from dblint.sources.base import Wishes
    from dblint.sources.cloudformation.source import CloudFormation
    from dblint.sources.files import Files

    files = Files(tmp_path)
    files.add(tmp_path)
    assert CloudFormation().roots(files, Wishes(), []) == []
    assert [(note.path, note.kind) for note in files.notes] == [("t.yaml", "module")]


@pytest.mark.parametrize(
    ("written", "engine", "other"),
    [
        ("Fn::Transform: {Name: AWS::Include}\nEngine: mysql", "mysql", "?"),
        ("Fn::Transform: {Name: Own}", "?", "?"),
        ("Engine: mysql", "mysql", None),
    ],
)
def test_what_is_missing_beside_an_include_is_unknown(tmp_path, written, engine, other):
    properties = resources(tmp_path, database(written))["Db"].properties
    assert (read(properties.get("Engine")), read(properties.get("MultiAZ"))) == (engine, other)
    nested = resources(tmp_path, database("Value:\n" + "".join(f"  {line}\n" for line in written.splitlines())))
    inner = nested["Db"].properties["Value"]
    if isinstance(inner, dict):
        assert (read(inner.get("Engine")), read(inner.get("MultiAZ"))) == (engine, other)
    else:
        assert isinstance(inner, Unknown)


TAGS = """
    Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}, Open: {Type: String}}
    Conditions: {IsProd: !Equals [!Ref Env, prod]}
    """


@pytest.mark.parametrize(
    ("written", "dev", "prod"),
    [
        ("[{Key: a, Value: 1}, {Key: b, Value: !Ref Env}]", {"a": 1, "b": "dev"}, {"a": 1, "b": "prod"}),
        ("{a: 1, b: !Ref Env}", {"a": 1, "b": "dev"}, {"a": 1, "b": "prod"}),
        ("[!If [IsProd, {Key: a, Value: 1}, !Ref AWS::NoValue]]", {}, {"a": 1}),
        ("[!If [IsProd, {Key: a, Value: 1}, {Key: b, Value: 2}]]", {"b": 2}, {"a": 1}),
        ("!If [IsProd, [{Key: a, Value: 1}], !Ref AWS::NoValue]", None, {"a": 1}),
        ("[{Key: !Ref Env, Value: 1}]", {"dev": 1}, {"prod": 1}),
        ("[{Key: a, Value: 1}, {Key: a, Value: 2}]", {"a": 2}, {"a": 2}),
        ("[{Key: a, Value: 1}, !If [IsProd, {Key: a, Value: 2}, !Ref AWS::NoValue]]", {"a": 1}, {"a": 2}),
        ("!Ref Open", "?", "?"),
    ],
)
def test_tags_are_a_mapping(tmp_path, written, dev, prod):
    tags = resources(tmp_path, database(f"Tags: {written}", TAGS))["Db"].properties.get("Tags")
    assert read(tags, Env="dev") == dev
    assert read(tags, Env="prod") == prod


@pytest.mark.parametrize("written", ["[!Ref Open]", "[{Key: !Ref Open, Value: 1}]", "{'Fn::Transform': x, a: 1}"])
def test_tags_that_may_be_more(tmp_path, written):
    tags = resources(tmp_path, database(f"Tags: {written}", TAGS))["Db"].properties["Tags"]
    assert isinstance(tags.get("env"), Unknown)


def test_policies_may_be_steered(tmp_path):
    template = database("Engine: mysql", TAGS) + "    DeletionPolicy: !If [IsProd, Retain, Delete]\n"
    policy = resources(tmp_path, template)["Db"].properties["DeletionPolicy"]
    assert isinstance(policy, Choice)
    assert variables(policy) == {"Env"}


def test_properties_that_are_steered_as_a_whole(tmp_path):
    template = """
        Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
        Conditions: {IsProd: !Equals [!Ref Env, prod]}
        Resources:
          Db:
            Type: AWS::RDS::DBInstance
            Properties: !If [IsProd, {MultiAZ: true}, {Engine: mysql}]
        """
    properties = resources(tmp_path, template)["Db"].properties
    assert [read(properties["MultiAZ"], Env=env) for env in ("dev", "prod")] == [None, True]
    assert set(properties) == {"MultiAZ", "Engine"}
