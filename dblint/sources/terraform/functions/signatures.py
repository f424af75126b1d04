"""The signatures of all functions of Terraform and OpenTofu, as `terraform metadata functions -json` tells them.

"list(string) *number? -> any": parameters, "*" before one that repeats, "?" after one that takes null, and the result.
A test compares them with the binary. `tools/terraform_record_console.py --signatures` prints them.
"""

from __future__ import annotations

from functools import cache

from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.types import Type

SIGNATURES = {
    "abs": "number -> number",
    "abspath": "string -> string",
    "alltrue": "list(bool) -> bool",
    "anytrue": "list(bool) -> bool",
    "base64decode": "string -> string",
    "base64encode": "string -> string",
    "base64gunzip": "string -> string",
    "base64gzip": "string -> string",
    "base64sha256": "string -> string",
    "base64sha512": "string -> string",
    "basename": "string -> string",
    "bcrypt": "string *number -> string",
    "ceil": "number -> number",
    "chomp": "string -> string",
    "chunklist": "list(any) number -> list(list(any))",
    "cidrcontains": "string string -> bool",
    "cidrhost": "string number -> string",
    "cidrnetmask": "string -> string",
    "cidrsubnet": "string number number -> string",
    "cidrsubnets": "string *number -> list(string)",
    "coalesce": "*any? -> any",
    "coalescelist": "*any? -> any",
    "compact": "list(string) -> list(string)",
    "concat": "*any -> any",
    "contains": "any any -> any",
    "csvdecode": "string -> any",
    "dirname": "string -> string",
    "distinct": "list(any) -> list(any)",
    "element": "any number -> any",
    "endswith": "string string -> bool",
    "ephemeralasnull": "any? -> any",
    "file": "string -> string",
    "filebase64": "string -> string",
    "filebase64sha256": "string -> string",
    "filebase64sha512": "string -> string",
    "fileexists": "string -> bool",
    "filemd5": "string -> string",
    "fileset": "string string -> set(string)",
    "filesha1": "string -> string",
    "filesha256": "string -> string",
    "filesha512": "string -> string",
    "flatten": "any -> any",
    "floor": "number -> number",
    "format": "string *any? -> any",
    "formatdate": "string string -> string",
    "formatlist": "string *any? -> any",
    "indent": "number string -> string",
    "index": "any any -> any",
    "issensitive": "any? -> bool",
    "join": "string *list(string) -> string",
    "jsondecode": "string -> any",
    "jsonencode": "any? -> string",
    "keys": "any -> any",
    "length": "any -> number",
    "list": "*any? -> any",
    "log": "number number -> number",
    "lookup": "any string *any? -> any",
    "lower": "string -> string",
    "map": "*any? -> any",
    "matchkeys": "list(any) list(any) list(any) -> list(any)",
    "max": "*number -> number",
    "md5": "string -> string",
    "merge": "*any? -> any",
    "min": "*number -> number",
    "nonsensitive": "any? -> any",
    "one": "any -> any",
    "parseint": "any number -> any",
    "pathexpand": "string -> string",
    "plantimestamp": " -> string",
    "pow": "number number -> number",
    "range": "*number -> list(number)",
    "regex": "string string -> any",
    "regexall": "string string -> list(any)",
    "replace": "string string string -> string",
    "reverse": "any -> any",
    "rsadecrypt": "string string -> string",
    "sensitive": "any? -> any",
    "setintersection": "set(any) *set(any) -> set(any)",
    "setproduct": "*any -> any",
    "setsubtract": "set(any) set(any) -> set(any)",
    "setunion": "set(any) *set(any) -> set(any)",
    "sha1": "string -> string",
    "sha256": "string -> string",
    "sha512": "string -> string",
    "signum": "number -> number",
    "slice": "any number number -> any",
    "sort": "list(string) -> list(string)",
    "split": "string string -> list(string)",
    "startswith": "string string -> bool",
    "strcontains": "string string -> bool",
    "strrev": "string -> string",
    "substr": "string number number -> string",
    "sum": "any -> any",
    "templatefile": "string any -> any",
    "templatestring": "string any -> string",
    "textdecodebase64": "string string -> string",
    "textencodebase64": "string string -> string",
    "timeadd": "string string -> string",
    "timecmp": "string string -> number",
    "timestamp": " -> string",
    "title": "string -> string",
    "tobool": "any? -> bool",
    "tolist": "any? -> list(any)",
    "tomap": "any? -> map(any)",
    "tonumber": "any? -> number",
    "toset": "any? -> set(any)",
    "tostring": "any? -> string",
    "transpose": "map(list(string)) -> map(list(string))",
    "trim": "string string -> string",
    "trimprefix": "string string -> string",
    "trimspace": "string -> string",
    "trimsuffix": "string string -> string",
    "upper": "string -> string",
    "urldecode": "string -> string",
    "urlencode": "string -> string",
    "uuid": " -> string",
    "uuidv5": "string string -> string",
    "values": "any -> any",
    "yamldecode": "string -> any",
    "yamlencode": "any? -> string",
    "zipmap": "list(string) any -> any",
}


class Parameter:
    __slots__ = ("nullable", "type")

    def __init__(self, text: str) -> None:
        self.nullable = text.endswith("?")
        self.type = _type(text.rstrip("?"))


class Signature:
    """`variadic` is the parameter that takes all further arguments, or None."""

    __slots__ = ("parameters", "result", "variadic")

    def __init__(self, text: str) -> None:
        before, _, result = text.partition("->")
        words = before.split()
        self.variadic = Parameter(words.pop()[1:]) if words and words[-1].startswith("*") else None
        self.parameters = [Parameter(word) for word in words]
        self.result = _type(result.strip())

    def parameter(self, position: int) -> Parameter | None:
        """The parameter that takes the argument at a position; None where there is none."""
        return self.parameters[position] if position < len(self.parameters) else self.variadic


def _type(text: str) -> Type:
    kind, _, inner = text.partition("(")
    return Type(kind, _type(inner[:-1])) if inner else types.BY_KIND[kind]


@cache
def signature_of(name: str) -> Signature | None:
    """The signature of a function; None where it is not known."""
    text = SIGNATURES.get(name)
    return None if text is None else Signature(text)
