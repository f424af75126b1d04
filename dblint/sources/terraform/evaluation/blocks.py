"""Blocks of resources as canonical.py asks for them: arguments, nested and dynamic blocks, tags, and traces."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.choice import TooManyLeaves
from dblint.choice import lift as lift_model
from dblint.model import Assumptions, Choice, Path, Trace, Unknown
from dblint.model import Value as ModelValue
from dblint.sources.terraform.evaluation.border import to_model
from dblint.sources.terraform.evaluation.expressions import attempt
from dblint.sources.terraform.evaluation.loops import is_unknown_collection, pairs
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.evaluation.tracing import argument_trace, block_trace, location_of, origins_of, part_at
from dblint.sources.terraform.limits import LimitReached
from dblint.sources.terraform.syntax.text import Argument, Block, Body
from dblint.sources.terraform.syntax.tree import Literal
from dblint.sources.terraform.values.access import element_of
from dblint.sources.terraform.values.trail import Place, Through
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value, is_known, with_trail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def evaluated(argument: Argument, scope: Scope) -> Evaluated:
    """The value of an argument; what can not be evaluated is an error as a value, or unknown."""
    try:
        return attempt(argument.expression, scope)
    except (LimitReached, RecursionError) as limit:
        reached = limit if isinstance(limit, LimitReached) else LimitReached("expressions are nested too deeply")
        return scope.module.run.limited(reached)


class BlockArguments:
    """A block of a resource in one scope. `place` is its header."""

    __slots__ = ("_body", "_lists", "_place", "_scope", "_values")

    def __init__(self, body: Body, place: Place, scope: Scope) -> None:
        self._body = body
        self._place = place
        self._scope = scope
        self._values: dict[str, Evaluated] = {}
        self._lists: dict[str, ModelValue] = {}

    def evaluated(self, name: str) -> Evaluated | None:
        """An argument in the evaluator's terms; None where it is not written."""
        argument = self._body.arguments.get(name)
        if argument is None:
            return None
        if name not in self._values:
            self._values[name] = evaluated(argument, self._scope)
        return self._values[name]

    def value(self, name: str) -> ModelValue:
        """An argument; None where it is absent or null."""
        value = self.evaluated(name)
        return None if value is None else to_model(value)

    def blocks(self, name: str) -> ModelValue:
        """The nested blocks of a name, dynamic ones expanded, or the objects that an argument lists."""
        if name not in self._lists:
            self._lists[name] = self._blocks(name)
        return self._lists[name]

    def _blocks(self, name: str) -> ModelValue:
        lists: list[ModelValue] = []
        for block in self._body.blocks:
            if block.type == name:
                lists.append([BlockArguments(block.body, block.place, self._scope)])
            elif block.type == "dynamic" and block.labels == (name,):
                lists.append(_dynamic(block, self._scope))
        listed = self.evaluated(name)
        if listed is not None:
            lists.append(_listed(listed))
        return _joined(lists)

    def tags(self) -> ModelValue:
        """The argument `tags`."""
        return self.value("tags")

    def trace(self, path: Path, assumptions: Assumptions) -> Trace:
        """Where an argument stands and where its value comes from; the block itself for an empty path."""
        if not path:
            return Trace(location_of(self._place))
        name, rest = str(path[0]), path[1:]
        argument = self._body.arguments.get(name)
        if argument is not None:
            return argument_trace(argument, self.evaluated(name), rest, assumptions)
        if rest:
            return block_trace(self.blocks(name), rest, assumptions)
        return Trace()


class ObjectArguments:
    """An object that stands for a block: an element of an argument that lists them."""

    __slots__ = ("_value",)

    def __init__(self, value: Value) -> None:
        self._value = value

    def _attribute(self, name: str) -> Evaluated | None:
        if self._value.kind in ("object", "map"):
            return self._value.data.get(name)  # type: ignore[no-any-return]
        return None

    def value(self, name: str) -> ModelValue:
        found = self._attribute(name)
        return None if found is None else to_model(found)

    def blocks(self, name: str) -> ModelValue:
        found = self._attribute(name)
        return [] if found is None else _listed(found)

    def tags(self) -> ModelValue:
        return self.value("tags")

    def trace(self, path: Path, assumptions: Assumptions) -> Trace:
        found = self._attribute(str(path[0])) if path else self._value
        return (
            Trace(None, origins_of(part_at(found, path[1:], assumptions), None, assumptions))
            if found is not None
            else Trace()
        )


