"""The algebra of values that decision variables steer.

A `Choice` is a decision tree: its variable, and for each part of the alternatives a value, which may be a Choice on a
later variable. Trees are ordered by the variables' keys and reduced (equal parts are one), so that two trees agree by
construction wherever they speak of the same variable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

from dblint.model import Among, Choice, Ref, Scalar, Value, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

# Leaves of one value. Real values have fewer than ten; a value above it is unknown, and says so.
MOST_LEAVES = 64

ANY = Among(frozenset(), others=True)


Agreed: TypeAlias = "Callable[[Variable, list[tuple[Among, Any]]], Any]"


class TooManyLeaves(Exception):
    """A value depends on more alternatives than are followed."""


def only(*values: Scalar) -> Among:
    """Just these values."""
    return Among(frozenset(values))


def other_than(*values: Scalar) -> Among:
    """Everything but these values."""
    return Among(frozenset(values), others=True)


def both(one: Among, two: Among) -> Among:
    """What is in both."""
    if one.others and two.others:
        return Among(one.values | two.values, others=True)
    if one.others:
        return Among(two.values - one.values)
    if two.others:
        return Among(one.values - two.values)
    return Among(one.values & two.values)


def without(one: Among, two: Among) -> Among:
    """What is in `one` and not in `two`."""
    return both(one, Among(two.values, not two.others))


def within(variable: Variable, among: Among) -> Among:
    """The same alternatives, written as values where the variable's domain is known."""
    if variable.domain is None:
        return among
    kept = (v for v in variable.domain if (v in among.values) is not among.others)
    return Among(frozenset(kept))


def possible(among: Among) -> bool:
    """Whether any alternative is left."""
    return among.others or bool(among.values)


def leaves(value: Value) -> int:
    return value.leaves if isinstance(value, Choice) else 1


def same(one: Value, two: Value) -> bool:
    """Equality that tells True from 1, and 1 from 1.0."""
    if type(one) is not type(two):
        return False
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(v, two[k]) for k, v in one.items())
    if isinstance(one, list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, Choice):
        return _same_parts(one, two)
    if isinstance(one, Ref):
        return bool(one.to == two.to and one.attribute == two.attribute and same(one.value, two.value))
    return bool(one == two)


def _same_parts(one: Choice, two: Choice) -> bool:
    return (
        one.variable == two.variable
        and len(one.parts) == len(two.parts)
        and all(a == c and same(b, d) for (a, b), (c, d) in zip(one.parts, two.parts))
    )


def first(variable: Variable, parts: list[tuple[Among, Any]]) -> Any:
    """The first of equal values."""
    return parts[0][1]


def choose(
    variable: Variable,
    parts: Iterable[tuple[Among, Value]],
    equal: Callable[[Any, Any], bool] = same,
    agreed: Agreed = first,
) -> Value:
    """A value by parts of `variable`: the plain value where all parts agree.

    The values may be choices on any variable, earlier ones and `variable` itself too: the tree comes out ordered.
    Parts with no alternative left are dropped. `agreed` makes one value of several that are `equal`. Raises
    TooManyLeaves.
    """
    kept = [cut for among, value in parts for cut in _cuts(variable, among, value)]
    earliest = min((v.variable for _, v in kept if isinstance(v, Choice)), key=_order, default=variable)
    if earliest.key < variable.key:
        return _choose_earlier(earliest, variable, kept, equal, agreed)
    return _tree(variable, _merged(variable, kept, equal, agreed))


def _cuts(variable: Variable, among: Among, value: Value) -> Iterable[tuple[Among, Value]]:
    """The value by parts of `among`, none of which `variable` steers any more."""
    if isinstance(value, Choice) and value.variable == variable:
        cuts = [(both(among, part), inner) for part, inner in value.parts]
    else:
        cuts = [(among, value)]
    written = ((within(variable, part), inner) for part, inner in cuts)
    return [(part, inner) for part, inner in written if possible(part)]


