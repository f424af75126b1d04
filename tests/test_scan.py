"""A run from end to end, on a source that says what it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dblint.model import Note, Origin, Problem, Trace, Unknown, Variable
from dblint.packs import PackError
from dblint.reading import Undetermined
from dblint.records import replace
from dblint.result import Result
from dblint.settings.lists import Selectors
from dblint.settings.values import Settings, SettingsError
from dblint.sources.base import Wishes
from tests.fake_source import FakeRoot, FakeSource, at, database, deployment, result_of, with_packs
from tests.settings_support import settings_of

BOTH = ["rds-backup-retention-short", "rds-single-az"]
FILES = {"main.tf": "", "other.tf": "", "sub/main.tf": ""}


def names(result: Result) -> list[str]:
    return [finding.rule.id for finding in result.findings]


def bad(**more: object) -> FakeRoot:
    """A root with one database without a standby (high) and with short backups (medium)."""
    return FakeRoot(made=[deployment(database(MultiAZ=False, BackupRetentionPeriod=1))], **more)  # type: ignore[arg-type]


def test_a_sound_database_has_no_findings() -> None:
    result = result_of(FILES, FakeRoot(made=[deployment(database())]))
    assert (result.findings, result.problems, result.exit_code, result.counts.resources) == ((), (), 0, 1)
    assert result.counts.files == 3


def test_findings_make_the_run_fail() -> None:
    result = result_of(FILES, bad())
    assert names(result) == BOTH
    assert result.exit_code == 1
    assert result.trusted


@pytest.mark.parametrize(
    ("text", "shown", "code"),
    [
        ('min-severity = "high"', ["rds-single-az"], 1),
        ('min-severity = "critical"', [], 1),
        ('fail-on = "critical"', BOTH, 0),
        ('fail-on = "high"', BOTH, 1),
        ('fail-on = "never"', BOTH, 0),
        ('select = ["rds-single-az"]', ["rds-single-az"], 1),
        ('ignore = ["rds-*"]', [], 0),
        ('ignore = ["category:recovery"]', ["rds-single-az"], 1),
        ('ignore = ["service:rds"]\nextend-select = ["rds-single-az"]', ["rds-single-az"], 1),
        ('select = ["severity:medium"]', ["rds-backup-retention-short"], 1),
        ('[rules.rds-single-az]\nseverity = "low"\n', BOTH, 1),
        (
            'fail-on = "high"\n[rules.rds-single-az]\nseverity = "low"',
            BOTH,
            0,
        ),
        ("[rules.rds-backup-retention-short]\nmin-days = 1", ["rds-single-az"], 1),
        ('[[overrides]]\npaths = ["main.tf"]\nextend-ignore = ["rds-single-az"]', ["rds-backup-retention-short"], 1),
        (
            '[[overrides]]\npaths = ["other.tf"]\nextend-ignore = ["ALL"]',
            BOTH,
            1,
        ),
        (
            'select = ["rds-single-az"]\n[[overrides]]\npaths = ["*.tf"]\nselect = ["rds-backup-*"]',
            ["rds-backup-retention-short"],
            1,
        ),
    ],
)
def test_what_settings_show_and_what_fails(text: str, shown: list[str], code: int) -> None:
    result = result_of(FILES, bad(), settings=settings_of(text))
    assert (names(result), result.exit_code) == (shown, code)


def test_what_is_hidden_is_counted() -> None:
    result = result_of(FILES, bad(), settings=settings_of('min-severity = "critical"'))
    assert result.counts.below_severity == 2


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('select = ["rds-single-ax"]', "unknown rule rds-single-ax; did you mean rds-single-az", 1),
        ('ignore = ["service:rdz"]', "unknown service in service:rdz; did you mean rds", 1),
        ('ignore = ["severity:hihg"]', "unknown severity in severity:hihg; did you mean high", 1),
        ('select = ["owner:me"]', "unknown selector owner:me: expected a name, a pattern, category:…", 1),
        ('select = ["nothing-*"]', "unknown rule nothing-*", 1),
        ('select = ["rds-single-az"]\nignore = ["ALL", "rds-single-az"]', "no rule is left", None),
        ('ruleset = "2020.1"', "all of them came later than the set 2020.1", None),
        ("\n[rules.rds-singel-az]\nseverity = 'low'", "unknown rule rds-singel-az; did you mean rds-single-az", 2),
        ("[rules.rds-single-az]\nmin-days = 3", "rules.rds-single-az: unknown key min-days", 1),
        ("[rules.rds-backup-retention-short]\nmin-day = 3", "unknown key min-day; did you mean min-days", 1),
        ("[rules.rds-backup-retention-short]\nmin-days = '3'", "min-days: expected a whole number", 1),
        ("[rules.rds-backup-retention-short]\nmin-days = true", "min-days: expected a whole number", 1),
        ("[rules.rds-backup-retention-short]\nmin-days = -1", "min-days: expected 0 or more", 1),
        ('[[ignores]]\nrules = ["rds-x"]\nreason = "y"', "unknown rule rds-x", 1),
        ('[[overrides]]\npaths = ["a"]\nselect = ["rds-x"]', "unknown rule rds-x", 1),
    ],
)
def test_settings_that_name_no_rule(text: str, message: str, line: int | None) -> None:
    with pytest.raises(SettingsError) as caught:
        result_of(FILES, bad(), settings=settings_of(text))
    [problem] = caught.value.problems
    assert message in problem.message
    assert problem.line == line


def test_unknown_rules_are_refused_even_where_there_is_nothing_to_judge() -> None:
    with pytest.raises(SettingsError, match="unknown rule rds-x"):
        result_of({}, settings=settings_of('ignore = ["rds-x"]'))


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        (Selectors(), Selectors(select=("rds-single-az",)), ["rds-single-az"]),
        (Selectors(select=("rds-backup-*",)), Selectors(select=("rds-single-az",)), ["rds-single-az"]),
        (Selectors(ignore=("rds-single-az",)), Selectors(select=("ALL",)), ["rds-backup-retention-short"]),
        (Selectors(ignore=("rds-single-az",)), Selectors(select=("rds-single-az",)), ["rds-single-az"]),
        (Selectors(ignore=("rds-single-az",)), Selectors(ignore=("rds-backup-*",)), ["rds-single-az"]),
        (Selectors(extend_ignore=("rds-single-az",)), Selectors(ignore=("rds-backup-*",)), ["rds-single-az"]),
        (
            Selectors(ignore=("rds-single-az",)),
            Selectors(extend_select=("rds-single-az",)),
            BOTH,
        ),
        (Selectors(extend_select=("rds-single-az",)), Selectors(extend_ignore=("rds-single-az", "rds-back*")), None),
        (
            Selectors(select=("rds-single-az",)),
            Selectors(extend_select=("service:rds",)),
            BOTH,
        ),
    ],
)
def test_the_command_line_over_the_file(file: Selectors, line: Selectors, expected: list[str] | None) -> None:
    result = result_of(FILES, bad(), settings=replace(Settings(), selectors=(file, line)))
    assert names(result) == (expected or [])


def test_one_defect_in_two_scenarios_is_one_finding() -> None:
    root = FakeRoot(
        made=[deployment(database(MultiAZ=False), name="prod"), deployment(database(MultiAZ=False), name="dev")],
        names=["prod", "dev"],
    )
    result = result_of(FILES, root)
    [finding] = result.findings
    assert (finding.failing, finding.passing) == (("prod",), ("dev",))
    assert result.scenarios == ("dev", "prod")


def test_named_files_are_the_focus() -> None:
    decided = Trace(at("main.tf", 2), (Origin(at("prod.tfvars", 1), "set in prod.tfvars"),))
    resources = [
        database("one", MultiAZ=False),
        database("two", file="other.tf", MultiAZ=False, trace={"MultiAZ": decided}),
        database("three", file="sub/main.tf", MultiAZ=False),
    ]
    root = FakeRoot(made=[deployment(*resources)])

    def addresses(named: Sequence[str], files: dict[str, str]) -> tuple[list[str], int]:
        result = result_of(files, root, named=named)
        return [finding.address for finding in result.findings], result.counts.elsewhere

    only_named = dict.fromkeys(["nowhere/x.tf"], "")
    assert addresses(["other.tf"], only_named) == (["aws_db_instance.two"], 2)
    assert addresses(["prod.tfvars"], only_named) == (["aws_db_instance.two"], 2)
    assert addresses(["main.tf"], only_named) == (["aws_db_instance.one", "aws_db_instance.two"], 1)
    assert addresses([], FILES)[1] == 0
    assert addresses(["other.tf"], {"sub/main.tf": ""}) == (["aws_db_instance.two", "aws_db_instance.three"], 1)


def test_unknown_values_are_not_findings_but_are_told() -> None:
    unknown = Unknown("var.ha", variable=Variable("var.ha", "var.ha", domain=(True, False)))
    root = FakeRoot(made=[deployment(database(MultiAZ=unknown))])
    result = result_of(FILES, root)
    assert (names(result), result.exit_code) == ([], 0)
    [doubt] = result.undetermined
    assert doubt.breaks_if == ("var.ha is false",)
    audit = result_of(FILES, root, settings=settings_of('profile = "audit"'))
    assert (names(audit), audit.exit_code) == (["rds-single-az"], 0)


def test_a_low_confidence_is_for_the_profile_audit() -> None:
    root = FakeRoot(made=[deployment(database(MultiAZ=False))])  # nothing names an environment: medium
    assert names(result_of(FILES, root, settings=settings_of('min-confidence = "medium"'))) == ["rds-single-az"]
    result = result_of(FILES, root, settings=settings_of('min-confidence = "high"'))
    assert (names(result), result.counts.below_confidence) == ([], 1)


def test_problems_and_notes_of_roots_and_sources_are_told() -> None:
    root = bad(problems=[Problem("b.tf", "broken", 3)], notes=[Note("c.tf", "not installed", "module", 4)])
    result = result_of(FILES, source=FakeSource(found=[root], problems=[Problem("a.tf", "not UTF-8", 1)]))
    assert [problem.path for problem in result.problems] == ["a.tf", "b.tf"]
    assert [note.path for note in result.notes] == ["c.tf"]
    assert (result.exit_code, result.trusted, len(result.findings)) == (2, False, 2)


@pytest.mark.parametrize("fault", [ValueError("no"), RecursionError(), Undetermined("escaped"), KeyError("x")])
def test_a_fault_in_one_root_leaves_the_others(fault: BaseException) -> None:
    broken = FakeRoot("broken", made=[deployment(database("early", MultiAZ=False))], fault=fault)
    result = result_of(FILES, broken, bad())
    [problem] = result.problems
    assert problem.path == "broken"
    assert problem.message.startswith(f"internal error while evaluating broken: {type(fault).__name__}")
    assert "report" in problem.hint
    assert result.exit_code == 2
    assert {finding.address for finding in result.findings} == {"aws_db_instance.early", "aws_db_instance.orders"}


def test_a_fault_of_a_source_is_named() -> None:
    result = result_of(FILES, source=FakeSource(fault=ValueError("no")))
    assert "internal error while evaluating terraform: ValueError: no" in result.problems[0].message


def test_a_trace_that_fails_takes_no_other_rule_along() -> None:
    def trace(path: Sequence[object], assumed: object) -> Trace:
        if path[0] == "MultiAZ":
            raise ValueError("lost")
        return Trace()

    resource = replace(database(MultiAZ=False, BackupRetentionPeriod=1), trace=trace)
    result = result_of(FILES, FakeRoot(made=[deployment(resource)]))
    assert names(result) == ["rds-backup-retention-short"]
    assert "ValueError: lost" in result.problems[0].message


CRASHING = '''
from dblint import HIGH, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="validity")
def crashing(db: DBInstance) -> bool:
    """It crashes."""
    return db.Engine / 2 == 1
'''


def test_a_crashing_rule_names_itself_its_file_and_the_resource(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "crashing.py").write_text(CRASHING)
    root = FakeRoot(made=[deployment(database("one", MultiAZ=False, line=7), database("two", MultiAZ=False))])
    result = result_of(FILES, root, change=with_packs(tmp_path))
    [problem] = result.problems
    assert (problem.path, problem.line) == ("main.tf", 7)
    assert problem.message.startswith(
        "rule mine-crashing (mine/crashing.py:9) crashed on aws_db_instance.one and 1 more: TypeError:"
    )
    assert problem.hint.startswith("tell the author of the rule")
    assert result.exit_code == 2
    assert names(result) == ["rds-single-az", "rds-single-az"]
    assert not (tmp_path / "mine" / "__pycache__").exists()


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such folder"):
        result_of(FILES, bad(), change=with_packs(tmp_path / "nothing"))


def test_nothing_to_scan_is_an_error_unless_it_may_be() -> None:
    result = result_of({"README.md": ""})
    assert result.exit_code == 2
    assert "nothing to scan" in result.problems[0].message
    assert "--allow-empty" in result.problems[0].hint
    assert result_of({"README.md": ""}, change=lambda request: replace(request, allow_empty=True)).exit_code == 0
    assert result_of({"docs/conf.yaml": ""}).exit_code == 0, "a file that may be a template is input"


def only(*wanted: str) -> Wishes:
    return Wishes(only=wanted)


def test_unknown_scenarios_are_refused() -> None:
    root = FakeRoot(made=[deployment(database(), name="prod")], names=["prod", "staging"])
    with pytest.raises(SettingsError) as caught:
        result_of(FILES, root, change=lambda request: replace(request, wishes=only("prdo")))
    [problem] = caught.value.problems
    assert problem.message == "unknown scenario prdo; did you mean prod?"
    assert problem.hint == "scenarios here: prod, staging"
    assert result_of(FILES, root, change=lambda request: replace(request, wishes=only("st*"))).exit_code == 0
