"""The topology of the databases as boxes, with the number of findings on each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dblint.finding import Finding
from dblint.reports.graph.words import OUTSIDE, Ids, apart_of, told
from dblint.reports.html.layout import INSIDE, Box, Group, flows_forward, groups
from dblint.reports.html.markup import NOTHING, Html, code, element, text
from dblint.reports.words import number
from dblint.rule_definition import SEVERITIES
from dblint.topology import Fact, Node, Tie, Topology
from dblint.topology.model import NO, UNKNOWN, YES

# Facts that say what it is, and those whose absence is the sound state.
_ABOUT = ("engine", "engines", "class", "zones", "nodes", "replicas in")
_BETTER_NOT = ("public",)
# Of larger groups the lines between boxes would cover each other.
_MOST_TIES = 40
# Of more roots, those without findings are folded.
_MOST_OPEN = 12

Counts = Mapping[tuple[str, str], Counter[str]]


class _Drawn:
    """One root as it is drawn: its topology, the number of findings on each resource, and the names of all boxes."""

    def __init__(self, topology: Topology, counts: Counts, ids: Ids) -> None:
        self.topology = topology
        self._counts = counts
        self._ids = ids
        self.ties: dict[str, list[Tie]] = {}
        for tie in topology.ties:
            self.ties.setdefault(tie.source, []).append(tie)

    def id(self, address: str) -> str:
        return self._ids.of(address, self.topology.root)

    def counted(self, address: str) -> Counter[str]:
        return self._counts.get((self.topology.root, address), Counter())


def databases(topologies: Sequence[Topology], findings: Sequence[Finding]) -> Html:
    """All roots that have databases."""
    counts = _counts(findings, {topology.root for topology in topologies})
    few = len(topologies) <= _MOST_OPEN
    ids = Ids(topologies)
    roots = [_root(_Drawn(topology, counts, ids), few) for topology in topologies]
    if not roots:
        return NOTHING
    return element("section", element("h2", text("Databases")), *roots, id="databases", aria_label="Databases")


def _counts(findings: Sequence[Finding], roots: set[str]) -> Counts:
    """How many findings of each severity each (root, address) has."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for finding in findings:
        for instance in finding.instances:
            root, sign, address = instance.partition(": ")
            key = (root, address) if sign and root in roots else (finding.root, instance)
            counts.setdefault(key, Counter())[finding.severity] += 1
    return counts


def _root(drawn: _Drawn, is_open: bool) -> Html:
    topology = drawn.topology
    found = Counter[str]()
    for node in topology.nodes:
        found += drawn.counted(node.address)
    summary = element(
        "summary",
        element("h3", text("(the project itself)" if topology.root == "." else topology.root)),
        element("span", text(number(len(topology.nodes), "resource")), class_="quiet"),
        *(element("span", text(name), class_="scenario") for name in topology.scenarios if name != "default"),
        *_badges(found, "", ""),
    )
    return element(
        "details",
        summary,
        *_regions(drawn),
        class_="root",
        open=is_open or bool(found),
        data_scenarios=json.dumps(topology.scenarios),
    )


def _regions(drawn: _Drawn) -> Iterator[Html]:
    """The groups of each Region; those of several, or of one that is not in the code, last."""
    by_region: dict[str, list[Group]] = {}
    for group in groups(drawn.topology):
        by_region.setdefault(_region_of(group), []).append(group)
    plain = set(by_region) == {""}
    for region in sorted(by_region, key=lambda region: (region in ("", _SEVERAL), region)):
        heading = NOTHING if plain else element("h4", text(region or "Region not in the code"))
        boxes = element("div", *_groups(by_region[region], drawn), class_="boxes")
        yield element("div", heading, boxes, class_="region")


_SEVERAL = "several Regions"


def _region_of(group: Group) -> str:
    regions = group.regions
    return next(iter(regions)) if len(regions) == 1 else _SEVERAL


def _groups(found: Iterable[Group], drawn: _Drawn) -> Iterator[Html]:
    """The groups, with the places of their lines; what is alone is a box among them."""
    for group in found:
        several = len(group.regions) > 1
        if not group.ties:
            yield from (_box(box, drawn, several) for box in group.boxes())
            continue
        columns = (
            element("div", *(_box(box, drawn, several) for box in column), class_="column") for column in group.columns
        )
        ties = json.dumps([_drawn_tie(tie.source, tie.target, flows_forward(tie), drawn) for tie in group.ties])
        yield element("div", *columns, class_="group", data_ties=ties if len(group.ties) <= _MOST_TIES else "[]")


