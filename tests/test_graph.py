"""Edges: by reference, by name, out of the deployment, and sets that may have more members."""

from __future__ import annotations

import pytest
from model_support import Thing, cases, deployment, outcome, rule_of, thing

from dblint.choice import choose, only, other_than
from dblint.graph import Graph
from dblint.judge import BROKEN, KEPT, UNDETERMINED, judge
from dblint.model import Ref, Stranger, Unknown, Value, Variable

ENV = Variable("env", "Env", real=True, domain=("dev", "prod"))
PARENT = thing("parent", A=True, Name="the-parent")


@pytest.mark.parametrize(
    "written",
    [
        Ref(("parent",)),
        Ref(("parent",), "the-parent"),
        Ref(("random_id.x", "parent")),
        "the-parent",
        "arn:aws:test:eu-west-1:123456789012:thing:the-parent",
    ],
)
def test_an_edge_by_reference_and_by_name(written: Value) -> None:
    assert outcome(lambda t: t.parent is not None and t.parent.A, thing("child", Parent=written), PARENT) == BROKEN


def test_no_property_no_edge() -> None:
    assert outcome(lambda t: t.parent is None, thing("child"), PARENT) == BROKEN


@pytest.mark.parametrize("written", ["somebody-else", Ref(("data.aws_thing.x",)), Unknown("var.parent", is_set=True)])
def test_what_lies_outside_is_unknown(written: Value) -> None:
    child = thing("child", Parent=written)
    assert outcome(lambda t: t.parent is not None, child, PARENT) == BROKEN
    assert outcome(lambda t: t.parent.A, child, PARENT) == UNDETERMINED


def test_what_may_be_null_may_be_no_edge() -> None:
    child = thing("child", Parent=Unknown("var.parent"))
    assert outcome(lambda t: t.parent is None, child, PARENT) == UNDETERMINED


def test_one_unknown_name_on_both_sides_is_an_edge() -> None:
    name = Ref(("random_pet.x",), attribute="id")
    parent = thing("parent", A=True, Name=name)
    assert outcome(lambda t: t.parent.A, thing("child", Parent=name), parent) == BROKEN
    assert outcome(lambda t: bool(t.children), parent, thing("child", Parent=name)) == BROKEN


def test_an_edge_that_a_decision_steers() -> None:
    written = choose(ENV, [(only("prod"), "the-parent"), (only("dev"), "other")])
    found = cases(lambda t: t.parent.A, thing("child", Parent=written), PARENT)
    assert {(case.outcome, case.when[ENV]) for case in found} == {(BROKEN, only("prod")), (UNDETERMINED, only("dev"))}


def test_a_name_that_a_decision_steers() -> None:
    name = choose(ENV, [(only("prod"), "prod-parent"), (only("dev"), "dev-parent")])
    child = thing("child", Parent="prod-parent")
    found = cases(lambda t: t.parent.A, child, thing("parent", A=True, Name=name))
    assert {(case.outcome, case.when[ENV]) for case in found} == {(BROKEN, only("prod")), (UNDETERMINED, only("dev"))}


def test_edges_seen_from_their_target() -> None:
    children = [thing(f"child{n}", Parent=Ref(("parent",))) for n in range(2)]
    assert outcome(lambda t: len(t.children) == 2, PARENT, *children, thing("stranger", Parent="x")) == BROKEN
    assert outcome(lambda t: not t.children, PARENT, thing("alone")) == BROKEN


def test_children_that_exist_in_one_environment_only() -> None:
    exists = choose(ENV, [(only("prod"), True), (other_than("prod"), False)])
    children = [thing("one", Parent="the-parent"), thing("two", Parent="the-parent", exists=exists)]
    found = cases(lambda t: len(t.children) < 2, PARENT, *children)
    assert {(case.outcome, case.when[ENV]) for case in found} == {(KEPT, only("prod")), (BROKEN, only("dev"))}


def test_an_open_set_proves_no_absence() -> None:
    child = thing("child", Parent="the-parent", B=True)
    loose = thing("loose", Parent=Unknown("var.parent", is_set=True))
    assert outcome(lambda t: any(c.B for c in t.children), PARENT, child, loose) == BROKEN
    assert outcome(lambda t: bool(t.children), PARENT, child, loose) == BROKEN
    assert outcome(lambda t: all(c.B for c in t.children), PARENT, child, loose) == UNDETERMINED
    assert outcome(lambda t: len(t.children) < 2, PARENT, child, loose) == UNDETERMINED


def test_an_unknown_number_of_children_is_open() -> None:
    child = thing("child[*]", Parent="the-parent", exists=Unknown("count"))
    assert outcome(lambda t: len(t.children) < 2, PARENT, child) == UNDETERMINED


def test_a_module_that_can_not_be_read_opens_what_it_is_given() -> None:
    stranger = Stranger("module.x", frozenset({"parent"}), "module.x is not installed")
    assert outcome(lambda t: not t.children, PARENT, strangers=(stranger,)) == UNDETERMINED
    elsewhere = Stranger("module.x", frozenset({"another"}), "module.x is not installed")
    assert outcome(lambda t: not t.children, PARENT, strangers=(elsewhere,)) == BROKEN


