"""Terraform's operators on values: three-valued, and per alternative of what steers their operands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.equality import equals
from dblint.sources.terraform.values.lifting import expanded, lift
from dblint.sources.terraform.values.types import BOOL, NUMBER, Type
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    REFERS,
    SENSITIVE,
    SENSITIVE_INSIDE,
    Evaluated,
    EvaluationError,
    Value,
    altered,
    boolean,
    number,
    references_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def binary(operator: str, one: Evaluated, two: Evaluated) -> Evaluated:
    """`one operator two`. Raises EvaluationError."""
    if operator == "==":
        return _equality(one, two, negated=False)
    if operator == "!=":
        return _equality(one, two, negated=True)
    return lift(lambda a, b: _binary(operator, a, b), expanded(one), expanded(two))


def unary(operator: str, operand: Evaluated) -> Evaluated:
    """`-operand` or `!operand`. Raises EvaluationError."""
    return lift(lambda a: _unary(operator, a), expanded(operand))


def _equality(one: Evaluated, two: Evaluated, negated: bool) -> Evaluated:
    result = equals(one, two)
    if negated:
        result = lift(lambda truth: boolean(not truth.data) if truth.kind == "bool" else truth, result)
    return lift(_identified("!=" if negated else "=="), result, one, two)


def _identified(operator: str) -> Callable[[Value, Value, Value], Value]:
    """The comparison, with an identity of its own where its outcome is not known, and marked as its operands are."""

    def identify(result: Value, one: Value, two: Value) -> Value:
        fresh = (
            derived(operator, (one, two), BOOL, takes_null=True) if result.kind == "unknown" else boolean(result.data)
        )
        return combined(fresh, one, two)

    return identify


def combined(result: Value, *operands: Value) -> Value:
    """A fresh result of an operation with what it inherits: references (changed on the way) and marks."""
    refs = dict.fromkeys((address, "") for operand in operands for address, _ in references_in(operand))
    if refs:
        result.refs = tuple(refs)
        result.flags |= REFERS
    for operand in operands:
        result.flags |= operand.flags & FALLIBLE
        if operand.flags & (SENSITIVE | SENSITIVE_INSIDE):
            result.flags |= SENSITIVE
    return result


def doubted(result: Evaluated, values: tuple[Value, ...]) -> Evaluated:
    """The result of an operation on the values; it may fail where one of them may."""
    if not any(value.flags & FALLIBLE for value in values):
        return result
    return lift(lambda plain: altered(plain, flags=plain.flags | FALLIBLE), result)


def _operand(value: Value, type: Type) -> Value:
    made = convert(value, type)
    assert isinstance(made, Value)
    if made.kind == "null":
        raise EvaluationError("the operand must not be null")
    return made


def _binary(operator: str, one: Value, two: Value) -> Value:
    if operator in ("&&", "||"):
        return combined(_logic(operator, _operand(one, BOOL), _operand(two, BOOL)), one, two)
    left, right = _operand(one, NUMBER), _operand(two, NUMBER)
    if left.kind == "unknown" or right.kind == "unknown":
        type = NUMBER if operator in _ARITHMETIC else BOOL
        divided = operator in ("/", "%") and right.kind == "unknown"
        return combined(
            derived(operator, (left, right), type, operation=partial(_binary, operator), fallible=divided), one, two
        )
    if operator in _ORDER:
        return combined(boolean(_ORDER[operator](left.data, right.data)), one, two)
    try:
        return combined(number(_ARITHMETIC[operator](left.data, right.data)), one, two)
    except numbers.NotANumber as reason:
        raise EvaluationError(str(reason)) from None


def _logic(operator: str, left: Value, right: Value) -> Value:
    """Kleene's logic: `false && unknown` is false."""
    decisive = operator == "||"
    for operand in (left, right):
        if operand.kind == "bool" and operand.data is decisive:
            return boolean(decisive)
    hidden = [operand for operand in (left, right) if operand.kind == "unknown"]
    if not hidden:
        return boolean(not decisive)
    return derived(operator, (left, right), BOOL)


def _unary(operator: str, operand: Value) -> Value:
    value = _operand(operand, BOOL if operator == "!" else NUMBER)
    if value.kind == "unknown":
        return combined(derived(operator, (value,), value.type), operand)
    return combined(boolean(not value.data) if operator == "!" else number(-value.data), operand)


def _exactly(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], numbers.Number]:
    def operate(one: Any, two: Any) -> numbers.Number:
        if isinstance(one, int) and isinstance(two, int):
            return numbers.rounded(function(one, two), 1)
        if isinstance(one, float) or isinstance(two, float):
            return _infinite(function, one, two)
        return numbers.of(function(one, two))

    return operate


def _infinite(function: Callable[[Any, Any], Any], one: Any, two: Any) -> float:
    result = float(function(float(one), float(two)))
    if result != result:
        raise numbers.NotANumber("infinities cancel out")
    return result


_ARITHMETIC: dict[str, Callable[[Any, Any], numbers.Number]] = {
    "+": _exactly(lambda one, two: one + two),
    "-": _exactly(lambda one, two: one - two),
    "*": _exactly(lambda one, two: one * two),
    "/": numbers.divide,
    "%": numbers.modulo,
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}
