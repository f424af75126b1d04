"""Functions that look at the elements of lists and sets: equality, order, sums."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from dblint.sources.terraform.functions.registry import Function, known, open_to_unknown, plain
from dblint.sources.terraform.limits import LARGEST_VALUE, LimitReached
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert, in_order
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.equality import equal
from dblint.sources.terraform.values.lifting import lift
from dblint.sources.terraform.values.operators import binary, combined
from dblint.sources.terraform.values.types import NoCommonType, Type
from dblint.sources.terraform.values.unification import unify
from dblint.sources.terraform.values.value import (
    UNKNOWN,
    Evaluated,
    EvaluationError,
    Value,
    boolean,
    list_of,
    number,
    set_of,
    tuple_of,
)


def _compact(texts: Value) -> Evaluated:
    """Without "" and null; an unknown text may be either."""
    if texts.kind == "unknown" or texts.flags & UNKNOWN:
        return combined(derived("compact", (texts,), types.list_of(types.STRING)), texts)
    items = list(texts.data)
    return lift(lambda *plain: list_of((t for t in plain if t.data), types.STRING), *items)


def _distinct(values: Value) -> Evaluated:
    found: list[Value] = []
    for item in values.data:
        if not any(equal(item, other) is True for other in found):
            found.append(item)
    return list_of(found, values.type)


def _sort(texts: list[str | None]) -> list[str]:
    known = [text for text in texts if text is not None]
    if len(known) < len(texts):
        raise EvaluationError("sort takes no null")
    return sorted(known)


def _sum(values: Value) -> Evaluated:
    if values.kind not in ("list", "tuple", "set") or not values.data:
        raise EvaluationError("sum takes a list that is not empty")
    total: Evaluated = number(0)
    for item in values.data:
        total = binary("+", total, item)
    return total


def _of_sets(combine: Callable[[list[Value], list[Value]], list[Value]]) -> Callable[..., Evaluated]:
    """A function of sets, which first get one type."""

    def operate(*sets: Value) -> Evaluated:
        element = _common_element(sets)
        found = _converted(sets[0], element)
        for other in sets[1:]:
            found = combine(found, _converted(other, element))
        return set_of(in_order(found), element)

    return operate


def _common_element(sets: tuple[Value, ...]) -> Type:
    """The element type of all; empty sets of no type have no say."""
    kinds = [one.type for one in sets if one.data or one.type.kind != "any"]
    try:
        common = unify(kinds)
    except NoCommonType:
        common = types.ANY
    if common.kind == "any" and any(kind.kind != "any" for kind in kinds):
        raise EvaluationError("the sets have different types")
    return common


def _converted(one: Value, element: Type) -> list[Value]:
    converted = [convert(item, element) for item in one.data]
    return [item for item in converted if isinstance(item, Value)]


def _has(values: list[Value], wanted: Value) -> bool:
    return any(equal(value, wanted) is True for value in values)


def _union(one: list[Value], two: list[Value]) -> list[Value]:
    return [*one, *two]


def _intersection(one: list[Value], two: list[Value]) -> list[Value]:
    return [value for value in one if _has(two, value)]


def _difference(one: list[Value], two: list[Value]) -> list[Value]:
    return [value for value in one if not _has(two, value)]


def _product_size(sizes: list[int]) -> int:
    """How many combinations there are. Raises LimitReached."""
    total = 1
    for size in sizes:
        total *= size
    if total * max(len(sizes), 1) > LARGEST_VALUE:
        raise LimitReached(f"a value has more than {LARGEST_VALUE:,} parts")
    return total


def _product(*values: Value) -> Evaluated:
    """All combinations, as a list of tuples; a set where an argument is a set."""
    if len(values) < 2:
        raise EvaluationError("setproduct takes at least two lists or sets")
    if any(value.kind not in ("list", "tuple", "set") for value in values):
        raise EvaluationError("setproduct takes lists and sets")
    _product_size([len(value.data) for value in values])
    columns = []
    for value in values:
        kind = types.set_of(types.ANY) if value.kind == "set" else types.list_of(types.ANY)
        column = convert(value, kind)
        assert isinstance(column, Value)
        columns.append(column)
    element = Type("tuple", tuple(column.type for column in columns))
    rows = [tuple_of(row) for row in itertools.product(*(column.data for column in columns))]
    if any(value.kind == "set" for value in values):
        return set_of(in_order(list(rows)), element)
    return list_of(rows, element)


def _all(truths: Value) -> Evaluated:
    return _folded("&&", truths)


def _any(truths: Value) -> Evaluated:
    return _folded("||", truths)


def _folded(operator: str, truths: Value) -> Evaluated:
    """Null counts as false."""
    name = "alltrue" if operator == "&&" else "anytrue"
    if truths.kind == "unknown":
        return combined(derived(name, (truths,), types.BOOL), truths)
    result: Evaluated = boolean(operator == "&&")
    for item in truths.data:
        truth = lift(lambda plain: boolean(False) if plain.kind == "null" else plain, item)
        result = binary(operator, result, truth)
        if isinstance(result, Value) and result.kind == "bool" and result.data is (operator == "||"):
            break
    return result


FUNCTIONS: dict[str, Function] = {
    "compact": open_to_unknown(_compact),
    "distinct": known(_distinct),
    "sort": plain(_sort, fallible=True),
    "sum": known(_sum, fallible=True),
    "setunion": known(_of_sets(_union), fallible=True),
    "setintersection": known(_of_sets(_intersection), fallible=True),
    "setsubtract": known(_of_sets(_difference), fallible=True),
    "setproduct": known(_product, fallible=True),
    "alltrue": open_to_unknown(_all),
    "anytrue": open_to_unknown(_any),
}
