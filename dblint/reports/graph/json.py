"""The topology as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dblint import __version__
from dblint.topology import Node, Tie, Topology
from dblint.topology.model import Case

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA_VERSION = "1.0"


def picture(topologies: Sequence[Topology]) -> str:
    """One object and a newline, in ASCII. Within 1.x, fields are added and none is changed or removed."""
    roots = [_root(topology) for topology in topologies]
    tool = {"name": "dblint", "version": __version__}
    return json.dumps({"schema_version": SCHEMA_VERSION, "tool": tool, "roots": roots}, indent=2) + "\n"


def _root(topology: Topology) -> dict[str, Any]:
    return {
        "root": topology.root,
        "source": topology.source,
        "scenarios": list(topology.scenarios),
        "nodes": [_node(node) for node in topology.nodes],
        "edges": [_edge(tie) for tie in topology.ties],
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "address": node.address,
        "resource_type": node.type,
        "kind": node.kind,
        "region": node.region or None,
        "path": node.location.file,
        "line": node.location.line,
        "scenarios": list(node.scenarios),
        "facts": {fact.name: [_case(case) for case in fact.cases] for fact in node.facts},
    }


def _case(case: Case) -> dict[str, Any]:
    value, scenarios = case
    return {"value": value, "scenarios": list(scenarios)}


def _edge(tie: Tie) -> dict[str, Any]:
    """`to` is null where it leads out of what was scanned."""
    return {"from": tie.source, "relation": tie.relation, "to": tie.target or None, "scenarios": list(tie.scenarios)}
