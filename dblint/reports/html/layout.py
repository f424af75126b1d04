"""Where each database stands in the picture: boxes in boxes, side by side in the order in which data flows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.records import dataclass
from dblint.topology import Node, Tie, Topology
from dblint.topology.kinds import MEMBER, PROXY, RUNS_ON, WRITES

# Of these, the first resource is drawn inside of the second.
INSIDE = (MEMBER, RUNS_ON)
# Of these, data or requests flow from the first resource to the second; of all others it is the other way round.
_FORWARD = (PROXY, WRITES)


@dataclass(frozen=True, slots=True)
class Box:
    """A resource with what is a member of it."""

    node: Node
    members: tuple[Box, ...]

    def nodes(self) -> Iterator[Node]:
        yield self.node
        for member in self.members:
            yield from member.nodes()


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes that ties hold together: in columns, so that what data flows from stands to the left. One that nothing is
    tied to is alone."""

    columns: tuple[tuple[Box, ...], ...]
    ties: tuple[Tie, ...]

    def boxes(self) -> Iterator[Box]:
        return (box for column in self.columns for box in column)

    @property
    def regions(self) -> set[str]:
        return {node.region for box in self.boxes() for node in box.nodes()}


def flows_forward(tie: Tie) -> bool:
    return tie.relation in _FORWARD


def groups(topology: Topology) -> list[Group]:
    """The boxes of a root, together as their ties have it; the largest groups first."""
    boxes = _boxes(topology)
    outer = {node.address: box for box in boxes for node in box.nodes()}
    ties = [t for t in topology.ties if t.target in outer and outer[t.source] is not outer[t.target]]
    found = [_group(part, ties, outer) for part in _parts(boxes, ties, outer)]
    return sorted(found, key=lambda group: -sum(1 for box in group.boxes() for _ in box.nodes()))


def _boxes(topology: Topology) -> list[Box]:
    """The outermost boxes. What belongs to several stands in the first."""
    nodes = {node.address: node for node in topology.nodes}
    within: dict[str, str] = {}
    for tie in topology.ties:
        if tie.relation in INSIDE and tie.target in nodes and not _holds(within, tie.target, tie.source):
            within.setdefault(tie.source, tie.target)
    members: dict[str, list[str]] = {}
    for inner, outer in within.items():
        members.setdefault(outer, []).append(inner)

    def box(address: str) -> Box:
        return Box(nodes[address], tuple(box(inner) for inner in members.get(address, ())))

    return [box(address) for address in nodes if address not in within]


def _holds(within: dict[str, str], address: str, other: str) -> bool:
    """Whether a resource stands inside of another, or is it."""
    while address != other and address in within:
        address = within[address]
    return address == other


def _parts(boxes: Sequence[Box], ties: Sequence[Tie], outer: dict[str, Box]) -> list[list[Box]]:
    """The boxes by what ties hold together."""
    parts = {id(box): [box] for box in boxes}
    for tie in ties:
        one, two = parts[id(outer[tie.source])], parts[id(outer[tie.target])]
        if one is not two:
            one += two
            parts.update((id(box), one) for box in two)
    return list({id(part): part for part in parts.values()}.values())


def _group(part: list[Box], ties: Sequence[Tie], outer: dict[str, Box]) -> Group:
    inside = {id(box) for box in part}
    own = tuple(tie for tie in ties if id(outer[tie.source]) in inside)
    depths = _depths(part, [_flow(tie, outer) for tie in own])
    columns: dict[int, list[Box]] = {}
    for box in part:
        columns.setdefault(depths[id(box)], []).append(box)
    return Group(tuple(tuple(columns[depth]) for depth in sorted(columns)), own)


def _depths(part: Sequence[Box], flows: Sequence[tuple[Box, Box]]) -> dict[int, int]:
    """How far each box stands from where data comes from. A circle ends at the number of boxes."""
    depths = {id(box): 0 for box in part}
    for _ in part:
        before = dict(depths)
        for source, target in flows:
            depths[id(target)] = min(max(depths[id(target)], depths[id(source)] + 1), len(part) - 1)
        if depths == before:
            break
    return depths


def _flow(tie: Tie, outer: dict[str, Box]) -> tuple[Box, Box]:
    source, target = outer[tie.source], outer[tie.target]
    return (source, target) if flows_forward(tie) else (target, source)
