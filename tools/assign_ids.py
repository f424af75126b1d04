"""Gives every rule that has none its id in cfn-lint: `make docs`. What is given stays for ever."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dblint.packs import load, own  # noqa: E402
from dblint.rule_definition import CRITICAL, HIGH  # noqa: E402

IDS = ROOT / "dblint" / "integrations" / "cfn_lint_ids.json"
# Numbers from 9000 on are for rules of others; up to here they are those of rules in a file of the user's own.
_BEFORE = 9100


def read() -> dict[str, str]:
    """The ids that are given: rule -> "E9101"."""
    ids: dict[str, str] = json.loads(IDS.read_text(encoding="utf-8"))
    return ids


def assigned(ids: Mapping[str, str]) -> dict[str, str]:
    """The ids with those of new rules, which follow the highest number."""
    number = max((int(id[1:]) for id in ids.values()), default=_BEFORE)
    found = dict(ids)
    for rule in load([own()]):
        if rule.id not in found:
            number += 1
            found[rule.id] = ("E" if rule.severity in (CRITICAL, HIGH) else "W") + str(number)
    return found


if __name__ == "__main__":
    IDS.write_text(json.dumps(assigned(read()), indent=0) + "\n", encoding="utf-8")
