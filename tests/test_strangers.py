"""Code as teams write it that have never seen dblint, and what a scan must say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli_support import Call, write

Told = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def told(dblint: Call, tmp_path: Path) -> Told:
    """The findings of one rule in these files, as the JSON report has them."""

    def scan(files: dict[str, str], rule: str, *more: str) -> list[dict[str, Any]]:
        write(tmp_path, {**files, ".git/HEAD": ""})
        ended = dblint("scan", ".", "--select", rule, "-f", "json", "--no-cache", *more)
        assert ended.code in (0, 1), ended.err
        found: list[dict[str, Any]] = json.loads(ended.out)["findings"]
        return found

    return scan


def lines(finding: dict[str, Any]) -> list[tuple[str, int]]:
    """Where the labels of a finding stand."""
    return [(label["path"], label["start"]["line"]) for label in finding["labels"]]


DATABASE = """\
resource "aws_db_instance" "db" {
  engine                 = "postgres"
  engine_version         = "16.8"
  instance_class         = "db.m7g.large"
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_security_group" "db" {}
"""
RULE = """\
resource "aws_security_group_rule" "db" {
  type              = "ingress"
  protocol          = "tcp"
  from_port         = aws_db_instance.db.port
  to_port           = aws_db_instance.db.port
  cidr_blocks       = ["0.0.0.0/0"]
  security_group_id = aws_security_group.db.id
}
"""


@pytest.mark.parametrize(
    ("of", "number"),
    [("aws_db_instance.db.port", 1), ("aws_elasticache_replication_group.other.port", 0)],
)
def test_the_port_of_a_database_is_its_port(told: Told, of: str, number: int) -> None:
    text = DATABASE + RULE.replace("aws_db_instance.db.port", of)
    assert len(told({"main.tf": text}, "database-port-open-to-world")) == number


def test_the_port_of_a_database_in_a_template_of_the_cdk(told: Told) -> None:
    port = {"Fn::GetAtt": ["Db", "Endpoint.Port"]}
    rule = {"GroupId": {"Fn::GetAtt": ["Group", "GroupId"]}, "IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    database = {"Engine": "mysql", "VPCSecurityGroups": [{"Fn::GetAtt": ["Group", "GroupId"]}]}
    resources = {
        "Db": {"Type": "AWS::RDS::DBInstance", "Properties": {**database, "DBInstanceClass": "db.m7g.large"}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "of the database"}},
        "Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {**rule, "CidrIp": "0.0.0.0/0"}},
    }
    assert told({"t.template.json": json.dumps({"Resources": resources})}, "database-port-open-to-world")


def test_what_a_call_lets_in_is_shown_in_the_call(told: Told) -> None:
    module = DATABASE + RULE.replace('["0.0.0.0/0"]', "[var.cidrs[0]]") + 'variable "cidrs" {}\n'
    call = 'module "db" {\n  source = "../modules/db"\n  cidrs  = ["0.0.0.0/0"]\n}\n'
    files = {"modules/db/main.tf": module, "dev/main.tf": call}
    [finding] = told(files, "database-port-open-to-world")
    assert ("dev/main.tf", 3) in lines(finding)
    assert ("modules/db/main.tf", 13) in lines(finding)


PARAMETERS = """\
resource "aws_db_instance" "db" {
  engine               = "postgres"
  engine_version       = "16.8"
  instance_class       = "db.m7g.large"
  parameter_group_name = aws_db_parameter_group.db.name
}
resource "aws_db_parameter_group" "db" {
  family = "postgres16"
  parameter {
    name  = "log_statement"
    value = "ddl"
  }
%s
}
"""
STATIC = '  parameter {\n    name  = "rds.force_ssl"\n    value = 0\n  }'
DYNAMIC = """\
  dynamic "parameter" {
    for_each = var.parameters
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}
variable "parameters" {
  default = {
    "rds.force_ssl" = "0"
  }"""


@pytest.mark.parametrize(("parameters", "places"), [(STATIC, [15]), (DYNAMIC, [17, 23])])
def test_a_parameter_is_shown_where_its_value_is(told: Told, parameters: str, places: list[int]) -> None:
    [finding] = told({"main.tf": PARAMETERS % parameters}, "rds-tls-not-enforced")
    assert {("main.tf", line) for line in places} <= set(lines(finding))


def test_a_later_parameter_of_the_same_name_is_the_one_that_holds(told: Told) -> None:
    twice = STATIC.replace("0", "1") + "\n" + STATIC
    [finding] = told({"main.tf": PARAMETERS % twice}, "rds-tls-not-enforced")
    assert ("main.tf", 19) in lines(finding)


FUNCTION = """\
variable "db_password" {}
resource "aws_db_instance" "db" {
  engine         = "postgres"
  instance_class = "db.m7g.large"
  password       = var.db_password
}
resource "aws_lambda_function" "f" {
  environment {
    variables = {
      DATABASE_URL = "%s"
    }
  }
}
"""


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("postgres://app:${var.db_password}@${aws_db_instance.db.endpoint}/app", True),
        ("postgresql+psycopg2://app:hunter2@db.example.com/app", True),
        ("redis://:hunter2@cache.example.com:6379", True),
        ("jdbc:mysql://db.example.com/app?user=app&password=hunter2", True),
        ("postgres://${aws_db_instance.db.endpoint}/app", False),
        ("postgres://app@db.example.com:5432/app", False),
        ("postgres://app:$${DB_PASSWORD}@${aws_db_instance.db.endpoint}/app", False),
        ("postgres://app:<password>@db.example.com/app", False),
        ("https://app:hunter2@example.com/", False),
    ],
)
def test_an_address_with_a_password_in_it_is_a_password(told: Told, address: str, holds: bool) -> None:
    assert bool(told({"main.tf": FUNCTION % address}, "secret-in-lambda-environment")) is holds


CONTAINERS = """\
resource "aws_ecs_task_definition" "app" {
  container_definitions = jsonencode([{
    name        = "app"
    environment = [
      { name = "DB_HOST", value = aws_db_instance.db.address },
      { name = "%s", value = %s },
    ]
  }])
}
variable "db_password" {}
resource "aws_db_instance" "db" {
  engine         = "postgres"
  instance_class = "db.m7g.large"
  password       = var.db_password
}
"""


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("DB_PASSWORD", '"hunter2"', True),
        ("DB_PASSWORD", "var.db_password", True),
        ("SOMETHING", "var.db_password", True),
        ("LOG_LEVEL", '"info"', False),
        ("DB_PASSWORD_ARN", "aws_db_instance.db.master_user_secret[0].secret_arn", False),
    ],
)
def test_a_document_of_which_only_a_part_is_known(told: Told, name: str, value: str, holds: bool) -> None:
    found = told({"main.tf": CONTAINERS % (name, value)}, "secret-in-lambda-environment")
    assert bool(found) is holds
    assert not found or lines(found[0])[0] == ("main.tf", 2)


NETWORK = """\
Resources:
  VPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VPC, AvailabilityZone: !Select [0, !GetAZs ""]}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref VPC, AvailabilityZone: !Select [%s, !GetAZs ""]}}
