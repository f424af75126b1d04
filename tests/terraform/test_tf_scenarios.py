"""Scenarios: variable files, settings, workspaces, enumerated variables, and what names the environment."""

from __future__ import annotations

from typing import Any

import pytest
from tf_support import deployments, only, origins, scan, simple, store, stores

from dblint import choice
from dblint.model import Choice, Environments, Variable
from dblint.sources.base import NamedScenario
from dblint.sources.terraform.evaluation.decisions import environment_literals

MAIN = """
variable "ha" { default = false }
variable "days" { default = 1 }
resource "testaws_store" "x" {
  multi_az = var.ha
  days     = var.days
}
"""


TYPED = MAIN.replace("{ default = false }", "{ type = bool }").replace("{ default = 1 }", "{ type = number }")


def by_scenario(texts: dict[str, str], **wishes: Any) -> dict[str, tuple[Any, Any]]:
    """What MultiAZ and Days are, by the names of the deployments."""
    return {
        d.name: (stores(d)["testaws_store.x"].properties["MultiAZ"], stores(d)["testaws_store.x"].properties["Days"])
        for d in deployments(texts, **wishes)
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {"default": (False, 1)}),
        ({"terraform.tfvars": "ha = true\n"}, {"default": (True, 1)}),
        ({"a.auto.tfvars": "days = 2\n", "b.auto.tfvars": "days = 3\n"}, {"default": (False, 3)}),
        ({"terraform.tfvars": "days = 9\n", "a.auto.tfvars.json": '{"days": 2}'}, {"default": (False, 2)}),
        ({"prod.tfvars": "ha = true\n", "dev.tfvars": "days = 2\n"}, {"prod": (True, 1), "dev": (False, 2)}),
        ({"prod.tfvars.json": '{"ha": true}'}, {"prod": (True, 1)}),
        ({"envs/prod.tfvars": "ha = true\n", "x.auto.tfvars": "days = 4\n"}, {"prod": (True, 4)}),
        (
            {"envs/prod/terraform.tfvars": "ha = true\n", "envs/dev/terraform.tfvars": "days = 2\n"},
            {"prod": (True, 1), "dev": (False, 2)},
        ),
        (
            {"vars/production/a.tfvars": "ha = true\n", "vars/production/b.tfvars": "days = 5\n"},
            {"production": (True, 5)},
        ),
        (
            {"common.tfvars": "days = 8\n", "prod.tfvars": "ha = true\n", "dev.tfvars": "ha = false\n"},
            {"prod": (True, 8), "dev": (False, 8)},
        ),
        ({"common.tfvars": "days = 8\n"}, {"common": (False, 8)}),
        ({"other.tfvars": "a = 1\nb = 2\n"}, {"default": (False, 1)}),
        ({"empty.tfvars": "# nothing\n"}, {"default": (False, 1)}),
    ],
)
def test_variable_files(files: dict[str, str], expected: dict[str, tuple[Any, Any]]) -> None:
    assert by_scenario({"main.tf": MAIN, **files}) == expected


def test_files_beside_a_root_belong_to_it_by_its_name() -> None:
    texts = {"stacks/orders/main.tf": MAIN, "tfvars/orders.tfvars": "ha = true\n", "tfvars/users.tfvars": "ha = true\n"}
    assert list(by_scenario(texts)) == ["orders"]


def test_a_file_belongs_to_the_nearest_root() -> None:
    texts = {"main.tf": MAIN, "inner/main.tf": MAIN, "inner/prod.tfvars": "ha = true\n"}
    roots, _ = scan(texts)
    assert {root.path: list(root.scenario_names()) for root in roots} == {".": ["default"], "inner": ["prod"]}


def test_command_line_and_settings() -> None:
    texts = {
        "infra/main.tf": MAIN,
        "infra/prod.tfvars": "ha = true\n",
        "infra/big.tfvars": "days = 30\n",
        "shared/extra.tfvars": "days = 12\n",
    }
    assert by_scenario(texts, var_files=("shared/extra.tfvars",)) == {"extra": (False, 12)}
    assert by_scenario(texts, variables={"days": "4"}, only=("prod",)) == {"prod": (True, "4")}
    configured = {
        "live": NamedScenario(var_files=("prod.tfvars", "/shared/extra.tfvars"), tier="production"),
        "elsewhere": NamedScenario(var_files=("nowhere.tfvars",)),
    }
    found = deployments(texts, scenarios=configured)
    assert [(d.name, d.tier) for d in found] == [("live", "production")]
    assert by_scenario(texts, scenarios=configured) == {"live": (True, 12)}


def test_a_variable_of_the_command_line_is_an_expression_where_its_type_asks_for_one() -> None:
    text = """
    variable "sizes" { type = map(number) }
    variable "name" { type = string }
    resource "testaws_store" "x" {
      days = var.sizes["a"]
      name = var.name
    }
    """
    found = store(text, variables={"sizes": "{ a = 3 }", "name": "[x]"})
    assert (found.properties["Days"], found.properties["Name"]) == (3, "[x]")


