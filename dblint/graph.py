"""Joins the resources of one deployment by the edges that the views declare.

An edge holds by reference (`Ref`) or by name (a known text that is a resource's identity, or an ARN that ends in it).
What leads out of the deployment leads to a stub of which nothing is known. Absence is never proved from an open
world: a set of which some resource may be a member is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dblint.choice import alternatives, hoist, only, other_than
from dblint.model import Address, Choice, Deployment, Location, Ref, Resource, Unknown, Value, Variable
from dblint.properties import Property
from dblint.reading import Reading, undetermined
from dblint.view import VIEWS, Many, MentionedBy, Mentions, One, Seen, View, view_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OUTSIDE = Location("", 0, 0, 0, 0)


class Outside(Mapping[str, Value]):
    """The properties of a resource that lies outside of the deployment: all of them unknown."""

    def __init__(self, because: str) -> None:
        self.because = because

    def __getitem__(self, name: str) -> Value:
        return Unknown(self.because)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Graph:
    """The edges of one deployment, indexed on first use."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        every = (*deployment.resources, *deployment.context)
        self._at: dict[Address, Resource] = {r.address: r for r in every}
        self._of_type: dict[str, list[Resource]] = defaultdict(list)
        for resource in every:
            self._of_type[resource.type].append(resource)
        self._named: dict[str, dict[str, list[Resource]]] = {}
        self._pointing: dict[One, Pointing] = {}
        self._settled: dict[tuple[Many, Address], tuple[list[Resource], str]] = {}

    def one(self, seen: Seen, edge: One) -> Resource | None:
        """The target of the edge; None where the property is absent. Undetermined for an edge of what lies outside."""
        value = _named_by(seen, edge)
        if isinstance(value, Unknown) and not value.is_set and _is_null(seen, edge, value):
            return None
        return None if value is None else self._target(value, edge, seen.reading)

    def several(self, seen: Seen, edge: One) -> tuple[list[Resource], str]:
        """The targets of an edge that lists resources, and why there may be others ("" where there are none)."""
        value = self._list_of(_named_by(seen, edge), edge, seen.reading)
        if isinstance(value, Unknown):
            return [], value.because
        found, because = [], ""
        for item in value if isinstance(value, list) else [value]:
            item = seen.reading.settle(item)
            if isinstance(item, Unknown):
                because = item.because
            elif item is not None:
                target = self._target(item, edge, seen.reading)
                found.append(target)
                exists = True if isinstance(value, list) else seen.reading.resolve(target.exists)
                because = exists.because if isinstance(exists, Unknown) else because
        return found, because

    def _list_of(self, value: Value, edge: One, reading: Reading) -> Value:
        """What a reference that stands for the whole list stands for, unless it is to the only member."""
        if isinstance(value, Ref) and len(self._referred(value, edge)) != 1:
            inner = reading.resolve(value.value)
            return inner if isinstance(inner, (list, Unknown)) else value
        return value

    def many(self, view: View, edge: Many) -> tuple[list[Resource], str]:
        """The existing resources whose edge points at this one, and why there may be others."""
        if edge.type not in VIEWS:
            return [], ""
        key, asked = (edge, view.resource.address), view.reading.asked
        if key not in self._settled:
            found = self._many(view, edge)
            if view.reading.asked != asked:
                return found  # it hangs on decisions, which another try takes otherwise
            self._settled[key] = found
        return self._settled[key]

    def _many(self, view: View, edge: Many) -> tuple[list[Resource], str]:
        resource, reading = view.resource, view.reading
        forward: One = VIEWS[edge.type].__dict__[edge.by]
        pointing = self._pointing.get(forward) or self._point(forward)
        found = []
        because = pointing.loose or self._stranger(resource)
        for candidate in (*pointing.at[resource.address], *pointing.at[""]):
            if candidate is resource or candidate in found:
                continue
            exists = reading.resolve(candidate.exists)
            if exists is False or not self._points(candidate, forward, resource, reading):
                continue
            if isinstance(exists, Unknown):
                because = exists.because
            else:
                found.append(candidate)
        return found, because

    def mentioned(self, seen: Seen, edge: Mentions) -> list[Resource]:
        """The existing resources of the edge's types that the property is made from."""
        value = {} if isinstance(seen.values, Unknown) else seen.values.get(edge.by)
        found: dict[Address, Resource] = {}
        for ref in _references(value, seen.reading):
            if not edge.attributes or ref.attribute in edge.attributes or not ref.attribute:
                found.update((a, self._at[a]) for a in ref.to if a in self._at and self._at[a].type in edge.types)
        return [r for r in found.values() if seen.reading.resolve(r.exists) is not False]

    def mentioning(self, view: View, edge: MentionedBy) -> list[Resource]:
        """The existing resources whose edge mentions this one."""
        if edge.type not in VIEWS:
            return []
        forward: Mentions = VIEWS[edge.type].__dict__[edge.by]
        return [
            candidate
            for candidate in self._of_type[edge.type]
            if view.reading.resolve(candidate.exists) is not False
            and view.resource in self.mentioned(view_of(candidate, view.reading, self), forward)
        ]

    def _points(self, candidate: Resource, edge: One, at: Resource, reading: Reading) -> bool:
        seen = view_of(candidate, reading, self)
        return at in self.several(seen, edge)[0] if edge.list else self.one(seen, edge) is at

    def _stranger(self, resource: Resource) -> str:
        for stranger in self.deployment.strangers:
            if resource.address in stranger.to:
                return stranger.because
        return ""

    def _target(self, value: Value, edge: One, reading: Reading) -> Resource:
        if isinstance(value, Ref):
            referred = self._referred(value, edge)
            if len(referred) == 1:
                return referred[0]
            value = _unsteered(value, reading)
        named = self._by_name(value, edge, reading)
        return named[0] if len(named) == 1 else _stub(edge, _because(value))

    def _referred(self, value: Ref, edge: One) -> list[Resource]:
        return [r for r in map(self._at.get, value.to) if r and r.type in edge.types]

    def _by_name(self, value: Value, edge: One, reading: Reading) -> list[Resource]:
        wanted = _name_keys(value)
        found: list[Resource] = []
        for type in edge.types:
            names = self._named.get(type) or self._name(type)
            found += next((names[key] for key in wanted if key in names), ())
            found += (r for r in names.get("", ()) if _bears(r, wanted, reading))
        return [r for r in found if reading.resolve(r.exists) is not False]

    def _name(self, type: str) -> dict[str, list[Resource]]:
        """Resources by name; those whose name a decision steers stand under ""."""
        names: dict[str, list[Resource]] = defaultdict(list)
        for resource in self._of_type[type]:
            identity = _identity(resource)
            for key in [""] if isinstance(identity, Choice) else _name_keys(identity)[:1]:
                names[key].append(resource)
        self._named[type] = dict(names)
        return self._named[type]

    def _point(self, edge: One) -> Pointing:
        pointing = Pointing()
        for resource in self._of_type[edge.owner.cloudformation]:
            for value in _leaves(resource.properties.get(edge.by), edge.list):
                self._note(pointing, resource, value, edge)
        self._pointing[edge] = pointing
        return pointing

    def _note(self, pointing: Pointing, resource: Resource, value: Value, edge: One) -> None:
        """Where this value of the edge may point: at addresses, at whoever bears a name (""), or anywhere."""
        if isinstance(value, Ref):
            targets = [a for a in value.to if a in self._at and self._at[a].type in edge.types]
            if len(targets) == 1:
                pointing.at[targets[0]].append(resource)
                return
            pointing.at[""].append(resource)
        elif isinstance(value, Unknown):
            pointing.loose = value.because
            pointing.at[""].append(resource)
        elif value is not None:
            pointing.at[""].append(resource)


