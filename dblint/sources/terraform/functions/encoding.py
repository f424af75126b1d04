"""Functions that read and write JSON, base64, URLs, CSV and YAML."""

from __future__ import annotations

import re

from dblint.model import Document
from dblint.patterns import pattern
from dblint.records import replace
from dblint.sources.terraform.functions.registry import Function, known, open_to_unknown, plain
from dblint.sources.terraform.limits import LARGEST_FILE_READ, LARGEST_VALUE, LimitReached
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.lifting import hoist, lift
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.plain import from_plain
from dblint.sources.terraform.values.types import STRING
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import UNKNOWN, Evaluated, EvaluationError, Value, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ESCAPED = pattern('[\x00-\x1f"\\\\<>&\u2028\u2029]')
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def json_text(value: Value) -> str:
    """A value as Terraform writes it in JSON: sorted, without blanks, with what HTML means escaped."""
    if value.kind == "null":
        return "null"
    if value.kind == "bool":
        return "true" if value.data else "false"
    if value.kind == "number":
        return _json_number(value.data)
    if value.kind == "string":
        return f'"{_ESCAPED.sub(_escaped, value.data)}"'
    if value.kind in ("list", "tuple", "set"):
        return f"[{','.join(map(json_text, value.data))}]"
    return "{" + ",".join(f"{json_text(string(key))}:{json_text(item)}" for key, item in value.data.items()) + "}"


def _json_number(value: Any) -> str:
    if isinstance(value, float):
        raise EvaluationError("infinity can not be written in JSON")
    return numbers.text_of(value)


def _escaped(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"


def _json_encode(value: Value) -> Evaluated:
    """Where a part is not known, the text is not: but what is known of it goes with it."""
    if not value.flags & UNKNOWN:
        return combined(string(json_text(value)), value)
    made = derived("jsonencode", (value,), STRING)
    if value.kind != "unknown":
        made.data = replace(made.data, inner=Document(value))
    return combined(made, value)


def _json_decode(text: Value) -> Evaluated:
    import json

    try:
        data = json.loads(text.data, parse_float=numbers.parse, parse_int=numbers.parse, parse_constant=_no_constant)
    except (ValueError, RecursionError, numbers.NotANumber):
        raise EvaluationError("it is not JSON") from None
    return from_plain(normalised(data))


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def normalised(data: Any) -> Any:
    """Data of JSON or YAML with its texts as Terraform holds them."""
    if isinstance(data, str):
        return normal(re.sub("[\ud800-\udfff]", "\ufffd", data))
    if isinstance(data, list):
        return [normalised(item) for item in data]
    if isinstance(data, dict):
        return {normalised(key): normalised(item) for key, item in data.items()}
    return data


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise EvaluationError("it is not UTF-8") from None


def _bytes_of_base64(text: str) -> bytes:
    import base64

    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", "").encode("ascii"), validate=True)
    except ValueError:
        raise EvaluationError("it is not base64") from None


def _base64_encode(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


def _base64_decode(text: str) -> str:
    return _decoded(_bytes_of_base64(text))


def _codec(name: str) -> str:
    import codecs

    wanted = {"utf-16": "utf-16-be"}.get(name.lower(), name)
    try:
        return codecs.lookup(wanted).name
    except LookupError:
        raise EvaluationError(f"{name!r} is no encoding") from None


def _text_encode(text: str, encoding: str) -> str:
    import base64

    try:
        return base64.b64encode(text.encode(_codec(encoding))).decode()
    except UnicodeEncodeError:
        raise EvaluationError("the text has characters that the encoding has not") from None


def _text_decode(text: str, encoding: str) -> str:
    try:
        return _bytes_of_base64(text).decode(_codec(encoding))
    except UnicodeDecodeError:
        raise EvaluationError("it is not of this encoding") from None


def _gunzip(text: str) -> str:
    import zlib

    reader = zlib.decompressobj(wbits=31)
    try:
        content = reader.decompress(_bytes_of_base64(text), LARGEST_FILE_READ)
    except zlib.error:
        raise EvaluationError("it is not compressed with gzip") from None
    if reader.unconsumed_tail:
        raise LimitReached("what is decompressed is too large")
    return _decoded(content)


def _url_encode(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text, safe="")


def _url_decode(text: str) -> str:
    from urllib.parse import unquote_plus

    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise EvaluationError("it is not encoded for a URL")
    return unquote_plus(text)


def _csv_decode(text: str) -> Any:
    import csv

    try:
        rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except csv.Error:
        raise EvaluationError("it is not CSV") from None
    rows = [row for row in rows if row]
    if not rows:
        raise EvaluationError("there is no header")
    header = rows[0]
    if len(set(header)) < len(header) or any(len(row) != len(header) for row in rows):
        raise EvaluationError("the rows differ in their columns")
    if len(rows) * len(header) > LARGEST_VALUE:
        raise LimitReached("a table is too large")
    return [dict(zip(header, row)) for row in rows[1:]]


def _csv(text: Value) -> Evaluated:
    from dblint.sources.terraform.values import types
    from dblint.sources.terraform.values.types import Type
    from dblint.sources.terraform.values.value import list_of

    rows = _csv_decode(text.data)
    names = next(iter(_header(text.data)), [])
    element = Type("object", dict.fromkeys(sorted(names), types.STRING))
    return list_of((from_plain(row) for row in rows), element)


def _header(text: str) -> list[list[str]]:
    import csv

    return [row for row in csv.reader(text.splitlines(keepends=True)) if row][:1]


FUNCTIONS: dict[str, Function] = {
    "jsonencode": open_to_unknown(lambda value: lift(_json_encode, hoist(value))),
    "jsondecode": known(_json_decode, fallible=True),
    "base64encode": plain(_base64_encode),
    "base64decode": plain(_base64_decode, fallible=True),
    "textencodebase64": plain(_text_encode, fallible=True),
    "textdecodebase64": plain(_text_decode, fallible=True),
    "base64gunzip": plain(_gunzip, fallible=True),
    "urlencode": plain(_url_encode),
    "urldecode": plain(_url_decode, fallible=True),
    "csvdecode": known(_csv, fallible=True),
}
