"""What functions ask of whoever evaluates them."""

from __future__ import annotations

from collections.abc import Callable

from dblint.model import Value
from dblint.sources.cloudformation.nodes import Node
from dblint.sources.cloudformation.parameters import Decision

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


class Scope(Protocol):
    """One template under one set of given values."""

    def value(self, node: Node) -> Value:
        """A node as a value of the model."""

    def condition(self, name: str) -> Value:
        """A condition: True, False, or a Choice of them."""

    def reference(self, name: str) -> Value:
        """What `Ref` gives."""

    def attribute(self, name: str, attribute: str) -> Value:
        """What `Fn::GetAtt` gives."""

    def imported(self, name: Value) -> Value:
        """What `Fn::ImportValue` gives for a name without choices."""

    def mapping(self, name: str) -> Node | None:
        """A mapping of the template."""

    def unsure(self, node: Node) -> Value:
        """A truth of which nothing is known but that it is one thing or the other."""

    def secret(self, variable: str) -> str | None:
        """The text of a parameter with NoEcho that is known but must not be shown, by the key of its variable."""

    def decision(self, variable: str) -> Decision | None:
        """The parameter that a variable stands for, if it is one that something turns on."""

    def emptied(self, variable: str) -> str | None:
        """The variable of the list that a text was made of which is empty where the list is."""

    def note(self, message: str, node: Node, kind: str) -> None:
        """Says that something was not followed."""

    def made_of(self, value: Value, whole: Value) -> None:
        """Takes note that a text is empty exactly where the list `whole` is."""


Function = Callable[[Scope, Node], Value]
