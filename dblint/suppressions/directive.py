"""Reads the comments that speak to dblint: `# dblint: ignore[RULE, ...] [until=YYYY-MM-DD] reason`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

from dblint.nearest import nearest
from dblint.patterns import pattern
from dblint.records import dataclass
from dblint.suppressions.remarks import Remark

VERBS = ("ignore", "ignore-file", "disable", "enable")
_ATTRIBUTES = ("until", "scenario", "resource", "ticket")
# At the beginning of a comment, or of one behind another ("# checkov:skip=X # dblint: ...").
_BEGINNING = pattern(r"(?:^|[#/]\s*)dblint:")
_MEANT = pattern(
    r"(?:^|\s)dblint[\s:_-]*(?:ignore|ignore-file|ignore-line|ignore-next-line|disable|enable|skip)\s*[\[=]",
    re.IGNORECASE,
)
_DAY = r"\d{4}-\d\d?-\d\d?"
# An end that somebody meant to set, which would else be words of the reason and end nothing.
_MEANT_UNTIL = pattern(rf"\buntil\s*[:=]\s*{_DAY}|^until\s+{_DAY}", re.IGNORECASE)
_MEANT_ATTRIBUTE = pattern(rf"(?:^|\s)({'|'.join(_ATTRIBUTES)})(?:\s+=|=(?:\s|$))|^({'|'.join(_ATTRIBUTES)})\s*:")


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


def directives(remarks: Iterable[Remark]) -> Iterator[Directive]:
    """The comments that speak to dblint, also the malformed ones."""
    for remark in remarks:
        line, alone, text = remark.line, remark.alone, remark.text
        found = _BEGINNING.search(text)
        directive = _parsed(text[found.end() :].strip(), line, alone) if found else _missed(text, line, alone)
        if directive:
            yield directive


def _missed(text: str, line: int, alone: bool) -> Directive | None:
    """What somebody took for a directive; None for everything else."""
    if _MEANT.search(text):
        return Directive(line, alone, wrong="expected a comment that begins with dblint: ignore[RULE] reason")
    return None


def said(reason: str) -> Directive:
    """A reason, with what stands before it: "until=2027-03-31 ticket=X-1 rebuilt nightly"."""
    return _with_attributes(Directive(0, True, "ignore"), reason.split())


def _parsed(text: str, line: int, alone: bool) -> Directive | None:
    """The directive; None where the comment only happens to begin like one."""
    shape = re.match(r"(?P<verb>[A-Za-z_-]+)\s*(?P<list>\[(?P<rules>[^\]]*)\])?(?P<rest>.*)", text)
    if not shape:
        return Directive(line, alone, wrong=f"expected dblint: ignore[RULE] reason, found dblint: {text}")
    verb, rules = shape["verb"], shape["rules"]
    if verb not in VERBS:
        close = nearest(verb, VERBS)
        is_one = close or shape["list"]
        return Directive(line, alone, wrong=f"unknown directive {verb}{close}") if is_one else None
    selectors = tuple(rule.strip() for rule in (rules or "").split(",") if rule.strip())
    if not selectors:
        return Directive(line, alone, wrong=f"expected the rules in brackets: dblint: {verb}[RULE] reason")
    return _with_attributes(Directive(line, alone, verb, selectors), shape["rest"].split())


def _with_attributes(directive: Directive, words: list[str]) -> Directive:
    """The directive with what narrows it, wherever that stands among the words of the reason."""
    values: dict[str, str] = {}
    reason: list[str] = []
    wrong = ""
    for word in words:
        pair = re.match(r"([A-Za-z]+)=(.+)", word)
        close = nearest(pair[1], _ATTRIBUTES) if pair else ""
        if not pair or (reason and not close):
            reason.append(word)
        elif pair[1] not in _ATTRIBUTES:
            wrong = wrong or f"unknown attribute {pair[1]}{close}"
        elif pair[1] in values:
            wrong = wrong or f"{pair[1]} is given twice"
        else:
            values[pair[1]] = _bare(pair[2])
    until = values.pop("until", "")
    last = day(until)
    if until and not last:
        wrong = f"expected until=YYYY-MM-DD, found until={until}"
    text = " ".join(reason).strip("-: ")
    wrong = wrong or _split(text)
    if wrong:
        return Directive(directive.line, directive.alone, wrong=wrong)
    return Directive(directive.line, directive.alone, directive.verb, directive.selectors, last, reason=text, **values)


def _bare(value: str) -> str:
    """A value without the quotes around it."""
    return value[1:-1] if len(value) > 2 and value[0] == value[-1] and value[0] in "\"'" else value


def _split(reason: str) -> str:
    """What is wrong with a reason that holds an attribute in another spelling."""
    if _MEANT_UNTIL.search(reason):
        return "expected until=YYYY-MM-DD in one word"
    found = _MEANT_ATTRIBUTE.search(reason)
    return f"expected {found[1] or found[2]}=VALUE in one word" if found else ""


def day(text: str) -> datetime.date | None:
    """A day that is written as YYYY-MM-DD; None for everything else."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None