def _choose_earlier(
    earliest: Variable,
    variable: Variable,
    parts: list[tuple[Among, Value]],
    equal: Callable[[Any, Any], bool],
    agreed: Agreed,
) -> Value:
    cuts = refine(earliest, [value for _, value in parts])
    return choose(
        earliest,
        [(cut, choose(variable, [(p, restrict(v, earliest, cut)) for p, v in parts], equal, agreed)) for cut in cuts],
        equal,
        agreed,
    )


def _merged(
    variable: Variable, parts: list[tuple[Among, Value]], equal: Callable[[Any, Any], bool], agreed: Agreed
) -> list[tuple[Among, Value]]:
    groups: list[list[tuple[Among, Value]]] = []
    for part in parts:
        for group in groups:
            if equal(part[1], group[0][1]):
                group.append(part)
                break
        else:
            groups.append([part])
    return [
        group[0] if len(group) == 1 else (reduce(_either, (among for among, _ in group)), agreed(variable, group))
        for group in groups
    ]


def _tree(variable: Variable, parts: list[tuple[Among, Value]]) -> Value:
    if len(parts) == 1:
        return parts[0][1]
    count = sum(leaves(value) for _, value in parts)
    if count > MOST_LEAVES:
        raise TooManyLeaves(variable.name)
    return Choice(variable, tuple(parts), count)


def _either(one: Among, two: Among) -> Among:
    if one.others and two.others:
        return Among(one.values & two.values, others=True)
    if one.others:
        return Among(one.values - two.values, others=True)
    if two.others:
        return Among(two.values - one.values, others=True)
    return Among(one.values | two.values)


def restrict(value: Value, variable: Variable, among: Among) -> Value:
    """The value where `variable` is one of `among`, which lies inside of one of its parts. Looks at the top only:
    a tree that begins with a later variable does not hold this one."""
    if not isinstance(value, Choice) or value.variable != variable:
        return value
    for part, inner in value.parts:
        if possible(within(variable, both(part, among))):
            return inner
    raise AssertionError("the parts of a choice cover its alternatives")


def refine(variable: Variable, values: Iterable[Value]) -> Sequence[Among]:
    """The coarsest parts of `variable` on which each of `values` is one branch."""
    parts: list[Among] = [within(variable, ANY)]
    for value in values:
        if isinstance(value, Choice) and value.variable == variable:
            cut = (both(part, among) for part in parts for among, _ in value.parts)
            parts = [part for part in cut if possible(within(variable, part))]
    return parts


def lift(
    function: Callable[..., Value],
    *arguments: Value,
    equal: Callable[[Any, Any], bool] = same,
    agreed: Agreed = first,
) -> Value:
    """`function` of the arguments, per alternative of what steers them. Raises TooManyLeaves.

    Choices inside of containers are left alone: only the arguments themselves are taken apart.
    """
    steered = [a.variable for a in arguments if isinstance(a, Choice)]
    if not steered:
        return function(*arguments)
    variable = min(steered, key=_order)
    return choose(
        variable,
        [
            (part, lift(function, *(restrict(a, variable, part) for a in arguments), equal=equal, agreed=agreed))
            for part in refine(variable, arguments)
        ],
        equal,
        agreed,
    )


def _order(variable: Variable) -> str:
    return variable.key


def hoist(value: Value) -> Value:
    """The value with the choices that stand inside of its lists and dicts brought to the top. Raises
    TooManyLeaves."""
    if isinstance(value, Choice):
        return lift(hoist_inner, value)
    return hoist_inner(value)


def hoist_inner(value: Value) -> Value:
    if isinstance(value, list):
        return lift(lambda *items: list(items), *(hoist(item) for item in value))
    if isinstance(value, dict):
        keys = list(value)
        return lift(lambda *items: dict(zip(keys, items)), *(hoist(value[k]) for k in keys))
    return value


def alternatives(value: Value) -> list[Value]:
    """All values that a tree may take, each once."""
    if not isinstance(value, Choice):
        return [value]
    found: list[Value] = []
    for _, inner in value.parts:
        for leaf in alternatives(inner):
            if not any(same(leaf, known) for known in found):
                found.append(leaf)
    return found
