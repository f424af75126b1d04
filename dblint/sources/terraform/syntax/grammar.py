"""python-hcl2's grammar as a parser of single expressions.

The grammar is compiled once and kept in the user's cache directory. That is a pickle: it is only read from a
directory and a file that belong to the user and that nobody else can write; otherwise the grammar is compiled in
memory, which takes a second or two.
"""

from __future__ import annotations

import os
import stat
import sys
from functools import cache
from pathlib import Path
from typing import Any

from dblint.sources.terraform.syntax.adapter import Adapter
from dblint.sources.terraform.syntax.normalise import normalise
from dblint.sources.terraform.syntax.tree import Node


def parse_whole(text: Any, start: int, end: int) -> Node:
    """The tree of an expression, by python-hcl2. Raises ScanError and LimitReached; reports what it refuses."""
    from lark.exceptions import UnexpectedInput

    normalised = normalise(text.text, start, end)
    try:
        tree = _parser().parse(f"x={normalised.text}\n")
    except UnexpectedInput as error:
        from dblint.sources.terraform.syntax.expression import refused

        return refused(text, start, end, *_place_of(error, start, end))
    return Adapter(text, start - 2, normalised.unary).expression(tree.children[0].children[0].children[2])


def _place_of(error: Any, start: int, end: int) -> tuple[str, int]:
    """What is wrong and where, in offsets of the text."""
    offset = error.pos_in_stream
    position = end if offset is None or offset < 0 else min(max(start, start - 2 + offset), end)
    token = getattr(error, "token", None)
    found = f"unexpected {str(token).strip()!r}" if token is not None and str(token).strip() else "it ends too early"
    return found, position


@cache
def _parser() -> Any:
    import hcl2.parser
    from hcl2.postlexer import PostLexer
    from lark import Lark

    return Lark.open(
        "hcl2.lark",
        rel_to=hcl2.parser.__file__,
        parser="lalr",
        propagate_positions=False,
        postlex=PostLexer(),
        cache=_cache_file() or False,
    )


def _cache_file() -> str | None:
    """Where the compiled grammar is kept; None where no place is safe."""
    import hcl2.version
    import lark

    try:
        folder = _cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _only_ours(folder):
            return None
        version = ".".join(map(str, sys.version_info[:2]))
        file = folder / f"hcl2-{hcl2.version.__version__}-lark-{lark.__version__}-python-{version}.bin"
        return str(file) if not file.exists() or _only_ours(file) else None
    except OSError:
        return None


def _cache_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "dblint" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dblint"


def _only_ours(path: Path) -> bool:
    """Whether the path is no link, belongs to the user, and nobody else may write to it."""
    if sys.platform == "win32":
        return not path.is_symlink()
    status = os.lstat(path)
    return (
        not stat.S_ISLNK(status.st_mode)
        and status.st_uid == os.geteuid()
        and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
