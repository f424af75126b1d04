"""A result as text, one module a format. Machine formats have no clock and no absolute path: equal results, equal
bytes."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.reports.shown import Shown
    from dblint.result import Result

FORMATS = (
    "full",
    "concise",
    "grouped",
    "agent",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
    "csv",
    "html",
)


def render(format: str, result: Result, shown: Shown) -> str:
    """The report in one of FORMATS. Its module is imported when it is asked for."""
    if shown.project and format != "sarif":
        from dblint.reports.absolute import absolute

        result, shown = absolute(result, shown)
    text: str = import_module(f"dblint.reports.{format.replace('-', '_')}").render(result, shown)
    return text
