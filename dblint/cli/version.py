"""`dblint version`: which dblint this is, and on what it runs."""

from __future__ import annotations

import json
import platform

import click

from dblint import RULESET, __version__


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(as_json: bool) -> None:
    """Print the version of dblint and of what it is built on."""
    versions = {"dblint": __version__, "ruleset": RULESET, "python": platform.python_version(), **_libraries()}
    if as_json:
        click.echo(json.dumps(versions, indent=2))
    else:
        for name, version in versions.items():
            click.echo(f"{name} {version}")


def _libraries() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("click", "PyYAML", "python-hcl2", "cfn-lint", "boto3"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