Outputs:
  Subnets: {Value: !Join [",", [!Ref A, !Ref B]], Export: {Name: subnets}}
"""
STACKS = """\
Resources:
  Network: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: network.yaml}}
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: data.yaml
      Parameters:
        Subnets: !GetAtt Network.Outputs.Subnets
"""
DATA = """\
Parameters:
  Subnets: {Type: %s}
Resources:
  Group: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: x, SubnetIds: %s}}
  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBSubnetGroupName: !Ref Group}}
"""


@pytest.mark.parametrize(
    ("type", "subnets"),
    [
        ("List<AWS::EC2::Subnet::Id>", "!Ref Subnets"),
        ("CommaDelimitedList", "[!Select [0, !Ref Subnets], !Select [1, !Ref Subnets]]"),
        ("String", '!Split [",", !Ref Subnets]'),
        ("String", '!Split [",", !ImportValue subnets]'),
    ],
)
@pytest.mark.parametrize(("zone", "number"), [("0", 1), ("1", 0)])
def test_a_list_is_handed_on_as_a_text_with_commas(told: Told, type: str, subnets: str, zone: str, number: int) -> None:
    files = {"network.yaml": NETWORK % zone, "data.yaml": DATA % (type, subnets), "all.yaml": STACKS}
    found = told(files, "database-subnets-in-one-az")
    assert len(found) == number
    assert subnets != "!Ref Subnets" or all(("all.yaml", 8) in lines(finding) for finding in found)


def test_nested_stacks_that_lie_elsewhere_are_said(dblint: Call, tmp_path: Path) -> None:
    elsewhere = STACKS.replace("data.yaml", "https://s3.amazonaws.com/bucket/data.yaml")
    write(tmp_path, {"network.yaml": NETWORK % "0", "all.yaml": elsewhere, ".git/HEAD": ""})
    ended = dblint("scan", ".", "--show-coverage")
    assert ended.code == 0
    assert "all.yaml:3: nested stack Data: its template is not a file of the project" in ended.out
    assert "nested stack Network" not in ended.out


PROXY = """\
resource "aws_secretsmanager_secret" "one" {}
resource "aws_secretsmanager_secret" "two" {}
resource "aws_db_proxy" "proxy" {
  engine_family = "MYSQL"
  dynamic "auth" {
    for_each = toset(%s)
    content {
      iam_auth   = "DISABLED"
      secret_arn = auth.value
    }
  }
}
"""


@pytest.mark.parametrize(
    ("secrets", "number"),
    [
        ("[aws_secretsmanager_secret.one.arn]", 1),
        ("[aws_secretsmanager_secret.one.arn, aws_secretsmanager_secret.two.arn]", 1),
        ('["arn:aws:x", aws_secretsmanager_secret.two.arn]', 1),
        ("aws_secretsmanager_secret.one.replica[*].kms_key_id", 0),
        ("[]", 0),
    ],
)
def test_blocks_for_a_set_of_which_the_elements_are_not_known(told: Told, secrets: str, number: int) -> None:
    assert len(told({"main.tf": PROXY % secrets}, "proxy-iam-not-required")) == number


@pytest.mark.parametrize(
    ("ranges", "number"),
    [('["0.0.0.0/1", "128.0.0.0/1"]', 1), ('["0.0.0.0/0"]', 1), ('["10.0.0.0/8", "192.0.2.0/24"]', 0)],
)
def test_the_world_in_two_halves(told: Told, ranges: str, number: int) -> None:
    text = DATABASE + RULE.replace('["0.0.0.0/0"]', ranges)
    assert len(told({"main.tf": text}, "database-port-open-to-world")) == number


SUBNETS = """\
variable "number" {}
data "aws_availability_zones" "all" {}
resource "aws_subnet" "db" {
  count             = %s
  vpc_id            = "vpc-1"
  availability_zone = data.aws_availability_zones.all.names[count.index]
}
resource "aws_db_subnet_group" "db" {
  subnet_ids = aws_subnet.db[*].id
}
resource "aws_db_instance" "db" {
  engine               = "mysql"
  db_subnet_group_name = aws_db_subnet_group.db.name
}
"""


@pytest.mark.parametrize(("count", "number"), [("var.number", 0), ("1", 1), ("2", 0)])
def test_nobody_knows_that_there_is_one_subnet_only(told: Told, count: str, number: int) -> None:
    assert len(told({"main.tf": SUBNETS % count}, "database-subnets-in-one-az")) == number


TRUTH = """\
variable "is_production" {
  type = bool
%s}
resource "aws_db_instance" "db" {
  engine         = "postgres"
  instance_class = "db.m7g.large"
  multi_az       = %s
}
"""


@pytest.mark.parametrize(
    ("default", "multi_az", "files", "failing"),
    [
        ("", "var.is_production", {}, []),
        ("", "!var.is_production", {}, [["is_production=true"]]),
        ("", "false", {}, [["is_production=true"]]),
        ("  default = false\n", "false", {}, []),
        ("  default = true\n", "false", {}, [["default"]]),
        ("", "false", {"eu1.tfvars": "is_production = true\n", "eu2.tfvars": "is_production = false\n"}, [["eu1"]]),
    ],
)
def test_a_truth_may_say_that_it_is_production(
    told: Told, default: str, multi_az: str, files: dict[str, str], failing: list[list[str]]
) -> None:
    found = told({"main.tf": TRUTH % (default, multi_az), **files}, "rds-single-az")
    assert [finding["scenarios"]["fail"] for finding in found] == failing
    assert all(finding["confidence"] == "high" for finding in found)


TRUTH_OF_A_TEMPLATE = """\
Parameters:
  IsProd: {Type: String, AllowedValues: ["true", "false"], Default: "false"}
