"""What may be wrong with a document."""

from __future__ import annotations

from dblint.records import dataclass


class ReadError(Exception):
    """A document that can not be read. `line` and `column` begin at 1; None where no place is to blame."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a document that could be read nevertheless; line and column begin at 1."""

    message: str
    line: int
    column: int
