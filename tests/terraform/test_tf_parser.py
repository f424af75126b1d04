"""The parser: python-hcl2 with our adapter against a second parser, and the scanner against `terraform fmt`."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import console_expressions
import pytest
from second_parser import Refused, described, parse
from tf_support import CORPUS

from dblint.model import Problem
from dblint.sources.terraform.syntax.expression import parse_expression
from dblint.sources.terraform.syntax.grammar import parse_whole
from dblint.sources.terraform.syntax.scan import ScanError, comments, items
from dblint.sources.terraform.syntax.text import Argument, Body, Text, body_of

PARTICULAR = (
    *(
        "a.b[0].c",
        "a[0][1]",
        'a["x"].y',
        "a.0.b",
        "a[*].b",
        "a.*.b",
        "a[*].b[*].c",
        "a.*.b[0]",
        "a[*].b[0]",
    ),
    *(
        "(a[*]).b",
        "(a).b",
        "(a.b)[0]",
        "f(x)[0].y",
        "[1, 2][0]",
        "{ a = 1 }.a",
        "a.for.in",
        "each.value.if",
    ),
    *(
        "a[b.c[d]]",
        "a . b",
        "!a",
        "!!a",
        "- -a",
        "-a",
        "-1",
        "-(1)",
        "!(a && b)",
        "a - b",
        "a -b",
        "1 -2",
    ),
    *(
        "1 - -2",
        "a-b",
        "-a * -b",
        "a == !b",
        "a ? b : c ? d : e",
        "a ? b ? c : d : e",
    ),
    *(
        "a || b && c == d + e * f",
        "(a || b) && c",
        "a != b",
        "a >= b <= c",
        '"a"',
        '""',
        '"a${b}c"',
        '"${a}"',
    ),
    *(
        '"${a}${b}"',
        '"$${a}"',
        '"%%{a}"',
        '"a$b%c"',
        '"\\"\\\\\\n\\t"',
        '"\\u00e9"',
        '"${"${a}"}"',
        '"${~ a ~}"',
    ),
    *(
        '"x ${~ a } y"',
        '"%{ if a }b%{ else }c%{ endif }"',
        '"%{for x in y~} ${x} %{endfor}"',
        "<<EOT\na\nEOT\n",
    ),
    *(
        "<<-EOT\n  a\n    b\n  EOT\n",
        "<<EOT\n${a} $${b}\n\\n\nEOT\n",
        "<<-EOT\n\n  a ${b}\n   c\n  EOT  \n",
    ),
    *(
        "[for x in y : x]",
        "[for k, v in y : k if v]",
        "{ for k, v in y : k => v }",
    ),
    *(
        "{ for x in y : x.a => x... if x }",
        "{}",
        "{ a = 1 }",
        "{ a : 1, b = 2 }",
    ),
    *(
        '{ "a" = 1, (b) = 2, "${c}" = 3 }',
        "{\n a = 1\n b = 2,\n c = 3\n}",
        "{ a-b = 1 }",
    ),
    *(
        "{ true = 1, null = 2, in = 3, if = 4 }",
        "{ a.b = 1 }",
        "{ 1 = 2 }",
        "[]",
        "[1,]",
        "[\n1,\n2\n]",
    ),
    *(
        "[[[]]]",
        "[[a]...]",
        "f()",
        "f(a)",
        "f(a, b)",
        "f(a,)",
        "f(a...)",
        "f(\n a,\n b\n)",
        "a::b::c(1)",
    ),
    *(
        "core::f(x)",
        "f (a)",
        "f(a)(b)",
        "a # c",
        "a /* c */ + b",
        "[a, # c\n b]",
        "(a // c\n + b)",
    ),
    *(
        "{ a = 1 # c\n b = 2 }",
        "(a\n&& b\n|| c)",
        "[for x in y :\n x\n if x]",
        "é",
        "é.ü",
        '"é"',
        "a.é",
        "é(1)",
    ),
    *(
        "1.5e3",
        "1e-3",
        "0.5",
        "007",
        "a...",
        "1 +",
        "a ? b",
        "(a",
        "[a",
        "{ a }",
        "a b",
        "",
    ),
)


def problems(text: str) -> tuple[object, list[Problem]]:
    found: list[Problem] = []
    node = parse_expression(Text("x.tf", text, found.append), 0, len(text))
    return node, found


def second(text: str) -> object:
    try:
        return parse(text)
    except (Refused, IndexError, ValueError):
        return ("opaque",)


@pytest.mark.parametrize("text", PARTICULAR)
def test_both_parsers_agree(text: str) -> None:
    node, _ = problems(text)
    if text not in LENIENT:
        assert described(node) == second(text)


# What python-hcl2's grammar takes and Terraform does not, or what has no meaning in any.
LENIENT = ("[[a]...]", "f(a)(b)", "a...")


@pytest.mark.parametrize("text", PARTICULAR)
def test_the_grammar_agrees(text: str) -> None:
    """What parse_expression gives it, and all that it could be given."""
    try:
        node = parse_whole(Text("x.tf", text, lambda problem: None), 0, len(text))
    except ScanError:
        return
    if text not in LENIENT:
        assert described(node) == second(text)


def written_differently(text: str, chosen: random.Random) -> str:
    """The same expression with blanks, newlines and comments between its words."""
    made = []
    for word in text.split(" "):
        blank = chosen.choice((" ", "  ", "\n", " # c\n", " /* c\n */ ", " // d\n", "\t"))
        made.append(word + blank)
    return "(" + "".join(made) + ")"


def test_random_expressions() -> None:
    chosen = random.Random(3)
    differing = []
    for text in console_expressions.randoms(11, 700):
        if ('"' in text and " x" in text) or "{ " in text:
            varied = text
        else:
            varied = written_differently(text, chosen)
        node, found = problems(varied)
        if described(node) != second(varied) or found:
            differing.append(varied)
    assert not differing


def corpus_texts(limit: int | None = None) -> Iterator[Text]:
    paths = sorted(path for path in CORPUS.rglob("*.tf") if path.is_file())
    for path in paths[:limit]:
        yield Text(str(path.relative_to(CORPUS)), path.read_text(encoding="utf-8"), lambda problem: None)


def arguments(body: Body) -> Iterator[Argument]:
    yield from body.arguments.values()
    for block in body.blocks:
        yield from arguments(block.body)


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_every_expression_of_the_corpus() -> None:
    differing, count = [], 0
    for text in corpus_texts():
        for argument in arguments(body_of(text, nested=False)):
            count += 1
            _, start, end = argument.value_place
            if described(argument.expression) != parse(text.text, start, end):
                differing.append((text.path, argument.name, text.text[start:end]))
    assert not differing
    assert count > 10_000


@pytest.mark.corpus
@pytest.mark.terraform
@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not on PATH")
def test_what_terraform_takes_is_scanned_whole(tmp_path: Path) -> None:
    """`terraform fmt` accepts the whole corpus, and so does the scanner, at every depth."""
    done = subprocess.run(
        ["terraform", "fmt", "-no-color", "-write=false", "-list=false", "-recursive", str(CORPUS)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(Path(shutil.which("terraform") or "").parent), "CHECKPOINT_DISABLE": "1"},
    )
    refused = {line.split(" on ")[1].split(" line ")[0] for line in done.stderr.splitlines() if " on " in line}
    found: list[Problem] = []
    for path in sorted(CORPUS.rglob("*.tf")):
        text = Text(str(path), path.read_text(encoding="utf-8"), found.append)
        list(arguments(body_of(text, nested=False)))
    assert not {problem.path for problem in found} - refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = 2\n", ["a", "b"]),
        ('resource "x" "y" {\n a = "}"\n}\nb = 1', ["resource", "b"]),
        ('a = "${"}"}"\nb = {\n c = "#"\n}\n', ["a", "b"]),
        ("a = <<EOT\n}\nEOT\nb = 1\n", ["a", "b"]),
        ("a = <<-EOT\n  ${f({})} {\n  EOT  \nb = 1\n", ["a", "b"]),
        ("# {\n// {\n/* {\n */ a = 1 /* { */ # {\nb = 2", ["a", "b"]),
        ("a = (\n 1\n)\nb = [\n]\n", ["a", "b"]),
        ("x {}\ny z {}\n", ["x", "y"]),
        ("\ufeffa = 1\r\nb = 2\r\n", ["a", "b"]),
        ('a = "\\"{"\nb = "$${"\nc = "%%{"', ["a", "b", "c"]),
    ],
)
def test_the_scanner_finds_blocks_and_arguments(text: str, expected: list[str]) -> None:
    assert [item.name for item in items(text)] == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb {\n", 2),
        ('a = "x', 1),
        ('a = "${b"\n', 1),
        ("a = <<EOT\nx\n", 1),
        ("a = [1\nb = 2\n", 1),
        ("a b c\n", 1),
        ("a = 1\n}\n", 2),
        ("a = 1\n= 2\n", 2),
        ("x y {\n  a = 1\n\n  b c\n}\n", 4),
    ],
)
def test_errors_have_their_line(text: str, line: int) -> None:
    found: list[Problem] = []
    list(arguments(body_of(Text("x.tf", text, found.append), nested=False)))
    assert [problem.line for problem in found] == [line]


def test_comments_are_found_where_they_stand() -> None:
    text = 'a = "# no" # yes\n// too\nb = <<EOT\n# no\nEOT\n/* three */\n'
    assert [comment for _, comment in comments(text)] == ["# yes", "// too", "/* three */"]
    assert all(text.startswith(comment, offset) for offset, comment in comments(text))


def test_the_rules_of_the_grammar_are_those_that_the_adapter_knows() -> None:
    """python-hcl2 may rename its rules: then this fails, and not a scan."""
    import hcl2

    from dblint.sources.terraform.syntax.adapter import Adapter

    grammar = (Path(hcl2.__file__).parent / "hcl2.lark").read_text(encoding="utf-8")
    for name in dir(Adapter):
        if name.startswith("_") and name.endswith(("_term", "_lit", "_expr", "_op", "_call")):
            assert name.removeprefix("_") in grammar


def test_real_roots_need_no_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing it costs more than all else in most of them."""
    monkeypatch.setitem(sys.modules, "lark", None)
    assert not problems('merge(var.a ? { x = [for y in z : y[*].id if y > 1] } : {}, f("${a}-b")...)')[1]


@pytest.mark.parametrize("text", ["f(a", "f(a b)", "f(,)", "f(a,,b)", "f(1 +)"])
def test_calls_that_are_none_are_told_by_the_grammar(text: str) -> None:
    assert len(problems(text)[1]) == 1
