"""Where dblint's evaluator and `terraform console` differ, each with its reason. A test fails where another difference
appears, and where one of these has gone."""

from __future__ import annotations

import re
from decimal import Decimal

# What is made equal before two answers are compared.
NEGATIVE_ZERO = re.compile(r"-0(?![.\d])")  # Terraform's floating point has a negative zero
LONG_DECIMAL = re.compile(r"\d+\.\d{12,}")  # numbers from functions have 64 bits of precision there, 512 here

# Reason -> expressions.
DIFFERENCES: dict[str, tuple[str, ...]] = {
    "the console cannot print what is sensitive": ('sensitive("a")',),
    "dblint takes texts that are no reference too": ('templatestring("x", {})', 'templatestring("a", {})'),
    "what is not known to dblint is unknown, and not an error": ("nosuchfunction(1)", "type(1)", "nosuch(var.u)"),
    "functions of old Terraform still mean what they meant": ('list("a")', 'map("a", "b")'),
    "what is not declared is unknown, and not an error": (
        *("foo.bar", "local.nope", "var.nope", "each.key", "count.index", "self.id", "data.a.b", "module.x", "a.b.c"),
    ),
    "Terraform reads the two indices as one number": ('[["a", "b"]].0.1',),
    "python-hcl2 takes `for` as a key": ("{for = 1, in = 2, if = 3}",),
    "a null of no type switches off Terraform's own checks": ("merge(null, [])", 'merge(null, toset(["a"]))'),
    "Terraform does not convert the arguments that it does not choose": (
        *('coalesce(tolist([1, 2]), toset(["a"]))', 'coalesce(toset(["a"]), tolist([1, 2]))'),
    ),
}

# Reason -> pattern of expressions, of one suite.
PATTERNS: dict[str, tuple[str, re.Pattern[str]]] = {
    "Terraform finds no room for any subnet of the whole address space": (
        "drawn",
        re.compile(r'cidrsubnets\(\[?"0\.0\.0\.0/0"'),
    ),
    "Terraform takes the negative number of a subnet for a positive one": (
        "drawn",
        re.compile(r'cidrsubnet\("[^"]*", \d+, -\d+\)'),
    ),
    "Terraform writes <nil> for a subnet that is larger than its network": (
        "drawn",
        re.compile(r'cidrsubnet\("[^"]*", -'),
    ),
}


# Of heredocs: before a carriage return, "%" and "$" end a piece of text for Terraform's scanner, so that a strip marker
# takes the newline alone away.
SPLIT_BY_CARRIAGE_RETURN = re.compile(r"[%$]\r\n")


def comparable(answer: str) -> str:
    """An answer without what is known to differ."""
    return LONG_DECIMAL.sub(lambda long: f"{round(Decimal(long[0]), 11).normalize():f}", NEGATIVE_ZERO.sub("0", answer))


def reason(suite: str, expression: str) -> str | None:
    """Why the answers to an expression may differ; None where they may not."""
    for why, expressions in DIFFERENCES.items():
        if expression in expressions:
            return why
    for why, (of, pattern) in PATTERNS.items():
        if suite == of and pattern.search(expression):
            return why
    return None
