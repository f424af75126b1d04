"""Where a resource is shown: at its block; at the call of a module that is known and not installed."""

from __future__ import annotations

from dblint.model import Assumptions, Location, Origin, Path, Trace, Tracer
from dblint.records import dataclass
from dblint.sources.terraform.evaluation.scope import ModuleInstance
from dblint.sources.terraform.evaluation.tracing import location_of
from dblint.sources.terraform.known_modules import HIDDEN
from dblint.sources.terraform.syntax.text import Block


@dataclass(frozen=True, slots=True)
class Shown:
    """What a resource says of its place; see model.Resource."""

    location: Location
    definition: str
    trace: Tracer
    assumed: str = ""


def shown_at(block: Block, trace: Tracer, module: ModuleInstance) -> Shown:
    """The place of the resource that `block` makes in an instance of a module."""
    name = f"{block.labels[0]}.{block.labels[1]}"
    if module.known is None:
        location = location_of(block.place)
        return Shown(location, f"{location.file}#{name}", trace)
    outermost = module
    while outermost.parent is not None and outermost.parent.known is not None:
        outermost = outermost.parent
    assert outermost.call is not None
    header = location_of(outermost.call.place)
    path = "".join(f"module.{step}." for step in module.path[len(outermost.path) - 1 :])
    version = str(outermost.known)

    def outside(path: Path, assumptions: Assumptions) -> Trace:
        return _outside(trace(path, assumptions), header, version)

    return Shown(header, f"{header.file}#{path}{name}", outside, version)


def _outside(trace: Trace, header: Location, version: str) -> Trace:
    """A trace without the places of the summary: what its defaults decide is decided at the call."""
    origins = tuple(origin for origin in trace.origins if not _is_hidden(origin.location))
    if not origins:
        defaults = (o.text for o in trace.origins if o.text.startswith("default of variable"))
        origins = tuple(Origin(header, f"{text} in {version}") for text in defaults)[:1]
    if trace.written is None or _is_hidden(trace.written):
        return Trace(None if origins else header, origins)
    return Trace(trace.written, origins)


def _is_hidden(location: Location) -> bool:
    return location.file.startswith(HIDDEN)
