"""Identities of what is made from one unknown: `trimprefix(terraform.workspace, "app-")` is a variable of its own, so
that comparing it with a text is a decision.

Where an operation can be undone, the decision is one on the unknown itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dblint.model import Scalar, Unknown, Variable
from dblint.sources.terraform.limits import LimitReached
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.lifting import TRUTHS, primitive
from dblint.sources.terraform.values.types import BOOL, Type
from dblint.sources.terraform.values.value import (
    FALLIBLE,
    UNKNOWN,
    Evaluated,
    EvaluationError,
    Value,
    is_known,
    unknown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

LONGEST_NAME = 120

Solve: TypeAlias = "Callable[[Any], tuple[str, ...]]"
Remake: TypeAlias = "Callable[[Value], Evaluated]"


class Derived(Variable):
    """A variable that is a function of `base`. `solve` gives, for a value of this one, all values of `base` that lead
    to it, and `remake` this one for a value of `base`; None where that can not be told."""

    __slots__ = ("base", "remake", "solve")

    base: Variable
    solve: Solve | None
    remake: Remake | None

    def where(self, other: Variable, value: Scalar) -> Scalar | Unknown:
        made = self._at(other, value)
        told = None if made is None or made.kind not in ("string", "bool") else made.data
        return told if isinstance(told, (str, bool)) else Unknown(self.name)

    def _at(self, other: Variable, value: Scalar) -> Value | None:
        """Its value in Terraform's terms, known as a whole; None where that can not be told."""
        if self.remake is None:
            return None
        if self.base == other:
            base = None if value is None else primitive(value)
        else:
            base = self.base._at(other, value) if isinstance(self.base, Derived) else None
        try:
            made = None if base is None else self.remake(base)
        except (EvaluationError, LimitReached):
            return None
        return made if isinstance(made, Value) and is_known(made) else None


def derived_variable(
    base: Variable,
    name: str,
    type: Type,
    solve: Solve | None,
    others: Sequence[Variable] = (),
    remake: Remake | None = None,
) -> Variable:
    """The variable called `name`, made from `base` and `others`."""
    variables = [base, *others]
    real = all(variable.real for variable in variables)
    rank = max(variable.key[:1] for variable in variables)
    domain: tuple[Scalar, ...] | None = TRUTHS if type == BOOL else None
    made = Derived(f"{rank} {name}", name, real, domain, base.names_environment and not others and domain is None)
    object.__setattr__(made, "base", base)
    object.__setattr__(made, "solve", solve if not others else None)
    object.__setattr__(made, "remake", remake if not others else None)
    return made


def derived(
    name: str,
    arguments: Sequence[Value],
    type: Type,
    *,
    solve: Solve | None = None,
    operation: Callable[..., Evaluated] | None = None,
    fallible: bool = False,
    takes_null: bool = False,
) -> Value:
    """The unknown result of the operation `name`, which is surely set. It has an identity where all that is unknown
    in its arguments has one. `operation` does it again for arguments that are known. `fallible`: it may fail on
    values of the right type; `takes_null`: not on null."""
    hidden = [a for a in arguments if a.kind == "unknown"]
    payloads: list[Unknown] = [a.data for a in hidden]
    because = payloads[0].because if payloads else "what it is made of is not known"
    nulls = not takes_null and any(not payload.is_set for payload in payloads)
    fallible = fallible or nulls or any(argument.flags & FALLIBLE for argument in arguments)
    exposed = any(payload.exposed for payload in payloads)
    variables = list(dict.fromkeys(p.variable for p in payloads if p.variable is not None))
    variable = None
    text = rendered(name, arguments)
    if text is not None and variables:
        remake = None if operation is None else _remade(operation, arguments)
        variable = derived_variable(variables[0], text, type, solve, variables[1:], remake)
    return unknown(because, type, is_set=True, variable=variable, exposed=exposed, fallible=fallible)


def _remade(operation: Callable[..., Evaluated], arguments: Sequence[Value]) -> Remake | None:
    """The operation as one of its only argument that is not known; None where there are more of them."""
    hidden = [i for i, argument in enumerate(arguments) if argument.flags & UNKNOWN]
    if len(hidden) != 1 or arguments[hidden[0]].kind != "unknown":
        return None
    before, after = arguments[: hidden[0]], arguments[hidden[0] + 1 :]
    return lambda known: operation(*before, known, *after)


def rendered(name: str, arguments: Sequence[Value]) -> str | None:
    """The operation as an expression; None where an argument has no identity or the text gets too long."""
    texts: list[str] = []
    for argument in arguments:
        text = _text(argument, LONGEST_NAME)
        if text is None:
            return None
        texts.append(text)
    made = _written(name, texts)
    return made if len(made) <= LONGEST_NAME else None


def _written(name: str, texts: list[str]) -> str:
    if name.isidentifier():
        return f"{name}({', '.join(texts)})"
    if len(texts) == 2:
        return f"{texts[0]} {name} {texts[1]}"
    return f"{name}{' '.join(texts)}"


def _text(value: Value, room: int) -> str | None:
    if value.kind == "unknown":
        variable = value.data.variable
        return None if variable is None else variable.key[2:]
    if value.kind == "string":
        return f'"{value.data}"' if len(value.data) < room else None
    if value.kind == "number":
        return numbers.text_of(value.data)
    if value.kind == "bool":
        return "true" if value.data else "false"
    if value.kind == "null":
        return "null"
    return _container_text(value, room)


def _container_text(value: Value, room: int) -> str | None:
    if value.kind == "instance" or value.size > room:
        return None
    if value.kind in ("object", "map"):
        texts = [
            (key, _text(item, room)) if isinstance(item, Value) else (key, None) for key, item in value.data.items()
        ]
        inner = [f"{key} = {text}" for key, text in texts if text is not None]
        return "{" + ", ".join(inner) + "}" if len(inner) == len(value.data) else None
    items = [_text(item, room) if isinstance(item, Value) else None for item in value.data]
    known = [item for item in items if item is not None]
    return "[" + ", ".join(known) + "]" if len(known) == len(items) else None
