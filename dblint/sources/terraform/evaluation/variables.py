"""Variables: what a call, a scenario or a default gives them, as values of their type."""

from __future__ import annotations

from dblint.model import Variable
from dblint.sources.terraform.evaluation.decisions import decision_of
from dblint.sources.terraform.evaluation.expressions import evaluate
from dblint.sources.terraform.evaluation.run import Given
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.evaluation.type_constraints import type_constraint
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.syntax.tree import Literal
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import lift
from dblint.sources.terraform.values.trail import Through
from dblint.sources.terraform.values.types import Type
from dblint.sources.terraform.values.value import (
    SENSITIVE,
    Evaluated,
    Value,
    altered,
    string,
    unknown,
    with_trail,
)


def variable(module: ModuleInstance, name: str) -> Evaluated:
    """`var.name`. Raises EvaluationError where what it is given is not of its type."""
    from dblint.sources.terraform.evaluation.references import undeclared

    block = module.module.variables.get(name)
    if block is None:
        return undeclared(f"var.{name}")
    return module.cell(("variable", "var", name), lambda: _variable(module, name, block))  # type: ignore[no-any-return]


def _variable(module: ModuleInstance, name: str, block: Block) -> Evaluated:
    type = _type_of(module, name, block)
    value = _given(module, name, type)
    if value is not None:
        value = convert(value, type)
        if not _nullable(block):
            value = lift(lambda plain: _default(module, name, block, type) if plain.kind == "null" else plain, value)
    elif module.parent is None and (decision := decision_of(module, name, block, type)) is not None:
        value = decision
    else:
        value = _default(module, name, block, type)
    if flag(block, "sensitive") or flag(block, "ephemeral"):
        value = lift(lambda plain: altered(plain, flags=plain.flags | SENSITIVE), value)
    return value


def _type_of(module: ModuleInstance, name: str, block: Block) -> Type:
    argument = block.body.arguments.get("type")
    if argument is None:
        return types.ANY
    key = ("type", "type", name)
    return module.cell(key, lambda: type_constraint(argument.expression, module, name))  # type: ignore[no-any-return]


def flag(block: Block, name: str) -> bool:
    """Whether an argument of the block is literally true."""
    argument = block.body.arguments.get(name)
    node = argument.expression if argument else None
    return isinstance(node, Literal) and node.value.data is True


def _nullable(block: Block) -> bool:
    argument = block.body.arguments.get("nullable")
    node = argument.expression if argument else None
    return not (isinstance(node, Literal) and node.value.data is False)


def _given(module: ModuleInstance, name: str, type: Type) -> Evaluated | None:
    """What the call or the scenario gives; None where it gives nothing."""
    if module.parent is None:
        given = module.run.variables.get(name)
        return None if given is None else from_scenario(module, name, given, type)
    assert module.call is not None and module.caller is not None
    argument = module.call.body.arguments.get(name)
    if argument is None:
        return None
    value = evaluate(argument.expression, module.caller)
    text = f"argument of {module.address}"
    return with_trail(value, lambda trail: Through(trail, argument.value_place, text))


def from_scenario(module: ModuleInstance, name: str, given: Given, type: Type) -> Evaluated:
    """A value of a variable file, or of the command line, where it is text for a variable of a plain type and an
    expression for all others."""
    node = given.node
    if node is None:
        if types.is_primitive(type) or type.kind == "any":
            return string(given.text)
        node = _expression_of(given, module)
    value = evaluate(node, Scope(module))
    text = f"set for variable {name} {given.source}"
    return with_trail(value, lambda trail: Through(trail, node.place, text))


def _expression_of(given: Given, module: ModuleInstance):  # type: ignore[no-untyped-def]
    from dblint.sources.terraform.syntax.expression import parse_expression
    from dblint.sources.terraform.syntax.text import Text

    text = Text("", given.text, module.run.project.report)
    return parse_expression(text, 0, len(given.text))


def _default(module: ModuleInstance, name: str, block: Block, type: Type) -> Evaluated:
    """The default; an unknown where there is none. Terraform asks for it then, so it is surely set."""
    argument = block.body.arguments.get("default")
    if argument is None:
        return _without_value(module, name, block, type)
    value = convert(evaluate(argument.expression, Scope(module)), type)
    text = f"default of variable {name}"
    return with_trail(value, lambda trail: Through(trail, argument.value_place, text))


def _without_value(module: ModuleInstance, name: str, block: Block, type: Type) -> Value:
    address = module.within(f"var.{name}")
    exposed = module.parent is None and not flag(block, "sensitive") and not flag(block, "ephemeral")
    domain = (True, False) if type == types.BOOL else None
    identity = Variable(f"2 {address}", name if module.parent is None else address, domain=domain)
    trail = Through(None, block.place, f"variable {name} has no value")
    made = unknown(address, type, is_set=True, variable=identity, exposed=exposed)
    return altered(made, trail=trail)
