"""The result as Markdown, for comments on a change and summaries of a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Problem
from dblint.records import replace
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.reports.summary import summary
from dblint.reports.words import doubt, first_sentence, help_of, named, number, sentence
from dblint.result import Result
from dblint.rule_definition import SEVERITIES

# The summary of a step holds one megabyte, and is dropped as a whole above it.
MOST = 1000
_MARKS = "\\`*_{}[]()#+!|~$"


def render(result: Result, shown: Shown) -> str:
    """Errors, a table of all findings, what each rule is about, and the counts. Nothing that stands in the scanned
    files makes Markdown, HTML, or a mention of somebody."""
    lines = ["### dblint", ""]
    if result.problems:
        lines += [*map(_problem, result.problems), ""]
    if result.findings:
        lines += ["| severity | rule | resource | place | scenarios |", "|---|---|---|---|---|"]
        kept = _most_severe(result.findings)
        lines += [*map(_row, kept), ""]
        if len(kept) < len(result.findings):
            lines += [f"{number(len(result.findings) - len(kept), 'finding')} of less severity left out.", ""]
        lines += _rules(kept, result)
    found, *counts = summary(result, replace(shown, style=Style()))
    lines += [f"{code(found)}  ", *(f"{text(line.strip())}  " for line in counts)]
    return "".join(f"{line}\n" for line in lines)


def _row(finding: Finding) -> str:
    place = f"{finding.place.file}:{finding.place.line}"
    failing = finding.failing if finding.outcome == BROKEN else finding.unknown
    scenarios = ", ".join(code(name) for name in named(failing))
    severity = finding.severity if finding.outcome == BROKEN else f"{finding.severity} (undetermined)"
    return f"| {severity} | {code(finding.rule.id)} | {code(finding.address)} | {code(place)} | {scenarios} |"


def _most_severe(findings: Sequence[Finding]) -> Sequence[Finding]:
    """As many findings as are written, in their order."""
    if len(findings) <= MOST:
        return findings
    kept = {id(f) for f in sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))[:MOST]}
    return [finding for finding in findings if id(finding) in kept]


def _rules(shown: Sequence[Finding], result: Result) -> Iterator[str]:
    """What each rule that finds something is about, the most severe first, folded."""
    found: dict[str, list[Finding]] = {}
    for finding in sorted(shown, key=lambda finding: SEVERITIES.index(finding.severity)):
        found.setdefault(finding.rule.id, []).append(finding)
    for name, findings in found.items():
        yield f"<details><summary>{code(name)}: {text(findings[0].rule.message)}</summary>"
        yield ""
        yield text(first_sentence(result.explanations[name].why))
        yield ""
        yield from map(_remedy, findings)
        yield ""
        yield "</details>"
        yield ""


def _remedy(finding: Finding) -> str:
    said = f"{sentence(doubt(finding))}." if finding.outcome != BROKEN else ""
    remedy = help_of(finding)
    cure = code(remedy) if remedy else f"see {code(f'dblint explain {finding.rule.id}')}"
    return f"- {code(finding.address)}: {code(said) if said else ''}{cure}"


def _problem(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    hint = f" {code(sentence(problem.hint))}" if problem.hint else ""
    return f"- **error** {code(place)}: {code(problem.message)}{hint}"


def code(given: str) -> str:
    """A text as code, in which nobody is mentioned and nothing is linked."""
    return f"<code>{text(given)}</code>"


def text(given: str) -> str:
    """A text that Markdown and HTML leave alone."""
    line = Style().clean(" ".join(given.split())).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{character}" if character in _MARKS else character for character in line)
