"""Which values a parameter may have, by its own constraints: AllowedValues, AllowedPattern, lengths and bounds."""

from __future__ import annotations

import re

from dblint.sources.cloudformation.template import Declaration, scalar_text

# A pattern that is nothing but a choice of words: ^(dev|test|prod)$
_WORDS = r"\^?\(?(?:\?:)?([A-Za-z0-9_.-]*(?:\|[A-Za-z0-9_.-]*)+)\)?\$?"
# One class of characters and how many of them: [a-zA-Z0-9-]{1,63}. Anything richer could run away on a long text, and
# it comes from a file that is not to be trusted.
_ONE_CLASS = r"(?a)\^?(\[\^?[\w .,:/+=@-]+\]|\.|\\[dwDW])([*+]|\{\d{1,4}(?:,\d{0,4})?\})?\$?"
_MOST_PATTERN = 300
# Values of a parameter that are told apart.
_MOST_VALUES = 300


def domain_of(declaration: Declaration) -> tuple[str, ...] | None:
    """All values of a parameter, the default first; None where they are not enumerated."""
    if declaration.is_list or declaration.from_store:
        return None
    values = declaration.allowed or _words(declaration)
    if not values or len(values) > _MOST_VALUES:
        return None
    default = [declaration.default] if declaration.default in values else []
    return tuple(dict.fromkeys([*default, *values]))


def _words(declaration: Declaration) -> tuple[str, ...]:
    pattern = _text(declaration, "AllowedPattern")
    words = re.fullmatch(_WORDS, pattern) if pattern and len(pattern) < _MOST_PATTERN else None
    if words is None or pattern is None or pattern.count("(") != pattern.count(")"):
        return ()
    found = tuple(words.group(1).split("|"))
    return () if any("." in word for word in found) else found


def admits(declaration: Declaration, text: str) -> bool:
    """Whether a text may be the value; True where that can not be told."""
    if declaration.from_store:
        return True
    if declaration.is_list:
        return text != "" or declaration.type == "CommaDelimitedList" or declaration.default == ""
    if declaration.allowed:
        return text in declaration.allowed
    return _fits_length(declaration, text) and _fits_bounds(declaration, text) and _fits_pattern(declaration, text)


def _fits_length(declaration: Declaration, text: str) -> bool:
    least, most = _number(declaration, "MinLength"), _number(declaration, "MaxLength")
    return (least is None or len(text) >= least) and (most is None or len(text) <= most)


def _fits_bounds(declaration: Declaration, text: str) -> bool:
    if declaration.type != "Number":
        return text != "" or not declaration.type.startswith("AWS::") or declaration.default == ""
    value = _as_number(text)
    least, most = _number(declaration, "MinValue"), _number(declaration, "MaxValue")
    if value is None:
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def _fits_pattern(declaration: Declaration, text: str) -> bool:
    pattern = _text(declaration, "AllowedPattern")
    if not pattern or len(pattern) > _MOST_PATTERN:
        return True
    words = _words(declaration)
    if words:
        return text in words
    simple = re.fullmatch(_ONE_CLASS, pattern)
    if simple is None or "--" in pattern:
        return True
    try:
        return re.fullmatch(pattern.lstrip("^").removesuffix("$"), text) is not None
    except re.error:
        return True


def _text(declaration: Declaration, name: str) -> str | None:
    return scalar_text(declaration.body.get(name))


def _number(declaration: Declaration, name: str) -> float | None:
    written = _text(declaration, name)
    return None if written is None else _as_number(written)


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
