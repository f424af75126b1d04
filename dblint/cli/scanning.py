"""A scan: from the options of the command to its reports."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from dblint import stopwatch
from dblint.cli import options as shared
from dblint.cli.declared import NUMBER, Option, flag
from dblint.cli.refusal import REFUSED, refused
from dblint.cli.terminal import complain, say, style_of, warn, write
from dblint.reports import FORMATS
from dblint.reports.shown import Shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.cli.replay import Memory
    from dblint.result import Result
    from dblint.scan.request import Request
    from dblint.scan.run import Outcome
    from dblint.topology import Topology

# In the order in which the help shows them.
OPTIONS = (
    *shared.RULES,
    *shared.FILTERS,
    *shared.EVALUATION,
    *shared.SCOPE,
    flag("--whole-root", help="Report on the whole root where single files are named."),
    Option("--diff-base", metavar="REF", help="Report what is new since HEAD and REF went apart."),
    flag("--staged", help="Report what is new in the index, compared with HEAD."),
    shared.BASELINE,
    flag("--no-baseline", help="Show what the baseline has, too."),
    *shared.SUPPRESSIONS,
    shared.CFN_LINT,
    Option(
        *("-f", "--output-format"),
        name="formats",
        several=True,
        metavar="FORMAT[=FILE]",
        help=f"One of {', '.join(FORMATS)}.",
    ),
    flag("--show-coverage", help="List what was not decided and not looked at."),
    flag("--statistics", help="Say how often each rule was broken."),
    flag("--show-suppressed", help="List what comments and settings hide."),
    flag("--show-files", help="List the files that are looked at, and do nothing else."),
    flag("--absolute-paths", help="Say where files are on this machine, not in the project."),
    flag("--timing", help="Say how many seconds each stage takes."),
    flag("--show-settings", help="List the settings that hold, and do nothing else."),
    *shared.LOUDNESS,
    *shared.RUN,
    Option("-j", "--jobs", kind=NUMBER, metavar="N", default=0, help="Processes (0: one a processor)."),
    Option("--shard", metavar="K/N", help="Judge one part of the roots, of so many; dblint merge joins them."),
    flag("--no-cache", help="Keep nothing between runs, and use nothing that is kept."),
    Option("--cache-dir", metavar="DIR", help="Keep results there, in place of the user's cache folder."),
    Option("--stdin-filename", metavar="PATH", help="What the file that is read from - is called."),
    Option("--add-ignore", metavar="REASON", help="Write a suppression of each finding into the files."),
)


@refused
def scan(memory: Memory | None, **options: Any) -> int:
    """Runs `dblint scan` and gives its exit code. Raises ClickException for wrong usage."""
    from dblint.cli.listing import listed
    from dblint.cli.output import deliver, formats_of, targets_of, writes_files
    from dblint.cli.progress import progress_of
    from dblint.cli.request import asked_of
    from dblint.records import replace

    colour = options["colour"]
    (stopwatch.start if options["timing"] else stopwatch.stop)()
    request = asked_of(options, memory.store if memory else None).request
    text = listed(request, options)
    if text is not None:
        write(text)
        return REFUSED if request.files.problems else 0
    targets = targets_of(formats_of(options["formats"], request.settings))
    with progress_of(options) as progress:
        request, outcome = _outcome(replace(request, progress=progress), options)
    result = replace(outcome.result, timing=stopwatch.read())
    if options["verbose"]:
        _trace(outcome)
    shown = Shown(
        request.files,
        style_of(sys.stdout, colour),
        coverage=options["show_coverage"],
        statistics=options["statistics"],
        suppressed=options["show_suppressed"],
        quiet=options["quiet"],
        topologies=_topologies(request, targets),
        project=request.files.disk.root if options["absolute_paths"] else "",
    )
    placed = _placed(result, shown)
    complain(placed.problems, colour)
    if not options["quiet"]:
        warn(placed.warnings, colour, result.failing_notes)
    deliver(result, shown, targets)
    _tell_seconds()
    if request.files.contents:
        request.files.contents.save()
    if memory and result.exit_code != REFUSED and not writes_files(targets):
        _remember(memory, request, options, result.exit_code)
    return result.exit_code


def _remember(memory: Memory, request: Request, options: Mapping[str, Any], code: int) -> None:
    """Keeps what was said, where it hangs on nothing but the options and the files of the project."""
    from dblint.cli.replay import NOT_REPLAYED, remember

    disk = request.files.disk
    if not any(options[name] for name in NOT_REPLAYED) and not request.settings.packs and not disk.torn:
        contents = request.files.contents
        remember(memory, disk, code, contents.frame if contents else b"")


def _placed(result: Result, shown: Shown) -> Result:
    """The result with the paths that are asked for."""
    if not shown.project:
        return result
    from dblint.reports.absolute import absolute

    return absolute(result, shown)[0]


def _tell_seconds() -> None:
    """Where the seconds went, where that is asked for."""
    seconds = stopwatch.read()
    stopwatch.stop()
    if seconds:
        say("seconds: " + ", ".join(f"{stage} {took:.3f}" for stage, took in seconds.items()))


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
