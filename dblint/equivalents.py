"""What other tools call the defects that our rules find, from rules/equivalents.toml."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.packs import own
from dblint.settings.toml import parse

Equivalents = Mapping[str, Mapping[str, tuple[str, ...]]]


def load() -> Equivalents:
    """Rule -> tool -> its ids; a rule that no other tool has is an empty mapping."""
    table = parse((own() / "equivalents.toml").read_bytes(), "rules/equivalents.toml")
    unique: list[str] = table.pop("unique")
    found = {rule: {tool: tuple(ids) for tool, ids in tools.items()} for rule, tools in table.items()}
    return {**found, **{rule: {} for rule in unique}}
