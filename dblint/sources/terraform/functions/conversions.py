"""Functions that convert, and those that mark a value as sensitive."""

from __future__ import annotations

from collections.abc import Callable

from dblint.sources.terraform.functions.registry import Function, open_to_unknown
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.types import Type
from dblint.sources.terraform.values.value import SENSITIVE, Evaluated, Value, altered, boolean, null


def _to(type: Type) -> Callable[[Value], Evaluated]:
    return lambda value: convert(value, type)


def _sensitive(value: Value) -> Evaluated:
    return altered(value, flags=value.flags | SENSITIVE)


def _nonsensitive(value: Value) -> Evaluated:
    return altered(value, flags=value.flags & ~SENSITIVE)


def _is_sensitive(value: Value) -> Evaluated:
    return boolean(bool(value.flags & SENSITIVE))


def _ephemeral_as_null(value: Value) -> Evaluated:
    return null(types.ANY) if value.kind == "ephemeral" else value


FUNCTIONS: dict[str, Function] = {
    "tostring": open_to_unknown(_to(types.STRING)),
    "tonumber": open_to_unknown(_to(types.NUMBER)),
    "tobool": open_to_unknown(_to(types.BOOL)),
    "tolist": open_to_unknown(_to(types.list_of(types.ANY))),
    "toset": open_to_unknown(_to(types.set_of(types.ANY))),
    "tomap": open_to_unknown(_to(types.map_of(types.ANY))),
    "sensitive": open_to_unknown(_sensitive),
    "nonsensitive": open_to_unknown(_nonsensitive),
    "issensitive": open_to_unknown(_is_sensitive),
    "ephemeralasnull": open_to_unknown(_ephemeral_as_null),
}
