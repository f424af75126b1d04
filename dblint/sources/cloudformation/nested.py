"""Nested stacks: which local template a stack resource deploys, and how it uses what it is given."""

from __future__ import annotations

import re

from dblint.sources.cloudformation.cdk import asset_path
from dblint.sources.cloudformation.constraints import domain_of
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.nodes import Node, function_of
from dblint.sources.cloudformation.resource_types import STACKS
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.usage import Usage, Use, referred, usage_of
from dblint.sources.files import split

MOST_NESTING = 8
_HASH = r"[0-9a-f]{64}"


def is_stack(body: Node) -> bool:
    """Whether a resource is a nested stack."""
    kind = body.get("Type")
    return kind is not None and kind.text in STACKS


def child_path(library: Library, template: Template, body: Node) -> str | None:
    """The path of the template that a stack resource deploys; None where that is no file of the project.

    The CDK says it in the metadata, or in its list of assets. A path in the template is relative to it; an address or
    a computed path is not followed.
    """
    kind = body.get("Type")
    properties = body.get("Properties")
    metadata = body.get("Metadata")
    if kind is None or kind.text not in STACKS or properties is None:
        return None
    asset = metadata.get("aws:asset:path") if metadata else None
    written = asset or properties.get(STACKS[kind.text])
    folder, _ = split(template.path)
    path = written.text if written else None
    if written and not path:
        path = asset_path(library.files, folder, _hashes(written))
    if not path or "://" in path or path.startswith(("/", "\\", "~")):
        return None
    return library.files.inside(f"{folder}/{path}")


def _hashes(computed: Node) -> set[str]:
    """What looks like the hash of an asset in the texts of a computed address."""
    found: set[str] = set()
    waiting = [computed]
    while waiting:
        node = waiting.pop()
        found.update(re.findall(_HASH, node.value) if isinstance(node.value, str) else ())
        waiting += node.value if isinstance(node.value, list) else ()
        waiting += [body for _, body in node.value.values()] if isinstance(node.value, dict) else []
    return found


def child_template(library: Library, path: str | None) -> Template | None:
    """The one template of a file of the project."""
    found = library.templates(path) if path else ()
    return found[0] if len(found) == 1 else None


def usage_with_children(library: Library, template: Template, above: tuple[str, ...] = ()) -> Usage:
    """How a template and the nested stacks below it use its parameters."""
    if template in library.usages:
        return library.usages[template]
    usage = usage_of(template)
    above = (*above, template.path)
    for _, _, body in template.section("Resources"):
        if is_stack(body) and len(above) <= MOST_NESTING:
            child = child_template(library, child_path(library, template, body))
            if child and child.path not in above:
                _pass_up(usage, body, child, usage_with_children(library, child, above))
    library.usages[template] = usage
    return usage


def _pass_up(usage: Usage, body: Node, child: Template, below: Usage) -> None:
    """Takes over how a nested stack uses what it is given."""
    given = arguments(body)
    for name, use in below.items():
        argument = given.get(name) if given else None
        if argument is not None:
            _take_over(usage, argument, _constrained(child, name, use), body.get("Condition") is None)


def arguments(body: Node) -> Node | None:
    """The parameters that a stack resource gives."""
    properties = body.get("Properties")
    return properties.get("Parameters") if properties else None


def _constrained(child: Template, name: str, use: Use) -> Use:
    """The use of a parameter, with what the child's own constraints allow."""
    declaration = child.parameters.get(name)
    domain = domain_of(declaration) if declaration else None
    together = Use(dict(use.literals), dict(use.keys), use.required)
    if domain:
        together.literals.update(dict.fromkeys(domain))
        together.require(frozenset(domain))
    return together


def _take_over(usage: Usage, argument: Node, use: Use, certain: bool) -> None:
    found = function_of(argument)
    for name in referred(argument):
        mine = usage.setdefault(name, Use())
        if found and found[0] == "Ref":
            mine.add(use if certain else Use(use.literals, use.keys))
