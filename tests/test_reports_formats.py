"""The reports that other programs read, each looked at by a reader that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pytest

from dblint.model import Problem, Unknown
from dblint.reports import FORMATS, json_lines, markdown
from dblint.reports.csv import COLUMNS
from dblint.result import Result
from tests.cli_support import ROOT, Call, write
from tests.fake_source import FakeRoot, database, deployment, result_of
from tests.report_support import everything, report, settings

AUDIT = everything(**settings('profile = "audit"'))
NOTHING = result_of({"main.tf": ""}, FakeRoot(path="envs", made=[deployment(database(), root="envs")]))

# Each character that some format, terminal or spreadsheet gives a meaning.
HOSTILE = [
    "\x1b[31mred\x1b[0m\x07",
    "two\nlines\r\n::error::forged",
    "</script><img src=x onerror=alert(1)>&amp;",
    "]]>--><!--",
    '=HYPERLINK("http://x","y")',
    "+1+1|cmd",
    "@SUM(A1)",
    "-2-3",
    'quote"comma,semi;',
    "[link](http://x) `code` | pipe **b** @somebody #1",
    "\u202eright to left\u2028\x00\udc80",
    "%0A%25",
]


def hostile(name: str) -> Result:
    """A run in which a name stands wherever a scanned file can put one."""
    file = f"dir/{name}.tf".replace("\0", "")
    db = database(address=name, file=file, MultiAZ=False, Tags={"env": "prod"})
    maybe = database(address=f"{name}2", file=file, line=7, StorageEncrypted=Unknown(name))
    root = FakeRoot(
        path=f"dir/{name}",
        made=[deployment(db, maybe, name=name, root=f"dir/{name}")],
        names=[name],
        problems=[Problem(f"{name}.tf", f"expected a block, found {name}", 1, 1, hint=name)],
    )
    return result_of({"main.tf": ""}, root, **settings('profile = "audit"'))  # type: ignore[arg-type]


def rows(result: Result) -> list[dict[str, str]]:
    text = report("csv", result)
    assert not text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def xml(result: Result) -> ElementTree.Element:
    return ElementTree.fromstring(report("junit", result).encode())


# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format, in our own words.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def gitlab(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(report("gitlab", result))
    jsonschema.Draft202012Validator(GITLAB).validate(found)
    fingerprints = [item["fingerprint"] for item in found]
    assert len(fingerprints) == len(set(fingerprints))
    return found


def test_json_lines_are_the_report_line_by_line() -> None:
    lines = [json.loads(line) for line in report("json-lines", AUDIT).splitlines()]
    whole = json.loads(report("json", AUDIT))
    for name, type in json_lines.TYPES.items():
        found = [{key: value for key, value in line.items() if key != "type"} for line in lines if line["type"] == type]
        assert found == whole[name], name
    assert [line["type"] for line in (lines[0], lines[-2], lines[-1])] == ["run", "coverage", "summary"]
    assert {**lines[0], **lines[-1], **lines[-2]}.items() >= {**whole["run"], **whole["coverage"]}.items()
    assert set(json_lines.TYPES) | {"schema_version", "tool", "run", "coverage", "summary"} == set(whole)


def test_gitlab() -> None:
    found = gitlab(everything())
    assert [(item["check_name"], item["severity"], item["location"]) for item in found] == [
        ("dblint-error", "blocker", {"path": "envs/broken.tf", "lines": {"begin": 3}}),
        ("rds-plaintext-master-password", "blocker", {"path": "envs/main.tf", "lines": {"begin": 3}}),
        ("rds-single-az", "critical", {"path": "envs/prod.tfvars", "lines": {"begin": 2}}),
    ]
    assert found[2]["description"].endswith("[prod] To cure it, set multi_az = true (decided at envs/prod.tfvars:2).")
    assert "info" in {item["severity"] for item in gitlab(AUDIT)}
    assert gitlab(NOTHING) == []


def test_junit() -> None:
    top = xml(everything())
    assert top.attrib == {"name": "dblint", "tests": "3", "failures": "2", "errors": "1", "skipped": "0"}
    errors, envs = list(top)
    assert (errors.get("name"), errors.get("errors")) == ("what could not be read", "1")
    assert [case.get("name") for case in envs] == [
        "rds-plaintext-master-password aws_db_instance.orders",
        "rds-single-az aws_db_instance.orders",
    ]
    case = envs[1]
    assert (case.get("classname"), case.get("file"), case.get("line")) == ("envs", "envs/prod.tfvars", "2")
    failure = case.find("failure")
    assert failure is not None and failure.text
    assert failure.get("type") == "high"
    assert "scenarios: fails: prod   passes: dev" in failure.text


def test_junit_of_a_sound_root_is_one_case_that_passes() -> None:
    top = xml(NOTHING)
    [suite] = top
    [case] = suite
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("envs", "1", "0")
    assert len(case) == 0


def test_junit_of_what_is_undetermined_is_skipped() -> None:
    top = xml(AUDIT)
    skipped = top.findall(".//skipped")
    assert top.get("skipped") == str(len(skipped)) and skipped
    assert "Broken if var.ha is false" in (skipped[0].get("message") or "")


def test_csv() -> None:
    found = rows(everything())
    assert [row["outcome"] for row in found] == ["error", "broken", "broken"]
    assert found[0] | {"file": "envs/broken.tf", "line": "3", "rule": ""} == found[0]
    row = found[2]
    assert (row["rule"], row["severity"], row["fails_in"], row["passes_in"]) == ("rds-single-az", "high", "prod", "dev")
    assert (row["file"], row["line"], row["column"]) == ("envs/prod.tfvars", "2", "19")
    assert tuple(row) == COLUMNS


def test_markdown() -> None:
    text = report("markdown", everything())
    assert text.startswith(
        "### dblint\n\n- **error** <code>envs/broken.tf:3</code>: <code>expected a block, found \\}</code>"
    )
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in table] == [6] * 4
    assert table[3].startswith("| high | <code>rds-single-az</code> | <code>aws\\_db\\_instance.orders</code> |")
    assert text.count("<details>") == text.count("</details>") == 2
    assert "Found 2 problems" in text


def test_markdown_is_cut_where_a_summary_would_be_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MOST", 1)
    text = report("markdown", everything())
    assert "rds-plaintext-master-password" in text and "rds-single-az" not in text
    assert "1 finding of less severity left out." in text
    assert "Found 2 problems" in text


def test_grouped() -> None:
    text = report("grouped", everything())
    lines = text.splitlines()
    assert lines[0] == "envs/main.tf"
    assert lines[1].startswith("  3:3  critical  rds-plaintext-master-password  aws_db_instance.orders: ")
    assert lines[2:4] == ["", "envs/prod.tfvars"]
    assert lines[4].startswith("  2:19  high  rds-single-az  aws_db_instance.orders: ")
    assert all(lines[number].endswith(" [prod]") for number in (1, 4))


def test_agent() -> None:
    text = report("agent", everything())
    assert text.startswith("dblint: 2 problems, exit code 2\n\nerror: envs/broken.tf:3:1: expected a block, found }\n")
    told = text[text.index("file: envs/prod.tfvars\n") :].splitlines()
    assert told[1] == "- 2:19 high rds-single-az"
    assert "  safe fix: set multi_az = true (decided at envs/prod.tfvars:2)" in told
    assert "  at: envs/main.tf:4:3 multi_az is false" in told
    assert "  fails in: prod" in told and "  passes in: dev" in told
    assert "hunter2" not in text


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("format", ["agent", "grouped", "markdown", "csv", "junit", "github", "concise", "full"])
def test_no_name_steers_a_terminal(format: str, name: str) -> None:
    text = report(format, hostile(name), coverage=True)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2028\u2029]", text), "but for tabs and line ends"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    result = hostile(name)
    gitlab(result)
    found = rows(result)
    assert len(found) == 1 + len(result.findings)
    for row in found:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    assert len(xml(result).findall(".//testcase")) == 1 + len(result.findings)
    for line in report("github", result).splitlines():
        assert re.match(r"::(error|warning|notice) [^\r\n]*?::", line)
    assert len(report("github", result).splitlines()) == 1 + len(result.findings)
    assert len(report("json-lines", result).splitlines()) == 1 + len(result.findings) + 1 + 2
    for line in report("agent", result).splitlines():
        assert re.match(r"$|dblint: |error: |file: |- \d+:\d+ |  [a-z ]+: ", line), line


@pytest.mark.parametrize("name", [*HOSTILE, "latin\udce9", "a:b", "..", "#?", "é 日本 😀"])
def test_a_place_of_sarif_is_the_file(name: str) -> None:
    """A relative reference that leads back to the path, byte by byte, also of one that is not UTF-8."""
    result = hostile(name)
    [run] = json.loads(report("sarif", result))["runs"]
    uris = {place["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"] for place in r["locations"]}
    assert {unquote_to_bytes(uri) for uri in uris} == {
        f"dir/{name}.tf".replace("\0", "").encode(errors="surrogateescape")
    }
    assert all(re.fullmatch(r"[\w.~%/-]+", uri, re.ASCII) for uri in uris)


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_has_no_mark_of_a_scanned_file(name: str) -> None:
    text = report("markdown", hostile(name))
    assert not re.search(r"<(?!/?(?:code|details|summary)>)", text)
    assert not re.search(r"(?<!\\)[\[\]`](?!\\)", text)
    cells = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in cells} == {6}
    mentions = re.sub(r"<code>.*?</code>", "", text)
    assert "@" not in mentions


@pytest.mark.parametrize("format", FORMATS)
def test_equal_bytes_from_any_folder_with_any_line_ends(dblint: Call, tmp_path: Path, format: str) -> None:
    for name, ends in (("unix", b"\n"), ("windows", b"\r\n")):
        (tmp_path / name / ".git").mkdir(parents=True)
        for file in (ROOT / "fixtures" / "environments").iterdir():
            write(tmp_path / name / "shop", {file.name: file.read_bytes().replace(b"\n", ends)})
    here = dblint("scan", "-v", "-f", format, cwd=tmp_path / "unix" / "shop")
    assert here.code == 1
    there = dblint("scan", "-f", format, str(tmp_path / "unix" / "shop"), cwd=Path("/"))
    windows = dblint("scan", "-f", format, "shop", cwd=tmp_path / "windows")
    assert here.out == there.out == windows.out
    assert str(tmp_path) not in here.out
