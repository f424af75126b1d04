"""Functions of numbers."""

from __future__ import annotations

import math

from dblint.sources.terraform.functions.registry import Function, plain
from dblint.sources.terraform.limits import LARGEST_EXPONENT, LARGEST_NUMBER, LimitReached
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.value import EvaluationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _abs(value: Any) -> Any:
    return abs(value)


def _ceil(value: Any) -> Any:
    return value if isinstance(value, float) else math.ceil(value)


def _floor(value: Any) -> Any:
    return value if isinstance(value, float) else math.floor(value)


def _max(*values: Any) -> Any:
    if not values:
        raise EvaluationError("max takes at least one number")
    return max(values)


def _min(*values: Any) -> Any:
    if not values:
        raise EvaluationError("min takes at least one number")
    return min(values)


def _signum(value: Any) -> Any:
    if not isinstance(value, int) or abs(value) >= 1 << 63:
        raise EvaluationError("signum takes a whole number of 64 bits")
    return (value > 0) - (value < 0)


def _log(value: Any, base: Any) -> Any:
    """In floating point of 64 bits, as Terraform does."""
    try:
        above, below = _logarithm(float(value)), _logarithm(float(base))
    except OverflowError:
        raise EvaluationError("log has no result for this number") from None
    if below == 0:
        result = above * math.inf
    else:
        result = above / below
    if result != result:
        raise EvaluationError("log has no result for this number")
    return numbers.of_float(result)


def _logarithm(value: float) -> float:
    if value < 0:
        return math.nan
    return math.log(value) if value else -math.inf


def _pow(value: Any, power: Any) -> Any:
    """In floating point of 64 bits, as Terraform does."""
    try:
        result = _powered(float(value), float(power))
    except OverflowError:
        return numbers.INFINITY if value > 0 or power % 2 == 0 else -numbers.INFINITY
    except ValueError:
        if value == 0:
            return numbers.INFINITY
        raise EvaluationError("pow has no result for these numbers") from None
    return numbers.of_float(result)


def _powered(value: float, power: float) -> float:
    """The power by repeated squaring, which is what Terraform does: the last digit of a large one differs from C's."""
    if not 1 < abs(power) < 1 << 40 or not math.isfinite(value) or value == 0:
        return math.pow(value, power)
    part, whole = math.modf(abs(power))
    if part > 0.5:
        part, whole = part - 1, whole + 1
    made, exponent, times = math.exp(part * math.log(value)) if part else 1.0, 0, int(whole)
    factor, of_factor = math.frexp(value)
    while times:
        if times & 1:
            made, exponent = made * factor, exponent + of_factor
        factor, more = math.frexp(factor * factor)
        of_factor = 2 * of_factor + more
        times >>= 1
    return math.ldexp(1 / made, -exponent) if power < 0 else math.ldexp(made, exponent)


def _parse_int(value: Any, base: Any) -> Any:
    if not isinstance(value, str) or not isinstance(base, int) or not 2 <= base <= 62:
        raise EvaluationError("parseint takes a text and a base from 2 to 62")
    sign, digits = (-1, value[1:]) if value[:1] == "-" else (1, value.removeprefix("+"))
    if not digits:
        raise EvaluationError("parseint takes a text of digits")
    if len(digits) > LARGEST_EXPONENT or len(digits) * base.bit_length() > LARGEST_NUMBER:
        raise LimitReached("a number is too large")
    total = 0
    for sign_of_digit in digits:
        digit = _DIGITS.find(sign_of_digit.lower() if base <= 36 else sign_of_digit)
        if not 0 <= digit < base:
            raise EvaluationError("parseint takes a text of digits")
        total = total * base + digit
    return sign * total


FUNCTIONS: dict[str, Function] = {
    "abs": plain(_abs),
    "ceil": plain(_ceil),
    "floor": plain(_floor),
    "max": plain(_max, fallible=True),
    "min": plain(_min, fallible=True),
    "signum": plain(_signum, fallible=True),
    "log": plain(_log, fallible=True),
    "pow": plain(_pow, fallible=True),
    "parseint": plain(_parse_int, fallible=True),
}
