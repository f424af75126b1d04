"""From a template to findings, by rules of ours: what is found, where, and in which scenarios."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cfn_support import scan, write

from dblint import packs
from dblint.finding import Finding
from dblint.graph import Graph
from dblint.judge import judge
from dblint.settle import Judged, settle

RULES = (
    "database/port_open_to_world",
    "dynamodb/pitr_disabled",
    "rds/no_deletion_protection",
    "rds/single_az",
    "rds/storage_unencrypted",
)
CDK = Path(__file__).parents[2] / "fixtures" / "cdk"


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """Some of our rules; the others have their own tests."""
    folder = tmp_path_factory.mktemp("rules")
    for name in RULES:
        (folder / name).parent.mkdir(exist_ok=True)
        for ending in (".py", ".md"):
            shutil.copy(packs.own() / f"{name}{ending}", folder / f"{name}{ending}")
    return packs.load([folder])


def findings(rules, folder: Path, **wishes) -> list[Finding]:
    roots, problems = scan(folder, **wishes)
    assert not problems
    found = []
    for root in roots:
        judged = []
        for deployment in root.deployments():
            graph = Graph(deployment)
            for resource in deployment.resources:
                judged += [
                    Judged(rule, resource, deployment, tuple(judge(rule, resource, graph)))
                    for rule in rules
                    if any(subject.cloudformation == resource.type for subject in rule.subjects)
                ]
        found += settle(judged, {}, {})
    return [finding for finding in found if finding.outcome == "broken"]


def said(finding: Finding) -> tuple[str, str, str, int]:
    return finding.rule.id, finding.address, finding.place.file, finding.place.line


STEERED = """\
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      StorageEncrypted: true
      DeletionProtection: true
      MultiAZ: !If [IsProd, %s]
"""


def test_a_condition_that_is_right_gives_no_finding(tmp_path, rules):
    write(tmp_path, {"t.yaml": STEERED % "true, false"})
    assert findings(rules, tmp_path) == []


def test_a_condition_that_is_the_wrong_way_round_names_prod(tmp_path, rules):
    write(tmp_path, {"t.yaml": STEERED % "false, true"})
    (finding,) = findings(rules, tmp_path)
    assert said(finding) == ("rds-single-az", "Db", "t.yaml", 12)
    assert (finding.failing, finding.passing) == (("prod",), ("dev",))
    assert finding.place.column == 29


def test_parameter_files_name_the_scenario(tmp_path, rules):
    files = {f"{env}.json": f'{{"Env": "{env}"}}' for env in ("dev", "prod")}
    write(tmp_path, {"t.yaml": STEERED % "false, true", **files})
    (finding,) = findings(rules, tmp_path, parameter_files=tuple(files))
    assert (finding.failing, finding.passing) == (("prod",), ("dev",))


def test_a_parameter_of_a_file_is_the_place(tmp_path, rules):
    template = """\
        Parameters: {Env: {Type: String}, MultiAZ: {Type: String, Default: true}}
        Resources:
          Db:
            Type: AWS::RDS::DBInstance
            Properties: {MultiAZ: !Ref MultiAZ, StorageEncrypted: true, DeletionProtection: true}
        """
    write(tmp_path, {"t.yaml": template, "prod.json": '{\n"Env": "prod",\n"MultiAZ": "false"}'})
    (finding,) = findings(rules, tmp_path, parameter_files=("prod.json",))
    assert said(finding) == ("rds-single-az", "Db", "prod.json", 3)
    assert {label.location.file for label in finding.labels} == {"prod.json", "t.yaml"}


def test_sam(tmp_path, rules):
    template = """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::SimpleTable
            Properties: {TableName: prod-orders}
          Kept:
            Type: AWS::Serverless::SimpleTable
            Properties: {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}
        """
    write(tmp_path, {"template.yaml": template})
    assert list(map(said, findings(rules, tmp_path))) == [("dynamodb-pitr-disabled", "Orders", "template.yaml", 3)]


def test_a_loop_is_one_finding_with_its_instances(tmp_path, rules):
    template = """\
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Tables:
            - Name
            - [Orders, Items]
            - "Table${Name}":
                Type: AWS::DynamoDB::Table
                Properties: {TableName: !Sub "prod-${Name}"}
        """
    write(tmp_path, {"t.yaml": template})
    (finding,) = findings(rules, tmp_path)
    assert (finding.rule.id, finding.place.file, finding.place.line) == ("dynamodb-pitr-disabled", "t.yaml", 6)
    assert finding.instances == ("TableOrders", "TableItems")


def test_a_nested_stack(tmp_path, rules):
    parent = """\
        Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
        Conditions: {IsProd: !Equals [!Ref Env, prod]}
        Resources:
          Data:
            Type: AWS::CloudFormation::Stack
            Properties:
              TemplateURL: ./data.yaml
              Parameters:
                MultiAZ: !If [IsProd, false, true]
        """
    child = """\
        Parameters: {MultiAZ: {Type: String}}
        Resources:
          Db:
            Type: AWS::RDS::DBInstance
            Properties: {MultiAZ: !Ref MultiAZ, StorageEncrypted: true, DeletionProtection: true}
        """
    write(tmp_path, {"parent.yaml": parent, "data.yaml": child})
    (finding,) = findings(rules, tmp_path)
    assert said(finding) == ("rds-single-az", "Data/Db", "parent.yaml", 9)
    assert finding.root == "parent.yaml"
    assert finding.failing == ("prod",)
    assert "data.yaml" in {label.location.file for label in finding.labels}


def test_an_export_and_its_import(tmp_path, rules):
    network = """\
        Resources:
          Group:
            Type: AWS::EC2::SecurityGroup
            Properties:
              SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 0.0.0.0/0}]
        Outputs: {Group: {Value: !GetAtt Group.GroupId, Export: {Name: databases}}}
        """
    data = """\
        Resources:
          Db:
            Type: AWS::RDS::DBInstance
            Properties:
              Engine: mysql
              DBInstanceIdentifier: dev-db
              PubliclyAccessible: true
              StorageEncrypted: true
              VPCSecurityGroups: [!ImportValue databases]
        """
    write(tmp_path, {"network.yaml": network, "data.yaml": data})
    (finding,) = findings(rules, tmp_path)
    assert said(finding) == ("database-port-open-to-world", "Group", "network.yaml", 5)
    assert finding.root == "network.yaml"


def test_the_app_of_the_cdk(tmp_path, rules):
    shutil.copytree(CDK / "cdk.out", tmp_path / "cdk.out")
    shutil.copy(CDK / "app.js", tmp_path / "app.js")
    lines = (tmp_path / "app.js").read_text().splitlines()
    found = findings(rules, tmp_path)
    assert all("Prod" in finding.root and finding.place.file == "app.js" for finding in found)
    made = {(finding.rule.id, lines[finding.place.line - 1].strip()) for finding in found}
    assert made == {
        (
            "database-port-open-to-world",
            'this.databases = new ec2.SecurityGroup(this, "Databases", { vpc: this.vpc });',
        ),
        ("dynamodb-pitr-disabled", 'new dynamodb.Table(this, "Table", {'),
        ("rds-no-deletion-protection", 'const primary = new rds.DatabaseInstance(this, "Orders", {'),
    }
