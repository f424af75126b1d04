"""How a command ends: the code of its process, whatever happened."""

from __future__ import annotations

import sys
from collections.abc import Callable

from dblint.cli.streams import NobodyReads, complain, forget, left_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

FAULT = 2
INTERRUPTED = 130


def ended(call: Callable[[], object], context: Callable[[], click.Context] | None = None) -> int:
    """Calls a command and gives its code. `context` is what wrong usage is told with, where click did not start it."""
    forget()
    try:
        code = call()
    except NobodyReads:
        return left_alone()
    except KeyboardInterrupt as error:
        complain("\n")
        return _interrupted(error)
    except Exception as error:
        return _failed(error, context)
    return code if isinstance(code, int) else 0


def _interrupted(error: BaseException | None) -> int:
    complain(f"interrupted {error or ''}".rstrip() + "\n")
    return INTERRUPTED


def _failed(error: Exception, context: Callable[[], click.Context] | None) -> int:
    import click

    if isinstance(error, click.Abort):
        return _interrupted(error.__cause__)
    if isinstance(error, click.ClickException):
        if isinstance(error, click.UsageError) and error.ctx is None and context:
            error.ctx = context()
        error.show(sys.stderr)
        return FAULT
    import traceback

    text = "".join(traceback.format_exception(error))
    complain(f"{text}error: this is a fault of dblint: please report it with the lines above\n")
    return FAULT
