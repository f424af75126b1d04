"""Findings that were written down, by another process or in an earlier run.

What tells a finding apart, and joins it with others, is read at once; the rest (its labels, reasons, fix) when
somebody asks for it, which for most of them nobody does.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from dblint.disk import digest_of
from dblint.finding import Actual, Finding, Fix, Label
from dblint.model import Location, Note
from dblint.rule_definition import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

# A stretch of bytes: these, where it begins in them, and where it ends.
Text: TypeAlias = "tuple[bytes, int, int]"

_RECORDS: dict[str, Any] = {kind.__name__: kind for kind in (Actual, Fix, Label, Location, Note)}
_PLAIN = (str, int, float, bool, type(None))
# What is read at once; what stands beside it, and the rest, which are texts until somebody asks.
_TEXTS = ("outcome", "severity", "confidence", "root", "address", "fingerprint")
_LISTS = ("instances", "failing", "passing", "unknown", "roots")
_BESIDE = (*_LISTS, "calls", "subject")
_REST = (
    *("resource_type", "property_name", "actual", "expected", "labels", "related", "reasons", "breaks_if", "because"),
    "fix",
)
# The first value that a text begins with, and where that ends: without the checks of `json.loads`.
_first = json.JSONDecoder().raw_decode


class NotPlain(Exception):
    """A value that is not written down."""


def written(value: Any) -> Any:
    """A plain value as itself; all else as a list that begins with what it is. Raises NotPlain."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in (list, tuple):
        return [kind.__name__, *map(written, value)]
    if kind in (set, frozenset):
        return [kind.__name__, *sorted(map(written, value))]
    if kind is dict:
        return ["dict", *([written(key), written(inner)] for key, inner in value.items())]
    if kind.__name__ in _RECORDS:
        return [kind.__name__, *(written(getattr(value, name)) for name in kind.__fields__)]
    raise NotPlain


def read(value: Any) -> Any:
    """What was written."""
    if type(value) is not list:
        return value
    kind = value[0]
    if kind == "dict":
        return {read(key): read(inner) for key, inner in value[1:]}
    inner = [item if type(item) is not list else read(item) for item in value[1:]]
    if kind in _RECORDS:
        return _RECORDS[kind](*inner)
    return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind](inner)


class RecordedFinding(Finding):
    """A finding whose rest is not read yet. `digest` is that of all that was written."""

    __slots__ = ("_place", "_text", "digest")

    digest: str

    @property
    def place(self) -> Location:
        return Location(*self._place)

    @property
    def position(self) -> tuple[str, int, int]:
        file, line, column, _, _ = self._place
        return file, line, column

    def __getattr__(self, name: str) -> Any:
        """What has no value yet: it is read, unless the finding was not made by `findings_of`."""
        if name == "digest":
            return ""
        if name == "_place":
            return _numbers(next(label.location for label in self.labels if label.primary))
        if name not in _LATER:
            raise AttributeError(name)
        within, start, end = self._text
        text = within[start:end].decode("ascii")
        beside, after = _first(text)
        if name in _BESIDE:
            lists, calls, subject = beside
            _assign(self, _BESIDE, (*map(tuple, lists), tuple(map(tuple, calls)), Location(*subject)))
        else:
            _assign(self, _REST, map(read, _first(text, after)[0]))
        return getattr(self, name)


_LATER = frozenset((*_BESIDE, *_REST))
_SET: dict[str, Any] = {
    name: getattr(RecordedFinding, name).__set__
    for name in (*Finding.__fields__, "digest", "_text")  # type: ignore[attr-defined]
}
_SET["_place"] = vars(RecordedFinding)["_place"].__set__
_AT_ONCE = tuple(_SET[name] for name in ("rule", "files", "_place", *_TEXTS, "digest", "_text"))


def _assign(finding: RecordedFinding, names: Iterable[str], values: Iterable[Any]) -> None:
    for name, value in zip(names, values):
        _SET[name](finding, value)


def record_of(finding: Finding) -> tuple[list[Any], bytes]:
    """A finding as a plain list and its texts. Raises NotPlain, and TypeError where JSON does not know a value."""
    beside = dumped([[getattr(finding, name) for name in _LISTS], finding.calls, _numbers(finding.subject)])
    rest = dumped([written(getattr(finding, name)) for name in _REST])
    texts = [getattr(finding, name) for name in _TEXTS]
    head = [finding.rule.id, sorted(finding.files), _numbers(finding.place), *texts]
    return [*head, digest_of(dumped(head) + beside + rest).hex()], beside + rest


def findings_of(heads: Sequence[list[Any]], texts: Sequence[Text], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings that were written: made all at once, field by field. Raises LookupError, TypeError and ValueError
    where none were."""
    if not heads and not texts:
        return []
    ids, files, places, *others = zip(*heads, strict=True)
    found: list[Finding] = [object.__new__(RecordedFinding) for _ in heads]
    columns: tuple[Iterable[Any], ...] = (map(rules.__getitem__, ids), map(frozenset, files), places, *others, texts)
    for assign, column in zip(_AT_ONCE, columns, strict=True):
        deque(map(assign, found, column), maxlen=0)
    return found


def dumped(value: Any) -> bytes:
    """Plain values as JSON in ASCII, without tabs and newlines."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _numbers(place: Location) -> list[Any]:
    return [place.file, place.line, place.column, place.end_line, place.end_column]
