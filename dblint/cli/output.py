"""Where the reports of a run go, and writing them there."""

from __future__ import annotations

import os
from collections.abc import Sequence

from dblint.cli.refusal import failure, usage_error
from dblint.cli.terminal import write
from dblint.nearest import nearest
from dblint.records import replace
from dblint.reports import FORMATS, render
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.result import Result
from dblint.settings.values import Settings
from dblint.stopwatch import timed

FORMATS_VARIABLE = "DBLINT_OUTPUT_FORMAT"

Target = tuple[str, str]


def formats_of(given: Sequence[str], settings: Settings) -> Sequence[str]:
    """The formats that are asked for: on the command line, else in the environment, else in the settings. The first two
    belong to the person who runs dblint, and may name files."""
    environment = [text.strip() for text in os.environ.get(FORMATS_VARIABLE, "").split(",") if text.strip()]
    return given or environment or (settings.output_format,)


def targets_of(given: Sequence[str]) -> list[Target]:
    """Each FORMAT[=FILE] as format and file ("" for standard output). Raises UsageError."""
    targets = []
    for text in given:
        format, sign, file = text.partition("=")
        if format not in FORMATS:
            raise usage_error(f"unknown format {format}{nearest(format, FORMATS)} (one of {', '.join(FORMATS)})")
        if sign and not file:
            raise usage_error(f"-f {text}: expected a file after =")
        targets.append((format, file))
    files = [os.path.abspath(file) if file else "standard output" for _, file in targets]
    twice = {file for file in files if files.count(file) > 1}
    if twice:
        raise usage_error(f"two reports go to {twice.pop()}: name a file for one of them as FORMAT=FILE")
    return targets


@timed("report")
def deliver(result: Result, shown: Shown, targets: Sequence[Target]) -> None:
    """Writes each report; the step summary of GitHub too where that format is asked for. Raises ClickException where a
    file can not be written."""
    plain = replace(shown, style=Style())
    for format, file in targets:
        if file:
            _to_file(file, render(format, result, plain), "w")
        else:
            write(render(format, result, shown))
        summary = os.environ.get("GITHUB_STEP_SUMMARY")
        if format == "github" and summary:
            from dblint.reports.absolute import absolute
            from dblint.reports.github import step_summary

            _to_file(summary, step_summary(*absolute(result, plain)), "a")


def writes_files(targets: Sequence[Target]) -> bool:
    """Whether delivering reports writes anything but standard output."""
    return any(file or (format == "github" and os.environ.get("GITHUB_STEP_SUMMARY")) for format, file in targets)


def _to_file(path: str, text: str, mode: str) -> None:
    try:
        with open(path, mode, encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise failure(f"{path}: the report can not be written: {error.strerror}") from None
