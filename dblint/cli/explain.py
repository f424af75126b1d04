"""`dblint explain`: the page of a rule."""

from __future__ import annotations

import re
import sys

import click

from dblint.cli.catalogue import rule as find
from dblint.cli.catalogue import sources
from dblint.cli.options import rule_names
from dblint.cli.terminal import style_of, write


@click.command()
@click.argument("rule", shell_complete=lambda context, parameter, incomplete: rule_names(incomplete))
@click.option("--rules", "packs", multiple=True, metavar="DIR", help="A folder with more rules.")
@click.option("--color", "colour", type=click.Choice(["auto", "always", "never"]), default="auto")
def command(rule: str, packs: tuple[str, ...], colour: str) -> None:
    """Say what a rule finds, why it matters, and what to do about it."""
    from dblint.pages import PageError, read
    from dblint.rule_definition import foreign_docs
    from dblint.selectors import is_foreign

    if is_foreign(rule):
        raise click.UsageError(f"{rule} is a rule of cfn-lint, which explains it at {foreign_docs(rule)}")
    found = find(rule, packs)
    try:
        page = read(found.page)
    except PageError as error:
        raise click.UsageError(str(error)) from None
    facts = f"{found.severity} · {found.category} · {', '.join(sources(found))}"
    options = [f"{name.replace('_', '-')} = {value}" for name, value in found.options.items()]
    if options:
        facts += f" · options: {', '.join(options)}"
    style = style_of(sys.stdout, colour)
    head, _, body = page.text.partition("\n")
    lines = [style.clean(line) for line in (head, "", found.message, f"({facts})", *body.splitlines())]
    write("".join(f"{line}\n" for line in (_rendered(lines) if style.colour else lines)))


def _rendered(text: list[str]) -> list[str]:
    """Markdown for a terminal: headings and code are painted, the signs of fences are gone."""
    lines = []
    fenced = False
    for line in text:
        if line.startswith("```"):
            fenced = not fenced
            lines.append(click.style(line.strip("`").strip(), dim=True) if fenced else "")
        elif fenced:
            lines.append("  " + click.style(line, fg="red" if line.rstrip().endswith("<-") else "cyan"))
        elif line.startswith("#"):
            lines.append(click.style(line.lstrip("# "), bold=True, underline=line.startswith("# ")))
        else:
            lines.append(re.sub(r"`([^`]+)`", lambda code: click.style(code[1], fg="cyan"), line))
    return lines
