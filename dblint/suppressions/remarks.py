"""The lines of comments: what stands in a text that a program reads (a string, a heredoc, a block scalar) is none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from dblint.records import dataclass
from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.nodes import SCALAR, Mark, Node
from dblint.sources.cloudformation.reader import read
from dblint.sources.terraform.syntax.scan import comments

_HCL = (".tf", ".tofu", ".tfvars")


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of a comment, without its signs. `line` counts from 1; `alone`: nothing else stands on that line."""

    line: int
    alone: bool
    text: str


def is_hcl(path: str) -> bool:
    """Whether a file has HCL's comments; all others have YAML's."""
    return path.endswith(_HCL)


def remarks(text: str, path: str) -> Iterator[Remark]:
    """The comments of a file, line by line. JSON has none."""
    if not path.endswith(".json"):
        yield from _of_hcl(text) if is_hcl(path) else _of_yaml(text)


def _of_hcl(text: str) -> Iterator[Remark]:
    first, counted = 1, 0
    for start, comment in comments(text):
        first, counted = first + text.count("\n", counted, start), start
        before = text[text.rfind("\n", 0, start) + 1 : start]
        if not comment.startswith("/*"):
            yield Remark(first, not before.strip(), comment.lstrip("#/").strip())
            continue
        after = text[start + len(comment) :].split("\n", 1)[0]
        lines = comment[2:].removesuffix("*/").split("\n")
        for number, line in enumerate(lines):
            alone = (number > 0 or not before.strip()) and (number + 1 < len(lines) or not after.strip())
            yield Remark(first + number, alone, line.strip().lstrip("*").strip())


def _of_yaml(text: str) -> Iterator[Remark]:
    """Where the text can not be read, all that looks like a comment is taken for one: that it can not, others say."""
    try:
        spans = sorted(span for document in read(text)[0] for span in _scalars(document))
    except ReadError:
        spans = []
    starts = [start for start, _ in spans]
    for number, line in enumerate(text.split("\n")):
        column = line.find("#")
        while column >= 0:
            before = line[:column]
            held = bisect_right(starts, (number, column)) - 1
            if (not before or before[-1].isspace()) and not (held >= 0 and (number, column) < spans[held][1]):
                yield Remark(number + 1, not before.strip(), line[column:].lstrip("#").strip())
                break
            column = line.find("#", column + 1)


def _scalars(document: Node) -> Iterator[tuple[Mark, Mark]]:
    """Where the texts of a document begin and end, each once."""
    waiting, seen = [document], set()
    while waiting:
        node = waiting.pop()
        if node.kind == SCALAR:
            yield node.start, node.end
        elif id(node.value) not in seen:
            seen.add(id(node.value))
            entries = node.value.values() if isinstance(node.value, dict) else ((item,) for item in node.value)
            waiting += (each for entry in entries for each in entry)
