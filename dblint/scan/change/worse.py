"""Whether a finding that was there before a change is more than it was: in more scenarios, or in more instances."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from dblint.finding import Finding
from dblint.scenario import DEFAULT

_MOST_NAMED = 3


def more(before: Finding, now: Finding) -> str:
    """What a change adds to a finding, in words; "" where it adds nothing. What takes the place of something that is
    gone was renamed, and is no more than it was."""
    scenarios = _scenarios(before, now)
    instances = _additional(_instances(before), _instances(now))
    told = [f"in {_listed(scenarios)}"] if scenarios else []
    told += [f"of {_listed(instances)}"] if instances else []
    return " and ".join(told)


def _scenarios(before: Finding, now: Finding) -> list[str]:
    """The scenarios that fail now and did not. Nothing where there was one for all."""
    if DEFAULT in before.failing:
        return []
    failed = [_words(name) for name in before.failing]
    new = [name for name in now.failing if not any(words <= _words(name) for words in failed)]
    sound = [_words(name) for name in (*before.passing, *before.unknown)]
    surely = [name for name in new if any(_words(name) <= words for words in sound)]
    others = [name for name in new if name not in surely]
    there = {*now.failing, *now.passing, *now.unknown}
    gone = [name for name in before.failing if name not in there]
    return sorted([*surely, *(others if len(others) > len(gone) else ())])


def _words(name: str) -> frozenset[str]:
    return frozenset(re.split(" with | and ", name))


def _additional(before: Collection[str], now: Collection[str]) -> list[str]:
    new = [item for item in now if item not in before]
    gone = [item for item in before if item not in now]
    return sorted(new) if len(new) > len(gone) else []


def _instances(finding: Finding) -> frozenset[str]:
    """All instances, each behind its root."""
    heads = tuple(f"{root}: " for root in finding.roots)
    return frozenset(
        address if address.startswith(heads) else f"{finding.root}: {address}" for address in finding.instances
    )


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
