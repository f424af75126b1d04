"""What an option of a command is, before click or anything else reads a command line with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# What an option takes.
FLAG, TEXT, FILE, FOLDER, NUMBER = range(5)


class Option:
    """An option: its names on the command line, the name of its value, what it takes and what its help says.

    `several` values make a tuple. `choices` are all that a text may be. `default` is the value where it is not given.
    `complete` gives the values that begin with a text, for shells.
    """

    __slots__ = ("choices", "complete", "default", "help", "kind", "metavar", "name", "names", "several")

    def __init__(
        self,
        *names: str,
        kind: int = TEXT,
        help: str = "",
        name: str = "",
        metavar: str | None = None,
        several: bool = False,
        choices: Sequence[str] = (),
        default: object = None,
        complete: Callable[[str], list[str]] | None = None,
    ) -> None:
        self.names = names
        self.kind = kind
        self.help = help
        self.name = name or max(names, key=len).lstrip("-").replace("-", "_")
        self.metavar = metavar
        self.several = several
        self.choices = tuple(choices)
        self.default = () if several else default
        self.complete = complete


def flag(*names: str, help: str) -> Option:
    """An option that is given or not."""
    return Option(*names, kind=FLAG, help=help, default=False)