def test_variables_of_the_environment_are_weaker_than_every_file() -> None:
    surrounding = {"ha": "true", "days": "7", "nobody_knows": "x"}
    assert by_scenario({"main.tf": TYPED}, surrounding=surrounding) == {"default": (True, 7)}
    texts = {"main.tf": TYPED, "terraform.tfvars": "days = 30\n"}
    assert by_scenario(texts, surrounding=surrounding) == {"default": (True, 30)}
    assert by_scenario(texts, surrounding=surrounding, variables={"days": "5"}) == {"default": (True, 5)}


def test_a_variable_file_that_is_not_there_is_a_problem() -> None:
    roots, problems = scan({"main.tf": MAIN}, var_files=("nope.tfvars",))
    assert [d.name for root in roots for d in root.deployments()] == ["nope"]
    assert [p.path for p in problems] == ["nope.tfvars"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('terraform.workspace == "prod"', {"workspace": [True, False]}),
        ('contains(["prod", "live"], terraform.workspace)', {"workspace": [True, False]}),
        ("{ prod = true, dev = false }[terraform.workspace]", {"workspace": [False, True, "?"]}),
        ("lookup({ prod = true }, terraform.workspace, false)", {"workspace": [True, False]}),
        ('trimprefix(terraform.workspace, "app-") == "prod"', {"workspace": [True, False]}),
        ('local.env == "prod"', {"workspace": [True, False]}),
        ('"${terraform.workspace}-x" == "prod-x"', {"workspace": [True, False]}),
        ('upper(terraform.workspace) == "PROD"', {"upper(terraform.workspace)": [True, False]}),
    ],
)
def test_an_open_workspace_is_a_decision(expression: str, expected: object) -> None:
    deployment = only(
        f"""
        locals {{ env = terraform.workspace }}
        resource "testaws_store" "x" {{ multi_az = {expression} }}
        """
    )
    value = stores(deployment)["testaws_store.x"].properties["MultiAZ"]
    assert simple(value) == expected
    assert isinstance(value, Choice) and value.variable.real
    assert isinstance(deployment.environment, Choice)


def test_a_workspace_that_is_given() -> None:
    text = 'resource "testaws_store" "x" {\n multi_az = terraform.workspace == "prod"\n}\n'
    assert store(text, workspace="prod").properties["MultiAZ"] is True
    assert only(text, workspace="prod").environment == "prod"
    assert [d.name for d in deployments(text, only=("prod",))] == ["prod"]
    assert store(text, only=("prod",)).properties["MultiAZ"] is True


def test_the_environment_of_a_deployment() -> None:
    text = MAIN + 'variable "environment" {}\nlocals { p = var.environment == "prod" }\n'
    deployment = only(text)
    assert isinstance(deployment.environment, Choice)
    variable: Variable = deployment.environment.variable
    assert variable.real and variable.names_environment and variable.name == "environment"
    assert simple(deployment.environment) == {"environment": ["prod", False]}
    assert only({"main.tf": text, "terraform.tfvars": 'environment = "qa"\n'}).environment == "qa"
    assert only({"main.tf": text, "live.tfvars": 'environment = "x"\n'}).environment == "live"
    assert only({"main.tf": text, "eu.tfvars": 'environment = "qa"\n'}).environment == "qa"
    assert only({"main.tf": MAIN, "eu.tfvars": "ha = true\n"}).environment == "eu"
    assert only(MAIN).environment is None


def test_environments_of_the_settings_are_known() -> None:
    text = (
        'variable "x" {\n default = "a"\n validation {\n condition = contains(["blue", "green"], var.x)\n }\n}\n' + MAIN
    )
    assert only(text).environment is None
    found = only(text, environments=Environments(production=("blue",)))
    assert simple(found.environment) == {"x": ["blue", "green"]}


@pytest.mark.parametrize(
    ("validation", "values"),
    [
        ('contains(["dev", "prod"], var.env)', ["dev", "prod"]),
        ('contains(toset(["dev", "prod"]), var.env)', ["dev", "prod"]),
        ('var.env == "dev" || var.env == "prod"', ["dev", "prod"]),
        ('"dev" == var.env || (var.env == "prod" || var.env == "qa")', ["dev", "prod", "qa"]),
    ],
)
def test_enumerated_variables(validation: str, values: list[str]) -> None:
    text = f"""
    variable "env" {{
      validation {{
        condition     = {validation}
        error_message = "no"
      }}
    }}
    resource "testaws_store" "x" {{ name = var.env }}
    """
    roots, _ = scan(text)
    assert list(roots[0].scenario_names()) == ["default", *values]
    found = store(text)
    assert simple(found.properties["Name"]) == {"env": values}
    assert [d.name for d in deployments(text, only=("p*",))] == ["prod"]
    assert store(text, only=("prod",)).properties["Name"] == "prod"
    assert origins(found, "Name") == [("main.tf:2", "values of variable env")]


