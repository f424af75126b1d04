"""The result as GitLab's Code Quality report. https://docs.gitlab.com/ci/testing/code_quality/"""

from __future__ import annotations

import hashlib
import json

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Problem
from dblint.reports.shown import Shown
from dblint.reports.words import help_of, in_scenarios, told
from dblint.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor"}


def render(result: Result, shown: Shown) -> str:
    """One list and a newline, in ASCII. What could not be read blocks; what only deployment decides informs."""
    items = [*(_problem(problem, shown) for problem in result.problems), *map(_finding, result.findings)]
    return json.dumps(items, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    severity = _SEVERITIES[finding.severity] if finding.outcome == BROKEN else "info"
    remedy = help_of(finding)
    description = told(finding) + in_scenarios(finding) + (f" To cure it, {remedy}." if remedy else "")
    return _item(finding.rule.id, description, finding.fingerprint, severity, finding.place.file, finding.place.line)


def _problem(problem: Problem, shown: Shown) -> dict[str, Any]:
    path = shown.files.inside(problem.path) or problem.path  # it may be absolute
    known_by = "\0".join((path, str(problem.line), problem.message))
    fingerprint = hashlib.blake2b(known_by.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return _item("dblint-error", problem.message, fingerprint, "blocker", problem.path, problem.line or 1)


def _item(check: str, description: str, fingerprint: str, severity: str, path: str, line: int) -> dict[str, Any]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