def _drawn_tie(source: str, target: str, forward: bool, drawn: _Drawn) -> list[str]:
    ends = [drawn.id(source), drawn.id(target)]
    return ends if forward else ends[::-1]


def _box(box: Box, drawn: _Drawn, with_region: bool) -> Html:
    node = box.node
    apart = apart_of(node.scenarios, drawn.topology)
    place = f"{node.location.file}:{node.location.line}"
    about = [fact for fact in node.facts if fact.name in _ABOUT]
    region = [element("span", text(node.region or "Region not in the code"), class_="place")] if with_region else []
    inner = (_box(member, drawn, member.node.region != node.region) for member in box.members)
    members = element("div", *inner, class_="members")
    return element(
        "article",
        element("p", text(node.kind), *region, class_="kind"),
        element("h5", _breakable(node.address), title=place),
        element("p", *_about(about), class_="about") if about else NOTHING,
        element("ul", *_facts(node), class_="facts") if len(about) < len(node.facts) else NOTHING,
        element("p", text(apart), class_="apart") if apart else NOTHING,
        *_relations(node, drawn),
        _chips(node, drawn),
        members if box.members else NOTHING,
        id=drawn.id(node.address),
        class_="box outer" if box.members else "box",
        data_in=json.dumps(node.scenarios),
    )


def _breakable(address: str) -> Html:
    """An address that may be broken at its dots."""
    return Html("<wbr>".join(text(part) for part in address.replace(".", ".\n").split("\n")))


def _about(facts: Iterable[Fact]) -> Iterator[Html]:
    for fact in facts:
        for value, scenarios in fact.cases:
            if value != UNKNOWN:
                said = f"{fact.name} {value}" if fact.name in ("nodes", "replicas in") else value
                yield element("span", text(said), *_when(fact, scenarios), data_in=json.dumps(scenarios))


def _when(fact: Fact, scenarios: Sequence[str]) -> list[Html]:
    """In which scenarios a value holds, where it differs."""
    return [] if fact.value else [element("span", text(f" in {', '.join(scenarios)}"), class_="when")]


def _facts(node: Node) -> Iterator[Html]:
    for fact in node.facts:
        if fact.name in _ABOUT:
            continue
        if fact.value:
            yield element("li", text(told(fact)), class_=_tone(fact.name, fact.value))
        else:
            yield element("li", text(f"{fact.name}:"), *_cases(fact), class_="varies")


def _cases(fact: Fact) -> Iterator[Html]:
    for value, scenarios in fact.cases:
        yield element(
            "span",
            text(value),
            *_when(fact, scenarios),
            class_=f"case {_tone(fact.name, value)}",
            data_in=json.dumps(scenarios),
        )


def _tone(name: str, value: str) -> str:
    if value == UNKNOWN:
        return "unknown"
    return "yes" if (value == NO) is (name in _BETTER_NOT) or value not in (YES, NO) else "no"


def _relations(node: Node, drawn: _Drawn) -> Iterator[Html]:
    for tie in drawn.ties.get(node.address, ()):
        if tie.relation not in INSIDE:
            apart = "" if tie.scenarios == node.scenarios else apart_of(tie.scenarios, drawn.topology)
            there = drawn.id(tie.target)
            where = code(tie.target) if tie.target else text(f"something {OUTSIDE}")
            yield element(
                "p",
                text(f"{tie.relation} "),
                element("a", where, href=f"#{there}") if there else where,
                text(f" ({apart})" if apart else ""),
                class_="relation",
                data_in=json.dumps(tie.scenarios),
            )


def _chips(node: Node, drawn: _Drawn) -> Html:
    counted = drawn.counted(node.address)
    badges = list(_badges(counted, node.address, drawn.topology.root))
    return element("p", *badges, class_="chips") if badges else NOTHING


def _badges(counted: Counter[str], address: str, root: str) -> Iterator[Html]:
    """The number of findings of each severity; of one resource, as links to them."""
    for severity in SEVERITIES:
        if counted[severity]:
            said = text(f"{counted[severity]} {severity}")
            if address:
                yield element("a", said, class_=f"severity {severity}", href="#findings", data_address=address)
            else:
                yield element("span", said, class_=f"severity {severity}")