def test_values_that_come_of_one_decision_agree() -> None:
    found = store(
        """
        variable "env" {
          validation {
            condition = contains(["dev", "prod"], var.env)
          }
        }
        locals {
          sizes = { dev = { days = 1, ha = false }, prod = { days = 30, ha = true } }
          mine  = local.sizes[var.env]
        }
        resource "testaws_store" "x" {
          days     = local.mine.days
          multi_az = local.mine.ha
          name     = "orders-${var.env}"
        }
        """
    )
    assert simple(found.properties["Days"]) == {"env": [1, 30]}
    assert simple(found.properties["MultiAZ"]) == {"env": [False, True]}
    assert simple(found.properties["Name"]) == {"env": ["orders-dev", "orders-prod"]}
    variable = found.properties["Days"].variable
    parts = found.properties["Days"].parts
    lines = {inner: origins(found, "Days", assumptions={variable: among})[0][0] for among, inner in parts}
    assert lines == {1: "main.tf:8", 30: "main.tf:8"}
    prod = next(among for among, inner in parts if inner == 30)
    place = found.trace(("Days",), {variable: prod}).origins[0].location
    assert place.column == 61


@pytest.mark.parametrize("size", ["local.sizes[var.env].days", "try(local.sizes[var.env], local.sizes.dev).days"])
def test_each_alternative_has_its_own_way_to_a_value_that_they_share(size: str) -> None:
    found = store(
        f"""
        variable "env" {{
          validation {{
            condition = contains(["dev", "prod"], var.env)
          }}
        }}
        locals {{
          sizes = {{
            dev = {{ days = 1, class = "small" }}
            prod = {{ days = 1, class = "large" }}
          }}
        }}
        resource "testaws_store" "x" {{
          days = {size}
          name = "orders-${{local.sizes[var.env].class}}"
        }}
        """
    )
    assert found.properties["Days"] == 1
    variable = found.properties["Name"].variable
    lines = {
        value: origins(found, "Days", assumptions={variable: choice.only(value)})[0][0] for value in ("dev", "prod")
    }
    assert lines == {"dev": "main.tf:9", "prod": "main.tf:10"}


def test_too_many_alternatives_are_unknown() -> None:
    variables = "".join(f'variable "v{i}" {{ type = bool }}\n' for i in range(12))
    total = " + ".join(f"(var.v{i} ? {2**i} : 0)" for i in range(12))
    found = store(f'{variables}resource "testaws_store" "x" {{\n days = {total}\n}}\n')
    assert simple(found.properties["Days"]) == "?"
    assert "alternatives" in found.properties["Days"].because


def test_many_scenarios_are_capped_and_that_is_said() -> None:
    texts = {"main.tf": MAIN, **{f"s{i:02}.tfvars": f"days = {i}\n" for i in range(20)}}
    roots, _ = scan(texts)
    assert len(list(roots[0].deployments())) == 16
    assert [note.kind for note in roots[0].notes] == ["limit"]


def test_a_workspace_goes_with_the_scenario_of_its_name() -> None:
    texts = {
        "main.tf": MAIN + 'locals {\n big = terraform.workspace == "prod"\n}\n'
        'resource "testaws_store" "y" { multi_az = local.big }\n',
        "prod.tfvars": "ha = true\n",
        "eu.tfvars": "ha = true\n",
    }
    found = {d.name: simple(stores(d)["testaws_store.y"].properties["MultiAZ"]) for d in deployments(texts)}
    assert found == {"prod": True, "eu": {"workspace": [True, False]}}


@pytest.mark.parametrize(
    ("name", "type", "names"),
    [
        ("env", "string", True),
        ("environment", "", True),
        ("environment_name", "string", True),
        ("aws_environment", "string", True),
        ("app_env", "", True),
        ("stage", "string", True),
        ("environment", "map(string)", False),
        ("lambda_environment", "object({})", False),
        ("environments", "string", False),
        ("backstage", "string", False),
    ],
)
def test_names_of_environment_variables(name: str, type: str, names: bool) -> None:
    declared = f"type = {type}" if type else ""
    text = f'variable "{name}" {{\n {declared}\n}}\nlocals {{\n p = var.{name} == "prod"\n}}\n{MAIN}'
    assert isinstance(only(text).environment, Choice) is names


def test_a_variable_file_in_json_has_no_blocks() -> None:
    texts = {
        "main.tf": 'variable "data" {}\nresource "testaws_store" "x" { name = var.data.x }\n',
        "prod.tfvars.json": '{"data": {"x": "y"}}',
    }
    assert store(texts).properties["Name"] == "y"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('locals {\n  is_prod = var.env == "prod"\n}', ("prod",)),
        ('multi_az = contains(["prod", "live"], var.env)\nname = "production"', ("live", "prod")),
        ('multi_az = "prod" == var.env\nalias = "live"\nfolder = "dev"', ("dev", "prod")),
        ("retention = {\n  prod = 14\n  dev = 1\n}", ("dev", "prod")),
        ('retention = { "prod-eu" = 14, "prod-us" : 7 }\nalias = "live"', ("prod-eu", "prod-us")),
        ('env = "production"', ("production",)),
        ('multi_az = var.env != "dev"\nenv = "production"', ("dev", "production")),
        ('name = "orders-for-production"', ()),
    ],
)
def test_environments_that_the_code_speaks_of(text: str, found: tuple[str, ...]) -> None:
    assert environment_literals([text], Environments()) == found
