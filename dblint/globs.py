"""Patterns of paths, as people write them in settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path fits one of the patterns.

    `*` and `?` stay inside of one folder, `**` crosses folders. A pattern that fits a folder holds for all below it.
    """
    return any(_matches(path.split("/"), pattern) for pattern in patterns)


def _matches(parts: Sequence[str], pattern: str) -> bool:
    """Follows all ways of fitting the pattern at once, so that no pattern takes long."""
    steps = [step for step in pattern.split("/") if step not in ("", ".")]
    reached = _skipped({0}, steps)
    for part in parts:
        if len(steps) in reached:
            return True
        stay = {at for at in reached if steps[at] == "**"}
        reached = _skipped(stay | {at + 1 for at in reached - stay if _fits(part, steps[at])}, steps)
    return len(steps) in reached


def _skipped(reached: set[int], steps: Sequence[str]) -> set[int]:
    """The places that are reached, and those behind a `**`, which may stand for nothing."""
    found = set(reached)
    for at in sorted(reached):
        while at < len(steps) and steps[at] == "**":
            at += 1
            found.add(at)
    return found


def _fits(part: str, step: str) -> bool:
    """Whether one name fits one step. Brackets are themselves."""
    return fnmatchcase(part, step.replace("[", "[[]"))
