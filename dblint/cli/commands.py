"""The commands, as click runs them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

import click

from dblint import __version__
from dblint.cli.ending import ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.cli.replay import Memory

# Each command's module is imported when it is called: its `command` is what click runs.
_COMMANDS = (
    "scan",
    "graph",
    "explain",
    "rules",
    "baseline",
    "config",
    "test",
    "new-rule",
    "completion",
    "merge",
    "clean",
    "version",
)


class _Commands(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"dblint.cli.{name.replace('-', '_')}").command
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


def run(arguments: Sequence[str] | None, memory: Memory | None) -> int:
    """Runs a command; gives the code that the process ends with. `memory` is where a run of `scan` is remembered."""
    if os.environ.get("_DBLINT_COMPLETE") == "powershell_complete":
        from dblint.cli.powershell import declare

        declare()
    return ended(lambda: group.main(arguments, prog_name="dblint", standalone_mode=False, obj=memory))


def context_of(name: str) -> click.Context:
    """The context of a command that was started without click."""
    parent = click.Context(group, info_name="dblint")
    command = group.get_command(parent, name)
    assert command is not None  # it was started
    return click.Context(command, parent, name)
