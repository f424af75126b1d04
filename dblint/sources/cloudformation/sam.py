"""The Serverless Application Model: its types as the resources that they become.

A table is translated as the model's specification says; a function keeps the properties that Lambda's own type has
too. What comes from `Globals` keeps its place there.
"""

from __future__ import annotations

from dblint.records import replace
from dblint.sources.cloudformation.foreach import Entry
from dblint.sources.cloudformation.nodes import LIST, MAP, SCALAR, Node, function_of
from dblint.sources.cloudformation.resource_types import SERVERLESS_TYPES, SIMPLE_TABLE
from dblint.sources.cloudformation.template import Template

# SAM's words for the types of attributes, and DynamoDB's.
_ATTRIBUTE_TYPES = {"string": "S", "number": "N", "binary": "B"}


def translated(template: Template, entry: Entry) -> Entry:
    """The entry as CloudFormation's own type; as it is where SAM has no part in it."""
    kind = entry.body.get("Type")
    name = kind.text if kind else None
    if name not in SERVERLESS_TYPES or kind is None:
        return entry
    properties = _with_globals(template, str(name), entry.body.get("Properties")) or _mapping(entry.key, {})
    if name == SIMPLE_TABLE and function_of(properties) is None:
        properties = _table(properties, kind)
    entries = {
        **entry.body.value,
        "Type": (entry.body.value["Type"][0], _text(kind, SERVERLESS_TYPES[str(name)])),
        "Properties": (entry.key, properties),
    }
    return replace(entry, body=_mapping(entry.body, entries), kind=str(name))


def _table(properties: Node, kind: Node) -> Node:
    """A table with one key: on demand, unless a throughput is given."""
    entries = {name: pair for name, pair in properties.value.items() if name != "PrimaryKey"}
    at, primary = properties.entry("PrimaryKey") or (kind, kind)
    name = primary.get("Name") or _text(at, "id")
    type = primary.get("Type") or _text(at, "String")
    word = _ATTRIBUTE_TYPES.get((type.text or "").lower())
    key = _mapping(at, {"AttributeName": (at, name), "KeyType": (at, _text(at, "HASH"))})
    attribute = _mapping(at, {"AttributeName": (at, name), "AttributeType": (at, _text(type, word) if word else type)})
    entries["KeySchema"] = (at, _list(at, key))
    entries["AttributeDefinitions"] = (at, _list(at, attribute))
    if "ProvisionedThroughput" not in entries:
        entries["BillingMode"] = (kind, _text(kind, "PAY_PER_REQUEST"))
    return _mapping(properties, entries)


def _with_globals(template: Template, type: str, properties: Node | None) -> Node | None:
    section = template.root.get("Globals")
    shared = section.get(type.rpartition("::")[2]) if section else None
    return _merged(shared, properties) if shared and properties else shared or properties


def _merged(shared: Node, own: Node) -> Node:
    """Mappings are merged, lists follow each other, and otherwise the resource's own value wins."""
    if function_of(shared) or function_of(own) or shared.kind != own.kind:
        return own
    if own.kind == LIST:
        return Node(LIST, [*shared.value, *own.value], own.start, own.end)
    if own.kind != MAP:
        return own
    entries = dict(shared.value)
    for name, (key, value) in own.value.items():
        entries[name] = (key, _merged(shared.value[name][1], value)) if name in shared.value else (key, value)
    return _mapping(own, entries)


def _mapping(at: Node, entries: dict[str, tuple[Node, Node]]) -> Node:
    return Node(MAP, entries, at.start, at.end)


def _list(at: Node, item: Node) -> Node:
    return Node(LIST, [item], at.start, at.end)


def _text(at: Node, value: str) -> Node:
    return Node(SCALAR, value, at.start, at.end)
