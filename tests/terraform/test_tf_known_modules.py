"""Public modules that are not installed: which summary stands in, what it makes, and that it makes what the module
does."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from known_module_calls import CALLS
from plan_oracle import compared, planned
from plan_preparation import give_defaults
from tf_support import CORPUS, Files, Terraform, Wishes

from dblint.model import Choice, Deployment, Note, Problem, Ref, Resource, Unknown
from dblint.packs import load, own
from dblint.scan.evaluate import Evaluation, evaluate
from dblint.scan.selection import Selection
from dblint.sources.terraform.canonical import terraform_views
from dblint.sources.terraform.evaluation.modules import META_ARGUMENTS
from dblint.sources.terraform.evaluation.run import Run
from dblint.sources.terraform.evaluation.scope import ModuleInstance
from dblint.sources.terraform.known_modules import (
    FACTS,
    Called,
    Known,
    called,
    known_module,
    makes_databases,
    module_of,
)
from dblint.sources.terraform.project import Project
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.syntax.tree import Literal

AURORA = "terraform-aws-modules/rds-aurora/aws"
RDS = "terraform-aws-modules/rds/aws"
LABEL = "cloudposse/label/null"


live = pytest.mark.skipif(
    shutil.which("terraform") is None or importlib.util.find_spec("grpc") is None,
    reason="terraform or grpcio (the dependency group oracle) is not here",
)


@pytest.fixture(scope="module", autouse=True)
def views() -> None:
    load([own()])


GITHUB = "github.com/terraform-aws-modules/terraform-aws-rds"


@pytest.mark.parametrize(
    ("source", "version", "expected"),
    [
        (RDS, "~> 6.1", (RDS, "", "~> 6.1")),
        (f"registry.terraform.io/{RDS}//modules/db_instance", "6.1.0", (RDS, "modules/db_instance", "6.1.0")),
        (GITHUB, "", (RDS, "", "")),
        (f"git::https://{GITHUB}.git?ref=v6.1.0", "", (RDS, "", "6.1.0")),
        (f"git::https://{GITHUB}.git?depth=1&ref=v6.1.0", "", (RDS, "", "6.1.0")),
        (f"git::https://{GITHUB}.git?ref=0123abc", "", (RDS, "", None)),
        (f"git::ssh://git@{GITHUB}//modules/db_instance?ref=v6.1.0", "", (RDS, "modules/db_instance", "6.1.0")),
        ("git@github.com:cloudposse/terraform-null-label.git?ref=tags/0.25.0", "", (LABEL, "", "0.25.0")),
    ],
)
def test_how_a_module_is_called(source: str, version: str, expected: tuple[str, str, str | None]) -> None:
    assert called(source, version) == Called(*expected)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("", "7"),
        ("7.0.0", "7"),
        ("~> 6.1", "6"),
        ("6.13.1", "6"),
        (">= 6.0, < 7.0.0", "6"),
        (">= 5.0", "7"),
        ("> 6.5.0, != 7.0.0", "7"),
        ("<= 6.0.0", "6"),
        ("< 7", "6"),
        ("~> 7", "7"),
        ("v6.2.0", "6"),
        ("5.9.0", None),
        ("~> 4.0", None),
        ("< 6.0.0", None),
        (">= 8.0", None),
    ],
)
def test_the_version_that_is_assumed(version: str, expected: str | None) -> None:
    known = known_module(RDS, version, {"identifier"})
    assert (known and known.version) == expected


def test_a_version_that_does_not_have_an_argument_is_not_assumed() -> None:
    newest = known_module(RDS, "", {"identifier", "password_wo"})
    older = known_module(RDS, "", {"identifier", "password"})
    assert newest and newest.version == "7"
    assert older and older.version == "6"
    assert known_module(RDS, "", {"identifier", "nonsense"}) is None
    assert known_module(f"{RDS}//modules/nothing", "", ()) is None
    assert known_module(f"{RDS}//../../../..", "", ()) is None
    assert known_module("somebody/rds/aws", "", ()) is None


def test_what_is_worth_looking_at() -> None:
    assert makes_databases(AURORA)
    assert makes_databases("git::https://github.com/cloudposse/terraform-aws-rds?ref=1.1.0")
    assert not makes_databases("cloudposse/label/null")
    assert not makes_databases("terraform-aws-modules/vpc/aws")


def scanned(texts: dict[str, str]) -> tuple[Deployment, list[Note]]:
    problems: list[Problem] = []
    roots = Terraform().roots(Files.of(texts), Wishes(), problems)
    assert [root.path for root in roots] == ["."]
    deployment = next(roots[0].deployments())
    assert not problems
    return deployment, roots[0].notes


CALL = """
provider "aws" {
  region = "eu-west-1"
}
module "orders" {
  source   = "terraform-aws-modules/rds/aws"
  version  = "~> 6.0"
  for_each = toset(["a", "b"])

