"""Makes repositories of any size to measure on: equal numbers give equal files.

`monorepo` has N Terraform roots in the shares that real ones have: instances and Aurora clusters behind a shared
module, caches, tables, and a fifth without any database. `templates` has N CloudFormation templates of the same kinds.
`without` has N files that no database stands in.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

MODULE = {
    "modules/postgres/main.tf": """\
resource "aws_db_instance" "this" {
  identifier              = var.name
  engine                  = "postgres"
  engine_version          = "16.4"
  instance_class          = var.instance_class
  allocated_storage       = var.storage
  storage_encrypted       = true
  multi_az                = var.environment == "prod"
  backup_retention_period = var.environment == "prod" ? 14 : 1
  deletion_protection     = var.environment == "prod"
  db_subnet_group_name    = var.subnet_group
  vpc_security_group_ids  = var.security_groups
  skip_final_snapshot     = false
  username                = "app"

  manage_master_user_password = true

  tags = merge(var.tags, { module = "postgres" })
}
""",
    "modules/postgres/variables.tf": """\
variable "name" { type = string }
variable "environment" { type = string }
variable "subnet_group" { type = string }
variable "security_groups" { type = list(string) }
variable "instance_class" {
  type    = string
  default = "db.m7g.large"
}
variable "storage" {
  type    = number
  default = 100
}
variable "tags" {
  type    = map(string)
  default = {}
}
""",
    "modules/postgres/outputs.tf": 'output "address" { value = aws_db_instance.this.address }\n',
}

COMMON = """\
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.60" }
  }
}

provider "aws" {
  region = "eu-west-1"
  default_tags { tags = { team = "team-%(team)d", environment = var.environment } }
}

locals {
  name = "svc-%(number)d-${var.environment}"
}

resource "aws_security_group" "database" {
  name   = "${local.name}-database"
  vpc_id = var.vpc_id

  ingress {
    from_port   = %(port)d
    to_port     = %(port)d
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
"""

VARIABLES = """\
variable "environment" {
  type = string
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "dev or prod"
  }
}

variable "vpc_id" { type = string }
variable "subnet_ids" { type = list(string) }
variable "tables" {
  type    = map(object({ key = string, pitr = optional(bool, false) }))
  default = {}
}
"""

POSTGRES = """\
resource "aws_db_subnet_group" "this" {
  name       = local.name
  subnet_ids = var.subnet_ids
}

module "database" {
  source          = "../../../modules/postgres"
  name            = local.name
  environment     = var.environment
  subnet_group    = aws_db_subnet_group.this.name
  security_groups = [aws_security_group.database.id]
  tags            = { service = "svc-%(number)d" }
}
"""

AURORA = """\
resource "aws_rds_cluster" "this" {
  cluster_identifier      = local.name
  engine                  = "aurora-postgresql"
  engine_version          = "15.4"
  database_name           = "app"
  master_username         = "app"
  backup_retention_period = 7
  storage_encrypted       = %(encrypted)s
  vpc_security_group_ids  = [aws_security_group.database.id]
  deletion_protection     = true

  manage_master_user_password = true
}

resource "aws_rds_cluster_instance" "this" {
  count              = var.environment == "prod" ? 2 : 1
  identifier         = "${local.name}-${count.index}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = "db.r6g.large"
}
"""

CACHE = """\
resource "aws_elasticache_subnet_group" "this" {
  name       = local.name
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = local.name
  description                = "cache of svc-%(number)d"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.r7g.large"
  num_cache_clusters         = var.environment == "prod" ? 2 : 1
  automatic_failover_enabled = var.environment == "prod"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = %(encrypted)s
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.database.id]
}
"""

TABLES = """\
resource "aws_dynamodb_table" "this" {
  for_each     = var.tables
  name         = "${local.name}-${each.key}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = each.value.key

  attribute {
    name = each.value.key
    type = "S"
  }

  point_in_time_recovery {
    enabled = each.value.pitr
  }
}
"""

NOTHING = """\
resource "aws_s3_bucket" "this" {
  bucket = "${local.name}-artefacts"
}

