"""Tags as a mapping of key to value, however a type writes them: a list of Key and Value, or a mapping."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.choice import alternatives, lift
from dblint.model import Choice, Unknown, Value
from dblint.sources.cloudformation.values import Open, bare, text


def tags_of(written: Value, inherited: Mapping[str, Value]) -> Value:
    """The tags of a resource over those of its stack: a dict, Unknown, or a Choice of them; None where there are
    none."""
    return lift(lambda known: _tags(known, inherited), written)


def _tags(written: Value, inherited: Mapping[str, Value]) -> Value:
    known = bare(written)
    if isinstance(known, Unknown):
        return Open(dict(inherited), known.because) if inherited else known
    if isinstance(known, dict):
        return _over(inherited, known, known.because if isinstance(known, Open) else "")
    if isinstance(known, list):
        own, because = _from_list(known)
        return _over(inherited, own, because)
    return dict(inherited) or None


def _over(inherited: Mapping[str, Value], own: dict[str, Value], because: str) -> Value:
    together = {**inherited, **own}
    return Open(together, because) if because else together or None


def _from_list(items: list[Value]) -> tuple[dict[str, Value], str]:
    """The tags of a list, and why there may be others ("" where there are none)."""
    tags: dict[str, Value] = {}
    because = ""
    for item in items:
        keys, unclear = _keys(item)
        because = because or unclear
        for key in keys:
            value = lift(lambda known, key=key: _value(known, key), item)
            tags[key] = _unless_absent(value, tags.get(key))
    return tags, because


def _keys(item: Value) -> tuple[list[str], str]:
    """All keys that an item may have, and why it may have another."""
    found: dict[str, None] = {}
    because = ""
    for alternative in alternatives(item):
        known = bare(alternative)
        keys = alternatives(known.get("Key")) if isinstance(known, dict) else [known]
        for key in map(bare, keys):
            if isinstance(key, (Unknown, list, dict)):
                because = key.because if isinstance(key, Unknown) else "a tag that has no Key"
            elif key is not None:
                found[text(key)] = None
    return list(found), because


def _value(item: Value, key: str) -> Value:
    """The value that an item gives to a key; None where it gives it none."""
    known = bare(item)
    if not isinstance(known, dict):
        return None
    return lift(
        lambda own: known.get("Value", "") if not isinstance(own, (Unknown, list, dict)) and text(own) == key else None,
        lift(bare, known.get("Key")),
    )


def _unless_absent(value: Value, before: Value) -> Value:
    """The later of two tags of one key, where it is there."""
    if before is None or not isinstance(value, Choice):
        return before if value is None else value
    return lift(lambda later: before if later is None else later, value)
