"""CloudFormation's functions on texts and lists."""

from __future__ import annotations

from dblint.choice import hoist, lift
from dblint.model import Unknown, Value
from dblint.sources.cloudformation.nodes import SCALAR, Node
from dblint.sources.cloudformation.scope import Function, Scope
from dblint.sources.cloudformation.texts import pieces
from dblint.sources.cloudformation.values import (
    bare,
    concatenation,
    derived,
    is_known,
    referring,
    split,
    targets,
    text,
    within_bounds,
)

MOST_SUBNETS = 256


def unreadable(function: str) -> Unknown:
    """What a function gives that is not written as CloudFormation wants it."""
    return Unknown(f"{function} is not written as CloudFormation expects it")


def split_attribute(written: str) -> tuple[str, str]:
    name, _, attribute = written.partition(".")
    return name, attribute


def _sub(scope: Scope, argument: Node) -> Value:
    template, given = (argument, {}) if argument.kind == SCALAR else _sub_with_names(argument)
    if template is None or template.text is None:
        return unreadable("Fn::Sub")
    found = pieces(template.text)
    names = dict.fromkeys(name for is_name, name in found if is_name)
    values = {name: _hole(scope, name, given) for name in names}
    parts = [values[part] if is_name else part for is_name, part in found]
    return lift(lambda *known: concatenation(known, "Fn::Sub"), *parts)


def _sub_with_names(argument: Node) -> tuple[Node | None, dict[str, Node]]:
    items = argument.items()
    if len(items) != 2:
        return (items[0] if items else None), {}
    return items[0], {name: node for name, _, node in items[1].entries()}


def _hole(scope: Scope, name: str, given: dict[str, Node]) -> Value:
    if name in given:
        return scope.value(given[name])
    resource, attribute = split_attribute(name)
    return scope.attribute(resource, attribute) if attribute else scope.reference(name)


def _join(scope: Scope, argument: Node) -> Value:
    if len(argument.items()) != 2:
        return unreadable("Fn::Join")
    delimiter, values = (scope.value(item) for item in argument.items())
    return lift(lambda *known: _joined(scope, *known), delimiter, values)


def _joined(scope: Scope, delimiter: Value, values: Value) -> Value:
    items = bare(values)
    if not isinstance(items, list) or not isinstance(delimiter, str):
        whole = derived("Fn::Join", [delimiter, values])
        scope.made_of(whole, values)
        return whole

    def together(*known: Value) -> Value:
        kept = [item for item in known if item is not None]
        between = [part for item in kept for part in (delimiter, item)][1:]
        return referring(targets([values, *kept]), bare(concatenation(between)))

    return lift(together, *items)


def _select(scope: Scope, argument: Node) -> Value:
    if len(argument.items()) != 2:
        return unreadable("Fn::Select")
    index, values = (scope.value(item) for item in argument.items())
    return lift(lambda *known: _selected(scope, *known), index, values)


def _selected(scope: Scope, index: Value, values: Value) -> Value:
    items = bare(values)
    known = text(bare(index)) if not isinstance(bare(index), (Unknown, list, dict)) else ""
    if not isinstance(items, list) or not known.isdecimal():
        item = derived("Fn::Select", [index, values])
        if known == "0":
            scope.made_of(item, values)
        return item
    items = [item for item in items if item is not None]
    place = int(known) if len(known) < 9 else len(items)
    if place >= len(items):
        return Unknown(f"Fn::Select asks for item {known[:9]} of a list of {len(items)}")
    return items[place]


def _split(scope: Scope, argument: Node) -> Value:
    if len(argument.items()) != 2:
        return unreadable("Fn::Split")
    delimiter, whole = (scope.value(item) for item in argument.items())
    return lift(_parts, delimiter, whole)


def _parts(delimiter: Value, whole: Value) -> Value:
    items = split(whole, delimiter) if isinstance(delimiter, str) and delimiter else None
    if items is None:
        return derived("Fn::Split", [delimiter, whole])
    return referring(targets([whole]), items)


def _length(scope: Scope, argument: Node) -> Value:
    def length(values: Value) -> Value:
        items = bare(values)
        return len(items) if isinstance(items, list) else derived("Fn::Length", [values])

    return lift(length, scope.value(argument))


def _base64(scope: Scope, argument: Node) -> Value:
    def encode(whole: Value) -> Value:
        import base64

        known = bare(whole)
        if isinstance(known, (Unknown, list, dict)):
            return derived("Fn::Base64", [whole])
        return within_bounds(targets([whole]), base64.b64encode(text(known).encode("utf-8", "replace")).decode())

    return lift(encode, scope.value(argument))


def _to_json_string(scope: Scope, argument: Node) -> Value:
    def write(whole: Value) -> Value:
        import json

        if not is_known(whole):
            return derived("Fn::ToJsonString", [whole])
        return within_bounds(targets([whole]), json.dumps(_without_references(whole), separators=(",", ":")))

    return lift(write, hoist(scope.value(argument)))


def _without_references(value: Value) -> Value:
    value = bare(value)
    if isinstance(value, dict):
        return {key: _without_references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_references(item) for item in value if item is not None]
    return value


def _cidr(scope: Scope, argument: Node) -> Value:
    operands = [scope.value(item) for item in argument.items()]
    if len(operands) not in (2, 3):
        return unreadable("Fn::Cidr")
    return lift(_subnets, *operands)


def _subnets(block: Value, count: Value, bits: Value = None) -> Value:
    """The first `count` networks of a block; `bits` are those of the host part (8 where it is not given for IPv4)."""
    import ipaddress

    operands = [block, count, bits]
    known = [bare(operand) for operand in operands]
    if not all(isinstance(item, (str, int)) or item is None for item in known):
        return derived("Fn::Cidr", operands)
    try:
        network = ipaddress.ip_network(text(known[0]), strict=False)
        wanted = int(text(known[1]))
        length = network.max_prefixlen - int(text(known[2]) or 8)
        if not 1 <= wanted <= MOST_SUBNETS or not network.prefixlen <= length <= network.max_prefixlen:
            return unreadable("Fn::Cidr")
        first, step = int(network.network_address), 1 << (network.max_prefixlen - length)
        if wanted > 1 << (length - network.prefixlen):
            return unreadable("Fn::Cidr")
        return [f"{type(network.network_address)(first + i * step)}/{length}" for i in range(wanted)]
    except ValueError:
        return unreadable("Fn::Cidr")


TEXT_FUNCTIONS: dict[str, Function] = {
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json_string,
}
