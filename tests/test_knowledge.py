"""What the views say of AWS, against facts that are taken from the resource schemas of CloudFormation."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

import dblint.aws
from dblint.defaults import PerSource
from dblint.properties import Property
from dblint.view import VIEWS, Many, Nested, One, View
from tools.build_facts import SCHEMAS

for module in pkgutil.iter_modules(dblint.aws.__path__):
    importlib.import_module(f"dblint.aws.{module.name}")

OURS = [view for name, view in sorted(VIEWS.items()) if name.startswith("AWS::")]
IN_SCHEMA = [view for view in OURS if view.in_schema]
# Words of CloudFormation that are no properties of the schema.
ATTRIBUTES = {"DeletionPolicy", "UpdateReplacePolicy", "Tags"}
# The type of a schema for each shape of ours. Numbers of CloudFormation may be texts.
TYPES = {
    "bool": {"boolean"},
    "int": {"integer", "number", "string"},
    "float": {"number", "integer"},
    "str": {"string"},
    "secret": {"string", "array"},
    "entries": {"object", "array"},
    "strings": {"array"},
}


@cache
def schemas() -> dict[str, Any]:
    """What CloudFormation says of each type that has a view: null for those that it does not have."""
    types: dict[str, Any] = json.loads(SCHEMAS.read_text(encoding="utf-8"))["types"]
    return types


def schema(type: str) -> dict[str, Any]:
    found: dict[str, Any] | None = schemas().get(type)
    assert found, f"{type} is not in {SCHEMAS.name}: `make facts`"
    return found


def declared(owner: type) -> Iterator[Property | Nested]:
    for base in owner.__mro__:
        for value in vars(base).values():
            if isinstance(value, (Property, Nested)):
                yield value


def below(owner: type, path: str = "") -> Iterator[tuple[str, Property | Nested]]:
    """Each property that CloudFormation must have, with its path: "Endpoint/Port"."""
    for item in declared(owner):
        if item.in_schema and (path or item.name not in ATTRIBUTES):
            yield path + item.name, item
            if isinstance(item, Nested):
                yield from below(item.type, f"{path}{item.name}/")


@pytest.mark.parametrize("view", IN_SCHEMA, ids=lambda view: view.cloudformation)
def test_every_property_is_in_the_schema_with_its_type(view: type[View]) -> None:
    properties = schema(view.cloudformation)["properties"]
    for path, item in below(view):
        assert path in properties, f"{path} is not in the schema (or `make facts`)"
        kinds = set(filter(None, properties[path].split("|")))
        if isinstance(item, Nested):
            assert not kinds or ("array" if item.several else "object") in kinds, path
        else:
            expected = TYPES[item.shape.__name__.lstrip("_")]
            assert not kinds or kinds & expected, f"{path}: {sorted(kinds)}, ours is {item.shape.__name__}"


@pytest.mark.parametrize("view", IN_SCHEMA, ids=lambda view: view.cloudformation)
def test_what_replaces_the_resource_is_create_only(view: type[View]) -> None:
    ours = {item.name for item in declared(view) if item.replaces and item.in_schema}
    known = {item.name for item in declared(view)}
    assert ours == set(schema(view.cloudformation)["create_only"]) & known


@pytest.mark.parametrize("view", OURS, ids=lambda view: view.cloudformation)
def test_a_type_that_is_not_in_the_schema_says_so(view: type[View]) -> None:
    assert view.cloudformation in schemas(), "`make facts`"
    assert (schemas()[view.cloudformation] is not None) is view.in_schema


@pytest.mark.parametrize("view", OURS, ids=lambda view: view.cloudformation)
def test_every_view_and_every_odd_default_has_a_reference(view: type[View]) -> None:
    assert view.reference.startswith("https://")
    for item in declared(view):
        odd = isinstance(item, Property) and (isinstance(item.default, PerSource) or callable(item.default))
        assert not odd or item.reference.startswith("https://"), item.name


@pytest.mark.parametrize("view", OURS, ids=lambda view: view.cloudformation)
def test_every_edge_starts_at_a_property_and_ends_at_a_view(view: type[View]) -> None:
    names = {item.name for item in declared(view)}
    for name, edge in vars(view).items():
        if isinstance(edge, One):
            assert edge.by in names, name
        if isinstance(edge, Many) and edge.type in VIEWS:
            back = vars(VIEWS[edge.type]).get(edge.by)
            assert isinstance(back, One) and view.cloudformation in back.types, name


@pytest.mark.parametrize("view", OURS, ids=lambda view: view.cloudformation)
def test_the_name_of_a_resource_is_a_property(view: type[View]) -> None:
    assert not view.identity or view.identity in {item.name for item in declared(view)}


def test_no_terraform_type_has_two_views() -> None:
    kinds = [kind for view in OURS for kind in view.terraform]
    assert len(kinds) == len(set(kinds))
