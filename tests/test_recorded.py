"""Findings that are written down and read back, as other processes and later runs have them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dblint.disk import digest_of
from dblint.finding import Finding
from dblint.packs import load, own
from dblint.recorded import RecordedFinding, Text, findings_of, record_of
from dblint.records import replace
from dblint.scan.bundle import Bundle, Member, packed
from dblint.scan.evaluation import Evaluation
from dblint.scan.record import NotPlain, add, read, written
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


def whole(text: bytes) -> Text:
    return text, 0, len(text)


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
    (recorded,) = findings_of([head], [whole(text.replace(b"Label", b"Nobody"))], RULES)
    assert (recorded.place, recorded.fingerprint) == (finding.place, finding.fingerprint)
    with pytest.raises(LookupError):
        assert recorded.labels


def test_a_copy_is_a_finding_of_its_own(evaluation: Evaluation) -> None:
    finding = evaluation.findings[0]
    head, text = record_of(finding)
    (recorded,) = findings_of([head], [whole(text)], RULES)
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


@pytest.fixture(scope="module")
def members(evaluation: Evaluation) -> list[Member]:
    """Roots that asked some questions of their own, and some that others asked as well."""
    records = [written(evaluation), written(Evaluation()), written(Evaluation(ran={"x"}, files={"b.tf"}))]
    asked = [[("read", "a"), ("read", "b")], [], [("names", "c"), ("read", "b")]]
    return [Member(f"r{n}", f"basis {n}", asked[n], record) for n, record in enumerate(records)]


def answer(question: tuple[str, str]) -> bytes:
    return digest_of(repr(question).encode())


def opened(members: list[Member], changed: str = "") -> Bundle:
    """The members, after what some questions are about has changed."""

    def now(question: tuple[str, str]) -> bytes:
        return b"x" * 16 if question[1] == changed else answer(question)

    return Bundle(packed(members, answer), lambda *_: True, now, RULES)


@pytest.mark.parametrize(
    ("changed", "known"),
    [("", ["r0", "r1", "r2"]), ("a", ["r1", "r2"]), ("b", ["r1"]), ("c", ["r0", "r1"]), ("d", ["r0", "r1", "r2"])],
)
def test_a_bundle_holds_what_asked_nothing_that_has_changed(
    members: list[Member], changed: str, known: list[str]
) -> None:
    bundle = opened(members, changed)
    assert list(bundle.said) == known
    for member in members:
        if member.name in known:
            done, expected = Evaluation(), read(member.record, RULES)
            add(bundle.said[member.name], done)
            assert [values(f) for f in done.findings] == [values(f) for f in expected.findings]
            assert (done.files, done.ran, done.looked) == (expected.files, expected.ran, expected.looked)
            again = bundle.member(member.name)
            assert (again.name, again.basis, again.questions) == (member.name, member.basis, member.questions)
            assert again.record == member.record


def test_a_bundle_holds_nothing_for_who_hangs_on_something_else(members: list[Member]) -> None:
    bundle = Bundle(packed(members, answer), lambda name, basis: (name, basis) == ("r2", "basis 2"), answer, RULES)
    assert list(bundle.said) == ["r2"]


def test_what_can_not_have_changed_is_not_asked_again(members: list[Member]) -> None:
    asked = []

    def now(question: tuple[str, str]) -> bytes:
        asked.append(question)
        return b"x" * 16

    bundle = Bundle(packed(members, answer), lambda *_: True, now, RULES, lambda question: question[1] == "a")
    assert list(bundle.said) == ["r1", "r2"]
    assert asked == [("read", "a")]


@pytest.mark.parametrize("damage", [(b"\n", b" "), (b"[", b"{"), (b"rds-", b"?"), (b"]\n[", b""), (b"multi_az", b"")])
def test_what_is_no_bundle_is_refused(members: list[Member], damage: tuple[bytes, bytes]) -> None:
    value = packed(members, answer).replace(*damage)
    with pytest.raises((ValueError, LookupError, TypeError)):
        Bundle(value, lambda *_: True, answer, RULES)
