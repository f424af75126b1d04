"""`dblint scan`: lints files and folders."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from dblint.cli.terminal import complain, say, style_of, warn
from dblint.model import Problem
from dblint.reports import FORMATS
from dblint.reports.shown import Shown
from dblint.settings.values import SettingsError

if TYPE_CHECKING:
    from dblint.scan.run import Outcome

_SEVERITY = click.Choice(["critical", "high", "medium", "low"])
_FILE = click.Path(exists=True, dir_okay=False)
_FOLDER = click.Path(exists=True, file_okay=False)


def _options(*decorators: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def apply(function: Any) -> Any:
        for decorate in reversed(decorators):
            function = decorate(function)
        return function

    return apply


def _list(*names: str, help: str, metavar: str, **more: Any) -> Callable[[Any], Any]:
    """An option that may be given several times."""
    return click.option(*names, multiple=True, metavar=metavar, help=help, **more)


_RULES = _options(
    _list("--select", metavar="RULE", help="Run these rules in place of the profile's."),
    _list("--ignore", metavar="RULE", help="Do not run these rules."),
    _list("--extend-select", metavar="RULE", help="Run these rules as well."),
    _list("--extend-ignore", metavar="RULE", help="Do not run these rules either."),
    click.option("--profile", type=click.Choice(["default", "strict", "audit"]), help="Which rules run."),
    _list("--rules", "packs", metavar="DIR", type=_FOLDER, help="A folder with more rules: Python that is executed."),
)
_FILTERS = _options(
    click.option("--min-severity", type=_SEVERITY, help="Show nothing less severe."),
    click.option("--min-confidence", type=click.Choice(["high", "medium", "low"]), help="Show nothing less certain."),
    click.option(
        "--fail-on", type=click.Choice([*_SEVERITY.choices, "never"]), help="Exit with 1 from this severity on."
    ),
    click.option("-e", "--exit-zero", is_flag=True, help="Findings do not make the run fail; errors do."),
    click.option("--no-suppressions", is_flag=True, help="Show what comments and settings hide."),
)
_EVALUATION = _options(
    _list("--scenario", "scenarios", metavar="NAME", help="Look at these scenarios only."),
    _list("--var-file", "var_files", metavar="FILE", type=_FILE, help="A file of Terraform variables."),
    _list("--var", "variables", metavar="NAME=VALUE", help="A Terraform variable."),
    click.option("--workspace", metavar="NAME", default="", help="The Terraform workspace."),
    _list("--parameters", metavar="FILE", type=_FILE, help="A file of CloudFormation parameters."),
)
_OUTPUT = _options(
    _list("-f", "--output-format", "formats", metavar="FORMAT[=FILE]", help=f"One of {', '.join(FORMATS)}."),
    click.option("--show-coverage", is_flag=True, help="List what was not decided and not looked at."),
    click.option("--show-suppressed", is_flag=True, help="List what comments and settings hide."),
    click.option("--color", "colour", type=click.Choice(["auto", "always", "never"]), default="auto"),
    click.option("-q", "--quiet", is_flag=True, help="Findings and errors only."),
    click.option("-v", "--verbose", is_flag=True, help="Say what is read; show tracebacks of internal errors."),
)
_RUN = _options(
    _list("--config", "configs", metavar="FILE|KEY=VALUE", help="Settings, in place of those found or over them."),
    click.option("--isolated", is_flag=True, help="Read no file of settings."),
    click.option("--allow-empty", is_flag=True, help="It is no error if there is nothing to scan."),
    click.option("--stdin-filename", metavar="PATH", help="What the file that is read from - is called."),
)


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_RULES
@_FILTERS
@_EVALUATION
@_OUTPUT
@_RUN
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Lint files and folders (the current one if none is named).

    Files that are named one by one are judged within the roots that they belong to. A RULE is a name, a pattern
    (rds-*), service:X, category:X, severity:X or ALL.

    Exits with 0 where nothing is found, 1 for findings, 2 where the result can not be trusted.
    """
    from dblint.cli.output import deliver, targets_of
    from dblint.cli.request import request_of
    from dblint.packs import PackError
    from dblint.scan.run import run

    colour = options["colour"]
    try:
        request = request_of(options)
        targets = targets_of(options["formats"] or (request.settings.output_format,))
        outcome = run(request)
    except SettingsError as error:
        complain(error.problems, colour)
        context.exit(2)
    except PackError as error:
        complain([Problem("", str(error))], colour)
        context.exit(2)
    result = outcome.result
    if options["verbose"]:
        _trace(outcome)
    complain(result.problems, colour)
    if not options["quiet"]:
        warn(result.warnings, colour)
    shown = Shown(
        request.files,
        style_of(sys.stdout, colour),
        coverage=options["show_coverage"],
        suppressed=options["show_suppressed"],
        quiet=options["quiet"],
    )
    deliver(result, shown, targets)
    context.exit(result.exit_code)


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
