"""`value.name` and `value[key]`, also of what is unknown and of resources, whose attributes are looked up on demand."""

from __future__ import annotations

from functools import partial

from dblint.model import Choice
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.derived import Derived, derived_variable, rendered
from dblint.sources.terraform.values.lifting import by_value, expanded, lift
from dblint.sources.terraform.values.trail import Element
from dblint.sources.terraform.values.types import Type
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    SENSITIVE,
    Evaluated,
    EvaluationError,
    Value,
    altered,
    error,
    references_in,
    unknown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol
else:
    Protocol = object


class Attributes(Protocol):
    """What a value of kind "instance" holds."""

    address: str

    def attribute(self, name: str) -> Evaluated: ...


def attribute(value: Evaluated, name: str) -> Evaluated:
    """`value.name`. Raises EvaluationError."""
    return lift(lambda plain: _attribute(plain, name), value)


def _attribute(value: Value, name: str) -> Evaluated:
    if value.kind == "instance":
        instance: Attributes = value.data
        return instance.attribute(name)
    if value.kind in ("object", "map"):
        if name not in value.data:
            raise EvaluationError(f'there is no attribute "{name}"')
        return element_of(value, value.data[name])
    if value.kind == "unknown":
        return _of_unknown(value, name)
    if value.kind == "null":
        raise EvaluationError("a null value has no attributes")
    raise EvaluationError(f"a {value.kind} has no attributes")


def element_of(whole: Value, part: Evaluated) -> Evaluated:
    """A part of a value as a value of its own: it comes the way that the whole came."""
    if isinstance(part, Choice):
        parts = tuple((among, element_of(whole, inner)) for among, inner in part.parts)
        return Choice(part.variable, parts, part.leaves)
    refs = part.refs
    if whole.refs:
        refs = tuple(dict.fromkeys((*refs, *((address, "") for address, _ in whole.refs))))
    made = altered(part, refs=refs, trail=Element(part.trail, whole.trail))
    made.flags |= whole.flags & SENSITIVE
    return made


def _of_unknown(value: Value, name: str) -> Evaluated:
    """An attribute of an unknown: another unknown, with an identity where that has one."""
    type = _inner_type(value.type, name)
    variable, because = value.data.variable, value.data.because
    if variable is not None:
        remake = partial(attribute, name=name)
        variable = derived_variable(variable, f"{variable.key[2:]}.{name}", type, None, remake=remake)
        because = f"{because}.{name}"
    made = unknown(because, type, variable=variable, exposed=value.data.exposed, fallible=type.kind == "any")
    made.flags |= value.flags & (FALLIBLE | SENSITIVE)
    return altered(made, refs=tuple((address, f"{of}.{name}" if of else "") for address, of in value.refs))


def _inner_type(type: Type, name: str) -> Type:
    if type.kind == "object":
        if name not in type.inner:
            raise EvaluationError(f'there is no attribute "{name}"')
        inner: Type = type.inner[name]
        return inner
    if type.kind == "map":
        return type.inner  # type: ignore[no-any-return]
    if type.kind == "any":
        return types.ANY
    raise EvaluationError(f"a {type.kind} has no attributes")


def index(value: Evaluated, key: Evaluated) -> Evaluated:
    """`value[key]`. Raises EvaluationError."""
    return lift(_index, value, expanded(key))


def _index(value: Value, key: Value) -> Evaluated:
    if key.kind == "null":
        raise EvaluationError("the index is null")
    if value.kind in ("object", "map"):
        return _by_key(value, key)
    if value.kind in ("list", "tuple"):
        return _by_position(value, key)
    if value.kind == "instance":
        text = convert(key, types.STRING)
        assert isinstance(text, Value)
        if text.kind == "unknown":
            return unknown("an attribute whose name is not known", fallible=True)
        return _attribute(value, text.data)
    if value.kind == "unknown":
        return _unknown_element(value, key)
    raise EvaluationError("null has no elements" if value.kind == "null" else f"a {value.kind} has no elements")


def _by_key(value: Value, key: Value) -> Evaluated:
    text = convert(key, types.STRING)
    assert isinstance(text, Value)
    if text.kind == "unknown":
        return _by_unknown_key(value, text)
    if text.data not in value.data:
        raise EvaluationError(f'there is no element "{text.data}"')
    return element_of(value, value.data[text.data])


def _by_unknown_key(value: Value, key: Value) -> Evaluated:
    """What a key that nobody knows may pick: one value for each key that there is."""
    if value.data:
        found = picked(key, {name: element_of(value, part) for name, part in value.data.items()}, _no_element())
        if found is not None:
            return found
    return _any_element(value)


def _no_element() -> Value:
    return error("there is no such element")


def picked(key: Value, cases: dict[str, Evaluated], rest: Evaluated) -> Evaluated | None:
    """A value by what an unknown text is, where that has an identity."""
    variable = key.data.variable
    if variable is None or variable.domain is not None:
        return None
    while isinstance(variable, Derived) and variable.solve is not None:
        solve = variable.solve
        variable, cases = variable.base, {source: value for text, value in cases.items() for source in solve(text)}
    return by_value(variable, dict(cases), rest)


def _any_element(value: Value) -> Value:
    refs = tuple(dict.fromkeys((address, "") for address, _ in references_in(value)))
    made = unknown("an element whose key is only known at deploy time", value.type, fallible=True)
    return altered(made, refs=refs)


def _by_position(value: Value, key: Value) -> Evaluated:
    position = convert(key, types.NUMBER)
    assert isinstance(position, Value)
    if position.kind == "unknown":
        return _any_element(value)
    number: Any = position.data
    if not isinstance(number, int) or not 0 <= number < len(value.data):
        raise EvaluationError("there is no such element")
    return element_of(value, value.data[number])


def _unknown_element(value: Value, key: Value) -> Evaluated:
    """`unknown[key]`."""
    type = types.ANY
    if value.type.kind in ("list", "map"):
        type = value.type.inner
    elif value.type.kind == "object" and key.kind == "string":
        return _of_unknown(value, key.data)
    elif value.type.kind == "tuple" and isinstance(key.data, int) and key.data < len(value.type.inner):
        type = value.type.inner[key.data]
    elif value.type.kind in ("string", "number", "bool", "set"):
        raise EvaluationError(f"a {value.type.kind} has no elements")
    variable, because = value.data.variable, value.data.because
    text = rendered("", (key,)) if key.kind in ("string", "number") else None
    if variable is not None and text is not None:
        remake = partial(_index, key=key)
        variable = derived_variable(variable, f"{variable.key[2:]}[{text}]", type, None, remake=remake)
        because = f"{because}[{text}]"
    else:
        variable = None
    made = unknown(because, type, variable=variable, exposed=value.data.exposed, fallible=True)
    return altered(made, refs=tuple((address, "") for address, _ in value.refs))
