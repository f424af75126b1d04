"""The lists that say which rules run."""

from __future__ import annotations

from dblint.records import dataclass


@dataclass(frozen=True, slots=True)
class Selectors:
    """Lists of selectors, as written; None where a list that replaces another is not given."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
