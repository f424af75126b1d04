"""`for` expressions and splats."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.model import Choice
from dblint.sources.terraform.evaluation.expressions import attempt, condition, evaluate
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import element_of
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import lift, lift_with_errors, raised
from dblint.sources.terraform.values.value import (
    UNKNOWN,
    Evaluated,
    EvaluationError,
    Value,
    altered,
    boolean,
    error,
    is_known,
    null,
    number,
    object_of,
    references_in,
    string,
    tuple_of,
    unknown,
)


def pairs(value: Value) -> Iterator[tuple[Value, Evaluated]]:
    """The keys and elements of a collection, in Terraform's order. Raises EvaluationError for what is none."""
    if value.kind in ("list", "tuple"):
        for i, item in enumerate(value.data):
            yield number(i), element_of(value, item)
    elif value.kind == "set":
        for item in value.data:
            element = element_of(value, item)
            yield element, element  # type: ignore[misc]
    elif value.kind in ("object", "map"):
        for key, item in value.data.items():
            yield string(key), element_of(value, item)
    else:
        raise EvaluationError(f"a {value.kind} can not be iterated")


def is_unknown_collection(value: Value) -> bool:
    """Whether it is not known which elements there are. Raises EvaluationError for what has none."""
    if value.kind == "unknown":
        if types.is_primitive(value.type):
            raise EvaluationError(f"a {value.type.kind} can not be iterated")
        return True
    return value.kind == "instance" or (value.kind == "set" and not is_known(value))


def unknown_result(value: Value, because: str = "") -> Value:
    """What comes of an unknown collection: unknown, with its references."""
    known = because or (value.data.because if value.kind == "unknown" else "its elements are only known at deploy time")
    exposed = value.kind == "unknown" and value.data.exposed
    made = unknown(known, is_set=True, exposed=exposed, fallible=True)
    refs = tuple(dict.fromkeys((address, "") for address, _ in references_in(value)))
    return altered(made, refs=refs)


def splat(node: tree.Splat, scope: Scope) -> Evaluated:
    """`base[*].each` and `base.*.each`."""
    return lift(lambda base: _splat(node, scope, base), evaluate(node.base, scope))


def _splat(node: tree.Splat, scope: Scope, base: Value) -> Evaluated:
    if base.kind == "null":
        if base.type.kind in ("list", "set", "tuple"):
            raise EvaluationError("a splat of a list that is null")
        return tuple_of(())
    if base.kind in ("list", "tuple", "set"):
        if base.kind == "set" and not is_known(base):
            return unknown_result(base)
        elements = [element for _, element in pairs(base)]
        if not elements and base.kind != "tuple":
            raised_tuple(attempt_each(node.each, scope, [unknown("an element", base.type)]))
        found = raised_tuple(attempt_each(node.each, scope, elements))
        return found if base.kind == "tuple" else _as_list(found)
    if base.kind == "unknown" and base.type.kind in ("any", "list", "set", "tuple"):
        return unknown_result(base)
    if base.kind == "unknown" and not base.data.is_set:
        return unknown_result(base)
    return raised_tuple(attempt_each(node.each, scope, [base]))


def _as_list(found: Evaluated) -> Evaluated:
    """What a splat makes of a list or set is a list, where its elements have one type."""
    try:
        return convert(found, types.list_of(types.ANY))
    except EvaluationError:
        return found


def attempt_each(each: Node, scope: Scope, elements: list[Evaluated]) -> list[Evaluated]:
    if isinstance(each, tree.Item):
        return elements
    return [attempt(each, scope.with_item(element, str(i))) for i, element in enumerate(elements)]


def raised_tuple(items: list[Evaluated]) -> Evaluated:
    """A tuple of the items. Raises EvaluationError where one of them failed."""
    return tuple_of(raised(item) for item in items)


def for_expression(node: tree.For, scope: Scope) -> Evaluated:
    """`[for …]` and `{for …}`."""
    return lift(lambda collection: _for(node, scope, collection), evaluate(node.collection, scope))


def _for(node: tree.For, scope: Scope, collection: Value) -> Evaluated:
    if collection.kind == "null":
        raise EvaluationError("a null value can not be iterated")
    if is_unknown_collection(collection):
        return unknown_result(collection)
    turns = [_turn(node, scope, key, item, i) for i, (key, item) in enumerate(pairs(collection))]
    build = _list if node.key_expression is None else _object
    return lift_with_errors(lambda *steering: build(node, steering, [turn.value for turn in turns]), *_steering(turns))


class _Turn:
    """One turn of a loop: whether it counts, its key, and its value."""

    __slots__ = ("counts", "key", "value")

    def __init__(self, counts: Evaluated, key: Evaluated, value: Evaluated) -> None:
        self.counts = counts
        self.key = key
        self.value = value


def _steering(turns: list[_Turn]) -> list[Evaluated]:
    return [part for turn in turns for part in (turn.counts, turn.key)]


def turn_scope(node: tree.For, scope: Scope, key: Value, item: Evaluated, turn: int) -> Scope:
    """The scope of one turn: with its names."""
    names = {node.variable: item}
    if node.key is not None:
        names[node.key] = key
    return scope.with_names(names, f"{node.place[1]}.{turn}")


def _turn(node: tree.For, scope: Scope, key: Value, item: Evaluated, turn: int) -> _Turn:
    inner = turn_scope(node, scope, key, item, turn)
    counts: Evaluated = boolean(True)
    if node.condition is not None:
        counts = condition(node.condition, inner, "condition of a for")
    if isinstance(counts, Value) and counts.kind == "bool" and not counts.data:
        return _Turn(counts, null(), null())
    result_key: Evaluated = null()
    if node.key_expression is not None:
        result_key = key_of_turn(node.key_expression, inner)
        if not isinstance(counts, Choice):
            result_key = raised(result_key)
    value = attempt(node.value, inner)
    return _Turn(counts, result_key, value if isinstance(counts, Choice) else raised(value))


def key_of_turn(expression: Node, scope: Scope) -> Evaluated:
    """The key of a turn, or an error as a value."""
    try:
        return lift(_as_key, attempt(expression, scope))
    except EvaluationError as failure:
        return error(str(failure))


def _as_key(value: Value) -> Evaluated:
    if value.kind == "null":
        raise EvaluationError("a key must not be null")
    return convert(value, types.STRING)


def _list(node: tree.For, steering: tuple[Value, ...], values: list[Evaluated]) -> Evaluated:
    return tuple_of(raised(value) for counts, value in zip(steering[::2], values) if _counts(counts))


def _counts(counts: Value) -> bool:
    raised(counts)
    return bool(counts.data)


def _object(node: tree.For, steering: tuple[Value, ...], values: list[Evaluated]) -> Evaluated:
    kept = [(key, value) for counts, key, value in zip(steering[::2], steering[1::2], values) if _counts(counts)]
    for key, _ in kept:
        raised(key)
    if any(key.flags & UNKNOWN for key, _ in kept):
        return unknown("its keys are only known at deploy time", is_set=True, fallible=True)
    grouped: dict[str, list[Evaluated]] = {}
    for key, value in kept:
        grouped.setdefault(key.data, []).append(raised(value))
    if node.groups:
        return object_of({key: tuple_of(items) for key, items in grouped.items()})
    if any(len(items) > 1 for items in grouped.values()):
        raise EvaluationError("two elements have the same key")
    return object_of({key: items[0] for key, items in grouped.items()})
