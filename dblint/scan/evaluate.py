"""Judges roots. What fails in one of them is named, and the others go on."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase

from dblint.graph import Graph
from dblint.judge import RuleCrashed, judge
from dblint.model import Deployment
from dblint.reading import Fork, Undetermined
from dblint.records import dataclass
from dblint.rule_definition import Rule
from dblint.scan.evaluation import Evaluation, Looked
from dblint.scan.selection import Selection
from dblint.scenario import DEFAULT
from dblint.settle import settle
from dblint.sources.base import Root
from dblint.sources.files import Files, Question
from dblint.stopwatch import timed
from dblint.telling import Judged
from dblint.view import VIEWS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from dblint.scan.workers import Workers
else:
    Protocol = object

__all__ = ["Evaluation", "Looked", "Means", "evaluate", "names_of"]

# A root takes some milliseconds to evaluate, a process some tens of them to begin and to be heard.
_WORTH_FORKING = 32
# Notes that leave nothing of a root unchecked: they are of files that are none of its own.
_OF_OTHERS = frozenset(("values",))


class Memory(Protocol):
    """What knows of roots from earlier runs; see `kept.Kept`."""

    def known(self, roots: Sequence[Root]) -> dict[int, Callable[[Evaluation], None]]: ...

    def begin(self) -> None: ...

    def keep(self, root: Root, evaluation: Evaluation) -> None: ...

    def keep_record(self, root: Root, record: bytes, asked: set[Question]) -> None: ...

    def finish(self, trusted: bool) -> None: ...

    @property
    def confirmed(self) -> Mapping[str, tuple[str, list[str]]] | None: ...


@dataclass(frozen=True, slots=True)
class Means:
    """How roots are evaluated, which does not change what is found out: what is known of them already, in how many
    processes (0 is one for each processor; `files` are those of the run), and who is told of each."""

    memory: Memory | None = None
    jobs: int = 1
    files: Files | None = None
    told: Callable[[int, int, str], None] | None = None


def evaluate(
    roots: Sequence[Root], selection: Selection, only: Sequence[str], done: Evaluation, means: Means | None = None
) -> None:
    """Every rule of the selection on every resource of its type, in every deployment of every root. `only` are the
    patterns of the scenarios that were asked for."""
    means = means or Means()
    rules = _by_type(selection.rules)
    memory = means.memory
    known = memory.known(roots) if memory else {}
    _collect()

    def judge(root: Root) -> Evaluation:
        found = Evaluation()
        _evaluate(root, rules, selection, only, found)
        return found

    with _team([root for root in roots if id(root) not in known], judge, means, done) as team:
        for number, root in enumerate(roots):
            if means.told:
                means.told(number, len(roots), root.path)
            if id(root) in known:
                known.pop(id(root))(done)
            else:
                done.add(_of_team(root, team, selection, memory) or _afresh(root, judge, memory))
    if memory:
        memory.finish(not done.problems and not done.crashes)
    if done.crashes:
        from dblint.scan.crashes import tell

        tell(done)


def _collect() -> None:
    """Looks for circles of objects from here on, where the command has put that off, among what is made from here
    on."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


@contextmanager
def _team(
    roots: Sequence[Root], judge: Callable[[Root], Evaluation], means: Means, done: Evaluation
) -> Iterator[Workers | None]:
    """The processes that evaluate the roots; None where this one does."""
    if means.jobs == 1 or means.files is None or len(roots) < _WORTH_FORKING:
        yield None
        return
    from dblint.scan.workers import Workers

    team = Workers()
    try:
        team.start(roots, means.jobs, judge, means.files, done.problems)
        yield team
    finally:
        team.close()


def _of_team(root: Root, team: Workers | None, selection: Selection, memory: Memory | None) -> Evaluation | None:
    answer = team.result(root) if team else None
    if answer is None:
        return None
    from dblint.scan.record import read

    if memory:
        memory.keep_record(root, *answer)
    return read(answer[0], {rule.id: rule for rule in selection.rules})


def _afresh(root: Root, judge: Callable[[Root], Evaluation], memory: Memory | None) -> Evaluation:
    if memory:
        memory.begin()
    found = judge(root)
    if memory:
        memory.keep(root, found)
    return found


@timed("evaluate")
def _evaluate(
    root: Root, rules: dict[str, list[Rule]], selection: Selection, only: Sequence[str], done: Evaluation
) -> None:
    judged: list[Judged] = []
    try:
        for deployment in root.deployments():
            done.scenarios |= names_of(root, deployment, only)
            _judge(deployment, rules, selection, done, judged)
    except (Exception, Fork, Undetermined) as error:
        done.fault(root.path, error)
    _settle(root, judged, selection, done)
    done.problems += root.problems
    done.notes += root.notes
    root.release()
    if not root.is_root:
        return
    done.files |= root.files
    done.concealed |= root.concealed
    noted = frozenset(note.kind for note in root.notes) - _OF_OTHERS
    done.looked[root.path] = Looked(root.source, frozenset(root.files), noted)


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


@timed("judge")
def _judge(
    deployment: Deployment,
    rules: dict[str, list[Rule]],
    selection: Selection,
    done: Evaluation,
    judged: list[Judged],
) -> None:
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
                judged.append(Judged(rule, resource, deployment, tuple(cases)))


@timed("judge")
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
