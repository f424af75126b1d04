"""What a report is given beside the result: the files to quote, the look, and what was asked for."""

from __future__ import annotations

from dblint.records import dataclass, field
from dblint.reports.style import Style
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.topology import Topology


@dataclass(frozen=True, slots=True)
class Shown:
    """`quiet`: the findings alone. `topologies` are there where a format that draws them is asked for.
    `project`: its absolute path, where absolute paths are asked for."""

    files: Files
    style: Style = field(default_factory=Style)
    coverage: bool = False
    suppressed: bool = False
    statistics: bool = False
    quiet: bool = False
    topologies: tuple[Topology, ...] = ()
    project: str = ""
