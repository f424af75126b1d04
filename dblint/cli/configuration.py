"""The settings of a run: the nearest file of settings and what it extends, the environment, the command line."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from dblint.model import Note, Problem
from dblint.records import dataclass
from dblint.settings.values import Settings, SettingsError
from dblint.sources.files import Files, Unreadable
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = ("dblint.toml", ".config/dblint.toml", "pyproject.toml")
_MOST_BYTES = 1024 * 1024
_MOST_EXTENDED = 8
# The options that are not called like the key that they set.
_OPTIONS = {"suppressions": "--honour"}

Reader = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings, the places that they come from (`layers`: settings.written.Written), and warnings."""

    settings: Settings
    layers: tuple[Any, ...] = ()
    warnings: tuple[Note, ...] = ()


@timed("settings")
def configuration_of(
    files: Files, folder: str, given: Sequence[str], isolated: bool, options: Mapping[str, Any]
) -> Configuration:
    """The settings that hold for inputs below `folder`.

    `given` are the values of --config: one FILE, which replaces the search, or KEY=VALUE. `options` are what the
    command line says besides, by the keys of the settings. Raises SettingsError.
    """
    assignments = [text for text in given if "=" in text and not os.path.isfile(text)]
    named = [text for text in given if text not in assignments]
    if len(named) > 1:
        raise SettingsError(Problem("--config", f"expected one file, found {' and '.join(named)}"))
    file = _named(named[0]) if named else () if isolated else _found(files, folder)
    environment = [name for name in os.environ if name.startswith("DBLINT_")]
    if not (file or environment or assignments or options):
        return Configuration(Settings())
    from dblint.settings.build import build, schema
    from dblint.settings.variables import of_environment
    from dblint.settings.written import Written, assignment

    variables, warnings = of_environment(os.environ, schema()) if environment else (Written({}), [])
    said = Written(options, "the command line", names={(key,): _OPTIONS.get(key, f"--{key}") for key in options})
    layers = (*file, variables, *map(assignment, assignments), said)
    return Configuration(build(layers, file[-1].path if file else ""), layers, tuple(warnings))


def _found(files: Files, folder: str) -> tuple[Any, ...]:
    """The nearest file of settings with what it extends, the furthest first; nothing where there is none."""
    for path in _candidates(files, folder):
        content = _read(files, path)
        if path.endswith("pyproject.toml") and b"dblint" not in content:
            continue
        found = _chain(path, partial(_read, files))
        if found:
            return found
    return ()


def _candidates(files: Files, folder: str) -> Iterator[str]:
    """The files that may hold the settings: the nearest folder first, up to the project."""
    while True:
        for name in NAMES:
            path = name if folder == "." else f"{folder}/{name}"
            if files.exists(path):
                yield path
        if folder == ".":
            return
        folder = folder.rpartition("/")[0] or "."


def _read(files: Files, path: str) -> bytes:
    try:
        return files.read(path, _MOST_BYTES)
    except Unreadable as reason:
        raise SettingsError(Problem(path, f"the settings can not be read: {reason}")) from None


def _named(path: str) -> tuple[Any, ...]:
    """The file of --config. It is the person's own: its patterns are relative to the project, and it may extend
    whatever it likes."""
    return _chain(path, _content, folder=".")


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SettingsError(Problem(path, f"the settings can not be read: {error.strerror}")) from None


def _chain(path: str, reader: Reader, folder: str | None = None) -> tuple[Any, ...]:
    """A file of settings and those that it extends, the furthest first; nothing where a pyproject.toml has none."""
    from dblint.settings.written import read

    found: list[Any] = []
    asks = ""
    while True:
        written = read(reader(path), path, folder)
        if written is None:
            if found:
                raise SettingsError(Problem(asks, f"extend: {path} has no settings of dblint"))
            return ()
        found.insert(0, written)
        base = written.table.get("extend")
        if not isinstance(base, str):
            return tuple(found)
        asks, path = path, posixpath.normpath(posixpath.join(posixpath.dirname(path), base))
        if any(one.path == path for one in found) or len(found) >= _MOST_EXTENDED:
            message = f"extend: {path} leads in a circle, or further than {_MOST_EXTENDED} files"
            raise SettingsError(Problem(asks, message, written.line(("extend",))))


def aside(disk: Files, files: Files, folder: str, configuration: Configuration) -> Iterator[Note]:
    """A warning for each file of settings, and the baseline, that is another one on the disk than in a revision."""
    settings = configuration.settings
    paths = [*_candidates(disk, folder), *(layer.path for layer in configuration.layers), settings.baseline]
    for path in dict.fromkeys(filter(None, paths)):
        here = _content_or_none(disk, path)
        if here != _content_or_none(files, path) and (
            not path.endswith("pyproject.toml") or b"dblint" in (here or b"")
        ):
            yield Note(path, "it is not staged as it is on the disk: what is staged holds", "settings")


def _content_or_none(files: Files, path: str) -> bytes | None:
    try:
        return files.read(path)
    except Unreadable:
        return None


def unread(files: Files, configuration: Configuration) -> Iterator[Note]:
    """A warning for each other file of settings among the inputs, and beside the one that holds: one holds for a
    run."""
    read = {layer.path for layer in configuration.layers}
    folder = posixpath.dirname(configuration.settings.path)
    beside = posixpath.join(posixpath.dirname(folder) if folder.endswith(".config") else folder, NAMES[-1])
    if (
        configuration.settings.path
        and beside not in read
        and b"[tool.dblint" in (_content_or_none(files, beside) or b"")
    ):
        yield Note(beside, f"[tool.dblint] is not read; {configuration.settings.path} holds for this run", "settings")
    for folder, names in files.found.items():
        path = "dblint.toml" if folder == "." else f"{folder}/dblint.toml"
        if "dblint.toml" in names and path not in read:
            holds = f"; {configuration.settings.path} holds for this run" if configuration.settings.path else ""
            yield Note(path, f"these settings are not read{holds} (use [[overrides]] there)", "settings")
