"""Who is told how far a run is."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from dblint.cli.count import Count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def progress_of(options: Mapping[str, Any]) -> Count:
    """The progress of a command that is asked for, or not, by these options."""
    wanted = not (options.get("no_progress") or options.get("quiet"))
    if wanted and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from dblint.cli.bar import Bar

        return Bar()
    return Count()
