"""The topology in the DOT language of Graphviz. https://graphviz.org/doc/info/lang.html"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.reports.graph.words import OUTSIDE, Ids, by_region, lines, relation
from dblint.reports.style import Style
from dblint.topology import Topology


def picture(topologies: Sequence[Topology]) -> str:
    """One directed graph with a cluster for each root and Region."""
    drawn = ["digraph databases {", "  rankdir=LR;", "  node [shape=box, style=rounded];"]
    ids = Ids(topologies)
    for number, topology in enumerate(topologies, 1):
        drawn += _root(f"r{number}", topology, ids)
    for number, topology in enumerate(topologies, 1):
        drawn += _ties(f"r{number}", topology, ids)
    return "".join(f"{line}\n" for line in [*drawn, "}"])


def _root(name: str, topology: Topology, ids: Ids) -> Iterator[str]:
    yield f"  subgraph cluster_{name} {{"
    yield f"    label={_quoted(topology.root)};"
    for number, (region, nodes) in enumerate(by_region(topology), 1):
        if region:
            yield f"    subgraph cluster_{name}g{number} {{"
            yield f"      label={_quoted(region)};"
        for node in nodes:
            yield f"      {ids.of(node.address, topology.root)} [label={_quoted(*lines(node, topology))}];"
        if region:
            yield "    }"
    yield "  }"


def _ties(name: str, topology: Topology, ids: Ids) -> Iterator[str]:
    for number, tie in enumerate(topology.ties, 1):
        source, target = (ids.of(address, topology.root) for address in (tie.source, tie.target))
        if not target:
            target = f"{name}o{number}"
            yield f"  {target} [label={_quoted(tie.target or OUTSIDE)}, style=dashed];"
        yield f"  {source} -> {target} [label={_quoted(relation(tie, topology))}];"


def _quoted(*texts: str) -> str:
    return '"' + "\\n".join(_escaped(text) for text in texts) + '"'


def _escaped(text: str) -> str:
    return Style().clean(" ".join(text.split())).replace("\\", "\\\\").replace('"', '\\"')
