"""`dblint graph`: the topology of the databases."""

from __future__ import annotations

import click

from dblint.cli import options as shared
from dblint.cli.clicked import PATHS, with_options
from dblint.cli.refusal import REFUSED, refused
from dblint.cli.terminal import complain, warn, write
from dblint.reports.graph import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@click.command()
@PATHS
@click.option("-f", "--output-format", "format", type=click.Choice(FORMATS), default="mermaid")
@with_options(shared.PACKS, shared.EVALUATION, shared.SCOPE, shared.COLOUR, shared.RUN)
@refused
def command(format: str, **options: Any) -> int:
    """Draw the databases of files and folders: what belongs together, what is encrypted, what is backed up.

    Nothing is judged. Exits with 0, or with 2 where something could not be read.
    """
    from dblint.cli.request import asked_of
    from dblint.reports.graph import render
    from dblint.scan.topology import pictures

    asked = asked_of(options)
    found = pictures(asked.request)
    colour = options["colour"]
    complain(found.problems, colour)
    warn([*asked.configuration.warnings, *found.notes], colour)
    write(render(format, found.topologies))
    return REFUSED if found.problems else 0
