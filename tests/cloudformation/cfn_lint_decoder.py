"""cfn-lint's decoder as a second opinion on the reader: the same tree, the same places of keys."""

from __future__ import annotations

import datetime
import math
from typing import Any

from cfnlint.decode import decode_str

from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.nodes import LIST, MAP, Node
from dblint.sources.cloudformation.reader import read
from dblint.sources.cloudformation.scalars import resolve

REFUSED = object()


def theirs(text: str) -> Any:
    """cfn-lint's tree, or REFUSED."""
    tree, matches = decode_str(text)
    return REFUSED if matches or tree is None else tree


def ours(text: str) -> Node | None:
    """Our tree; None where we refuse the text, or find a fault in it, or it is not one mapping or list."""
    try:
        roots, faults = read(text)
    except ReadError:
        return None
    return None if faults or len(roots) != 1 or roots[0].kind not in (LIST, MAP) else roots[0]


def plain(node: Node) -> Any:
    """A node as cfn-lint has it: functions as mappings."""
    value = node.value
    if node.kind == LIST:
        value = [plain(item) for item in value]
    elif node.kind == MAP:
        value = {key: plain(item) for key, (_, item) in value.items()}
    if not node.function:
        return value
    if node.function == "Fn::GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {node.function: value}


def different(one: Any, two: Any, path: tuple[Any, ...] = ()) -> str:
    """Where our plain value is not theirs; "" where it is. Dates, sexagesimal numbers and infinities are texts to us
    alone."""
    if isinstance(one, str) and _only_text_to_us(one, two):
        return ""
    if isinstance(two, dict):
        return _different_mappings(one, two, path)
    if isinstance(two, list):
        if not isinstance(one, list) or len(one) != len(two):
            return f"{path}: {one!r} is not {two!r}"
        return next(filter(None, (different(a, b, (*path, i)) for i, (a, b) in enumerate(zip(one, two)))), "")
    equal = one == two if isinstance(two, str) else type(one) is type(two) and one == two
    return "" if equal else f"{path}: {one!r} is not {two!r}"


def _only_text_to_us(one: str, two: Any) -> bool:
    if isinstance(two, (int, float)) and not isinstance(two, bool):
        return ":" in one or not math.isfinite(two)
    return isinstance(two, (datetime.date, datetime.datetime))


def _different_mappings(one: Any, two: dict[Any, Any], path: tuple[Any, ...]) -> str:
    keys = {str(key) if isinstance(key, str) else key: value for key, value in two.items()}
    mine = {key if key in keys else resolve(key): value for key, value in one.items()} if isinstance(one, dict) else {}
    if mine.keys() != keys.keys():
        return f"{path}: {one!r} is not {two!r}"
    return next(filter(None, (different(mine[key], keys[key], (*path, key)) for key in keys)), "")


def misplaced(node: Node, tree: Any) -> list[str]:
    """The keys that stand elsewhere than cfn-lint says."""
    if node.function:
        return []
    if node.kind == LIST and isinstance(tree, list):
        return [found for item, other in zip(node.value, tree) for found in misplaced(item, other)]
    if node.kind != MAP or not isinstance(tree, dict):
        return []
    found = []
    for other in tree:
        entry = node.value.get(str(other))
        mark = getattr(other, "start_mark", None)
        if entry and mark and (mark.line, mark.column) != entry[0].start:
            found.append(f"{other}: {entry[0].start}, cfn-lint has {(mark.line, mark.column)}")
        if entry:
            found += misplaced(entry[1], tree[other])
    return found
