"""Version constraints as Terraform writes them (">= 5.46, < 7.0", "~> 5.0", "6.2.1"), and sets of rules ("2026.10")."""

from __future__ import annotations

from dblint.patterns import pattern

Version = tuple[int, ...]

_TERM = pattern(r"\s*(>=|<=|!=|~>|=|>|<)?\s*v?(\d+(?:\.\d+){0,2})")
_BEYOND: Version = (10**6,)


def newest_allowed(constraint: str) -> Version | None:
    """The upper bound that the constraint leaves: a version that every allowed one is below or equal to; None where
    it is open above.

    Pre-releases and what is not a version are ignored, so a broken constraint allows everything.
    """
    bounds = [_upper(sign or "=", _version(text)) for sign, text in _TERM.findall(constraint)]
    newest = min(bounds, default=_BEYOND)
    return None if newest == _BEYOND else newest


def _version(text: str) -> Version:
    return tuple(int(part) for part in text.split("."))


def _upper(sign: str, version: Version) -> Version:
    if sign in ("=", "<="):
        return version
    if sign == "<":
        return _just_below(version)
    if sign == "~>":
        return (*version[:-2], version[-2], 10**6) if len(version) > 1 else (version[0], 10**6)
    return _BEYOND


def _just_below(version: Version) -> Version:
    """Greater than every version that is below `version`, and less than it."""
    parts = list(version)
    while parts and parts[-1] == 0:
        parts.pop()
    if not parts:
        return (0,)
    return (*parts[:-1], parts[-1] - 1, 10**6)


def is_later(one: str, two: str) -> bool:
    """Whether a set of rules came after another: "2026.10" after "2026.9"."""
    return _version(one) > _version(two)
