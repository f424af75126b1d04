"""The acceptance tests of the command line's design (section 11), one by one and by their names."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from dblint.reports import FORMATS
from dblint.reports.style import cells
from tests.cli_support import ROOT, SOUND, TEMPLATE, TERRAFORM, Call, in_process_of_its_own, write
from tests.git_support import needs_git, repository
from tests.test_safety import observed

CRASHING = """\
from dblint import LOW, rule
from dblint.aws.rds import DBInstance


@rule(severity=LOW, category="fitness")
def crashes(db: DBInstance) -> bool:
    \"\"\"It crashes.\"\"\"
    raise ValueError("on purpose")
"""
OTHER = TERRAFORM.replace('"orders"', '"other"')
TREE = {
    "envs/main.tf": f"# dblint: ignore[rds-backups-disabled] useless\n{TERRAFORM}",
    "envs/more.tf": OTHER.replace("= true", "= var.unknown") + 'variable "unknown" {\n  type = bool\n}\n',
    "templates/t.yaml": TEMPLATE,
    "broken/main.tf": 'resource "aws_db_instance" {',
    "dblint.toml": 'extend-select = ["severity:medium"]\n',
    "envs/dblint.toml": "",
    ".git/HEAD": "",
}


# Missing path, unknown rule, unparsable file, empty folder, crashing rule: exit 2 each, with the name of the culprit.


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["no/such/folder"], "no/such/folder"),
        (["ok", "--select", "rds-singel-az"], "rds-singel-az"),
        (["unparsable"], "unparsable/main.tf"),
        (["empty"], "empty"),
        (["ok", "--rules", "pack", "--select", "rds-crashes"], "rds-crashes"),
        (["unreadable.yaml"], "unreadable.yaml"),
    ],
    ids=["missing path", "unknown rule", "unparsable file", "empty folder", "crashing rule", "unparsable template"],
)
def test_what_can_not_be_trusted_exits_with_2_and_names_the_culprit(
    dblint: Call, tmp_path: Path, arguments: list[str], culprit: str
) -> None:
    broken = TEMPLATE.replace("Engine: postgres", "Engine: [postgres")
    files = {"ok/main.tf": TERRAFORM, "unparsable/main.tf": 'resource "aws_db_instance" {', "unreadable.yaml": broken}
    write(tmp_path, {**files, "pack/rds/crashes.py": CRASHING, ".git/HEAD": ""})
    (tmp_path / "empty").mkdir()
    for more in ([], ["--exit-zero"]):
        ended = dblint("scan", *arguments, *more)
        assert (ended.code, culprit in ended.err) == (2, True), ended.err


# For every format: stdout parses when -v, progress and warnings are on.


class _Html(html.parser.HTMLParser):
    VOID = ("meta", "link", "input", "br", "hr", "img", "wbr", "path", "rect", "line", "circle", "use", "polyline")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def _html(text: str) -> None:
    parser = _Html()
    parser.feed(text)
    parser.close()
    assert text.startswith(("<!doctype html>", "<!DOCTYPE html>"))
    assert parser.open == []


def _lines(pattern: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        assert [line for line in text.splitlines() if line and not re.match(pattern, line)] == []

    return check


def _json_lines(text: str) -> None:
    for line in text.splitlines():
        json.loads(line)


SUMMARY = r"Found |  "
PLACE = r"[\w./-]+:\d+:\d+: "
PARSERS: dict[str, Callable[[str], Any]] = {
    "full": _lines(rf"(critical|high|medium|low)\[|\s|\d+ |\.\.\.|{SUMMARY}|Suppressed:|Not checked:"),
    "concise": _lines(rf"{PLACE}|{SUMMARY}"),
    "grouped": _lines(rf"[\w./-]+$|{SUMMARY}"),
    "agent": _lines(r"\S|\s"),
    "json": json.loads,
    "json-lines": _json_lines,
    "sarif": json.loads,
    "github": _lines(r"::(error|warning|notice) "),
    "gitlab": json.loads,
    "junit": ElementTree.fromstring,
    "markdown": _lines(r"[#|<*`_\w-]|\s"),
    "csv": lambda text: [len(row) for row in csv.reader(io.StringIO(text), strict=True)],
    "html": _html,
}


def test_every_format_is_looked_at() -> None:
    assert PARSERS.keys() == set(FORMATS)


@pytest.mark.parametrize("format", FORMATS)
def test_standard_output_parses_whatever_else_is_said(tmp_path: Path, format: str) -> None:
    """Standard error is a terminal that sees warnings, notes and progress; standard output is the report alone."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    write(tmp_path, TREE)
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import dblint.cli.bar as p; p._MOMENT = 0; "
        "from dblint.cli import main; sys.exit(main())"
    )
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "FORCE_COLOR": ""}
    command = [sys.executable, "-I", "-c", code, "scan", "-v", "-f", format]
    report = tmp_path.parent / "report"
    with (
        report.open("wb") as file,
        subprocess.Popen(command, cwd=tmp_path, stdout=file, stderr=theirs, env=environment) as process,
    ):
        os.close(theirs)
        seen = b"".join(_pieces(ours))
    os.close(ours)
    out = report.read_text(encoding="utf-8")
    assert process.returncode == 2
    assert b"warning" in seen and b"error" in seen and b"root: envs" in seen and b"/3" in seen, seen
    assert out
    PARSERS[format](out)
    assert "root: envs" not in out and "\x1b" not in out


