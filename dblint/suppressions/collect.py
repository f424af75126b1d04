"""All suppressions of the files of a run: ours in comments and in data, and those of other tools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dblint.equivalents import load
from dblint.finding import Finding
from dblint.model import Note
from dblint.patterns import pattern
from dblint.suppressions import comments
from dblint.suppressions.others import Honoured, in_comments
from dblint.suppressions.positions import file_of
from dblint.suppressions.suppression import Suppression

_DATA = (".json", ".yaml", ".yml", ".template", ".cfn", ".cform")
_HELD = pattern(rb"Metadata|\"//\"")


def collect(
    contents: Mapping[str, bytes], findings: Sequence[Finding], honour: Iterable[str]
) -> Iterator[Suppression | Note]:
    """What files say that speak to a linter. `honour`: the other tools that are obeyed."""
    tools = tuple(honour)
    honoured = Honoured(tools, load()) if tools else None
    subjects: dict[str, set[int]] = defaultdict(set)
    for finding in findings:
        subjects[finding.subject.file].add(finding.subject.line)
    for path, content in contents.items():
        if not path.endswith(".json"):
            file = file_of(path, content, subjects[path])
            yield from comments.suppressions(file)
            yield from in_comments(file, honoured) if honoured else ()
        if path.endswith(_DATA) and _HELD.search(content):
            yield from _in_data(path, content, honoured)


def _in_data(path: str, content: bytes, honoured: Honoured | None) -> Iterator[Suppression | Note]:
    from dblint.suppressions import metadata
    from dblint.suppressions.others_metadata import in_metadata

    held = metadata.holders(path, content)
    yield from metadata.suppressions(path, held)
    yield from in_metadata(path, held, honoured) if honoured else ()
