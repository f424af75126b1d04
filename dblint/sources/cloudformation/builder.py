"""From the events of a YAML parser to nodes: one stack of our own, and a limit on everything that grows."""

from __future__ import annotations

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from dblint.records import dataclass, field
from dblint.sources.cloudformation.faults import Fault, ReadError
from dblint.sources.cloudformation.marks import marker
from dblint.sources.cloudformation.nodes import LIST, MAP, SCALAR, Node
from dblint.sources.cloudformation.scalars import construct, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_DEPTH = 64
MOST_NODES = 200_000
# What the document would hold if each alias were written out.
MOST_EXPANDED = 250_000

_YAML_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class _Frame:
    """A collection that is still open.

    `depth` is that of what it holds, `expanded` the number of its nodes with aliases written out. `key` is the key
    that waits for its value; `merged` are the mappings of its `<<`.
    """

    node: Node
    anchor: str | None
    flow: bool
    depth: int = 1
    expanded: int = 1
    key: Node | None = None
    merged: list[Node] = field(default_factory=list)


def _parser(text: str) -> Any:
    """A source of events: libyaml, or what is written in Python where libyaml is missing."""
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return yaml.SafeLoader(text)
    return CParser(text)


class Builder:
    """Builds the nodes of one stream."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._roots: list[Node] = []
        self._faults: list[Fault] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Node, int, int]] = {}
        self._nodes = 0
        self._expanded = 0
        self._mark = marker(text)

    def build(self) -> tuple[list[Node], list[Fault]]:
        try:
            self._consume(_parser(self._text))
        except yaml.MarkedYAMLError as error:
            raise self._syntax_error(error) from None
        except (yaml.YAMLError, UnicodeError) as error:
            raise self._character_error(error) from None
        return self._roots, self._faults

    def _consume(self, parser: Any) -> None:
        take = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
        }
        while True:
            event = parser.get_event()
            handle = take.get(type(event))
            if handle:
                handle(event)
            elif type(event) is StreamEndEvent:
                return

    def _document(self, event: Any) -> None:
        self._anchors.clear()

    def _scalar(self, event: Any) -> None:
        start, end = self._mark(event.start_mark), self._mark(event.end_mark)
        function, tag = self._tag(event)
        value: Any = event.value
        plain = None
        if tag == "plain":
            value = resolve(value)
            plain = None if isinstance(value, str) else event.value
        elif tag:
            value = self._constructed(tag, event)
        node = Node(SCALAR, value, start, end, function, "" if event.style is None else event.style, plain)
        if event.anchor:
            self._anchors[event.anchor] = (node, 1, 1)
        self._add(node, 1, 1, event)

    def _tag(self, event: Any) -> tuple[str, str]:
        """The function that a tag names, and how the scalar is read: "plain" (by its text), "" or one of YAML's tags.

        Raises ReadError for any other tag.
        """
        tag: str | None = event.tag
        if tag is None or tag == "!":
            by_text = tag is None and type(event) is ScalarEvent and event.implicit[0]
            return "", "plain" if by_text else ""
        if tag.startswith(_YAML_TAG):
            return "", tag.removeprefix(_YAML_TAG)
        if tag.startswith("!") and tag[1:].replace("::", "").isalnum():
            name = tag[1:]
            return name if name in ("Ref", "Condition") else f"Fn::{name}", ""
        raise self._error(f"the tag {tag[:60]} is not allowed in a template", event)

    def _constructed(self, tag: str, event: Any) -> Any:
        if tag not in ("str", "int", "bool", "float", "null"):
            raise self._error(f"the tag !!{tag[:60]} is not allowed in a template", event)
        try:
            return construct(tag, event.value)
        except ValueError:
            raise self._error(f"what is tagged !!{tag} is no {tag}", event) from None

    def _open(self, event: Any) -> None:
        if len(self._stack) >= MOST_DEPTH:
            raise self._error(f"it is nested more than {MOST_DEPTH} levels deep", event)
        kind = MAP if type(event) is MappingStartEvent else LIST
        function, tag = self._tag(event)
        if tag not in ("", "map" if kind == MAP else "seq"):
            raise self._error(f"the tag !!{tag[:60]} is not allowed in a template", event)
        start, end = self._mark(event.start_mark), self._mark(event.end_mark)
        self._count(1, event)
        node = Node(kind, {} if kind == MAP else [], start, end, function)
        self._stack.append(_Frame(node, event.anchor, bool(event.flow_style)))

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        if frame.flow:
            frame.node.end = self._mark(event.end_mark)
        if frame.merged:
            frame.node.value = _with_merged(frame)
        if frame.anchor:
            self._anchors[frame.anchor] = (frame.node, frame.expanded, frame.depth)
        self._place(frame.node, frame.expanded, frame.depth, event)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise self._error(f"the alias *{event.anchor} has no anchor before it", event)
        anchored, expanded, depth = self._anchors[event.anchor]
        node = anchored.at(self._mark(event.start_mark), self._mark(event.end_mark))
        if len(self._stack) + depth > MOST_DEPTH:
            raise self._error(f"it is nested more than {MOST_DEPTH} levels deep through aliases", event)
        self._add(node, expanded, depth, event)

    def _add(self, node: Node, expanded: int, depth: int, event: Any) -> None:
        self._count(expanded, event)
        self._place(node, expanded, depth, event)

    def _count(self, expanded: int, event: Any) -> None:
        self._nodes += 1
        self._expanded += expanded
        if self._nodes > MOST_NODES:
            raise self._error(f"it holds more than {MOST_NODES:,} values", event)
        if self._expanded > MOST_EXPANDED:
            raise self._error(f"its aliases stand for more than {MOST_EXPANDED:,} values", event)

    def _place(self, node: Node, expanded: int, depth: int, event: Any) -> None:
        """Puts a complete value where it belongs."""
        if not self._stack:
            self._roots.append(node)
            return
        frame = self._stack[-1]
        frame.expanded += expanded
        frame.depth = max(frame.depth, depth + 1)
        if not frame.flow:
            frame.node.end = max(frame.node.end, node.end)
        if frame.node.kind == LIST:
            frame.node.value.append(node)
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            self._enter(frame, key, node)

    def _enter(self, frame: _Frame, key: Node, node: Node) -> None:
        """Puts a value under its key."""
        if key.kind != SCALAR:
            self._fault("a key of a mapping must be a text", key)
            return
        text = _key_text(key)
        if text == "<<" and not key.style:
            self._merge(frame, node)
        elif text in frame.node.value:
            first = frame.node.value[text][0].start[0] + 1
            self._fault(f"the key {text[:80]} stands twice; the first is on line {first}", key)
        else:
            frame.node.value[text] = (key, node)

    def _merge(self, frame: _Frame, node: Node) -> None:
        maps = node.value if node.kind == LIST else [node]
        for merged in maps:
            if merged.kind == MAP:
                frame.merged.append(merged)
            else:
                self._fault("only mappings can be merged by <<", merged)

    def _fault(self, message: str, node: Node) -> None:
        self._faults.append(Fault(message, node.start[0] + 1, node.start[1] + 1))

    def _error(self, message: str, event: Any) -> ReadError:
        line, column = self._mark(event.start_mark)
        return ReadError(message, line + 1, column + 1)

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> ReadError:
        mark = error.problem_mark or error.context_mark
        message = f"it is neither YAML nor JSON: {error.problem or error.context}"
        if mark is None:
            return ReadError(message)
        line, column = self._mark(mark)
        # The end of a text without a last line break is on a line of its own to libyaml.
        last = self._text.count("\n")
        return ReadError(message, min(line, last) + 1, column + 1 if line <= last else None)

    def _character_error(self, error: Exception) -> ReadError:
        index = getattr(error, "position", None)
        reason = getattr(error, "reason", None) or "it holds characters that are not allowed"
        line = None if index is None else self._text.count("\n", 0, index) + 1
        return ReadError(f"it is neither YAML nor JSON: {reason}", line)


def _key_text(key: Node) -> str:
    """A key keeps its source text: `yes`, `0123`."""
    if key.plain is not None:
        return key.plain
    return key.value if isinstance(key.value, str) else ""


def _with_merged(frame: _Frame) -> dict[str, tuple[Node, Node]]:
    """The entries of a mapping with those that `<<` brings: its own win, then those of the first mapping."""
    entries = dict(frame.node.value)
    for merged in frame.merged:
        for text, entry in merged.value.items():
            entries.setdefault(text, entry)
    return entries
