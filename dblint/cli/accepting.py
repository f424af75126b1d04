"""`dblint scan --add-ignore REASON`: writes a suppression of each finding into the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dblint.cli.refusal import failure, usage_error
from dblint.cli.replacing import replace_file
from dblint.cli.terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.scan.request import Request
    from dblint.scan.run import Outcome
    from dblint.suppressions.directive import Directive


def reason_of(options: Mapping[str, Any]) -> Directive:
    """The reason of the option, with what narrows it. Raises UsageError."""
    from dblint.suppressions.directive import said

    text: str = options["add_ignore"]
    others = [name for name in ("staged", "no_suppressions", "stdin_filename") if options[name]]
    if others:
        raise usage_error(f"--add-ignore and --{others[0].replace('_', '-')} exclude each other")
    directive = said(text)
    if directive.wrong:
        raise usage_error(f"--add-ignore: {directive.wrong}")
    if not directive.reason or not text.isprintable():
        raise usage_error("--add-ignore: expected a reason in one line: why are these findings accepted?")
    return directive


def accept(request: Request, said: Directive) -> tuple[Request, Outcome]:
    """Writes suppressions of what is found, and gives the run as it is with them. Raises ClickException."""
    from dblint.records import replace
    from dblint.reports.words import number
    from dblint.scan.accept import accepted

    done = accepted(request, said)
    files = request.files
    for path in done.texts:
        if (files.project / path).read_bytes() != files.read(path):
            raise failure(f"{path} was changed in the meantime: nothing is written")
    for path, content in done.texts.items():
        replace_file(Path(files.project / path), content)
        say(f"changed: {path}")
    left = len(done.outcome.result.findings)
    told = f"; {left} could not be, see the report" if left else ""
    say(f"{done.count} accepted in {number(len(done.texts), 'file')}{told}")
    return replace(request, files=files.with_contents(done.texts)), done.outcome
