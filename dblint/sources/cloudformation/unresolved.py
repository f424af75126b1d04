"""What a template takes from places that are not read: modules, includes and macros.

They are told of, and what they are given is known to them: a set of resources that point at it may be larger than what
was read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dblint.model import Stranger
from dblint.sources.cloudformation.detect import database_types
from dblint.sources.cloudformation.foreach import Entry
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.nodes import Node, function_of
from dblint.sources.cloudformation.stack import Stack
from dblint.sources.cloudformation.template import INCLUDE, Template, declares
from dblint.sources.cloudformation.values import targets
from dblint.sources.files import split
from dblint.view import VIEWS

_RAIN = "Fn::Rain::"


def strangers_of(stack: Stack) -> Iterator[Stranger]:
    """What could not be read in one stack, each said as a note."""
    yield from stack.strangers
    for entry in stack.entries().values():
        module = module_of(stack.library, stack.template, entry.body, VIEWS.keys())
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


def module_of(library: Library, template: Template, body: Node, types: Collection[str]) -> str:
    """The module that a resource stands for; "" where it is none, or a local one of Rain that makes nothing of some
    types."""
    kind = body.get("Type")
    if kind is None:
        return ""
    found = function_of(kind)
    if found and found[0].startswith(_RAIN):
        path = found[1].text or ""
        return "" if _makes_none(library, template, path, types) else f"of Rain {path}".strip()
    return kind.text if kind.text and kind.text.endswith("::MODULE") else ""


def _makes_none(library: Library, template: Template, path: str, types: Collection[str]) -> bool:
    folder, _ = split(template.path)
    local = library.files.inside(f"{folder}/{path}") if path and "://" not in path else None
    made = library.templates(local) if local else ()
    return bool(made) and not any(declares(each, types) for each in made)


def has_modules(library: Library, template: Template) -> list[tuple[str, Node]]:
    """The modules of a template that may make databases, and where they stand."""
    types = database_types()
    found = ((module_of(library, template, body, types), key) for _, key, body in template.section("Resources"))
    return [(module, key) for module, key in found if module]


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
