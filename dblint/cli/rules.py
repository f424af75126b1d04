"""`dblint rules`: the list of all rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from dblint.cli import catalogue
from dblint.cli.terminal import write

if TYPE_CHECKING:
    from dblint.rule_definition import Rule


@click.command()
@click.argument("selectors", nargs=-1)
@click.option("-f", "--output-format", "format", type=click.Choice(["table", "json", "md"]), default="table")
@click.option("--rules", "packs", multiple=True, metavar="DIR", help="A folder with more rules.")
def command(selectors: tuple[str, ...], format: str, packs: tuple[str, ...]) -> None:
    """List the rules, or those that SELECTORS mean: a name, a pattern (rds-*), service:X, category:X, severity:X."""
    from dblint.selectors import UnknownSelector, chosen

    known = catalogue.rules(packs)
    try:
        wanted = frozenset[str]().union(*(chosen(selector, known) for selector in selectors or ("ALL",)))
    except UnknownSelector as error:
        raise click.UsageError(str(error)) from None
    shown = [rule for rule in known if rule.id in wanted]
    write({"table": _table, "json": _json, "md": markdown}[format](shown))


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.id,
        "severity": rule.severity,
        "category": rule.category,
        "profile": rule.profile,
        "sources": list(catalogue.sources(rule)),
        "fix": bool(rule.fix),
        "options": dict(rule.options),
        "message": rule.message,
    }


def _json(rules: list[Rule]) -> str:
    return json.dumps([_row(rule) for rule in rules], indent=2) + "\n"


def _table(rules: list[Rule]) -> str:
    rows = [(rule.id, rule.severity, rule.category, rule.message) for rule in rules]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def markdown(rules: list[Rule]) -> str:
    """The rules as a table."""
    lines = ["| rule | severity | category | sources | what it finds |", "|---|---|---|---|---|"]
    for rule in rules:
        cells = (f"`{rule.id}`", rule.severity, rule.category, ", ".join(catalogue.sources(rule)), rule.message)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "".join(f"{line}\n" for line in lines)
