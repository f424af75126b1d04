"""A second evaluator, for tests: every parameter has a known text, and functions are what the words say.

It works on plain Python templates with functions in their long spelling, and shares no code with dblint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REMOVED = object()


def evaluate(template: Mapping[str, Any], given: Mapping[str, str], value: Any) -> Any:
    """The value of an expression where each parameter has the text that `given` says."""
    if isinstance(value, list):
        items = [evaluate(template, given, item) for item in value]
        return [item for item in items if item is not REMOVED]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        name, argument = next(iter(value.items()))
        if name == "Ref":
            return REMOVED if argument == "AWS::NoValue" else given[argument]
        if name.startswith("Fn::"):
            return _function(template, given, name, argument)
    items = {key: evaluate(template, given, item) for key, item in value.items()}
    return {key: item for key, item in items.items() if item is not REMOVED}


def _function(template: Mapping[str, Any], given: Mapping[str, str], name: str, argument: Any) -> Any:
    if name == "Fn::If":
        condition, one, two = argument
        return evaluate(template, given, one if holds(template, given, {"Condition": condition}) else two)
    known = evaluate(template, given, argument)
    if name == "Fn::FindInMap":
        row = template["Mappings"][known[0]].get(known[1], {})
        return row.get(known[2], {"missing": True})
    if name == "Fn::Join":
        return known[0].join(map(_text, known[1]))
    if name == "Fn::Select":
        return known[1][int(known[0])]
    if name == "Fn::Split":
        return known[1].split(known[0])
    if name == "Fn::Sub":
        for parameter, text in given.items():
            known = known.replace(f"${{{parameter}}}", text)
        return known
    raise AssertionError(name)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def holds(template: Mapping[str, Any], given: Mapping[str, str], condition: Any) -> bool:
    """Whether a condition holds."""
    ((name, argument),) = condition.items()
    if name == "Condition":
        return holds(template, given, template["Conditions"][argument])
    if name == "Fn::Not":
        return not holds(template, given, argument[0])
    if name == "Fn::And":
        return all(holds(template, given, each) for each in argument)
    if name == "Fn::Or":
        return any(holds(template, given, each) for each in argument)
    if name == "Fn::Contains":
        return evaluate(template, given, argument[1]) in evaluate(template, given, argument[0])
    one, two = (evaluate(template, given, each) for each in argument)
    return _text(one) == _text(two)
