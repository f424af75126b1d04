"""How a verdict is put into words."""

from pathlib import Path

import pytest

from dblint.aws.rds import DBCluster
from dblint.choice import choose, only
from dblint.finding import changes_of
from dblint.graph import Graph
from dblint.model import Location, Origin, Ref, Resource, Trace, Unknown, Variable
from dblint.reading import Fork, Reading
from dblint.records import replace
from dblint.result import Result
from dblint.rule_definition import HIGH, Set, rule
from dblint.view import view_of
from tests.fake_source import FakeRoot, database, deployment, result_of, with_packs
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


GROUPLESS = '''
from dblint import LOW, rule
from dblint.aws.rds import DBInstance

@rule(severity=LOW, category="fitness", about="DBParameterGroupName")
def groupless(db: DBInstance) -> bool:
    """It has the default parameters."""
    return db.DBParameterGroupName is None
'''


def test_what_names_nothing_is_decided_by_the_default_that_is_null(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "groupless.py").write_text(GROUPLESS, encoding="utf-8")
    default = Origin(Location("main.tf", 2, 3, 2, 7), "default of variable group")
    written = Location("main.tf", 6, 3, 6, 40)
    root = FakeRoot(made=[deployment(database(trace={"DBParameterGroupName": Trace(written, (default,))}))])
    result = result_of({"main.tf": "\n" * 9}, root, change=with_packs(tmp_path))
    assert labels(result, "mine-groupless")[:2] == ["default of variable group", "parameter_group_name is not set"]


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


def test_a_fix_that_the_source_has_no_word_for_is_none() -> None:
    exposed = rule(severity=HIGH, category="exposure", fix=Set(PubliclyAccessible=False, DeletionProtection=True))(
        is_public
    )
    cluster = Resource("AWS::RDS::DBCluster", "aws_rds_cluster.a", "terraform", {}, Location("main.tf", 1, 1, 1, 9))
    assert changes_of(exposed, cluster) == ("deletion_protection = true",)
    assert changes_of(exposed, replace(cluster, source="cloudformation"))[0] == "PubliclyAccessible: false"


def is_public(db: DBCluster) -> bool:
    """It is public."""
    return db.PubliclyAccessible


def test_what_lies_outside_is_named_so() -> None:
    replica = database(Engine=None, SourceDBInstanceIdentifier=Ref(("aws_db_instance.gone",)))
    with pytest.raises(Fork) as fork:
        assert view_of(replica, Reading(), Graph(deployment(replica))).engine == "mysql"  # type: ignore[attr-defined]
    assert fork.value.variable.name == "Engine of a resource outside"
