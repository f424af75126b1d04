"""The topology as a flowchart of Mermaid. https://mermaid.js.org/syntax/flowchart.html"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.reports.graph.words import OUTSIDE, Ids, by_region, lines, relation
from dblint.reports.style import Style
from dblint.topology import Topology

_PLAIN = frozenset(" .,:-_/()=+")


def picture(topologies: Sequence[Topology]) -> str:
    """One flowchart with a group for each root and Region."""
    ids = Ids(topologies)
    drawn = ["flowchart LR"]
    for number, topology in enumerate(topologies, 1):
        drawn += _root(f"r{number}", topology, ids)
    for number, topology in enumerate(topologies, 1):
        drawn += _ties(f"r{number}", topology, ids)
    return "".join(f"{line}\n" for line in drawn)


def _root(name: str, topology: Topology, ids: Ids) -> Iterator[str]:
    yield f"  subgraph {name}[{_quoted(topology.root)}]"
    for number, (region, nodes) in enumerate(by_region(topology), 1):
        margin = "      " if region else "    "
        if region:
            yield f"    subgraph {name}g{number}[{_quoted(region)}]"
        for node in nodes:
            yield f"{margin}{ids.of(node.address, topology.root)}[{_quoted(*lines(node, topology))}]"
        if region:
            yield "    end"
    yield "  end"


def _ties(name: str, topology: Topology, ids: Ids) -> Iterator[str]:
    for number, tie in enumerate(topology.ties, 1):
        source, target = (ids.of(address, topology.root) for address in (tie.source, tie.target))
        if not target:
            target = f"{name}o{number}([{_quoted(tie.target or OUTSIDE)}])"
        yield f"  {source} -->|{_quoted(relation(tie, topology))}| {target}"


def _quoted(*texts: str) -> str:
    """Lines as a text that Mermaid takes as it is: what is not plain is written as a number."""
    return '"' + "<br/>".join(_escaped(text) for text in texts) + '"'


def _escaped(text: str) -> str:
    cleaned = Style().clean(" ".join(text.split()))
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in cleaned)
