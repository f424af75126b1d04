"""The findings as a table of comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from dblint.finding import Finding
from dblint.model import Problem
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.reports.words import help_of
from dblint.result import Result

COLUMNS = (
    "outcome",
    "severity",
    "confidence",
    "rule",
    "category",
    "file",
    "line",
    "column",
    "root",
    "address",
    "instances",
    "resource_type",
    "property",
    "message",
    "fails_in",
    "passes_in",
    "help",
    "fingerprint",
)
# What a spreadsheet takes for the beginning of a formula. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@")


def render(result: Result, shown: Shown) -> str:
    """A line of names, then a line for each error (its outcome is "error") and each finding. A cell that a spreadsheet
    would compute begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(result):
        writer.writerow([_cell(row.get(column, "")) for column in COLUMNS])
    return text.getvalue()


def _rows(result: Result) -> Iterator[dict[str, object]]:
    yield from map(_problem, result.problems)
    yield from map(_finding, result.findings)


def _finding(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "outcome": finding.outcome,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "rule": finding.rule.id,
        "category": finding.rule.category,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "root": finding.root,
        "address": finding.address,
        "instances": len(finding.instances),
        "resource_type": finding.resource_type,
        "property": finding.property_name,
        "message": finding.rule.message,
        "fails_in": "; ".join(finding.failing),
        "passes_in": "; ".join(finding.passing),
        "help": help_of(finding),
        "fingerprint": finding.fingerprint,
    }


def _problem(problem: Problem) -> dict[str, object]:
    message = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    place = {"file": problem.path, "line": problem.line or "", "column": problem.column or ""}
    return {"outcome": "error", **place, "message": message}


def _cell(value: object) -> str:
    """A text without anything that steers a terminal or begins a formula."""
    text = Style().clean(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
