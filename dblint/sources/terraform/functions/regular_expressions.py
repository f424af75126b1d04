"""regex, regexall and the patterns of replace: RE2's language, matched by Python's `re`.

A pattern is parsed here and written anew for Python, atom by atom. Python backtracks where RE2 does not: a pattern
that might take too long on its text is not tried, and its result is unknown.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache, partial

from dblint.patterns import pattern
from dblint.sources.terraform.functions.re2 import Parsed, PatternError, parse
from dblint.sources.terraform.functions.registry import Function, open_to_unknown
from dblint.sources.terraform.limits import LONGEST_MATCHED, LONGEST_TEXT, LimitReached
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.plain import from_plain
from dblint.sources.terraform.values.types import Type
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value, list_of, type_of, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from dblint.sources.terraform.evaluation.scope import Scope

# Steps that one match may take at the worst, and all of a run.
_MOST_STEPS = 20_000_000
_MOST_STEPS_OF_RUN = 400_000_000
_GROUP = pattern(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)


class TooSlow(Exception):
    """A pattern that may take too long on its text."""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> tuple[re.Pattern[str], Parsed]:
    try:
        parsed = parse(pattern)
        return re.compile(parsed.python), parsed
    except (PatternError, re.error, OverflowError, RecursionError) as error:
        raise EvaluationError(f"{pattern!r} is no regular expression: {error}") from None


def _steps(parsed: Parsed, length: int) -> int:
    """How many steps a match may take: each unbounded repetition may end anywhere, and so may the start."""
    if parsed.nested:
        return 1 << max(length, 1) if length < 64 else _MOST_STEPS + 1
    free = parsed.unbounded + (0 if parsed.anchored else 1)
    return int((length + 1) ** free // math.factorial(parsed.unbounded))


def _matches(pattern: str, text: str, scope: Scope | None) -> Iterator[re.Match[str]]:
    """All matches as RE2 finds them: an empty one does not follow another at once. Raises TooSlow."""
    compiled, parsed = _compiled(pattern)
    steps = _steps(parsed, len(text))
    if len(text) > LONGEST_MATCHED or steps > _MOST_STEPS:
        raise TooSlow
    if scope is not None:
        scope.module.run.matched += steps
        if scope.module.run.matched > _MOST_STEPS_OF_RUN:
            raise LimitReached("regular expressions take too long")
    end = -1
    for match in compiled.finditer(text):
        if match.start() != match.end() or match.start() != end:
            end = match.end()
            yield match


def _captured(match: re.Match[str], parsed: Parsed) -> Any:
    """A match as regex gives it: the text, its groups as a tuple, or the named ones as an object."""
    if not match.re.groups:
        return match[0]
    return match.groupdict() if parsed.named else list(match.groups())


def _result_type(parsed: Parsed, groups: int) -> Type:
    if not groups:
        return types.STRING
    if parsed.named:
        return Type("object", dict.fromkeys(sorted(parsed.names), types.STRING))
    return Type("tuple", (types.STRING,) * groups)


def _found(match: re.Match[str], parsed: Parsed) -> Value:
    from dblint.sources.terraform.values.conversion import convert

    made = convert(from_plain(_captured(match, parsed)), _result_type(parsed, match.re.groups))
    assert isinstance(made, Value)
    return made


def _hidden(name: str, type: Type, again: Callable[..., Evaluated], *values: Value) -> Value:
    return combined(derived(name, values, type, operation=again, fallible=name == "regex"), *values)


def _known_type(pattern: Value) -> Type:
    if pattern.kind != "string":
        return types.ANY
    compiled, parsed = _compiled(pattern.data)
    if parsed.named and len(parsed.names) != compiled.groups:
        raise EvaluationError("a pattern has named groups and others")
    return _result_type(parsed, compiled.groups)


def _regex(scope: Scope, pattern: Value, text: Value) -> Evaluated:
    type = _known_type(pattern)
    if pattern.kind == "unknown" or text.kind == "unknown":
        return _hidden("regex", type, partial(_regex, scope), pattern, text)
    try:
        match = next(_matches(pattern.data, text.data, scope), None)
    except TooSlow:
        return unknown("a regular expression that may take too long", type, is_set=True, fallible=True)
    if match is None:
        raise EvaluationError("the pattern does not match")
    return combined(_found(match, _compiled(pattern.data)[1]), pattern, text)


def _regexall(scope: Scope, pattern: Value, text: Value) -> Evaluated:
    type = _known_type(pattern)
    if pattern.kind == "unknown" or text.kind == "unknown":
        return _hidden("regexall", types.list_of(type), partial(_regexall, scope), pattern, text)
    parsed = _compiled(pattern.data)[1]
    try:
        found = [_found(match, parsed) for match in _matches(pattern.data, text.data, scope)]
    except TooSlow:
        return unknown("a regular expression that may take too long", types.list_of(type), is_set=True)
    return combined(list_of(found, type_of(found[0]) if found else type), pattern, text)


def replace_all(text: str, pattern: str, new: str) -> str:
    """The text with all matches replaced; "$1" and "${name}" in `new` are groups. Raises LimitReached."""
    try:
        matches = list(_matches(pattern, text, None))
    except TooSlow:
        raise LimitReached("a regular expression may take too long") from None
    made, end, size = [], 0, 0
    for match in matches:
        piece = _GROUP.sub(lambda group: _group(match, group), new)  # noqa: B023
        made += [text[end : match.start()], piece]
        end, size = match.end(), size + len(piece)
        if size > LONGEST_TEXT:
            raise LimitReached(f"a text has more than {LONGEST_TEXT:,} characters")
    return "".join([*made, text[end:]])


def _group(match: re.Match[str], reference: re.Match[str]) -> str:
    name = reference[1] or reference[2]
    if name is None:
        return "$"
    try:
        return match[int(name) if name.isdigit() else name] or ""
    except IndexError:
        return ""


FUNCTIONS: dict[str, Function] = {
    "regex": open_to_unknown(_regex, scoped=True),
    "regexall": open_to_unknown(_regexall, scoped=True),
}
