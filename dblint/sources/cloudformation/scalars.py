"""What a plain scalar of YAML 1.1 stands for, as CloudFormation reads it: `yes` is a truth, `0123` is octal.

Dates and sexagesimal numbers stay texts (CloudFormation has neither), and so do infinities and not-a-number, which
JSON can not express.
"""

from __future__ import annotations

from math import isfinite

from dblint.model import Scalar
from dblint.patterns import pattern

_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
for _true, _false in (("yes", "no"), ("true", "false"), ("on", "off")):
    for _spell in (str.lower, str.title, str.upper):
        _WORDS[_spell(_true)] = True
        _WORDS[_spell(_false)] = False

_NUMERIC_STARTS = frozenset("+-.0123456789")
_INT = pattern(r"[-+]?(?:0b[0-1_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*)")
_FLOAT = pattern(r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?")
# Python refuses to convert more digits than this, and nobody means a number by them.
_MOST_DIGITS = 400


def resolve(text: str) -> Scalar:
    """The value of a plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMERIC_STARTS and len(text) < _MOST_DIGITS:
        return _number(text)
    return text


def _number(text: str) -> Scalar:
    if _INT.fullmatch(text):
        return _int(text)
    if _FLOAT.fullmatch(text):
        number = float(text.replace("_", ""))
        return number if isfinite(number) else text
    return text


def _int(text: str) -> int | str:
    digits = text.replace("_", "").lstrip("+-")
    if not digits or digits in ("0b", "0x"):
        return text
    sign = -1 if text.startswith("-") else 1
    if digits.startswith(("0b", "0x")):
        return sign * int(digits, 0)
    return sign * int(digits, 8 if digits.startswith("0") else 10)


def construct(tag: str, text: str) -> Scalar:
    """The value of a scalar under one of YAML's own tags ("str", "int", ...). Raises ValueError."""
    if tag == "str":
        return text
    if tag == "null":
        return None
    value = resolve(text)
    if tag == "bool" and isinstance(value, bool):
        return value
    if tag == "int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if tag == "float" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise ValueError(f"{text!r} is no {tag}")
