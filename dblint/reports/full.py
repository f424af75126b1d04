"""Each finding with the source that it speaks of, why it matters, and what would cure it."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.reports.remembered import Remembered
from dblint.reports.shown import Shown
from dblint.reports.summary import coverage, statistics, summary, suppressed
from dblint.reports.words import doubt, first_sentence, help_of, listed, message, scenarios_of
from dblint.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.reports.quote import Quotes

_MOST = 5


def render(result: Result, shown: Shown) -> str:
    """The report for a person at a terminal. Why a rule matters is said where it is first found."""
    lines = list(_findings(result, shown)) if result.findings else []
    if not shown.quiet:
        lines += [
            *suppressed(result, shown),
            *coverage(result, shown),
            *statistics(result, shown),
            *summary(result, shown),
        ]
    return "".join(f"{line}\n" for line in lines)


def _findings(result: Result, shown: Shown) -> Iterator[str]:
    from dblint.reports.quote import Quotes

    quotes = Quotes(shown.files)
    remembered = Remembered("full", shown)
    told: set[str] = set()

    def made(finding: Finding, why: str) -> str:
        return "\n".join(_finding(finding, why, quotes, shown))

    for finding in result.findings:
        why = "" if finding.rule.id in told else first_sentence(result.explanations[finding.rule.id].why)
        told.add(finding.rule.id)
        yield remembered.text(finding, why, made)
        yield ""


def _finding(finding: Finding, why: str, quotes: Quotes, shown: Shown) -> Iterator[str]:
    import textwrap

    from dblint.reports.frame import frame, width_of

    style = shown.style
    head = style.paint(f"{finding.severity}[{finding.rule.id}]", finding.severity)
    yield f"{head}: {style.paint(style.clean(message(finding)), 'bold')}"
    yield from frame(finding, quotes, style)
    margin = " " * (width_of(finding) + 1)
    yield style.paint(f"{margin}|", "place")
    for name, text in _remarks(finding, why):
        head = f"{margin}{style.paint('=', 'place')} {style.paint(name, 'bold')}: "
        indent = len(margin) + len(name) + len("= : ")
        wrapped = textwrap.wrap(text, style.width - indent, break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate(wrapped):
            yield (" " * indent if number else head) + style.clean(line)


def _remarks(finding: Finding, why: str) -> Iterator[tuple[str, str]]:
    """What is said below the frame, each with its name."""
    if why:
        yield "why", why
    if finding.outcome != BROKEN:
        yield "undetermined", doubt(finding).removeprefix("undetermined: ")
    labels = " ".join(label.text for label in finding.labels)
    for text in finding.reasons:
        if text and text not in labels:
            yield "evidence", text
    if not _is_in_root(finding):
        yield "root", finding.root
    if len(finding.instances) > 1:
        yield "instances", listed(finding.instances, _MOST)
    if scenarios := scenarios_of(finding):
        yield "scenarios", scenarios
    if finding.confidence != "high":
        yield "confidence", finding.confidence
    if remedy := help_of(finding):
        yield "help", remedy
    yield "docs", finding.rule.docs


def _is_in_root(finding: Finding) -> bool:
    """Whether what is shown tells which root it is about: one label stands in it."""
    if finding.root == ".":
        return True
    files = (f"/{label.location.file}" for label in finding.labels)  # which may be absolute
    return any(file.endswith(f"/{finding.root}") or f"/{finding.root}/" in file for file in files)
