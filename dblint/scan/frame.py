"""What a run keeps of itself for the next one: which roots there are, and what is known of them. Where nothing has
changed since but what some files hold, roots are not searched for again, and nothing is asked again that does not hang
on these files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from dblint import recorded
from dblint.model import Note, Problem
from dblint.recorded import dumped
from dblint.scan import inputs
from dblint.scan.request import Request
from dblint.sources.base import Root
from dblint.sources.files import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Questions whose answers do not hang on what files hold, but on where they lie and what the settings say.
_OF_PLACES = frozenset(("names", "every name", "folders", "inside", "holds", "searched", "all"))


class Before:
    """The run before this one, where only the contents of files have changed since: `changed` are their paths. `roots`
    are those of this run, too, and `notes` what was noted when they were found. `confirmed`: key of a bundle -> which
    one held then, and without which roots."""

    __slots__ = ("changed", "confirmed", "notes", "roots")

    def __init__(
        self, changed: frozenset[str], confirmed: Mapping[str, Any], roots: list[Root], notes: list[Note]
    ) -> None:
        self.changed = changed
        self.confirmed = confirmed
        self.roots = roots
        self.notes = notes

    def may_differ(self, question: Question) -> bool:
        """Whether a question may be answered otherwise than in the run before."""
        kind, path = question
        return path in self.changed if kind == "read" else kind not in _OF_PLACES


class Framed:
    """A root that is there as in the run before. It is made when somebody asks for more than where it is."""

    alone = True

    def __init__(self, source: str, path: str, make: Callable[[str], Root]) -> None:
        self.source = source
        self.path = path
        self._make = make
        self._made: Root | None = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = self._make(self.path)
        return getattr(self._made, name)


def before_of(request: Request, problems: list[Problem]) -> Before | None:
    """What still holds of the run before; None where roots are to be searched for. `problems` as for `Source.roots`."""
    files = request.files
    then = files.contents.then if files.contents else None
    if files.contents is None or then is None or not then.frame or files.named or request.wishes.only:
        return None
    frame = json.loads(then.frame)
    for name, fact in frame["facts"].items():
        files.contents.facts.learn(name, fact)
    of_source: dict[str, list[str]] = {}
    for source, path in frame["roots"]:
        of_source.setdefault(source, []).append(path)
    makers = _makers(request, of_source, then.changed, problems)
    if makers is None:
        return None
    files.disk.resume(frame["heard"])
    notes = list(map(recorded.read, frame["notes"]))
    files.notes += notes
    roots: list[Any] = [Framed(source, path, makers[source]) for source, path in frame["roots"]]
    return Before(frozenset(then.changed), frame["confirmed"], roots, notes)


def _makers(
    request: Request, roots: Mapping[str, list[str]], changed: Mapping[str, str], problems: list[Problem]
) -> dict[str, Callable[[str], Root]] | None:
    """What makes the roots of each source; None where there may be others."""
    of_source: dict[str, dict[str, str]] = {source: {} for source in roots}
    for path, digest in changed.items():
        of_source.setdefault(inputs.kind(path), {})[path] = digest
    makers = {}
    for source, own in of_source.items():
        known = roots.get(source, [])
        make = request.source(source).again(request.files, request.wishes, problems, known, own) if source else None
        if make is None:
            return None
        makers[source] = make
    return makers


def keep(request: Request, roots: Sequence[Root], notes: Sequence[Note], confirmed: Mapping[str, Any]) -> None:
    """Keeps which roots were found, and what was noted then, where each of them can be made again of its path."""
    contents = request.files.contents
    if contents and not request.wishes.only and all(root.alone for root in roots):
        contents.frame = dumped(
            {
                "roots": [[root.source, root.path] for root in roots],
                "notes": [recorded.written(note) for note in notes],
                "confirmed": confirmed,
                "facts": contents.carried,
                "heard": len(request.files.disk.heard),
            }
        )