def _listed(value: Evaluated) -> ModelValue:
    """Objects of an argument as blocks."""

    def blocks(leaf: Value) -> ModelValue:
        if leaf.kind in ("object", "map"):
            return [ObjectArguments(leaf)]
        if leaf.kind in ("list", "tuple", "set"):
            return _joined([_listed(item) for item in leaf.data])
        return [] if leaf.kind == "null" else [to_model(leaf)]

    if isinstance(value, Choice):
        return _lifted_model(blocks, value)
    return blocks(value)


def _lifted_model(function: Any, value: Any) -> ModelValue:
    try:
        return lift_model(function, value)
    except TooManyLeaves:
        return Unknown("it depends on too many alternatives")


def _joined(lists: list[ModelValue]) -> ModelValue:
    """One list of all, per alternative."""
    if len(lists) == 1:
        return lists[0]

    def join(*parts: Any) -> ModelValue:
        found: list[Any] = []
        for part in parts:
            found += part if isinstance(part, list) else [part]
        return found

    try:
        return lift_model(join, *lists)
    except TooManyLeaves:
        return Unknown("it depends on too many alternatives")


def _dynamic(block: Block, scope: Scope) -> ModelValue:
    """The blocks that a dynamic block makes."""
    repeated = block.body.arguments.get("for_each")
    content = next((inner for inner in block.body.blocks if inner.type == "content"), None)
    if repeated is None or content is None:
        return [Unknown(f"the dynamic block {block.labels[0]} has no for_each or no content")]
    generator = _Generator(_iterator(block), content, repeated, block.place, scope)
    return _lifted_model(generator.blocks, evaluated(repeated, scope))


def _iterator(block: Block) -> str:
    argument = block.body.arguments.get("iterator")
    if argument is None:
        return block.labels[0]
    node = argument.expression
    return str(node.value.data) if isinstance(node, Literal) else str(getattr(node, "name", block.labels[0]))


class _Generator:
    """Makes the blocks of a dynamic block; `name` is that of its iterator."""

    __slots__ = ("_content", "_name", "_place", "_repeated", "_scope")

    def __init__(self, name: str, content: Block, repeated: Argument, place: Place, scope: Scope) -> None:
        self._name = name
        self._content = content
        self._repeated = repeated
        self._place = place
        self._scope = scope

    def blocks(self, leaf: Value) -> ModelValue:
        """The blocks for one value of for_each; an Unknown where it is not known which there are."""
        if leaf.kind in ("error", "null"):
            return [Unknown(f"an error: {leaf.data or 'for_each is null'}")]
        try:
            if leaf.kind == "set":
                return list(self._of_set(leaf))
            if is_unknown_collection(leaf):
                return [Unknown(leaf.data.because if leaf.kind == "unknown" else "its elements are not known")]
            return [self._block(key, item, turn) for turn, (key, item) in enumerate(pairs(leaf))]
        except EvaluationError as failure:
            return [Unknown(f"an error: {failure}")]

    def _of_set(self, leaf: Value) -> Iterator[ModelValue]:
        """The blocks for a set: one for each element that is known, and one for all others, which may be equal."""
        known = [item for item in leaf.data if is_known(item)]
        others = [item for item in leaf.data if not is_known(item)]
        for turn, item in enumerate([*known, *(others[:1] if not known else ())]):
            element = element_of(leaf, item)
            yield self._block(element, element, turn)
        if len(others) > (not known):
            yield Unknown("its elements are not known")

    def _block(self, key: Evaluated, item: Evaluated, turn: int) -> BlockArguments:
        text = f"for_each of {self._name}"
        placed = with_trail(item, lambda trail: Through(trail, self._repeated.value_place, text))
        names = {self._name: Turn(key, placed).value()}
        inner = self._scope.with_names(names, f"{self._name}.{turn}")
        return BlockArguments(self._content.body, self._place, inner)


class Turn:
    """The key and the value of one turn of a dynamic block, looked up like the attributes of a resource."""

    __slots__ = ("_key", "_value", "address")

    def __init__(self, key: Evaluated, value: Evaluated) -> None:
        self._key = key
        self._value = value
        self.address = "the iterator of a dynamic block"

    def attribute(self, name: str) -> Evaluated:
        if name not in ("key", "value"):
            raise EvaluationError(f"an iterator has no {name}")
        return self._key if name == "key" else self._value

    def value(self) -> Value:
        return Value("instance", self)
