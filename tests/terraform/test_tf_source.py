"""The whole source on small projects."""

from __future__ import annotations

import pytest
from tf_support import argument, deployments, only, origins, scan, simple, store, stores


def test_a_literal() -> None:
    assert argument('"orders"') == "orders"


def test_addresses_locations_and_definitions() -> None:
    texts = {
        "main.tf": 'module "db" {\n  source   = "./db"\n  for_each = toset(["a"])\n}\n',
        "db/main.tf": '\nresource "testaws_store" "this" {\n  count = 1\n}\n',
    }
    found = store(texts)
    assert found.address == 'module.db["a"].testaws_store.this[0]'
    assert found.definition == "db/main.tf#testaws_store.this"
    assert (found.location.file, found.location.line, found.location.column) == ("db/main.tf", 2, 1)
    assert (found.location.end_line, found.location.end_column) == (2, 32)
    assert found.kind == "testaws_store"
    assert found.names == ("this", "a", "db")


def test_an_enumerated_environment_is_a_decision() -> None:
    deployment = only(
        """
        variable "env" {
          default = "dev"
          validation {
            condition = contains(["dev", "prod"], var.env)
          }
        }
        resource "testaws_store" "x" {
          multi_az = var.env == "prod"
        }
        """
    )
    assert simple(deployment.environment) == {"env": ["dev", "prod"]}
    assert simple(stores(deployment)["testaws_store.x"].properties["MultiAZ"]) == {"env": [False, True]}


def test_an_enumeration_that_names_no_environment_keeps_its_default() -> None:
    found = store(
        """
        variable "engine" {
          default = "mysql"
          validation {
            condition = contains(["mysql", "postgres"], var.engine)
          }
        }
        resource "testaws_store" "x" {
          engine = var.engine
        }
        """
    )
    assert found.properties["Engine"] == "mysql"


def test_variable_files_are_scenarios() -> None:
    texts = {
        "main.tf": 'variable "ha" {}\nresource "testaws_store" "x" {\n  multi_az = var.ha\n}\n',
        "prod.tfvars": "ha = true\n",
        "dev.tfvars": "ha = false\n",
        "other.tfvars": "unrelated = 1\n",
    }
    found = {d.name: stores(d)["testaws_store.x"].properties["MultiAZ"] for d in deployments(texts)}
    assert found == {"dev": False, "prod": True}
    assert [d.name for d in deployments(texts, only=("p*",))] == ["prod"]


def test_the_way_of_a_value() -> None:
    texts = {
        "main.tf": """
        variable "big" { default = false }
        locals { settings = { days = 7, ha = var.big } }
        module "db" {
          source   = "./db"
          settings = local.settings
        }
        """,
        "db/main.tf": """
        variable "settings" {}
        resource "testaws_store" "x" {
          multi_az = var.settings.ha
          days     = var.settings.days
          engine   = "mysql"
        }
        """,
    }
    found = store(texts)
    assert origins(found, "MultiAZ") == [
        ("main.tf:2", "default of variable big"),
        ("main.tf:3", "local.settings"),
        ("main.tf:6", "argument of module.db"),
    ]
    assert origins(found, "Days") == [("main.tf:3", "local.settings"), ("main.tf:6", "argument of module.db")]
    assert origins(found, "Engine") == []
    trace = found.trace(("Days",), {})
    assert trace.written is not None and (trace.written.file, trace.written.line) == ("db/main.tf", 5)
    place = trace.origins[0].location
    assert (place.line, place.column, place.end_column) == (3, 30, 31)


def test_a_module_that_is_not_installed_is_a_stranger() -> None:
    roots, problems = scan(
        """
        module "network" {
          source = "terraform-aws-modules/vpc/aws"
          peers  = [testaws_store.x.id]
        }
        resource "testaws_store" "x" {
          subnet_ids = module.network.subnets
        }
        """
    )
    deployment = next(roots[0].deployments())
    assert [(s.address, s.to) for s in deployment.strangers] == [("module.network", frozenset({"testaws_store.x"}))]
    assert [(n.kind, n.line) for n in roots[0].notes] == [("module", 2)]
    assert not problems
    assert simple(deployment.resources[0].properties["SubnetIds"]) == {
        "ref": ["module.network"],
        "value": "?",
        "attribute": "subnets",
    }


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("2", {"testaws_store.x[0]": True, "testaws_store.x[1]": True}),
        ("0", {}),
        ("var.b ? 1 : 0", {"testaws_store.x[0]": "?"}),
        ("var.n", {"testaws_store.x[*]": "?"}),
    ],
)
def test_count(count: str, expected: dict[str, object]) -> None:
    deployment = only(
        f"""
        variable "b" {{ type = bool }}
        variable "n" {{ type = number }}
        resource "testaws_store" "x" {{
          count = {count}
        }}
        """
    )
    assert {address: simple(r.exists) for address, r in stores(deployment).items()} == expected


