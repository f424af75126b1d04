"""TOML to a table, with the line of each key: `tomllib` tells no places."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Iterator
from functools import lru_cache

from dblint.model import Problem
from dblint.settings.validate import KeyPath
from dblint.settings.values import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Strings of many lines, strings of one, comments, signs, and bare words.
_TOKEN = (
    r"\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}"
    r"|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'"
    r"|#[^\n]*|[\[\]{}=,.\n]|[^\s\[\]{}=,.\"'#]+"
)


def parse(content: bytes, path: str) -> dict[str, Any]:
    """The table of a TOML file; days are texts (YYYY-MM-DD). Raises SettingsError."""
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
        return {key: _plain(value) for key, value in table.items()}
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(Problem(path, "it is not UTF-8", line)) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+)", str(error))
        line = int(place[1]) if place else content.count(b"\n") + 1
        message = f"it is not TOML: {str(error).partition(' (at ')[0]}"
        raise SettingsError(Problem(path, message, line)) from None
    except RecursionError:
        raise SettingsError(Problem(path, "it is nested too deeply")) from None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def line_of(content: bytes, wanted: KeyPath) -> int | None:
    """The line (from 1) of a key, or of the nearest table around it that is written."""
    lines = _lines(content)
    return next((lines[wanted[:end]] for end in range(len(wanted), 0, -1) if wanted[:end] in lines), None)


@lru_cache(maxsize=4)
def _lines(content: bytes) -> dict[KeyPath, int]:
    """The line on which each key, or something in its table, is first written."""
    lines: dict[KeyPath, int] = {}
    for key, line in _keys(content.decode("utf-8-sig", "replace")):
        for end in range(1, len(key) + 1):
            lines.setdefault(key[:end], line)
    return lines


def _keys(text: str) -> Iterator[tuple[KeyPath, int]]:
    """Each key that is written at the start of a line, whole, with its line; a header is the key of its table."""
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for tokens, line in _statements(text):
        if tokens[0] == "[":
            table = _key([token for token in tokens if token not in "[]"])
            if tokens[1] == "[":
                counts[table] = counts.get(table, -1) + 1
            table = _counted(table, counts)
            yield table, line
        elif "=" in tokens:
            yield (*table, *_key(tokens[: tokens.index("=")])), line


def _counted(key: KeyPath, counts: dict[KeyPath, int]) -> KeyPath:
    """The key with the index of each array of tables that it leads through."""
    found: KeyPath = ()
    for end in range(1, len(key) + 1):
        found = (*found, key[end - 1])
        if key[:end] in counts:
            found = (*found, counts[key[:end]])
    return found


def _statements(text: str) -> Iterator[tuple[list[str], int]]:
    """The tokens of each header and each assignment, with the line where it begins."""
    tokens: list[str] = []
    line = begun = 1
    depth = 0
    for token in re.findall(_TOKEN, text, re.DOTALL):
        if token == "\n" and tokens and depth <= 0:
            yield tokens, begun
            tokens, depth = [], 0
        elif token != "\n" and not token.startswith("#"):
            begun = begun if tokens else line
            depth += (token in "[{") - (token in "]}")
            tokens.append(token)
        line += token.count("\n")
    if tokens:
        yield tokens, begun


def _key(tokens: list[str]) -> KeyPath:
    return tuple(token.strip("\"'") for token in tokens if token != ".")
