"""Where a suppression of a finding is written, and how it is put into the text of a file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from dblint.finding import Finding
from dblint.model import Location
from dblint.patterns import pattern
from dblint.records import dataclass
from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.nodes import LIST, MAP, Node
from dblint.sources.cloudformation.reader import read
from dblint.suppressions.directive import Directive
from dblint.suppressions.extent import hcl_extent
from dblint.suppressions.remarks import is_hcl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_COMMENTED = (".yaml", ".yml", ".template", ".cfn", ".cform")
_OPENING = pattern(r"\s*(?P<kind>\w+)\b")

Texts = Callable[[str], "str | None"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, as an offset into its text. What is put there stands between `before` and `after`; `is_data`:
    it is an object of JSON, no comment. `resource` narrows it to one address; "" where there is no need."""

    path: str
    offset: int
    before: str
    after: str
    is_data: bool = False
    resource: str = ""


def places(finding: Finding, texts: Texts) -> Iterator[Place]:
    """The places where a suppression may hide a finding, the nearest to what decides it first. `texts` gives the text
    of a file that may be changed."""
    seen = set()
    for location in (finding.place, finding.subject):
        same = finding.place.file == finding.subject.file
        text = texts(location.file)
        place = _place(finding, finding.subject if same else location, text) if text is not None else None
        if place and place not in seen:
            seen.add(place)
            yield place


def _place(finding: Finding, location: Location, text: str) -> Place | None:
    if is_hcl(location.file):
        return _above_statement(finding, location, text)
    if location != finding.subject:
        return None
    if location.file.endswith(".json"):
        return _in_json(location, text)
    return _above_line(location.file, text, location.line) if location.file.endswith(_COMMENTED) else None


def _above_line(path: str, text: str, line: int, resource: str = "") -> Place:
    lines = text.split("\n")
    offset = sum(len(each) + 1 for each in lines[: line - 1])
    indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
    end = "\r\n" if lines[line - 1].endswith("\r") else "\n"
    return Place(path, offset, indent, end, resource=resource)


def _above_statement(finding: Finding, location: Location, text: str) -> Place | None:
    """Above the block or the assignment that holds the place; in `locals`, above the one in it."""
    lines = text.split("\n")
    first = _statement(lines, location.line, 1, len(lines))
    if first is None:
        return None
    opening = _OPENING.match(lines[first - 1])
    kind = opening["kind"] if opening else ""
    if kind == "locals":
        inner = _statement(lines, location.line, first + 1, hcl_extent(lines, first) - 1)
        first = first if inner is None else inner
    address = finding.address if kind == "module" and len(finding.address.split()) == 1 else ""
    return _above_line(location.file, text, first, address)


def _statement(lines: Sequence[str], line: int, first: int, last: int) -> int | None:
    """The line on which the statement begins that holds a line."""
    number = first
    while number <= min(line, last):
        end = hcl_extent(lines, number)
        if line <= end:
            is_statement = lines[number - 1].strip() and not lines[number - 1].lstrip().startswith(("#", "//", "/*"))
            return number if is_statement else None
        number = end + 1
    return None


def _in_json(subject: Location, text: str) -> Place | None:
    try:
        documents, _ = read(text)
    except ReadError:
        return None
    body = next((found for document in documents for found in _at(document, subject)), None)
    if body is None or body.kind != MAP:
        return None
    steps = ("//" if subject.file.endswith((".tf.json", ".tofu.json")) else "Metadata", "dblint", "ignore")
    return _into(subject.file, text, body, steps)


def _at(document: Node, place: Location) -> Iterator[Node]:
    """The value whose key, or which itself, stands at a place."""
    start = (place.line - 1, place.column - 1)
    waiting = [document]
    while waiting:
        node = waiting.pop()
        for _, key, value in node.entries():
            if start in (key.start, value.start):
                yield value
            waiting.append(value)
        waiting += node.items()


def _into(path: str, text: str, body: Node, steps: Sequence[str]) -> Place | None:
    """Before what is already in the innermost of the steps that is there."""
    missing = list(steps)
    while missing and (inner := body.get(missing[0])) is not None:
        body = inner
        missing.pop(0)
    if body.kind != (MAP if missing else LIST):
        return None
    before = "".join(f"{json.dumps(step)}: {'[' if step == steps[-1] else '{'}" for step in missing)
    after = "".join("]" if step == steps[-1] else "}" for step in reversed(missing))
    first = min((node.start for node in _members(body)), default=None)
    if first is None:
        return Place(path, _offset(text, body.start) + 1, before, after, is_data=True)
    line = text.split("\n")[first[0]][: first[1]]
    gap = f"\n{line}" if not line.strip() else " "
    return Place(path, _offset(text, first), before, f"{after},{gap}", is_data=True)


def _members(body: Node) -> Iterator[Node]:
    yield from (key for _, key, _ in body.entries())
    yield from body.items()


def _offset(text: str, mark: tuple[int, int]) -> int:
    return sum(len(line) + 1 for line in text.split("\n")[: mark[0]]) + mark[1]


def written(wanted: Iterable[tuple[Place, str]], said: Directive, texts: Texts) -> dict[str, str]:
    """The texts of files with a suppression of each rule at its place. `said`: the reason, and what narrows it."""
    rules: dict[Place, set[str]] = defaultdict(set)
    for place, rule in wanted:
        rules[place].add(rule)
    found: dict[str, str] = {}
    for place in sorted(rules, key=lambda place: (place.path, -place.offset, place.resource)):
        text = found.get(place.path, texts(place.path) or "")
        body = _body(place, sorted(rules[place]), said)
        found[place.path] = text[: place.offset] + place.before + body + place.after + text[place.offset :]
    return found


def _body(place: Place, rules: Sequence[str], said: Directive) -> str:
    until = said.until.isoformat() if said.until else ""
    resource = said.resource or place.resource
    attributes = {"until": until, "scenario": said.scenario, "resource": resource, "ticket": said.ticket}
    given = {name: value for name, value in attributes.items() if value}
    if place.is_data:
        item: dict[str, Any] = {"rules": list(rules), "reason": said.reason, **given}
        return json.dumps(item, ensure_ascii=False)
    words = [f"{name}={value}" for name, value in given.items()]
    return " ".join(["# dblint:", f"ignore[{', '.join(rules)}]", *words, said.reason])
