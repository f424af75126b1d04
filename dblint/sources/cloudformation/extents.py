"""Which lines of a template its databases take, with the parameters that they are made from, as they are written.

Nothing is evaluated: what another tool says of a line is put to the database that stands there.
"""

from __future__ import annotations

from collections.abc import Iterator

from dblint.model import Location
from dblint.properties import Property
from dblint.records import dataclass
from dblint.sources.cloudformation.detect import database_types
from dblint.sources.cloudformation.foreach import is_loop
from dblint.sources.cloudformation.nodes import Node, function_of, location
from dblint.sources.cloudformation.resource_types import SERVERLESS_TYPES
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.usage import referred
from dblint.view import VIEWS

_REFERENCES = ("Ref", "Fn::GetAtt", "Fn::ImportValue", "Fn::FindInMap")


@dataclass(frozen=True, slots=True)
class Extent:
    """One database. `key` is where its logical id stands, `whole` reaches to its end, `parameters` are those of the
    template that it refers to: name and place."""

    name: str
    type: str
    key: Location
    whole: Location
    parameters: tuple[tuple[str, Location], ...]

    def holds(self, place: Location) -> bool:
        """Whether a place begins in the database."""
        return within(place, self.whole)

    def parameter(self, place: Location) -> str:
        """The parameter of the database that a place begins in; "" where it begins in none."""
        return next((name for name, at in self.parameters if within(place, at)), "")


def within(place: Location, whole: Location) -> bool:
    """Whether a place begins in a stretch of the same file."""
    begin = (place.line, place.column)
    return (whole.line, whole.column) <= begin < (whole.end_line, whole.end_column)


def extents(template: Template) -> Iterator[Extent]:
    """The databases of a template; of a loop, its fragment."""
    section = template.root.get("Resources")
    waiting = [section] if section else []
    types = database_types()
    while waiting:
        for name, key, body in waiting.pop().entries():
            kind = body.get("Type")
            if is_loop(name):
                waiting += body.items()[2:3]
            elif kind and kind.text in types:
                yield _extent(template, name, key, body, kind.text)


def _extent(template: Template, name: str, key: Node, body: Node, type: str) -> Extent:
    declared = (template.parameters.get(used) for used in referred(body))
    parameters = ((d.name, location(template.path, d.key, d.body)) for d in declared if d)
    return Extent(
        name=name,
        type=SERVERLESS_TYPES.get(type, type),
        key=location(template.path, key),
        whole=location(template.path, key, body),
        parameters=tuple(parameters),
    )


def secrets(template: Template) -> Iterator[tuple[str, Location]]:
    """Each text of a template that is a secret, with its place: values of parameters that are hidden, and what is
    written where a database takes a password."""
    for declaration in template.parameters.values():
        if declaration.secret:
            values = [declaration.body.get("Default"), declaration.body.get("AllowedValues")]
            yield from (found for value in values if value for found in texts_in(template.path, value))
    section = template.root.get("Resources")
    waiting = [section] if section else []
    while waiting:
        for name, _, body in waiting.pop().entries():
            waiting += body.items()[2:3] if is_loop(name) else []
            yield from _passwords(template.path, body)


def _passwords(path: str, body: Node) -> Iterator[tuple[str, Location]]:
    kind, properties = body.get("Type"), body.get("Properties")
    view = VIEWS.get(SERVERLESS_TYPES.get(kind.text, kind.text)) if kind and kind.text else None
    for name, _, value in properties.entries() if view and properties else ():
        declared = getattr(view, name, None)
        if isinstance(declared, Property) and declared.secret:
            yield from texts_in(path, value)


def texts_in(path: str, node: Node) -> Iterator[tuple[str, Location]]:
    """The texts and numbers in a node, and in what it holds; not the names that references are made of."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        found = function_of(node)
        if found and found[0] in _REFERENCES:
            continue
        if found and found[0] == "Fn::If":
            waiting += found[1].items()[1:]  # the first is the name of a condition
        elif isinstance(node.value, dict):
            waiting += [body for _, body in node.value.values()]
        elif isinstance(node.value, list):
            waiting += node.value
        elif node.value not in (None, "", True, False) and not str(node.value).startswith("{{resolve:"):
            yield str(node.value), location(path, node)
