"""The one place where operations meet values that decision variables steer: they are done per alternative.

An alternative in which the operation fails has a value of kind "error"; it is raised again where nothing else is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dblint import choice
from dblint.choice import TooManyLeaves, only, other_than
from dblint.model import Among, Choice, Unknown, Variable
from dblint.sources.terraform.limits import MOST_DECISIONS
from dblint.sources.terraform.values.agreement import agreed
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    STEERED,
    Evaluated,
    EvaluationError,
    Value,
    altered,
    boolean,
    error,
    list_of,
    map_of,
    object_of,
    plain_leaves,
    same,
    tuple_of,
    unknown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TRUTHS = (True, False)


def lift(function: Callable[..., Evaluated], *arguments: Evaluated) -> Evaluated:
    """`function` of the arguments, per alternative of what steers them.

    Raises EvaluationError where it fails in every alternative. Too many alternatives give an unknown.
    """
    for argument in arguments:
        if isinstance(argument, Choice):
            return _lift(function, arguments)
    return function(*arguments)


def lift_with_errors(function: Callable[..., Evaluated], *arguments: Evaluated) -> Evaluated:
    """Like `lift`, of a function that is given failures as well, as values of kind "error"."""
    return _lift(function, arguments, errors=True)


def _lift(function: Callable[..., Evaluated], arguments: tuple[Evaluated, ...], errors: bool = False) -> Evaluated:
    def guarded(*plain: Value) -> Evaluated:
        for value in plain:
            if value.kind == "error" and not errors:
                return value
        try:
            return function(*plain)
        except EvaluationError as failure:
            return error(str(failure))

    if len(_steering(arguments)) > MOST_DECISIONS:
        return too_many()
    try:
        result = choice.lift(guarded, *arguments, equal=same, agreed=agreed)
    except TooManyLeaves:
        return too_many()
    return raised(result)


def _steering(values: Iterable[Evaluated]) -> set[Variable]:
    found: set[Variable] = set()
    waiting = [value for value in values if isinstance(value, Choice)]
    while waiting:
        tree = waiting.pop()
        found.add(tree.variable)
        waiting += (inner for _, inner in tree.parts if isinstance(inner, Choice))
    return found


def raised(value: Evaluated) -> Evaluated:
    """The value; raises EvaluationError where that is a failure in every alternative."""
    if isinstance(value, Choice):
        leaves = plain_leaves(value)
        if any(leaf.kind != "error" for leaf in leaves):
            return value
        value = leaves[0]
    if value.kind == "error":
        raise EvaluationError(value.data)
    return value


def too_many() -> Value:
    return unknown("it depends on too many alternatives")


def choose(variable: Variable, parts: Iterable[tuple[Among, Evaluated]]) -> Evaluated:
    """A value by parts of `variable`; see dblint.choice.choose."""
    try:
        made: Evaluated = choice.choose(variable, parts, same, agreed)
    except TooManyLeaves:
        return too_many()
    return made


def hoist(value: Evaluated) -> Evaluated:
    """The value with the choices that stand inside of it brought to the top."""
    if isinstance(value, Choice):
        return lift(hoist, value)
    if not value.flags & STEERED:
        return value
    if value.kind in ("object", "map"):
        keys = list(value.data)
        return lift(lambda *items: _rebuilt(value, dict(zip(keys, items))), *map(hoist, value.data.values()))
    return lift(lambda *items: _rebuilt(value, items), *map(hoist, value.data))


def _rebuilt(value: Value, data: Any) -> Value:
    if value.kind == "tuple":
        made = tuple_of(data)
    elif value.kind == "list":
        made = list_of(data, value.type)
    else:
        made = object_of(data) if value.kind == "object" else map_of(data, value.type)
    return altered(made, refs=value.refs, trail=value.trail)


def decided(value: Value, anonymous: Callable[[], Variable] | None = None) -> Evaluated:
    """A truth that is unknown, as a decision between true and false; a known one as it is.

    `anonymous` gives the variable of one that has no identity; without it such a one stays unknown.
    """
    if value.kind != "unknown":
        return value
    known: Unknown = value.data
    variable = known.variable
    if variable is not None and variable.domain != TRUTHS:
        variable = truth_of(variable)
    if variable is None and anonymous is not None:
        variable = anonymous()
    if variable is None:
        return value
    flags = value.flags & FALLIBLE
    return choose(
        variable, [(only(truth), altered(boolean(truth), trail=value.trail, flags=flags)) for truth in TRUTHS]
    )


def truth_of(variable: Variable) -> Variable:
    """The truth of a value of unknown type."""
    return Variable(f"{variable.key} is true", variable.name, variable.real, TRUTHS)


def expanded(value: Evaluated) -> Evaluated:
    """An unknown whose variable has few values, as a choice of them: then operations on it are exact."""
    if isinstance(value, Choice) or value.kind != "unknown":
        return value
    variable = value.data.variable
    return decided(value) if variable is not None and variable.domain == TRUTHS else value


def primitive(data: Any) -> Value:
    """A scalar of Python as a value."""
    if isinstance(data, bool):
        return boolean(data)
    return Value("string" if isinstance(data, str) else "number", data)


def scalar(value: Value) -> Any:
    """A known primitive as it stands in the alternatives of a variable."""
    data = value.data
    if value.kind == "number" and not isinstance(data, (int, float)):
        return float(data)
    return data


def by_value(variable: Variable, cases: dict[Any, Evaluated], rest: Evaluated) -> Evaluated:
    """One value for each of some values of `variable`, and `rest` for the others."""
    return choose(variable, [*((only(key), value) for key, value in cases.items()), (other_than(*cases), rest)])
