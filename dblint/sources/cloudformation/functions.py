"""CloudFormation's functions: references, branches, mappings. Texts and lists stand in `text_functions.py`, conditions
in `conditions.py`.

Each takes the scope and its argument as it is written, and gives what it is where its operands are known, and else
an unknown that keeps the references and the identity of what it was made from.
"""

from __future__ import annotations

from collections.abc import Callable

from dblint.choice import choose, lift, only, other_than
from dblint.model import Among, Choice, Unknown, Value
from dblint.sources.cloudformation.nodes import LIST, SCALAR, Node
from dblint.sources.cloudformation.scope import Function, Scope
from dblint.sources.cloudformation.text_functions import TEXT_FUNCTIONS, split_attribute, unreadable
from dblint.sources.cloudformation.usage import MOST_KEYS
from dblint.sources.cloudformation.values import HIDDEN, bare, derived, text


def _ref(scope: Scope, argument: Node) -> Value:
    name = scope.value(argument)
    return lift(lambda known: scope.reference(known) if isinstance(known, str) else unreadable("Ref"), name)


def _get_att(scope: Scope, argument: Node) -> Value:
    if argument.text is not None:
        return scope.attribute(*split_attribute(argument.text))
    names = [scope.value(item) for item in argument.items()]
    return lift(lambda *known: _attribute(scope, known), *names) if names else unreadable("Fn::GetAtt")


def _attribute(scope: Scope, names: tuple[Value, ...]) -> Value:
    if not all(isinstance(name, (str, int)) for name in names):
        return derived("Fn::GetAtt", names)
    return scope.attribute(*split_attribute(".".join(map(str, names))))


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
    if isinstance(key, Unknown) and key.variable and HIDDEN not in key.variable.key and node.size <= MOST_KEYS:
        parts: list[tuple[Among, Value]] = [(only(name), then(found)) for name, _, found in node.entries()]
        return choose(key.variable, [*parts, (other_than(*(name for name, _, _ in node.entries())), otherwise)])
    return Unknown(key.because if isinstance(key, Unknown) else "the key of a mapping is no text")


def _transform(scope: Scope, argument: Node) -> Value:
    name = argument.get("Name")
    return Unknown(f"the macro {name.text if name and name.text else 'of Fn::Transform'} makes it")


def other(name: str, scope: Scope, argument: Node) -> Value:
    """A function that is not known here."""
    operands = [scope.value(argument)] if argument.kind in (SCALAR, LIST) else []
    return derived(name, operands, f"{name} is evaluated by CloudFormation") if operands else Unknown(name)


FUNCTIONS: dict[str, Function] = {
    **TEXT_FUNCTIONS,
    "Ref": _ref,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Fn::GetAZs": _get_azs,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Transform": _transform,
}
