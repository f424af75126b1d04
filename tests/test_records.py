"""Records behave as the dataclasses that the type checker takes them for."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from dblint import records

KINDS: list[dict[str, bool]] = [
    {"slots": True},
    {"slots": True, "eq": False},
    {"slots": True, "frozen": True},
    {"slots": True, "frozen": True, "eq": False},
]


@records.dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0


def pair(made: Any, new: Any, **options: bool) -> tuple[Any, Any]:
    """The same declaration, by `made` of a class and of one that inherits from it."""

    @made(**options)
    class Base:
        kind: ClassVar[str] = "base"
        name: str
        tags: list[str] = new(default_factory=list)

        def loud(self) -> str:
            return self.name.upper()

    @made(**options)
    class Derived(Base):
        size: int = 3

    return Base, Derived


@pytest.mark.parametrize("options", KINDS)
@pytest.mark.parametrize("which", [0, 1], ids=["base", "derived"])
def test_they_are_made_shown_and_compared_alike(options: dict[str, bool], which: int) -> None:
    ours = pair(records.dataclass, records.field, **options)[which]
    theirs = pair(dataclasses.dataclass, dataclasses.field, **options)[which]
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = [(("a",), {}), (("a", ["b"]), {}), ((), {"name": "c"})]
    for positional, named in calls * 5:  # some are made before __init__ is compiled, some after
        mine, yours = ours(*positional, **named), theirs(*positional, **named)
        assert repr(mine).rpartition(".")[2] == repr(yours).rpartition(".")[2]
        assert mine.loud() == yours.loud()
        assert (mine == ours(*positional, **named)) is (yours == theirs(*positional, **named))
        assert mine != ours("other") and mine != yours
        assert not hasattr(mine, "__dict__")
    assert ours("a").tags is not ours("a").tags
    assert ours.__match_args__ == theirs.__match_args__
    assert (ours.__hash__ is None) is (theirs.__hash__ is None)
    for wrong in ({}, {"name": "a", "other": 1}):
        for cls in (ours, theirs):
            with pytest.raises(TypeError):
                cls(**wrong)


def test_frozen_ones_are_values() -> None:
    one = Point(1, 2)
    assert {one, Point(1, 2), Point(2)} == {one, Point(2, 0)}
    for change in (lambda: setattr(one, "x", 3), lambda: delattr(one, "x"), lambda: setattr(one, "z", 3)):
        with pytest.raises(AttributeError):
            change()
    assert (one.x, one.y) == (1, 2)


def test_a_copy_with_changes() -> None:
    assert records.replace(Point(1, 2), y=5) == Point(1, 5)
    assert copy.deepcopy(Point(1, 2)) == pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)
    with pytest.raises(TypeError):
        records.replace(Point(1, 2), z=5)  # type: ignore[call-arg,unused-ignore]
