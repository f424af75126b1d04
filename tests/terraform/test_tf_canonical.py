"""Terraform's arguments as CloudFormation's properties: what is as good as absent, and what is one decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dblint.aws.rds import DBInstance
from dblint.choice import choose, only, other_than
from dblint.model import Assumptions, Choice, Path, Ref, Trace, Unknown, Value, Variable, no_trace
from dblint.sources.terraform.canonical import Canonical


class Written:
    """Arguments of a block as they are written."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values

    def value(self, name: str) -> Value:
        return self.values.get(name)

    def blocks(self, name: str) -> Value:
        return self.values.get(name, [])

    def tags(self) -> Value:
        return self.values.get("tags")

    def trace(self, path: Path, assumptions: Assumptions) -> Trace:
        return no_trace(path, assumptions)


def properties(**arguments: Any) -> Canonical:
    return Canonical(DBInstance, Written(arguments))


ENV = Variable("env", "env", real=True)
UNTYPED = Unknown("var.skip", variable=Variable("skip", "var.skip"))


@pytest.mark.parametrize("empty", ["", Ref(("aws_db_snapshot.last",), "")])
def test_the_provider_takes_an_empty_text_for_none(empty: Value) -> None:
    assert "DBSnapshotIdentifier" not in properties(snapshot_identifier=empty)
    assert properties(parameter_group_name=empty, db_parameter_group_name="ours")["DBParameterGroupName"] == "ours"
    restores = Written({"restore_time": empty})
    assert "RestoreTime" not in Canonical(DBInstance, Written({"restore_to_point_in_time": [restores]}))


def test_a_text_that_is_empty_in_one_alternative_is_absent_there() -> None:
    steered = choose(ENV, [(only("prod"), ""), (other_than("prod"), "last")])
    found = properties(snapshot_identifier=steered)["DBSnapshotIdentifier"]
    assert isinstance(found, Choice)
    assert [value for _, value in found.parts] == [None, "last"]


@pytest.mark.parametrize(
    ("written", "policy"), [(True, "Delete"), ("true", "Delete"), ("false", "Snapshot"), (None, None)]
)
def test_a_switch_takes_a_truth_or_its_text(written: Value, policy: str | None) -> None:
    assert properties(skip_final_snapshot=written).get("DeletionPolicy") == policy


def test_what_is_no_text_stays_as_it_is() -> None:
    found = properties(tags={"env": ""}, security_group_names=[""], password="", backup_retention_period=0)
    assert found["Tags"] == {"env": ""}
    assert found["DBSecurityGroups"] == [""]
    assert found["BackupRetentionPeriod"] == 0


def test_a_switch_that_nobody_knows_is_one_decision_for_all_that_it_steers() -> None:
    found = properties(skip_final_snapshot=UNTYPED)
    for name in ("DeletionPolicy", "UpdateReplacePolicy"):
        steered = found[name]
        assert isinstance(steered, Choice)
        assert steered.variable == UNTYPED.variable
        assert dict(steered.parts) == {only(True): "Delete", other_than(True): "Snapshot"}
