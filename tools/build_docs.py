"""Writes the pages of docs/ that are made from the code: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dblint.cli.rules import markdown  # noqa: E402
from dblint.packs import load, own  # noqa: E402

RULES = ROOT / "docs" / "rules.md"


def rules_page() -> str:
    """The table of all rules."""
    return (
        f"# Rules\n\nMade by `make docs`. `dblint explain RULE` shows the page of a rule.\n\n{markdown(load([own()]))}"
    )


if __name__ == "__main__":
    RULES.parent.mkdir(exist_ok=True)
    RULES.write_text(rules_page(), encoding="utf-8")
