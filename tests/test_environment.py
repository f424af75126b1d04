"""Which environment a resource serves: the order of evidence, words, and what is assumed."""

from __future__ import annotations

from typing import Any

import pytest
from model_support import cases, outcome, thing

from dblint.choice import choose, only
from dblint.environment import environment_of, tier_of, words
from dblint.judge import BROKEN, KEPT, UNDETERMINED
from dblint.model import Environments, Unknown, Variable
from dblint.view import View

ENV = Variable("env", "Env", real=True, names_environment=True)
ENVIRONMENTS = Environments()


def production(thing: Any) -> bool:
    return bool(thing.production)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ProdOrders-db_1", ["prod", "orders", "db", "1"]),
        ("aws_db_instance.orders[0]", ["aws", "db", "instance", "orders", "0"]),
        ("envs/staging", ["envs", "staging"]),
        ("DBProd", ["db", "prod"]),
        ("", []),
    ],
)
def test_words_of_identifiers(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("prod", True),
        ("orders-production-eu", True),
        ("PRD", True),
        ("live", True),
        ("dev", False),
        ("my-staging-db", False),
        ("qa1", False),
        ("product-catalogue", None),
        ("reproduction", None),
        ("delivery", None),
        ("developers", None),
        ("latest", None),
        ("orders", None),
        ("copy-of-prod-for-dev", None),
        ("non-prod", False),
        ("orders-nonprod", False),
        ("NonProduction", False),
        ("pre-production", False),
        ("preprod", False),
        ("prelive", False),
        ("preview", False),
        ("orders-stg", False),
        ("beta", False),
        ("alphabet", None),
        ("present", None),
        ("not-prod", False),
        ("prod-pre", True),
    ],
)
def test_whole_words_name_a_tier(text: str, tier: bool | None) -> None:
    assert tier_of(text, ENVIRONMENTS) is tier


def test_the_words_are_settings() -> None:
    settings = Environments(production=("main*",), development=("wip",))
    assert tier_of("mainnet-db", settings) is True
    assert tier_of("prod", settings) is None


@pytest.mark.parametrize(
    ("resource", "settings", "expected"),
    [
        ({}, {}, BROKEN),
        ({}, {"environment": "prod"}, BROKEN),
        ({}, {"environment": "dev"}, KEPT),
        ({}, {"root": "envs/dev"}, KEPT),
        ({}, {"root": "envs/dev/db", "environment": "prod"}, BROKEN),
        ({}, {"root": "live/test"}, KEPT),
        ({"Name": "orders-dev"}, {}, KEPT),
        ({"Name": "orders-dev"}, {"environment": "prod"}, BROKEN),
        ({"Name": Unknown("later")}, {}, BROKEN),
        ({"Tags": {"Environment": "staging"}}, {"environment": "prod"}, KEPT),
        ({"Tags": {"env": "prod"}, "Name": "dev"}, {"environment": "dev"}, BROKEN),
        ({"Tags": {"Environment": Unknown("var.env")}}, {"environment": "dev"}, KEPT),
        ({"Tags": Unknown("var.tags")}, {"environment": "dev"}, KEPT),
        ({"Tags": {"Purpose": "dev"}}, {}, BROKEN),
        ({"Tags": {"env": "prod"}}, {"tier": "development"}, KEPT),
        ({"Name": "dev"}, {"tier": "production"}, BROKEN),
    ],
)
def test_the_first_evidence_counts(resource: dict[str, Any], settings: dict[str, Any], expected: str) -> None:
    assert outcome(production, thing(**resource), **settings) == expected


def test_what_is_assumed_lowers_confidence_and_says_so() -> None:
    (case,) = cases(production, thing())
    assert [(read.confidence, read.note) for read in case.reads] == [
        ("medium", "assumed production: nothing names an environment")
    ]
    (named,) = cases(production, thing(), environment="prod")
    assert [read.confidence for read in named.reads] == ["high"]


@pytest.mark.parametrize(
    ("unnamed", "expected"), [("production", BROKEN), ("development", KEPT), ("unknown", UNDETERMINED)]
)
def test_what_holds_where_nothing_names_an_environment(unnamed: str, expected: str) -> None:
    assert outcome(production, thing(), environments=Environments(unnamed=unnamed)) == expected


def test_an_environment_that_a_parameter_chooses() -> None:
    environment = choose(ENV, [(only("prod"), "prod"), (only("dev"), "dev")])
    found = cases(production, thing(), environment=environment)
    assert {(case.outcome, case.when[ENV]) for case in found} == {(BROKEN, only("prod")), (KEPT, only("dev"))}


def test_others_are_not_production_where_the_code_names_it() -> None:
    environment = environment_of(ENV, ("prod",), ENVIRONMENTS)
    found = cases(production, thing(), environment=environment)
    assert {case.outcome: case.when[ENV].others for case in found} == {BROKEN: False, KEPT: True}


def test_others_are_assumed_where_the_code_names_development_only() -> None:
    environment = environment_of(ENV, ("dev",), ENVIRONMENTS)
    found = cases(production, thing(), environment=environment)
    assert {case.outcome: case.when[ENV].others for case in found} == {KEPT: False, BROKEN: True}


def test_production_by_name_is_more_than_an_assumption() -> None:
    def named(thing: View) -> bool:
        return thing.named_production

    assert outcome(named, thing()) == KEPT
    assert outcome(named, thing(Name="prod-x")) == BROKEN
    assert outcome(named, thing(Name="dev-x")) == KEPT
