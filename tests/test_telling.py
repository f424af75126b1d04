"""How a verdict is put into words."""

from __future__ import annotations

from dblint.choice import choose, only
from dblint.model import Location, Ref, Trace, Unknown, Variable
from dblint.result import Result
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
    result = told(database(MultiAZ=Ref(("aws_x.y",), Unknown("aws_x.y"))), database("b", MultiAZ=Unknown("var.ha")))
    for format in ("full", "agent", "concise", "grouped", "markdown"):
        assert "ndetermined: undetermined" not in report(format, result)


def test_whether_something_is_copied_is_told_in_the_words_of_the_source() -> None:
    replica = database(SourceDBInstanceIdentifier=Unknown("var.source"), MultiAZ=False, StorageEncrypted=False)
    conditions = [condition for finding in told(replica).findings for condition in finding.breaks_if]
    assert conditions
    assert not any("SourceDBInstanceIdentifier" in condition for condition in conditions)
