"""How nodes are put together: what a sign before a number means, parentheses, steps and splats."""

from __future__ import annotations

from collections.abc import Sequence

from dblint.sources.terraform.limits import LONGEST_CHAIN, LimitReached
from dblint.sources.terraform.syntax.tree import (
    Attribute,
    Closed,
    Index,
    Item,
    Literal,
    Node,
    Parenthesised,
    Reference,
    Splat,
    Unary,
)
from dblint.sources.terraform.values.trail import Place
from dblint.sources.terraform.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

# What stands behind a dot or in brackets, the offset after it, and whether it is the one with a dot.
Step: TypeAlias = "tuple[str | Node, int, bool]"


def over(first: Node, last: Node) -> Place:
    return first.place[0], first.place[1], last.place[2]


def negated(sign: str, node: Node, place: Place) -> Node:
    """`!node` or `-node`; a number with a sign is a number."""
    if sign == "-" and isinstance(node, Literal) and node.value.kind == "number":
        return Literal(place, Value("number", -node.value.data))
    return Unary(place, sign, node)


def parenthesised(node: Node, place: Place) -> Node:
    if type(node) is Reference:
        return Parenthesised(place, node.name, node.steps)
    return _closed(node)


def stepped(base: Node, step: Step) -> Node:
    """`base.name`, `base[key]` or `base.0`; a step of a reference where the base is one. Raises LimitReached."""
    key, end, _ = step
    place = (base.place[0], base.place[1], end)
    if type(base) is Reference:
        if len(base.steps) > LONGEST_CHAIN:
            raise LimitReached("a reference is too long")
        return Reference(place, base.name, (*base.steps, key))
    return Attribute(place, base, key) if isinstance(key, str) else Index(place, base, key)


def splatted(base: Node, sign: Place, steps: Sequence[Step], *, full: bool) -> Node:
    """`base[*]` or `base.*`, which is not `full`, with the steps behind it.

    `.*` takes only the names that follow it: an index is one of its result. A splat on a splat is one of each element.
    """
    each: Node = Item(sign)
    inside = len(steps) if full else _leading_names(steps)
    for step in steps[:inside]:
        each = stepped(each, step)
    made: Node
    if type(base) is Splat:
        inner = Splat((sign[0], base.each.place[1], each.place[2]), base.each, each)
        made = Splat(over(base, each), base.base, inner)
    else:
        made = Splat(over(base, each), base, each)
    for step in steps[inside:]:
        made = stepped(_closed(made), step)
    return made


def _closed(node: Node) -> Node:
    return Closed(node.place, node.base, node.each) if type(node) is Splat else node


def _leading_names(steps: Sequence[Step]) -> int:
    return next((i for i, (_, _, has_dot) in enumerate(steps) if not has_dot), len(steps))