def test_default_tags_are_merged() -> None:
    found = store(
        """
        provider "testaws" {
          region = "eu-west-1"
          default_tags {
            tags = { Team = "data", Name = "default" }
          }
        }
        resource "testaws_store" "x" {
          tags = { Name = "own" }
        }
        """
    )
    assert found.properties["Tags"] == {"Name": "own", "Team": "data"}
    assert found.region == "eu-west-1"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("broken.tf", 'resource "testaws_store" "x" {\n', 1),
        ("words.tf", "\n{ this is no terraform\n", 2),
        ("expression.tf", 'resource "testaws_store" "x" {\n  name = "a" "b"\n}\n', 2),
        ("nested.tf", 'resource "testaws_store" "x" {\n  a {\n    b c\n  }\n}\n', 3),
        ("none/string.tf", 'locals {\n  a = "x\n}\n', 2),
        ("none/bracket.tf", "locals {\n  a = [1\n}\n", 2),
        ("none/prose.tf", "\n# a comment\nThis is no code at all.\n", 3),
        ("none/more.tf", "locals {\n  a = 1\n}\nAnd some words here\n", 4),
        ("none/argument.tf", 'a = "x\n', 1),
        ("none/unclosed.tf.json", '{"locals": {"a": "x}}', 1),
        ("none/words.tf.json", "words", 1),
    ],
)
def test_what_can_not_be_read_is_a_problem_and_the_rest_goes_on(name: str, content: str, line: int) -> None:
    roots, problems = scan({name: content, "good/main.tf": 'resource "testaws_store" "good" {}\n'})
    found = {r.address for root in roots for d in root.deployments() for r in d.resources if dict(r.properties) or True}
    assert "testaws_store.good" in found
    assert [(p.path, p.line) for p in problems] == [(name, line)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\ufeff# a comment\n/* and\nanother */ // one more\n",
        'locals {\n  a = <<EOT\n\nprose in a heredoc, with one " and one (\n\nEOT\n}\n',
        'a-b_c "d" e {\n}\n',
        "/* prose\n\nof many words\n*/\nlocals {}\n",
        'locals { a = "\\"" }\n',
        "é = 1\n",
        "x = 1\n",
    ],
)
def test_what_only_looks_odd_is_no_problem(content: str) -> None:
    assert scan({"odd.tf": content, "good/main.tf": 'resource "testaws_store" "good" {}\n'})[1] == []


def test_a_root_knows_the_files_that_it_reads() -> None:
    texts = {
        "main.tf": 'module "db" {\n source = "./db"\n}\nvariable "x" {}\n',
        "prod.tfvars": "x = 1\n",
        "a.auto.tfvars": "x = 2\n",
        "db/main.tf": 'resource "testaws_store" "x" {\n name = file("db/name.txt")\n}\n',
        "db/name.txt": "orders",
        "db/other.txt": "",
        "unrelated/main.tf": "",
    }
    roots, _ = scan(texts)
    for deployment in roots[0].deployments():
        assert deployment.resources[0].properties["Name"] == "orders"
    assert roots[0].files == {"main.tf", "prod.tfvars", "a.auto.tfvars", "db/main.tf", "db/name.txt"}


def test_a_function_that_is_not_known_is_noted() -> None:
    roots, problems = scan('resource "testaws_store" "x" {\n name = provider::aws::arn_build("a")\n}\n')
    deployment = next(roots[0].deployments())
    assert simple(deployment.resources[0].properties["Name"]) == "?"
    assert [(note.kind, note.path) for note in roots[0].notes] == [("function", ".")]
    assert "provider::aws::arn_build" in roots[0].notes[0].message
    assert not problems


def test_an_argument_that_a_nested_block_does_not_say_is_missed_there() -> None:
    found = store('resource testaws_store x {\n  name = "a"\n\n  window {\n    days = 3\n  }\n}\n')
    trace = found.trace(("Window", "Enabled"), {})
    assert trace.written is None
    assert [(o.location.line, o.location.column, o.text) for o in trace.origins] == [
        (4, 3, "the block that does not say it")
    ]


@pytest.mark.parametrize("blanks", [" ", "", "   ", "\t"])
def test_a_place_begins_with_the_expression(blanks: str) -> None:
    text = f'variable "v" {{\n  default ={blanks}upper("x")\n}}\nresource testaws_store x {{\n  name = var.v\n}}\n'
    places = [origin.location for origin in store(text).trace(("Name",), {}).origins]
    assert [(place.line, place.column, place.end_column) for place in places] == [
        (2, 12 + len(blanks), 12 + len(blanks) + len('upper("x")'))
    ]
