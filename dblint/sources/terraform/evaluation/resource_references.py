"""References to resources and data sources: the exact instance, its arguments where they are written, else unknown."""

from __future__ import annotations

from dblint.model import Variable
from dblint.sources.terraform.evaluation.expansion import ANY_KEY, Expansion, Instance, expand, key_text
from dblint.sources.terraform.evaluation.expressions import evaluate
from dblint.sources.terraform.evaluation.references import stepped, undeclared
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.lifting import lift
from dblint.sources.terraform.values.trail import Through
from dblint.sources.terraform.values.value import (
    UNKNOWN,
    Evaluated,
    Value,
    altered,
    unknown,
    with_trail,
)

# Attributes that every resource has, and that are texts.
ALWAYS_SET = frozenset(
    (
        "address",
        "arn",
        "cluster_identifier",
        "db_cluster_snapshot_arn",
        "db_snapshot_arn",
        "default_route_table_id",
        "endpoint",
        "endpoint_arn",
        "global_replication_group_id",
        "id",
        "identifier",
        "invoke_arn",
        "key_id",
        "main_route_table_id",
        "name",
        "replication_instance_arn",
        "unique_id",
    )
)


class ResourceInstance:
    """One instance of a resource or data source, as values of kind "instance" hold it."""

    __slots__ = ("address", "block", "mode", "module", "scope")

    def __init__(self, module: ModuleInstance, mode: str, block: Block, address: str, scope: Scope) -> None:
        self.module = module
        self.mode = mode
        self.block = block
        self.address = address
        self.scope = scope

    def attribute(self, name: str) -> Evaluated:
        """`<this>.name`: the argument where it is written and not null, else what AWS decides. Raises
        EvaluationError."""
        key = ("attribute", self.address, name)
        return self.module.cell(key, lambda: self._attribute(name))  # type: ignore[no-any-return]

    def _attribute(self, name: str) -> Evaluated:
        if self.mode == "data" and name == "outputs" and self.block.labels[0] == "terraform_remote_state":
            from dblint.sources.terraform.evaluation.remote_state import outputs

            known = outputs(self)
            if known is not None:
                return known
        argument = self.block.body.arguments.get(name)
        if argument is None or name in ("count", "for_each", "provider", "depends_on"):
            return self._computed(name)
        value = lift(lambda plain: self._known(plain, name), evaluate(argument.expression, self.scope))
        text = f"{self.address}.{name}"
        return with_trail(value, lambda trail: Through(trail, argument.value_place, text))

    def _known(self, value: Value, name: str) -> Value:
        if value.kind == "null":
            return self._computed(name)
        refs = ((self.address, name), *(ref for ref in value.refs if ref[0] != self.address))
        return altered(value, refs=refs)

    def _computed(self, name: str) -> Value:
        because = f"{self.address}.{name}"
        is_text = name in ALWAYS_SET
        type = types.STRING if is_text else types.ANY
        made = unknown(because, type, is_set=is_text, variable=Variable(f"2 {because}", because))
        return altered(made, refs=((self.address, name),), trail=Through(None, self.block.place, because))


def declared(module: ModuleInstance, mode: str, type: str, name: str) -> Block | None:
    """The block of a resource, data source or ephemeral resource."""
    return module.module.resources.get((mode, type, name))


def plain_address(module: ModuleInstance, mode: str, type: str, name: str) -> str:
    """The address of a resource without a key."""
    prefix = "" if mode == "managed" else f"{mode}."
    return module.within(f"{prefix}{type}.{name}")


def expansion_of(module: ModuleInstance, mode: str, type: str, name: str, block: Block) -> Expansion:
    """The instances of a resource, expanded once."""
    address = plain_address(module, mode, type, name)
    key = ("expansion", mode, type, name)
    found = module.cell(key, lambda: expand(module, block, address))
    if isinstance(found, Expansion):
        return found
    return Expansion("count", [Instance(ANY_KEY, found, Scope(module, mark="[*]"))], found)


def resource(scope: Scope, mode: str, type: str, name: str, steps: tuple[str | Node, ...]) -> Evaluated:
    """`type.name` with its steps. Raises EvaluationError."""
    module = scope.module
    block = declared(module, mode, type, name)
    address = plain_address(module, mode, type, name)
    if block is None:
        return undeclared(address)
    expansion = expansion_of(module, mode, type, name, block)

    def made(instance: Instance) -> Value:
        held = ResourceInstance(module, mode, block, address + key_text(instance.key), instance.scope)
        return Value("instance", held, refs=((held.address, ""),), trail=block.place, flags=UNKNOWN)

    return stepped(expansion, made, steps, scope)
