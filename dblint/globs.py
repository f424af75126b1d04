"""Patterns of paths, as people write them in settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path fits one of the patterns.

    `*` and `?` stay inside of one folder, `**` crosses folders. A pattern that fits a folder holds for all below it.
    """
    return any(_matches(path.split("/"), pattern) for pattern in patterns)


def opens(folder: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns leads into a folder by its name, or the name of one above it, and not by `*` or `**`
    alone."""
    return any(_opens(folder.split("/"), pattern) for pattern in patterns)


def _opens(parts: Sequence[str], pattern: str) -> bool:
    steps = _steps(pattern)
    # Where all ways of fitting have come to, those that a name led to apart.
    by_name: set[int] = set()
    reached = _skipped({0}, steps)
    for part in parts:
        if len(steps) in reached:
            return True
        by_name = _after(part, by_name, steps) | {
            at + 1 for at in reached - {len(steps)} if steps[at].strip("*?") and _fits(part, steps[at])
        }
        by_name = _skipped(by_name, steps)
        reached = _after(part, reached, steps)
    return bool(by_name) or len(steps) in reached


def _steps(pattern: str) -> list[str]:
    return [step for step in pattern.split("/") if step not in ("", ".")]


def _after(part: str, reached: set[int], steps: Sequence[str]) -> set[int]:
    """The places that one more name leads to."""
    open_ = reached - {len(steps)}
    stay = {at for at in open_ if steps[at] == "**"}
    return _skipped(stay | {at + 1 for at in open_ - stay if _fits(part, steps[at])}, steps)


def _matches(parts: Sequence[str], pattern: str) -> bool:
    """Follows all ways of fitting the pattern at once, so that no pattern takes long."""
    steps = _steps(pattern)
    reached = _skipped({0}, steps)
    for part in parts:
        if len(steps) in reached:
            return True
        reached = _after(part, reached, steps)
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
