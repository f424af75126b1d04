"""The picture of the databases: what is asked, for every alternative, and how it is drawn."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dblint.choice import choose, only, other_than
from dblint.graph import Graph
from dblint.model import Deployment, Ref, Resource, Unknown, Value, Variable
from dblint.reading import Reading
from dblint.records import replace
from dblint.reports.graph import FORMATS, render
from dblint.reports.graph.words import told
from dblint.topology import Fact, Topology, merged, topology_of
from dblint.topology.kinds import KINDS
from dblint.topology.look import ABSENT, Look
from dblint.topology.model import NO, YES
from dblint.view import view_of
from tests.cli_support import ROOT, Call, write
from tests.fake_source import database, deployment
from tests.model_support import deployment as things
from tests.model_support import thing

PROJECT = {
    "main.tf": """\
variable "env" {}
provider "aws" {
  region = "eu-central-1"
}
resource "aws_rds_global_cluster" "shop" {
  global_cluster_identifier = "shop"
  engine                    = "aurora-postgresql"
}
resource "aws_rds_cluster" "shop" {
  cluster_identifier        = "shop"
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  global_cluster_identifier = aws_rds_global_cluster.shop.id
  backup_retention_period   = var.env == "prod" ? 14 : 1
}
resource "aws_rds_cluster_instance" "shop" {
  count              = var.env == "prod" ? 2 : 1
  identifier         = "shop-${count.index}"
  cluster_identifier = aws_rds_cluster.shop.id
  engine             = "aurora-postgresql"
  instance_class     = "db.r8g.large"
}
resource "aws_db_instance" "orders" {
  identifier        = "orders"
  engine            = "postgres"
  engine_version    = "16.4"
  instance_class    = "db.m7g.large"
  storage_encrypted = true
  multi_az          = var.env == "prod"
}
resource "aws_db_instance" "reports" {
  count               = var.env == "prod" ? 1 : 0
  identifier          = "reports"
  replicate_source_db = aws_db_instance.orders.identifier
  instance_class      = "db.m7g.large"
}
resource "aws_db_snapshot" "before" {
  db_instance_identifier = aws_db_instance.orders.identifier
  db_snapshot_identifier = "before"
}
resource "aws_db_instance" "trial" {
  identifier          = "trial"
  instance_class      = "db.m7g.large"
  snapshot_identifier = aws_db_snapshot.before.id
}
resource "aws_db_proxy" "orders" {
  name          = "orders"
  engine_family = "POSTGRESQL"
  require_tls   = true
}
resource "aws_db_proxy_target" "orders" {
  db_proxy_name          = aws_db_proxy.orders.name
  target_group_name      = "default"
  db_instance_identifier = aws_db_instance.orders.identifier
}
resource "aws_db_instance" "copy" {
  identifier          = "copy"
  instance_class      = "db.m7g.large"
  snapshot_identifier = "somewhere-else"
}
""",
    "prod.tfvars": 'env = "prod"\n',
    "dev.tfvars": 'env = "dev"\n',
}


@pytest.fixture
def drawn(dblint: Call, tmp_path: Path) -> dict[str, Any]:
    write(tmp_path, PROJECT)
    ended = dblint("graph", "-f", "json")
    assert (ended.code, ended.err) == (0, "")
    found = json.loads(ended.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    [root] = found["roots"]
    return root


SCHEMA = json.loads((ROOT / "dblint" / "graph.schema.json").read_text(encoding="utf-8"))


def test_the_schema_knows_every_relation() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    relations = {relation for kind in KINDS.values() for relation, _ in kind.ties}
    assert set(SCHEMA["$defs"]["edge"]["properties"]["relation"]["enum"]) == relations


def node(root: dict[str, Any], address: str) -> dict[str, Any]:
    return next(node for node in root["nodes"] if node["address"] == address)


def test_what_there_is(drawn: dict[str, Any]) -> None:
    assert (drawn["root"], drawn["source"], drawn["scenarios"]) == (".", "terraform", ["dev", "prod"])
    assert {n["address"]: n["kind"] for n in drawn["nodes"]} == {
        "aws_db_instance.copy": "DB instance",
        "aws_db_instance.orders": "DB instance",
        "aws_db_instance.reports[0]": "read replica",
        "aws_db_instance.trial": "DB instance",
        "aws_db_proxy.orders": "proxy",
        "aws_db_snapshot.before": "snapshot",
        "aws_rds_cluster.shop": "Aurora cluster",
        "aws_rds_cluster_instance.shop[0]": "cluster instance",
        "aws_rds_cluster_instance.shop[1]": "cluster instance",
        "aws_rds_global_cluster.shop": "Aurora global database",
    }
    assert {n["region"] for n in drawn["nodes"]} == {"eu-central-1"}
    assert node(drawn, "aws_db_instance.reports[0]")["scenarios"] == ["prod"]


def test_what_holds_in_which_scenario(drawn: dict[str, Any]) -> None:
    orders = node(drawn, "aws_db_instance.orders")["facts"]
    assert orders["encrypted"] == [{"value": "yes", "scenarios": ["dev", "prod"]}]
    assert orders["standby"] == [{"value": "no", "scenarios": ["dev"]}, {"value": "yes", "scenarios": ["prod"]}]
    assert orders["engine"][0]["value"] == "postgres 16.4"
    backups = node(drawn, "aws_rds_cluster.shop")["facts"]["backups"]
    assert [(case["value"], case["scenarios"]) for case in backups] == [("1 day", ["dev"]), ("14 days", ["prod"])]
    replica = node(drawn, "aws_db_instance.reports[0]")["facts"]
    assert replica["encrypted"] == [{"value": "yes", "scenarios": ["prod"]}]
    assert node(drawn, "aws_db_instance.trial")["facts"]["encrypted"][0]["value"] == "yes", "as its snapshot is"
    assert node(drawn, "aws_db_instance.copy")["facts"]["encrypted"][0]["value"] == "unknown"
    assert node(drawn, "aws_db_proxy.orders")["facts"]["TLS required"][0]["value"] == "yes"
    assert "encrypted" not in node(drawn, "aws_rds_cluster_instance.shop[0]")["facts"], "its cluster says it"


def test_what_belongs_together(drawn: dict[str, Any]) -> None:
    ties = {(edge["from"], edge["relation"], edge["to"], *edge["scenarios"]) for edge in drawn["edges"]}
    assert ties == {
        ("aws_rds_cluster.shop", "member of", "aws_rds_global_cluster.shop", "dev", "prod"),
        ("aws_rds_cluster_instance.shop[0]", "member of", "aws_rds_cluster.shop", "dev", "prod"),
        ("aws_rds_cluster_instance.shop[1]", "member of", "aws_rds_cluster.shop", "prod"),
        ("aws_db_instance.reports[0]", "replica of", "aws_db_instance.orders", "prod"),
        ("aws_db_snapshot.before", "snapshot of", "aws_db_instance.orders", "dev", "prod"),
        ("aws_db_instance.trial", "restored from", "aws_db_snapshot.before", "dev", "prod"),
        ("aws_db_proxy.orders", "proxy for", "aws_db_instance.orders", "dev", "prod"),
        ("aws_db_instance.copy", "restored from", None, "dev", "prod"),
    }


TEMPLATE = """\
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MultiAZ: !If [IsProd, true, false]
      StorageEncrypted: !Ref Encrypted
  Reports:
    Type: AWS::RDS::DBInstance
    Condition: IsProd
    Properties: {SourceDBInstanceIdentifier: !Ref Orders}
  Sessions:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {ReplicationGroupDescription: x, SnapshotRetentionLimit: 7}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
