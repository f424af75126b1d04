"""Terraform's numbers: binary floating point of 512 bits, as Python's int where whole and Fraction where not.

`fractions` is imported only where a number is not whole.
"""

from __future__ import annotations

from dblint.patterns import pattern
from dblint.sources.terraform.limits import LARGEST_EXPONENT, LARGEST_NUMBER, LimitReached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any, TypeAlias

# int, Fraction, or float for the two infinities
Number: TypeAlias = "int | Fraction | float"
PRECISION = 512
INFINITY = float("inf")
_DECIMAL = pattern(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")


class NotANumber(Exception):
    """A text that is no number, or an operation without a result."""


def parse(text: str) -> Number:
    """The number that a text writes in decimal: "10", "-0.5", "1e3". Raises NotANumber and LimitReached."""
    if text.isdecimal() and text.isascii() and len(text) < 19:
        return int(text)
    match = _DECIMAL.fullmatch(text)
    if match is None or not text.isascii() or not (match[2] or match[3]):
        raise NotANumber(text)
    sign, whole, part, exponent = match[1], match[2], match[3] or "", int(match[4] or 0)
    if abs(exponent) > LARGEST_EXPONENT or len(text) > LARGEST_EXPONENT:
        raise LimitReached("a number is too large")
    digits = int(f"{sign}{whole}{part}")
    exponent -= len(part)
    return rounded(digits * 10**exponent, 1) if exponent >= 0 else rounded(digits, 10**-exponent)


def rounded(numerator: int, denominator: int) -> Number:
    """The nearest number of 512 bits to a fraction, ties to even. Raises LimitReached."""
    if numerator % denominator == 0:
        numerator, denominator = numerator // denominator, 1
    excess = abs(numerator).bit_length() - denominator.bit_length() - PRECISION
    if denominator == 1 and abs(numerator).bit_length() <= PRECISION:
        return numerator
    if abs(excess) > LARGEST_NUMBER * 8:
        raise LimitReached("a number is too large")
    mantissa, shift = _mantissa(numerator, denominator, excess)
    if shift >= 0:
        return mantissa << shift
    from fractions import Fraction

    made = Fraction(mantissa, 1 << -shift)
    return made.numerator if made.denominator == 1 else made


def _mantissa(numerator: int, denominator: int, shift: int) -> tuple[int, int]:
    """(m, s) with m of 512 bits and m * 2**s nearest to the fraction."""
    while True:
        top, bottom = (numerator, denominator << shift) if shift > 0 else (numerator << -shift, denominator)
        quotient, rest = divmod(abs(top), bottom)
        if quotient.bit_length() > PRECISION:
            shift += 1
            continue
        if 2 * rest > bottom or (2 * rest == bottom and quotient & 1):
            quotient += 1
        return (-quotient if numerator < 0 else quotient), shift


def of(value: Any) -> Number:
    """A result of Python's exact arithmetic as Terraform holds it."""
    if isinstance(value, float):
        return value
    return rounded(value.numerator, value.denominator)


def of_float(value: float) -> Number:
    """A result of Python's floating point, as its shortest decimal; infinities stay."""
    return value if value in (INFINITY, -INFINITY) else parse(repr(value))


def divide(one: Any, two: Any) -> Number:
    """Raises NotANumber for 0/0 and for infinity divided by itself."""
    infinite = isinstance(one, float), isinstance(two, float)
    if infinite == (True, True) or (one == 0 and two == 0):
        raise NotANumber("can't divide zero by zero or infinity by infinity")
    if infinite[1]:
        return 0
    if two == 0 or infinite[0]:
        return INFINITY if (one > 0) is (two >= 0) else -INFINITY
    sign = 1 if two > 0 else -1
    return rounded(sign * one.numerator * two.denominator, sign * one.denominator * two.numerator)


def modulo(one: Any, two: Any) -> Number:
    """The rest of a division that truncates toward zero; dividing by 0 leaves the number itself."""
    if isinstance(one, float) or isinstance(two, float):
        raise NotANumber("infinity has no remainder")
    if two == 0:
        return one  # type: ignore[no-any-return]
    ratio = divide(one, two)
    return of(one - of(two * int(ratio)))


def text_of(value: Number) -> str:
    """The shortest decimal that means this number of 512 bits, without an exponent; "+Inf" for infinity."""
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return "+Inf" if value > 0 else "-Inf"
    sign = "-" if value < 0 else ""
    return sign + _shortest(abs(value.numerator), value.denominator)


def _whole(value: int) -> str:
    if value.bit_length() <= PRECISION:
        return str(value)
    if value.bit_length() > LARGEST_NUMBER * 4:
        raise LimitReached("a number is too large")
    return ("-" if value < 0 else "") + _shortest(abs(value), 1)


def _shortest(numerator: int, denominator: int) -> str:
    """The fewest digits that lie nearer to this number than to its neighbours."""
    from fractions import Fraction

    exact = Fraction(numerator, denominator)
    bits = numerator.bit_length() - denominator.bit_length()
    unit = Fraction(2) ** (bits - PRECISION + (0 if exact >= Fraction(2) ** bits else -1) + 1)
    for digits in range(1, 160):
        text = _with_digits(exact, digits)
        if abs(Fraction(text) - exact) * 2 < unit:
            return text
    return _with_digits(exact, 160)


def _with_digits(exact: Fraction, digits: int) -> str:
    """The number with so many significant digits, rounded half to even, written without an exponent."""
    magnitude = len(str(exact.numerator // exact.denominator)) if exact >= 1 else _zeros(exact)
    scale = digits - magnitude
    scaled = exact * 10**scale if scale >= 0 else exact / 10**-scale
    whole = round(scaled)
    if scale <= 0:
        return str(whole * 10**-scale)
    text = str(whole).rjust(scale + 1, "0")
    return f"{text[:-scale]}.{text[-scale:]}".rstrip("0").rstrip(".")


def _zeros(exact: Fraction) -> int:
    """Minus the count of zeros after the point."""
    zeros = 0
    while exact * 10 < 1:
        exact *= 10
        zeros += 1
    return -zeros
