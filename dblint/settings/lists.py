"""The lists that say which rules run."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Selectors:
    """Lists of selectors, as written; None where a list that replaces another is not given. `places`: name of the list
    -> the file (or option) and the line that say it."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    places: Mapping[str, tuple[str, int | None]] = field(default_factory=dict)
