"""Where values are written and where they come from: the deciding place first, then the way."""

from __future__ import annotations

import pytest
from cfn_support import resources

from dblint.choice import only
from dblint.model import Location, Resource, Trace

TEMPLATE = """\
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Days:
    Type: Number
    Default: 3
  Open: {Type: String}
  Zones: {Type: CommaDelimitedList, Default: "a,b"}
Mappings:
  Size:
    dev: {keep: 1}
    prod: {keep: 14}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Key: {Type: AWS::KMS::Key}
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Retain
    Properties:
      Engine: mysql
      MultiAZ: !If [IsProd, false, !Ref Open]
      Port: !If [IsProd, 1, !Ref AWS::NoValue]
      BackupRetentionPeriod: !Ref Days
      StorageEncrypted: !FindInMap [Size, !Ref Env, keep]
      KmsKeyId: !GetAtt Key.Arn
      DBName: !Sub "db-${Open}"
      EngineVersion: !Ref Env
      AvailabilityZone: !Select [1, !Ref Zones]
      DBInstanceClass:
        Fn::If:
          - IsProd
          - !Ref Open
          - small
      ProcessorFeatures:
        - Name: coreCount
          Value: !Ref Days
        - !If [IsProd, {Name: x, Value: 1}, {Name: x, Value: !Ref Days}]
      MasterUserSecret: !If
        - IsProd
        - KmsKeyId: one
        - KmsKeyId: two
      Tags:
        - {Key: env, Value: !Ref Env}
"""


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> Resource:
    return resources(tmp_path_factory.mktemp("traced"), {"t.yaml": TEMPLATE})["Db"]


def cut(location: Location | None) -> str | None:
    """What stands at a place of the template."""
    if location is None:
        return None
    lines = TEMPLATE.splitlines()[location.line - 1 : location.end_line]
    lines[-1] = lines[-1][: location.end_column - 1]
    lines[0] = lines[0][location.column - 1 :]
    return "\n".join(lines)


def traced(db: Resource, *path: str | int, **assumed: str) -> Trace:
    variable = db.properties["EngineVersion"].variable
    return db.trace(path, {variable: only(assumed["env"])} if assumed else {})


@pytest.mark.parametrize(
    ("path", "env", "written", "origins"),
    [
        (("Engine",), "dev", "Engine: mysql", []),
        (("Missing",), "dev", None, []),
        (("DeletionPolicy",), "dev", "DeletionPolicy: Retain", []),
        (("UpdateReplacePolicy",), "dev", None, []),
        (
            ("MultiAZ",),
            "prod",
            "MultiAZ: !If [IsProd, false, !Ref Open]",
            [("false", "where IsProd is true"), ("IsProd: !Equals [!Ref Env, prod]", "condition IsProd")],
        ),
        (
            ("MultiAZ",),
            "dev",
            "MultiAZ: !If [IsProd, false, !Ref Open]",
            [
                ("Open", "parameter Open"),
                ("!Ref Open", "where IsProd is false"),
                ("IsProd: !Equals [!Ref Env, prod]", "condition IsProd"),
            ],
        ),
        (
            ("Port",),
            "dev",
            "Port: !If [IsProd, 1, !Ref AWS::NoValue]",
            [
                ("!Ref AWS::NoValue", "where IsProd is false"),
                ("IsProd: !Equals [!Ref Env, prod]", "condition IsProd"),
            ],
        ),
        (
            ("BackupRetentionPeriod",),
            "dev",
            "BackupRetentionPeriod: !Ref Days",
            [("Default: 3", "default of parameter Days")],
        ),
        (
            ("StorageEncrypted",),
            "prod",
            "StorageEncrypted: !FindInMap [Size, !Ref Env, keep]",
            [("keep: 14", "mapping Size, prod")],
        ),
        (("KmsKeyId",), "dev", "KmsKeyId: !GetAtt Key.Arn", [("Key", "resource Key")]),
        (("DBName",), "dev", 'DBName: !Sub "db-${Open}"', [("Open", "parameter Open")]),
        (("EngineVersion",), "dev", "EngineVersion: !Ref Env", [("Default: dev", "default of parameter Env")]),
        (("EngineVersion",), "prod", "EngineVersion: !Ref Env", [("prod", "parameter Env is prod")]),
        (
            ("AvailabilityZone",),
            "dev",
            "AvailabilityZone: !Select [1, !Ref Zones]",
            [('Default: "a,b"', "default of parameter Zones")],
        ),
        (("ProcessorFeatures", 0), "dev", "Name: coreCount\n          Value: !Ref Days", []),
        (
            ("ProcessorFeatures", 1),
            "prod",
            "!If [IsProd, {Name: x, Value: 1}, {Name: x, Value: !Ref Days}]",
            [
                ("{Name: x, Value: 1}", "where IsProd is true"),
                ("IsProd: !Equals [!Ref Env, prod]", "condition IsProd"),
            ],
        ),
        (
            ("ProcessorFeatures", 0, "Value"),
            "dev",
            "Value: !Ref Days",
            [("Default: 3", "default of parameter Days")],
        ),
        (
            ("ProcessorFeatures", 1, "Value"),
            "prod",
            "Value: 1",
            [
                ("{Name: x, Value: 1}", "where IsProd is true"),
                ("IsProd: !Equals [!Ref Env, prod]", "condition IsProd"),
            ],
        ),
        (
            ("MasterUserSecret", "KmsKeyId"),
            "prod",
            "KmsKeyId: one",
            [
                ("KmsKeyId: one", "where IsProd is true"),
                ("IsProd: !Equals [!Ref Env, prod]", "condition IsProd"),
            ],
        ),
        (("Tags", "env"), "prod", "Value: !Ref Env", [("prod", "parameter Env is prod")]),
        (("Engine", "x"), "prod", "Engine: mysql", []),
        (("ProcessorFeatures", 9), "prod", None, []),
        ((), "prod", None, []),
    ],
)
def test_a_value_comes_from(db, path, env, written, origins):
    trace = traced(db, *path, env=env)
    if path == ("ProcessorFeatures", 9):
        assert trace.origins == ()
        return
    assert cut(trace.written) == written
    assert [(cut(origin.location), origin.text) for origin in trace.origins] == origins


def test_without_assumptions_the_first_alternative_is_followed(db):
    assert traced(db, "MultiAZ").origins[0].text == "parameter Open"


def test_a_mapping_over_several_lines_ends_with_its_last_value(db):
    assert cut(traced(db, "DBInstanceClass", env="dev").written).endswith("- small")


def test_an_item_whose_brace_stands_alone_begins_with_its_first_key(tmp_path):
    """As JSON is written that tools write."""
    template = """{
    "Resources": {
      "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
          "SecurityGroupIngress": [
            {
              "CidrIp": "0.0.0.0/0",
              "ToPort": 3306
            }, {"CidrIp": "10.0.0.0/8"}
          ]
        }
      }, "Db": {"Type": "AWS::RDS::DBInstance"}
    }}"""
    group = resources(tmp_path, {"t.json": template})["Group"]
    places = [group.trace(("SecurityGroupIngress", number), {}).written for number in (0, 1)]
    assert [(place.line, place.column, place.end_line) for place in places if place] == [(8, 15, 10), (10, 16, 10)]
