"""From comments in files to suppressions: what each of them covers by where it stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from dblint.finding import Finding
from dblint.model import Note
from dblint.sources.files import split
from dblint.suppressions.directive import Directive, directives, is_hcl
from dblint.suppressions.extent import Block, hcl_blocks, hcl_extent, next_statement, yaml_extent
from dblint.suppressions.suppression import Call, Lines, Suppression

MOST = 1000


@dataclass(frozen=True, slots=True)
class _File:
    """A file with comments: its lines, its top-level blocks (of HCL), and the lines on which subjects stand."""

    path: str
    lines: Sequence[str]
    blocks: Sequence[Block]
    subjects: Sequence[int]

    def extent(self, line: int) -> int:
        return hcl_extent(self.lines, line) if is_hcl(self.path) else yaml_extent(self.lines, line)

    def around(self, line: int) -> Block | None:
        """The top-level block that a line lies inside of."""
        before = bisect_left(self.blocks, line, key=lambda block: block.first) - 1
        return self.blocks[before] if before >= 0 and line <= self.blocks[before].last else None

    def subject_around(self, line: int) -> int | None:
        """The line of the subject whose block holds a line. Subjects do not lie in each other."""
        before = bisect_left(self.subjects, line) - 1
        found = self.subjects[before] if before >= 0 else None
        return found if found is not None and line <= self.extent(found) else None


def suppressions(path: str, content: bytes, findings: Iterable[Finding]) -> Iterator[Suppression | Note]:
    """The suppressions that stand in a file, and a note for each comment that is malformed or out of place."""
    found = list(islice(directives(content, path), MOST + 1))
    if not found:
        return
    if len(found) > MOST:
        yield Note(path, f"more than {MOST} suppressions: none of this file is read", "suppression")
        return
    lines = content.decode("utf-8", "replace").split("\n")
    subjects = sorted({f.subject.line for f in findings if f.subject.file == path})
    file = _File(path, lines, tuple(hcl_blocks(lines)) if is_hcl(path) else (), subjects)
    for directive in found:
        if directive.wrong:
            yield _note(path, directive, directive.wrong)
        elif directive.verb == "ignore":
            yield _suppression(file, directive, _where(file, directive))
        elif directive.verb == "ignore-file" and _in_head(lines, directive.line):
            yield _suppression(file, directive, (Lines(path, 1, len(lines)),))
        elif directive.verb == "ignore-file":
            yield _note(path, directive, "ignore-file stands in the first comments of a file, before anything else")
    yield from _ranges(file, found)


def _note(path: str, directive: Directive, message: str) -> Note:
    return Note(path, f"{message}; this comment hides nothing", "suppression", directive.line)


def _suppression(file: _File, directive: Directive, where: tuple[Lines | Call, ...]) -> Suppression:
    return Suppression(
        "comment",
        file.path,
        directive.line,
        directive.selectors,
        where,
        " ".join(filter(None, (directive.reason, directive.ticket and f"({directive.ticket})"))),
        (directive.scenario,) if directive.scenario else _scenarios_of(file.path),
        (directive.resource,) if directive.resource else (),
        directive.until,
    )


def _scenarios_of(path: str) -> tuple[str, ...]:
    """A file of variables that has a name of its own speaks for the scenario of that name."""
    name = split(path)[1]
    if not name.endswith(".tfvars") or name == "terraform.tfvars" or name.endswith(".auto.tfvars"):
        return ()
    return (name.removesuffix(".tfvars"), f"*/{name.removesuffix('.tfvars')}")


def _where(file: _File, directive: Directive) -> tuple[Lines | Call, ...]:
    """What `ignore` covers: its own line; alone, the resource or module around it; else what begins next."""
    if not directive.alone:
        return (Lines(file.path, directive.line, directive.line), *_call_at(file, directive.line))
    around = file.around(directive.line)
    if around and around.kind == "resource":
        return (Lines(file.path, around.first, around.last, only_subject=True),)
    if around and around.kind == "module":
        return _call_at(file, around.first)
    subject = file.subject_around(directive.line)
    if subject is not None:
        return (Lines(file.path, subject, subject, only_subject=True),)
    first = next_statement(file.lines, directive.line)
    if first is None:
        return ()
    return (Lines(file.path, first, file.extent(first)), *_call_at(file, first))


def _call_at(file: _File, line: int) -> tuple[Call, ...]:
    """The module call whose header stands on a line."""
    folder = split(file.path)[0]
    calls = (block for block in file.blocks if block.first == line and block.kind == "module" and block.labels)
    return tuple(Call(folder, block.labels[0]) for block in calls)


def _in_head(lines: Sequence[str], line: int) -> bool:
    """Whether only comments and empty lines stand before a line."""
    before = (text.strip() for text in lines[: line - 1])
    return all(not text or text.startswith(("#", "//", "/*", "*", "---", "%")) for text in before)


def _ranges(file: _File, found: Sequence[Directive]) -> Iterator[Suppression | Note]:
    """From each `disable` to the `enable` of the same rule, or to the end of the file."""
    for number, directive in enumerate(found):
        if directive.verb == "enable" and not _opened(found[:number], directive):
            yield _note(file.path, directive, f"nothing disables {', '.join(directive.selectors)} before")
        if directive.verb != "disable":
            continue
        for selector in directive.selectors:
            ends = (d.line for d in found[number:] if d.verb == "enable" and selector in d.selectors)
            last = next(ends, len(file.lines))
            lines = (Lines(file.path, directive.line, last),)
            yield _suppression(file, replace(directive, selectors=(selector,)), lines)


def _opened(before: Sequence[Directive], directive: Directive) -> bool:
    disabled = {selector for d in before if d.verb == "disable" for selector in d.selectors}
    return disabled.issuperset(directive.selectors)
