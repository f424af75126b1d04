"""Modules as they are written: what the files of one folder declare."""

from __future__ import annotations

from collections.abc import Iterable

from dblint.sources.terraform.syntax.text import Argument, Block, Text

MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}


class Module:
    """One folder. `resources` is keyed by mode ("managed", "data", "ephemeral"), type and name; `providers` by local
    name with its alias ("aws.east"). Of equal declarations the first counts."""

    def __init__(self, folder: str, texts: Iterable[Text]) -> None:
        self.folder = folder
        self.texts = list(texts)
        self.resources: dict[tuple[str, str, str], Block] = {}
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, Argument] = {}
        self.outputs: dict[str, Block] = {}
        self.calls: dict[str, Block] = {}
        self.providers: dict[str, Block] = {}
        self.settings: list[Block] = []

    def declare(self, block: Block) -> None:
        labels = block.labels
        if block.type in MODES and len(labels) == 2:
            self.resources.setdefault((MODES[block.type], *labels), block)
        elif block.type == "locals":
            for name, argument in block.body.arguments.items():
                self.locals.setdefault(name, argument)
        elif block.type == "terraform":
            self.settings.append(block)
        elif len(labels) == 1:
            self._declare_named(block, labels[0])

    def _declare_named(self, block: Block, name: str) -> None:
        tables = {"variable": self.variables, "output": self.outputs, "module": self.calls}
        if block.type in tables:
            tables[block.type].setdefault(name, block)
        elif block.type == "provider":
            self.providers.setdefault(provider_name(name, block), block)


def provider_name(name: str, block: Block) -> str:
    """The local name of a provider's block: "aws", or "aws.east" with an alias."""
    from dblint.sources.terraform.syntax.tree import Literal

    alias = block.body.arguments.get("alias")
    node = alias.expression if alias else None
    return f"{name}.{node.value.data}" if isinstance(node, Literal) else name
