"""Trees of expressions as plain values that JSON can hold, and back: what the grammar once read is not read again.

Offsets are those from the beginning of the expression, so that a tree is good for its text wherever that stands.
"""

from __future__ import annotations

from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Literal, Node
from dblint.sources.terraform.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KINDS: dict[str, type[Node]] = {
    kind.__name__: kind
    for kind in vars(tree).values()
    if isinstance(kind, type) and issubclass(kind, Node) and kind not in (Node, tree.Opaque)
}
_SLOTS = {
    name: tuple(slot for base in kind.__mro__[:-2] for slot in vars(base).get("__slots__", ()))
    for name, kind in _KINDS.items()
}
_PLAIN = (str, int, bool, type(None))


class NotPlain(Exception):
    """A tree that is not kept: it holds what could not be read, or a number that JSON does not know."""


def written(node: Any, start: int) -> Any:
    """A node as a list that begins with its kind, a tuple as one that begins with "". Raises NotPlain."""
    kind = type(node)
    if kind in _PLAIN:
        return node
    if kind is tuple:
        return ["", *(written(item, start) for item in node)]
    if kind.__name__ not in _KINDS:
        raise NotPlain
    _, begin, end = node.place
    head = [kind.__name__, begin - start, end - start]
    if kind is Literal:
        if type(node.value.data) not in _PLAIN:
            raise NotPlain
        return [*head, node.value.kind, node.value.data]
    return [*head, *(written(getattr(node, slot), start) for slot in _SLOTS[kind.__name__])]


def read(value: Any, text: Any, start: int) -> Any:
    """The node that was written, as it stands in a text from `start` on."""
    if type(value) is not list:
        return value
    kind = value[0]
    if not kind:
        return tuple([read(item, text, start) for item in value[1:]])
    place = (text, value[1] + start, value[2] + start)
    if kind == "Literal":
        return Literal(place, Value(value[3], value[4]))
    node = object.__new__(_KINDS[kind])
    node.place = place
    for slot, item in zip(_SLOTS[kind], value[3:]):
        setattr(node, slot, read(item, text, start))
    return node
