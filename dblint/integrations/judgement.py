"""What dblint says of one template that another linter is looking at: what `dblint scan TEMPLATE` says, where it is
decided in that template."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from dblint.cli.request import asked_of
from dblint.finding import Finding, Label
from dblint.judge import BROKEN
from dblint.model import Location, Problem
from dblint.packs import PackError, installed, load, own
from dblint.records import dataclass, field
from dblint.reports.words import doubt, message, named
from dblint.rule_definition import Rule
from dblint.scan.request import Request
from dblint.scan.run import run
from dblint.settings.values import SettingsError
from dblint.sources.base import NamedScenario, Wishes
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.source import CloudFormation
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What a template that stands in no file is called.
_NAMELESS = "template.json"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Values that a template is judged with: those of a file (`source`), or these alone."""

    source: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said of a template. `rule` is "" where dblint could not do its work; `place` is None where
    nobody knows it. `logical_id` and `property_name` lead to the resource, where there is one."""

    rule: str
    message: str
    place: Location | None
    logical_id: str = ""
    property_name: str = ""


def judge(path: str | None, tree: Mapping[str, Any], parameters: Sequence[Parameters]) -> list[Said]:
    """Everything that is said of a template: the file at `path`, or where there is none its `tree`.

    It is judged with what it belongs to and with the settings that hold for it; each of `parameters` is a deployment
    of it.
    """
    try:
        found = [said for wishes in _deployments(parameters) for said in _judged(path, tree, wishes)]
    except SettingsError as error:
        found = [_problem(problem, here="") for problem in error.problems]
    except PackError as error:
        found = [Said("", f"dblint: {error}", None)]
    return list(dict.fromkeys(found))


def _deployments(parameters: Sequence[Parameters]) -> list[list[Parameters]]:
    """Files of parameters are scenarios of one run; values without a file take a run of their own."""
    files = [given for given in parameters if given.source]
    runs = [files] if files else []
    return [*runs, *([given] for given in parameters if not given.source)] or [[]]


def _judged(path: str | None, tree: Mapping[str, Any], parameters: Sequence[Parameters]) -> Iterator[Said]:
    request = _request(path, tree, parameters)
    here = next(iter(request.files.named))
    result = run(request).result
    library = Library(request.files)
    yield from (_problem(problem, here) for problem in result.problems)
    for finding in result.findings:
        label = _label(finding, library)
        if label and label.location.file == here:
            yield _said(finding, label, known_place=path is not None)


def _request(path: str | None, tree: Mapping[str, Any], parameters: Sequence[Parameters]) -> Request:
    options = {"paths": (path or ".",), "configs": (), "isolated": False, "allow_empty": True}
    asked = asked_of(options).request
    packs = asked.settings.packs
    files, source = _project(asked.files.project) if path else (_nameless(asked.files, tree), CloudFormation())
    if path:
        files.named, files.problems, files.notes = asked.files.named, asked.files.problems, asked.files.notes
    files.exclude = asked.files.exclude
    return Request(
        files=files,
        settings=asked.settings,
        wishes=_with(asked.wishes, parameters, files),
        named=asked.named,
        today=asked.today,
        rules=lambda: _rules(packs),
        allow_empty=True,
        source=lambda name: source,
    )


@cache
def _project(folder: Path) -> tuple[Files, CloudFormation]:
    """The files of a project and what reads them, shared by all of its templates: what they belong to is read once."""
    return Files(folder), CloudFormation()


def _nameless(files: Files, tree: Mapping[str, Any]) -> Files:
    given = Files(files.project)
    given.give(_NAMELESS, json.dumps(tree, default=str).encode())
    return given


@cache
def _rules(packs: tuple[str, ...]) -> list[Rule]:
    """All rules there are, loaded once for all templates."""
    return load([own(), *installed(packs)])


def _with(wishes: Wishes, parameters: Sequence[Parameters], files: Files) -> Wishes:
    """The wishes with files of parameters as scenarios, and with values."""
    scenarios = dict(wishes.scenarios)
    values: dict[str, str] = {}
    for given in parameters:
        inside = files.inside(os.path.relpath(os.path.realpath(given.source), files.project)) if given.source else None
        if inside:
            scenarios[Path(inside).stem] = NamedScenario(parameters=(f"/{inside}",))
        else:
            values.update(given.values)
    return Wishes(environments=wishes.environments, scenarios=scenarios, variables=values, roots=wishes.roots)


def _label(finding: Finding, library: Library) -> Label | None:
    """The first label in a template, the primary one before all others: what is decided in an app or a file of
    parameters is told where it enters the template."""
    labels = sorted(finding.labels, key=lambda label: not label.primary)
    return next((label for label in labels if library.templates(label.location.file)), None)


def _said(finding: Finding, label: Label, known_place: bool) -> Said:
    doubtful = "" if finding.outcome == BROKEN else f"; {doubt(finding)}"
    scenarios = ", ".join(named(finding.failing or finding.unknown))
    where = finding.place
    decided = "" if where.file == label.location.file else f"; decided at {where.file}:{where.line}"
    told = f"{message(finding).rstrip('.')} [{finding.rule.id}{f': {scenarios}' if scenarios else ''}]"
    return Said(
        rule=finding.rule.id,
        message=told + doubtful + decided,
        place=label.location if known_place else None,
        logical_id=_logical_id(finding, label.location.file),
        property_name=finding.property_name,
    )


def _logical_id(finding: Finding, file: str) -> str:
    """The resource of a template that a finding belongs to: its own, or the stack that holds it."""
    address = finding.instances[0]
    return address.rpartition("/")[2] if file == finding.subject.file else address.partition("/")[0]


def _problem(problem: Problem, here: str) -> Said:
    hint = f" ({problem.hint})" if problem.hint else ""
    elsewhere = f"{problem.path}: " if problem.path != here else ""
    at = (problem.line or 1, problem.column or 1)
    place = Location(problem.path, *at, at[0], at[1] + 1) if problem.path == here else None
    return Said("", f"dblint: {elsewhere}{problem.message}{hint}", place)
