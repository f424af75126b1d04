"""Override files: their blocks are merged into those of the module, argument by argument."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.sources.terraform.module import MODES, Module, provider_name
from dblint.sources.terraform.syntax.text import Block, Body


def override(module: Module, blocks: list[Block]) -> None:
    """Merges the blocks of override files, in their order. One that overrides nothing is an error in Terraform, and
    here a declaration of its own."""
    for block in blocks:
        if block.type == "locals":
            module.locals.update(block.body.arguments)
        elif block.type in MODES and len(block.labels) == 2:
            key = (MODES[block.type], *block.labels)
            _merge(module.resources, key, block)  # type: ignore[arg-type]
        elif block.type == "terraform":
            module.settings.insert(0, block)
        elif len(block.labels) == 1:
            _merge_named(module, block, block.labels[0])


def _merge_named(module: Module, block: Block, name: str) -> None:
    tables = {"variable": module.variables, "output": module.outputs, "module": module.calls}
    if block.type in tables:
        _merge(tables[block.type], name, block)  # type: ignore[arg-type]
    elif block.type == "provider":
        _merge(module.providers, provider_name(name, block), block)  # type: ignore[arg-type]


def _merge(table: dict[object, Block], key: object, block: Block) -> None:
    old = table.get(key)
    table[key] = block if old is None else _merged(old, block)


def _merged(old: Block, new: Block) -> Block:
    """The old block with the new one's arguments. Nested blocks of a type replace all of that type, but for
    `lifecycle`, which is merged as well."""
    arguments = {**old.body.arguments, **new.body.arguments}
    for one, other in (("count", "for_each"), ("for_each", "count")):
        if one in new.body.arguments and other not in new.body.arguments:
            arguments.pop(other, None)
    kept = [block for block in old.body.blocks if _type(block) not in _types(new.body)]
    added = [_lifecycle(old.body, block) for block in new.body.blocks]
    return Block(old.type, old.labels, old.place, old.whole, 0, Body(arguments, kept + added))


def _type(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _types(body: Body) -> set[str]:
    return {_type(block) for block in body.blocks}


def _lifecycle(old: Body, block: Block) -> Block:
    before = next((b for b in old.blocks if b.type == "lifecycle"), None)
    if block.type != "lifecycle" or before is None:
        return block
    arguments: Mapping[str, object] = {**before.body.arguments, **block.body.arguments}
    return Block("lifecycle", (), before.place, before.whole, 0, Body(dict(arguments), block.body.blocks))  # type: ignore[arg-type]
