"""Trees of expressions that are kept: read back, they are what the grammar makes of the text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dblint.model import Problem
from dblint.sources.terraform.syntax import plain_tree
from dblint.sources.terraform.syntax.expression import parse_expression
from dblint.sources.terraform.syntax.text import Allowance, Text
from dblint.sources.terraform.syntax.tree import Node, Opaque
from dblint.sources.terraform.values.value import Value

EXPRESSIONS = [
    'var.environment == "prod" ? 2 : 1',
    "-1 + 2 * !var.a",
    "[for k, v in var.all : upper(v) if v != null]",
    '{ for k, v in var.all : "${k}-x" => v... }',
    "aws_db_instance.a[*].id",
    "aws_db_instance.a.*.tags[var.key].name",
    "(var.a).b[local.i + 1]",
    'merge(var.tags, { (var.key) = 1, name = "a", "b" = [1, null, true] })',
    'format("%s", "a%{ if var.x }b${~ var.y }%{ else }c%{ endif }") != ""',
    '"%{ for x in var.list }${x},%{ endfor }" == ""',
    "concat(var.lists...)",
    'provider::aws::arn_parse("arn").account',
    '1 == 2 ? <<EOT\n  a ${var.b}\nEOT\n : "c"',
    "[for x in var.list : [for y in x : y.*.id]]",
    "1.0 + 10",
]


def dumped(node: Any, start: int) -> Any:
    """All that a tree holds, its offsets counted from `start`."""
    if isinstance(node, Node):
        slots = [slot for kind in type(node).__mro__ for slot in vars(kind).get("__slots__", ()) if slot != "place"]
        place = (node.place[1] - start, node.place[2] - start)
        return [type(node).__name__, place, *(dumped(getattr(node, slot), start) for slot in slots)]
    if isinstance(node, Value):
        return [node.kind, node.data, node.flags, node.size, node.trail and (node.trail[1] - start)]
    return [dumped(item, start) for item in node] if isinstance(node, tuple) else node


def text_of(source: str, allowance: Allowance, problems: list[Problem]) -> Text:
    return Text("main.tf", source, problems.append, allowance)


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_what_is_read_back_is_what_was_written(source: str) -> None:
    allowance, problems = Allowance(), list[Problem]()
    node = parse_expression(text_of(source, allowance, problems), 0, len(source))
    assert not problems and list(allowance.trees.known) == [source]
    allowance.trees.known = json.loads(json.dumps(allowance.trees.known))
    elsewhere = text_of(f"\n  a = {source}", allowance, problems)
    again = parse_expression(elsewhere, 7, len(elsewhere.text))
    assert dumped(again, 7) == dumped(node, 0)
    assert again.place[0] is elsewhere
    fresh = parse_expression(text_of(elsewhere.text, Allowance(), problems), 7, len(elsewhere.text))
    assert dumped(again, 7) == dumped(fresh, 7)


@pytest.mark.parametrize("source", ["var.a ==", "1.5 + 1", 'f("${a b}")', "-x(" + "1," * 2000 + ")"])
def test_what_can_not_be_read_back_is_not_kept(source: str) -> None:
    """What is wrong is told each time; numbers with fractions are none of JSON's."""
    allowance = Allowance()
    found = []
    for _ in range(2):
        problems: list[Problem] = []
        node = parse_expression(text_of(source, allowance, problems), 0, len(source))
        found.append((isinstance(node, Opaque), [problem.message for problem in problems]))
    assert found[0] == found[1]
    assert not allowance.trees.known


def test_every_kind_of_node_can_be_written() -> None:
    kinds = {kind.__name__ for kind in _below(Node)} - {"Opaque"}
    assert kinds == plain_tree._KINDS.keys()


def _below(kind: type[Node]) -> set[type[Node]]:
    return {kind for sub in kind.__subclasses__() for kind in (sub, *_below(sub))}
