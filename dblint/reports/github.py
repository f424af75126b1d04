"""The result as commands of a GitHub workflow: annotations in the change that is looked at, and a step summary."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Problem
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.reports.words import doubt, help_of, message, named, sentence
from dblint.result import Result
from dblint.rule_definition import SEVERITIES

# GitHub shows ten annotations of each level for a step and drops the rest without a word.
MOST = 10
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "warning"}


def render(result: Result, shown: Shown) -> str:
    """Errors of the run first, then findings, the most severe first; then how many were left out."""
    errors = [_problem(problem) for problem in result.problems]
    warnings: list[str] = []
    for finding in sorted(result.findings, key=lambda finding: SEVERITIES.index(finding.severity)):
        level = _LEVELS[finding.severity]
        (errors if level == "error" else warnings).append(_finding(finding, level))
    left = max(0, len(errors) - MOST) + max(0, len(warnings) - MOST)
    lines = [*errors[:MOST], *warnings[:MOST]]
    if left:
        lines.append(f"::notice title=dblint::{left} more were left out: the summary of the step has all findings")
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, level: str) -> str:
    place = finding.place
    properties: dict[str, str | int] = {"file": place.file, "line": place.line, "endLine": place.end_line}
    if place.end_line == place.line:
        properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = finding.rule.id
    return _command(level, properties, "\n".join(_told(finding)))


def _told(finding: Finding) -> Iterator[str]:
    yield message(finding)
    if finding.outcome != BROKEN:
        yield sentence(doubt(finding))
    if scenarios := named(finding.failing):
        yield f"Fails in {', '.join(scenarios)}"
    if remedy := help_of(finding):
        yield f"To cure it, {remedy}"


def _problem(problem: Problem) -> str:
    properties: dict[str, str | int] = {"file": problem.path}
    if problem.line:
        properties["line"] = problem.line
    text = f"{problem.message}\n{sentence(problem.hint)}" if problem.hint else problem.message
    return _command("error", {**properties, "title": "dblint could not read this"}, text)


def _command(level: str, properties: dict[str, str | int], text: str) -> str:
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {written}::{_data(text)}"


def _data(text: str) -> str:
    cleaned = "\n".join(map(Style().clean, text.split("\n")))
    return cleaned.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def step_summary(result: Result, shown: Shown) -> str:
    """All findings as Markdown, for the file that GITHUB_STEP_SUMMARY names."""
    from dblint.reports.markdown import render as in_markdown

    return in_markdown(result, shown)
