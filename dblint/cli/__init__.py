"""The command line: commands and options. Only this package prints or exits."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from dblint import __version__

# Each command's module is imported when it is called: its `command` is what click runs.
_COMMANDS = ("scan", "graph", "explain", "rules", "baseline", "config", "test", "completion", "version")

FAULT = 2
INTERRUPTED = 130
_PIPE_CLOSED = 141


class NobodyReads(Exception):
    """Who read standard output has closed it. (click would make exit 1 of a BrokenPipeError, which means findings.)"""


class _Commands(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"dblint.cli.{name}").command
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = arguments[0]
        if name not in _COMMANDS and not name.startswith("-") and not context.resilient_parsing:
            from dblint.nearest import nearest

            raise click.UsageError(f"unknown command {name}{nearest(name, _COMMANDS)}", context)
        return super().resolve_command(context, arguments)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dblint", message="%(prog)s %(version)s")
def group() -> None:
    """The linter for AWS databases in infrastructure code: Terraform and CloudFormation, in every environment."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Gives 0, 1 or 2 as `scan` says, 2 for wrong usage, 130 for Ctrl-C, 141 where nobody reads on."""
    if os.environ.get("_DBLINT_COMPLETE") == "powershell_complete":
        from dblint.cli.powershell import declare

        declare()
    try:
        code = group.main(arguments, prog_name="dblint", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return FAULT
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo(f"interrupted {error.__cause__ or ''}".rstrip(), err=True)
        return INTERRUPTED
    except NobodyReads:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except Exception:
        import traceback

        click.echo(
            f"{traceback.format_exc()}error: this is a fault of dblint: please report it with the lines above", err=True
        )
        return FAULT
    return code if isinstance(code, int) else 0
