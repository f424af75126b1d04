"""The settings of a run: the nearest file of settings, and what the command line says over it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dblint.model import Note, Problem
from dblint.settings.lists import Selectors
from dblint.settings.values import Settings, SettingsError
from dblint.sources.files import Files, Unreadable

_NAMES = ("dblint.toml", ".config/dblint.toml", "pyproject.toml")
_MOST_BYTES = 1024 * 1024


def settings_of(files: Files, folder: str, given: Sequence[str], isolated: bool) -> Settings:
    """The settings that hold for inputs below `folder`. `given` are the values of --config: one FILE, which replaces
    the search, or KEY=VALUE. Raises SettingsError."""
    assignments = [text for text in given if "=" in text and not os.path.isfile(text)]
    named = [text for text in given if text not in assignments]
    if len(named) > 1:
        raise SettingsError(Problem("--config", f"expected one file, found {' and '.join(named)}"))
    if named:
        return _built(_content(named[0]), named[0], assignments, folder=".")
    for path in () if isolated else _candidates(files, folder):
        content = _read(files, path)
        if path.endswith("pyproject.toml") and b"dblint" not in content:
            continue
        settings = _built(content, path, assignments)
        if settings.path:
            return settings
    return _built(b"", "", assignments)


def _candidates(files: Files, folder: str) -> Iterator[str]:
    """The files that may hold the settings: the nearest folder first, up to the project."""
    while True:
        for name in _NAMES:
            path = name if folder == "." else f"{folder}/{name}"
            if os.path.lexists(files.project / path):
                yield path
        if folder == ".":
            return
        folder = folder.rpartition("/")[0] or "."


def _read(files: Files, path: str) -> bytes:
    try:
        return files.read(path, _MOST_BYTES)
    except Unreadable as reason:
        raise SettingsError(Problem(path, f"the settings can not be read: {reason}")) from None


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(Problem(path, f"the settings can not be read: {error.strerror}")) from None


def _built(content: bytes, path: str, assignments: list[str], folder: str = "") -> Settings:
    """The settings of a file with the assignments over it; with no path where a pyproject.toml has none."""
    if not path and not assignments:
        return Settings()
    from dblint.settings.build import assignment, build, read

    file = read(content, path) if path else None
    settings = build(file, [assignment(text) for text in assignments])
    return replace(settings, folder=folder) if folder else settings


def with_options(settings: Settings, selectors: Selectors, **given: Any) -> Settings:
    """The settings with what the command line says over them; options that are not given are None."""
    said = {name: value for name, value in given.items() if value is not None}
    return replace(settings, selectors=(*settings.selectors, selectors), **said)


def unread(files: Files, settings: Settings) -> Iterator[Note]:
    """A warning for each other file of settings among the inputs: one file holds for a run."""
    for folder, names in files.found.items():
        path = "dblint.toml" if folder == "." else f"{folder}/dblint.toml"
        if "dblint.toml" in names and path != settings.path:
            holds = f"; {settings.path} holds for this run" if settings.path else ""
            yield Note(path, f"these settings are not read{holds} (use [[overrides]] there)", "settings")
