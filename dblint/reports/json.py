"""The result as JSON, in the shape of `report.schema.json`. Within 1.x fields are added, never changed or removed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from dblint import RULESET, __version__
from dblint.finding import Actual, Finding, Label
from dblint.model import Note, Problem
from dblint.reports.shown import Shown
from dblint.reports.words import help_of
from dblint.result import Result, Suppressed
from dblint.rule_definition import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA_VERSION = "1.0"


def render(result: Result, shown: Shown) -> str:
    """One object and a newline, in ASCII."""
    return json.dumps(document(result), indent=2) + "\n"


def document(result: Result) -> dict[str, Any]:
    """The whole report as plain values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "dblint", "version": __version__, "ruleset": RULESET},
        "run": _run(result),
        "summary": _summary(result),
        "findings": [_finding(finding, result) for finding in result.findings],
        "suppressed": [_suppressed(item, result) for item in result.suppressed],
        "baselined": _others(result.baselined, "baselined", result),
        "unchanged": _others(result.unchanged, "unchanged", result),
        "fixed": _others(result.fixed, "fixed", result),
        "stale": [{"fingerprint": e.fingerprint, "rule": e.rule, "address": e.address} for e in result.stale],
        "errors": [_problem(problem) for problem in result.problems],
        "warnings": [_note(note) for note in result.warnings],
        "coverage": _coverage(result),
        **({"timing": dict(result.timing)} if result.timing else {}),
    }


def _run(result: Result) -> dict[str, Any]:
    return {
        "roots": list(result.roots),
        "scenarios": list(result.scenarios),
        "config": result.config or None,
        "change": result.change or None,
        "shard": result.shard or None,
        "exit_code": result.exit_code,
        "trusted": result.trusted,
    }


def _summary(result: Result) -> dict[str, Any]:
    counts = result.counts
    by_severity = Counter(finding.severity for finding in result.findings)
    return {
        "findings": len(result.findings),
        "by_severity": {name: by_severity[name] for name in SEVERITIES if by_severity[name]},
        "by_tool": dict(Counter(finding.rule.tool for finding in result.findings)),
        "suppressed": len(result.suppressed),
        "baselined": len(result.baselined),
        "unchanged": len(result.unchanged),
        "fixed": len(result.fixed),
        "undetermined": len(result.undetermined),
        "below_severity": counts.below_severity,
        "below_confidence": counts.below_confidence,
        "elsewhere": counts.elsewhere,
        "resources": counts.resources,
        "files": counts.files,
    }


def _finding(finding: Finding, result: Result) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule.id,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "category": finding.rule.category,
        "outcome": finding.outcome,
        "message": finding.rule.message,
        "why": result.explanations[finding.rule.id].why,
        "root": finding.root,
        "address": finding.address,
        "instances": list(finding.instances),
        "resource_type": finding.resource_type,
        "property": finding.property_name or None,
        "actual": _actual(finding.actual),
        "expected": plain(finding.expected),
        "scenarios": {"fail": list(finding.failing), "pass": list(finding.passing), "unknown": list(finding.unknown)},
        "breaks_if": list(finding.breaks_if),
        "evidence": list(finding.reasons),
        "labels": [_label(label) for label in finding.labels],
        "related": [{"address": a, "relation": e or None, "resource_type": t} for a, t, e in finding.related],
        "fix": _fix(finding),
        "docs": finding.rule.docs,
        "status": "new",
    }


def _actual(actual: Actual | None) -> dict[str, Any] | None:
    if actual is None:
        return None
    if actual.state == "unknown":
        return {"state": "unknown", "because": actual.because}
    if actual.state == "absent":
        return {"state": "absent", "value": plain(actual.value), "source": actual.source}
    return {"state": "known", "value": plain(actual.value)}


def plain(value: Any) -> Any:
    """A value of a property as JSON has it; null for what is no plain value."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if type(value) in (list, tuple):
        return [plain(inner) for inner in value]
    return value if value is None or type(value) in (str, int, float, bool) else None


def _label(label: Label) -> dict[str, Any]:
    location = label.location
    return {
        "path": location.file,
        "start": {"line": location.line, "column": location.column},
        "end": {"line": location.end_line, "column": location.end_column},
        "primary": label.primary,
        "text": label.text,
    }


def _fix(finding: Finding) -> dict[str, Any] | None:
    if finding.fix is None or not finding.fix.changes:
        return None
    fix = finding.fix
    return {"safety": fix.safety, "message": help_of(finding), "proved": fix.proved, "changes": list(fix.changes)}


def _others(findings: Sequence[Finding], status: str, result: Result) -> list[dict[str, Any]]:
    """Findings that are known already, or are gone."""
    return [{**_finding(finding, result), "status": status} for finding in findings]


def _suppressed(item: Suppressed, result: Result) -> dict[str, Any]:
    by = {
        "kind": item.kind,
        "tool": item.tool,
        "path": item.path,
        "line": item.line,
        "reason": item.reason,
        "until": item.until or None,
    }
    return {**_finding(item.finding, result), "status": "suppressed", "suppression": by}


def _problem(problem: Problem) -> dict[str, Any]:
    place = {"path": problem.path, "line": problem.line, "column": problem.column}
    return {**place, "message": problem.message, "hint": problem.hint or None}


def _note(note: Note) -> dict[str, Any]:
    return {"kind": note.kind, "path": note.path, "line": note.line, "message": note.message}


def _coverage(result: Result) -> dict[str, Any]:
    modules = [_note(note) for note in result.notes if note.kind == "module"]
    return {
        "unparsed": sorted({problem.path for problem in result.problems}),
        "unresolved_modules": modules,
        "unknown_values": [_unknown(finding) for finding in result.undetermined],
        "undetermined": [_finding(finding, result) for finding in result.undetermined],
        "notes": [_note(note) for note in result.notes if note.kind != "module"],
    }


def _unknown(finding: Finding) -> dict[str, Any]:
    """What an undetermined finding would have to know."""
    known = finding.actual.because if finding.actual else ""
    because = known or "; ".join(finding.because) or "; ".join(finding.breaks_if)
    return {"address": finding.address, "property": finding.property_name or None, "because": because}
