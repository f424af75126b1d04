"""Source lines with labels under them, as compilers show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.finding import Finding, Label
from dblint.reports.quote import Quotes
from dblint.reports.style import Style, cells

_MOST_LABELS = 8
_WIDEST = 160


def frame(finding: Finding, quotes: Quotes, style: Style) -> list[str]:
    """The lines of one finding's frame: the file of the primary label first, then the others."""
    labels = finding.labels[:_MOST_LABELS]
    files = dict.fromkeys(label.location.file for label in labels)
    width = width_of(finding)
    margin = " " * width
    lines = []
    for number, file in enumerate(files):
        own = [label for label in labels if label.location.file == file]
        place = (finding.place if number == 0 else own[0].location) if own else finding.place
        sign = ":::" if number else "-->"
        where = style.clean(f"{file}:{place.line}:{place.column}")
        lines.append(f"{margin}{style.paint(sign, 'place')} {where}")
        lines += _file(finding, sorted(own, key=_place), quotes, style, width)
    if len(finding.labels) > _MOST_LABELS:
        lines.append(f"{margin} = and {len(finding.labels) - _MOST_LABELS} more places")
    return lines


def width_of(finding: Finding) -> int:
    """How many cells the numbers of the shown lines take."""
    return max(len(str(label.location.line)) for label in finding.labels[:_MOST_LABELS])


def _place(label: Label) -> tuple[int, int]:
    return label.location.line, label.location.column


def _file(finding: Finding, labels: Sequence[Label], quotes: Quotes, style: Style, width: int) -> Iterator[str]:
    """The quoted lines of one file; where a line can not be quoted, its text alone. The address of the finding, which
    stands above the frame, is not repeated."""
    bar = style.paint(f"{' ' * width} |", "place")
    yield bar
    before = 0
    for label in labels:
        number = label.location.line
        quoted = quotes.line(label)
        if quoted is None:
            yield f"{bar} {style.clean(f'line {number}: {label.text}')}"
            continue
        shown, start, length = _cut(quoted, quotes.span(label, quoted), style)
        if number != before:
            if before and number > before + 1:
                yield "..."
            yield f"{style.paint(f'{number:>{width}} |', 'place')} {shown}".rstrip()
        before = number
        mark = ("^" if label.primary else "-") * length
        said = "" if label.text == finding.address else label.text
        text = f"{mark} {style.clean(said)}".rstrip()
        yield f"{bar} {' ' * start}{style.paint(text, finding.severity if label.primary else 'place')}"


def _cut(line: str, span: tuple[int, int], style: Style) -> tuple[str, int, int]:
    """The line as it is shown, and the cells at which its mark begins and how many it takes."""
    text = line.rstrip()
    start, end = (min(offset, len(text)) for offset in span)
    first = max(0, start - 40) if len(text) > _WIDEST else 0
    head = "…" if first else ""
    tail = "…" if len(text) - first > _WIDEST else ""
    shown = style.clean(head + text[first : first + _WIDEST] + tail)
    indent = cells(style.clean(head + text[first:start]))
    mark = cells(style.clean(text[start : min(end, first + _WIDEST)]))
    return shown, indent, max(mark, 1)
