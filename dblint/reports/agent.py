"""The findings of each file with all that is needed to repair them, for programs that read text.

What stands in the scanned files is quoted as data: each field is one line, without anything that steers a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Problem
from dblint.reports.shown import Shown
from dblint.reports.words import doubt, first_sentence, help_of, listed, named, problems
from dblint.result import Result

_MOST_PLACES = 8
_MOST_INSTANCES = 20


def render(result: Result, shown: Shown) -> str:
    """Errors, then the findings file by file, undecorated. Why a rule matters is said where it is first found."""
    lines = [f"dblint: {problems(result)}, exit code {result.exit_code}"]
    for problem in result.problems:
        lines += ["", *_problem(problem)]
    told: set[str] = set()
    for file, findings in groupby(result.findings, key=lambda finding: finding.place.file):
        lines += ["", f"file: {_one_line(file)}"]
        for finding in findings:
            why = "" if finding.rule.id in told else first_sentence(result.explanations[finding.rule.id].why)
            told.add(finding.rule.id)
            lines += _finding(finding, why)
    return "".join(f"{shown.style.clean(line)}\n" for line in lines)


def _finding(finding: Finding, why: str) -> Iterator[str]:
    place = finding.place
    yield f"- {place.line}:{place.column} {finding.severity} {finding.rule.id}"
    for name, text in _fields(finding, why):
        if text:
            yield f"  {name}: {_one_line(text)}"


def _fields(finding: Finding, why: str) -> Iterator[tuple[str, str]]:
    yield "resource", f"{finding.address} ({finding.resource_type}, root {finding.root})"
    if len(finding.instances) > 1:
        yield "instances", listed(finding.instances, _MOST_INSTANCES)
    yield "problem", finding.rule.message
    yield "why", why
    if finding.outcome != BROKEN:
        yield "undetermined", doubt(finding).removeprefix("undetermined: ")
    for label in finding.labels[:_MOST_PLACES]:
        at = f"{label.location.file}:{label.location.line}:{label.location.column}"
        yield "at", f"{at} {label.text}"
    labels = " ".join(label.text for label in finding.labels)
    yield "evidence", "; ".join(text for text in finding.reasons if text not in labels)
    yield "fails in", ", ".join(named(finding.failing))
    yield "passes in", ", ".join(named(finding.passing))
    yield "confidence", finding.confidence if finding.confidence != "high" else ""
    yield f"{finding.fix.safety} fix" if finding.fix else "fix", help_of(finding)
    yield "explanation", finding.rule.docs


def _problem(problem: Problem) -> Iterator[str]:
    numbers = (str(number) for number in (problem.line, problem.column) if number)
    yield f"error: {_one_line(':'.join((problem.path, *numbers)))}: {_one_line(problem.message)}"
    if problem.hint:
        yield f"  help: {_one_line(problem.hint)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
