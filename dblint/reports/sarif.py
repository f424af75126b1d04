"""The result as SARIF 2.1.0, for code scanning services."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from urllib.parse import quote

from dblint import __version__
from dblint.finding import Finding, Label
from dblint.judge import BROKEN
from dblint.model import Location, Problem
from dblint.reports.shown import Shown
from dblint.reports.words import doubt, help_of, message, sentence
from dblint.result import Result, Suppressed
from dblint.rule_definition import SEVERITIES, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PROJECT = "https://pypi.org/project/dblint/"
MOST_RESULTS = 5000
_MOST_RELATED = 20
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_PROBLEM_SEVERITIES = {"critical": "error", "high": "error", "medium": "warning", "low": "recommendation"}
_SECURITY_SEVERITIES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
_SECURITY = ("encryption", "exposure")


def render(result: Result, shown: Shown) -> str:
    """One log with one run and a newline, in ASCII. Suppressed results only where they were asked for."""
    run = {
        "tool": {"driver": _driver(result)},
        "automationDetails": {"id": _automation(result.roots)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": _base(shown)},
        "invocations": [_invocation(result)],
        "results": _results(result, shown),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _base(shown: Shown) -> dict[str, Any]:
    """What paths are relative to. The format has absolute paths in this one place, and all others relative to it, so
    that services that know the repository by its own paths still find them."""
    base: dict[str, Any] = {"description": {"text": "The folder that holds the project"}}
    return {"uri": f"file://{quote(_with_slashes(shown.project))}", **base} if shown.project else base


def _with_slashes(folder: str) -> str:
    """A folder as the path of a URI, with "/" at both ends."""
    return f"/{folder.replace(os.sep, '/').strip('/')}/".replace("//", "/")


def _automation(roots: Sequence[str]) -> str:
    return f"dblint/{roots[0]}/" if len(roots) == 1 else "dblint/"


def _driver(result: Result) -> dict[str, Any]:
    return {
        "name": "dblint",
        "semanticVersion": __version__,
        "informationUri": PROJECT,
        "rules": [_rule(rule, result) for rule in result.rules],
    }


def _rule(rule: Rule, result: Result) -> dict[str, Any]:
    explanation = result.explanations[rule.id]
    markdown = explanation.text or rule.message
    properties: dict[str, Any] = {"precision": "high", "tags": ["database", rule.category, rule.severity]}
    if rule.category in _SECURITY:
        properties["tags"].insert(0, "security")
        properties["security-severity"] = _SECURITY_SEVERITIES[rule.severity]
    else:
        properties["problem.severity"] = _PROBLEM_SEVERITIES[rule.severity]
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": explanation.why or rule.message},
        "help": {"text": _without_marks(markdown), "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }


def _without_marks(markdown: str) -> str:
    """Markdown as plain text: without the signs of headings and fences."""
    return re.sub(r"^(?:#+ |```.*$\n?)", "", markdown, flags=re.MULTILINE)


def _invocation(result: Result) -> dict[str, Any]:
    notifications = [_notification(problem) for problem in result.problems]
    cut = len(result.findings) - MOST_RESULTS
    if cut > 0:
        text = f"{cut} results of less severity were left out: at most {MOST_RESULTS} are written"
        notifications.append({"level": "warning", "message": {"text": text}})
    return {
        "executionSuccessful": result.trusted,
        "exitCode": result.exit_code,
        "toolExecutionNotifications": notifications,
        **({"properties": {"timing": dict(result.timing)}} if result.timing else {}),
    }


def _notification(problem: Problem) -> dict[str, Any]:
    text = f"{problem.message}. {sentence(problem.hint)}" if problem.hint else problem.message
    physical: dict[str, Any] = {"artifactLocation": _artifact(problem.path)}
    if problem.line:
        physical["region"] = {"startLine": problem.line, **({"startColumn": problem.column} if problem.column else {})}
    return {"level": "error", "message": {"text": text}, "locations": [{"physicalLocation": physical}]}


def _results(result: Result, shown: Shown) -> list[dict[str, Any]]:
    findings = result.findings
    if len(findings) > MOST_RESULTS:
        most_severe = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))[:MOST_RESULTS]
        kept = {finding.fingerprint for finding in most_severe}
        findings = tuple(finding for finding in findings if finding.fingerprint in kept)
    index = {rule.id: number for number, rule in enumerate(result.rules)}
    results = [_result(finding, index) for finding in findings]
    if shown.suppressed:
        results += [_suppressed(item, index) for item in result.suppressed]
    return results


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    certain = finding.outcome == BROKEN
    related = [label for label in finding.labels if not label.primary][:_MOST_RELATED]
    primary = next(label for label in finding.labels if label.primary)
    scenarios = {"fail": list(finding.failing), "pass": list(finding.passing), "unknown": list(finding.unknown)}
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": index[finding.rule.id],
        "kind": "fail" if certain else "open",
        "level": _LEVELS[finding.severity] if certain else "none",
        "message": {"text": _text(finding)},
        "locations": [{**_location(primary), "logicalLocations": [_logical(finding)]}],
        "relatedLocations": [{"id": number, **_location(label)} for number, label in enumerate(related, 1)],
        "partialFingerprints": {"dblint/v1": finding.fingerprint},
        "properties": {
            "confidence": finding.confidence,
            "instances": list(finding.instances),
            "scenarios": scenarios,
        },
    }


def _suppressed(item: Suppressed, index: dict[str, int]) -> dict[str, Any]:
    kind = "external" if item.kind == "settings" else "inSource"
    place = {"physicalLocation": {"artifactLocation": _artifact(item.path), "region": {"startLine": item.line or 1}}}
    suppression = {"kind": kind, "status": "accepted", "justification": item.reason, "location": place}
    return {**_result(item.finding, index), "suppressions": [suppression]}


def _text(finding: Finding) -> str:
    parts = [message(finding)]
    if finding.outcome != BROKEN:
        parts.append(f"{sentence(doubt(finding))}.")
    if remedy := help_of(finding):
        parts.append(f"To cure it, {remedy}.")
    return " ".join(parts)


def _logical(finding: Finding) -> dict[str, str]:
    return {"fullyQualifiedName": f"{finding.root}/{finding.address}", "kind": "resource"}


def _location(label: Label) -> dict[str, Any]:
    location = label.location
    physical = {"artifactLocation": _artifact(location.file), "region": _region(location)}
    return {"physicalLocation": physical, "message": {"text": label.text}}


def _region(location: Location) -> dict[str, int]:
    return {
        "startLine": location.line,
        "startColumn": location.column,
        "endLine": location.end_line,
        "endColumn": location.end_column,
    }


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path, errors="surrogateescape"), "uriBaseId": "SRCROOT"}
