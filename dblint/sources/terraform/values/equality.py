"""Terraform's `==`: types first, then values; True, False, or None where that is not known."""

from __future__ import annotations

import itertools

from dblint.model import Choice, Variable
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.derived import Derived
from dblint.sources.terraform.values.lifting import by_value, expanded, hoist, lift, scalar
from dblint.sources.terraform.values.value import UNKNOWN, Evaluated, Value, boolean, type_of, unknown


def equals(one: Evaluated, two: Evaluated) -> Evaluated:
    """`one == two` as a truth: known, unknown, or a decision on what an unknown one is."""
    return lift(_equals, hoist(expanded(one)), hoist(expanded(two)))


def _equals(one: Value, two: Value) -> Evaluated:
    known = equal(one, two)
    if known is not None:
        return boolean(known)
    for hidden, other in ((one, two), (two, one)):
        decision = _decision(hidden, other)
        if decision is not None:
            return decision
    return unknown("a comparison of what is not known", types.BOOL, is_set=True)


def _decision(hidden: Value, other: Value) -> Evaluated | None:
    """The comparison of an unknown that has an identity with a known primitive, as a decision on that."""
    if hidden.kind != "unknown" or hidden.data.variable is None:
        return None
    variable: Variable = hidden.data.variable
    if other.kind == "null":
        return None if variable.domain else by_value(variable, {None: boolean(True)}, boolean(False))
    if other.kind not in ("string", "number", "bool") or hidden.type.kind not in (other.kind, _untyped(other)):
        return None
    wanted = [scalar(other)]
    while isinstance(variable, Derived) and variable.solve is not None:
        solved = [variable.solve(text) for text in wanted]
        variable, wanted = variable.base, list(itertools.chain.from_iterable(solved))
    return by_value(variable, {value: boolean(True) for value in wanted}, boolean(False))


def _untyped(other: Value) -> str:
    """The kind of an unknown whose type nobody declared, where it may be compared: only a text equals a text, whatever
    else it may be; a number could be written in other ways."""
    return types.ANY.kind if other.kind == "string" else other.kind


def equal(one: Value, two: Value) -> bool | None:
    """Whether two values are equal; None where that hangs on what is unknown."""
    if one.kind == "null" or two.kind == "null":
        return _equal_null(one, two)
    if "instance" in (one.kind, two.kind):
        return True if one is two else None
    if type_of(one) != type_of(two):
        return None if _may_be_of_any_type(one) or _may_be_of_any_type(two) else False
    if one.kind == "unknown" or two.kind == "unknown":
        return _equal_unknown(one, two)
    if one.kind in ("list", "tuple"):
        return _all_equal(one.data, two.data)
    if one.kind == "set":
        return _equal_sets(one, two)
    if one.kind in ("object", "map"):
        if one.data.keys() != two.data.keys():
            return False
        return _all_equal(one.data.values(), two.data.values())
    return bool(one.data == two.data)


def _may_be_of_any_type(value: Value) -> bool:
    """Whether something in it is unknown together with its type."""
    if value.kind == "unknown":
        return types.has_any(value.type)
    if not value.flags & UNKNOWN:
        return False
    if value.kind == "instance":
        return True
    items = value.data.values() if value.kind in ("object", "map") else value.data
    return any(_may_be_of_any_type(item) for item in items)


def _equal_null(one: Value, two: Value) -> bool | None:
    if one.kind == two.kind:
        return True
    other = two if one.kind == "null" else one
    return None if other.kind == "unknown" and not other.data.is_set else False


def _equal_unknown(one: Value, two: Value) -> bool | None:
    if one.kind == two.kind == "unknown" and one.data.variable is not None and one.data.variable == two.data.variable:
        return True
    return None


def _all_equal(one: object, two: object) -> bool | None:
    ones, twos = list(one), list(two)  # type: ignore[call-overload]
    if len(ones) != len(twos):
        return False
    verdict: bool | None = True
    for a, b in zip(ones, twos):
        assert not isinstance(a, Choice) and not isinstance(b, Choice)
        pair = equal(a, b)
        if pair is False:
            return False
        verdict = verdict and pair
    return verdict


def _equal_sets(one: Value, two: Value) -> bool | None:
    from dblint.sources.terraform.values.value import is_known

    if not (is_known(one) and is_known(two)):
        return None
    return len(one.data) == len(two.data) and all(any(equal(a, b) is True for b in two.data) for a in one.data)
