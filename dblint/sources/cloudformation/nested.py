"""Nested stacks: which local template a stack resource deploys, and how it uses what it is given."""

from __future__ import annotations

from dblint.sources.cloudformation.constraints import domain_of
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.nodes import Node, function_of
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.usage import Usage, Use, referred, usage_of
from dblint.sources.files import split

MOST_NESTING = 8

# The type of a stack resource, and the property that says where its template is.
STACKS = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}


def is_stack(body: Node) -> bool:
    """Whether a resource is a nested stack."""
    kind = body.get("Type")
    return kind is not None and kind.text in STACKS


def child_path(library: Library, template: Template, body: Node) -> str | None:
    """The path of the template that a stack resource deploys; None where that is no file of the project.

    The CDK says it in the metadata. A path in the template is relative to it; an address or a computed path is not
    followed.
    """
    kind = body.get("Type")
    properties = body.get("Properties")
    metadata = body.get("Metadata")
    if kind is None or kind.text not in STACKS or properties is None:
        return None
    asset = metadata.get("aws:asset:path") if metadata else None
    written = asset or properties.get(STACKS[kind.text])
    if written is None or not written.text or "://" in written.text or written.text.startswith(("/", "\\", "~")):
        return None
    folder, _ = split(template.path)
    return library.files.inside(f"{folder}/{written.text}")


def child_template(library: Library, path: str | None) -> Template | None:
    """The one template of a file of the project."""
    found = library.templates(path) if path else ()
    return found[0] if len(found) == 1 else None


def usage_with_children(library: Library, template: Template, above: tuple[str, ...] = ()) -> Usage:
    """How a template and the nested stacks below it use its parameters."""
    usage = usage_of(template)
    above = (*above, template.path)
    for _, _, body in template.section("Resources"):
        if not is_stack(body) or len(above) > MOST_NESTING:
            continue
        child = child_template(library, child_path(library, template, body))
        if child and child.path not in above:
            below = usage_with_children(library, child, above)
            for name, use in below.items():
                _pass_up(usage, _argument(body, name), _constrained(child, name, use), body.get("Condition") is None)
    return usage


def arguments(body: Node) -> Node | None:
    """The parameters that a stack resource gives."""
    properties = body.get("Properties")
    return properties.get("Parameters") if properties else None


def _argument(body: Node, name: str) -> Node | None:
    given = arguments(body)
    return given.get(name) if given else None


def _constrained(child: Template, name: str, use: Use) -> Use:
    """The use of a parameter, with what the child's own constraints allow."""
    declaration = child.parameters.get(name)
    domain = domain_of(declaration) if declaration else None
    together = Use(dict(use.literals), dict(use.keys), use.required)
    if domain:
        together.literals.update(dict.fromkeys(domain))
        together.require(frozenset(domain))
    return together


def _pass_up(usage: Usage, argument: Node | None, use: Use, certain: bool) -> None:
    if argument is None:
        return
    found = function_of(argument)
    for name in referred(argument):
        mine = usage.setdefault(name, Use())
        if found and found[0] == "Ref":
            mine.add(use if certain else Use(use.literals, use.keys))
