"""What is read without python-hcl2's grammar is what the grammar reads: the same nodes at the same places."""

from __future__ import annotations

import random
from typing import Any

import console_expressions
import pytest
from second_parser import Refused, described, parse
from test_tf_parser import PARTICULAR, arguments, corpus_texts, written_differently
from tf_support import CORPUS

from dblint.model import Problem
from dblint.sources.terraform.syntax import ordinary
from dblint.sources.terraform.syntax.cursor import Unsure
from dblint.sources.terraform.syntax.expression import parse_expression
from dblint.sources.terraform.syntax.grammar import parse_whole
from dblint.sources.terraform.syntax.scan import ScanError
from dblint.sources.terraform.syntax.text import Text, body_of
from dblint.sources.terraform.syntax.tree import Node, Opaque
from dblint.sources.terraform.values.value import Value

EXPRESSIONS = (
    'var.environment == "prod" ? 2 : 1',
    "-1 + 2 * !var.a",
    "[for k, v in var.all : upper(v) if v != null]",
    '{ for k, v in var.all : "${k}-x" => v... }',
    "aws_db_instance.a[*].id",
    "aws_db_instance.a.*.tags[var.key].name",
    "a.0.b[1].2",
    "a[*][0].b.*.c[var.d]",
    "(var.a).b[local.i + 1]",
    'merge(var.tags, { (var.key) = 1, name = "a", "b" = [1, null, true] })',
    'format("%s", "a%{ if var.x }b${~ var.y }%{ else }c%{ endif }") != ""',
    '"%{ for x in var.list }${x},%{ endfor }" == ""',
    "concat(var.lists...)",
    '1 == 2 ? <<EOT\n  a ${var.b}\nEOT\n : "c"',
    "[for x in var.list : [for y in x : y.*.id]]",
    "1.0 + 10",
    "{\n  a = 1, # one\n  b = x ? y : z\n  (c) : f(\n    1,\n  )\n}",
    "[for x in y : x\n# why\n if x]",
    "a\n  // why\n  && b",
    'f("${g("a")}")[0].x["y"].z',
    '["a${b}"].x',
    '{ "a${b}" = 1, 1 = 2, null = 3 }',
    "a ? -b : - 1",
    "[]\n",
    " \n a",
)
# Left to the grammar, whatever it says of them.
UNUSUAL = frozenset(
    (
        *("!!a", "- -a", "a . b", "f (a)", "a /* c */ + b", "{ a.b = 1 }", "(a", "[a", "{ a }", "a b", ""),
        *("a::b::c(1)", "core::f(x)", "é", "é.ü", "a.é", "é(1)", "a...", "1 +", "a ? b", "[[a]...]", "f(a)(b)"),
    )
)
# What the grammar takes for two terms without an operator; Terraform subtracts.
MINUS_NUMBER = ("1 -20", "100-10", "1.5 -1.5", '"a"-10')


def dumped(node: Any, start: int) -> Any:
    """All that a tree holds, its offsets counted from `start`."""
    if isinstance(node, Node):
        slots = [slot for kind in type(node).__mro__ for slot in vars(kind).get("__slots__", ()) if slot != "place"]
        place = (node.place[1] - start, node.place[2] - start)
        return [type(node).__name__, place, *(dumped(getattr(node, slot), start) for slot in slots)]
    if isinstance(node, Value):
        return [node.kind, node.data, node.flags, node.size, node.trail and (node.trail[1] - start)]
    return [dumped(item, start) for item in node] if isinstance(node, tuple) else node


def read(source: str) -> Node | None:
    """None where the grammar is asked, or where the text is wrong."""
    problems: list[Problem] = []
    try:
        node = ordinary.read(Text("x.tf", source, problems.append), 0, len(source))
    except (Unsure, ScanError):
        return None
    return None if problems else node


def by_grammar(source: str) -> Node:
    return parse_whole(Text("x.tf", source, lambda problem: None), 0, len(source))


@pytest.mark.parametrize("source", [*EXPRESSIONS, *PARTICULAR])
def test_the_same_nodes_at_the_same_places(source: str) -> None:
    node = read(source)
    assert (node is None) == (source in UNUSUAL)
    if node is not None:
        assert dumped(node, 0) == dumped(by_grammar(source), 0)


