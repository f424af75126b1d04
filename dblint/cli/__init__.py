"""The command line: commands and options. Only this package prints or exits."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

    from dblint.cli.replay import Memory

# Circles of objects are looked for after so many new ones: what one root takes is not worth the search (measured: a
# tenth of a first run), and what many roots leave is still found.
_NEW_OBJECTS = 50_000


def process() -> None:
    """Runs the command of this process, and ends it at once: to give back what it holds, piece by piece, takes as long
    as reading some hundred files."""
    code = main()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError, AttributeError):
        sys.exit(code)  # Python knows what to say of streams that are closed, or are none
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Gives 0, 1 or 2 as `scan` says, 2 for wrong usage, 130 for Ctrl-C, 141 where nobody reads on.

    Where a process runs one command (no `arguments` are given), results are kept between runs, and a result that is
    known is said again without importing anything that could find it out.
    """
    if arguments is None and sys.argv[1:2] == ["scan"]:
        gc.set_threshold(_NEW_OBJECTS)
        gc.disable()  # until something is evaluated: nothing before that makes circles
        code = _scan(sys.argv[2:])
        gc.freeze()  # the process ends: what it holds goes with it, and is not searched for circles once more
        return code
    from dblint.cli.commands import run

    return run(arguments, None)


def _scan(arguments: Sequence[str]) -> int:
    """Runs `dblint scan`: with as little as it takes."""
    from dblint.cli.replay import memory_of, replayed

    memory = memory_of(["scan", *arguments])
    if memory is None:
        return _afresh(arguments, None)
    try:
        code = replayed(memory)
        return _afresh(arguments, memory) if code is None else code
    finally:
        memory.store.close()


def _afresh(arguments: Sequence[str], memory: Memory | None) -> int:
    """Runs a scan of which nothing is known."""
    from dblint.cli.light import parsed
    from dblint.cli.scanning import OPTIONS, scan

    options = parsed(arguments, OPTIONS)
    if options is None:
        from dblint.cli.commands import run

        return run(["scan", *arguments], memory)
    from dblint.cli.ending import ended

    return ended(lambda: scan(memory, **options), _context)


def _context() -> click.Context:
    from dblint.cli.commands import context_of

    return context_of("scan")
