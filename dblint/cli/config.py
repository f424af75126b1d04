"""`dblint config`: the effective settings, their schema, and a file to begin with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

import click

from dblint.cli import options as shared
from dblint.cli.clicked import PATHS, with_options
from dblint.cli.refusal import refused
from dblint.cli.terminal import warn, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FILE = "dblint.toml"


@click.group()
def command() -> None:
    """Show the settings that hold, print their schema, or write a file to begin with."""


@command.command()
@PATHS
@with_options(shared.RULES, shared.FILTERS, shared.SCOPE, shared.RUN)
@click.option("-f", "--output-format", "format", type=click.Choice(["toml", "json"]), default="toml")
@refused
def show(format: str, **options: Any) -> None:
    """Print the settings that hold for PATHs, each with the file, variable or option that says it."""
    write(shown(options, format))


def shown(options: Mapping[str, Any], format: str) -> str:
    """The effective settings as text. Raises SettingsError."""
    from dblint.cli.request import asked_of
    from dblint.settings.origins import as_json, as_toml, effective

    asked = asked_of(options)
    warn(asked.configuration.warnings)
    said = effective(asked.configuration.layers)
    if format == "json":
        return json.dumps(as_json(said), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{line}\n" for line in as_toml(said))


@command.command()
def schema() -> None:
    """Print the JSON Schema of the settings, for editors."""
    from dblint.settings.build import SCHEMA

    write(SCHEMA.read_text(encoding="utf-8"))


@command.command()
@PATHS
@with_options(shared.RUN)
@refused
def init(**options: Any) -> None:
    """Write dblint.toml in the current folder, with what is found in PATHs. It changes no result until it is edited."""
    from dblint.cli.configuration import NAMES
    from dblint.cli.request import asked_of
    from dblint.cli.starter import starter
    from dblint.scan.run import scenarios

    there = next((name for name in NAMES[:2] if os.path.lexists(name)), None)
    if there:
        raise click.UsageError(f"{there} is there already: edit it, or remove it first")
    text = starter(scenarios(asked_of(options).request))
    try:
        with open(_FILE, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise click.ClickException(f"{_FILE} can not be written: {error.strerror}") from None
    click.echo(f"wrote {_FILE}", err=True)
