"""The command line: commands and options. Only this package prints or exits."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Gives 0, 1 or 2 as `scan` says, 2 for wrong usage, 130 for Ctrl-C, 141 where nobody reads on.

    Where a process runs one command (no `arguments` are given), results are kept between runs, and a result that is
    known is said again without importing anything that could find it out.
    """
    memory = None
    if arguments is None and sys.argv[1:2] == ["scan"]:
        from dblint.cli.replay import memory_of, replayed

        memory = memory_of(sys.argv[1:])
        code = replayed(memory) if memory else None
        if code is not None:
            return code
    from dblint.cli.commands import run

    return run(arguments, memory)
