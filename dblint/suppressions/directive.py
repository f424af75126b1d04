"""Reads the comments that speak to dblint: `# dblint: ignore[RULE, ...] [until=YYYY-MM-DD] reason`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from dblint.nearest import nearest
from dblint.records import dataclass

VERBS = ("ignore", "ignore-file", "disable", "enable")
_ATTRIBUTES = ("until", "scenario", "resource", "ticket")
_HCL = (".tf", ".tofu", ".tfvars")
_MARK = b"dblint:"


@dataclass(frozen=True, slots=True)
class Directive:
    """What one comment says. `line` counts from 1; `alone`: nothing else stands on its line. `wrong` says why it is
    none, and then it hides nothing."""

    line: int
    alone: bool
    verb: str = ""
    selectors: tuple[str, ...] = ()
    until: datetime.date | None = None
    scenario: str = ""
    resource: str = ""
    ticket: str = ""
    reason: str = ""
    wrong: str = ""


def is_hcl(path: str) -> bool:
    """Whether a file has HCL's comments; all others have YAML's."""
    return path.endswith(_HCL)


def directives(content: bytes, path: str) -> Iterator[Directive]:
    """The comments of a file that speak to dblint, also the malformed ones. JSON has no comments."""
    if _MARK not in content or path.endswith(".json"):
        return
    comment = re.compile((r"(?P<token>#|//|/\*)" if is_hcl(path) else r"(?P<token>#)") + r"\s*dblint:(?P<text>.*)")
    for number, line in enumerate(content.decode("utf-8-sig", "replace").split("\n"), 1):
        found = comment.search(line)
        if found and not _quoted(line[: found.start()]):
            text = found["text"].strip().removesuffix("*/").strip()
            directive = _parsed(text, number, alone=not line[: found.start()].strip())
            if directive:
                yield directive


def comments(content: bytes, path: str) -> Iterator[tuple[int, bool, str]]:
    """The line, whether it stands alone on it, and the text of each comment that is no part of a text."""
    token = re.compile(r"#|//|/\*" if is_hcl(path) else r"#")
    for number, line in enumerate(content.decode("utf-8-sig", "replace").split("\n"), 1):
        for found in token.finditer(line):
            before = line[: found.start()]
            if not _quoted(before):
                yield number, not before.strip(), line[found.end() :].strip().removesuffix("*/").strip()
                break


def _quoted(before: str) -> bool:
    """Whether the text before a sign leaves a string open."""
    return before.replace('\\"', "").count('"') % 2 == 1


def said(reason: str) -> Directive:
    """A reason, with what stands before it: "until=2027-03-31 ticket=X-1 rebuilt nightly"."""
    return _with_attributes(Directive(0, True, "ignore"), reason.split())


def _parsed(text: str, line: int, alone: bool) -> Directive | None:
    """The directive; None where the comment only happens to begin like one."""
    shape = re.match(r"(?P<verb>[A-Za-z_-]+)\s*(?P<list>\[(?P<rules>[^\]]*)\])?(?P<rest>.*)", text)
    if not shape:
        return Directive(line, alone, wrong=f"expected dblint: ignore[RULE] reason, found dblint: {text}")
    verb, rules = shape["verb"], shape["rules"]
    close = nearest(verb, VERBS)
    if verb not in VERBS:
        is_one = close or shape["list"]
        return Directive(line, alone, wrong=f"unknown directive {verb}{close}") if is_one else None
    selectors = tuple(rule.strip() for rule in (rules or "").split(",") if rule.strip())
    if not selectors:
        return Directive(line, alone, wrong=f"expected the rules in brackets: dblint: {verb}[RULE] reason")
    return _with_attributes(Directive(line, alone, verb, selectors), shape["rest"].split())


def _with_attributes(directive: Directive, words: list[str]) -> Directive:
    values: dict[str, str] = {}
    while words and (pair := re.match(r"([a-z]+)=(.+)", words[0])):
        values[pair[1]] = pair[2]
        words = words[1:]
    unknown = next((name for name in values if name not in _ATTRIBUTES), "")
    until = values.pop("until", "")
    last = day(until)
    wrong = f"unknown attribute {unknown}{nearest(unknown, _ATTRIBUTES)}" if unknown else ""
    if until and not last:
        wrong = f"expected until=YYYY-MM-DD, found until={until}"
    if wrong:
        return Directive(directive.line, directive.alone, wrong=wrong)
    reason = " ".join(words).strip("-: ")
    return Directive(
        directive.line, directive.alone, directive.verb, directive.selectors, last, reason=reason, **values
    )


def day(text: str) -> datetime.date | None:
    """A day that is written as YYYY-MM-DD; None for everything else."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None
