"""From our comments in files to suppressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from dblint.model import Note
from dblint.records import replace
from dblint.sources.files import split
from dblint.suppressions.directive import Directive, directives
from dblint.suppressions.kinds import MALFORMED
from dblint.suppressions.positions import File
from dblint.suppressions.suppression import Lines, Suppression, Where

MOST = 1000


def suppressions(file: File) -> Iterator[Suppression | Note]:
    """The suppressions that stand in the comments of a file, and a note for each comment that is malformed or out of
    place."""
    found = list(islice(directives(file.remarks), MOST + 1))
    if len(found) > MOST:
        yield Note(file.path, f"more than {MOST} suppressions: none of this file is read", MALFORMED)
        return
    for directive in found:
        if directive.wrong:
            yield _note(file.path, directive, directive.wrong)
        elif directive.verb == "ignore":
            yield _suppression(file, directive, _where(file, directive))
        elif directive.verb == "ignore-file" and file.is_in_head(directive.line):
            yield _suppression(file, directive, file.whole())
        elif directive.verb == "ignore-file":
            message = "ignore-file stands in the first comments of a file, before anything else"
            yield _note(file.path, directive, message)
    yield from _ranges(file, found)


def _note(path: str, directive: Directive, message: str) -> Note:
    return Note(path, f"{message}; this comment hides nothing", MALFORMED, directive.line)


def _suppression(file: File, directive: Directive, where: tuple[Where, ...]) -> Suppression:
    return Suppression(
        "comment",
        file.path,
        directive.line,
        directive.selectors,
        where,
        with_ticket(directive.reason, directive.ticket),
        (directive.scenario,) if directive.scenario else scenarios_of(file.path),
        (directive.resource,) if directive.resource else (),
        directive.until,
    )


def with_ticket(reason: str, ticket: str) -> str:
    """A reason with the ticket behind it."""
    return " ".join(filter(None, (reason, ticket and f"({ticket})")))


def scenarios_of(path: str) -> tuple[str, ...]:
    """A file of variables that has a name of its own speaks for the scenario of that name."""
    name = split(path)[1]
    if not name.endswith(".tfvars") or name == "terraform.tfvars" or name.endswith(".auto.tfvars"):
        return ()
    return (name.removesuffix(".tfvars"), f"*/{name.removesuffix('.tfvars')}")


def _where(file: File, directive: Directive) -> tuple[Where, ...]:
    """What `ignore` covers: its own line; alone, the resource or module around it; else what begins next."""
    if not directive.alone:
        return file.line(directive.line)
    return file.around(directive.line) or file.next(directive.line)


def _ranges(file: File, found: Sequence[Directive]) -> Iterator[Suppression | Note]:
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
