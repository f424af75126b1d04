"""`dblint scan`: lints files and folders."""

from __future__ import annotations

import click

from dblint.cli.clicked import PATHS, with_options
from dblint.cli.scanning import OPTIONS, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@click.command()
@PATHS
@with_options(OPTIONS)
@click.pass_obj
def command(memory: Any, /, **options: Any) -> int | None:
    """Lint files and folders (the current one if none is named).

    Files that are named one by one are judged within the roots that they belong to. A RULE is a name, a pattern
    (rds-*), service:X, category:X, severity:X or ALL.

    Exits with 0 where nothing is found, 1 for findings, 2 where the result can not be trusted.
    """
    return scan(memory, **options)