class Pointing:
    """One edge, seen from its targets: the resources that may point at an address, or at a name (""); `loose` says
    why some resource may point anywhere."""

    def __init__(self) -> None:
        self.at: dict[Address, list[Resource]] = defaultdict(list)
        self.loose = ""


def _leaves(value: Value, is_list: bool) -> Iterator[Value]:
    for leaf in alternatives(value):
        if is_list and isinstance(leaf, list):
            for item in leaf:
                yield from alternatives(item)
        else:
            yield leaf


def _references(value: Value, reading: Reading) -> Iterator[Ref]:
    """All references in a value, in the alternative that holds."""
    value = reading.settle(value)
    if isinstance(value, Ref):
        yield value
        yield from _references(value.value, reading)
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _references(item, reading)


def _unsteered(value: Ref, reading: Reading) -> Value:
    """The reference itself where its value is unknown, so that two uses of one reference are one name."""
    inner = reading.resolve(value.value)
    return value if isinstance(inner, Unknown) else inner


def _name_keys(value: Value) -> list[str]:
    """What a value is called by, as a name: a text and the end of an ARN; an unknown by what it is taken from."""
    if isinstance(value, Ref):
        if not isinstance(value.value, Unknown):
            return _name_keys(value.value)
        return [f"\0{value.to[0]}.{value.attribute}"] if value.attribute and len(value.to) == 1 else []
    if isinstance(value, Unknown):
        return [f"\0{value.variable.key}"] if value.variable else []
    return [value, value.rsplit(":", 1)[-1]] if isinstance(value, str) and value else []


def _bears(resource: Resource, wanted: list[str], reading: Reading) -> bool:
    keys = _name_keys(reading.resolve(_identity(resource)))
    return bool(keys) and keys[0] in wanted


def _named_by(seen: Seen, edge: One) -> Value:
    """What the property of the edge holds: with its reference, without its choices."""
    if isinstance(seen.values, Outside):
        undetermined(seen.values.because)
    if isinstance(seen.values, Unknown):
        return seen.values
    return seen.reading.settle(seen.values.get(edge.by))


def _is_null(seen: Seen, edge: One, value: Unknown) -> bool:
    key = ":".join([seen.resource.address, *map(str, seen.path), edge.by])
    declared = getattr(type(seen), edge.by, None)
    name = seen.word(declared) if isinstance(declared, Property) else edge.by
    return seen.reading.decide(value.variable or Variable(key, name), (only(None), other_than(None))) == 0


def _identity(resource: Resource) -> Value:
    return hoist(resource.properties.get(VIEWS[resource.type].identity))


def _because(value: Any) -> str:
    if isinstance(value, Unknown):
        return value.because
    if isinstance(value, Ref):
        return _because(value.value)
    return f"{value} lies outside of what was scanned" if value else "what an empty name means can not be told"


def _stub(edge: One, because: str) -> Resource:
    return Resource(edge.types[0], "", "outside", Outside(because), OUTSIDE)
