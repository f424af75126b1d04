"""`dblint rules`: the list of all rules."""

from __future__ import annotations

import json

import click

from dblint.cli import catalogue
from dblint.cli.terminal import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.equivalents import Equivalents
    from dblint.rule_definition import Rule


@click.command()
@click.argument("selectors", nargs=-1)
@click.option("-f", "--output-format", "format", type=click.Choice(["table", "json", "md"]), default="table")
@click.option("--equivalents", is_flag=True, help="Show what other tools call the same.")
@click.option("--changed-since", metavar="SET", help="Only what raising `ruleset` from this set would add.")
@click.option("--rules", "packs", multiple=True, metavar="DIR", help="A folder with more rules.")
def command(
    selectors: tuple[str, ...], format: str, equivalents: bool, changed_since: str | None, packs: tuple[str, ...]
) -> None:
    """List the rules, or those that SELECTORS mean: a name, a pattern (rds-*), service:X, category:X, severity:X."""
    from dblint.selectors import UnknownSelector, chosen

    known = catalogue.rules(packs)
    try:
        wanted = frozenset[str]().union(*(chosen(selector, known) for selector in selectors or ("ALL",)))
    except UnknownSelector as error:
        raise click.UsageError(str(error)) from None
    shown = [rule for rule in known if rule.id in wanted and _is_newer(rule, changed_since)]
    others = _equivalents() if equivalents else None
    write({"table": _table, "json": _json, "md": markdown}[format](shown, others))


def _is_newer(rule: Rule, since: str | None) -> bool:
    """Whether a rule came with a later set. Raises UsageError where that is no set."""
    from dblint import RULESET
    from dblint.versions import is_later

    if since is None:
        return True
    try:
        return is_later(rule.since, since)
    except ValueError:
        raise click.UsageError(f"--changed-since: expected a set as {RULESET}, found {since}") from None


def _equivalents() -> Equivalents:
    from dblint.equivalents import load

    return load()


def _row(rule: Rule, others: Equivalents | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": rule.id,
        "severity": rule.severity,
        "category": rule.category,
        "profile": rule.profile,
        "sources": list(catalogue.sources(rule)),
        "since": rule.since,
        "fix": bool(rule.fix),
        "options": dict(rule.options),
        "message": rule.message,
    }
    return row if others is None else {**row, "equivalents": others.get(rule.id, {})}


def _json(rules: list[Rule], others: Equivalents | None) -> str:
    return json.dumps([_row(rule, others) for rule in rules], indent=2) + "\n"


def _table(rules: list[Rule], others: Equivalents | None) -> str:
    rows = [(rule.id, rule.severity, rule.category, _told(rule, others)) for rule in rules]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def markdown(rules: list[Rule], others: Equivalents | None = None) -> str:
    """The rules as a table."""
    last = "what it finds" if others is None else "equivalents"
    lines = [f"| rule | severity | category | sources | {last} |", "|---|---|---|---|---|"]
    for rule in rules:
        cells = (f"`{rule.id}`", rule.severity, rule.category, ", ".join(catalogue.sources(rule)), _told(rule, others))
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "".join(f"{line}\n" for line in lines)


def _told(rule: Rule, others: Equivalents | None) -> str:
    """What a rule finds, or what other tools call it: "checkov CKV_AWS_157; securityhub RDS.5"."""
    if others is None:
        return rule.message
    return "; ".join(f"{tool} {', '.join(ids)}" for tool, ids in others.get(rule.id, {}).items()) or "none"
