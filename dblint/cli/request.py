"""From the options of `dblint scan` to the request that a run is."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from dblint.cli.configuration import settings_of, unread, with_options
from dblint.packs import load, own
from dblint.scan.run import Request
from dblint.settings.lists import Selectors
from dblint.settings.values import Settings
from dblint.sources.base import NamedScenario, Wishes
from dblint.sources.files import MOST_BYTES, Files, project_of

_STDIN = "-"


def request_of(options: Mapping[str, Any]) -> Request:
    """The request that the options make. Raises SettingsError, and UsageError where options contradict each other."""
    paths = options["paths"] or (".",)
    beside = [*options["var_files"], *options["parameters"]]
    files = _files(paths, beside, options["stdin_filename"])
    folder = _common(paths, options["stdin_filename"], files)
    settings = _with_options(settings_of(files, folder, options["configs"], options["isolated"]), options)
    return Request(
        files=files,
        settings=settings,
        wishes=_wishes(settings, files, options),
        named=paths,
        today=datetime.date.today(),
        rules=lambda: load([own(), *map(Path, options["packs"])]),
        allow_empty=options["allow_empty"],
        suppress=not options["no_suppressions"],
        warnings=tuple(unread(files, settings)),
    )


def _files(paths: Sequence[str], beside: Sequence[str], stdin_filename: str | None) -> Files:
    reads_stdin = _STDIN in paths
    if reads_stdin != bool(stdin_filename):
        raise click.UsageError("- and --stdin-filename belong together: the name says what the input is")
    if reads_stdin and len(paths) > 1:
        raise click.UsageError("- is read alone, without other paths")
    inputs = [Path(stdin_filename)] if stdin_filename else [Path(path) for path in paths]
    files = Files(project_of([*inputs, *map(Path, beside)], Path.cwd()))
    if stdin_filename:
        files.give(_relative(stdin_filename, files), _stdin())
    else:
        for path in inputs:
            files.add(path)
    return files


def _stdin() -> bytes:
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise click.UsageError(f"standard input has more than {MOST_BYTES:,} bytes, which is all that is read")
    return content


def _relative(path: str, files: Files) -> str:
    """A path of the command line as one of the project. Raises UsageError where it lies outside."""
    absolute = os.path.abspath(path)
    relative = files.inside(os.path.relpath(os.path.realpath(absolute), files.project))
    if relative is None:
        raise click.UsageError(f"{path} lies outside of the project {files.project}")
    return relative


def _common(paths: Sequence[str], stdin_filename: str | None, files: Files) -> str:
    """The folder, relative to the project, that holds all inputs: where the search for settings begins."""
    inputs = [os.path.realpath(path) for path in ([stdin_filename] if stdin_filename else paths)]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in inputs]
    common = os.path.relpath(os.path.commonpath(folders), files.project).replace(os.sep, "/")
    return "." if common.startswith("..") else common


def _with_options(settings: Settings, options: Mapping[str, Any]) -> Settings:
    selectors = Selectors(
        select=_split(options["select"]) or None,
        ignore=_split(options["ignore"]) or None,
        extend_select=_split(options["extend_select"]),
        extend_ignore=_split(options["extend_ignore"]),
    )
    return with_options(
        settings,
        selectors,
        profile=options["profile"],
        min_severity=options["min_severity"],
        min_confidence=options["min_confidence"],
        fail_on="never" if options["exit_zero"] else options["fail_on"],
    )


def _split(values: Sequence[str]) -> tuple[str, ...]:
    """Selectors of an option, which may be given several times and hold several with commas."""
    return tuple(text for value in values for text in map(str.strip, value.split(",")) if text)


def _wishes(settings: Settings, files: Files, options: Mapping[str, Any]) -> Wishes:
    variables = dict(_assignment(text) for text in options["variables"])
    return Wishes(
        environments=settings.environments,
        scenarios={
            name: NamedScenario(own.var_files, own.parameters, own.workspace, own.tier)
            for name, own in settings.scenarios.items()
        },
        only=_split(options["scenarios"]),
        var_files=tuple(_relative(path, files) for path in options["var_files"]),
        variables=variables,
        workspace=options["workspace"],
        parameter_files=tuple(_relative(path, files) for path in options["parameters"]),
        roots=settings.roots,
    )


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise click.UsageError(f"--var: expected NAME=VALUE, found {text}")
    return name.strip(), value
