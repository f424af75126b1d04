"""What a template takes from places that are not read: modules, includes and macros.

They are told of, and what they are given is known to them: a set of resources that point at it may be larger than what
was read.
"""

from __future__ import annotations

from collections.abc import Iterator

from dblint.model import Stranger
from dblint.sources.cloudformation.foreach import Entry
from dblint.sources.cloudformation.nodes import Node, function_of
from dblint.sources.cloudformation.stack import Stack
from dblint.sources.cloudformation.template import INCLUDE, Template
from dblint.sources.cloudformation.values import targets


def strangers_of(stack: Stack) -> Iterator[Stranger]:
    """What could not be read in one stack, each said as a note."""
    yield from stack.strangers
    for entry in stack.entries().values():
        module = module_of(entry.body)
        if module:
            because = f"module {module} could not be read"
            stack.evaluator.note(because, entry.key, "module")
            yield Stranger(stack.prefix + entry.name, _given(stack, entry), because)
    included = _included(stack.template)
    if included:
        because = "AWS::Include brings resources from a file that was not read"
        stack.evaluator.note(because, included, "module")
        every = frozenset(stack.prefix + name for name in stack.entries())
        yield Stranger(f"{stack.prefix}Fn::Transform", every, because)
    for macro in stack.template.foreign_macros():
        message = f"macro {macro} may change the template: it was judged as it is written"
        stack.evaluator.note(message, stack.template.root, "macro")


def module_of(body: Node) -> str:
    """The module that a resource stands for: a registered one, or one of Rain; "" where it is none."""
    kind = body.get("Type")
    if kind is None:
        return ""
    found = function_of(kind)
    if found and found[0].startswith("Fn::Rain::"):
        return found[1].text or "of Rain"
    return kind.text if kind.text and kind.text.endswith("::MODULE") else ""


def has_modules(template: Template) -> list[Entry]:
    """The resources of a template that are modules."""
    return [Entry(name, key, body) for name, key, body in template.section("Resources") if module_of(body)]


def _given(stack: Stack, entry: Entry) -> frozenset[str]:
    properties = entry.body.get("Properties")
    return frozenset(targets([stack.evaluator.value(properties)])) if properties else frozenset()


def _included(template: Template) -> Node | None:
    """Where a template includes resources."""
    resources = template.root.get("Resources")
    inside = resources.entry("Fn::Transform") if resources else None
    top = template.root.entry("Fn::Transform") or (
        template.root.entry("Transform") if INCLUDE in template.transforms() else None
    )
    found = inside or top
    return found[0] if found else None
