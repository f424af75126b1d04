"""Templates that write JSON: what such a text says although some of its sequences are not known."""

from __future__ import annotations

import json
import re

from dblint.model import Document
from dblint.patterns import pattern
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.plain import from_plain
from dblint.sources.terraform.values.value import Evaluated, Value, object_of, string, tuple_of, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LONGEST = 100_000
# Stands for an unknown piece while the text is read; a character that no text has.
_MARK = "\uf8f0"
_MARKED = pattern(f"{_MARK}(\\d+){_MARK}")
_QUOTE = pattern(r'\\.|"', re.DOTALL)


def document_of(pieces: tuple[Value, ...]) -> Document | None:
    """What a text of these pieces says, as a value with unknown parts; None where it is no JSON."""
    first = pieces[0]
    if first.kind != "string" or first.data.lstrip()[:1] not in ("{", "["):
        return None
    if sum(len(piece.data) for piece in pieces if piece.kind == "string") > _LONGEST:
        return None
    text = _marked(pieces)
    try:
        data = None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if data is None else Document(_filled(data, pieces))


def _marked(pieces: tuple[Value, ...]) -> str | None:
    """The text with marks in the place of unknown pieces: in quotes where none stand around them."""
    found: list[str] = []
    quoted = False
    for i, piece in enumerate(pieces):
        if piece.kind != "string":
            found.append(f"{_MARK}{i}{_MARK}" if quoted else f'"{_MARK}{i}{_MARK}"')
            continue
        if _MARK in piece.data:
            return None
        found.append(piece.data)
        quoted ^= sum(match[0] == '"' for match in _QUOTE.finditer(piece.data)) % 2 == 1
    return "".join(found)


def _filled(data: Any, pieces: tuple[Value, ...]) -> Evaluated:
    """The data of the text as a value, its marks as unknowns."""
    if isinstance(data, list):
        return tuple_of(_filled(item, pieces) for item in data)
    if isinstance(data, dict):
        marked = next((match for key in data if (match := _MARKED.search(key))), None)
        if marked is not None:
            return _hidden(pieces[int(marked[1])], types.ANY)
        return object_of({key: _filled(item, pieces) for key, item in data.items()})
    marked = _MARKED.search(data) if isinstance(data, str) else None
    if marked is None:
        return string(data) if isinstance(data, str) else from_plain(data)
    piece = pieces[int(marked[1])]
    if marked[0] == data and piece.data.inner:
        return piece.data.inner.data  # type: ignore[no-any-return]
    return _hidden(piece, types.ANY if marked[0] == data else types.STRING)


def _hidden(piece: Value, type: types.Type) -> Value:
    return combined(unknown(piece.data.because, type, is_set=type == types.STRING), piece)