"""


def test_a_template(dblint: Call, tmp_path: Path) -> None:
    parameter = "Parameters:\n  Encrypted: {Type: String}\n"
    write(tmp_path, {"template.yaml": TEMPLATE.replace("Parameters:\n", parameter)})
    [root] = json.loads(dblint("graph", "-f", "json").out)["roots"]
    assert root["scenarios"] == ["dev", "prod"]
    assert node(root, "Reports")["scenarios"] == ["prod"]
    orders = node(root, "Orders")["facts"]
    assert [(c["value"], c["scenarios"]) for c in orders["standby"]] == [("no", ["dev"]), ("yes", ["prod"])]
    assert [case["value"] for case in orders["encrypted"]] == ["unknown"]
    assert node(root, "Sessions")["facts"]["backups"][0]["value"] == "7 days"
    assert node(root, "Table")["facts"]["point-in-time recovery"][0]["value"] == "yes"
    assert [(e["from"], e["to"], e["scenarios"]) for e in root["edges"]] == [("Reports", "Orders", ["prod"])]


def test_what_can_not_be_read_is_said(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROJECT["main.tf"], "broken/main.tf": 'resource "aws_db_instance" {'})
    ended = dblint("graph")
    assert ended.code == 2
    assert "broken/main.tf" in ended.err
    assert "aws_db_instance.orders" in ended.out, "the rest is drawn"


def test_an_unknown_scenario_is_refused(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    ended = dblint("graph", "--scenario", "prdo")
    assert (ended.code, ended.out) == (2, "")
    assert "prdo" in ended.err and "prod" in ended.err


def test_one_scenario(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    [root] = json.loads(dblint("graph", "-f", "json", "--scenario", "dev").out)["roots"]
    assert root["scenarios"] == ["dev"]
    assert "aws_db_instance.reports[0]" not in {n["address"] for n in root["nodes"]}


REAL = [Variable(name, name, real=True, domain=("a", "b", "c")) for name in ("r1", "r2")]
IGNORANCE = [Variable(name, name, domain=("a", "b")) for name in ("i1", "i2")]


@st.composite
def steered(draw: st.DrawFn, variables: list[Variable], depth: int = 2) -> Value:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from([True, False]))
    variable = draw(st.sampled_from(variables))
    inner = steered(variables, depth - 1)
    return choose(variable, [(only("a"), draw(inner)), (other_than("a"), draw(inner))])


def brute(resource: Resource, values: dict[Variable, str]) -> Any:
    assumed = {variable: only(value) for variable, value in values.items()}
    reading = Reading(dict(assumed))
    if reading.resolve(resource.exists) is False:
        return ABSENT
    return view_of(resource, reading, Graph(things(resource))).A


def assignments(variables: list[Variable]) -> list[dict[Variable, str]]:
    domains = [variable.domain or () for variable in variables]
    return [dict(zip(variables, map(str, values))) for values in itertools.product(*domains)]


@settings(deadline=None)
@given(steered(REAL), steered(REAL))
def test_real_decisions_are_told_as_brute_force_would(value: Value, exists: Value) -> None:
    resource = thing(A=value, exists=exists)
    answers = Look(lambda view: view.A, resource, Graph(things(resource))).answers()
    for values in assignments(REAL):
        fitting = [
            answer
            for answer, when in answers
            if all((values[v] in among.values) is not among.others for v, among in when.items())
        ]
        assert fitting == [brute(resource, values)]


@settings(deadline=None)
@given(steered(IGNORANCE))
def test_ignorance_that_matters_is_unknown(value: Value) -> None:
    resource = thing(A=value)
    [(answer, when)] = Look(lambda view: view.A, resource, Graph(things(resource))).answers()
    possible = {brute(resource, values) for values in assignments(IGNORANCE)}
    assert when == {}
    assert {answer} == possible if len(possible) == 1 else isinstance(answer, Unknown)


HOSTILE = ['a"] --> b', "x\ny", "`md` <b>&quot;", "#35;", "\\", '\\" ]; evil [label="', "\x1b[31m", "]]>|--|", "ä 日本"]


def hostile(name: str) -> list[Topology]:
    one = database(address=name, Engine=name)
    two = database(address=f"{name}2", SourceDBInstanceIdentifier=Ref((name,)))
    made: Deployment = deployment(one, two, name=name, root=name)
    return merged([topology_of(made, (name,))])


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leaves_its_quotes_in_mermaid(name: str) -> None:
    lines = render("mermaid", hostile(name)).splitlines()
    quoted = r'"[^"`#;<>\\|]*(?:(?:#\d+;|<br/>)[^"`#;<>\\|]*)*"'
    shape = rf"  subgraph r1\[{quoted}\]|    r1n\d\[{quoted}\]|  end|  r1n2 -->\|{quoted}\| r1n1"
    assert lines[0] == "flowchart LR"
    assert all(re.fullmatch(shape, line) for line in lines[1:]), lines
    assert len(lines) == 6


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leaves_its_quotes_in_dot(name: str) -> None:
    text = render("dot", hostile(name))
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "Q", text)
    assert bare.splitlines()[3:] == [
        "  subgraph cluster_r1 {",
        "    label=Q;",
        "      r1n1 [label=Q];",
        "      r1n2 [label=Q];",
        "  }",
        "  r1n2 -> r1n1 [label=Q];",
        "}",
    ]


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
@pytest.mark.parametrize("name", HOSTILE)
def test_graphviz_draws_it(name: str) -> None:
    done = subprocess.run(
        ["dot", "-Tplain"], input=render("dot", hostile(name)), capture_output=True, text=True, check=True
    )
    assert sum(line.startswith("node ") for line in done.stdout.splitlines()) == 2


def test_a_tie_leads_to_another_root() -> None:
    there = topology_of(deployment(database("orders"), root="a/b.yaml"), ("default",))
    here = database("reports", SourceDBInstanceIdentifier=Ref(("a/b.yaml:aws_db_instance.orders",)))
    context = replace(database("orders"), address="a/b.yaml:aws_db_instance.orders")
    both = [there, topology_of(replace(deployment(here, root="c.yaml"), context=(context,)), ("default",))]
    assert '  r2n1 -->|"replica of"| r1n1' in render("mermaid", both)
    assert '  r2n1 -> r1n1 [label="replica of"];' in render("dot", both)
    assert '<a href="#r1n1">' in render("html", both)


@pytest.mark.parametrize("format", FORMATS)
def test_equal_topologies_give_equal_bytes(format: str) -> None:
    assert render(format, hostile("a")) == render(format, hostile("a"))


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_to_draw(format: str) -> None:
    assert render(format, [])


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("encrypted", YES, "encrypted"),
        ("encrypted", NO, "not encrypted"),
        ("backups", NO, "no backups"),
        ("backups", "7 days", "backups: 7 days"),
        ("TLS required", YES, "TLS required"),
        ("TLS required", NO, "TLS not required"),
    ],
)
def test_facts_in_words(name: str, value: str, said: str) -> None:
    assert told(Fact(name, ((value, ("prod",)),))) == said
