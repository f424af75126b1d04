"""What a picture says of a resource, in words that all formats share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.reports.words import named
from dblint.topology import Fact, Node, Tie, Topology
from dblint.topology.model import NO, UNKNOWN, YES

# Facts that are told by their value alone.
_BARE = ("engine", "engines", "class", "zones")
OUTSIDE = "outside of what was scanned"
_NOUNS = ("automatic failover", "backups", "point-in-time recovery", "standby")


def lines(node: Node, topology: Topology) -> Iterator[str]:
    """A node in a few lines: what it is, and what holds of it."""
    yield node.address
    bare = [fact.value or _by_scenario(fact) for fact in node.facts if fact.name in _BARE]
    yield ", ".join([node.kind, *(text for text in bare if text != UNKNOWN)])
    for fact in node.facts:
        if fact.name not in _BARE:
            yield told(fact)
    if apart := apart_of(node.scenarios, topology):
        yield apart


def told(fact: Fact) -> str:
    """A fact: "encrypted", "not encrypted", "backups: 14 days", "standby: yes (prod), no (dev)"."""
    if fact.value == YES:
        return fact.name
    if fact.value == NO:
        if fact.name.endswith(" required"):
            return f"{fact.name.removesuffix(' required')} not required"
        return f"{'no' if fact.name in _NOUNS else 'not'} {fact.name}"
    if fact.value is not None:
        return f"{fact.name}: {fact.value}"
    return f"{fact.name}: {_by_scenario(fact)}"


def _by_scenario(fact: Fact) -> str:
    return ", ".join(f"{value} ({', '.join(names)})" for value, names in fact.cases)


def apart_of(scenarios: Sequence[str], topology: Topology) -> str:
    """ "only in prod", where it is not in all scenarios."""
    return "" if set(scenarios) >= set(topology.scenarios) else f"only in {', '.join(named(scenarios))}"


def relation(tie: Tie, topology: Topology) -> str:
    """What a tie says."""
    apart = apart_of(tie.scenarios, topology)
    return f"{tie.relation} ({apart})" if apart else tie.relation


class Ids:
    """A name for each resource of all roots: "r1n1"."""

    def __init__(self, topologies: Sequence[Topology]) -> None:
        self._ids = {
            (topology.root, node.address): f"r{number}n{count}"
            for number, topology in enumerate(topologies, 1)
            for count, node in enumerate(topology.nodes, 1)
        }
        self._roots = {topology.root for topology in topologies}

    def of(self, address: str, root: str) -> str:
        """The name of a resource as a root speaks of it: that of another one with this root and a colon before it. ""
        where it is in no picture."""
        other, sign, inner = address.rpartition(":")
        while sign and other not in self._roots:
            other, sign, rest = other.rpartition(":")
            inner = f"{rest}:{inner}"
        return self._ids.get((root, address)) or self._ids.get((other, inner), "")


def by_region(topology: Topology) -> list[tuple[str, list[Node]]]:
    """The nodes of each Region; those of which it is not known last."""
    regions = sorted({node.region for node in topology.nodes}, key=lambda region: (not region, region))
    return [(region, [node for node in topology.nodes if node.region == region]) for region in regions]
