"""The result as one page that needs nothing else: no request, no server, and no script to be read."""

from __future__ import annotations

from collections.abc import Sequence

from dblint.reports.html.databases import databases
from dblint.reports.html.page import page
from dblint.reports.html.parts import counts, errors, findings, known, suppressed, unchecked
from dblint.reports.shown import Shown
from dblint.reports.words import number, problems
from dblint.result import Result
from dblint.topology import Topology


def render(result: Result, shown: Shown) -> str:
    """The page of a run: its counts, the databases, the findings with their source, and what is hidden or was not
    checked."""
    title = f"{problems(result)} in {number(result.counts.resources, 'database resource')}"
    sections = (
        counts(result, shown),
        errors(result),
        databases(shown.topologies, result.findings),
        findings(result, shown),
        unchecked(result),
        suppressed(result),
        *known(result),
    )
    return page(title, sections, filters=True)


def picture(topologies: Sequence[Topology]) -> str:
    """The page with the databases alone."""
    roots = number(len(topologies), "root")
    count = number(sum(len(topology.nodes) for topology in topologies), "database resource")
    return page(f"{count} in {roots}", (databases(topologies, ()),), filters=False)
