"""The `Rules` section: which values of the parameters CloudFormation refuses to deploy.

An assertion that depends on one parameter narrows its domain. One that depends on several makes every resource
conditional on it. What can not be told is taken to be allowed.
"""

from __future__ import annotations

from dblint.choice import both, choose, lift, only
from dblint.model import Among, Choice, Value
from dblint.sources.cloudformation.conditions import truth
from dblint.sources.cloudformation.nodes import Node
from dblint.sources.cloudformation.scope import Scope
from dblint.sources.cloudformation.template import Template


def assertions(scope: Scope, template: Template) -> list[Value]:
    """Whether each assertion holds, or is not asked: True, False, or a Choice on parameters. Raises TooManyLeaves."""
    found = []
    for _, _, rule in template.section("Rules"):
        condition = rule.get("RuleCondition")
        asked = truth(scope, condition) if condition else True
        listed = rule.get("Assertions")
        found += [_unless(asked, _holds(scope, claim)) for claim in (listed.items() if listed else [])]
    return [_charitable(value) for value in found]


def _holds(scope: Scope, assertion: Node) -> Value:
    claim = assertion.get("Assert")
    return truth(scope, claim) if claim else True


def _unless(asked: Value, holds: Value) -> Value:
    return lift(lambda one, two: not one or two, asked, holds)


def _charitable(value: Value) -> Value:
    """The value with True wherever it might be true, for all that we can tell."""
    if not isinstance(value, Choice):
        return value
    parts = [(among, _charitable(inner)) for among, inner in value.parts]
    if value.variable.real:
        return choose(value.variable, parts)
    return any(inner is not False for _, inner in parts)


def refused(holds: list[Value]) -> dict[str, Among]:
    """What assertions on one parameter refuse, by the key of its variable."""
    found: dict[str, Among] = {}
    for value in holds:
        if isinstance(value, Choice) and not any(isinstance(inner, Choice) for _, inner in value.parts):
            for among in (among for among, allowed in value.parts if not allowed):
                found[value.variable.key] = either(found.get(value.variable.key, only()), among)
    return found


def either(one: Among, two: Among) -> Among:
    """What is in one of them."""
    neither = both(Among(one.values, not one.others), Among(two.values, not two.others))
    return Among(neither.values, not neither.others)


def possible(holds: list[Value]) -> Value:
    """Whether a deployment is possible at all: all of the assertions together. Raises TooManyLeaves."""
    result: Value = True
    for value in holds:
        result = lift(lambda one, two: one and two, result, value)
    return result