Conditions:
  IsProd: !Equals [!Ref IsProd, "true"]
Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, MultiAZ: !If [IsProd, %s]}}
"""


@pytest.mark.parametrize(
    ("multi_az", "failing"),
    [("true, false", []), ("false, true", [["IsProd=true"]]), ("false, false", [["IsProd=true"]])],
)
def test_a_parameter_may_say_that_it_is_production(told: Told, multi_az: str, failing: list[list[str]]) -> None:
    found = told({"t.yaml": TRUTH_OF_A_TEMPLATE % multi_az}, "rds-single-az")
    assert [finding["scenarios"]["fail"] for finding in found] == failing


DERIVED = """\
variable "environment" { type = string }
resource "aws_db_instance" "db" {
  engine         = "postgres"
  instance_class = "db.m7g.large"
  multi_az       = %s
}
"""


@pytest.mark.parametrize(
    ("multi_az", "failing"),
    [
        ('lower(var.environment) == "prod"', []),
        ('lower(var.environment) != "prod"', [["prod"]]),
        ('startswith(var.environment, "prod")', []),
        ('split("-", var.environment)[0] == "prod"', []),
        ('split("-", lower(var.environment))[0] == "prod" ? false : true', [["prod"]]),
        ('substr(var.environment, 0, 1) == "p"', []),
        ('length(regexall("prod", var.environment)) > 0', []),
        ('title(var.environment) == "Dev"', [["prod"]]),
    ],
)
def test_what_is_made_of_the_environment_goes_with_it(told: Told, multi_az: str, failing: list[list[str]]) -> None:
    other = 'output "it" { value = var.environment == "prod" }\n'
    found = told({"main.tf": DERIVED % multi_az + other}, "rds-single-az")
    assert [finding["scenarios"]["fail"] for finding in found] == failing


CALLED = """\
variable "stage" {}
resource "aws_db_instance" "db" {
  engine         = "postgres"
  instance_class = "db.m7g.large"
  multi_az       = var.stage == "prod"
}
"""
CALLING = """\
variable "env" {
  type = string
%s}
module "db" {
  source = "./db"
  stage  = var.env
}
"""
LISTED = """\
  validation {
    condition     = can(regex("^(dev|prod)$", var.env))
    error_message = "dev or prod"
  }
