"""The findings of each file together, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dblint.finding import Finding
from dblint.reports.shown import Shown
from dblint.reports.style import cells
from dblint.reports.summary import coverage, statistics, summary, suppressed
from dblint.reports.words import in_scenarios, told
from dblint.result import Result


def render(result: Result, shown: Shown) -> str:
    """A file, and below it `10:3  high  rds-single-az  aws_db_instance.orders: Production database … [prod]`."""
    lines = []
    for file, findings in groupby(result.findings, key=lambda finding: finding.place.file):
        lines += [shown.style.paint(shown.style.clean(file), "bold"), *_lines(list(findings), shown), ""]
    if not shown.quiet:
        lines += [
            *suppressed(result, shown),
            *coverage(result, shown),
            *statistics(result, shown),
            *summary(result, shown),
        ]
    return "".join(f"{line}\n" for line in lines)


def _lines(findings: list[Finding], shown: Shown) -> Iterator[str]:
    style = shown.style
    rows = [(f"{f.place.line}:{f.place.column}", f.severity, f.rule.id) for f in findings]
    widths = [max(map(cells, column)) for column in zip(*rows)]
    for finding, row in zip(findings, rows):
        place, severity, rule = (text.ljust(width) for text, width in zip(row, widths))
        said = style.clean(told(finding) + in_scenarios(finding))
        yield f"  {place}  {style.paint(severity, finding.severity)}  {rule}  {said}"