def test_edges_from_a_list() -> None:
    friends = [Ref(("parent",)), "no-friend-of-ours"]
    assert outcome(lambda t: any(f.A for f in t.friends), thing("child", Friends=friends), PARENT) == BROKEN
    assert outcome(lambda t: bool(t.befriended_by), PARENT, thing("child", Friends=friends)) == BROKEN
    unknown = thing("child", Friends=[Unknown("var.friend")])
    assert outcome(lambda t: any(f.A for f in t.friends), unknown, PARENT) == UNDETERMINED
    assert outcome(lambda t: any(f.A for f in t.friends), thing("child", Friends=Unknown("x")), PARENT) == UNDETERMINED


def test_an_edge_of_what_lies_outside_leads_nowhere() -> None:
    child = thing("child", Parent="somebody-else")
    assert outcome(lambda t: t.parent.parent is None, child) == UNDETERMINED


def test_edges_in_a_circle_are_undetermined() -> None:
    def last(t: Thing) -> bool:
        return last(t.parent) if t.parent else True

    one, two = thing("one", Name="one", Parent="two"), thing("two", Name="two", Parent="one")
    assert outcome(last, one, two) == UNDETERMINED


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({"HOST": Ref(("parent",), attribute="endpoint")}, True),
        ({"URL": Ref(("random_id.x", "parent"))}, True),
        ({"ID": Ref(("parent",), "the-parent", attribute="id")}, False),
        ({"HOST": "the-parent"}, False),
        ({"HOST": Unknown("var.host")}, False),
        ({"NESTED": [{"HOST": Ref(("parent",), attribute="endpoint")}]}, True),
        (
            {"HOST": choose(ENV, [(only("prod"), Ref(("parent",))), (only("dev"), Ref(("parent",), attribute="x"))])},
            None,
        ),
        (Unknown("var.variables"), False),
    ],
)
def test_what_a_value_is_made_from(written: Value, found: bool | None) -> None:
    child = thing("child", Params=written)
    for check, first, second in (
        (lambda t: any(r.A for r in t.reached), child, PARENT),
        (lambda t: bool(t.reached_by), PARENT, child),
    ):
        outcomes = {case.outcome for case in cases(check, first, second)}
        assert outcomes == ({BROKEN, KEPT} if found is None else {BROKEN if found else KEPT})


def test_what_does_not_exist_is_not_mentioned() -> None:
    child = thing("child", Params={"HOST": Ref(("parent",), attribute="endpoint")})
    gone = thing("parent", exists=False)
    assert outcome(lambda t: bool(t.reached), child, gone) == KEPT
    never = thing("child", Params={"HOST": Ref(("parent",), attribute="endpoint")}, exists=False)
    assert outcome(lambda t: bool(t.reached_by), PARENT, never) == KEPT


def test_a_stub_is_outside() -> None:
    assert outcome(lambda t: t.parent.outside and not t.outside, thing("child", Parent="elsewhere")) == BROKEN


def test_a_set_that_hangs_on_no_decision_is_looked_for_once() -> None:
    children = [thing(f"child{n}", Parent=Ref(("parent",))) for n in range(3)]
    steered = thing("steered", Parent="the-parent", exists=choose(ENV, [(only("prod"), True), (only("dev"), False)]))
    graph = Graph(deployment(PARENT, *children))
    for _ in range(2):
        [case] = judge(rule_of(lambda t: len(t.children) == 3), PARENT, graph)
        assert case.outcome == BROKEN
    again = Graph(deployment(PARENT, *children, steered))
    for _ in range(2):
        found = judge(rule_of(lambda t: len(t.children) == 3), PARENT, again)
        assert {(case.outcome, case.when[ENV]) for case in found} == {(KEPT, only("prod")), (BROKEN, only("dev"))}


@pytest.mark.parametrize("to", [("module.network",), ("first", "second")])
def test_a_reference_that_stands_for_a_whole_list_is_an_open_set(to: tuple[str, ...]) -> None:
    friends = Ref(to, Unknown("module.network is not installed"), "subnets")
    group = thing("group", Friends=friends)
    first, second = thing("first"), thing("second")
    assert outcome(lambda t: len(t.friends) < 2, group, first, second) == UNDETERMINED


def test_a_reference_that_stands_for_a_list_of_known_names() -> None:
    group = thing("group", Friends=Ref(("module.network",), ["a", "b"]))
    assert (
        outcome(
            lambda t: [f.Number for f in t.friends] == [1, 1],
            group,
            thing("x", Name="a", Number=1),
            thing("y", Name="b", Number=1),
        )
        == BROKEN
    )


def test_a_reference_to_the_only_member_is_that_member() -> None:
    group = thing("group", Friends=Ref(("first",), Unknown("only known after apply"), "id"))
    assert outcome(lambda t: [f.A for f in t.friends] == [True], group, thing("first", A=True)) == BROKEN
