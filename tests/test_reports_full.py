"""The reports for people: what they quote, how they mark it, and what they keep to themselves."""

from __future__ import annotations

import io
import os
import re

import pytest

from dblint.baseline import Entry
from dblint.cli.terminal import style_of
from dblint.finding import Label
from dblint.model import Location
from dblint.records import replace
from dblint.reports.quote import Quotes, masked
from dblint.reports.style import Style, cells
from dblint.reports.words import first_sentence, listed, number
from dblint.sources.files import Files
from tests.fake_source import FakeRoot, at, database, deployment, result_of
from tests.report_support import TEXTS, everything, report, settings

SINGLE_AZ = """\
high[rds-single-az]: aws_db_instance.orders: Production database has no standby in a second Availability Zone.
 --> envs/prod.tfvars:2:19
  |
2 | orders_multi_az = false
  |                   ^^^^^ set for variable orders_multi_az in prod.tfvars
 ::: envs/main.tf:4:3
  |
1 | resource "aws_db_instance" "orders" {
  | ------------------------------------
...
4 |   multi_az = var.orders_multi_az
  |   ------------------------------ multi_az is false
  |
  = why: """

SUMMARY = """\
Found 2 problems in 3 database resources (scenarios dev, prod; 2 files)
  critical 1  high 1
  hidden: 1 suppressed
  not checked: 1 finding undetermined until deployment, 1 module not installed: --show-coverage
  1 error: this result is not complete
"""


def test_a_finding_is_shown_where_its_value_comes_from() -> None:
    text = report("full", everything())
    assert SINGLE_AZ in text
    block = text[text.index(SINGLE_AZ) :].split("\n\n")[0]
    assert "\n  = evidence: the environment is prod\n" in block
    assert "\n  = scenarios: fails: prod   passes: dev\n" in block
    assert "\n  = help: set multi_az = true (decided at envs/prod.tfvars:2)\n" in block
    assert block.endswith("\n  = docs: dblint explain rds-single-az")
    assert "confidence" not in block


def test_the_summary_says_what_is_hidden() -> None:
    assert report("full", everything()).endswith("\n\n" + SUMMARY)
    assert report("concise", everything()).endswith("\n" + SUMMARY)


def test_quiet_is_findings_alone() -> None:
    assert "Found" not in report("full", everything(), quiet=True)
    assert len(report("concise", everything(), quiet=True).splitlines()) == 2


def test_concise() -> None:
    lines = report("concise", everything()).splitlines()
    assert lines[0] == (
        "envs/main.tf:3:3: critical rds-plaintext-master-password aws_db_instance.orders: "
        "Master password can be read by whoever can read the code or the stack. [prod]"
    )
    assert lines[1].startswith("envs/prod.tfvars:2:19: high rds-single-az aws_db_instance.orders: Production")


def test_coverage_and_suppressed_are_listed_on_request() -> None:
    text = report("concise", everything(), coverage=True, suppressed=True)
    assert (
        "Suppressed:\n"
        "  envs/main.tf:8:1: high rds-single-az aws_db_instance.reports (rebuilt nightly; envs/main.tf:7)\n"
    ) in text
    assert (
        "Not checked:\n"
        "  envs/main.tf:11:1: high rds-single-az aws_db_instance.maybe: Production database has no standby in a second "
        "Availability Zone. Broken if var.ha is false\n"
        "  envs/main.tf:12: module.cache is not installed (run `terraform init`)\n"
    ) in text


def test_undetermined_findings_of_the_profile_audit() -> None:
    result = everything(**settings('profile = "audit"'))
    assert "  = undetermined: broken if var.ha is false\n" in report("full", result)
    assert "Broken if var.ha is false [prod]\n" in report("concise", result)


def test_an_assumed_environment_is_said() -> None:
    result = result_of({"main.tf": ""}, FakeRoot(made=[deployment(database(MultiAZ=False))]))
    text = report("full", result)
    assert "  = evidence: assumed production: nothing names an environment\n" in text
    assert "  = confidence: medium\n" in text
    assert "scenarios" not in text


