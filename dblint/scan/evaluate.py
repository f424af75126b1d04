"""Judges roots. What fails in one of them is named, and the others go on."""

from __future__ import annotations

import os
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from dblint.finding import Finding
from dblint.graph import Graph
from dblint.judge import RuleCrashed, judge
from dblint.model import Deployment, Note, Problem
from dblint.packs import own
from dblint.reading import Fork, Undetermined
from dblint.records import dataclass, field
from dblint.result import Explanation
from dblint.rule_definition import Rule
from dblint.scan.selection import Selection
from dblint.scenario import DEFAULT
from dblint.settle import merge, settle
from dblint.sources.base import Root
from dblint.telling import Judged
from dblint.view import VIEWS

_AUTHOR = "tell the author of the rule; its other findings may be missing"
_REPORT = "this is a fault of dblint: please report it with the output of -v"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a root is made of: its kind of input (`source`), the `files` that were read, and whether something in it was
    not checked (`noted`)."""

    source: str
    files: frozenset[str]
    noted: bool


@dataclass(slots=True)
class Evaluation:
    """What has been judged so far. `resources` are (root, address) of databases; `ran` the names of the rules that
    found a resource to judge. `looked`: root -> what it is made of. `explanations` are those of rules that have no
    page."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    scenarios: set[str] = field(default_factory=set)
    resources: set[tuple[str, str]] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    looked: dict[str, Looked] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)
    explanations: dict[str, Explanation] = field(default_factory=dict)
    tracebacks: list[str] = field(default_factory=list)
    crashes: dict[str, list[RuleCrashed]] = field(default_factory=lambda: defaultdict(list))

    def fault(self, path: str, error: BaseException) -> None:
        """Notes something that dblint itself did wrong while it read or judged `path`."""
        message = f"internal error while evaluating {path}: {type(error).__name__}: {error}"
        self.problems.append(Problem(path, message, hint=_REPORT))
        self.tracebacks.append("".join(traceback.format_exception(error)))


def evaluate(roots: Iterable[Root], selection: Selection, only: Sequence[str], done: Evaluation) -> None:
    """Every rule of the selection on every resource of its type, in every deployment of every root. `only` are the
    patterns of the scenarios that were asked for."""
    rules = _by_type(selection.rules)
    for root in roots:
        judged: list[Judged] = []
        try:
            for deployment in root.deployments():
                done.scenarios |= names_of(root, deployment, only)
                judged += _judged(deployment, rules, selection, done)
        except (Exception, Fork, Undetermined) as error:
            done.fault(root.path, error)
        _settle(root, judged, selection, done)
        done.problems += root.problems
        done.notes += root.notes
        done.files |= root.files
        done.looked[root.path] = Looked(root.source, frozenset(root.files), bool(root.notes))
    for _, crashes in sorted(done.crashes.items()):
        done.problems.append(_crash_problem(crashes))
        done.tracebacks.append("".join(traceback.format_exception(crashes[0])))
    done.findings = merge(done.findings)


def names_of(root: Root, deployment: Deployment, only: Sequence[str]) -> set[str]:
    """The names of what a deployment stands for: its own, or those of its environments."""
    if deployment.name != DEFAULT:
        return {deployment.name}
    names = {name for name in root.scenario_names() if not only or any(fnmatchcase(name, wanted) for wanted in only)}
    return names or {DEFAULT}


def _by_type(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """The rules that judge each type of resource."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for subject in rule.subjects:
            found[subject.cloudformation].append(rule)
    return found


def _judged(
    deployment: Deployment, rules: dict[str, list[Rule]], selection: Selection, done: Evaluation
) -> Iterator[Judged]:
    graph = Graph(deployment)
    for resource in deployment.resources:
        if not VIEWS[resource.type].supporting:
            done.resources.add((deployment.root, resource.address))
        for rule in rules.get(resource.type, ()):
            done.ran.add(rule.id)
            try:
                cases = judge(rule, resource, graph, selection.options.get(rule.id))
            except RuleCrashed as crash:
                done.crashes[rule.id].append(crash)
            else:
                yield Judged(rule, resource, deployment, tuple(cases))


def _settle(root: Root, judged: list[Judged], selection: Selection, done: Evaluation) -> None:
    """The findings of a root, rule by rule, so that what fails in the telling of one does not take the others
    along."""
    of_rule: dict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        of_rule[item.rule.id].append(item)
    for items in of_rule.values():
        try:
            done.findings += settle(items, selection.severities, selection.options)
        except RuleCrashed as crash:
            done.crashes[crash.rule.id].append(crash)
        except (Exception, Fork, Undetermined) as error:
            done.fault(root.path, error)


def _crash_problem(crashes: list[RuleCrashed]) -> Problem:
    """What is said of a rule that raised something of its own: the rule, its file, and the first resource."""
    crash = crashes[0]
    cause = crash.__cause__ or crash
    file = crash.rule.file
    frames = traceback.extract_tb(cause.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == os.path.abspath(file)]
    place = f"{file.parent.name}/{file.name}" + (f":{lines[-1]}" if lines else "")
    more = len({c.resource.address for c in crashes}) - 1
    others = f" and {more} more" if more else ""
    message = (
        f"rule {crash.rule.id} ({place}) crashed on {crash.resource.address}{others}: {type(cause).__name__}: {cause}"
    )
    location = crash.resource.location
    in_rule = bool(frames) and frames[-1].filename == os.path.abspath(file)
    hint = _AUTHOR if in_rule and not file.is_relative_to(own()) else _REPORT
    return Problem(location.file, message, location.line, hint=hint)
