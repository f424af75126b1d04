"""What the views say of AWS, against the resource schemas that cfn-lint ships."""

from __future__ import annotations

import importlib
import importlib.machinery
import json
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import dblint.aws
from dblint.defaults import PerSource
from dblint.properties import Property
from dblint.view import VIEWS, Many, Nested, One, View

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
def data() -> Path:
    """cfn-lint's data folder, found without running cfn-lint."""
    spec = importlib.machinery.PathFinder.find_spec("cfnlint")
    assert spec and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "data" / "schemas"


@cache
def schema(type: str) -> dict[str, Any]:
    files = json.loads((data() / "providers" / "us-east-1.json").read_text())
    name = files[type].removesuffix(".json")
    found: dict[str, Any] = json.loads((data() / "resources" / f"{name}.json").read_text())
    return found


def definition(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """A node of a schema with its reference followed."""
    while "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def declared(owner: type) -> Iterator[Property | Nested]:
    for base in owner.__mro__:
        for value in vars(base).values():
            if isinstance(value, (Property, Nested)):
                yield value


def below(
    root: dict[str, Any], node: dict[str, Any], owner: type, path: str
) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Each declared property with its path and its node in the schema."""
    for item in declared(owner):
        if not item.in_schema or (path == "" and item.name in ATTRIBUTES):
            continue
        name = f"{path}/{item.name}"
        properties = node.get("properties", {})
        assert item.name in properties, f"{name} is not in the schema; it has {sorted(properties)}"
        found = definition(root, properties[item.name])
        yield name, item, found
        if isinstance(item, Nested):
            yield from below(root, with_properties(root, found), item.type, name)


def with_properties(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """The object that a node is, that its items are, or that one of its alternatives is."""
    node = definition(root, node)
    if "properties" in node and "items" not in node:
        return node
    below = [node["items"]] if "items" in node else [*node.get("oneOf", ()), *node.get("anyOf", ())]
    found = (with_properties(root, part) for part in below)
    return next((part for part in found if "properties" in part), {})


@pytest.mark.parametrize("view", IN_SCHEMA, ids=lambda view: view.cloudformation)
def test_every_property_is_in_the_schema_with_its_type(view: type[View]) -> None:
    root = schema(view.cloudformation)
    for path, item, node in below(root, root, view, ""):
        kinds = node.get("type", [])
        kinds = set(kinds) if isinstance(kinds, list) else {kinds}
        if isinstance(item, Nested):
            assert not kinds or ("array" if item.several else "object") in kinds, path
        else:
            expected = TYPES[item.shape.__name__.lstrip("_")]
            assert not kinds or kinds & expected, f"{path}: {sorted(kinds)}, ours is {item.shape.__name__}"


@pytest.mark.parametrize("view", IN_SCHEMA, ids=lambda view: view.cloudformation)
def test_what_replaces_the_resource_is_create_only(view: type[View]) -> None:
    root = schema(view.cloudformation)
    create_only = {path.removeprefix("/properties/") for path in root.get("createOnlyProperties", ())}
    ours = {item.name for item in declared(view) if item.replaces and item.in_schema}
    known = {item.name for item in declared(view)}
    assert ours == create_only & known


@pytest.mark.parametrize("view", OURS, ids=lambda view: view.cloudformation)
def test_a_type_that_is_not_in_the_schema_says_so(view: type[View]) -> None:
    types = json.loads((data() / "providers" / "us-east-1.json").read_text())
    assert (view.cloudformation in types) is view.in_schema


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
