"""Suppressions that stand in data: `Metadata` of templates and of their resources, and the "//" of Terraform's JSON.

Metadata: {dblint: {ignore: [{rules: [rds-single-az], reason: rebuilt nightly, until: 2027-03-31}]}}
"""

from __future__ import annotations

from collections.abc import Iterator

from dblint.model import Note
from dblint.nearest import nearest
from dblint.records import dataclass
from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.nodes import LIST, MAP, Node
from dblint.sources.cloudformation.reader import decode, read
from dblint.sources.cloudformation.template import template_of
from dblint.sources.files import split
from dblint.suppressions.comments import with_ticket
from dblint.suppressions.directive import day
from dblint.suppressions.kinds import MALFORMED
from dblint.suppressions.suppression import EITHER, SUBJECT, Call, Lines, Suppression, Where

MOST = 1000
_MOST_BYTES = 2 * 1024 * 1024
_KEYS = ("rules", "reason", "until", "scenario", "resource", "ticket")


@dataclass(frozen=True, slots=True)
class Holder:
    """A mapping that may hold suppressions, and what they would cover."""

    data: Node
    where: tuple[Where, ...]


def holders(path: str, content: bytes) -> list[Holder]:
    """The mappings of a file that may hold suppressions; none where it can not be read, which others tell."""
    if len(content) > _MOST_BYTES:
        return []
    try:
        documents, _ = read(decode(content))
    except ReadError:
        return []
    found = _of_terraform if path.endswith((".tf.json", ".tofu.json")) else _of_template
    return [holder for document in documents for holder in found(path, document)]


def _of_template(path: str, document: Node) -> Iterator[Holder]:
    template = template_of(path, document)
    if template is None:
        return
    whole = template.root.get("Metadata")
    if whole:
        yield Holder(whole, (_lines(path, template.root, template.root),))
    resources = template.root.get("Resources")
    yield from _of_resources(path, resources) if resources else ()


def _of_resources(path: str, resources: Node) -> Iterator[Holder]:
    """The resources, those of loops too; a nested stack stands for all that it holds."""
    for name, key, body in resources.entries():
        data = body.get("Metadata")
        if data:
            yield Holder(data, (_lines(path, key, body, of=SUBJECT), Call(path, name)))
        for inner in body.items()[2:3]:
            yield from _of_resources(path, inner)


def _of_terraform(path: str, document: Node) -> Iterator[Holder]:
    data = document.get("//")
    if data:
        yield Holder(data, (_lines(path, document, document),))
    for _, _, names in _entries(document.get("resource")):
        for _, key, body in _entries(names):
            yield from _held(body, (_lines(path, key, body, of=SUBJECT),))
    for name, _, body in _entries(document.get("module")):
        yield from _held(body, (Call(split(path)[0], name),))


def _entries(node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    """The entries of a mapping, or of each mapping of a list, as Terraform takes both."""
    for each in (node.items() or [node]) if node else ():
        yield from each.entries()


def _held(body: Node, where: tuple[Where, ...]) -> Iterator[Holder]:
    for each in body.items() or [body]:
        data = each.get("//")
        if data:
            yield Holder(data, where)


def _lines(path: str, first: Node, last: Node, of: tuple[str, ...] = EITHER) -> Lines:
    return Lines(path, first.start[0] + 1, last.end[0] + 1, of)


def suppressions(path: str, found: list[Holder]) -> Iterator[Suppression | Note]:
    """Our own suppressions of the holders of a file, and a note for each that is malformed."""
    count = 0
    for holder in found:
        ours = holder.data.get("dblint")
        if ours is None:
            continue
        ignore = ours.get("ignore")
        if ignore is None or ignore.kind != LIST:
            yield _note(path, ours, "expected dblint: {ignore: [{rules: [RULE], reason: TEXT}]}")
            continue
        for item in ignore.items():
            count += 1
            if count > MOST:
                yield _note(path, item, f"more than {MOST} suppressions: the rest is not read")
                return
            yield _suppression(path, item, holder.where)


def _suppression(path: str, item: Node, where: tuple[Where, ...]) -> Suppression | Note:
    values = {name: value for name, _, value in item.entries()}
    unknown = next((name for name in values if name not in _KEYS), "")
    rules = texts(values.get("rules"))
    until = _text(values.get("until"))
    if item.kind != MAP or unknown:
        wrong = (
            f"unknown key {unknown}{nearest(unknown, _KEYS)}" if unknown else "expected {rules: [RULE], reason: TEXT}"
        )
        return _note(path, item, wrong)
    if not rules:
        return _note(path, item, "expected the rules as a list of texts: rules: [RULE]")
    if until and day(until) is None:
        return _note(path, item, f"expected until: YYYY-MM-DD, found {until}")
    return Suppression(
        "metadata",
        path,
        item.start[0] + 1,
        rules,
        where,
        with_ticket(_text(values.get("reason")), _text(values.get("ticket"))),
        texts(values.get("scenario")),
        texts(values.get("resource")),
        day(until),
    )


def texts(node: Node | None) -> tuple[str, ...]:
    """A text, or a list of texts."""
    if node is None:
        return ()
    found = (_text(each) for each in (node.items() or [node]))
    return tuple(text for text in found if text)


def _text(node: Node | None) -> str:
    """A scalar as it is written; "" for everything else. A day is no text in YAML."""
    if node is None or node.kind in (LIST, MAP) or node.function:
        return ""
    return str(node.text if node.text is not None else node.plain or node.value or "")


def _note(path: str, node: Node, message: str) -> Note:
    return Note(path, f"{message}; this hides nothing", MALFORMED, node.start[0] + 1)
