"""Findings that are written down and read back, as other processes and later runs have them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dblint.finding import Finding
from dblint.packs import load, own
from dblint.recorded import RecordedFinding, findings_of, record_of
from dblint.records import replace
from dblint.scan.evaluation import Evaluation
from dblint.scan.record import NotPlain, read, written
from dblint.settle import merge, order
from tests.cli_support import TEMPLATE, TERRAFORM, write
from tests.test_cache_runs import TREE

RULES = {rule.id: rule for rule in load([own()])}


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluation]:
    """What is found out of a module that is called, a root and a template."""
    from dblint.cli.request import asked_of
    from dblint.scan import run

    folder = tmp_path_factory.mktemp("project")
    write(folder, {**TREE, "other/main.tf": TERRAFORM, "t.yaml": TEMPLATE})
    found: list[Evaluation] = []
    evaluate = run.evaluate
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(run, "evaluate", lambda *given: (evaluate(*given), found.append(given[3])))
        run.run(asked_of({"paths": (".",), "configs": (), "isolated": False, "allow_empty": False}).request)
    yield found[0]


def values(finding: Finding) -> dict[str, object]:
    """All fields; of the rule the name, since each run loads rules of its own."""
    fields = {name: getattr(finding, name) for name in Finding.__fields__}  # type: ignore[attr-defined]
    return {**fields, "rule": finding.rule.id}


def test_what_is_read_back_is_what_was_written(evaluation: Evaluation) -> None:
    again = read(written(evaluation), RULES)
    assert len(again.findings) > 20
    for finding, recorded in zip(evaluation.findings, again.findings, strict=True):
        assert isinstance(recorded, RecordedFinding) and recorded.digest
        assert recorded.place == finding.place and order(recorded) == order(finding)
        assert values(recorded) == values(finding)
    for name in ("notes", "scenarios", "resources", "files", "concealed", "looked", "ran"):
        assert getattr(again, name) == getattr(evaluation, name)


def test_the_rest_is_read_when_it_is_asked_for(evaluation: Evaluation) -> None:
    finding = evaluation.findings[0]
    head, text = record_of(finding)
    (recorded,) = findings_of([head], [text.decode().replace("Label", "Nobody")], RULES)
    assert (recorded.place, recorded.fingerprint) == (finding.place, finding.fingerprint)
    with pytest.raises(LookupError):
        assert recorded.labels


def test_a_copy_is_a_finding_of_its_own(evaluation: Evaluation) -> None:
    finding = evaluation.findings[0]
    head, text = record_of(finding)
    (recorded,) = findings_of([head], [text.decode()], RULES)
    copy = replace(recorded, severity="critical")
    assert values(copy) == {**values(finding), "severity": "critical"}
    assert copy.place == finding.place
    assert getattr(copy, "digest", "") == ""
    assert not hasattr(recorded, "nothing")


def test_digests_tell_findings_apart(evaluation: Evaluation) -> None:
    digests = [record_of(finding)[0][-1] for finding in evaluation.findings]
    assert len(set(digests)) == len(digests)


def test_merged_findings_are_the_same(evaluation: Evaluation) -> None:
    again = read(written(evaluation), RULES)
    assert [values(f) for f in merge(again.findings)] == [values(f) for f in merge(evaluation.findings)]


def test_what_went_wrong_is_not_written(evaluation: Evaluation) -> None:
    wrong = Evaluation()
    wrong.fault("main.tf", ValueError("x"))
    with pytest.raises(NotPlain):
        written(wrong)


@pytest.mark.parametrize("record", [b"", b"[]", b"{}", b"[[[1,2]],[],[],[],[],[],[],[]]\t1"])
def test_what_is_no_record_is_refused(record: bytes) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        assert read(record, RULES)


def test_paths_that_are_no_utf8(tmp_path: Path) -> None:
    found = Evaluation()
    found.files.add("a\udcff.tf")
    assert read(written(found), RULES).files == {"a\udcff.tf"}
