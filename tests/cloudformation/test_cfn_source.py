"""From files to deployments: what becomes a resource, and what its values are."""

from __future__ import annotations

from cfn_support import database, read, resources, scan, write


def test_a_database_becomes_a_resource(tmp_path):
    found = resources(tmp_path, database("MultiAZ: true\nTags: [{Key: env, Value: prod}]"))
    db = found["Db"]
    assert (db.type, db.kind, db.source) == ("AWS::RDS::DBInstance", "AWS::RDS::DBInstance", "cloudformation")
    assert db.definition == "t.yaml#Db"
    assert (db.location.line, db.location.column, db.location.end_column) == (3, 3, 5)
    assert dict(db.properties) == {"MultiAZ": True, "Tags": {"env": "prod"}}
    assert db.exists is True


def test_a_condition_steers_the_value(tmp_path):
    before = """
        Parameters:
          Env: {Type: String, AllowedValues: [dev, prod]}
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
        """
    found = resources(tmp_path, database("MultiAZ: !If [IsProd, true, false]", before))
    multi_az = found["Db"].properties["MultiAZ"]
    assert [read(multi_az, Env=env) for env in ("dev", "prod")] == [False, True]
    assert multi_az.variable.names_environment
    assert multi_az.variable.real


def test_only_templates_with_a_database_are_roots(tmp_path):
    write(
        tmp_path, {"bucket.yaml": "Resources: {B: {Type: AWS::S3::Bucket}}", "note.yaml": "text: AWS::RDS::DBInstance"}
    )
    assert scan(tmp_path) == ([], [])
