"""Which parameters of a template are decisions: they steer something, or name the environment."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dblint.choice import only
from dblint.model import Among, Environments
from dblint.sources.cloudformation.parameters import (
    Decision,
    decision,
    environment_parameter,
    holds_environments,
)
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.usage import Usage, Use

# Their value is the stack's own; all others are the same in every stack of a deployment.
_OWN_PSEUDO = ("AWS::StackId", "AWS::StackName")


def decisions_of(
    template: Template,
    usage: Usage,
    environments: Environments,
    given: Collection[str],
    prefix: str = "",
    refused: Mapping[str, Among] | None = None,
) -> dict[str, Decision]:
    """The decisions of a template by name. `given` are names that have a value and decide nothing. `refused`: what
    the template's rules do not allow, by the key of the variable."""
    naming = environment_parameter(template.parameters, environments)
    found: list[tuple[str, Decision]] = []
    for name, declaration in template.parameters.items():
        use = usage.get(name)
        if name not in given and (use or name == naming or holds_environments(declaration, environments)):
            names = name == naming and not prefix
            found.append((name, decision(name, prefix, use or Use(), declaration, names)))
    for name, use in usage.items():
        if name.startswith("AWS::") and name not in given:
            found.append((name, decision(name, prefix if name in _OWN_PSEUDO else "", use, None)))
    without = refused or {}
    return {name: each.without(without.get(each.variable.key, only())) for name, each in found}
