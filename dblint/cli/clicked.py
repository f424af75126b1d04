"""Commands for click out of declared options."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from dblint.cli.declared import FILE, FLAG, FOLDER, NUMBER, Option

Decorator = Callable[[Any], Any]

PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())


def with_options(*groups: Option | Iterable[Option]) -> Decorator:
    """Gives a command these options, in this order."""
    options = [option for group in groups for option in ((group,) if isinstance(group, Option) else group)]

    def apply(function: Any) -> Any:
        for option in reversed(options):
            function = _clicked(option)(function)
        return function

    return apply


def _clicked(option: Option) -> Decorator:
    names = (*option.names, option.name)
    if option.kind == FLAG:
        return click.option(*names, is_flag=True, default=option.default, help=option.help)
    complete = option.complete
    return click.option(
        *names,
        type=_type_of(option),
        multiple=option.several,
        metavar=option.metavar,
        default=None if option.several else option.default,
        help=option.help or None,
        shell_complete=(lambda context, parameter, incomplete: complete(incomplete)) if complete else None,
    )


def _type_of(option: Option) -> click.ParamType[Any] | None:
    if option.choices:
        return click.Choice(option.choices)
    if option.kind == NUMBER:
        return click.IntRange(0)
    if option.kind in (FILE, FOLDER):
        return click.Path(exists=True, dir_okay=option.kind == FOLDER, file_okay=option.kind == FILE)
    return None
