"""Regular expressions that are compiled when they are first used: most runs need few of those that the modules name."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AnyStr


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A pattern as `re.compile` makes it, which is made when something is asked of it."""
    return _Pattern(text, flags)  # type: ignore[return-value]


class _Pattern:
    def __init__(self, text: Any, flags: int) -> None:
        self._made = text, flags

    def __getattr__(self, name: str) -> object:
        """Each method and attribute of the compiled pattern, which from then on is found without this call."""
        compiled = re.compile(*self._made)
        for own in ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split", "pattern", "flags"):
            setattr(self, own, getattr(compiled, own))
        found: object = getattr(compiled, name)
        return found
