"""Places in a text as editors count them, from those of the YAML parser."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from dblint.patterns import pattern
from dblint.sources.cloudformation.nodes import Mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Line breaks to libyaml, and to no editor.
_ODD_BREAKS = pattern("[\u0085\u2028\u2029]")


def marker(text: str) -> Callable[[Any], Mark]:
    """A function from the parser's marks to line and column, both from 0."""
    return _mark_by_index(text) if _ODD_BREAKS.search(text) else _plain_mark


def _plain_mark(mark: Any) -> Mark:
    return mark.line, mark.column


def _mark_by_index(text: str) -> Callable[[Any], Mark]:
    """Places by what editors call a line."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]

    def mark(mark: Any) -> Mark:
        line = bisect_right(starts, mark.index) - 1
        return line, mark.index - starts[line]

    return mark
