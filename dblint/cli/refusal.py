"""What a command does where settings, rules or its command line can not be used: it says why, and ends in exit 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from dblint.cli.terminal import complain
from dblint.model import Problem
from dblint.settings.values import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import click

REFUSED = 2


def refused(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """Settings, baselines and packs that can not be used end in exit 2, each thing that is wrong on standard error."""

    @wraps(function)
    def apply(*arguments: Any, **options: Any) -> int | None:
        from dblint.packs import PackError

        try:
            return function(*arguments, **options)
        except SettingsError as error:
            problems = error.problems
        except PackError as error:
            problems = (Problem("", str(error)),)
        complain(problems, options.get("colour", "auto"))
        return REFUSED

    return apply


def usage_error(message: str) -> click.UsageError:
    """What is wrong with the command line, to be raised. click is imported where something is wrong, and no sooner."""
    import click

    return click.UsageError(message)


def failure(message: str) -> click.ClickException:
    """What a command could not do, to be raised."""
    import click

    return click.ClickException(message)
