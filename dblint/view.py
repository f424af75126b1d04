"""How a rule sees a resource: AWS's properties in PascalCase, ours (edges and derived facts) in snake_case."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.environment import is_production, names_production, words
from dblint.model import Path, Resource, Unknown, Value
from dblint.properties import Entries, Property, prop
from dblint.reading import OpenSet, Read, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar, Protocol, TypeAlias

    from dblint.model import Deployment
else:
    Protocol = object


class Joins(Protocol):
    """The graph of one deployment, as views use it."""

    deployment: Deployment

    def one(self, seen: Seen, edge: One) -> Resource | None: ...

    def several(self, seen: Seen, edge: One) -> tuple[list[Resource], str]: ...

    def many(self, view: View, edge: Many) -> tuple[list[Resource], str]: ...

    def mentioned(self, seen: Seen, edge: Mentions) -> list[Resource]: ...

    def mentioning(self, view: View, edge: MentionedBy) -> list[Resource]: ...


class Seen:
    """A resource or a nested object of it, under the assumptions of one try. What View and Part share."""

    __slots__ = ("graph", "path", "reading", "resource", "values")

    def __init__(
        self, resource: Resource, reading: Reading, graph: Joins, values: Mapping[str, Value] | Unknown, path: Path = ()
    ) -> None:
        self.resource = resource
        self.reading = reading
        self.graph = graph
        self.values = values
        self.path = path

    def raw(self, name: str) -> Value:
        """What is written under `name`, resolved: a known value, Unknown, or None where it is absent."""
        if isinstance(self.values, Unknown):
            return Unknown(self.values.because)
        return self.reading.resolve(self.values.get(name))

    def has(self, name: str) -> bool:
        """Whether the property is written at all, known or not."""
        return self.raw(name) is not None

    def word(self, declared: Property) -> str:
        """The property in the words of the resource's source."""
        if not self.resource.address:
            return f"{declared.name} of a resource outside"
        return (self.resource.source == "terraform" and declared.argument) or declared.name


class Part(Seen):
    """A nested object. One that is absent reads as an empty one, so no rule tests a parent before its child."""

    __slots__ = ()


class View(Seen):
    """A resource. Subclasses declare their type in CloudFormation, in Terraform, and which property is their name.

    `supporting`: a type that databases need (a security group, a secret); it alone makes nothing worth judging.
    `in_schema`: CloudFormation has the type; otherwise its name follows AWS's API.
    """

    __slots__ = ()

    cloudformation: ClassVar[str]
    terraform: ClassVar[tuple[str, ...]]
    identity: ClassVar[str]
    reference: ClassVar[str]
    supporting: ClassVar[bool]
    in_schema: ClassVar[bool]

    Tags: Entries = prop("tags")
    DeletionPolicy: str = prop(default="Delete")
    UpdateReplacePolicy: str = prop(default="Delete")

    def __init_subclass__(
        cls,
        cloudformation: str,
        terraform: str | tuple[str, ...] = (),
        identity: str = "",
        reference: str = "",
        supporting: bool = False,
        in_schema: bool = True,
    ) -> None:
        cls.cloudformation = cloudformation
        cls.terraform = (terraform,) if isinstance(terraform, str) else terraform
        cls.identity = identity
        cls.reference = reference
        cls.supporting = supporting
        cls.in_schema = in_schema
        VIEWS[cloudformation] = cls

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self.resource is other.resource

    def __hash__(self) -> int:
        return id(self.resource)

    @property
    def production(self) -> bool:
        """Whether it serves production, by the first evidence found; see `environment.py`."""
        return is_production(self.resource, self.called, self.graph.deployment, self.reading)

    @property
    def named_production(self) -> bool:
        """Whether something names production, so that it is not merely assumed."""
        return bool(names_production(self.resource, self.called, self.graph.deployment, self.reading))

    @property
    def called(self) -> Value:
        """The name that it is given in AWS; Unknown or None where that is not in the code."""
        return self.raw(self.identity) if self.identity else None

    @property
    def outside(self) -> bool:
        """Whether it lies outside of what was scanned, so that nothing is known of it."""
        return not self.resource.address

    @property
    def region(self) -> Value:
        """The AWS Region that it stands in; Unknown or None where that is not in the code."""
        return self.reading.resolve(self.resource.region)

    def words(self) -> set[str]:
        """The words, in lower case, of its name, its address and its tags, as far as they are known."""
        tags = self.raw("Tags")
        values = [self.reading.resolve(value) for value in tags.values()] if isinstance(tags, dict) else []
        texts = [self.called, self.resource.address, *values]
        return {word for text in texts if isinstance(text, str) for word in words(text)}

    def presume(self, note: str) -> None:
        """Records that a verdict rests on a presumption, which makes its confidence medium."""
        self.reading.reads.append(Read(self.resource, ("production",), True, "known", note=note, confidence="medium"))


VIEWS: dict[str, type[View]] = {}


def view_of(resource: Resource, reading: Reading, graph: Joins) -> View:
    """The view of a resource whose type some view declares."""
    return VIEWS[resource.type](resource, reading, graph, resource.properties)


