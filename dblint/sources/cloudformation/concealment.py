"""Where a template holds what must not be shown: values of hidden parameters, passwords, and what is compared with
them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.model import Location
from dblint.sources.cloudformation.extents import secrets, texts_in
from dblint.sources.cloudformation.nodes import Node, location
from dblint.sources.cloudformation.parameters import Given
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.usage import functions, referred
from dblint.sources.files import Files

# Of shorter texts it says nothing that they stand elsewhere, too.
_TELLING = 4
_COMPARISONS = ("Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::Equals")


def conceal_secrets(files: Files, template: Template) -> None:
    """Conceals what a template itself holds: each secret where it is written, wherever else its text stands, and what
    a condition compares with it."""
    hidden = list(secrets(template))
    for _, place in hidden:
        files.conceal(place)
    texts = {text for text, _ in hidden if len(text) >= _TELLING and not text.endswith("}}")}
    for place in _standing(template, texts):
        files.conceal(place)
    names = {name for name, declaration in template.parameters.items() if declaration.secret}
    for node in _sections(template, ("Conditions", "Rules")) if names else ():
        for function, argument, _ in functions(node, True):
            if function in _COMPARISONS and names.intersection(referred(argument)):
                for _, place in texts_in(template.path, argument):
                    files.conceal(place)


def conceal_given(files: Files, template: Template, given: Mapping[str, Given]) -> None:
    """Conceals where hidden parameters of a template are given their values."""
    for name, value in given.items():
        declaration = template.parameters.get(name)
        if declaration and declaration.secret:
            for origin in value.origins:
                files.conceal(origin.location)


def _sections(template: Template, names: tuple[str, ...]) -> Iterator[Node]:
    for name in names:
        yield from (body for _, _, body in template.section(name))


def _standing(template: Template, texts: set[str]) -> Iterator[Location]:
    """Where one of the texts stands, as a key or as a value."""
    waiting = [template.root] if texts else []
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, dict):
            for key, body in node.value.values():
                waiting += (key, body)
        elif isinstance(node.value, list):
            waiting += node.value
        elif str(node.value) in texts:
            yield location(template.path, node)
