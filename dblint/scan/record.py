"""What was found out of one root as plain values that JSON can hold, and back: for other processes and later runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dblint.finding import Actual, Finding, Fix, Label
from dblint.model import Location, Note
from dblint.rule_definition import Rule
from dblint.scan.evaluation import Evaluation, Looked

_RECORDS: dict[str, Any] = {kind.__name__: kind for kind in (Actual, Finding, Fix, Label, Location, Looked, Note)}
_PLAIN = (str, int, float, bool, type(None))
# The fields of an evaluation that are kept; one in which something went wrong is not.
_FIELDS = ("findings", "notes", "scenarios", "resources", "files", "concealed", "looked", "ran")
_FAULTS = ("problems", "tracebacks", "crashes", "explanations")


class NotPlain(Exception):
    """A value that is not written down."""


def written(evaluation: Evaluation) -> Any:
    """The evaluation in lists, texts and numbers. Raises NotPlain where something went wrong in it, or a value is none
    that can be read back."""
    if any(getattr(evaluation, name) for name in _FAULTS):
        raise NotPlain
    return [_written(getattr(evaluation, name)) for name in _FIELDS]


def read(values: Any, rules: Mapping[str, Rule]) -> Evaluation:
    """The evaluation that was written. Raises LookupError and TypeError where it was not."""
    evaluation = Evaluation()
    for name, value in zip(_FIELDS, values):
        setattr(evaluation, name, _read(value, rules))
    return evaluation


def _written(value: Any) -> Any:
    """A plain value as itself; all else as a list that begins with what it is."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return ["list", *map(_written, value)]
    if kind is tuple:
        return ["tuple", *map(_written, value)]
    if kind in (set, frozenset):
        return [kind.__name__, *sorted(map(_written, value))]
    if kind is dict:
        return ["dict", *([_written(key), _written(inner)] for key, inner in value.items())]
    if kind is Rule:
        return ["Rule", value.id]
    if kind.__name__ in _RECORDS:
        return [kind.__name__, *(_written(getattr(value, name)) for name in kind.__fields__)]
    raise NotPlain


def _read(value: Any, rules: Mapping[str, Rule]) -> Any:
    if type(value) is not list:
        return value
    kind = value[0]
    if kind == "Rule":
        return rules[value[1]]
    if kind == "dict":
        return {_read(key, rules): _read(inner, rules) for key, inner in value[1:]}
    inner = [item if type(item) is not list else _read(item, rules) for item in value[1:]]
    if kind in _RECORDS:
        return _RECORDS[kind](*inner)
    return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind](inner)