"""


@pytest.mark.parametrize("validation", ["", LISTED])
@pytest.mark.parametrize(("stage", "failing"), [('== "prod"', []), ('!= "prod"', [["prod"]])])
def test_environments_that_only_a_module_speaks_of(
    told: Told, validation: str, stage: str, failing: list[list[str]]
) -> None:
    files = {"db/db.tf": CALLED.replace('== "prod"', stage), "main.tf": CALLING % validation}
    found = told(files, "rds-single-az")
    assert [finding["scenarios"]["fail"] for finding in found] == failing
    assert not found or not validation or found[0]["scenarios"]["pass"] == ["dev"]


NESTED = """\
Parameters:
  MultiAZ: {Type: String, AllowedValues: ["true", "false"], Default: "%s"}
Conditions:
  MultiAZ: !Equals [!Ref MultiAZ, "true"]
Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, MultiAZ: !If [MultiAZ, true, false]}}
"""


@pytest.mark.parametrize(("default", "failing"), [("true", []), ("false", [["default"]])])
def test_nobody_chooses_what_a_nested_stack_is_not_given(told: Told, default: str, failing: list[list[str]]) -> None:
    above = "Resources: {Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: data.yaml}}}\n"
    found = told({"data.yaml": NESTED % default, "all.yaml": above}, "rds-single-az")
    assert [finding["scenarios"]["fail"] for finding in found] == failing


MEMBERS = """\
Resources:
  Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql}}
  One:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: !Select [0, !GetAZs ""]}
  Two:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: !Select [%s, !GetAZs ""]}
"""


@pytest.mark.parametrize(("zone", "said"), [("0", "Found 1 problem"), ("1", "Found no problems")])
def test_no_zone_is_listed_twice(dblint: Call, tmp_path: Path, zone: str, said: str) -> None:
    write(tmp_path, {"t.yaml": MEMBERS % zone, ".git/HEAD": ""})
    ended = dblint("scan", ".", "--select", "aurora-members-in-one-az", "--show-coverage")
    assert said in ended.out
    assert "Undetermined" not in ended.out


@pytest.mark.parametrize(("written", "confidence"), [("", "medium"), (", PubliclyAccessible: true", "high")])
def test_what_the_default_vpc_is_like_is_presumed(told: Told, written: str, confidence: str) -> None:
    template = f"Resources: {{Db: {{Type: AWS::RDS::DBInstance, Properties: {{Engine: mysql{written}}}}}}}\n"
    [finding] = told({"t.yaml": template}, "rds-publicly-accessible")
    assert finding["confidence"] == confidence
    assert any("default VPC" in text for text in finding["evidence"]) is (confidence == "medium")


SERVERLESS = """\
service: orders
provider: {name: aws, stage: "%s"}
custom: {days: {dev: 1, prod: 7}}
resources:
  Conditions:
    IsProd: !Equals ["${self:provider.stage}", prod]
  Resources:
    Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, MultiAZ: !If [IsProd, %s]}}
"""


@pytest.mark.parametrize(
    "stage", ["${opt:stage, 'dev'}", "${opt:stage}", "${sls:stage}", "${opt:stage, self:custom.x}"]
)
@pytest.mark.parametrize(("multi_az", "failing"), [("true, false", []), ("false, true", [["prod"]])])
def test_the_stage_of_the_serverless_framework_is_chosen(
    told: Told, stage: str, multi_az: str, failing: list[list[str]]
) -> None:
    found = told({"serverless.yml": SERVERLESS % (stage, multi_az)}, "rds-single-az")
    assert [finding["scenarios"]["fail"] for finding in found] == failing