@pytest.mark.parametrize("format", ["full", "concise", "json", "sarif", "github"])
def test_no_report_shows_a_secret(format: str) -> None:
    assert "hunter2" not in report(format, everything(), coverage=True, suppressed=True)
    assert "password = ****" not in TEXTS["envs/main.tf"]


def test_why_is_said_once() -> None:
    resources = [database("one", MultiAZ=False), database("two", MultiAZ=False)]
    text = report("full", result_of({"main.tf": ""}, FakeRoot(made=[deployment(*resources)])))
    assert text.count("= why: ") == 1
    assert text.count("= docs: ") == 2


def test_the_root_is_said_where_no_place_tells_it() -> None:
    there = database("x", file="modules/db/main.tf", MultiAZ=False)
    for folder, said in (("envs/live", True), ("modules/db", False), (".", False)):
        text = report(
            "full", result_of({there.location.file: ""}, FakeRoot(folder, made=[deployment(there, root=folder)]))
        )
        assert ("= root: envs/live" in text) is said


def test_instances_of_one_definition() -> None:
    resources = [
        replace(database(address=f'module.db["{n}"].aws_db_instance.x', MultiAZ=False), definition="d")
        for n in range(7)
    ]
    text = report("full", result_of({"main.tf": ""}, FakeRoot(made=[deployment(*resources)])))
    assert text.count("high[rds-single-az]: module.db.aws_db_instance.x:") == 1
    assert '= instances: module.db["0"].aws_db_instance.x, ' in text
    assert "and 2 more" in " ".join(text.split())


def test_what_can_not_be_quoted_is_still_told() -> None:
    resource = database(file="../elsewhere/main.tf", MultiAZ=False)
    text = report("full", result_of({"main.tf": ""}, FakeRoot(made=[deployment(resource)])))
    assert "--> ../elsewhere/main.tf:1:1\n" in text
    assert "| line 1: multi_az is false" in text


def frame_of(line: str, column: int, end: int, style: Style | None = None) -> list[str]:
    """The quoted line and its mark."""
    location = Location("main.tf", 1, column, 1, end)
    resource = replace(database(MultiAZ=False), location=location)
    result = result_of({"main.tf": line}, FakeRoot(made=[deployment(resource)]))
    files = Files.of({"main.tf": line})
    text = report("full", result, files=files, style=style or Style())
    return [found for found in text.splitlines() if found.startswith(("1 | ", "  | "))][:2]


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "mark"),
    [
        ("abc def", 5, 8, "abc def", "    ^^^"),
        ("\tabc def", 6, 9, "    abc def", "        ^^^"),
        ("日本 def", 4, 7, "日本 def", "     ^^^"),
        ("de\N{COMBINING ACUTE ACCENT}f abc", 6, 9, "de\N{COMBINING ACUTE ACCENT}f abc", "    ^^^"),
        ("abc", 10, 12, "abc", "   ^"),
        ("abc def  ", 5, 99, "abc def", "    ^^^"),
        ("abc\r", 1, 4, "abc", "^^^"),
        ("\x1b[31mred", 6, 9, "\N{REPLACEMENT CHARACTER}[31mred", "     ^^^"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b c", 5, 6, "a\N{REPLACEMENT CHARACTER}b c", "    ^"),
    ],
)
def test_marks_stand_below_what_they_mark(line: str, column: int, end: int, shown: str, mark: str) -> None:
    quoted, marked = frame_of(line, column, end)
    assert quoted == f"1 | {shown}"
    assert marked.startswith(f"  | {mark} ")


