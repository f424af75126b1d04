"""Texts of JSON with parts that nobody knows: what is known of them reaches the rules."""

from __future__ import annotations

from typing import Any

import pytest
from tf_support import argument, simple

from dblint.model import Ref, Unknown

DECLARED = 'variable "x" { type = string }\nresource "testaws_network" "n" {}\n'


def document(expression: str) -> Any:
    """What a property says of its text; "none" where it holds no document."""
    value = argument(expression, **{"vars.tf": DECLARED})
    while isinstance(value, Ref):
        value = value.value
    assert isinstance(value, Unknown)
    return simple(value.inner.data) if value.inner else "none"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("jsonencode({ a = { b = true }, c = var.x, d = [1, var.x] })", {"a": {"b": True}, "c": "?", "d": [1, "?"]}),
        ("jsonencode([var.x])", ["?"]),
        ("jsonencode(var.x)", "none"),
        ("<<EOT\n{\"a\": {\"b\": true}, \"c\": \"${var.x}\"}\nEOT\n", {"a": {"b": True}, "c": "?"}),
        ('"{\\"a\\": \\"x-${var.x}-y\\", \\"b\\": ${var.x}, \\"c\\": null}"', {"a": "?", "b": "?", "c": None}),
        ('"{\\"a\\": ${jsonencode({ b = 1, c = var.x })}}"', {"a": {"b": 1, "c": "?"}}),
        ('"{\\"${var.x}\\": 1}"', "?"),
        ('"[1, ${var.x}"', "none"),
        ('"${var.x}{}"', "none"),
        ('"text ${var.x}"', "none"),
        ('"{\\"a\\": \\"\\\\\\"${var.x}\\"}"', {"a": "?"}),
    ],
)  # fmt: skip
def test_what_is_known_of_a_text_goes_with_it(expression: str, expected: Any) -> None:
    assert document(expression) == expected


def test_a_part_that_is_another_resource_stays_a_reference() -> None:
    found = document("jsonencode({ arn = testaws_network.n.arn, plain = 1 })")
    assert found["arn"] == {"ref": ["testaws_network.n"], "value": "?", "attribute": "arn"}
    assert found["plain"] == 1


def test_each_alternative_has_a_document_of_its_own() -> None:
    value = argument(
        'jsonencode({ a = var.env == "prod", b = var.x })',
        **{
            "vars.tf": DECLARED
            + 'variable "env" {\n validation {\n condition = contains(["dev", "prod"], var.env)\n }\n}\n'
        },
    )
    said = [leaf.inner.data["a"] for _, leaf in value.parts]
    assert sorted(said) == [False, True]
