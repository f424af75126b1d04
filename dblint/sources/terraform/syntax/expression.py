"""From the text of an expression to its tree.

What is ordinary is read by ordinary.py; all else is python-hcl2's, which is imported only then.
"""

from __future__ import annotations

from contextlib import suppress

from dblint.sources.terraform.limits import LimitReached
from dblint.sources.terraform.syntax import ordinary
from dblint.sources.terraform.syntax.cursor import Unsure
from dblint.sources.terraform.syntax.scan import ScanError
from dblint.sources.terraform.syntax.tree import Node, refused
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@timed("parse")
def parse_expression(text: Any, start: int, end: int) -> Node:
    """The tree of text[start:end]. One that can not be read is opaque, and reported."""
    try:
        return _parse(text, start, end)
    except (ScanError, LimitReached, RecursionError) as error:
        message = str(error) if isinstance(error, ScanError) else "it is nested too deeply or too long"
        return refused(text, start, end, message, getattr(error, "position", start))


def _parse(text: Any, start: int, end: int) -> Node:
    """Who reads a text reads the expressions in it, for each of its readers again: without `unusual`, texts in texts
    would double the work at each level."""
    if (start, end) not in text.unusual:
        with suppress(Unsure):
            return ordinary.read(text, start, end)
        text.unusual.add((start, end))
    from dblint.sources.terraform.syntax.grammar import parse_whole

    text.allowance.take(end - start)
    return parse_whole(text, start, end)
