"""`dblint baseline`: writes down what is found now, so that only what is new is shown from then on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from dblint.cli import options as shared
from dblint.cli.clicked import PATHS, with_options
from dblint.cli.refusal import refused
from dblint.cli.replacing import replace_file
from dblint.cli.terminal import say, warn, write
from dblint.model import Problem
from dblint.records import dataclass
from dblint.settings.values import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.baseline import Baseline, Entry
    from dblint.cli.request import Asked
    from dblint.result import Result

_LOOK = with_options(
    shared.BASELINE,
    shared.RULES,
    shared.LEAST,
    shared.EVALUATION,
    shared.SCOPE,
    shared.SUPPRESSIONS,
    shared.CFN_LINT,
    shared.RUN,
    shared.COLOUR,
    shared.PROGRESS,
)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What there is now, what was known before, and the file that holds it."""

    asked: Asked
    result: Result
    before: Baseline
    file: Path


@click.group()
def command() -> None:
    """Write down the findings that are known, so that a scan shows what is new."""


@command.command("write")
@PATHS
@_LOOK
@click.option("--reason", default="", metavar="TEXT", help="Why the new entries wait.")
@refused
def write_(reason: str, **options: Any) -> None:
    """Write down what is found in PATHs now: new findings are added, and those that are gone are removed.

    What was not looked at stays as it is. Findings that are suppressed are not written down.
    """
    from dblint.baseline import updated
    from dblint.judge import BROKEN

    looked = _look(options, may_be_missing=True)
    result, known = looked.result, looked.before.entries
    findings = [finding for finding in (*result.findings, *result.baselined) if finding.outcome == BROKEN]
    today = looked.asked.request.today()
    entries = {e.fingerprint: e for e in updated(known.values(), findings, result.stale, today, reason)}
    _save(looked.file, entries)
    new = len(entries.keys() - known.keys())
    say(f"{looked.before.path}: {_number(len(entries))}, {new} new, {len(result.stale)} gone")
    if not (options["baseline"] or looked.asked.request.settings.baseline):
        say(f'it holds where it is named: dblint scan --baseline {looked.before.path}, or baseline = "..." in settings')


@command.command()
@PATHS
@_LOOK
@refused
def prune(**options: Any) -> None:
    """Remove the entries whose findings are gone. Nothing is added."""
    looked = _look(options, may_be_missing=False)
    gone = {entry.fingerprint for entry in looked.result.stale}
    left = {name: entry for name, entry in looked.before.entries.items() if name not in gone}
    if gone:
        _save(looked.file, left)
    say(f"{looked.before.path}: {_number(len(left))}, {len(gone)} gone")


@command.command()
@PATHS
@with_options(shared.BASELINE, shared.RUN)
@click.option("-f", "--output-format", "format", type=click.Choice(["table", "json"]), default="table")
@refused
def show(format: str, **options: Any) -> None:
    """List what the baseline holds. Nothing is judged."""
    from dblint.baseline import as_table
    from dblint.cli.request import asked_of

    entries = _before(asked_of(_with_default(options))).entries.values()
    if format == "json":
        write(json.dumps([as_table(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n")
    else:
        write("".join(f"{line}\n" for line in _lines(list(entries))))


def _lines(entries: list[Entry]) -> list[str]:
    rows = [(e.first_seen, e.rule, e.root, e.address, e.reason) for e in entries]
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows]
    return [*lines, _number(len(entries))]


def _number(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"


def _with_default(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with our own name for the file where nothing names one."""
    from dblint.baseline import NAME

    return {**options, "default_baseline": NAME}


def _look(options: Mapping[str, Any], may_be_missing: bool) -> _Looked:
    """Judges the roots of the paths as a whole. Raises SettingsError where something could not be read: what is written
    down then would not be what there is."""
    from dblint.cli.progress import progress_of
    from dblint.cli.request import asked_of
    from dblint.records import replace
    from dblint.scan.run import run

    asked = asked_of({**_with_default(options), "whole_root": True, "may_be_missing": may_be_missing})
    before = _before(asked)
    file = _file(asked, options)
    with progress_of(options) as progress:
        result = run(replace(asked.request, progress=progress)).result
    warn(asked.request.warnings)
    if asked.request.wishes.narrowed:
        say("no entry counts as gone: the options choose scenarios or values, and others may have it")
    if result.problems:
        message = "nothing is written: mend or exclude what could not be read"
        raise SettingsError(*result.problems, Problem(before.path, message))
    return _Looked(asked, result, before, file)


def _before(asked: Asked) -> Baseline:
    assert asked.request.baseline is not None
    return asked.request.baseline


def _file(asked: Asked, options: Mapping[str, Any]) -> Path:
    """Where the baseline is written. What the settings of a project name lies in it and ends in .json."""
    files, said = asked.request.files, asked.request.settings.baseline
    if options["baseline"] or not said:
        return Path(_before(asked).path)
    inside = files.inside(said)
    if inside is None or not inside.endswith(".json"):
        raise SettingsError(Problem(said, "the baseline is a file of the project that ends in .json"))
    return files.project / inside


def _save(path: Path, entries: Mapping[str, Entry]) -> None:
    from dblint.baseline import text_of

    replace_file(path, text_of(entries.values()).encode())