@pytest.mark.parametrize(
    ("line", "marked", "secret", "shown"),
    [
        ('password = "very-long-secret" # do better', '"very-long-secret"', True, '"****"'),
        ('password = "x" # do better', '"x"', True, '"****"'),
        ('password = "x" # do better', "better", True, "better"),
        ('password = "very-long-secret"', "password", True, "password"),
        ('password = "very-long-secret"', "long", True, "****"),
        ('password = lookup(x, "password", "a") ? [each.value] : []', "each.value", False, "each.value"),
        ('url = "postgres://app:hunter22@db/x" # it', "# it", False, "# it"),
        ('password = "very-long-secret"', 'password = "very-long-secret"', True, 'password = "****"'),
    ],
)
def test_marks_stand_where_they_are_meant_in_a_masked_line(line: str, marked: str, secret: bool, shown: str) -> None:
    column = line.index(marked) + 1
    place = Location("main.tf", 1, column, 1, column + len(marked))
    quotes = Quotes(Files.of({"main.tf": line}))
    label = Label(place, "", secret=secret)
    quoted = quotes.line(label)
    assert quoted is not None and quoted != line
    start, end = quotes.span(label, quoted)
    assert quoted[start:end] == shown


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_marks_stand_below_what_they_mark_in_poor_encodings(encoding: str) -> None:
    quoted, marked = frame_of("日本é def", 5, 8, Style(encoding=encoding))
    assert quoted.isprintable() and quoted.encode(encoding)
    assert quoted.index("def") == marked.index("^")


def test_a_long_line_is_cut_around_its_mark() -> None:
    quoted, marked = frame_of("x" * 500 + "THIS" + "y" * 500, 501, 505)
    assert cells(quoted) < 180
    assert quoted.index("THIS") == marked.index("^")
    assert "\N{HORIZONTAL ELLIPSIS}" in quoted


def test_colours_are_only_painted_on_request() -> None:
    assert "\x1b[" not in report("full", everything())
    painted = report("full", everything(), style=Style(colour=True))
    assert "\x1b[31mhigh[rds-single-az]\x1b[0m" in painted
    assert "\x1b[31m^^^^^ set for variable orders_multi_az in prod.tfvars\x1b[0m" in painted
    assert re.sub("\x1b\\[[0-9;]*m", "", painted) == report("full", everything())


def test_what_is_primary_has_the_colour_of_its_severity() -> None:
    result = everything()
    result = replace(result, findings=tuple(replace(f, severity="medium") for f in result.findings))
    assert "\x1b[33m^^^^^ set for" in report("full", result, style=Style(colour=True))


def test_remarks_stand_below_the_bar_where_a_later_line_has_more_figures() -> None:
    finding = replace(
        everything().findings[0], labels=tuple(Label(at("a.tf", n), "x", primary=n == 1) for n in (*range(1, 9), 1234))
    )
    lines = report("full", replace(everything(), findings=(finding,))).splitlines()
    bar = next(line for line in lines if line.strip() == "|")
    why = next(line for line in lines if " = why:" in line)
    assert bar.index("|") == why.index("=")


@pytest.mark.parametrize(
    ("value", "hcl", "shown"),
    [
        ('"hunter2"', True, '"****"'),
        ("var.password", True, "var.password"),
        ("random_password.db.result", True, "random_password.db.result"),
        ('"${var.password}"', True, '"${var.password}"'),
        ('"pre-${var.password}"', True, '"****"'),
        ('base64encode("hunter2")', True, 'base64encode("****")'),
        ('var.x == "" ? "hunter2" : "hunter3"', True, 'var.x == "" ? "****" : "****"'),
        ('"${f("hunter2")}"', True, "****"),
        ('""', True, '""'),
        ('"hunter2', True, '"****"'),
        ("12345678", True, "****"),
        ("{ for k, v in var.users : k => v }", True, "{ for k, v in var.users : k => v }"),
        ("true", True, "true"),
        ("<<EOT", True, "<<EOT"),
        ("hunter2", False, "****"),
        ("hunter2.secret", False, "****"),
        ('"hunter2",', False, '"****",'),
        ("!Ref Password", False, "!Ref Password"),
        ("!GetAtt Secret.Value", False, "!GetAtt Secret.Value"),
        ('!Sub "pre-${Password}"', False, "****"),
        ('"{{resolve:secretsmanager:x}}"', False, '"{{resolve:secretsmanager:x}}"'),
        ('{"Ref": "Password"},', False, '{"Ref": "Password"},'),
        ("|", False, "|"),
    ],
)
def test_masks(value: str, hcl: bool, shown: str) -> None:
    assert masked(value, hcl) == shown


