"""format and formatlist: Go's verbs on Terraform's values."""

from __future__ import annotations

import re

from dblint.patterns import pattern
from dblint.sources.terraform.functions.registry import Function, open_to_unknown
from dblint.sources.terraform.limits import LONGEST_TEXT, WIDEST_FORMAT, LimitReached
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.graphemes import graphemes
from dblint.sources.terraform.values.lifting import hoist, lift
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.value import (
    UNKNOWN,
    Evaluated,
    EvaluationError,
    Value,
    list_of,
    string,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VERB = pattern(r"%([ +#0-]*)(\d*)(?:\.(\d*))?(?:\[(\d+)\])?(.?)", re.DOTALL)


class _Verb:
    __slots__ = ("flags", "precision", "sign", "width")

    def __init__(self, match: re.Match[str]) -> None:
        self.flags = match[1]
        self.width = _bounded(match[2])
        self.precision = None if match[3] is None else _bounded(match[3])
        self.sign = match[5]


def _bounded(digits: str) -> int:
    if len(digits) > 7 or int(digits or 0) > WIDEST_FORMAT:
        raise LimitReached("a format is too wide")
    return int(digits or 0)


def _format(pattern: Value, *arguments: Value) -> Evaluated:
    if any(map(_is_bare_null, arguments)):
        return combined(derived("format", (pattern, *arguments), types.ANY, fallible=True), pattern, *arguments)
    return _row(pattern, *arguments)


def _row(pattern: Value, *arguments: Value) -> Evaluated:
    if pattern.kind == "unknown" or any(argument.flags & UNKNOWN for argument in arguments):
        return combined(derived("format", (pattern, *arguments), types.STRING, fallible=True), pattern, *arguments)
    return combined(string(formatted(pattern.data, list(arguments))), pattern, *arguments)


def _is_bare_null(argument: Value) -> bool:
    """Whether it is a null without a type: of what it is formatted to, Terraform knows nothing before it applies."""
    return argument.kind == "null" and argument.type.kind == "any"


def formatted(pattern: str, arguments: list[Value]) -> str:
    """Raises EvaluationError and LimitReached."""
    made: list[str] = []
    position, following, most, size = 0, 0, 0, 0
    while (start := pattern.find("%", position)) >= 0:
        made.append(pattern[position:start])
        match = _VERB.match(pattern, start)
        assert match is not None
        position = match.end()
        if match[5] == "%" and match[0] == "%%":
            made.append("%")
            continue
        following = int(match[4]) if match[4] else following + 1
        most = max(most, following)
        if not 1 <= following <= len(arguments):
            raise EvaluationError("format has fewer arguments than verbs")
        made.append(_written(_Verb(match), arguments[following - 1]))
        size += len(made[-1])
        if size > LONGEST_TEXT:
            raise LimitReached(f"a text has more than {LONGEST_TEXT:,} characters")
    made.append(pattern[position:])
    if most < len(arguments):
        raise EvaluationError("format has more arguments than verbs")
    return "".join(made)


def _written(verb: _Verb, argument: Value) -> str:
    if verb.sign == "v":
        return _value(verb, argument)
    if argument.kind == "null":
        raise EvaluationError("a null value can not be formatted")
    if verb.sign in ("s", "q"):
        text = _converted(argument, types.STRING)
        if verb.precision is not None:
            text = "".join(graphemes(text)[: verb.precision])
        return _padded(verb, _json(text) if verb.sign == "q" else text)
    if verb.sign == "t":
        return _padded(verb, "true" if _converted(argument, types.BOOL) else "false")
    if verb.sign in tuple("bdoxX"):
        return _integer(verb, _converted(argument, types.NUMBER))
    if verb.sign in tuple("eEfgG"):
        return _decimal(verb, _converted(argument, types.NUMBER))
    raise EvaluationError(f"format has no verb %{verb.sign}")


def _converted(argument: Value, type: types.Type) -> Any:
    value = convert(argument, type)
    assert isinstance(value, Value)
    return value.data


def _value(verb: _Verb, argument: Value) -> str:
    """%v: texts and numbers as they are, all else as JSON; %#v: everything as JSON."""
    from dblint.sources.terraform.functions.encoding import json_text

    if "#" not in verb.flags:
        if argument.kind == "string":
            return _padded(verb, argument.data)
        if argument.kind == "number":
            return _padded(verb, _shortest_signed(argument.data))
    return _padded(verb, json_text(argument))


def _shortest_signed(value: Any) -> str:
    """A number as %v writes it, whatever precision and sign are asked for."""
    if isinstance(value, float):
        return "+Inf" if value > 0 else "-Inf"
    return ("-" if value < 0 else "") + _shortest(abs(value), "g")


def _json(text: str) -> str:
    from dblint.sources.terraform.functions.encoding import json_text

    return json_text(string(text))


def _padded(verb: _Verb, text: str) -> str:
    missing = verb.width - len(graphemes(text))
    if missing <= 0:
        return text
    if "-" in verb.flags:
        return text + " " * missing
    return ("0" if "0" in verb.flags else " ") * missing + text


def _signed(verb: _Verb, negative: bool, digits: str, head: str = "") -> str:
    """A number's digits with its sign, padded between the two where "0" asks for that."""
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    if "0" in verb.flags and "-" not in verb.flags:
        digits = digits.rjust(verb.width - len(sign) - len(head), "0")
    text = sign + head + digits
    return text.ljust(verb.width) if "-" in verb.flags else text.rjust(verb.width)


def _integer(verb: _Verb, value: Any) -> str:
    if not isinstance(value, int):
        raise EvaluationError("a whole number is required")
    digits = format(abs(value), verb.sign)
    head = {"x": "0x", "X": "0X", "o": "0"}.get(verb.sign, "") if "#" in verb.flags else ""
    if verb.precision is not None:
        digits = digits.rjust(verb.precision, "0")
    return _signed(verb, value < 0, digits, head)


def _decimal(verb: _Verb, value: Any) -> str:
    """%e, %f and %g; without a precision %g has as many digits as the number needs."""
    if isinstance(value, float):
        return _padded(verb, _shortest_signed(value))
    sign = verb.sign
    if verb.precision is None and sign in ("g", "G"):
        return _signed(verb, value < 0, _shortest(abs(value), sign))
    from decimal import ROUND_HALF_EVEN, Context, Decimal

    context = Context(prec=4_000, rounding=ROUND_HALF_EVEN)
    exact = context.divide(Decimal(abs(value).numerator), Decimal(abs(value).denominator))
    precision = 6 if verb.precision is None else verb.precision
    if not value:
        exact = Decimal(0).scaleb(-precision if sign in ("e", "E", "f") else 0)
    return _signed(verb, value < 0, _exponent(f"{exact:.{precision}{sign}}"))


def _exponent(text: str) -> str:
    """Go writes at least two digits of an exponent."""
    return re.sub(r"([eE][+-])(\d)\Z", r"\g<1>0\2", text)


def _shortest(value: Any, sign: str) -> str:
    """The digits that the number needs; with an exponent where it is very large or small."""
    digits = numbers.text_of(value)
    whole, _, part = digits.partition(".")
    exponent = len(whole) - 1 if whole != "0" else -(len(part) - len(part.lstrip("0"))) - 1
    if value == 0 or -4 <= exponent < 6:
        return digits
    significant = (whole + part).strip("0") or "0"
    mantissa = significant[0] + ("." + significant[1:] if len(significant) > 1 else "")
    return f"{mantissa}{'e' if sign == 'g' else 'E'}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _formatlist(pattern: Value, *arguments: Value) -> Evaluated:
    """format for each element of the lists among the arguments; others stand in each."""
    lists = [argument for argument in arguments if argument.kind in ("list", "tuple", "set")]
    is_bare = any(map(_is_bare_null, arguments))
    if is_bare or any(one.kind == "unknown" for one in (pattern, *arguments)):
        type = types.ANY if is_bare else types.list_of(types.STRING)
        return combined(derived("formatlist", (pattern, *arguments), type, fallible=True), pattern, *arguments)
    lengths = {len(argument.data) for argument in lists}
    if len(lengths) > 1:
        raise EvaluationError("the lists of formatlist differ in length")
    count = lengths.pop() if lengths else 1
    rows = [
        [argument.data[i] if any(argument is one for one in lists) else argument for argument in arguments]
        for i in range(count)
    ]
    return list_of((lift(_row, pattern, *map(hoist, row)) for row in rows), types.STRING)


FUNCTIONS: dict[str, Function] = {
    "format": open_to_unknown(lambda *values: lift(_format, *map(hoist, values))),
    "formatlist": open_to_unknown(_formatlist),
}
