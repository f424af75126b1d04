"""What python-hcl2 8.1 refuses or misreads and Terraform takes, each with our reading beside it.

Every row is a report that could be sent upstream: the text, what Terraform (hclsyntax) makes of it, and what
python-hcl2 does. The work-around is dblint/sources/terraform/syntax/normalise.py. A row that fails here has been
mended upstream, and its part of the work-around can go.
"""

from __future__ import annotations

import hcl2
import pytest
from second_parser import described, parse
from test_tf_parser import problems

REFUSED = {
    "two unary operators": "!!a",
    "a number of two digits right behind a minus": "1 -20",
    "an identifier that is not ASCII": "é.b",
    "a function with a namespace of one part": "core::upper(a)",
    "a newline inside of an interpolation": '"${\na\n}"',
    "an escaped interpolation that is not closed": '"$${"',
    "an escaped directive that is not closed": '"%%{"',
    "a newline before an attribute in parentheses": "(a\n.b)",
    "a strip marker in an interpolation": '"a ${~ b ~} c"',
}

MISREAD = {
    # The text up to the next brace is taken for literal text; Terraform says "${" and then the value of a.
    "an escape before an interpolation": (
        '"$${${a}}"',
        ("template", (("literal", "${"), ("name", "a"), ("literal", "}"))),
    ),
    # The index belongs to each element; Terraform applies it to what the splat made.
    "an index after an attribute-only splat": (
        "a.*.b[0]",
        ("index", ("splat", ("name", "a"), ("attribute", ("item",), "b")), ("number", 0)),
    ),
    # The second splat is applied to what the first made; Terraform applies it to each element.
    "a splat on a splat": (
        "a[*].b[*].c",
        (
            "splat",
            ("name", "a"),
            ("splat", ("attribute", ("item",), "b"), ("attribute", ("item",), "c")),
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_python_hcl2_refuses_is_read(what: str) -> None:
    text = REFUSED[what]
    node, found = problems(text)
    assert not found
    assert described(node) == parse(text)


@pytest.mark.parametrize("what", REFUSED)
def test_python_hcl2_still_refuses_it(what: str) -> None:
    with pytest.raises(Exception):  # noqa: B017  (lark's and its own)
        hcl2.loads(f"x = {REFUSED[what]}\n")


@pytest.mark.parametrize("what", MISREAD)
def test_what_python_hcl2_misreads_is_read_as_terraform_does(what: str) -> None:
    text, expected = MISREAD[what]
    node, found = problems(text)
    assert not found
    assert described(node) == expected == parse(text)


def test_a_heredoc_whose_marker_is_followed_by_blanks_ends() -> None:
    """python-hcl2 goes on to the next marker of that name, over whatever stands between."""
    text = "x = <<EOT\na\nEOT  \ny = <<EOT\nb\nEOT\n"
    assert set(hcl2.loads(text)) == {"x"}
    from dblint.sources.terraform.syntax.text import Text, body_of

    assert list(body_of(Text("x.tf", text, print), nested=False).arguments) == ["x", "y"]
