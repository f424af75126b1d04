"""The baseline of a run: which file it is, and what it holds."""

from __future__ import annotations

import os
from collections.abc import Mapping

from dblint.model import Problem
from dblint.settings.values import Settings, SettingsError
from dblint.sources.files import Files, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.baseline import Baseline

_HINT = "dblint baseline write makes it; --no-baseline does without"


def known_of(files: Files, settings: Settings, options: Mapping[str, Any]) -> Baseline | None:
    """The baseline that the options or the settings name; None where neither does, or where it is not wanted.

    Two options are given by commands, not by people: `default_baseline` is the file where nothing names one, and
    `may_be_missing` says that one that is not there is empty. Raises SettingsError.
    """
    said = settings.baseline
    given: str = options.get("baseline") or ("" if said else options.get("default_baseline", ""))
    if options.get("no_baseline") or not (given or said):
        return None
    from dblint.baseline import Baseline, BaselineError, read

    path = given or said
    if options.get("may_be_missing") and not os.path.lexists(given or os.path.join(files.disk.root, said)):
        return Baseline(path, {})
    try:
        return read(_content(files, given, said), path)
    except Unreadable as error:
        is_here = options.get("staged") and files.disk.exists(path)
        hint = "it is not staged: git add it" if is_here else _HINT
        raise SettingsError(Problem(path, f"the baseline can not be read: {error}", hint=hint)) from None
    except BaselineError as error:
        raise SettingsError(Problem(path, f"this is no baseline: {error}", error.line)) from None


def _content(files: Files, given: str, said: str) -> bytes:
    """The file of the command line is the person's own and may lie anywhere; that of the settings in the project."""
    from dblint.baseline import MOST_BYTES

    if not given:
        return files.read(said, MOST_BYTES)
    try:
        with open(given, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable((error.strerror or str(error)).lower()) from None
    if len(content) > MOST_BYTES:
        raise Unreadable(f"it has more than {MOST_BYTES:,} bytes")
    return content
