"""Writes the pages of docs/ that are made from the code: `make docs`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import dblint.aws  # noqa: E402
from dblint.cli.rules import markdown  # noqa: E402
from dblint.defaults import PerSource, Since  # noqa: E402
from dblint.packs import load, own  # noqa: E402
from dblint.properties import Computed, Pairs, Property, Switch  # noqa: E402
from dblint.view import VIEWS, Many, MentionedBy, Mentions, Nested, One, Part, View  # noqa: E402

RULES = ROOT / "docs" / "rules.md"
MODEL = ROOT / "docs" / "model.md"

_MODEL_HEAD = """# The model

Made by `make docs` from `dblint/aws/`. What a rule may ask of a resource: **PascalCase** is AWS's word, snake_case is
ours. A property says what it is called in Terraform, what its absence means, and whether changing it replaces the
resource. Below a nested object, `.` leads on; edges lead to other resources; a fact is derived from all of them.
"""


def rules_page() -> str:
    """The table of all rules."""
    return (
        f"# Rules\n\nMade by `make docs`. `dblint explain RULE` shows the page of a rule.\n\n{markdown(load([own()]))}"
    )


def model_page() -> str:
    """What the rules know of each type of resource."""
    for module in pkgutil.walk_packages(dblint.aws.__path__, "dblint.aws."):
        importlib.import_module(module.name)
    views = sorted((view for name, view in VIEWS.items() if name.startswith("AWS::")), key=lambda v: v.cloudformation)
    return "\n".join([_MODEL_HEAD, *(_section(view) for view in views)])


def _section(view: type[View]) -> str:
    kinds = ", ".join(f"`{kind}`" for kind in view.terraform) or "none"
    lines = [f"## {view.cloudformation}", ""]
    if _has_docstring(view):
        lines += [_line(view.__doc__ or ""), ""]
    unknown = "" if view.in_schema else " CloudFormation has no such type: its name follows AWS's API."
    lines += [f"Terraform: {kinds}. [Reference]({view.reference}).{unknown}", ""]
    properties = list(_properties(view, ""))
    if properties:
        lines += ["| property | Terraform | absence | |", "|---|---|---|---|", *properties, ""]
    for title, told in (("Edges", _edges(view)), ("Facts", _facts(view))):
        found = list(told)
        if found:
            lines += [f"{title}:", "", *found, ""]
    return "\n".join(lines)


def _has_docstring(view: type) -> bool:
    return "__doc__" in vars(view) and bool(view.__doc__)


def _own(owner: type, *kinds: type) -> Iterator[tuple[str, object]]:
    """What a view or a part declares itself, mixins included, in alphabetical order; not what every view has."""
    found = {n: v for base in reversed(owner.__mro__) if base not in (View, Part) for n, v in vars(base).items()}
    return ((name, value) for name, value in sorted(found.items()) if isinstance(value, kinds))


def _properties(owner: type, path: str) -> Iterator[str]:
    for name, item in _own(owner, Property, Nested):
        words = [] if item.in_schema else ["not in CloudFormation"]  # type: ignore[attr-defined]
        words += ["replaces"] if getattr(item, "replaces", False) else []
        if isinstance(item, Property):
            words += [f"not beside {', '.join(item.excludes)}"] if item.excludes else []
            told = (f"`{path}{name}`", _terraform(item.terraform), _absence(item), "; ".join(words))
            yield f"| {' | '.join(told)} |"
        elif isinstance(item, Nested):
            block = f"block `{item.terraform}`" if item.terraform else ""
            yield f"| `{path}{name}` | {block} | {'none' if item.several else ''} | {'; '.join(words)} |"
            yield from _properties(item.type, f"{path}{name}.")


def _terraform(spec: object) -> str:
    if isinstance(spec, (str, tuple)):
        return ", ".join(f"`{name}`" for name in ([spec] if isinstance(spec, str) else spec))
    if isinstance(spec, Switch):
        return f"`{spec.argument}`: " + ", ".join(f"{_value(theirs)} is {_value(ours)}" for theirs, ours in spec.values)
    if isinstance(spec, Pairs):
        return f"blocks `{spec.block}`"
    return ", ".join(f"`{name}`" for name in spec.arguments) if isinstance(spec, Computed) else ""


def _absence(item: Property) -> str:
    default = item.default
    if isinstance(default, PerSource):
        return f"CloudFormation {_default(default.cloudformation)}, Terraform {_default(default.terraform)}"
    return _default(default)


def _default(default: object) -> str:
    if isinstance(default, Since):
        return ", ".join([_value(default.first), *(f"{_value(v)} since {version}" for version, v in default.changes)])
    if callable(default):
        name = getattr(default, "__name__", "")
        return _line(default.__doc__ or "") or ("depends" if name == "<lambda>" else name.strip("_").replace("_", " "))
    return _value(default)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return {None: "nothing", (): "none"}.get(value, str(value))  # type: ignore[call-overload,no-any-return]


def _edges(view: type[View]) -> Iterator[str]:
    for name, edge in _own(view, One, Many, Mentions, MentionedBy):
        if isinstance(edge, One):
            yield f"- `{name}`: {_types(edge.types)} that `{edge.by}` names"
        elif isinstance(edge, Mentions):
            yield f"- `{name}`: {_types(edge.types)} that `{edge.by}` is made from"
        elif isinstance(edge, (Many, MentionedBy)):
            yield f"- `{name}`: each {edge.type} whose `{edge.by}` leads here"


def _types(types: tuple[str, ...]) -> str:
    return ", ".join(types)


def _facts(view: type[View]) -> Iterator[str]:
    for name, value in _own(view, property):
        if not name.startswith("_"):
            told = _line(getattr(value, "__doc__", None) or "")
            yield f"- `{name}`{': ' + told if told else ''}"


def _line(text: str) -> str:
    """The first paragraph in one line."""
    return " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    RULES.parent.mkdir(exist_ok=True)
    RULES.write_text(rules_page(), encoding="utf-8")
    MODEL.write_text(model_page(), encoding="utf-8")
