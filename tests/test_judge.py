"""The engine: tables, and random rules on random models against trying every value of everything."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_support import Thing, cases, deployment, outcome, rule_of, thing

from dblint.choice import choose, only, other_than
from dblint.graph import Graph
from dblint.judge import ABSENT, BROKEN, KEPT, MOST_TRIES, UNDETERMINED, Case, RuleCrashed, cures, judge
from dblint.model import Among, Choice, Ref, Resource, Unknown, Value, Variable
from dblint.rule_definition import Set, Unset

ENV = Variable("env", "Env", real=True, domain=("dev", "prod"))
SIZE = Variable("size", "Size", real=True)
HA = Variable("ha", "var.ha", domain=(True, False))
NAME = Variable("name", "var.name")

# The values that each variable and each unknown property is tried with by brute force.
DOMAINS: dict[str, tuple[Any, ...]] = {
    "env": ("dev", "prod"),
    "size": ("small", "big", "huge"),
    "ha": (True, False),
    "name": ("x", "y", "other"),
}
PROPERTIES: dict[str, tuple[Any, ...]] = {
    "A": (True, False, None),
    "B": (True, False, None),
    "Number": (0, 1, 3, 5, 6, 7, 30, None),  # each limit of the predicates, and one between any two
    "Text": ("x", "y", "other", None),
}


def steered(variable: Variable, picked: Any, one: Value, two: Value) -> Value:
    return choose(variable, [(only(picked), one), (other_than(picked), two)])


def known(name: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(PROPERTIES[name])


@st.composite
def values(draw: st.DrawFn, name: str, depth: int = 2) -> Value:
    kind = draw(st.integers(0, 3)) if depth else 0
    if kind == 0:
        return draw(known(name))
    if kind == 1:
        variable = {"Text": NAME, "A": HA, "B": HA}.get(name)
        return Unknown("later", is_set=draw(st.booleans()), variable=variable if draw(st.booleans()) else None)
    variable = draw(st.sampled_from([ENV, SIZE, HA]))
    picked = draw(st.sampled_from(DOMAINS[variable.key]))
    return steered(variable, picked, draw(values(name, depth - 1)), draw(values(name, depth - 1)))


@st.composite
def resources(draw: st.DrawFn) -> Resource:
    chosen = draw(st.sets(st.sampled_from(sorted(PROPERTIES))))
    exists = draw(st.sampled_from([True, steered(ENV, "prod", True, False), steered(HA, True, True, False)]))
    return thing(exists=exists, **{name: draw(values(name)) for name in chosen})


Predicate = Callable[[Thing], bool]


def leaf() -> st.SearchStrategy[Predicate]:
    looks: list[Predicate] = [
        lambda t: t.A,
        lambda t: t.B,
        lambda t: t.Text == "x",
        lambda t: t.Text is None,
        lambda t: t.Text is not None and t.Text != "y",
    ]
    for limit in (1, 5, 7):
        looks.append(lambda t, limit=limit: t.Number < limit)
        looks.append(lambda t, limit=limit: t.Number >= limit)
        looks.append(lambda t, limit=limit: t.Number == limit)
    return st.sampled_from(looks)


def combined(children: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    return st.one_of(
        st.tuples(children, children).map(lambda p: lambda t: p[0](t) and p[1](t)),
        st.tuples(children, children).map(lambda p: lambda t: p[0](t) or p[1](t)),
        children.map(lambda p: lambda t: not p(t)),
    )


predicates = st.recursive(leaf(), combined, max_leaves=5)


def concrete(value: Value, assignment: dict[str, Any], name: str) -> Value:
    """The value where every variable and every unknown is known."""
    while isinstance(value, Choice):
        at = assignment[value.variable.key]
        value = next(inner for among, inner in value.parts if (at in among.values) is not among.others)
    if isinstance(value, Unknown):
        null = value.is_set is False and assignment.get(f"null:{name}")
        return None if null else assignment[value.variable.key if value.variable else name]
    return value


def unknowns(resource: Resource) -> dict[str, tuple[Any, ...]]:
    """What brute force has to try: each variable, each unknown property, and whether that is null."""
    tried: dict[str, tuple[Any, ...]] = dict(DOMAINS)
    for name in resource.properties:
        tried[name] = tuple(value for value in PROPERTIES[name] if value is not None)
        tried[f"null:{name}"] = (True, False) if name == "Text" else (False,)
    return tried


def brute_force(check: Predicate, resource: Resource) -> dict[tuple[str, str], str]:
    """The outcome for each assignment of the real variables."""
    tried = unknowns(resource)
    found: dict[tuple[str, str], set[str]] = {}
    for combination in itertools.product(*tried.values()):
        assignment = dict(zip(tried, combination))
        at = (assignment["env"], assignment["size"])
        exists = concrete(resource.exists, assignment, "exists")
        plain = {name: concrete(value, assignment, name) for name, value in resource.properties.items()}
        known_resource = thing(exists=exists, **{n: v for n, v in plain.items() if v is not None})
        found.setdefault(at, set()).add(outcome(check, known_resource))
    return {at: verdict(outcomes) for at, outcomes in found.items()}


def verdict(outcomes: set[str]) -> str:
    outcomes = outcomes - {ABSENT} or {ABSENT}
    return outcomes.pop() if len(outcomes) == 1 else UNDETERMINED


def outcome_at(found: list[Case], at: tuple[str, str]) -> str:
    """The outcome of the one case that covers an assignment of the real variables."""
    assignment = {ENV: at[0], SIZE: at[1]}

    def covers(among: Among, value: str) -> bool:
        return (value in among.values) is not among.others

    covering = [c for c in found if all(covers(among, assignment[v]) for v, among in c.when.items())]
    assert len(covering) == 1, (at, found)
    return covering[0].outcome


@settings(max_examples=1500, deadline=None)
@given(predicates, resources())
def test_the_engine_equals_brute_force(check: Predicate, resource: Resource) -> None:
    def judged(thing: Thing) -> bool:
        return check(thing)

    found = cases(judged, resource)
    for at, expected in brute_force(judged, resource).items():
        assert outcome_at(found, at) == expected, (at, found)


def test_and_means_the_same_both_ways() -> None:
    unknown = thing(A=Unknown("a"), B=False)
    assert outcome(lambda t: t.A and t.B, unknown) == KEPT
    assert outcome(lambda t: t.B and t.A, unknown) == KEPT
    assert outcome(lambda t: t.A or not t.A, unknown) == BROKEN


def test_what_breaks_an_undetermined_rule_is_said() -> None:
    (case,) = cases(lambda t: not t.A, thing(A=Unknown("var.a")))
    assert case.outcome == UNDETERMINED
    assert [(v.name, among) for condition in case.breaks_if for v, among in condition] == [("a", only(False))]


def test_a_real_choice_stands_per_alternative() -> None:
    found = cases(lambda t: not t.A, thing(A=steered(ENV, "prod", False, True)))
    assert {(case.outcome, case.when[ENV]) for case in found} == {(BROKEN, only("prod")), (KEPT, only("dev"))}


def test_a_choice_that_agrees_is_one_case() -> None:
    (case,) = cases(lambda t: t.Number < 7, thing(Number=steered(ENV, "prod", 3, 5)))
    assert case.outcome == BROKEN
    assert case.when == {}


def test_where_it_does_not_exist_nothing_is_said() -> None:
    found = cases(lambda t: True, thing(exists=steered(ENV, "prod", True, False)))
    assert {(case.outcome, case.when[ENV]) for case in found} == {(BROKEN, only("prod")), (ABSENT, only("dev"))}


def test_a_hypothetical_resource_is_judged_as_if_it_existed() -> None:
    assert outcome(lambda t: True, thing(exists=steered(HA, True, True, False))) == BROKEN
    assert outcome(lambda t: True, thing(exists=Unknown("count"))) == BROKEN


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (lambda t: t.Text is None, KEPT),
        (lambda t: bool(t.Text), BROKEN),
        (lambda t: t.Text is not None and t.Text == t.Text, BROKEN),
        (lambda t: t.Text.startswith("x"), UNDETERMINED),
        (lambda t: "x" in t.Text, UNDETERMINED),
        (lambda t: f"{t.Text}" == "x", UNDETERMINED),
        (lambda t: len(t.Text) > 3, UNDETERMINED),
        (lambda t: t.Text in {"x"}, UNDETERMINED),  # noqa: FURB171
        (lambda t: t.Text in ("x",), UNDETERMINED),  # noqa: FURB171
    ],
)
def test_a_value_that_is_surely_set(check: Any, expected: str) -> None:
    assert outcome(check, thing(Text=Unknown("later", is_set=True))) == expected
    assert outcome(check, thing(Text=Ref(("other",)))) == expected


def test_a_reference_with_a_known_value_is_that_value() -> None:
    assert outcome(lambda t: t.Text == "x", thing(Text=Ref(("other",), "x"))) == BROKEN


def test_two_properties_of_one_unknown_are_equal() -> None:
    same = Unknown("var.name", is_set=True, variable=NAME)
    assert outcome(lambda t: t.Text == t.Name, thing(Text=same, Name=same)) == BROKEN


def test_comparisons_of_one_number_are_consistent() -> None:
    unknown = thing(Number=Unknown("later"))
    assert outcome(lambda t: t.Number < 7 and t.Number > 30, unknown) == KEPT
    assert outcome(lambda t: t.Number == 3 and t.Number > 5, unknown) == KEPT
    assert outcome(lambda t: t.Number < 3 and t.Number == 5, unknown) == KEPT


@pytest.mark.parametrize(("source", "expected"), [("cloudformation", BROKEN), ("terraform", KEPT)])
def test_absence_means_what_the_source_says(source: str, expected: str) -> None:
    assert outcome(lambda t: t.Number == 1, thing(source=source)) == expected


@pytest.mark.parametrize("written", ["true", "True", True])
def test_truths_may_be_texts(written: Value) -> None:
    assert outcome(lambda t: t.A, thing(A=written)) == BROKEN


@pytest.mark.parametrize("written", ["seven", [7], {"x": 1}])
def test_what_is_no_number_is_undetermined(written: Value) -> None:
    assert outcome(lambda t: t.Number < 7, thing(Number=written)) == UNDETERMINED


def test_an_absent_object_reads_as_an_empty_one() -> None:
    assert outcome(lambda t: t.Nested.Days == 7 and not t.Nested.Enabled, thing()) == BROKEN
    assert outcome(lambda t: t.Nested.Enabled, thing(Nested=Unknown("later"))) == UNDETERMINED


def test_a_list_with_unknown_items_is_open() -> None:
    several = thing(Several=[{"Enabled": True}, Unknown("dynamic block")])
    assert outcome(lambda t: any(part.Enabled for part in t.Several), several) == BROKEN
    assert outcome(lambda t: all(part.Enabled for part in t.Several), several) == UNDETERMINED


def test_entries_of_a_mapping() -> None:
    params = thing(Params={"a": "1", "b": Unknown("later", is_set=True)})
    assert outcome(lambda t: t.Params.get("a") == "1", params) == BROKEN
    assert outcome(lambda t: t.Params.get("b") == "1", params) == UNDETERMINED
    assert outcome(lambda t: "c" in t.Params, params) == KEPT
    assert outcome(lambda t: "c" in t.Params, thing(Params=Unknown("later"))) == UNDETERMINED


@pytest.mark.parametrize(
    ("written", "source", "expected"),
    [
        ("hunter2", "terraform", BROKEN),
        (Unknown("a secret", is_set=True), "cloudformation", KEPT),
        (Unknown("parameter Password", exposed=True), "cloudformation", BROKEN),
        (Unknown("var.password", exposed=True), "terraform", KEPT),
        (None, "terraform", KEPT),
        ("", "terraform", KEPT),
    ],
)
def test_a_secret_is_readable_or_not(written: Value, source: str, expected: str) -> None:
    assert outcome(lambda t: t.Password.readable, thing(source=source, Password=written)) == expected


def test_the_text_of_a_secret_is_in_no_read() -> None:
    (case,) = cases(lambda t: t.Password.readable, thing(Password="hunter2"))
    assert "hunter2" not in repr([(read.path, read.value) for read in case.reads])


def test_a_rule_that_crashes_names_itself() -> None:
    with pytest.raises(RuleCrashed, match="test-rule crashed on thing") as crash:
        cases(lambda t: 1 / 0, thing())
    assert isinstance(crash.value.__cause__, ZeroDivisionError)


def test_a_careless_rule_can_not_swallow_an_unknown() -> None:
    def careless(t: Thing) -> bool:
        try:
            return t.Text.startswith("x")  # type: ignore[union-attr]
        except Exception:
            return True

    assert outcome(careless, thing(Text=Unknown("later", is_set=True))) == UNDETERMINED


def test_too_many_combinations_are_said() -> None:
    variables = [Variable(f"v{number}", f"v{number}", real=True) for number in range(20)]
    names = [steered(variable, "x", "yes", variable.name) for variable in variables]
    found = cases(lambda t: sum(name == "yes" for name in t.Names) == 21, thing(Names=names))
    assert any(str(MOST_TRIES) in case.because for case in found)


def test_options_reach_the_rule() -> None:
    def few(t: Thing, *, least: int = 3) -> bool:
        return t.Number < least

    assert outcome(few, thing(Number=5)) == KEPT
    assert outcome(few, thing(Number=5), options={"least": 7}) == BROKEN


@pytest.mark.parametrize(
    ("fix", "expected"),
    [(Set(A=True), True), (Set(B=True), False), (Set(Nested={"Enabled": True}), False), (Unset("A"), False)],
)
def test_a_fix_is_proved(fix: Any, expected: bool) -> None:
    broken = thing(A=False)
    rule = rule_of(lambda t: not t.A, fix=fix)
    assert cures(rule, broken, deployment(broken)) is expected


def test_a_fix_is_merged_into_nested_objects() -> None:
    broken = thing(Nested={"Days": 3})
    rule = rule_of(lambda t: not t.Nested.Enabled or t.Nested.Days != 3, fix=Set(Nested={"Enabled": True}))
    assert cures(rule, broken, deployment(broken))


def test_judging_leaves_no_trace_in_the_model() -> None:
    resource = thing(A=Unknown("a"), Text=steered(ENV, "prod", "x", "y"))
    graph = Graph(deployment(resource))
    rule = rule_of(lambda t: t.A and t.Text == "x")
    first = judge(rule, resource, graph)
    assert [case.outcome for case in judge(rule, resource, graph)] == [case.outcome for case in first]


def test_a_value_that_only_the_rule_names_is_no_choice_of_anybodys() -> None:
    """SIZE is chosen, and the code tells it from "small" alone."""
    size = choose(SIZE, [(only("small"), "small"), (other_than("small"), Unknown("Size", is_set=True, variable=SIZE))])
    (kept, doubtful) = sorted(cases(lambda t: t.Text == "huge", thing(Text=size)), key=lambda case: case.outcome)
    assert (kept.outcome, doubtful.outcome) == (KEPT, UNDETERMINED)
    assert [list(condition) for condition in doubtful.breaks_if] == [[(SIZE, only("huge"))]]


def test_a_value_that_may_be_chosen_is_a_choice_whoever_names_it() -> None:
    one = Variable("one", "One", real=True, domain=("a", "b"))
    found = cases(lambda t: t.Text == "a", thing(Text=Unknown("One", is_set=True, variable=one)))
    assert {case.outcome for case in found} == {BROKEN, KEPT}
