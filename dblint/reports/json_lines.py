"""The result as JSON lines: one object a line, each with its `type`; together they are the report of `-f json`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from dblint.reports.json import document
from dblint.reports.shown import Shown
from dblint.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The lists of the report, and the type of their items.
TYPES = {
    "findings": "finding",
    "suppressed": "suppressed",
    "baselined": "baselined",
    "unchanged": "unchanged",
    "fixed": "fixed",
    "stale": "stale",
    "errors": "error",
    "warnings": "warning",
}


def render(result: Result, shown: Shown) -> str:
    """A line of type `run`, a line for each item, and at the end lines of type `coverage`, `timing` where that is asked
    for, and `summary`, in ASCII."""
    return "".join(f"{json.dumps(item)}\n" for item in _items(document(result)))


def _items(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "run", "schema_version": report["schema_version"], "tool": report["tool"], **report["run"]}
    for name, type in TYPES.items():
        yield from ({"type": type, **item} for item in report[name])
    yield {"type": "coverage", **report["coverage"]}
    if "timing" in report:
        yield {"type": "timing", **report["timing"]}
    yield {"type": "summary", **report["summary"]}
