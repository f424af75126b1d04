"""How properties are read: mappings by their entries, secrets in lists, words of nested objects."""

from __future__ import annotations

import pytest
from model_support import cases, outcome, thing

from dblint.finding import changes_of, reason, replaces, word
from dblint.judge import BROKEN, KEPT, UNDETERMINED
from dblint.model import Unknown, Value, Variable
from dblint.properties import Entries
from dblint.reading import Read
from dblint.rule_definition import Rule, Set, Unset
from tests.aws_support import resource


@pytest.mark.parametrize(
    ("written", "readable"),
    [
        ("secret", True),
        ("", False),
        (["secret"], True),
        ([""], False),
        ([], False),
        ([Unknown("random_password.x.result", is_set=True)], False),
        ([Unknown("random_password.x.result", is_set=True), "secret"], True),
        ([Unknown("parameter Password", exposed=True)], True),
    ],
)
def test_a_list_of_secrets_is_as_readable_as_its_items(written: Value, readable: bool) -> None:
    it = thing(source="cloudformation", Password=written)
    assert outcome(lambda t: t.Password.readable, it) == (BROKEN if readable else KEPT)


def test_a_mapping_that_is_not_there_has_no_entries() -> None:
    assert outcome(lambda t: not t.Params and t.Params.get("a", "1") == "1", thing()) == BROKEN


def test_an_entry_that_is_looked_at_is_evidence() -> None:
    found = cases(lambda t: t.Params.get("a") == "1" and t.Params.get("b") is None, thing(Params={"a": "1"}))
    reads = found[0].reads
    assert [(read.path, read.value, read.state) for read in reads] == [
        (("Params", "a"), "1", "known"),
        (("Params", "b"), None, "absent"),
    ]
    assert not any(isinstance(read.value, Entries) for read in reads)
    assert reason(reads[0]) == "params.a is 1"


def test_words_of_arguments_that_stand_in_the_resource_itself() -> None:
    emr = resource("AWS::EMR::Cluster", "it", "terraform")
    path = ("Instances", "MasterInstanceGroup", "InstanceCount")
    assert word(emr, path) == "master_instance_group.instance_count"
    assert word(resource("AWS::EMR::Cluster"), path) == "Instances.MasterInstanceGroup.InstanceCount"
    dynamodb = resource("AWS::DynamoDB::Table", "it", "terraform")
    assert word(dynamodb, ("StreamSpecification", "StreamEnabled")) == "stream_enabled"
    document = ("SecurityConfiguration", "EncryptionConfiguration")
    it = resource("AWS::EMR::SecurityConfiguration", "it", "terraform")
    assert word(it, document) == "configuration.EncryptionConfiguration"


def test_a_fix_of_a_nested_object_that_is_create_only_is_unsafe() -> None:
    fix = (Set(SSESpecification={"SSEEnabled": True}),)
    rule = Rule(bool, (), "high", "encryption", "", fix)
    assert replaces(rule, resource("AWS::DAX::Cluster"))
    assert not replaces(rule, resource("AWS::DynamoDB::Table"))


def test_a_fix_removes_what_is_written() -> None:
    rule = Rule(bool, (), "high", "validity", "", (Unset("SnapshotName", "SnapshotWindow"),))
    written = resource("AWS::ElastiCache::CacheCluster", SnapshotWindow="05:00-06:00")
    assert changes_of(rule, written) == ("remove SnapshotWindow",)
    assert not replaces(rule, written)
    assert replaces(rule, resource("AWS::ElastiCache::CacheCluster", SnapshotName="before"))


@pytest.mark.parametrize(
    ("source", "path", "value", "state", "told"),
    [
        ("terraform", ("DeletionPolicy",), "Delete", "known", "skip_final_snapshot is true"),
        ("terraform", ("DeletionPolicy",), "Snapshot", "absent", "skip_final_snapshot is not set, which means false"),
        ("cloudformation", ("DeletionPolicy",), "Delete", "known", "DeletionPolicy is Delete"),
        ("terraform", ("MultiAZ",), False, "absent", "multi_az is not set, which means false"),
        ("terraform", ("EnableCloudwatchLogsExports",), (), "absent", "enabled_cloudwatch_logs_exports is not set"),
        ("terraform", ("KmsKeyId",), None, "absent", "kms_key_id is not set"),
        ("terraform", ("production",), True, "known", "tag env is prod"),
    ],
)
def test_evidence_is_told_in_the_words_of_the_source(
    source: str, path: tuple[str, ...], value: Value, state: str, told: str
) -> None:
    db = resource("AWS::RDS::DBInstance", "db", source)
    assert reason(Read(db, path, value, state, note="tag env is prod")) == told


def test_one_variable_in_properties_of_two_kinds() -> None:
    shared = Unknown("var.x", is_set=True, variable=Variable("x", "x"))
    both = thing(Text=shared, Number=shared)
    assert outcome(lambda t: t.Text == "many" and t.Number > 7, both) == UNDETERMINED
    assert outcome(lambda t: t.Text == "8" and t.Number > 7, both) == UNDETERMINED
    assert outcome(lambda t: t.Text == "8" and t.Number <= 7, both) == KEPT


def test_a_variable_that_is_null_for_one_property_is_absent_for_another() -> None:
    shared = Unknown("var.x", variable=Variable("x", "x"))
    assert outcome(lambda t: t.Text is None and t.Number != 0, thing(Text=shared, Number=shared)) == KEPT
