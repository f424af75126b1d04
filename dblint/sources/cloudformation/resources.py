"""The resources of a stack and of those nested in it, as the model has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.choice import TooManyLeaves, alternatives, lift
from dblint.model import Assumptions, Path, Resource, Trace, Unknown, Value
from dblint.sources.cloudformation.foreach import Entry, has_loops
from dblint.sources.cloudformation.nested import is_stack
from dblint.sources.cloudformation.nodes import Node, function_of, location
from dblint.sources.cloudformation.resource_types import SOURCE
from dblint.sources.cloudformation.stack import Stack
from dblint.sources.cloudformation.tags import tags_of
from dblint.sources.cloudformation.tracing import trace
from dblint.sources.cloudformation.values import bare
from dblint.view import VIEWS

# What stands beside the properties and is read as one.
ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy")


class Properties(Mapping[str, Value]):
    """The properties of one resource, each evaluated when it is asked for, and once."""

    def __init__(self, stack: Stack, body: Node) -> None:
        self._stack = stack
        self._body = body
        self._written = body.get("Properties")
        self._values: dict[str, Value] = {}
        self._whole: Value = None
        if self._written and (function_of(self._written) or _is_open(self._written)):
            self._whole = stack.evaluator.value(self._written)

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._safely(name)
        if self._values[name] is None:
            raise KeyError(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._names() if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _names(self) -> list[str]:
        """The names that may be written, in any alternative."""
        wholes = map(bare, alternatives(self._whole))
        found = [name for whole in wholes if isinstance(whole, dict) for name in whole]
        if self._whole is None and self._written:
            found = [name for name, _, _ in self._written.entries()]
        return list(dict.fromkeys([*found, *ATTRIBUTES, "Tags"]))

    def _safely(self, name: str) -> Value:
        """The value; unknown where following it would cost too much."""
        try:
            return self._value(name)
        except TooManyLeaves as limit:
            because = f"it depends on too many alternatives of {limit}"
        except RecursionError:
            because = "it is nested too deeply"
        self._stack.evaluator.note(f"{name} was not followed: {because}", self._body, "limit")
        return Unknown(because)

    def _value(self, name: str) -> Value:
        evaluator = self._stack.evaluator
        if name in ATTRIBUTES:
            node = self._body.get(name)
            return evaluator.value(node) if node else None
        value = self._property(name)
        return tags_of(value, self._stack.setting.tags) if name == "Tags" else value

    def _property(self, name: str) -> Value:
        if self._whole is not None:
            return lift(lambda known: _member(known, name), self._whole)
        node = self._written.get(name) if self._written else None
        return self._stack.evaluator.value(node) if node else None


def _is_open(properties: Node) -> bool:
    return has_loops(properties) or properties.get("Fn::Transform") is not None


def _member(properties: Value, name: str) -> Value:
    known = bare(properties)
    if isinstance(known, Unknown):
        return known
    return known.get(name) if isinstance(known, dict) else None


def resources_of(stack: Stack) -> Iterator[Resource]:
    """Every resource that some view declares, of the stack and of all that are nested in it."""
    for entry in stack.entries().values():
        kind = entry.body.get("Type")
        if kind and kind.text in VIEWS:
            yield _resource(stack, entry, kind.text)
        if is_stack(entry.body):
            child = stack.child(entry.name)
            yield from resources_of(child) if child else ()


def _resource(stack: Stack, entry: Entry, type: str) -> Resource:
    path = stack.template.path
    region = stack.evaluator.reference("AWS::Region")

    def tracer(path: Path, assumptions: Assumptions) -> Trace:
        return trace(stack, entry, path, assumptions)

    return Resource(
        type=type,
        address=stack.prefix + entry.name,
        source=SOURCE,
        properties=Properties(stack, entry.body),
        location=location(path, entry.key),
        kind=entry.kind or type,
        definition=_made_by_app(stack, entry) or f"{path}#{entry.key.value}",
        exists=stack.existence(entry),
        trace=tracer,
        names=_stack_names(stack),
        region=region if isinstance(region, str) else None,
        calls=stack.calls,
    )


def _made_by_app(stack: Stack, entry: Entry) -> str:
    """What makes a resource in an app of the CDK, the same for all stacks of one class; "" where nothing says it."""
    assembly = stack.setting.assembly
    construct = assembly.construct(entry.name, entry.body) if assembly else ""
    return assembly.definition(construct) if assembly and construct else ""


def _stack_names(stack: Stack) -> tuple[str, ...]:
    """What the stack is called: the logical ids of nested ones from the inside, then the name of the whole."""
    nested = reversed(stack.prefix.strip("/").split("/")) if stack.above else ()
    top = (*stack.above, stack)[0]
    name = top.setting.pseudo.get("AWS::StackName")
    return (*nested, *([name] if name else []))
