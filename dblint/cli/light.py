"""Reads an ordinary command line without click, whose import costs more than all that dblint does for one small file.

What it is not sure of it leaves to click, which says what is wrong with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dblint.cli.declared import FILE, FLAG, FOLDER, NUMBER, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _Doubt(Exception):
    """click has to look at this command line."""


def parsed(arguments: Sequence[str], options: Sequence[Option]) -> dict[str, Any] | None:
    """The values of all options, and of `paths`, as click would give them; None where click has to look."""
    if os.name == "nt":
        return None  # click expands patterns there
    found: dict[str, Any] = {}
    try:
        for name, value in _values(iter(arguments), {name: option for option in options for name in option.names}):
            found.setdefault(name, []).append(value)
        return {"paths": tuple(found.get("paths", ())), **dict(_settled(found, options))}
    except _Doubt:
        return None


def _values(arguments: Iterator[str], options: Mapping[str, Option]) -> Iterator[tuple[str, Any]]:
    for text in arguments:
        if text == "-" or (text and text[0] != "-"):
            yield "paths", text
            continue
        name, sign, value = text.partition("=")
        option = options.get(name)
        if option is None or (sign and (option.kind == FLAG or not name.startswith("--"))):
            raise _Doubt
        yield option.name, True if option.kind == FLAG else _value(option, value if sign else next(arguments, ""))


def _value(option: Option, text: str) -> Any:
    if not text or text[0] == "-" or (option.choices and text not in option.choices):
        raise _Doubt
    if option.kind == NUMBER:
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise _Doubt
        return int(text)
    if option.kind in (FILE, FOLDER):
        is_there = os.path.isdir(text) if option.kind == FOLDER else os.path.isfile(text)
        if not (is_there and os.access(text, os.R_OK)):
            raise _Doubt
    return text


def _settled(found: Mapping[str, list[Any]], options: Iterable[Option]) -> Iterator[tuple[str, Any]]:
    for option in options:
        values = found.get(option.name)
        if option.several:
            yield option.name, tuple(values or ())
        elif values and len(values) > 1 and option.kind != FLAG:
            raise _Doubt
        else:
            yield option.name, values[0] if values else option.default