  identifier          = each.key
  engine              = "postgres"
  publicly_accessible = true
  subnet_ids          = ["subnet-1"]
  create_db_subnet_group = true
}
resource "aws_db_snapshot" "s" {
  db_instance_identifier = module.orders["a"].db_instance_identifier
  db_snapshot_identifier = module.orders["a"].nobody_knows
}
"""


def test_a_call_makes_what_the_module_makes() -> None:
    deployment, notes = scanned({"main.tf": CALL})
    found = {resource.address: resource for resource in deployment.resources}
    assert sorted(address for address in found if '"a"' in address) == [
        'module.orders["a"].module.db_instance.aws_db_instance.this[0]',
        'module.orders["a"].module.db_parameter_group.aws_db_parameter_group.this[0]',
        'module.orders["a"].module.db_subnet_group.aws_db_subnet_group.this[0]',
    ]
    instance = found['module.orders["b"].module.db_instance.aws_db_instance.this[0]']
    assert instance.properties["PubliclyAccessible"] is True
    assert instance.properties["StorageEncrypted"] is True
    assert instance.properties["DBInstanceIdentifier"] == "b"
    assert instance.region == "eu-west-1"
    assert instance.assumed == f"{RDS} 6"
    assert deployment.strangers == ()
    assert [note.message for note in notes] == [
        f"module.orders: the module {RDS} ~> 6.0 is not installed; what it makes is judged as {RDS} 6 makes it"
    ]


def test_places_are_those_of_the_call() -> None:
    deployment, _ = scanned({"main.tf": CALL})
    instance = next(r for r in deployment.resources if r.kind == "aws_db_instance")
    assert (instance.location.file, instance.location.line) == ("main.tf", 5)
    assert instance.definition == "main.tf#module.orders.module.db_instance.aws_db_instance.this"
    given = instance.trace(("PubliclyAccessible",), {})
    assert given.written is None
    assert [(o.location.line, o.text) for o in given.origins] == [(12, 'argument of module.orders["a"]')]
    default = instance.trace(("MultiAZ",), {})
    assert default.written is None
    assert [(o.location.line, o.text) for o in default.origins] == [
        (instance.location.line, f"default of variable multi_az in {RDS} 6")
    ]
    for name in terraform_views()["aws_db_instance"].__dict__:
        trace = instance.trace((name,), {})
        assert all(o.location.file == "main.tf" for o in trace.origins)


def test_what_a_summary_does_not_say_is_unknown() -> None:
    deployment, _ = scanned({"main.tf": CALL})
    snapshot = next(r for r in deployment.resources if r.kind == "aws_db_snapshot")
    assert snapshot.properties["DBInstanceIdentifier"].to == (
        'module.orders["a"].module.db_instance.aws_db_instance.this[0]',
    )
    unknown = snapshot.properties["DBSnapshotIdentifier"]
    assert unknown.to == ('module.orders["a"]',)
    assert isinstance(unknown.value, Unknown)


def test_findings_are_the_same_when_the_module_is_installed() -> None:
    """A baseline holds before and after `terraform init`."""
    text = call_text(
        'for_each = toset(["a", "b"])\n identifier = each.key\n engine = "mysql"\n publicly_accessible = true'
    )
    folder = Path(FACTS) / "terraform-aws-modules/rds/6"
    installed = {
        f".terraform/modules/db/{path.relative_to(folder).as_posix()}": path.read_text(encoding="utf-8")
        for path in folder.rglob("*.tf*")
    }
    names = ("db_instance", "db_subnet_group", "db_parameter_group", "db_option_group")
    listed = [{"Key": "db", "Dir": ".terraform/modules/db"}]
    listed += [{"Key": f"db.{name}", "Dir": f".terraform/modules/db/modules/{name}"} for name in names]
    manifest = {".terraform/modules/modules.json": json.dumps({"Modules": listed})}
    before, absent = fingerprints({"main.tf": text})
    after, present = fingerprints({"main.tf": text, **installed, **manifest})
    assert before == after
    assert len(before) > 5
    assert (absent, present) == (1, 0)


def call_text(arguments: str) -> str:
    return f'module "db" {{\n source = "{RDS}"\n version = "~> 6.0"\n {arguments}\n}}\n'


def fingerprints(texts: dict[str, str]) -> tuple[set[str], int]:
    """The findings of a project, and how many of its modules are not installed."""
    rules = load([own()])
    done = Evaluation()
    files = Files.of(texts)
    files.found = {folder: names for folder, names in files.found.items() if not folder.startswith(".terraform")}
    selection = Selection(tuple(rules), frozenset(rule.id for rule in rules), {}, {})
    evaluate(Terraform().roots(files, Wishes(), []), selection, (), done)
    assert done.problems == []
    return {finding.fingerprint for finding in done.findings}, len(done.notes)


def test_installed_code_wins() -> None:
    manifest = '{"Modules": [{"Key": "db", "Source": "x", "Dir": ".terraform/modules/db"}]}'
    texts = {
        "main.tf": f'module "db" {{\n source = "{RDS}"\n identifier = "x"\n}}\n',
        ".terraform/modules/modules.json": manifest,
        ".terraform/modules/db/main.tf": 'variable "identifier" {}\nresource "aws_db_instance" "own" {}\n',
    }
    deployment, notes = scanned(texts)
    assert [r.address for r in deployment.resources] == ["module.db.aws_db_instance.own"]
    assert not notes


def test_a_version_that_is_not_known_is_a_stub() -> None:
    texts = {"main.tf": f'module "db" {{\n source = "{RDS}"\n version = "3.0.0"\n identifier = "x"\n}}\n'}
    deployment, notes = scanned(texts)
    assert not deployment.resources
    assert [s.address for s in deployment.strangers] == ["module.db"]
    assert [note.message for note in notes] == [f"module.db: the module {RDS} 3.0.0 is not installed"]


@pytest.mark.parametrize("name", CALLS)
def test_calls_of_every_summary(name: str) -> None:
    call = CALLS[name]
    deployment, _ = scanned({"main.tf": 'resource "aws_db_instance" "own" {}\n' + call.text()})
    views = terraform_views()
    made = [r for r in deployment.resources if r.address.startswith("module.") and not views[r.kind].supporting]
    assert sorted(r.address for r in made if r.exists is True) == sorted(f"module.m.{one}" for one in call.databases)
    assert all(isinstance(r.exists, bool) for r in made)
    assert [(r.address, name) for r in made for name, value in r.properties.items() if "error" in str(value)] == []


def test_every_summary_is_called() -> None:
    called_folders = {
        known.folder for call in CALLS.values() if (known := known_module(call.source, call.versions, ()))
    }
    folders = {path.parent.relative_to(FACTS).as_posix() for path in Path(FACTS).rglob("main.tf")}
    parts = {folder for folder in folders if re.search(r"/rds/\d+/modules/|/dsql$|/label/", folder)}
    assert folders - parts == called_folders


@live
@pytest.mark.terraform
@pytest.mark.parametrize("name", CALLS)
def test_summaries_are_terraform(name: str, tmp_path: Path) -> None:
    """A summary planned by Terraform says what dblint makes of it."""
    call = CALLS[name]
    known = known_module(call.source, call.versions, ())
    assert known
    shutil.copytree(Path(FACTS) / known.folder, tmp_path / "m")
    give_defaults(tmp_path / "m")
    (tmp_path / "main.tf").write_text(call.text("./m"), encoding="utf-8")
    problems: list[Problem] = []
    project = Project(Files.of({"main.tf": call.text()}), problems.append)
    root = ModuleInstance(Run(project, "."), project.module("."))
    found = compared(planned(tmp_path, tmp_path), root, known=True)
    assert (problems, found.different, found.missing, found.extra) == ([], [], [], [])
    assert found.counts["equal"] > 0


LABELS = [
    ('namespace = "eg"\n stage = "prod"\n name = "app"', "eg-prod-app"),
    ('namespace = "Eg"\n name = "my app!"\n attributes = ["x", "y"]', "eg-myapp-x-y"),
    ('name = "app"\n delimiter = "_"\n stage = "dev"\n label_order = ["name", "stage"]', "app_dev"),
    ('name = "app"\n stage = "dev"\n label_value_case = "upper"', "DEV-APP"),
    ('name = "app"\n enabled = false', ""),
    ('name = "app"\n context = { namespace = "from", name = "context", attributes = ["z"] }', "from-app-z"),
    ('name = "app"\n attributes = ["a b", "ab", "C"]', "app-ab-c"),
    ('name = "a-name-that-is-long"\n id_length_limit = 16', "a-name-tha-b6456"),
]


@pytest.mark.parametrize(("arguments", "expected"), LABELS)
def test_labels_give_names(arguments: str, expected: str) -> None:
    label = f'module "label" {{\n source = "cloudposse/label/null"\n version = "0.25.0"\n {arguments}\n}}\n'
    deployment, _ = scanned(
        {"main.tf": label + 'resource "aws_db_instance" "x" {\n identifier = "x${module.label.id}"\n}\n'}
    )
    assert settled(deployment.resources[0].properties["DBInstanceIdentifier"]) == f"x{expected}"


# ---- every summary against the module itself -------------------------------------------------------------------

# The checkout in the corpus, and the summary of it.
CHECKOUTS = {
    "terraform-aws-dms": "terraform-aws-modules/dms/2",
    "terraform-aws-dynamodb": "cloudposse/dynamodb/0",
    "terraform-aws-dynamodb-table": "terraform-aws-modules/dynamodb-table/5",
    "terraform-aws-elasticache": "terraform-aws-modules/elasticache/1",
    "terraform-aws-elasticache-redis": "cloudposse/elasticache-redis/1",
    "terraform-aws-emr": "terraform-aws-modules/emr/3",
    "terraform-aws-memory-db": "terraform-aws-modules/memory-db/3",
    "terraform-aws-rds": "cloudposse/rds/1",
    "terraform-aws-rds-aurora": "terraform-aws-modules/rds-aurora/10",
    "terraform-aws-rds-proxy": "terraform-aws-modules/rds-proxy/4",
    "terraform-aws-redshift": "terraform-aws-modules/redshift/7",
}
in_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


@in_corpus
@pytest.mark.corpus
@pytest.mark.parametrize("checkout", CHECKOUTS)
def test_the_facts_are_those_of_the_module(checkout: str) -> None:
    sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
    from known_modules import compare

    assert compare(CORPUS / checkout, Path(FACTS) / CHECKOUTS[checkout], write=False) == []


def examples() -> list[str]:
    """The examples of the modules. Beside those of cloudposse/rds lie those of another module of the same name."""
    found = (path.parent for name in CHECKOUTS for path in (CORPUS / name / "examples").glob("*/main.tf"))
    return sorted(str(path.relative_to(CORPUS)) for path in found if path not in OTHERS)


OTHERS = {
    path.parent
    for path in (CORPUS / "terraform-aws-rds/examples").glob("*/main.tf")
    if "module.this" not in path.read_text()
}


@in_corpus
@pytest.mark.corpus
@pytest.mark.parametrize("example", sorted(OTHERS), ids=lambda path: path.name)
def test_the_arguments_of_examples_are_known(example: Path) -> None:
    problems: list[Problem] = []
    module = Project(Files(example), problems.append).module(".")
    calls = [call for call in module.calls.values() if source_of(call).startswith("../..")]
    assert calls and not problems
    for call in calls:
        inner = source_of(call).removeprefix("../..").strip("/")
        given = call.body.arguments.keys() - META_ARGUMENTS
        if not inner:
            assert known_module(RDS, "~> 7.0", given), sorted(
                given - module_of(Known(RDS, "7", "terraform-aws-modules/rds/7")).variables.keys()
            )


def source_of(call: Block) -> str:
    node = call.body.arguments["source"].expression
    return str(node.value.data) if isinstance(node, Literal) else ""


@in_corpus
@pytest.mark.corpus
@pytest.mark.parametrize("example", examples() if CORPUS.is_dir() else [])
def test_a_summary_makes_what_the_module_makes(example: str) -> None:
    """Every example of a module, evaluated with its code and with the summary: the same resources and values."""
    checkout = example.partition("/")[0]
    theirs = of_code(CORPUS / checkout, example.partition("/")[2])
    ours = of_summary(CORPUS / example, example.partition("/")[2], CHECKOUTS[checkout])
    assert different(ours, theirs) == []


def of_code(folder: Path, root: str) -> dict[str, dict[str, Any]]:
    files = Files(folder)
    files.add(folder / root)
    return deployed(files, root)


def different(ours: dict[str, dict[str, Any]], theirs: dict[str, dict[str, Any]]) -> list[str]:
    """Each resource that only one of them has, and each value that differs."""
    said = [f"{address} is only {'here' if address in ours else 'there'}" for address in sorted(ours.keys() ^ theirs)]
    for address in sorted(ours.keys() & theirs):
        one, other = ours[address], theirs[address]
        names = (name for name in sorted(one.keys() | other) if one.get(name) != other.get(name))
        said += [f"{address} {name}: {one.get(name)!r} here, {other.get(name)!r} there" for name in names]
    return said


def of_summary(folder: Path, root: str, summary: str) -> dict[str, dict[str, Any]]:
    owner, name, version = summary.split("/")
    registry, allowed = f"{owner}/{name}/aws", f'"~> {version}.0"' if version != "0" else '">= 0.36, < 1.0"'
    texts = {}
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        text = re.sub(r'source( *)= "\.\./\.\.(?:/{1,2}(modules/[\w-]+)|/)?"', rf'source\1= "{registry}//\2"', text)
        texts[f"{root}/{path.name}"] = text.replace(f'"{registry}//"', f'"{registry}"\n version = {allowed}')
    return deployed(Files.of(texts), root)


def deployed(files: Files, root: str) -> dict[str, dict[str, Any]]:
    problems: list[Problem] = []
    found = [one for one in Terraform().roots(files, Wishes(), problems) if one.path == root]
    resources = [r for one in found for d in one.deployments() for r in d.resources]
    assert not problems
    return {r.address: said(r) for r in resources if r.address.startswith("module.")}


def said(resource: Resource) -> dict[str, Any]:
    found = {name: settled(value) for name, value in resource.properties.items()}
    return {**found, "exists": settled(resource.exists), "region": settled(resource.region)}


def settled(value: Any) -> Any:
    """A value without what only an address or a reason tells."""
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, Ref):
        return settled(value.value)
    if isinstance(value, Choice):
        return [settled(inner) for _, inner in value.parts]
    if isinstance(value, list):
        return [settled(item) for item in value]
    if isinstance(value, dict):
        return {key: settled(item) for key, item in value.items()}
    return value
