"""Calls of functions: those that steer evaluation here, all others through their signatures."""

from __future__ import annotations

from collections.abc import Callable

from dblint.choice import only
from dblint.model import Choice, Variable
from dblint.records import replace
from dblint.sources.terraform.evaluation.expressions import attempt, evaluate
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.functions.calling import call_function
from dblint.sources.terraform.syntax.tree import Call, Node
from dblint.sources.terraform.values.lifting import choose, lift, raised
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    Evaluated,
    EvaluationError,
    Value,
    altered,
    boolean,
    error,
    plain_leaves,
    unknown,
)


def call(node: Call, scope: Scope) -> Evaluated:
    """The result of a call. Raises EvaluationError."""
    name = node.name.removeprefix("core::")
    steering = _STEERING.get(name)
    if steering is not None and not node.expands:
        return steering(node, scope)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if node.expands:
        return lift(lambda last: _expanded(name, arguments[:-1], last, scope), arguments[-1])
    return call_function(name, arguments, scope)


def _expanded(name: str, arguments: list[Evaluated], last: Value, scope: Scope) -> Evaluated:
    if last.kind == "unknown":
        return unknown(last.data.because, fallible=True)
    if last.kind not in ("list", "tuple", "set"):
        raise EvaluationError("what is expanded with ... must be a list")
    return call_function(name, [*arguments, *last.data], scope)


def _try(node: Call, scope: Scope) -> Evaluated:
    if not node.arguments:
        raise EvaluationError("try needs an argument")
    return _first_of(node, scope, 0)


def _first_of(node: Call, scope: Scope, position: int) -> Evaluated:
    """The first argument from `position` on that can be evaluated, per alternative."""
    if position >= len(node.arguments):
        raise EvaluationError("no argument of try could be evaluated")
    value = attempt(node.arguments[position], scope)
    if all(leaf.kind != "error" and not leaf.flags & FALLIBLE for leaf in plain_leaves(value)):
        return value

    def rest() -> Evaluated:
        return _first_of(node, scope, position + 1)

    return raised(_per_leaf(value, lambda leaf: _or_rest(leaf, rest, node.arguments[position], scope)))


def _per_leaf(value: Evaluated, function: Callable[[Value], Evaluated]) -> Evaluated:
    """`function` of each leaf, failures too."""
    if isinstance(value, Choice):
        return choose(value.variable, [(among, _per_leaf(inner, function)) for among, inner in value.parts])
    return function(value)


def _or_rest(leaf: Value, rest: Callable[[], Evaluated], node: Node, scope: Scope) -> Evaluated:
    if leaf.kind != "error" and not leaf.flags & FALLIBLE:
        return leaf
    try:
        other = rest()
    except EvaluationError as failure:
        return error(str(failure)) if leaf.kind == "error" else leaf
    if leaf.kind == "error":
        return other
    sure = altered(leaf, flags=leaf.flags & ~FALLIBLE)
    return choose(_can_variable(leaf, node, scope), [(only(True), sure), (only(False), other)])


def _can_variable(leaf: Value, node: Node, scope: Scope) -> Variable:
    """Whether an expression that hangs on what is unknown can be evaluated: a truth of its own."""
    known = leaf.data.variable if leaf.kind == "unknown" else None
    if known is not None:
        name = f"can({known.key[2:]})"
        return Variable(f"{known.key[:1]} {name}", name, known.real, (True, False))
    anonymous = scope.anonymous(node.place)
    return replace(anonymous, key=f"{anonymous.key} can", name=f"can({anonymous.name})")


def _can(node: Call, scope: Scope) -> Evaluated:
    if len(node.arguments) != 1:
        raise EvaluationError("can needs one argument")
    value = attempt(node.arguments[0], scope)
    return _per_leaf(value, lambda leaf: _can_leaf(leaf, node.arguments[0], scope))


def _can_leaf(leaf: Value, node: Node, scope: Scope) -> Evaluated:
    if leaf.kind == "error":
        return boolean(False)
    if not leaf.flags & FALLIBLE:
        return boolean(True)
    variable = _can_variable(leaf, node, scope)
    return choose(variable, [(only(truth), boolean(truth)) for truth in (True, False)])


_STEERING: dict[str, Callable[[Call, Scope], Evaluated]] = {"try": _try, "can": _can}
