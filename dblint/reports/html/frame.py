"""Source lines with what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dblint.finding import Finding, Label
from dblint.reports.html.markup import Html, element, text
from dblint.reports.quote import Quotes

_MOST_LABELS = 8
_WIDEST = 240


def frame(finding: Finding, quotes: Quotes) -> Html:
    """The lines that a finding speaks of, file by file, the file of the primary label first."""
    labels = finding.labels[:_MOST_LABELS]
    files = dict.fromkeys(label.location.file for label in labels)
    return element("div", *(_file(file, finding, labels, quotes) for file in files), class_="frame")


def _file(file: str, finding: Finding, labels: Sequence[Label], quotes: Quotes) -> Html:
    own = sorted((label for label in labels if label.location.file == file), key=_rank)
    line = next((label for label in own if label.primary), own[0]).location.line
    rows = list(_rows(finding, own, quotes))
    return element(
        "figure",
        element("figcaption", text(f"{file}:{line}")),
        element("div", *rows, class_="source", tabindex="0", role="group", aria_label=f"{file}, line {line}"),
    )


def _rank(label: Label) -> tuple[int, bool, int]:
    return label.location.line, not label.secret, label.location.column


def _rows(finding: Finding, labels: Sequence[Label], quotes: Quotes) -> Iterator[Html]:
    """Each line once, and below it the remarks of its labels. The address of the finding is not repeated."""
    before = 0
    for number in dict.fromkeys(label.location.line for label in labels):
        same = [label for label in labels if label.location.line == number]
        if before and number > before + 1:
            yield element("div", text("…"), class_="gap")
        before = number
        quoted = quotes.line(same[0])
        if quoted is not None:
            yield element(
                "div",
                element("span", text(str(number)), class_="number"),
                element("code", *_marked(quoted, same, quotes)),
                class_="line",
            )
        for label in same:
            if label.text != finding.address or quoted is None:
                said = text(label.text) if quoted is not None else text(f"line {number}: {label.text}")
                yield element("div", said, class_="remark primary" if label.primary else "remark")


def _marked(quoted: str, labels: Sequence[Label], quotes: Quotes) -> Iterator[Html]:
    """The line in stretches: what the primary label covers, what others cover, and the rest."""
    line = quoted.rstrip()[:_WIDEST]
    found = [(label, quotes.span(label, quoted)) for label in labels]
    spans = [(label, min(start, len(line)), min(end, len(line))) for label, (start, end) in found]
    edges = sorted({0, len(line), *(edge for _, start, end in spans for edge in (start, end))})
    for start, end in pairwise(edges):
        covering = [label for label, first, last in spans if first <= start and end <= last]
        stretch = text(line[start:end])
        if any(label.primary for label in covering):
            yield element("mark", stretch, class_="primary")
        else:
            yield element("mark", stretch) if covering else stretch
