"""One line for each finding, as editors and grep read them."""

from __future__ import annotations

from dblint.finding import Finding
from dblint.reports.shown import Shown
from dblint.reports.summary import coverage, statistics, summary, suppressed
from dblint.reports.words import in_scenarios, told
from dblint.result import Result


def render(result: Result, shown: Shown) -> str:
    """`envs/main.tf:10:3: high rds-single-az aws_db_instance.orders: Production database … [prod]`."""
    lines = [_line(finding, shown) for finding in result.findings]
    if not shown.quiet:
        lines += [
            *suppressed(result, shown),
            *coverage(result, shown),
            *statistics(result, shown),
            *summary(result, shown),
        ]
    return "".join(f"{line}\n" for line in lines)


def _line(finding: Finding, shown: Shown) -> str:
    style, place = shown.style, finding.place
    where = style.clean(f"{place.file}:{place.line}:{place.column}")
    severity = style.paint(finding.severity, finding.severity)
    return f"{where}: {severity} {finding.rule.id} {style.clean(told(finding) + in_scenarios(finding))}"
