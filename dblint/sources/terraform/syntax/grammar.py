"""python-hcl2's grammar as a parser of single expressions.

The grammar is compiled once and kept in the user's cache directory. That is a pickle: it is only read from a
directory and a file that belong to the user and that nobody else can write; otherwise the grammar is compiled in
memory, which takes a second or two.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from dblint.cache import place
from dblint.sources.terraform.syntax.adapter import Adapter
from dblint.sources.terraform.syntax.normalise import normalise
from dblint.sources.terraform.syntax.tree import Node, refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def parse_whole(text: Any, start: int, end: int) -> Node:
    """The tree of an expression, by python-hcl2. Raises ScanError and LimitReached; reports what it refuses."""
    from lark.exceptions import UnexpectedInput

    normalised = normalise(text.text, start, end)
    try:
        tree = _parser().parse(normalised.text)
    except UnexpectedInput as error:
        return refused(text, start, end, *_place_of(error, text.text, start, end))
    return Adapter(text, start, normalised.unary).expression(tree)


def _place_of(error: Any, source: str, start: int, end: int) -> tuple[str, int]:
    """What is wrong and where, in offsets of the text."""
    token = getattr(error, "token", None)
    position = min(start + max(error.pos_in_stream or 0, 0), end)
    words = source[position:end].split(None, 1)
    if (token is not None and token.type == "$END") or not words:
        return "it ends too early", end
    return f"unexpected {words[0][:20]}", position


@cache
def _parser() -> Any:
    """python-hcl2's grammar, from its rule for an expression on. Its package is not imported: newlines that its lexer
    would care for are gone by then."""
    from importlib.util import find_spec

    from lark import Lark

    package = find_spec("hcl2")
    assert package is not None and package.submodule_search_locations
    grammar = Path(package.submodule_search_locations[0]) / "hcl2.lark"
    kept = _cache_file()
    fresh = kept is not None and not os.path.exists(kept)
    written = f"{kept}.{os.getpid()}" if fresh else kept
    parser = Lark.open(
        str(grammar), start="expression", parser="lalr", propagate_positions=False, cache=written or False
    )
    if fresh and kept is not None and written is not None:
        os.replace(written, kept)  # so that nobody meets a file that is half written
    return parser


def _cache_file() -> str | None:
    """Where the compiled grammar is kept; None where no place is safe. Lark itself sees whether it is of this
    grammar."""
    import lark

    folder = place.default()
    if not folder or not place.is_safe(folder):
        return None
    version = ".".join(map(str, sys.version_info[:2]))
    file = os.path.join(folder, f"hcl2-lark-{lark.__version__}-python-{version}.bin")
    try:
        return file if not os.path.lexists(file) or place.only_ours(file) else None
    except OSError:
        return None
