"""The topology as a flowchart of Mermaid. https://mermaid.js.org/syntax/flowchart.html"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.reports.graph.words import by_region, lines, relation
from dblint.reports.style import Style
from dblint.topology import Topology

_PLAIN = frozenset(" .,:-_/()=+")


def picture(topologies: Sequence[Topology]) -> str:
    """One flowchart with a group for each root and Region."""
    drawn = ["flowchart LR", *(line for number, t in enumerate(topologies, 1) for line in _root(f"r{number}", t))]
    return "".join(f"{line}\n" for line in drawn)


def _root(name: str, topology: Topology) -> Iterator[str]:
    ids = {node.address: f"{name}n{number}" for number, node in enumerate(topology.nodes, 1)}
    yield f"  subgraph {name}[{_quoted(topology.root)}]"
    for number, (region, nodes) in enumerate(by_region(topology), 1):
        margin = "      " if region else "    "
        if region:
            yield f"    subgraph {name}g{number}[{_quoted(region)}]"
        for node in nodes:
            yield f"{margin}{ids[node.address]}[{_quoted(*lines(node, topology))}]"
        if region:
            yield "    end"
    yield "  end"
    outside = 0
    for tie in topology.ties:
        target = ids.get(tie.target)
        if target is None:
            outside += 1
            target = f'{name}o{outside}(["outside of what was scanned"])'
        yield f"  {ids[tie.source]} -->|{_quoted(relation(tie, topology))}| {target}"


def _quoted(*texts: str) -> str:
    """Lines as a text that Mermaid takes as it is: what is not plain is written as a number."""
    return '"' + "<br/>".join(_escaped(text) for text in texts) + '"'


def _escaped(text: str) -> str:
    cleaned = Style().clean(" ".join(text.split()))
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in cleaned)