@pytest.mark.parametrize("source", MINUS_NUMBER)
def test_a_number_behind_a_minus_is_subtracted(source: str) -> None:
    node = read(source)
    assert node is not None
    assert described(node) == parse(source)


def test_places_are_those_of_the_text_around_it() -> None:
    for source in EXPRESSIONS:
        around = f"\n  a = {source}\n}}"
        node = parse_expression(Text("x.tf", around, lambda problem: None), 7, 7 + len(source))
        assert dumped(node, 7) == dumped(by_grammar(source), 0)


def test_random_expressions() -> None:
    chosen, unusual = random.Random(5), 0
    for source in console_expressions.randoms(17, 500):
        varied = source if '"' in source or "{ " in source else written_differently(source, chosen)
        node = read(varied)
        if node is None:
            unusual += 1
        else:
            assert dumped(node, 0) == dumped(by_grammar(varied), 0)
    assert unusual < 250  # block comments, mostly


_BITS = (
    *(
        " ",
        "\n",
        "\r\n",
        ".",
        ".*",
        "[*]",
        "*",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "?",
        ":",
        "::",
        "=",
        "=>",
        "==",
        "!",
        "-",
    ),
    *("+", "%", '"', "${", "%{", "~", "#", "//", "/*", "*/", ",", "...", "for ", " in ", " if ", "x", "1", "0", "1.5"),
    *(".0", "true", "null", "<<", "<<E\n", "\\", "é", "&&", "||", ""),
)


def mutated(source: str, chosen: random.Random) -> str:
    for _ in range(chosen.choice((1, 1, 2, 3))):
        start = chosen.randrange(len(source) + 1)
        end = min(len(source), start + chosen.choice((0, 0, 1, 2, 5)))
        source = source[:start] + chosen.choice(_BITS) + source[end:]
    return source


def test_what_is_nearly_an_expression() -> None:
    """Where it is read, the grammar reads the same; where the grammar refuses it, another parser does."""
    chosen, compared = random.Random(7), 0
    pool = [*PARTICULAR, *EXPRESSIONS, *console_expressions.randoms(19, 200)]
    for _ in range(20_000):
        source = mutated(chosen.choice(pool), chosen)
        node = read(source)
        if node is None:
            continue
        compared += 1
        slow = by_grammar(source)
        if isinstance(slow, Opaque):
            try:
                assert described(node) == parse(source), source
            except (Refused, IndexError, ValueError):
                pytest.fail(f"only ordinary.py reads {source!r}")
        else:
            assert dumped(node, 0) == dumped(slow, 0), source
    assert compared > 2_000


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_all_real_expressions_are_ordinary() -> None:
    """What is left to the grammar costs a start of it, and would be no error."""
    sources: set[str] = set()
    for text in corpus_texts():
        for argument in arguments(body_of(text, nested=False)):
            _, start, end = argument.value_place
            sources.add(text.text[start:end])
    assert len(sources) > 5_000
    for source in sources:
        node = read(source)
        assert node is not None, source
        assert dumped(node, 0) == dumped(by_grammar(source), 0), source


class Watched(str):
    """A text that counts what is copied of it."""

    copied = 0

    def __getitem__(self, key: Any) -> str:
        piece = super().__getitem__(key)
        self.copied += len(piece)
        return piece


@pytest.mark.parametrize(
    "source",
    [
        "{\n" + "".join(f"  a{i} = b ? {i} : c\n" for i in range(1_000)) + "}",
        "[" + ", ".join(f'f("x${{a}}", [{i}])' for i in range(1_000)) + "]",
        "[" + "a[*].b, " * 1_000 + "]",
        "{ " + "(a) = -1, " * 1_000 + "}",
        "[for x in [" + "1, " * 1_000 + "] : x]",
    ],
    ids=["object", "calls", "splats", "keys", "for"],
)
def test_work_is_proportional_to_the_text(source: str) -> None:
    watched = Watched(source)
    node = ordinary.read(Text("x.tf", watched, lambda problem: None), 0, len(source))
    assert dumped(node, 0) == dumped(by_grammar(source), 0)
    assert watched.copied < 10 * len(source)
