"""Functions of text."""

from __future__ import annotations

from collections.abc import Callable

from dblint.sources.terraform.functions.registry import Function, plain
from dblint.sources.terraform.limits import LONGEST_TEXT, WIDEST_FORMAT, LimitReached
from dblint.sources.terraform.values.graphemes import graphemes
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import EvaluationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What Go's unicode.IsSpace says.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_SPACE += "\u2028\u2029\u202f\u205f\u3000"


def _upper(text: str) -> str:
    """Letter by letter: "ß" stays."""
    return text.upper() if text.isascii() else "".join(_single(sign, sign.upper()) for sign in text)


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(sign.lower()[0] for sign in text)


def _single(sign: str, changed: str) -> str:
    return changed if len(changed) == 1 else sign


def _title(text: str) -> str:
    """The first letter of each word in upper case; the others stay."""
    made, before = [], " "
    for sign in text:
        made.append(_single(sign, sign.title()) if _separates(before) else sign)
        before = sign
    return "".join(made)


def _separates(sign: str) -> bool:
    """Go's old rule of word boundaries: letters, digits and underscores go on; of what is not ASCII, space ends."""
    if sign.isascii():
        return not (sign.isalnum() or sign == "_")
    if sign.isalpha() or sign.isdigit():
        return False
    return sign in _SPACE


def _trim(text: str, signs: str) -> str:
    return text.strip(signs) if signs else text


def _trim_prefix(text: str, prefix: str) -> str:
    return text.removeprefix(prefix)


def _trim_suffix(text: str, suffix: str) -> str:
    return text.removesuffix(suffix)


def _sources_of_prefix(prefix: str) -> Callable[[Any], tuple[str, ...]]:
    """What trimprefix makes a text of."""

    def solve(text: str) -> tuple[str, ...]:
        return (prefix + text,) if text.startswith(prefix) and prefix else tuple(dict.fromkeys((prefix + text, text)))

    return solve


def _sources_of_suffix(suffix: str) -> Callable[[Any], tuple[str, ...]]:
    def solve(text: str) -> tuple[str, ...]:
        return (text + suffix,) if text.endswith(suffix) and suffix else tuple(dict.fromkeys((text + suffix, text)))

    return solve


def _substr(text: str, offset: Any, length: Any) -> str:
    """By characters as a reader counts them; a negative offset counts from the end, a length of -1 is the rest (and so
    is 0 after a negative offset)."""
    if not isinstance(offset, int) or not isinstance(length, int):
        raise EvaluationError("substr takes whole numbers")
    signs = graphemes(text)
    if length < 0 or (offset < 0 and length == 0):
        length = len(signs)
    if offset < 0:
        offset = max(offset + len(signs), 0)
    return "".join(signs[offset : offset + length])


def _split(separator: str, text: str) -> list[str]:
    if not separator:
        return list(text)
    return text.split(separator)


def _join(separator: str, *lists: list[str | None]) -> str:
    items = [item for texts in lists for item in texts]
    if not lists or None in items:
        raise EvaluationError("join takes lists without null")
    _bounded(sum(len(item) + len(separator) for item in items if item is not None))
    return separator.join(item for item in items if item is not None)


def _bounded(length: int) -> None:
    if length > LONGEST_TEXT:
        raise LimitReached(f"a text has more than {LONGEST_TEXT:,} characters")


def _replace(text: str, old: str, new: str) -> str:
    """What stands between slashes is a regular expression."""
    if len(old) > 1 and old[0] == "/" and old[-1] == "/":
        from dblint.sources.terraform.functions.regular_expressions import replace_all

        return normal(replace_all(text, old[1:-1], new))
    _bounded(len(text) + text.count(old) * max(len(new) - len(old), 0))
    return normal(text.replace(old, new))


def _starts_with(text: str, prefix: str) -> bool:
    return text.startswith(prefix)


def _ends_with(text: str, suffix: str) -> bool:
    return text.endswith(suffix)


def _contains(text: str, part: str) -> bool:
    return part in text


def _indent(spaces: Any, text: str) -> str:
    if not isinstance(spaces, int) or spaces < 0:
        raise EvaluationError("indent takes a whole number that is not negative")
    if spaces > WIDEST_FORMAT:
        raise LimitReached("a text is indented too far")
    _bounded(len(text) + text.count("\n") * spaces)
    return text.replace("\n", "\n" + " " * spaces)


def _chomp(text: str) -> str:
    return text.rstrip("\r\n")


def _trim_space(text: str) -> str:
    return text.strip(_SPACE)


def _reverse(text: str) -> str:
    return "".join(reversed(graphemes(text)))


FUNCTIONS: dict[str, Function] = {
    "lower": plain(_lower),
    "upper": plain(_upper),
    "title": plain(_title),
    "trim": plain(_trim),
    "trimprefix": plain(_trim_prefix, solve=_sources_of_prefix),
    "trimsuffix": plain(_trim_suffix, solve=_sources_of_suffix),
    "trimspace": plain(_trim_space),
    "substr": plain(_substr, fallible=True),
    "split": plain(_split),
    "join": plain(_join, fallible=True),
    "replace": plain(_replace, fallible=True),
    "startswith": plain(_starts_with),
    "endswith": plain(_ends_with),
    "strcontains": plain(_contains),
    "indent": plain(_indent, fallible=True),
    "chomp": plain(_chomp),
    "strrev": plain(_reverse),
}
