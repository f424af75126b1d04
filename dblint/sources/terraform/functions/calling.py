"""Calls a function as its signature wants it: conversion, null, unknown, and alternatives, for all of them in one
place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from dblint.model import Note
from dblint.sources.terraform.functions.registry import NEVER_KNOWN, Function, function_called
from dblint.sources.terraform.functions.signatures import Parameter, Signature, signature_of
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.lifting import expanded, hoist, lift
from dblint.sources.terraform.values.operators import combined, doubted
from dblint.sources.terraform.values.plain import from_plain, to_plain
from dblint.sources.terraform.values.value import UNKNOWN, Evaluated, EvaluationError, Value, altered, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.sources.terraform.evaluation.scope import Scope


def call_function(name: str, arguments: list[Evaluated], scope: Scope) -> Evaluated:
    """The result of a function. One that is not known gives an unknown. Raises EvaluationError."""
    signature = signature_of(name)
    function = function_called(name)
    if signature is None or function is None:
        return _not_known(name, arguments, scope)
    _count(name, signature, len(arguments))
    prepared = []
    for i, argument in enumerate(arguments):
        parameter = signature.parameter(i)
        assert parameter is not None
        prepared.append(lift(partial(_prepared, parameter), expanded(argument)))
    if function.mode in ("plain", "known"):
        prepared = [hoist(argument) for argument in prepared]
    return lift(lambda *values: _applied(name, signature, function, values, scope), *prepared)


def _not_known(name: str, arguments: list[Evaluated], scope: Scope) -> Evaluated:
    if name not in NEVER_KNOWN:
        run = scope.module.run
        run.note(Note(run.root, f"dblint does not know the function {name}: what it gives is unknown", "function"))
        return unknown(f"the function {name} is not known to dblint", fallible=True)
    return lift(lambda *values: combined(unknown(f"{name}()", types.STRING, is_set=True), *values), *arguments)


def _count(name: str, signature: Signature, given: int) -> None:
    least = len(signature.parameters)
    if given < least or (given > least and signature.variadic is None):
        raise EvaluationError(f"{name} takes {least} arguments, not {given}")


def _prepared(parameter: Parameter, value: Value) -> Evaluated:
    """An argument as a value of its parameter's type."""
    if value.kind == "instance":
        value = altered(unknown("a whole resource or module", is_set=True), refs=value.refs)
    if value.kind == "null" and not parameter.nullable:
        raise EvaluationError("an argument must not be null")
    return convert(value, parameter.type)


def _applied(name: str, signature: Signature, function: Function, values: tuple[Value, ...], scope: Scope) -> Evaluated:
    if _is_hidden(function.mode, values):
        again = partial(_applied_again, name, signature, function, scope)
        return combined(_unknown_result(name, signature, function, values, again), *values)
    context: tuple[Any, ...] = (scope,) if function.scoped else ()
    if function.mode != "plain":
        return doubted(function.run(*context, *values), values)
    result = function.run(*context, *map(to_plain, values))
    return combined(from_plain(result, signature.result), *values)


def _is_hidden(mode: str, values: tuple[Value, ...]) -> bool:
    """Whether the result can not be known for what is unknown in the arguments."""
    if mode == "open":
        return False
    if mode == "shallow":
        return any(value.kind == "unknown" for value in values)
    return any(value.flags & UNKNOWN for value in values)


def _applied_again(name: str, signature: Signature, function: Function, scope: Scope, *values: Value) -> Evaluated:
    return _applied(name, signature, function, values, scope)


def _unknown_result(
    name: str, signature: Signature, function: Function, values: tuple[Value, ...], again: Callable[..., Evaluated]
) -> Value:
    solve = None
    rest = values[1:]
    if function.solve is not None and not any(value.flags & UNKNOWN for value in rest):
        solve = function.solve(*map(to_plain, rest))
    return derived(name, values, signature.result, solve=solve, operation=again, fallible=function.fallible)
