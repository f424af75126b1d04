"""Metadata of templates in the words of cfn-lint, cfn_nag, cfn-guard, cdk-nag and Checkov."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dblint.sources.cloudformation.nodes import Node
from dblint.suppressions.metadata import Holder, texts
from dblint.suppressions.others import Honoured, Said, suppression
from dblint.suppressions.suppression import Lines, Suppression


def in_metadata(path: str, found: Iterable[Holder], honoured: Honoured) -> Iterator[Suppression]:
    """What Metadata of other tools hides in a template."""
    for holder in found:
        for line, said in _of_holder(holder):
            if said.tool in honoured.tools:
                yield from suppression(path, line, said, honoured, "metadata")


def _of_holder(holder: Holder) -> Iterator[tuple[int, Said]]:
    where = tuple(each for each in holder.where if isinstance(each, Lines)) or holder.where  # not what a stack nests
    for tool, keys in (
        ("cfn_nag", ("cfn_nag", "rules_to_suppress")),
        ("cdk-nag", ("cdk_nag", "rules_to_suppress")),
        ("checkov", ("checkov", "skip")),
    ):
        for item in _items(holder.data, keys):
            reason = texts(item.get("reason")) or texts(item.get("comment"))
            yield item.start[0] + 1, Said(tool, texts(item.get("id")), where, " ".join(reason))
    for node in _nodes(holder.data, ("cfn-lint", "config", "ignore_checks")):
        yield node.start[0] + 1, Said("cfn-lint", texts(node), where)
    for node in _nodes(holder.data, ("guard", "SuppressedRules")):
        names = tuple(name for name, _, _ in node.entries()) or texts(node)
        yield node.start[0] + 1, Said("guard", names, where)


def _nodes(data: Node, keys: tuple[str, ...]) -> list[Node]:
    node: Node | None = data
    for key in keys:
        node = node.get(key) if node else None
    return [node] if node else []


def _items(data: Node, keys: tuple[str, ...]) -> list[Node]:
    return [item for node in _nodes(data, keys) for item in node.items()]
