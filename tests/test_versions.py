"""Version constraints of providers, and defaults that changed with a version."""

from __future__ import annotations

import pytest

from dblint.defaults import Since
from dblint.versions import newest_allowed


@pytest.mark.parametrize(
    ("constraint", "allowed", "refused"),
    [
        (">= 5.46, < 7.0", (6, 99), (7,)),
        ("~> 5.0", (5, 99), (6,)),
        ("~> 5.1.3", (5, 1, 99), (5, 2)),
        ("6.2.1", (6, 2, 1), (6, 2, 2)),
        ("= 6.2.1", (6, 2, 1), (6, 2, 2)),
        ("< 6.0.0", (5, 99, 99), (6,)),
        ("<= 6.0.0", (6, 0, 0), (6, 0, 1)),
        ("> 3, <6", (5, 9), (6,)),
        ("~> v4.67", (4, 99), (5,)),
        ("< 0.1", (0, 0, 9), (0, 1)),
    ],
)
def test_the_newest_version_that_is_allowed(
    constraint: str, allowed: tuple[int, ...], refused: tuple[int, ...]
) -> None:
    newest = newest_allowed(constraint)
    assert newest is not None
    assert allowed <= newest < refused


@pytest.mark.parametrize("constraint", ["", ">= 4", "!= 5.0", "nonsense", "> 3.0"])
def test_open_above(constraint: str) -> None:
    assert newest_allowed(constraint) is None


@pytest.mark.parametrize(
    ("constraint", "value"),
    [
        ("", False),
        (">= 5", False),
        ("~> 5.0", True),
        ("5.99.1", True),
        ("6.0.0", False),
        ("~> 6.1", False),
        ("< 6", True),
    ],
)
def test_a_default_that_changed(constraint: str, value: bool) -> None:
    assert Since(True, (("6.0.0", False),)).at(constraint) is value