@pytest.mark.parametrize(
    ("line", "secret", "shown"),
    [
        ('  password = "hunter2"', False, '  password = "****"'),
        ('  auth_token = "hunter2"', False, '  auth_token = "****"'),
        ('  "MasterUserPassword": "hunter2",', False, '  "MasterUserPassword": "****",'),
        ('  default = "hunter2"', False, '  default = "hunter2"'),
        ('  default = "hunter2"', True, '  default = "****"'),
        ('  - "hunter2"', True, '  - "****"'),
        ('  secret_arn = "arn:aws:x"', False, '  secret_arn = "arn:aws:x"'),
        ("  manage_master_user_password = true", False, "  manage_master_user_password = true"),
        ('  url = "postgres://app:hunter2@db/x"', False, '  url = "postgres://app:****@db/x"'),
        ('variable "db_password" {', True, 'variable "db_password" {'),
    ],
)
def test_quoted_lines_are_masked(line: str, secret: bool, shown: str) -> None:
    assert Quotes(Files.of({"main.tf": line})).line(Label(at(), "", secret=secret)) == shown


def test_very_long_lines_are_not_quoted() -> None:
    line = "a." * 500_000 + 'password = "hunter2"'
    assert Quotes(Files.of({"main.tf": line})).line(Label(at(), "")) is None


def test_installed_modules_are_not_quoted() -> None:
    path = ".terraform/modules/db/main.tf"
    assert Quotes(Files.of({path: "x"})).line(Label(at(path), "")) is None


def test_words() -> None:
    assert (number(1, "file"), number(2, "file"), number(1200, "entry", "entries")) == (
        "1 file",
        "2 files",
        "1,200 entries",
    )
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more"
    assert first_sentence("One thing. Another.") == "One thing."
    assert first_sentence("") == ""


def test_what_is_known_already_and_what_is_gone_is_counted() -> None:
    result = everything()
    one, two = result.findings[:2]
    entry = Entry("0" * 32, "rds-single-az", "envs", "aws_db_instance.gone", "2026-01-01")
    known = replace(
        result, findings=(one,), change="main", unchanged=(two,), fixed=(two, one), stale=(entry,), baselined=(one,)
    )
    for format in ("full", "concise", "grouped"):
        text = report(format, known)
        assert "Found 1 new problem in 3 database resources" in text
        assert "  fixed: 2 problems\n" in text
        assert "  gone: 1 entry of the baseline (dblint baseline prune)\n" in text
        assert "1 in baseline, 1 unchanged" in text
    assert "Found no new problems" in report("full", replace(known, findings=()))
    page = report("html", known)
    for heading in ("Fixed (2)", "Unchanged (1)", "In the baseline (1)", "1 new problem in 3 database resources"):
        assert heading in page


@pytest.mark.parametrize("format", ["full", "concise", "grouped"])
def test_statistics(format: str) -> None:
    resources = [database(name, MultiAZ=False) for name in ("one", "two")]
    result = result_of({"main.tf": ""}, FakeRoot(made=[deployment(*resources)]))
    assert "Findings by rule:\n  2  high      rds-single-az\n\n" in report(format, result, statistics=True)
    assert "Findings by rule" not in report(format, result)
    assert "Findings by rule" not in report(format, result_of({"main.tf": ""}, FakeRoot()), statistics=True)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_prose_is_wrapped_where_the_terminal_ends(width: int) -> None:
    """Sources and what is said beside them are not: they are looked at in their columns."""
    text = report("full", everything(), style=Style(width=width))
    prose = [line for part in re.findall(r"(?m)^ +(= why:(?:.*\n {6,})*.*)", text) for line in part.split("\n")]
    assert len(prose) > 2
    assert all(len(line) <= width for line in prose)


def test_columns_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        for columns, width in ((40, 60), (80, 80), (200, 100), (0, 100)):
            fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            assert style_of(stream, "never").width == width
    os.close(ours)
    assert style_of(io.StringIO(), "never").width == 100
