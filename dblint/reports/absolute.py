"""The same result with absolute paths. What things are known by (roots, addresses, fingerprints) stays as it is."""

from __future__ import annotations

import os
from collections.abc import Iterable

from dblint.finding import Finding
from dblint.model import Location, Note, Problem
from dblint.records import replace
from dblint.reports.shown import Shown
from dblint.result import Result, Suppressed


def absolute(result: Result, shown: Shown) -> tuple[Result, Shown]:
    """The result and what is shown with it, where absolute paths are asked for (`shown.project`); else as they are.

    What stands in the place of a path and is none (an option, a variable) stays as it is.
    """
    if not shown.project:
        return result, shown
    paths = _Paths(shown)
    placed = replace(
        result,
        findings=paths.findings(result.findings),
        undetermined=paths.findings(result.undetermined),
        suppressed=tuple(map(paths.suppressed, result.suppressed)),
        baselined=paths.findings(result.baselined),
        unchanged=paths.findings(result.unchanged),
        fixed=paths.findings(result.fixed),
        problems=tuple(paths.problem(problem) for problem in result.problems),
        notes=tuple(paths.note(note) for note in result.notes),
        warnings=tuple(paths.note(note) for note in result.warnings),
        config=paths.known(result.config),
    )
    topologies = (
        replace(one, nodes=tuple(replace(node, location=paths.location(node.location)) for node in one.nodes))
        for one in shown.topologies
    )
    return placed, replace(shown, topologies=tuple(topologies), project="")


class _Paths:
    def __init__(self, shown: Shown) -> None:
        self._project = shown.project
        self._files = shown.files

    def known(self, path: str) -> str:
        """An absolute path, where there is something at the path."""
        inside = self._files.inside(path) if path else None
        there = inside is not None and (self._files.is_given(inside) or os.path.lexists(self._joined(inside)))
        return self._joined(inside) if inside is not None and there else path

    def _joined(self, path: str) -> str:
        return self._project if path == "." else f"{self._project.rstrip('/')}/{path}"

    def location(self, location: Location) -> Location:
        return replace(location, file=self._joined(location.file))

    def finding(self, finding: Finding) -> Finding:
        labels = tuple(replace(label, location=self.location(label.location)) for label in finding.labels)
        return replace(finding, subject=self.location(finding.subject), labels=labels)

    def findings(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(map(self.finding, findings))

    def suppressed(self, item: Suppressed) -> Suppressed:
        return replace(item, finding=self.finding(item.finding), path=self.known(item.path))

    def problem(self, problem: Problem) -> Problem:
        return replace(problem, path=self.known(problem.path))

    def note(self, note: Note) -> Note:
        return replace(note, path=self.known(note.path))
