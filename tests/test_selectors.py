"""What a selector means, and what a pattern of paths fits."""

from __future__ import annotations

import pytest

from dblint.globs import matches
from dblint.nearest import nearest
from dblint.packs import load, own
from dblint.selectors import GROUP, NAME, PATTERN, UnknownSelector, chosen, rank

RULES = load([own()])


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("rds-single-az", NAME),
        ("rds-*", PATTERN),
        ("rds-single-a[xyz]", PATTERN),
        ("service:rds", GROUP),
        ("ALL", GROUP),
    ],
)
def test_how_close_a_selector_is(selector: str, expected: int) -> None:
    assert rank(selector) == expected


def test_what_selectors_mean() -> None:
    by_name = {rule.id: rule for rule in RULES}
    assert chosen("ALL", RULES) == by_name.keys()
    assert chosen("rds-single-az", RULES) == {"rds-single-az"}
    assert chosen("rds-*", RULES) == {name for name in by_name if name.startswith("rds-")}
    assert chosen("service:rds", RULES) == {name for name, rule in by_name.items() if rule.service == "rds"}
    assert chosen("category:recovery", RULES) == {n for n, rule in by_name.items() if rule.category == "recovery"}
    assert chosen("severity:critical", RULES) == {n for n, rule in by_name.items() if rule.severity == "critical"}


def test_a_group_that_is_known_and_empty_is_no_mistake() -> None:
    some = [rule for rule in RULES if rule.id == "rds-single-az"]
    assert chosen("severity:low", some) == frozenset()


@pytest.mark.parametrize("selector", ["rds", "rds-x", "x-*", "service:x", "category:x", "severity:x", "x:y", "all", ""])
def test_what_means_nothing_is_refused(selector: str) -> None:
    with pytest.raises(UnknownSelector):
        chosen(selector, RULES)


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("a/b/c.tf", "a/**", True),
        ("a/b/c.tf", "a", True),
        ("a/b/c.tf", "./a/", True),
        ("a/b/c.tf", "**/c.tf", True),
        ("c.tf", "**/c.tf", True),
        ("a/b/c.tf", "a/*/c.tf", True),
        ("a/b/c.tf", "a/*.tf", False),
        ("a/b/c.tf", "*.tf", False),
        ("c.tf", "*.tf", True),
        ("a/x", "a/?", True),
        ("a/xy", "a/?", False),
        ("a/b", "a/**/b", True),
        ("a/c/d/b", "a/**/b", True),
        ("ab/c", "a/**", False),
        ("anything/at/all", ".", True),
        ("anything/at/all", "**", True),
        ("a.tf", "a?tf", True),
        ("a+b.tf", "a+b.tf", True),
        ("a[1].tf", "a[1].tf", True),
        ("a\nb/c", "a*", True),
        ("a" * 60, "*a" * 30 + "b", False),
        ("a/" * 60 + "a", "**/a/" * 30 + "b", False),
    ],
)
def test_patterns_of_paths(path: str, pattern: str, fits: bool) -> None:
    assert matches(path, [pattern]) is fits


def test_no_pattern_fits_nothing() -> None:
    assert not matches("a", [])


def test_nearest_names() -> None:
    assert nearest("prdo", ["prod", "dev"]) == "; did you mean prod?"
    assert nearest("rds-single-ax", ["rds-single-az", "rds-single-ay"]).count(" or ") == 1
    assert nearest("x", ["prod"]) == ""
