"""The result of a run whose every input is as it was: known without importing the engine."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

from dblint.cache import place
from dblint.cache.code import stamp
from dblint.cli.streams import SAID, NobodyReads, columns, complain, left_alone, write
from dblint.disk import digest_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.cache.store import Store
    from dblint.disk import Disk

# The variables that a run looks at, beside those of dblint itself.
VARIABLES = ("CI", "FORCE_COLOR", "GITHUB_STEP_SUMMARY", "NO_COLOR", "TERM")
FAMILIES = ("DBLINT_", "TF_VAR_")
# Options that make a run hang on more than the files of the project, or write.
NOT_REPLAYED = frozenset(
    (
        *("packs", "configs", "baseline", "plans", "diff_base", "staged", "with_cfn_lint", "stdin_filename"),
        *("add_ignore", "no_cache", "show_files", "show_settings", "timing"),
    )
)


class Memory:
    """Where this run may be remembered: the database and the key."""

    __slots__ = ("key", "store")

    def __init__(self, store: Store, key: bytes) -> None:
        self.store = store
        self.key = key


def memory_of(arguments: Sequence[str]) -> Memory | None:
    """The memory of a run of `scan`; None where nothing is to be kept."""
    if arguments[:1] != ["scan"] or "--no-cache" in arguments:
        return None
    folder = _folder(arguments)
    inside = os.path.join(os.path.realpath(folder), "") if folder else ""
    named = [text for text in arguments[1:] if os.path.lexists(text) and os.path.abspath(text) != folder] or ["."]
    if not folder or any(inside.startswith(os.path.join(os.path.realpath(path), "")) for path in named):
        return None  # what is scanned is not written to
    from dblint.cache.store import opened

    store = opened(folder)
    return Memory(store, _key(arguments)) if store else None


def replayed(memory: Memory) -> int | None:
    """Says what the same run said before, and gives its code; None where there was none, or something has changed."""
    from dblint.cache.runs import same_again

    for value in memory.store.get([memory.key]).values():
        run = same_again(value, memory.store)
        if run is not None:
            try:
                if run.err:
                    complain(run.err)
                if run.out:
                    write(run.out)
            except NobodyReads:
                return left_alone()
            return run.code
    return None


def remember(memory: Memory, disk: Disk, code: int, frame: bytes) -> None:
    """Keeps what this process has said, and what the run keeps of itself."""
    from dblint.cache.runs import Run, packed

    value = packed(disk.root, disk.heard, Run(code, "".join(SAID[0]), "".join(SAID[1])), frame)
    if value is not None:
        memory.store.put([(memory.key, value)])


def _folder(arguments: Sequence[str]) -> str:
    for number, text in enumerate(arguments):
        name, sign, value = text.partition("=")
        if name == "--cache-dir":
            return os.path.abspath(value if sign else "".join(arguments[number + 1 : number + 2]))
    return place.default()


def _key(arguments: Sequence[str]) -> bytes:
    """All that decides on a run, beside the disk."""
    streams = [(stream.encoding, stream.isatty(), columns(stream)) for stream in (sys.stdout, sys.stderr)]
    variables = sorted(
        (name, value) for name, value in os.environ.items() if name in VARIABLES or name.startswith(FAMILIES)
    )
    user = os.geteuid() if hasattr(os, "geteuid") else 0
    facts = (list(arguments), os.getcwd(), time.localtime()[:3], user, streams, variables, stamp())
    return digest_of(repr(facts).encode("utf-8", "surrogateescape"))
