"""The values of the evaluator: Terraform's own kinds with their types, where they were decided, and what they refer
to.

Beside a `Value` there is one other thing that an expression may give, and that may stand inside of a tuple, list, map
or object: a `Choice` (dblint.model) between values, which a decision variable steers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dblint.model import Choice, Unknown, Variable
from dblint.sources.terraform.limits import DEEPEST_VALUE, LARGEST_VALUE, LONGEST_TEXT, LimitReached
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.types import ANY, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

# Flags: what stands in a value or inside of it.
UNKNOWN, STEERED, REFERS, SENSITIVE, SENSITIVE_INSIDE, FALLIBLE = 1, 2, 4, 8, 16, 32

# Nodes of two values that are compared in order to make one alternative of them.
MOST_COMPARED = 5_000

# (address, attribute): what a value was made from; attribute is "" where it was changed on the way.
Reference: TypeAlias = "tuple[str, str]"
Evaluated: TypeAlias = "Value | Choice"


class EvaluationError(Exception):
    """What Terraform reports as an error of an expression; `try` and `can` catch it."""


class Value:
    """One value.

    `kind`: "null", "bool", "number", "string", "list", "set", "map", "tuple", "object", "unknown", "error" (only as a
    leaf of a Choice: this alternative fails), or "instance" (a resource or module, whose attributes are looked up
    when they are asked for). `data`: bool; int or Fraction (or an infinity); str; a tuple of values for lists, sets
    (in Terraform's order) and tuples; a dict for maps and objects (in the order of keys); a model.Unknown; the
    message of an error. `type`: of a null or unknown, what is known of its type; of a list, set or map, the type of
    its elements. `refs`: the resources it was made from. `trail`: where it was decided; see trail.py. `size`: its
    nodes, counted as a tree; `depth`: its levels. `flags`: UNKNOWN and so on; FALLIBLE marks an unknown whose
    evaluation may turn out to be an error.
    """

    __slots__ = ("data", "depth", "flags", "kind", "refs", "size", "trail", "type")

    def __init__(
        self,
        kind: str,
        data: Any,
        type: Type = ANY,
        refs: tuple[Reference, ...] = (),
        trail: Any = None,
        size: int = 1,
        flags: int = 0,
        depth: int = 1,
    ) -> None:
        self.kind = kind
        self.data = data
        self.type = type
        self.refs = refs
        self.trail = trail
        self.size = size
        self.depth = depth
        self.flags = flags | REFERS if refs else flags

    def __repr__(self) -> str:
        return f"<{self.kind} {self.data!r}>"


def string(text: str) -> Value:
    """Raises LimitReached."""
    if len(text) > LONGEST_TEXT:
        raise LimitReached(f"a text has more than {LONGEST_TEXT:,} characters")
    return Value("string", text)


def number(value: Any) -> Value:
    return Value("number", value)


def boolean(truth: bool) -> Value:
    return Value("bool", truth)


def null(type: Type = ANY) -> Value:
    return Value("null", None, type)


def error(message: str) -> Value:
    return Value("error", message)


def unknown(
    because: str,
    type: Type = ANY,
    *,
    is_set: bool = False,
    variable: Variable | None = None,
    exposed: bool = False,
    fallible: bool = False,
) -> Value:
    """A value that only deployment decides; see model.Unknown."""
    payload = Unknown(because, is_set, variable, exposed)
    return Value("unknown", payload, type, flags=UNKNOWN | FALLIBLE if fallible else UNKNOWN)


def tuple_of(items: Iterable[Evaluated]) -> Value:
    return _sequence("tuple", tuple(items), ANY)


def list_of(items: Iterable[Evaluated], element: Type) -> Value:
    """A list of items that are of the element's type already."""
    return _sequence("list", tuple(items), element)


def set_of(items: Iterable[Value], element: Type) -> Value:
    """A set of items that are distinct, in order and of the element's type already."""
    return _sequence("set", tuple(items), element)


def _sequence(kind: str, items: tuple[Evaluated, ...], element: Type) -> Value:
    size, flags, depth = _inside(items)
    return Value(kind, items, element, size=size, flags=flags, depth=depth + 1)


def object_of(attributes: Mapping[str, Evaluated]) -> Value:
    return _mapping("object", attributes, ANY)


def map_of(entries: Mapping[str, Evaluated], element: Type) -> Value:
    """A map whose entries are of the element's type already."""
    return _mapping("map", entries, element)


def _mapping(kind: str, entries: Mapping[str, Evaluated], element: Type) -> Value:
    data = {key: entries[key] for key in sorted(entries)}
    size, flags, depth = _inside(data.values())
    return Value(kind, data, element, size=size, flags=flags, depth=depth + 1)


_INSIDE = UNKNOWN | STEERED | REFERS | SENSITIVE_INSIDE | FALLIBLE


def _inside(items: Iterable[Evaluated]) -> tuple[int, int, int]:
    """The size, the flags and the depth of what holds these items. Raises LimitReached."""
    size, flags, depth = 1, 0, 0
    for item in items:
        if isinstance(item, Choice):
            more, inner, deep = _inside(plain_leaves(item))
            size, flags = size + more, flags | STEERED | inner
        else:
            size, flags, deep = size + item.size, flags | item.flags, item.depth
            if item.flags & SENSITIVE:
                flags |= SENSITIVE_INSIDE
        depth = max(depth, deep)
    if size > LARGEST_VALUE or depth > DEEPEST_VALUE:
        raise LimitReached(f"a value has more than {LARGEST_VALUE:,} parts or {DEEPEST_VALUE} levels")
    return size, flags & _INSIDE, depth


def plain_leaves(value: Evaluated) -> list[Value]:
    """All values that a tree may take, repeated ones too."""
    if not isinstance(value, Choice):
        return [value]
    return [leaf for _, inner in value.parts for leaf in plain_leaves(inner)]


def is_known(value: Value) -> bool:
    """Whether nothing is unknown in it."""
    return not value.flags & UNKNOWN


class SteeredType(Exception):
    """The type of a value hangs on a choice inside of it: hoist that first."""


def type_of(value: Evaluated) -> Type:
    """The type of a value. Raises SteeredType."""
    if isinstance(value, Choice):
        return _common_type(value)
    kind = value.kind
    if kind in ("string", "number", "bool"):
        return types.BY_KIND[kind]
    if kind in ("null", "unknown"):
        return value.type
    if kind in ("list", "set", "map"):
        return Type(kind, value.type)
    if kind == "tuple":
        return Type("tuple", tuple(map(type_of, value.data))) if value.data else types.EMPTY_TUPLE
    if kind == "object":
        return Type("object", {k: type_of(v) for k, v in value.data.items()}) if value.data else types.EMPTY_OBJECT
    return ANY


def _common_type(value: Choice) -> Type:
    found: Type | None = None
    for leaf in plain_leaves(value):
        if leaf.kind != "error":
            type = type_of(leaf)
            if found is not None and type != found:
                raise SteeredType
            found = type
    return ANY if found is None else found


def altered(value: Value, **changes: Any) -> Value:
    """The value with other refs, trail or flags."""
    made = Value.__new__(Value)
    for name in Value.__slots__:
        setattr(made, name, changes[name] if name in changes else getattr(value, name))
    if made.refs:
        made.flags |= REFERS
    return made


def with_trail(value: Evaluated, trail: Callable[[Any], Any]) -> Evaluated:
    """The value, each leaf of it with the trail that `trail` makes of the leaf's own."""
    if isinstance(value, Choice):
        parts = tuple((among, with_trail(inner, trail)) for among, inner in value.parts)
        return Choice(value.variable, parts, value.leaves)
    made = Value(value.kind, value.data, value.type, value.refs, trail(value.trail), value.size, value.flags)
    made.depth = value.depth
    return made


def references_in(value: Evaluated) -> list[Reference]:
    """Everything that the value or a part of it was made from, each once."""
    found: dict[Reference, None] = {}
    waiting: list[Evaluated] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Choice):
            waiting += plain_leaves(item)
        elif item.flags & REFERS:
            found.update(dict.fromkeys(item.refs))
            if item.kind in ("tuple", "list", "set"):
                waiting += item.data
            elif item.kind in ("object", "map"):
                waiting += item.data.values()
    return list(found)


def same(one: Evaluated, two: Evaluated) -> bool:
    """Whether two results are interchangeable: equal in kind, type, data and references. Trails may differ."""
    if one is two:
        return True
    if isinstance(one, Choice) or isinstance(two, Choice):
        return isinstance(one, Choice) and isinstance(two, Choice) and _same_choice(one, two)
    if one.kind != two.kind or one.type != two.type or one.refs != two.refs:
        return False
    if (one.flags ^ two.flags) & SENSITIVE or one.size > MOST_COMPARED:
        return False
    if one.kind in ("tuple", "list", "set"):
        return len(one.data) == len(two.data) and all(map(same, one.data, two.data))
    if one.kind in ("object", "map"):
        return one.data.keys() == two.data.keys() and all(same(v, two.data[k]) for k, v in one.data.items())
    return bool(one.data == two.data)


def _same_choice(one: Choice, two: Choice) -> bool:
    return (
        one.variable == two.variable
        and len(one.parts) == len(two.parts)
        and all(a == c and same(b, d) for (a, b), (c, d) in zip(one.parts, two.parts))
    )
