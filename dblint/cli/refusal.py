"""What a command does where settings or rules can not be used: it says why, and ends in exit 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from dblint.cli.terminal import complain
from dblint.model import Problem
from dblint.settings.values import SettingsError

REFUSED = 2


def refused(function: Callable[..., None]) -> Callable[..., None]:
    """Settings, baselines and packs that can not be used end in exit 2, each thing that is wrong on standard error."""

    @wraps(function)
    def apply(*arguments: Any, **options: Any) -> None:
        from dblint.packs import PackError

        try:
            function(*arguments, **options)
        except SettingsError as error:
            problems = error.problems
        except PackError as error:
            problems = (Problem("", str(error)),)
        else:
            return
        complain(problems, options.get("colour", "auto"))
        click.get_current_context().exit(REFUSED)

    return apply
