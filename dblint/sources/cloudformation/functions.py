"""CloudFormation's functions on values: text, lists, mappings. Conditions stand in `conditions.py`.

Each takes the scope and its argument as it is written, and gives what it is where its operands are known, and else
an unknown that keeps the references and the identity of what it was made from.
"""

from __future__ import annotations

from collections.abc import Callable

from dblint.choice import choose, hoist, lift, only, other_than
from dblint.model import Among, Choice, Unknown, Value
from dblint.sources.cloudformation.nodes import LIST, SCALAR, Node
from dblint.sources.cloudformation.scope import Function, Scope
from dblint.sources.cloudformation.texts import pieces
from dblint.sources.cloudformation.values import bare, concatenation, derived, is_known, referring, targets, text

MOST_SUBNETS = 256


def unreadable(function: str) -> Unknown:
    """What a function gives that is not written as CloudFormation wants it."""
    return Unknown(f"{function} is not written as CloudFormation expects it")


def _ref(scope: Scope, argument: Node) -> Value:
    name = scope.value(argument)
    return lift(lambda known: scope.reference(known) if isinstance(known, str) else unreadable("Ref"), name)


def _get_att(scope: Scope, argument: Node) -> Value:
    if argument.text is not None:
        return scope.attribute(*_split_attribute(argument.text))
    names = [scope.value(item) for item in argument.items()]
    return lift(lambda *known: _attribute(scope, known), *names) if names else unreadable("Fn::GetAtt")


def _attribute(scope: Scope, names: tuple[Value, ...]) -> Value:
    if not all(isinstance(name, (str, int)) for name in names):
        return derived("Fn::GetAtt", names)
    return scope.attribute(*_split_attribute(".".join(map(str, names))))


def _split_attribute(written: str) -> tuple[str, str]:
    name, _, attribute = written.partition(".")
    return name, attribute


def _sub(scope: Scope, argument: Node) -> Value:
    template, given = (argument, {}) if argument.kind == SCALAR else _sub_with_names(argument)
    if template is None or template.text is None:
        return unreadable("Fn::Sub")
    parts = [_hole(scope, part, given) if is_name else part for is_name, part in pieces(template.text)]
    return lift(lambda *known: concatenation(known, "Fn::Sub"), *parts)


def _sub_with_names(argument: Node) -> tuple[Node | None, dict[str, Node]]:
    items = argument.items()
    if len(items) != 2:
        return (items[0] if items else None), {}
    return items[0], {name: node for name, _, node in items[1].entries()}


def _hole(scope: Scope, name: str, given: dict[str, Node]) -> Value:
    if name in given:
        return scope.value(given[name])
    resource, attribute = _split_attribute(name)
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
    known = bare(whole)
    if not isinstance(known, str) or not isinstance(delimiter, str) or not delimiter:
        return derived("Fn::Split", [delimiter, whole])
    return referring(targets([whole]), list(known.split(delimiter)))


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
        return referring(targets([whole]), base64.b64encode(text(known).encode("utf-8", "replace")).decode())

    return lift(encode, scope.value(argument))


def _to_json_string(scope: Scope, argument: Node) -> Value:
    def write(whole: Value) -> Value:
        import json

        if not is_known(whole):
            return derived("Fn::ToJsonString", [whole])
        return referring(targets([whole]), json.dumps(_without_references(whole), separators=(",", ":")))

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


def _get_azs(scope: Scope, argument: Node) -> Value:
    region = scope.value(argument)

    def zones(known: Value) -> Value:
        place = scope.reference("AWS::Region") if known == "" else known
        return lift(lambda region: derived("Fn::GetAZs", [region], "the Availability Zones of the region"), place)

    return lift(zones, region)


def _import_value(scope: Scope, argument: Node) -> Value:
    return lift(scope.imported, scope.value(argument))


def _if(scope: Scope, argument: Node) -> Value:
    items = argument.items()
    if len(items) != 3 or items[0].text is None:
        return unreadable("Fn::If")
    truth = scope.condition(items[0].text)
    if not isinstance(truth, Choice):
        return scope.value(items[1] if truth else items[2])
    one, two = scope.value(items[1]), scope.value(items[2])
    return lift(lambda holds: one if holds else two, truth)


def _find_in_map(scope: Scope, argument: Node) -> Value:
    items = argument.items()
    if len(items) not in (3, 4):
        return unreadable("Fn::FindInMap")
    default = items[3].get("DefaultValue") if len(items) == 4 else None
    operands = [scope.value(item) for item in items[:3]]
    return lift(lambda *known: _found(scope, [bare(operand) for operand in known], default), *operands)


def _found(scope: Scope, path: list[Value], default: Node | None) -> Value:
    name, first, second = path
    mapping = scope.mapping(name) if isinstance(name, str) else None
    if mapping is None:
        return scope.value(default) if default else derived("Fn::FindInMap", path)
    missing = Unknown(f"mapping {text(name)} has no such entry")

    otherwise = scope.value(default) if default else missing
    return _by_key(mapping, first, otherwise, lambda row: _by_key(row, second, otherwise, scope.value))


def _by_key(node: Node, key: Value, otherwise: Value, then: Callable[[Node], Value]) -> Value:
    """`then` of what a mapping holds under a key, per alternative of what steers the key."""
    if not isinstance(key, (Unknown, list, dict)):
        found = node.get(text(key))
        return then(found) if found else otherwise
    if isinstance(key, Unknown) and key.variable:
        parts: list[tuple[Among, Value]] = [(only(name), then(found)) for name, _, found in node.entries()]
        return choose(key.variable, [*parts, (other_than(*node.value), otherwise)])
    return Unknown(key.because if isinstance(key, Unknown) else "the key of a mapping is no text")


def _transform(scope: Scope, argument: Node) -> Value:
    name = argument.get("Name")
    return Unknown(f"the macro {name.text if name and name.text else 'of Fn::Transform'} makes it")


def other(name: str, scope: Scope, argument: Node) -> Value:
    """A function that is not known here."""
    operands = [scope.value(argument)] if argument.kind in (SCALAR, LIST) else []
    return derived(name, operands, f"{name} is evaluated by CloudFormation") if operands else Unknown(name)


FUNCTIONS: dict[str, Function] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Fn::GetAZs": _get_azs,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Transform": _transform,
}
