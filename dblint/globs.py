"""Patterns of paths, as people write them in settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WILD = {"*": "[^/]*", "?": "[^/]"}


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path fits one of the patterns.

    `*` and `?` stay inside of one folder, `**` crosses folders. A pattern that names a folder holds for all below it.
    """
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    steps = pattern.strip("/").removeprefix("./").split("/")
    if steps in ([""], ["."]):
        return re.compile(".*", re.DOTALL)
    parts = ["(?:[^/]+/)*" if step == "**" else f"{_step(step)}/" for step in steps[:-1]]
    last = ".*" if steps[-1] == "**" else f"{_step(steps[-1])}(?:/.*)?"
    return re.compile("".join(parts) + last, re.DOTALL)


def _step(step: str) -> str:
    """One folder or name of a pattern as a regular expression. A run of stars is one star: matching stays linear."""
    tokens: list[str] = re.findall(r"\*+|.", step)
    return "".join(_WILD.get(token[0]) or re.escape(token) for token in tokens)
