"""YAML as Terraform reads and writes it: version 1.1 for truths, dates as texts."""

from __future__ import annotations

from dblint.patterns import pattern
from dblint.sources.terraform.functions.encoding import json_text, normalised
from dblint.sources.terraform.functions.registry import Function, known
from dblint.sources.terraform.limits import LARGEST_VALUE, LimitReached
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.plain import from_plain
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TRUTHS = {"true": True, "yes": True, "on": True, "y": True, "false": False, "no": False, "off": False, "n": False}
_NULLS = ("", "~", "null", "Null", "NULL")
_INTEGER = pattern(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INFINITE = pattern(r"([-+]?)\.(?:inf|Inf|INF)\Z")
_DATE = pattern(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(\.\d+)?[ \t]*(Z|[-+]\d\d?(?::?\d\d)?)?)?\Z"
)


def read(text: str) -> Any:
    """The data of a document. Raises EvaluationError and LimitReached."""
    import yaml

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise EvaluationError("it is not YAML: there is nothing in it")
        return _Reader().data(node)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise EvaluationError(f"it is not YAML: {str(error).splitlines()[0] if str(error) else ''}") from None


class _Reader:
    """Nodes to data; aliases count as often as they are used."""

    def __init__(self) -> None:
        self._nodes = 0
        self._open: set[int] = set()

    def data(self, node: Any) -> Any:
        self._nodes += 1
        if self._nodes > LARGEST_VALUE:
            raise LimitReached(f"a value has more than {LARGEST_VALUE:,} parts")
        kind = type(node).__name__
        if kind == "ScalarNode":
            return _scalar(node)
        if id(node) in self._open:
            raise EvaluationError("an alias stands inside of what it means")
        self._open.add(id(node))
        made = self._sequence(node) if kind == "SequenceNode" else self._mapping(node)
        self._open.discard(id(node))
        return made

    def _sequence(self, node: Any) -> list[Any]:
        return [self.data(item) for item in node.value]

    def _mapping(self, node: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in node.value:
            if getattr(key, "value", None) == "<<" and not key.style:
                for merged in self._merged(value):
                    made = {**merged, **made}
                continue
            name = self.data(key)
            if isinstance(name, (list, dict)) or name is None:
                raise EvaluationError("a key must be a text")
            made[_key(name)] = self.data(value)
        return made

    def _merged(self, node: Any) -> list[dict[str, Any]]:
        found = self.data(node)
        merged = found if isinstance(found, list) else [found]
        if any(not isinstance(item, dict) for item in merged):
            raise EvaluationError("only mappings can be merged")
        return merged


def _key(name: Any) -> str:
    if isinstance(name, bool):
        return "true" if name else "false"
    return name if isinstance(name, str) else numbers.text_of(name)


def _scalar(node: Any) -> Any:
    if node.style in ("'", '"', "|", ">"):
        return node.value
    if not node.tag.startswith("tag:yaml.org,2002:"):
        raise EvaluationError(f"the tag {node.tag} is not supported")
    return node.value if _is_tagged(node) else _plain(node.value)


def _is_tagged(node: Any) -> bool:
    """Whether the document says that it is a text."""
    between = node.end_mark.index - node.start_mark.index
    return bool(node.tag.endswith((":str", ":binary")) and between > len(node.value))


def _plain(text: str) -> Any:
    """A scalar without quotes."""
    if text in _NULLS:
        return None
    if text.lower() in _TRUTHS and text in (text.lower(), text.upper(), text.capitalize()):
        return _TRUTHS[text.lower()]
    if _INTEGER.match(text):
        return int(text, 0 if text[:2] in ("0o", "0x") else 10)
    if _FLOAT.match(text):
        return numbers.parse(text)
    if infinite := _INFINITE.match(text):
        return -numbers.INFINITY if infinite[1] == "-" else numbers.INFINITY
    return _date(text) or text


def _date(text: str) -> str | None:
    match = _DATE.match(text)
    if match is None or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
        return None
    day = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    if match[4] is None:
        return f"{day}T00:00:00Z"
    return f"{day}T{int(match[4]):02d}:{match[5]}:{match[6]}{_zone(match[8])}"


def _zone(text: str | None) -> str:
    if text in (None, "Z"):
        return "Z"
    assert text is not None
    sign, digits = text[0], text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), digits[2:] or "00"
    return f"{sign}{hours:02d}:{minutes}"


def written(value: Value) -> str:
    """A value as yamlencode writes it. A bare scalar alone gets an end mark."""
    text = "".join(f"{line}\n" for line in _lines(value))
    return f"{text}...\n" if value.kind in ("number", "bool", "null") else text


def _lines(value: Value) -> list[str]:
    if value.kind in ("list", "tuple", "set"):
        return _sequence(value) if value.data else ["[]"]
    if value.kind in ("map", "object"):
        return _mapping(value) if value.data else ["{}"]
    if value.kind == "string" and "\n" in value.data:
        return _block(value.data)
    return [_inline(value)]


def _inline(value: Value) -> str:
    if value.kind == "string":
        return json_text(value).replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&")
    if value.kind == "number" and isinstance(value.data, float):
        return ".Inf" if value.data > 0 else "-.Inf"
    return json_text(value)


def _block(text: str) -> list[str]:
    """A text of several lines."""
    body = text.removesuffix("\n")
    sign = "|" if text.endswith("\n") and not body.endswith("\n") else "|-" if not text.endswith("\n") else "|+"
    return [sign, *(f"  {line}" if line else "" for line in (text if sign == "|+" else body).split("\n"))]


def _sequence(value: Value) -> list[str]:
    found: list[str] = []
    for item in value.data:
        first, *rest = _lines(item)
        found += [f"- {first}", *_indented(item, rest)]
    return found


def _indented(item: Value, rest: list[str]) -> list[str]:
    if item.kind == "string":
        return rest
    return [f"  {line}" if line else line for line in rest]


def _mapping(value: Value) -> list[str]:
    found: list[str] = []
    for key, item in value.data.items():
        name = _inline(string(key))
        lines = _lines(item)
        if item.kind in ("list", "tuple", "set") and item.data:
            found += [f"{name}:", *lines]
        elif item.kind in ("map", "object") and item.data:
            found += [f"{name}:", *(f"  {line}" if line else line for line in lines)]
        else:
            found += [f"{name}: {lines[0]}", *lines[1:]]
    return found


def _decode(text: Value) -> Evaluated:
    return from_plain(normalised(read(text.data)))


def _encode(value: Value) -> Evaluated:
    return string(written(value))


FUNCTIONS: dict[str, Function] = {
    "yamldecode": known(_decode, fallible=True),
    "yamlencode": known(_encode),
}
