"""How a verdict is put into words."""

from __future__ import annotations

import pytest

from dblint.choice import choose, only
from dblint.graph import Graph
from dblint.model import Location, Trace, Unknown, Variable
from dblint.reading import Fork, Reading
from dblint.records import replace
from dblint.result import Result
from dblint.view import view_of
from tests.fake_source import FakeRoot, database, deployment, result_of
from tests.report_support import report, settings

WRITTEN = {
    "MultiAZ": Trace(Location("main.tf", 4, 3, 4, 30)),
    "MasterUserPassword": Trace(Location("main.tf", 5, 3, 5, 9)),
}
HA = Variable("var.ha", "var.ha", domain=(True, False))
ENV = Variable("Env", "Env", real=True, domain=("dev", "prod"), names_environment=True)


def told(*resources: object) -> Result:
    root = FakeRoot(made=[deployment(*resources)])  # type: ignore[arg-type]
    return result_of({"main.tf": "\n" * 9}, root, **settings('profile = "audit"'))  # type: ignore[arg-type]


def labels(result: Result, rule: str) -> list[str]:
    [finding] = [finding for finding in result.findings if finding.rule.id == rule]
    return [label.text for label in finding.labels]


def test_what_only_deployment_decides_may_be() -> None:
    steered = choose(HA, [(only(True), True), (only(False), False)])
    assert "multi_az may be false" in labels(told(database(MultiAZ=steered, trace=WRITTEN)), "rds-single-az")


def test_what_a_scenario_decides_is() -> None:
    steered = choose(ENV, [(only("prod"), False), (only("dev"), True)])
    assert "multi_az is false" in labels(told(database(MultiAZ=steered, trace=WRITTEN)), "rds-single-az")


def test_a_password_is_never_said() -> None:
    result = told(database(MasterUserPassword="hunter2hunter2", trace=WRITTEN))
    assert "password is set and can be read" in labels(result, "rds-plaintext-master-password")


def test_that_something_is_undetermined_is_said_once() -> None:
    result = told(database(MultiAZ=Unknown("var.ha")))
    open_ones = tuple(replace(f, breaks_if=(), because=("var.ha",)) for f in result.findings if f.breaks_if)
    for format in ("full", "agent", "concise", "grouped", "markdown"):
        text = report(format, replace(result, findings=open_ones))
        assert "ndetermined: var.ha" in text
        assert "ndetermined: undetermined" not in text


def test_an_edge_is_told_in_the_words_of_the_source() -> None:
    replica = database(SourceDBInstanceIdentifier=Unknown("var.source"))
    with pytest.raises(Fork) as fork:
        view_of(replica, Reading(), Graph(deployment(replica))).source_instance  # type: ignore[attr-defined]  # noqa: B018
    assert fork.value.variable.name == "replicate_source_db"
