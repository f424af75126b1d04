"""The tree that the reader makes of a template: every value knows where it stands.

Functions in either spelling (`!Sub x`, `{"Fn::Sub": x}`) are seen through `function_of`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dblint.model import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCALAR, LIST, MAP = "scalar", "list", "map"

Mark = tuple[int, int]


class Node:
    """One value of a document.

    `value`: str, int, float, bool or None; list[Node]; or dict[str, tuple[Node, Node]] of key text to key and value.
    `start` and `end` are (line, column) from 0, in code points; the end is exclusive. `function` is the name of a
    short tag ("Ref", "Condition", "Fn::Sub"), else "". `style` is the quote or block sign of a scalar. `plain` is the
    text of a plain scalar that is no text ("yes", "0123"), else None.
    """

    __slots__ = ("end", "function", "kind", "plain", "start", "style", "value")

    def __init__(
        self,
        kind: str,
        value: Any,
        start: Mark,
        end: Mark,
        function: str = "",
        style: str = "",
        plain: str | None = None,
    ) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.function = function
        self.style = style
        self.plain = plain

    def at(self, start: Mark, end: Mark) -> Node:
        """The same value, standing elsewhere (an alias)."""
        return Node(self.kind, self.value, start, end, self.function, self.style, self.plain)

    def untagged(self) -> Node:
        """The argument of a short tag as a value of its own."""
        return Node(self.kind, self.value, self.start, self.end, "", self.style, self.plain)

    def get(self, key: str) -> Node | None:
        """The value under a key; None where this is no mapping, is a function, or has no such key."""
        entry = self.entry(key)
        return entry[1] if entry else None

    def entry(self, key: str) -> tuple[Node, Node] | None:
        """The key and the value under a key."""
        if self.kind != MAP or self.function:
            return None
        found: tuple[Node, Node] | None = self.value.get(key)
        return found

    def entries(self) -> Iterator[tuple[str, Node, Node]]:
        """Key text, key and value of each entry of a mapping; nothing for other kinds."""
        if self.kind == MAP and not self.function:
            for text, (key, value) in self.value.items():
                yield text, key, value

    def items(self) -> list[Node]:
        """The items of a list; empty for other kinds."""
        return self.value if self.kind == LIST and not self.function else []

    @property
    def size(self) -> int:
        """The number of entries of a mapping, or of items of a list; 0 for a scalar."""
        return len(self.value) if isinstance(self.value, (dict, list)) else 0

    @property
    def text(self) -> str | None:
        """The value of a scalar that is a text; None for everything else."""
        return self.value if self.kind == SCALAR and not self.function and isinstance(self.value, str) else None


def location(file: str, first: Node, last: Node | None = None) -> Location:
    """The stretch from the start of one node to the end of another (of itself)."""
    line, column = first.start
    end_line, end_column = (last or first).end
    return Location(file, line + 1, column + 1, end_line + 1, end_column + 1)


def function_of(node: Node) -> tuple[str, Node] | None:
    """The name and the argument of a function ("Ref", "Fn::If"), or None where the node is a plain value.

    A mapping is a function where its one key is "Ref" or begins with "Fn::", except for loops, which stand among other
    keys. `{"Condition": x}` is none: it is a function inside of conditions only.
    """
    if node.function:
        return node.function, node.untagged()
    if node.kind == MAP and len(node.value) == 1:
        key, (_, argument) = next(iter(node.value.items()))
        if key == "Ref" or (key.startswith("Fn::") and not key.startswith("Fn::ForEach")):
            return key, argument
    return None
