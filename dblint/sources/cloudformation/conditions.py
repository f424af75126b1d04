"""Truths: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not`, `Condition`, and the functions of the `Rules` section.

Each gives True, False, or a Choice of them. What can not be told is a choice on a variable that nobody makes, so that
a rule's verdict is undetermined only where it really hangs on it.
"""

from __future__ import annotations

from collections.abc import Callable

from dblint.choice import choose, lift, only, other_than
from dblint.model import Unknown, Value, Variable
from dblint.sources.cloudformation.nodes import MAP, Node, function_of
from dblint.sources.cloudformation.scope import Function, Scope
from dblint.sources.cloudformation.values import (
    HIDDEN,
    bare,
    decided,
    decided_secretly,
    identity,
    is_known,
    opaque,
    text,
)


def truth(scope: Scope, node: Node) -> Value:
    """Whether a condition holds."""
    name, argument = function_of(node) or _named(node)
    if name == "Condition" and argument.text is not None:
        return scope.condition(argument.text)
    if name in CONDITIONS:
        return CONDITIONS[name](scope, argument)
    if name or node.kind == MAP:
        return scope.unsure(node)
    written = text(node.value).lower() if not isinstance(node.value, list) else ""
    return written == "true" if written in ("true", "false") else scope.unsure(node)


def _named(node: Node) -> tuple[str, Node]:
    """`{"Condition": name}`, which is a function inside of conditions."""
    entry = node.get("Condition") if node.kind == MAP and len(node.value) == 1 else None
    return ("Condition", entry) if entry else ("", node)


def _equals(scope: Scope, argument: Node) -> Value:
    operands = argument.items()
    if len(operands) != 2:
        return scope.unsure(argument)
    one, two = (scope.value(operand) for operand in operands)
    return lift(lambda a, b: _equal(scope, a, b, argument), one, two)


def _equal(scope: Scope, one: Value, two: Value, node: Node) -> Value:
    """Whether two values without choices are the same text, or the same list of texts."""
    one, two = bare(one), bare(two)
    if isinstance(two, Unknown) and not isinstance(one, Unknown):
        one, two = two, one
    if isinstance(one, Unknown):
        return _open(scope, one, two, node)
    if isinstance(one, (list, dict)) or isinstance(two, (list, dict)):
        return _same_list(scope, one, two, node)
    return text(one) == text(two)


def _same_list(scope: Scope, one: Value, two: Value, node: Node) -> Value:
    if not (is_known(one) and is_known(two)):
        return scope.unsure(node)
    if isinstance(one, list) and isinstance(two, list):
        return [text(bare(item)) for item in one] == [text(bare(item)) for item in two]
    return False


def _open(scope: Scope, unknown: Unknown, other: Value, node: Node) -> Value:
    """Whether an unknown value is the same as another one."""
    variable = unknown.variable
    if variable is None or isinstance(other, (list, dict)):
        return scope.unsure(node)
    secret = scope.secret(variable.key)
    if isinstance(other, Unknown):
        if other.variable == variable:
            return True
        return _either_way(variable, other) if secret is None else scope.unsure(node)
    if secret is not None:
        return secret == text(other)
    return _is_text(scope, variable, text(other))


def _is_text(scope: Scope, variable: Variable, wanted: str) -> Value:
    """Whether what a variable stands for is a certain text."""
    whole = scope.emptied(variable.key) if not wanted else None
    decision = scope.decision(whole or variable.key)
    if decision:
        return decision.equals(wanted)
    if HIDDEN in variable.key:
        return decided_secretly(variable, wanted)
    return choose(variable, [(only(wanted), True), (other_than(wanted), False)])


def _either_way(variable: Variable, other: Unknown) -> Value:
    """Whether two unknown values are the same: one variable for both orders."""
    keys = sorted(filter(None, (variable.key, identity(other))))
    return decided(opaque(" is ".join(keys), f"{variable.name} is {other.because}", True))


def _and(scope: Scope, argument: Node) -> Value:
    return _fold(scope, argument, lambda one, two: one and two, until=False)


def _or(scope: Scope, argument: Node) -> Value:
    return _fold(scope, argument, lambda one, two: one or two, until=True)


def _fold(scope: Scope, argument: Node, together: Callable[[bool, bool], bool], until: bool) -> Value:
    """The operands taken together from the left, as far as the result is open."""
    result: Value = not until
    for operand in argument.items():
        result = lift(together, result, truth(scope, operand))
        if result is until:
            break
    return result if argument.items() else scope.unsure(argument)


def _not(scope: Scope, argument: Node) -> Value:
    operands = argument.items()
    return lift(lambda holds: not holds, truth(scope, operands[0])) if len(operands) == 1 else scope.unsure(argument)


def _contains(scope: Scope, argument: Node) -> Value:
    """`[[texts], text]`: whether the text is one of the list."""
    return _quantified(scope, argument, lambda items, wanted: _any(scope, items, wanted, argument))


def _each_member_equals(scope: Scope, argument: Node) -> Value:
    """`[[texts], text]`: whether each of the list is the text."""
    return _quantified(
        scope, argument, lambda items, wanted: _all([_equal(scope, item, wanted, argument) for item in items])
    )


def _each_member_in(scope: Scope, argument: Node) -> Value:
    """`[[texts], [texts]]`: whether each of the first is one of the second."""

    def each(items: list[Value], among: Value) -> Value:
        if not isinstance(bare(among), list):
            return scope.unsure(argument)
        return _all([_any(scope, bare(among), item, argument) for item in items])

    return _quantified(scope, argument, each)


def _quantified(scope: Scope, argument: Node, holds: Callable[[list[Value], Value], Value]) -> Value:
    operands = argument.items()
    if len(operands) != 2:
        return scope.unsure(argument)

    def check(items: Value, wanted: Value) -> Value:
        known = bare(items)
        return holds(known, wanted) if isinstance(known, list) else scope.unsure(argument)

    return lift(check, *(scope.value(operand) for operand in operands))


def _any(scope: Scope, items: list[Value], wanted: Value, node: Node) -> Value:
    found: Value = False
    for item in items:
        same = lift(lambda a, b: _equal(scope, a, b, node), item, wanted)
        found = lift(lambda one, two: one or two, found, same)
    return found


def _all(truths: list[Value]) -> Value:
    result: Value = True
    for holds in truths:
        result = lift(lambda one, two: one and two, result, holds)
    return result


CONDITIONS: dict[str, Function] = {
    "Fn::And": _and,
    "Fn::Contains": _contains,
    "Fn::EachMemberEquals": _each_member_equals,
    "Fn::EachMemberIn": _each_member_in,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}
