"""`dblint merge`: several JSON reports as one."""

from __future__ import annotations

import json

import click

from dblint.cli.terminal import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.reports.merging import Document

_EXPECTED = "expected a JSON report of dblint (-f json=FILE)"


@click.command()
@click.argument("reports", nargs=-1, required=True, metavar="[NAME=]FILE...")
@click.pass_context
def command(context: click.Context, reports: tuple[str, ...]) -> None:
    """Join the JSON reports of shards, or of several repositories.

    Shards of one run (--shard K/N) are named by their files alone. Reports of different repositories are given as
    NAME=FILE: all that they say then stands below NAME/.

    Prints one JSON report, and exits with the worst code of all.
    """
    from dblint.reports.merging import NotAReport, merged

    try:
        document = merged([_read(text) for text in reports])
    except NotAReport as error:
        raise click.UsageError(str(error)) from None
    write(json.dumps(document, indent=2) + "\n")
    context.exit(document["run"]["exit_code"])


def _read(text: str) -> tuple[str, Document]:
    name, sign, path = text.partition("=")
    if not sign:
        name, path = "", text
    try:
        with open(path, encoding="utf-8") as file:
            return name, json.load(file)
    except OSError as error:
        raise click.UsageError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RecursionError):
        raise click.UsageError(f"{path}: {_EXPECTED}") from None