resource "aws_lambda_function" "this" {
  function_name = local.name
  role          = "arn:aws:iam::123456789012:role/lambda"
  handler       = "main.handler"
  runtime       = "python3.12"
  filename      = "function.zip"
  environment { variables = { BUCKET = aws_s3_bucket.this.id } }
}
"""

KINDS = (POSTGRES, AURORA, CACHE, TABLES, NOTHING)

VALUES = """\
environment = "%(environment)s"
vpc_id      = "vpc-0%(number)07d"
subnet_ids  = ["subnet-a%(number)d", "subnet-b%(number)d"]
tables = {
  orders = { key = "id", pitr = true }
  events = { key = "id" }
}
"""

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Environment:
    Type: String
    AllowedValues: [dev, prod]
  Subnets:
    Type: List<AWS::EC2::Subnet::Id>
Conditions:
  IsProd: !Equals [!Ref Environment, prod]
Resources:
  Subnets%(number)d:
    Type: AWS::RDS::DBSubnetGroup
    Properties:
      DBSubnetGroupDescription: !Sub "subnets of svc-%(number)d in ${Environment}"
      SubnetIds: !Ref Subnets
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    Properties:
      DBInstanceIdentifier: !Sub "svc-%(number)d-${Environment}"
      Engine: postgres
      EngineVersion: "16.4"
      DBInstanceClass: db.m7g.large
      AllocatedStorage: "100"
      StorageEncrypted: %(encrypted)s
      MultiAZ: !If [IsProd, true, false]
      BackupRetentionPeriod: !If [IsProd, 14, 1]
      DBSubnetGroupName: !Ref Subnets%(number)d
      ManageMasterUserPassword: true
      MasterUsername: app
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "svc-%(number)d-${Environment}"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""


def monorepo(roots: int) -> Iterator[tuple[str, str]]:
    """The files of a repository with so many roots: path and text."""
    yield from MODULE.items()
    for number in range(roots):
        facts = {
            "number": number,
            "team": number // 50,
            "port": (5432, 5432, 6379, 443, 443)[number % 5],
            "encrypted": "true" if number % 3 else "false",
        }
        folder = f"live/team-{number // 50}/svc-{number}"
        yield (
            f"{folder}/main.tf",
            COMMON % facts + "\n" + (KINDS[number % 5] % facts if "%(" in KINDS[number % 5] else KINDS[number % 5]),
        )
        yield f"{folder}/variables.tf", VARIABLES
        for environment in ("dev", "prod"):
            yield f"{folder}/{environment}.tfvars", VALUES % {**facts, "environment": environment}


def templates(count: int) -> Iterator[tuple[str, str]]:
    """So many templates, a tenth of them among other YAML."""
    for number in range(count):
        encrypted = "true" if number % 3 else "false"
        yield f"stacks/team-{number // 50}/svc-{number}.yaml", TEMPLATE % {"number": number, "encrypted": encrypted}


def without(count: int) -> Iterator[tuple[str, str]]:
    """So many files of the kinds that we read, none of which has to do with a database."""
    for number in range(count):
        folder = f"apps/app-{number // 20}"
        facts = {"number": number, "team": number, "port": 443}
        match number % 4:
            case 0:
                yield f"{folder}/main{number}.tf", NOTHING.replace('"this"', f'"this{number}"')
            case 1:
                yield f"{folder}/values{number}.yaml", f"replicas: 3\nimage: app-{number}\n" + "env:\n  - a: b\n" * 40
            case 2:
                yield f"{folder}/package{number}.json", f'{{"name": "app", "version": "1.0.{number}"}}\n'
            case _:
                yield f"{folder}/module{number}.py", f'"""Module {number}."""\n' + "x = 1\n" * 100
        del facts


def write(files: Iterator[tuple[str, str]], folder: Path) -> None:
    """Writes the files below a folder."""
    for path, text in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


MAKERS = {"monorepo": monorepo, "templates": templates, "without": without}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=MAKERS)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    write(MAKERS[asked.kind](asked.count), asked.folder)
