"""The syntax tree of an expression. Every node knows its place: the text it stands in and its offsets there."""

from __future__ import annotations

from dblint.sources.terraform.values.trail import Place
from dblint.sources.terraform.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias


class Node:
    __slots__ = ("place",)

    def __init__(self, place: Place) -> None:
        self.place = place


class Literal(Node):
    """A value that is written out; its trail is its place."""

    __slots__ = ("value",)

    def __init__(self, place: Place, value: Value) -> None:
        self.place = place
        value.trail = place
        self.value = value


class Template(Node):
    """A text with sequences: each part is a str, an expression, or a directive."""

    __slots__ = ("parts",)

    def __init__(self, place: Place, parts: tuple[Part, ...]) -> None:
        self.place = place
        self.parts = parts


class IfDirective(Node):
    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, place: Place, condition: Node, then: tuple[Part, ...], otherwise: tuple[Part, ...]) -> None:
        self.place = place
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class ForDirective(Node):
    __slots__ = ("body", "collection", "key", "variable")

    def __init__(self, place: Place, key: str | None, variable: str, collection: Node, body: tuple[Part, ...]) -> None:
        self.place = place
        self.key = key
        self.variable = variable
        self.collection = collection
        self.body = body


Part: TypeAlias = "str | Node"


class Reference(Node):
    """A name and what follows it: str for `.name`, a node for `[key]`."""

    __slots__ = ("name", "steps")

    def __init__(self, place: Place, name: str, steps: tuple[str | Node, ...]) -> None:
        self.place = place
        self.name = name
        self.steps = steps


class Parenthesised(Reference):
    """A reference in parentheses: as a key of an object it is no bare word, and what follows is no step of it."""

    __slots__ = ()


class Attribute(Node):
    __slots__ = ("base", "name")

    def __init__(self, place: Place, base: Node, name: str) -> None:
        self.place = place
        self.base = base
        self.name = name


class Index(Node):
    __slots__ = ("base", "key")

    def __init__(self, place: Place, base: Node, key: Node) -> None:
        self.place = place
        self.base = base
        self.key = key


class Splat(Node):
    """`base[*]` or `base.*`; `each` is what is made of one element, which stands in it as `Item`."""

    __slots__ = ("base", "each")

    def __init__(self, place: Place, base: Node, each: Node) -> None:
        self.place = place
        self.base = base
        self.each = each


class Closed(Splat):
    """A splat that ended: what follows is applied to its result."""

    __slots__ = ()


class Item(Node):
    """The element of the splat around it."""

    __slots__ = ()


class Call(Node):
    """`expands`: the last argument is a list of arguments ("...")."""

    __slots__ = ("arguments", "expands", "name")

    def __init__(self, place: Place, name: str, arguments: tuple[Node, ...], expands: bool) -> None:
        self.place = place
        self.name = name
        self.arguments = arguments
        self.expands = expands


class Unary(Node):
    __slots__ = ("operand", "operator")

    def __init__(self, place: Place, operator: str, operand: Node) -> None:
        self.place = place
        self.operator = operator
        self.operand = operand


class Binary(Node):
    __slots__ = ("left", "operator", "right")

    def __init__(self, place: Place, operator: str, left: Node, right: Node) -> None:
        self.place = place
        self.operator = operator
        self.left = left
        self.right = right


class Conditional(Node):
    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, place: Place, condition: Node, then: Node, otherwise: Node) -> None:
        self.place = place
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class Tuple(Node):
    __slots__ = ("items",)

    def __init__(self, place: Place, items: tuple[Node, ...]) -> None:
        self.place = place
        self.items = items


class Object(Node):
    """Keys that are bare words are literals."""

    __slots__ = ("items",)

    def __init__(self, place: Place, items: tuple[tuple[Node, Node], ...]) -> None:
        self.place = place
        self.items = items


class For(Node):
    """`[for key, variable in collection : value if condition]`, or with `key_expression` an object; `groups`: the
    values of equal keys make a list ("...")."""

    __slots__ = ("collection", "condition", "groups", "key", "key_expression", "value", "variable")

    def __init__(
        self,
        place: Place,
        names: tuple[str | None, str],
        collection: Node,
        key_expression: Node | None,
        value: Node,
        condition: Node | None,
        groups: bool,
    ) -> None:
        self.place = place
        self.key, self.variable = names
        self.collection = collection
        self.key_expression = key_expression
        self.value = value
        self.condition = condition
        self.groups = groups


class Opaque(Node):
    """An expression that could not be read: it is unknown, and there is a Problem about it."""

    __slots__ = ("because",)

    def __init__(self, place: Place, because: str) -> None:
        self.place = place
        self.because = because


def refused(text: Any, start: int, end: int, message: str, position: int) -> Opaque:
    """Reports an expression that can not be read."""
    text.refuse(f"this expression can not be read: {message}", position)
    return Opaque((text, start, end), "an expression that can not be read")