class Nested:
    """A nested object, or with `several` a list of them. Made by `part` and `parts`."""

    __slots__ = ("in_schema", "name", "replaces", "several", "terraform", "type")

    def __init__(
        self, type: type[Part], terraform: str | None, several: bool, in_schema: bool, replaces: bool = False
    ) -> None:
        self.type = type
        self.terraform = terraform
        self.several = several
        self.in_schema = in_schema
        self.replaces = replaces

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, seen: Seen | None, owner: type) -> Any:
        if seen is None:
            return self
        value = seen.raw(self.name)
        path = (*seen.path, self.name)
        return self._list(seen, value, path) if self.several else self._part(seen, value, path)

    def _part(self, seen: Seen, value: Value, path: Path) -> Part:
        values = value if isinstance(value, (dict, Unknown)) else {}
        return self.type(seen.resource, seen.reading, seen.graph, values, path)

    def _list(self, seen: Seen, value: Value, path: Path) -> tuple[Part, ...]:
        if isinstance(value, Unknown):
            return OpenSet.of((), value.because)
        items = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        resolved = [(i, seen.reading.resolve(item)) for i, item in enumerate(items)]
        more = [item.because for _, item in resolved if isinstance(item, Unknown)]
        known = (self._part(seen, item, (*path, i)) for i, item in resolved if isinstance(item, dict))
        return OpenSet.of(known, more[0]) if more else tuple(known)


def part(type: type[Part], terraform: str | None = None, *, in_schema: bool = True, replaces: bool = False) -> Any:
    """Declares a nested object; `terraform` is the nested block, "" where its arguments stand in the resource itself;
    `replaces`: changing it replaces the resource."""
    return Nested(type, terraform, several=False, in_schema=in_schema, replaces=replaces)


def parts(type: type[Part], terraform: str | None = None, *, in_schema: bool = True, replaces: bool = False) -> Any:
    """Declares a list of nested objects; `terraform` is the nested block that repeats. An item that is unknown stands
    for any number of them."""
    return Nested(type, terraform, several=True, in_schema=in_schema, replaces=replaces)


class One:
    """An edge: the resource that the property `by` names, by reference or by its name. Made by `one` and
    `several`."""

    __slots__ = ("by", "list", "name", "owner", "types")

    def __init__(self, types: tuple[str, ...], by: str, is_list: bool) -> None:
        self.types = types
        self.by = by
        self.list = is_list

    def __set_name__(self, owner: type[View], name: str) -> None:
        self.owner = owner
        self.name = name

    def __get__(self, seen: Seen | None, owner: type) -> Any:
        if seen is None:
            return self
        if self.list:
            return _set_of(seen, *seen.graph.several(seen, self))
        target = seen.graph.one(seen, self)
        return None if target is None else view_of(target, seen.reading, seen.graph)


def one(*types: str, by: str) -> Any:
    """Declares an edge to at most one resource; it leads to a stub with every property unknown where that lies
    outside of the deployment."""
    return One(types, by, is_list=False)


def several(*types: str, by: str) -> Any:
    """Declares edges from a property that lists resources."""
    return One(types, by, is_list=True)


class Many:
    """The edges `by` of other resources, seen from their target. Made by `many`."""

    __slots__ = ("by", "type")

    def __init__(self, type: str, by: str) -> None:
        self.type = type
        self.by = by

    def __get__(self, view: View | None, owner: type) -> Any:
        if view is None:
            return self
        return _set_of(view, *view.graph.many(view, self))


def many(type: str, by: str) -> Any:
    """Declares the resources of `type` whose edge `by` points here."""
    return Many(type, by)


class Mentions:
    """The resources whose attributes a property's value is made from, wherever in it: an endpoint in an environment
    variable. Only what is known counts: what is not may mention more. Made by `mentions`."""

    __slots__ = ("attributes", "by", "types")

    def __init__(self, types: tuple[str, ...], by: str, attributes: frozenset[str]) -> None:
        self.types = types
        self.by = by
        self.attributes = attributes

    def __get__(self, seen: Seen | None, owner: type) -> Any:
        if seen is None:
            return self
        found = seen.graph.mentioned(seen, self)
        return tuple(view_of(resource, seen.reading, seen.graph) for resource in found)


def mentions(*types: str, by: str, attributes: Iterable[str] = ()) -> Any:
    """Declares that a property may be made from resources of the types: from one of the attributes, in the words of
    either source, or from any where none is named. A value that is made of several resources does not tell which of
    their attributes it is made from."""
    return Mentions(types, by, frozenset(attributes))


class MentionedBy:
    """The resources of a type that mention this one by their edge `by`. Made by `mentioned_by`."""

    __slots__ = ("by", "type")

    def __init__(self, type: str, by: str) -> None:
        self.type = type
        self.by = by

    def __get__(self, view: View | None, owner: type) -> Any:
        if view is None:
            return self
        found = view.graph.mentioning(view, self)
        return tuple(view_of(resource, view.reading, view.graph) for resource in found)


def mentioned_by(type: str, by: str) -> Any:
    """Declares the resources of `type` that mention this one by their edge `by`."""
    return MentionedBy(type, by)


def _set_of(seen: Seen, known: Iterable[Resource], because: str) -> tuple[View, ...]:
    """A tuple of views; an OpenSet where there may be more of them, `because`."""
    views = (view_of(resource, seen.reading, seen.graph) for resource in known)
    return OpenSet.of(views, because) if because else tuple(views)


Edge: TypeAlias = "One | Many | Mentions | MentionedBy"


def edges_of(type: type[View]) -> dict[str, Edge]:
    """The edges that a view declares, by the names that rules know them by."""
    declared = {name: value for owner in reversed(type.__mro__) for name, value in vars(owner).items()}
    return {name: value for name, value in declared.items() if isinstance(value, (One, Many, Mentions, MentionedBy))}
