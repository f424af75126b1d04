"""`dblint test`: proves rules by the examples of their pages."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False), required=False)
@click.pass_context
def command(context: click.Context, folder: str | None) -> None:
    """Run the examples on the pages of the rules of a FOLDER (our own if none is named).

    Exits with 1 where an example is not what its page says, with 2 where a rule can not be loaded.
    """
    from dblint.packs import PackError, load, own
    from dblint.proof import prove
    from dblint.reports.words import number

    try:
        rules = load([own()] if folder is None else [own(), Path(folder)])
    except PackError as error:
        raise click.UsageError(str(error)) from None
    wanted = [rule for rule in rules if folder is None or rule.file.is_relative_to(folder)]
    wrong = [text for rule in wanted for text in prove(rule)]
    for text in wrong:
        click.echo(text)
    click.echo(f"{number(len(wanted), 'rule')}, {number(len(wrong), 'disagreement')} with what their pages say")
    context.exit(int(bool(wrong)))
