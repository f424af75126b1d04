"""`dblint scan`: lints files and folders."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from dblint.cli import options as shared
from dblint.cli.options import flag, several, together
from dblint.cli.refusal import REFUSED, refused
from dblint.cli.terminal import complain, say, style_of, warn, write
from dblint.reports import FORMATS
from dblint.reports.shown import Shown

if TYPE_CHECKING:
    from dblint.cli.replay import Memory
    from dblint.scan.request import Request
    from dblint.scan.run import Outcome
    from dblint.topology import Topology

_SCOPE = together(
    shared.SCOPE,
    flag("--whole-root", help="Report on the whole root where single files are named."),
)
_CHANGE = together(
    click.option("--diff-base", metavar="REF", help="Report what is new since HEAD and REF went apart."),
    flag("--staged", help="Report what is new in the index, compared with HEAD."),
)
_BASELINE = together(
    shared.BASELINE,
    flag("--no-baseline", help="Show what the baseline has, too."),
)
_OUTPUT = together(
    several("-f", "--output-format", "formats", metavar="FORMAT[=FILE]", help=f"One of {', '.join(FORMATS)}."),
    flag("--show-coverage", help="List what was not decided and not looked at."),
    flag("--statistics", help="Say how often each rule was broken."),
    flag("--show-suppressed", help="List what comments and settings hide."),
    flag("--show-files", help="List the files that are looked at, and do nothing else."),
    flag("--show-settings", help="List the settings that hold, and do nothing else."),
    shared.LOUDNESS,
)
_ACCEPT = click.option("--add-ignore", metavar="REASON", help="Write a suppression of each finding into the files.")
_SCALE = together(
    click.option(
        "-j", "--jobs", metavar="N", type=click.IntRange(0), default=0, help="Processes (0: one a processor)."
    ),
    click.option("--shard", metavar="K/N", help="Judge one part of the roots, of so many; dblint merge joins them."),
)
_KEPT = together(
    flag("--no-cache", help="Keep nothing between runs, and use nothing that is kept."),
    click.option("--cache-dir", metavar="DIR", help="Keep results there, in place of the user's cache folder."),
)
_STDIN = click.option("--stdin-filename", metavar="PATH", help="What the file that is read from - is called.")


@click.command()
@shared.PATHS
@shared.RULES
@shared.FILTERS
@shared.EVALUATION
@_SCOPE
@_CHANGE
@_BASELINE
@shared.SUPPRESSIONS
@shared.CFN_LINT
@_OUTPUT
@shared.RUN
@_SCALE
@_KEPT
@_STDIN
@_ACCEPT
@click.pass_context
@refused
def command(context: click.Context, /, **options: Any) -> None:
    """Lint files and folders (the current one if none is named).

    Files that are named one by one are judged within the roots that they belong to. A RULE is a name, a pattern
    (rds-*), service:X, category:X, severity:X or ALL.

    Exits with 0 where nothing is found, 1 for findings, 2 where the result can not be trusted.
    """
    from dblint.cli.listing import listed
    from dblint.cli.output import deliver, formats_of, targets_of, writes_files
    from dblint.cli.progress import progress_of
    from dblint.cli.request import asked_of
    from dblint.records import replace

    colour = options["colour"]
    request = asked_of(options, context.obj.store if context.obj else None).request
    text = listed(request, options)
    if text is not None:
        write(text)
        context.exit(REFUSED if request.files.problems else 0)
    targets = targets_of(formats_of(options["formats"], request.settings))
    with progress_of(options) as progress:
        request, outcome = _outcome(replace(request, progress=progress), options)
    result = outcome.result
    if options["verbose"]:
        _trace(outcome)
    complain(result.problems, colour)
    if not options["quiet"]:
        warn(result.warnings, colour, result.failing_notes)
    shown = Shown(
        request.files,
        style_of(sys.stdout, colour),
        coverage=options["show_coverage"],
        statistics=options["statistics"],
        suppressed=options["show_suppressed"],
        quiet=options["quiet"],
        topologies=_topologies(request, targets),
    )
    deliver(result, shown, targets)
    if context.obj and result.exit_code != REFUSED and not writes_files(targets):
        _remember(context.obj, request, options, result.exit_code)
    context.exit(result.exit_code)


def _remember(memory: Memory, request: Request, options: Mapping[str, Any], code: int) -> None:
    """Keeps what was said, where it hangs on nothing but the options and the files of the project."""
    from dblint.cli.replay import NOT_REPLAYED, remember

    if not any(options[name] for name in NOT_REPLAYED) and not request.settings.packs:
        disk = request.files.disk
        remember(memory, disk.root, disk.heard, code)


def _outcome(request: Request, options: Mapping[str, Any]) -> tuple[Request, Outcome]:
    """The run; where findings are to be accepted, the one after that."""
    if options["add_ignore"] is None:
        from dblint.scan.run import run

        return request, run(request)
    from dblint.cli.accepting import accept, reason_of

    return accept(request, reason_of(options))


def _topologies(request: Request, targets: Sequence[tuple[str, str]]) -> tuple[Topology, ...]:
    """The pictures of the databases, where a report shows them. What is wrong with the roots, the run has said."""
    if not any(format == "html" for format, _ in targets):
        return ()
    from dblint.scan.topology import pictures

    return pictures(request).topologies


def _trace(outcome: Outcome) -> None:
    """What the run read, and the tracebacks of internal errors."""
    result = outcome.result
    say(f"settings: {result.config or 'none'}")
    say(f"scenarios: {', '.join(result.scenarios) or 'none'}")
    for root in result.roots:
        say(f"root: {root}")
    for text in outcome.tracebacks:
        for line in text.splitlines():
            say(line)
