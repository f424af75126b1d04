"""Providers: which one a resource uses, its region, its default tags, and its version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.sources.terraform.evaluation.expressions import attempt
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.syntax.text import Argument, Block
from dblint.sources.terraform.syntax.tree import Literal, Node, Object, Reference
from dblint.sources.terraform.values.value import Evaluated

AWS = "aws"


def provider_of(module: ModuleInstance, block: Block) -> tuple[ModuleInstance, Block] | None:
    """The provider block that a resource uses, and the module that it stands in; None where there is none."""
    argument = block.body.arguments.get("provider")
    name = _written_name(argument.expression) if argument else _prefix(block)
    return _found(module, name or AWS)


def _prefix(block: Block) -> str:
    """The provider that a type belongs to by its name."""
    return block.labels[0].partition("_")[0] if block.labels else AWS


def _written_name(node: Node) -> str:
    """`aws` or `aws.east` as it is written, also in the quotes of JSON and old code."""
    if isinstance(node, Literal):
        return str(node.value.data)
    if isinstance(node, Reference):
        steps = [step for step in node.steps if isinstance(step, str)]
        return ".".join((node.name, *steps[:1]))
    return ""


def _found(module: ModuleInstance, name: str) -> tuple[ModuleInstance, Block] | None:
    """Follows a provider's name through the calls up to its block."""
    while True:
        block = module.module.providers.get(name)
        if block is not None:
            return module, block
        if name in module.providers:
            module, name = module.providers[name]
        elif module.parent is not None and "." not in name:
            module = module.parent
        else:
            return None


def passed_providers(module: ModuleInstance, call: Block) -> Mapping[str, tuple[ModuleInstance, str]]:
    """What the `providers` of a call hand over: the name in the called module -> the module and the name there."""
    argument = call.body.arguments.get("providers")
    if argument is None or not isinstance(argument.expression, Object):
        return {}
    passed = {}
    for key, value in argument.expression.items:
        passed[_written_name(key)] = (module, _written_name(value))
    return passed


def region_of(module: ModuleInstance, block: Block) -> Evaluated | None:
    """The region of the provider of a resource; None where it says none."""
    found = provider_of(module, block)
    if found is None or "region" not in found[1].body.arguments:
        return None
    return attempt(found[1].body.arguments["region"].expression, Scope(found[0]))


def default_tags_of(module: ModuleInstance, block: Block) -> tuple[Argument, ModuleInstance] | None:
    """The `tags` of the provider's `default_tags`, and the module to evaluate them in."""
    found = provider_of(module, block)
    if found is None:
        return None
    for inner in found[1].body.blocks:
        if inner.type == "default_tags" and "tags" in inner.body.arguments:
            return inner.body.arguments["tags"], found[0]
    return None


def version_constraints(settings: list[Block]) -> Iterator[str]:
    """The constraints on hashicorp/aws in the `terraform` blocks of a module."""
    for block in settings:
        for inner in block.body.blocks:
            if inner.type == "required_providers":
                yield from _constraints(inner)


def _constraints(block: Block) -> Iterator[str]:
    for name, argument in block.body.arguments.items():
        node = argument.expression
        entries = _entries(node)
        source = entries.get("source", f"hashicorp/{name}" if name == AWS else "")
        if source.lower().endswith("hashicorp/aws"):
            version = str(node.value.data) if isinstance(node, Literal) else entries.get("version", "")
            if version:
                yield version


def _entries(node: Node) -> dict[str, str]:
    if not isinstance(node, Object):
        return {}
    return {
        str(key.value.data): str(value.value.data)
        for key, value in node.items
        if isinstance(key, Literal) and isinstance(value, Literal)
    }
