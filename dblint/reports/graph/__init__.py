"""The topology of the databases as text, one module a format. Equal topologies, equal bytes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.topology import Topology

FORMATS = ("mermaid", "dot", "json", "html")


def render(format: str, topologies: Sequence[Topology]) -> str:
    """The picture in one of FORMATS. Its module is imported when it is asked for."""
    name = "dblint.reports.html" if format == "html" else f"dblint.reports.graph.{format}"
    text: str = import_module(name).picture(topologies)
    return text
