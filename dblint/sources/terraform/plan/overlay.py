"""A planned resource with what its source adds: where its values are written, and which resources they name.

The plan knows the values; the source, evaluated with the variables of the plan, knows what they are made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.choice import alternatives
from dblint.model import Choice, Ref, Unknown, Value


class Overlaid(Mapping[str, Value]):
    """The properties of a resource, evaluated when they are asked for."""

    def __init__(self, planned: Mapping[str, Value], source: Mapping[str, Value]) -> None:
        self._planned = planned
        self._source = source
        self._values: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = combined(self._planned.get(name), self._source.get(name))
        if self._values[name] is None:
            raise KeyError(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._planned if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def combined(planned: Value, source: Value) -> Value:
    """The planned value where it is known, else what the source says; made from what either says."""
    if _is_unknown(planned):
        return source
    if planned is None or source is None:
        return planned
    if isinstance(source, Choice):
        return _alike(planned, source)
    if isinstance(source, Ref):
        inner = combined(planned.value if isinstance(planned, Ref) else planned, source.value)
        return inner if isinstance(inner, (list, dict)) else Ref(source.to, inner, source.attribute)
    if isinstance(planned, Ref):
        return planned
    if isinstance(planned, dict) and isinstance(source, dict):
        return {name: combined(value, source.get(name)) for name, value in planned.items()}
    if isinstance(planned, list) and isinstance(source, list):
        return _items(planned, source)
    return planned


def _is_unknown(value: Value) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, Ref) and isinstance(value.value, Unknown))


def _alike(planned: Value, source: Choice) -> Value:
    """What the source says in the alternative that the plan has taken; the plan's word where none is it."""
    for leaf in alternatives(source):
        if isinstance(leaf, Ref) and leaf.value == planned:
            return leaf
    return planned


def _items(planned: list[Value], source: list[Value]) -> list[Value]:
    """Item by item where both are equally long; sets stand in another order in a plan, so equal values go first."""
    if len(planned) != len(source):
        return planned
    left = list(source)
    found: list[Value] = list(planned)
    for i, item in enumerate(planned):
        same = next((other for other in left if not _is_unknown(item) and _plain(other) == _plain(item)), None)
        if same is not None:
            left.remove(same)
            found[i] = combined(item, same)
    waiting = [i for i, item in enumerate(planned) if found[i] is item]
    for i, other in zip(waiting, left):
        found[i] = combined(planned[i], other)
    return found


def _plain(value: Value) -> Value:
    return value.value if isinstance(value, Ref) else value
