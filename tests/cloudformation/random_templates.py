"""Random templates with parameters, conditions, mappings and values that depend on them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

WORDS = ["a", "b", "c", "prod"]
OTHER = ("zz-1", "zz-2")


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, Any]:
    """One to three parameters: enumerated or free, with or without a default."""
    found: dict[str, Any] = {}
    for name in ["P", "Q", "Env"][: draw(st.integers(1, 3))]:
        body: dict[str, Any] = {"Type": "String"}
        if draw(st.booleans()):
            body["AllowedValues"] = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
        if draw(st.booleans()):
            body["Default"] = draw(st.sampled_from(body.get("AllowedValues", WORDS)))
        found[name] = body
    return found


def _operand(names: list[str]) -> st.SearchStrategy[Any]:
    word = st.sampled_from(WORDS)
    name = st.sampled_from(names)
    return st.one_of(
        name.map(lambda n: {"Ref": n}),
        name.map(lambda n: {"Ref": n}),
        word,
        st.tuples(name, word).map(lambda p: {"Fn::Sub": f"${{{p[0]}}}-{p[1]}"}),
        st.tuples(name, word).map(lambda p: {"Fn::Join": ["-", [{"Ref": p[0]}, p[1]]]}),
        st.tuples(word, word).map("-".join),
        name.map(lambda n: {"Fn::FindInMap": ["Map", {"Ref": n}, "x"]}),
    )


def _condition(names: list[str], before: list[str]) -> st.SearchStrategy[Any]:
    operand = _operand(names)
    equals = st.tuples(operand, operand).map(lambda pair: {"Fn::Equals": list(pair)})
    known = st.sampled_from(before).map(lambda n: {"Condition": n}) if before else equals
    base = st.one_of(equals, known)
    several = st.lists(base, min_size=2, max_size=3)
    return st.one_of(
        equals,
        base.map(lambda c: {"Fn::Not": [c]}),
        several.map(lambda c: {"Fn::And": c}),
        several.map(lambda c: {"Fn::Or": c}),
    )


def _value(names: list[str], conditions: list[str]) -> st.SearchStrategy[Any]:
    operand = _operand(names)
    leaf = st.one_of(operand, st.just({"Ref": "AWS::NoValue"}), st.booleans(), st.integers(0, 9))
    branch = st.sampled_from(conditions)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(branch, inner, inner).map(lambda p: {"Fn::If": list(p)}),
            st.lists(inner, max_size=3),
            st.fixed_dictionaries({"Key": inner, "Value": inner}),
        ),
        max_leaves=6,
    )


@st.composite
def templates(draw: st.DrawFn, most_conditions: int = 6) -> dict[str, Any]:
    """A whole template with one database; its property Value holds what is random."""
    declared = draw(parameters())
    names = list(declared)
    conditions: dict[str, Any] = {}
    for i in range(draw(st.integers(1, most_conditions))):
        conditions[f"C{i}"] = draw(_condition(names, list(conditions)))
    rows = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
    mapping = {row: {"x": draw(st.sampled_from(WORDS))} for row in rows}
    return {
        "Parameters": declared,
        "Mappings": {"Map": mapping},
        "Conditions": conditions,
        "Resources": {
            "Db": {
                "Type": "AWS::RDS::DBInstance",
                "Condition": draw(st.sampled_from(list(conditions))),
                "Properties": {"Value": draw(_value(names, list(conditions)))},
            }
        },
    }


@st.composite
def compared(draw: st.DrawFn) -> dict[str, Any]:
    """A template whose conditions compare listed parameters with words, and nothing else."""
    several = st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True)
    declared = {
        name: {"Type": "String", "AllowedValues": draw(several)} for name in ["P", "Q"][: draw(st.integers(1, 2))]
    }
    equals = st.tuples(st.sampled_from(list(declared)), st.sampled_from(WORDS)).map(
        lambda pair: {"Fn::Equals": [{"Ref": pair[0]}, pair[1]]}
    )
    conditions: dict[str, Any] = {}
    for i in range(draw(st.integers(1, 5))):
        base = st.one_of(equals, st.sampled_from([{"Condition": name} for name in conditions] or [draw(equals)]))
        both = st.lists(base, min_size=2, max_size=3)
        conditions[f"C{i}"] = draw(
            st.one_of(
                equals,
                base.map(lambda c: {"Fn::Not": [c]}),
                both.map(lambda c: {"Fn::And": c}),
                both.map(lambda c: {"Fn::Or": c}),
            )
        )
    return {"Parameters": declared, "Mappings": {}, "Conditions": conditions, "Resources": {}}
