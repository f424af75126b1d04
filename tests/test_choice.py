"""The algebra of choices, against evaluating every assignment."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dblint.choice import (
    MOST_LEAVES,
    TooManyLeaves,
    alternatives,
    both,
    choose,
    hoist,
    lift,
    only,
    other_than,
    possible,
    same,
    within,
    without,
)
from dblint.model import Among, Choice, Ref, Unknown, Value, Variable

X = Variable("x", "x", domain=("a", "b", "c"))
Y = Variable("y", "y")
Z = Variable("z", "z", domain=(True, False))
VALUES: dict[Variable, tuple[Any, ...]] = {X: ("a", "b", "c"), Y: ("p", "q", "r", "other"), Z: (True, False)}

scalars = st.sampled_from([0, 1, True, False, "t", None])


@st.composite
def trees(draw: st.DrawFn, depth: int = 2) -> Value:
    if depth == 0 or draw(st.booleans()):
        return draw(scalars)
    variable = draw(st.sampled_from([X, Y, Z]))
    picked = draw(st.sets(st.sampled_from(VALUES[variable][:3]), min_size=1, max_size=2))
    one, two = draw(trees(depth - 1)), draw(trees(depth - 1))
    return choose(variable, [(only(*picked), one), (other_than(*picked), two)])


def under(value: Value, assignment: dict[Variable, Any]) -> Value:
    """The value of a tree where every variable is known."""
    while isinstance(value, Choice):
        at = assignment[value.variable]
        value = next(inner for among, inner in value.parts if (at in among.values) is not among.others)
    return value


def assignments() -> list[dict[Variable, Any]]:
    return [dict(zip(VALUES, combination)) for combination in itertools.product(*VALUES.values())]


def ordered(value: Value, after: str = "") -> bool:
    """Whether variables stand in the order of their keys, and no two parts are the same."""
    if not isinstance(value, Choice):
        return True
    parts = [inner for _, inner in value.parts]
    distinct = not any(same(a, b) for a, b in itertools.combinations(parts, 2))
    return value.variable.key > after and distinct and all(ordered(inner, value.variable.key) for inner in parts)


@given(trees(), trees(), trees())
def test_lift_equals_every_assignment(one: Value, two: Value, three: Value) -> None:
    lifted = lift(lambda *values: list(values), one, two, three)
    assert ordered(lifted)
    for assignment in assignments():
        assert same(under(lifted, assignment), [under(tree, assignment) for tree in (one, two, three)])


@given(trees(), trees())
def test_a_function_may_answer_with_a_choice(condition: Value, other: Value) -> None:
    lifted = lift(lambda known: other if known else "no", condition)
    assert ordered(lifted)
    for assignment in assignments():
        expected = under(other, assignment) if under(condition, assignment) else "no"
        assert same(under(lifted, assignment), expected)


@given(trees(), trees(), trees())
def test_choose_accepts_trees_on_earlier_and_the_same_variables(one: Value, two: Value, three: Value) -> None:
    chosen = choose(Y, [(only("p"), one), (only("q"), two), (other_than("p", "q"), three)])
    assert ordered(chosen)
    for assignment in assignments():
        expected = {"p": one, "q": two}.get(assignment[Y], three)
        assert same(under(chosen, assignment), under(expected, assignment))


@given(trees(), trees())
def test_hoist_brings_choices_out_of_containers(one: Value, two: Value) -> None:
    hoisted = hoist({"a": [one, 1], "b": two})
    for assignment in assignments():
        expected = {"a": [under(one, assignment), 1], "b": under(two, assignment)}
        assert same(under(hoisted, assignment), expected)


@given(trees())
def test_alternatives_are_the_values_that_a_tree_may_take(tree: Value) -> None:
    found = alternatives(tree)
    taken = [under(tree, assignment) for assignment in assignments()]
    assert all(any(same(value, other) for other in found) for value in taken)
    assert all(any(same(value, other) for other in taken) for value in found)


amongs = st.builds(Among, st.frozensets(st.sampled_from("pqr")), st.booleans())


@given(amongs, amongs)
def test_sets_of_alternatives(one: Among, two: Among) -> None:
    def holds(among: Among) -> set[str]:
        return {value for value in "pqrs" if (value in among.values) is not among.others}

    assert holds(both(one, two)) == holds(one) & holds(two)
    assert holds(without(one, two)) == holds(one) - holds(two)
    assert possible(one) is bool(holds(one))


def test_a_known_domain_writes_the_rest_out() -> None:
    assert within(X, other_than("a")) == only("b", "c")
    assert not possible(within(X, other_than("a", "b", "c")))


def test_equal_parts_are_one_value() -> None:
    assert choose(X, [(only("a"), 1), (other_than("a"), 1)]) == 1


def test_a_value_of_too_many_alternatives_is_refused() -> None:
    letters = [str(number) for number in range(MOST_LEAVES + 1)]
    with pytest.raises(TooManyLeaves, match="y"):
        choose(Y, [(only(letter), letter) for letter in letters])


@pytest.mark.parametrize(
    ("one", "two", "equal"),
    [
        (True, 1, False),
        (1, 1.0, False),
        ("a", "a", True),
        ([True], [1], False),
        ({"a": [1]}, {"a": [1]}, True),
        ({"a": 1}, {"b": 1}, False),
        (Ref(("a",), 1), Ref(("a",), True), False),
        (Ref(("a",), 1), Ref(("a",), 1), True),
        (Unknown("x"), Unknown("x"), True),
        (Unknown("x"), Unknown("y"), False),
    ],
)
def test_same_looks_at_types(one: Value, two: Value, equal: bool) -> None:
    assert same(one, two) is equal
