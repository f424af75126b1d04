"""What a comment covers by where it stands in a file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from dblint.patterns import pattern
from dblint.records import dataclass
from dblint.sources.files import split
from dblint.suppressions.extent import Block, hcl_blocks, hcl_extent, next_statement, yaml_extent
from dblint.suppressions.remarks import Remark, is_hcl, remarks
from dblint.suppressions.suppression import SUBJECT, Call, Lines, Where

_LOGICAL_ID = pattern(r"\s+[\"']?([\w${}&]+)[\"']?\s*:")


@dataclass(frozen=True, slots=True)
class File:
    """A file with comments: its lines, its top-level blocks (of HCL), the lines on which subjects stand, its
    comments, and the lines that hold nothing else."""

    path: str
    lines: Sequence[str]
    blocks: Sequence[Block]
    subjects: Sequence[int]
    remarks: Sequence[Remark]
    commented: frozenset[int]

    def extent(self, line: int) -> int:
        """The last line of what begins on a line."""
        return hcl_extent(self.lines, line) if is_hcl(self.path) else yaml_extent(self.lines, line)

    def block_around(self, line: int) -> Block | None:
        """The top-level block that a line lies inside of."""
        before = bisect_left(self.blocks, line, key=lambda block: block.first) - 1
        return self.blocks[before] if before >= 0 and line <= self.blocks[before].last else None

    def subject_around(self, line: int) -> int | None:
        """The line of the subject whose block holds a line. Subjects do not lie in each other."""
        before = bisect_left(self.subjects, line) - 1
        found = self.subjects[before] if before >= 0 else None
        return found if found is not None and line <= self.extent(found) else None

    def whole(self) -> tuple[Where, ...]:
        return (Lines(self.path, 1, len(self.lines)),)

    def line(self, line: int) -> tuple[Where, ...]:
        """What is on the line, and all that the module call creates whose header it is."""
        return (Lines(self.path, line, line), *self._call_at(line))

    def next(self, line: int) -> tuple[Where, ...]:
        """The attribute, block or module call that begins after the line; nothing at the end of a block."""
        first = next_statement(self.lines, line, self.commented)
        if first is None:
            return ()
        return (Lines(self.path, first, self.extent(first)), *self._call_at(first))

    def around(self, line: int) -> tuple[Where, ...]:
        """The resource, or the module call, that the line lies inside of; nothing where it lies in neither."""
        block = self.block_around(line)
        if block and block.kind == "resource":
            return (Lines(self.path, block.first, block.last, of=SUBJECT),)
        if block and block.kind == "module":
            return self._call_at(block.first)
        subject = self.subject_around(line)
        return () if subject is None else (Lines(self.path, subject, subject, of=SUBJECT),)

    def is_in_head(self, line: int) -> bool:
        """Whether only comments and empty lines stand before a line."""
        before = (text.strip() for text in self.lines[: line - 1])
        return all(not text or text.startswith(("#", "//", "/*", "*", "---", "%")) for text in before)

    def _call_at(self, line: int) -> tuple[Where, ...]:
        """The module call whose header stands on a line; of a template, the nested stack with this logical id."""
        if not is_hcl(self.path):
            key = _LOGICAL_ID.match(self.lines[line - 1])
            return (Call(self.path, key[1]),) if key else ()
        folder = split(self.path)[0]
        calls = (block for block in self.blocks if block.first == line and block.kind == "module" and block.labels)
        return tuple(Call(folder, block.labels[0]) for block in calls)


def file_of(path: str, content: bytes, subjects: Iterable[int]) -> File:
    """A file as comments see it. `subjects` are the lines on which the resources of findings begin."""
    text = content.decode("utf-8-sig", "replace")
    lines = text.split("\n")
    blocks = tuple(hcl_blocks(lines)) if is_hcl(path) else ()
    found = tuple(remarks(text, path))
    alone = frozenset(remark.line for remark in found if remark.alone)
    return File(path, lines, blocks, sorted(subjects), found, alone)
