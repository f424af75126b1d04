"""What must not be shown: values of parameters with NoEcho, and what dynamic references stand for."""

from pathlib import Path

import pytest
from cfn_support import database, deployments, read

from dblint import HIGH, rule
from dblint.aws.rds import DBInstance
from dblint.graph import Graph
from dblint.judge import judge
from dblint.model import Choice, Ref, Unknown
from dblint.scenario import describe_condition, scenario_names
from dblint.settle import Judged, settle
from dblint.sources.cloudformation.values import bare

SECRET = "hush-hush-1234"
BEFORE = f"""
    Parameters:
      Password: {{Type: String, NoEcho: true, Default: {SECRET}}}
      Empty: {{Type: String, NoEcho: true, Default: ""}}
      Open: {{Type: String, NoEcho: "true"}}
    Conditions:
      Given: !Not [!Equals [!Ref Password, ""]]
      Weak: !Equals [!Ref Open, {SECRET}]
      Odd: !Equals [!Sub "${{Open}}", {SECRET}]
    """


@rule(severity=HIGH, category="exposure")
def readable_password(db: DBInstance) -> bool:
    """Password can be read."""
    return db.MultiAZ or db.MasterUserPassword.readable or db.Engine == "other"


@rule(severity=HIGH, category="availability")
def steered_by_a_secret(db: DBInstance) -> bool:
    """Something turns on a password."""
    return bool(db.MasterUserPassword) and not db.MultiAZ


RULES = [readable_password.named("readable", Path("r.py")), steered_by_a_secret.named("steered", Path("s.py"))]


def value(tmp_path, written: str, **wishes):
    (deployment,) = deployments(tmp_path, database(f"MasterUserPassword: {written}", BEFORE), **wishes)
    return deployment.resources[0].properties.get("MasterUserPassword")


@pytest.mark.parametrize(
    "written",
    [
        "!Ref Password",
        "!Sub 'x${Password}'",
        "!Join ['', [!Ref Password]]",
        "!If [Given, !Ref Password, x]",
        "!If [Weak, !Ref Open, x]",
        "!If [Odd, !Ref Open, x]",
        "{'Fn::Base64': !Ref Password}",
        "!Select [0, !Split [',', !Ref Password]]",
        "[{a: !Ref Password}]",
    ],
)
def test_a_hidden_text_is_in_no_value(tmp_path, written):
    assert SECRET not in repr(value(tmp_path, written))
    assert SECRET not in repr(value(tmp_path, written, variables={"Password": SECRET, "Open": SECRET}))


def test_a_hidden_default_stands_in_the_file(tmp_path):
    found = value(tmp_path, "!Ref Password", variables={"Password": SECRET})
    assert isinstance(found, Unknown)
    assert (found.is_set, found.exposed) == (True, True)


def test_a_hidden_parameter_without_a_value_is_a_secret(tmp_path):
    before = "Parameters: {P: {Type: String, NoEcho: true}}"
    (deployment,) = deployments(tmp_path, database("Value: !Ref P", before))
    found = deployment.resources[0].properties["Value"]
    assert (found.is_set, found.exposed) == (True, False)


def test_an_empty_hidden_default_is_known(tmp_path):
    assert value(tmp_path, "!Ref Empty") == ""


def test_a_hidden_parameter_can_be_asked_whether_it_is_given(tmp_path):
    found = value(tmp_path, "!If [Given, set, not-set]")
    assert isinstance(found, Choice)
    assert read(found, Password="") == "not-set"
    assert read(found, Password="its default") == "set"


@pytest.mark.parametrize(("given", "expected"), [("", "not-set"), (SECRET, "set")])
def test_a_hidden_text_that_was_given_decides(tmp_path, given, expected):
    assert value(tmp_path, "!If [Given, set, not-set]", variables={"Password": given}) == expected


def test_a_hidden_text_that_was_given_is_compared(tmp_path):
    assert value(tmp_path, "!If [Weak, weak, strong]", variables={"Open": SECRET}) == "weak"
    assert value(tmp_path, "!If [Weak, weak, strong]", variables={"Open": "other"}) == "strong"


@pytest.mark.parametrize("written", ["!Ref Password", "!If [Given, !Ref Password, x]", "!If [Weak, !Ref Open, plain]"])
def test_nothing_that_is_said_shows_it(tmp_path, written):
    """Findings, names of scenarios and conditions."""
    template = database(f"Engine: mysql\nMultiAZ: !If [Weak, true, false]\nMasterUserPassword: {written}", BEFORE)
    (deployment,) = deployments(tmp_path, template)
    graph = Graph(deployment)
    judged = [
        Judged(rule, resource, deployment, tuple(judge(rule, resource, graph)))
        for rule in RULES
        for resource in deployment.resources
    ]
    assert any(case.outcome == "broken" for item in judged for case in item.cases)
    for item in judged:
        for case in item.cases:
            said = [scenario_names("default", case.when), *map(describe_condition, case.breaks_if), case.because]
            assert SECRET not in repr(said)
    for finding in settle(judged, {}, {}):
        assert SECRET not in repr((finding.labels, finding.reasons, finding.actual, finding.failing, finding.breaks_if))


def test_a_password_in_a_dynamic_reference_is_not_exposed(tmp_path):
    found = value(tmp_path, "!Sub '{{resolve:secretsmanager:${Db}:SecretString:password}}'")
    assert isinstance(found, Ref)
    assert found.to == ("Db",)
    assert not found.value.exposed


def test_what_is_called_a_password_is_hidden_where_something_turns_on_it(tmp_path):
    """It has no NoEcho, so it is exposed all the same."""
    before = f"""
        Parameters: {{DbPassword: {{Type: String, Default: {SECRET}}}}}
        Conditions: {{Given: !Not [!Equals [!Ref DbPassword, ""]]}}
        """
    written = "MasterUserPassword: !If [Given, !Ref DbPassword, !Ref AWS::NoValue]"
    (deployment,) = deployments(tmp_path, database(written, before))
    found = deployment.resources[0].properties["MasterUserPassword"]
    assert SECRET not in repr(found)
    given = next(value for among, value in found.parts if "its default" in among.values)
    assert (given.is_set, given.exposed) == (True, True)


@pytest.mark.parametrize(
    ("written", "vaulted"),
    [
        ("'{{resolve:secretsmanager:db:SecretString:password}}'", True),
        ("!Sub '{{resolve:secretsmanager:${Db}:SecretString:password}}'", True),
        ("!Join ['', ['{{resolve:ssm-secure:', !Ref Db, '}}']]", True),
        ("'{{resolve:ssm:/db/password}}'", False),
        ("!GetAtt Db.Endpoint.Address", False),
    ],
)
def test_what_a_store_of_secrets_puts_in_place(tmp_path, written: str, vaulted: bool) -> None:
    found = bare(value(tmp_path, written))
    assert isinstance(found, Unknown)
    assert found.vaulted is vaulted
