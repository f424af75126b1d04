"""Builds the picture of a deployment, and puts those of one root together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from dblint.graph import Graph
from dblint.model import Address, Deployment, Resource, Unknown
from dblint.reading import known
from dblint.records import dataclass
from dblint.scenario import scenario_names
from dblint.topology.kinds import KINDS, Ask, Kind
from dblint.topology.look import ABSENT, Look, When
from dblint.topology.model import NO, UNKNOWN, YES, Case, Fact, Node, Tie, Topology
from dblint.view import View


def topology_of(deployment: Deployment, names: tuple[str, ...]) -> Topology:
    """The databases of a deployment and their ties. `names` are the scenarios that it stands for as a whole."""
    asked = _Asked(deployment.name, names, Graph(deployment))
    shown = [(resource, KINDS[resource.type]) for resource in deployment.resources if resource.type in KINDS]
    made = [(resource, kind, _node(resource, kind, asked)) for resource, kind in shown]
    nodes = tuple(node for *_, node in made if node)
    ties = [tie for resource, kind, node in made if node for tie in _ties(resource, kind, asked)]
    return Topology(deployment.root, deployment.source, names, nodes, tuple(_united(ties)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The deployment that questions are asked of: its name, the scenarios that it stands for as a whole, its graph."""

    name: str
    all: tuple[str, ...]
    graph: Graph

    def scenarios(self, when: When) -> tuple[str, ...]:
        return tuple(scenario_names(self.name, when)) if when else self.all


def _node(resource: Resource, kind: Kind, asked: _Asked) -> Node | None:
    """None for what exists in no scenario."""
    words = _cases(kind.word, resource, asked)
    if not words:
        return None
    facts = ((name, _cases(ask, resource, asked)) for name, ask in kind.facts)
    region = next(iter(_cases(lambda view: view.region, resource, asked)), UNKNOWN)
    return Node(
        address=resource.address,
        type=resource.type,
        kind=next((word for word in words if word != UNKNOWN), "database"),
        region="" if region == UNKNOWN else region,
        location=resource.location,
        scenarios=_names(words.values()),
        facts=tuple(Fact(name, tuple(cases.items())) for name, cases in facts if cases),
    )


def _cases(ask: Ask, resource: Resource, asked: _Asked) -> dict[str, tuple[str, ...]]:
    """The answers as texts, each with its scenarios; what does not exist, and what there is no answer to, is left
    out."""
    found: dict[str, dict[str, None]] = {}
    for answer, when in Look(ask, resource, asked.graph).answers():
        if answer is not ABSENT and answer is not None:
            found.setdefault(_text(answer), {}).update(dict.fromkeys(asked.scenarios(when)))
    return {text: tuple(names) for text, names in found.items()}


def _text(answer: object) -> str:
    if isinstance(answer, Unknown):
        return UNKNOWN
    if isinstance(answer, bool):
        return YES if answer else NO
    return str(answer)


def _ties(resource: Resource, kind: Kind, asked: _Asked) -> Iterator[Tie]:
    for relation, ask in kind.ties:
        for answer, when in Look(partial(_targets, ask), resource, asked.graph).answers():
            for target in _addresses(answer):
                if target != resource.address:
                    yield Tie(resource.address, relation, target, asked.scenarios(when))


def _targets(ask: Ask, view: View) -> tuple[Address, ...]:
    """The addresses of what a question leads to: one view, several, or none."""
    found = ask(view)
    views = known(found) if isinstance(found, tuple) else () if found is None else (found,)
    return tuple(view.resource.address for view in views)


def _addresses(answer: object) -> Iterable[Address]:
    return answer if isinstance(answer, tuple) else ()


def _united(ties: Iterable[Tie]) -> Iterator[Tie]:
    """Each tie once, with all of its scenarios."""
    found: dict[tuple[Address, str, Address], dict[str, None]] = {}
    for tie in ties:
        found.setdefault((tie.source, tie.relation, tie.target), {}).update(dict.fromkeys(tie.scenarios))
    for (source, relation, target), names in found.items():
        yield Tie(source, relation, target, tuple(sorted(names)))


def merged(topologies: Iterable[Topology]) -> list[Topology]:
    """One picture for each root, with all of its scenarios, in the order of their paths."""
    roots: dict[str, list[Topology]] = {}
    for topology in topologies:
        roots.setdefault(topology.root, []).append(topology)
    return [_merged(roots[root]) for root in sorted(roots)]


def _merged(parts: list[Topology]) -> Topology:
    nodes: dict[Address, list[Node]] = {}
    for part in parts:
        for node in part.nodes:
            nodes.setdefault(node.address, []).append(node)
    return Topology(
        parts[0].root,
        parts[0].source,
        _names(part.scenarios for part in parts),
        tuple(_merged_node(same) for same in nodes.values()),
        tuple(_united(tie for part in parts for tie in part.ties)),
    )


def _merged_node(same: list[Node]) -> Node:
    first = same[0]
    facts: dict[str, dict[str, dict[str, None]]] = {}
    for node in same:
        for fact in node.facts:
            for value, names in fact.cases:
                facts.setdefault(fact.name, {}).setdefault(value, {}).update(dict.fromkeys(names))
    return Node(
        first.address,
        first.type,
        first.kind,
        next((node.region for node in same if node.region), ""),
        first.location,
        _names(node.scenarios for node in same),
        tuple(Fact(name, _sorted(cases)) for name, cases in facts.items()),
    )


def _sorted(cases: Mapping[str, Iterable[str]]) -> tuple[Case, ...]:
    return tuple((value, tuple(sorted(names))) for value, names in sorted(cases.items()))


def _names(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for names in groups for name in names}))