def _pieces(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            return  # the other end is closed
        if not piece:
            return
        yield piece


# The bytes are equal for two runs, for two working directories, for jobs 1 and 8, for CRLF and LF sources.


@pytest.mark.parametrize("format", FORMATS)
def test_equal_bytes(dblint: Call, tmp_path: Path, format: str) -> None:
    write(tmp_path, TREE)
    (tmp_path / "templates/deep").mkdir()
    first = dblint("scan", "-f", format)
    assert first.code == 2 and first.out
    assert dblint("scan", "-f", format).out == first.out
    assert dblint("scan", "../..", "-f", format, cwd=tmp_path / "templates/deep").out == first.out
    for path, text in TREE.items():
        (tmp_path / path).write_bytes(text.replace("\n", "\r\n").encode())
    assert dblint("scan", "-f", format).out == first.out


@pytest.mark.parametrize("format", FORMATS)
def test_equal_bytes_whatever_the_jobs(tmp_path: Path, format: str) -> None:
    if "--jobs" not in in_process_of_its_own("scan", "--help", cwd=tmp_path).out:
        pytest.skip("there are no jobs yet")
    write(tmp_path, {**TREE, **{f"r{number}/main.tf": TERRAFORM for number in range(12)}})
    one, eight = (in_process_of_its_own("scan", "-f", format, "--jobs", jobs, cwd=tmp_path) for jobs in ("1", "8"))
    assert (one.code, one.out, one.err) == (eight.code, eight.out, eight.err)


# Insert 50 lines, reorder blocks, re-indent, move a resource to another file of the same module.

BLOCKS = [TERRAFORM, OTHER, SOUND.replace("orders", "sound"), 'variable "x" {\n  default = 1\n}\n']


@pytest.mark.parametrize(
    "change",
    [
        {"main.tf": "# words\n" * 50 + "\n".join(BLOCKS)},
        {"main.tf": "\n\n".join(reversed(BLOCKS))},
        {"main.tf": "\n".join(BLOCKS).replace("\n  ", "\n\t   \t").replace(" = ", "     =   ")},
        {"main.tf": "\n".join(BLOCKS[1:]), "zoo.tf": TERRAFORM},
        {"main.tf": "\n".join(BLOCKS).replace("\n", "\r\n")},
    ],
    ids=["50 lines", "another order", "another indentation", "another file", "other ends of lines"],
)
def test_fingerprints_stay(dblint: Call, tmp_path: Path, change: dict[str, str]) -> None:
    write(tmp_path, {"main.tf": "\n".join(BLOCKS)})
    before = _fingerprints(dblint)
    assert len(before) > 2
    for path, text in change.items():
        (tmp_path / path).write_bytes(text.encode())
    assert _fingerprints(dblint) == before


def _fingerprints(dblint: Call, *arguments: str) -> set[tuple[str, str]]:
    ended = dblint("scan", "-f", "json", *arguments, all_rules=True)
    assert ended.code in (0, 1), ended.err
    return {(finding["rule"], finding["fingerprint"]) for finding in json.loads(ended.out)["findings"]}


# Scan file by file equals scan by folder, as a set of findings.

PROJECT = {
    "root/main.tf": 'module "db" {\n  source = "../modules/db"\n  ha     = var.ha\n}\n',
    "root/variables.tf": 'variable "ha" {\n  type = bool\n}\n',
    "root/prod.tfvars": "ha = false\n",
    "modules/db/main.tf": TERRAFORM.replace("= false\n}", "= var.ha\n}\n"),
    "modules/db/variables.tf": 'variable "ha" {}\n',
    "modules/db/more.tf": OTHER,
    "templates/parent.yaml": TEMPLATE
    + "  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: child.yaml\n",
    "templates/child.yaml": TEMPLATE.replace("Orders", "Inner"),
    "settings.json": "{}\n",
    ".git/HEAD": "",
}


def test_file_by_file_is_the_folder(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    names = [name for name in PROJECT if not name.startswith(".git")]
    whole = _fingerprints(dblint)
    assert len({rule for rule, _ in whole}) > 3
    alone = [_fingerprints(dblint, name) for name in names]
    assert set().union(*alone) == whole
    for size in (2, 3, 5):
        batches = [names[start : start + size] for start in range(0, len(names), size)]
        assert set().union(*(_fingerprints(dblint, *batch) for batch in batches)) == whole


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("folder", ["terraform/terraform-aws-rds-aurora", "terraform/terraform-aws-dynamodb"])
def test_file_by_file_is_the_folder_of_real_code(dblint: Call, folder: str) -> None:
    corpus = ROOT.parent / "shared/corpus" / folder
    if not corpus.is_dir():
        pytest.skip("the corpus of real code is not beside the repository")
    suffixes = (".tf", ".tfvars", ".yaml", ".yml", ".json")
    names = sorted(path for path in corpus.rglob("*") if path.name.endswith(suffixes) and path.is_file())
    dblint = partial(dblint, cwd=corpus)  # which is the project, where there is no repository
    whole = _fingerprints(dblint)
    batches = [names[start : start + 8] for start in range(0, len(names), 8)]
    found = [_fingerprints(dblint, *map(str, batch)) for batch in batches]
    assert set().union(*found) == whole


# One definition called by 37 modules: one finding, 37 instances.


@pytest.mark.parametrize("root", ["one", "many"])
def test_one_definition_called_by_37_modules(dblint: Call, tmp_path: Path, root: str) -> None:
    calls = {number: f'module "db{number}" {{\n  source = "../db"\n}}\n' for number in range(37)}
    write(tmp_path, {"db/main.tf": TERRAFORM, ".git/HEAD": ""})
    if root == "one":
        write(tmp_path, {"root/main.tf": "\n".join(calls.values())})
    else:
        write(tmp_path, {f"root{number}/main.tf": text for number, text in calls.items()})
    found = json.loads(dblint("scan", "-f", "json").out)["findings"]
    assert [(finding["rule"], len(finding["instances"])) for finding in found] == [("rds-single-az", 37)]


# `multi_az = var.env == "prod"`: without values none in `default`; with two scenarios none if prod is true, a finding
# naming prod if it is false.


@pytest.mark.parametrize(
    ("sign", "scenarios", "failing"),
    [("==", False, None), ("==", True, None), ("!=", True, ["prod"])],
    ids=["no values", "prod is true", "prod is false"],
)
def test_multi_az_by_environment(
    dblint: Call, tmp_path: Path, sign: str, scenarios: bool, failing: list[str] | None
) -> None:
    text = TERRAFORM.replace("= false\n}", f'= var.env {sign} "prod"\n}}\nvariable "env" {{}}\n')
    files = {"main.tf": text}
    if scenarios:
        files |= {"prod.tfvars": 'env = "prod"\n', "dev.tfvars": 'env = "dev"\n'}
    write(tmp_path, files)
    found = json.loads(dblint("scan", "-f", "json").out)["findings"]
    assert [finding["scenarios"]["fail"] for finding in found] == ([failing] if failing else [])


# A bisect.py, click.py or dblint/ in the scanned folder is never executed, also under `python -P -m dblint`.


@pytest.mark.parametrize("name", ["bisect.py", "click.py", "json.py", "dblint/__init__.py", "dblint/cli/__init__.py"])
@pytest.mark.parametrize("safe", ["script", "-I", "-P"])
def test_nothing_of_the_scanned_folder_is_executed(tmp_path: Path, name: str, safe: str) -> None:
    if safe == "-P" and sys.version_info < (3, 11):
        pytest.skip("-P came with Python 3.11")
    trap = "import pathlib\npathlib.Path(__file__).with_suffix('.sprung').write_text('')\n"
    write(tmp_path, {"main.tf": TERRAFORM, name: trap})
    if safe == "script":
        ended = in_process_of_its_own("scan", "-f", "concise", cwd=tmp_path)
        code, out = ended.code, ended.out
    else:
        start = f"import sys, runpy; sys.path.append({str(ROOT)!r}); runpy.run_module('dblint', run_name='__main__')"
        arguments = [sys.executable, safe, "-c", start] if safe == "-I" else [sys.executable, "-P", "-m", "dblint"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [*arguments, "scan", "-f", "concise"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        code, out = done.returncode, done.stdout
    assert (code, "rds-single-az" in out) == (1, True)
    assert not list(tmp_path.rglob("*.sprung"))


# No socket is opened by scan, explain, rules, graph, baseline, config.


@needs_git
@pytest.mark.parametrize(
    "arguments",
    [
        ["scan"],
        ["scan", "-f", "html"],
        ["scan", "--staged"],
        ["explain", "rds-single-az"],
        ["rules", "--equivalents"],
        ["graph", "-f", "json"],
        ["baseline", "write"],
        ["baseline", "show", "--baseline", "known.json"],
        ["config", "show"],
        ["config", "init"],
        ["completion", "zsh"],
    ],
    ids=" ".join,
)
def test_no_socket_is_opened(tmp_path: Path, arguments: list[str]) -> None:
    known = '{"version": 1, "findings": []}'
    tree = repository(tmp_path / "tree", {"main.tf": TERRAFORM, "t.yaml": TEMPLATE, "known.json": known})
    seen, printed = observed(tree, tmp_path, *arguments)
    assert (seen["sockets"], seen["code"] in (0, 1)) == ([], True), printed


# Paths, names and reasons with non-ASCII text and a cp1252 or POSIX locale: no exception, correct carets.

WIDE = TERRAFORM.replace('"orders"', '"größe_日本"').replace(
    "  multi_az                  = false",
    '  tags = { Name = "日本語 ü" }, multi_az = false'.replace(", multi", "\n  multi"),
)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
@pytest.mark.parametrize("format", FORMATS)
def test_any_text_in_any_locale(tmp_path: Path, encoding: str, format: str) -> None:
    comment = "# dblint: ignore[rds-backups-disabled] weil es so ist — 日本\n"
    write(tmp_path, {"größe/日本/main.tf": comment + WIDE + OTHER, ".git/HEAD": ""})
    locale = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C" if encoding == "ascii" else "C.UTF-8"}
    ended = in_process_of_its_own("scan", "-f", format, "--show-suppressed", cwd=tmp_path, env=locale)
    assert (ended.code, "Traceback" in ended.err) == (1, False), ended.err
    assert ended.out


def test_carets_stand_below_what_they_mean(tmp_path: Path) -> None:
    """Columns of the terminal are cells: wide letters take two, combining ones none."""
    text = TERRAFORM.replace(
        "  multi_az                  = false", '  multi_az = "日本語é" == "x" ? true : false # 日本'
    )
    write(tmp_path, {"main.tf": text})
    ended = in_process_of_its_own("scan", cwd=tmp_path, env={"PYTHONIOENCODING": "utf-8"})
    lines = ended.out.splitlines()
    quoted = next(number for number, line in enumerate(lines) if "multi_az = " in line and "|" in line)
    source = lines[quoted]
    marks = next(line for line in lines[quoted + 1 :] if "^" in line)
    begin = cells(source[: source.index("false")])
    assert marks[begin : begin + 5] == "^^^^^", (source, marks)
    assert not marks[:begin].strip(" |")


@pytest.mark.parametrize("remark", ["# words", "   // words", "", "  "])
def test_remarks_are_not_meant(dblint: Call, tmp_path: Path, remark: str) -> None:
    write(tmp_path, {"main.tf": TERRAFORM.replace("= false\n}", f"= false{' ' if remark else ''}{remark}\n}}")})
    [finding] = json.loads(dblint("scan", "-f", "json").out)["findings"]
    [label] = [label for label in finding["labels"] if label["primary"]]
    assert label["end"] == {"line": 9, "column": len("  multi_az                  = false") + 1}
