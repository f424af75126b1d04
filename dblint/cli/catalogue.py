"""All rules that the command line can speak of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.rule_definition import Rule


def rules(packs: Sequence[str]) -> list[Rule]:
    """Our rules and those of the folders given. Raises ClickException, which ends in exit 2."""
    from dblint.packs import PackError, load, own

    try:
        return load([own(), *(Path(folder) for folder in packs)])
    except PackError as error:
        raise click.UsageError(str(error)) from None


def rule(name: str, packs: Sequence[str]) -> Rule:
    """The rule of a name. Raises UsageError with the nearest names."""
    from dblint.nearest import nearest

    known = {rule.id: rule for rule in rules(packs)}
    if name not in known:
        raise click.UsageError(f"unknown rule {name}{nearest(name, known)}")
    return known[name]


def sources(rule: Rule) -> tuple[str, ...]:
    """In which kinds of input a rule finds something to judge."""
    found = []
    if any(subject.terraform for subject in rule.subjects):
        found.append("terraform")
    if any(subject.in_schema for subject in rule.subjects):
        found.append("cloudformation")
    return tuple(found)
