"""The roots of a run, and what cfn-lint says of their templates."""

from __future__ import annotations

from collections.abc import Sequence

from dblint.records import replace
from dblint.rule_definition import Rule
from dblint.scan import inputs
from dblint.scan.evaluate import Evaluation
from dblint.scan.request import Request
from dblint.scan.selection import Selection, select
from dblint.sources.base import Root
from dblint.stopwatch import timed


@timed("prefilter")
def find_roots(request: Request, counts: dict[str, int], done: Evaluation) -> list[Root]:
    """The roots of all kinds of input. `counts`: how many files each kind has."""
    roots: list[Root] = []
    for name in inputs.SOURCES:
        if not counts[name]:
            continue
        try:
            roots += request.source(name).roots(request.files, request.wishes, done.problems)
        except Exception as error:
            done.fault(name, error)
    return roots


@timed("cfn-lint")
def with_cfn_lint(
    request: Request, roots: Sequence[Root], rules: list[Rule], done: Evaluation
) -> tuple[list[Rule], Selection]:
    """Adds what cfn-lint says of the same databases: its findings, its rules, and how the settings select these."""
    from dblint.scan.cfn_lint.check import check, merged

    checked = check(request.files, roots)
    rules = [*rules, *checked.rules.values()]
    selection = select(rules, request.settings) if rules else Selection((), frozenset(), {}, {})
    severities = selection.severities
    findings = [replace(f, severity=severities.get(f.rule.id, f.severity)) for f in checked.findings]
    done.findings = merged(done.findings, findings)
    done.ran |= checked.rules.keys()
    done.explanations |= checked.explanations
    done.problems += checked.problems
    done.notes += checked.notes
    return rules, selection
