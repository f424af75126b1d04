"""Compares what dblint knows of a public Terraform module with a checkout of it, and writes what is plain fact.

    python tools/known_modules.py CHECKOUT FOLDER [--write]

FOLDER is one of dblint/facts/terraform_modules ("terraform-aws-modules/rds-aurora/10"). Facts are the names of all
variables of the module, and type, default and flags of those that the summary uses: `--write` puts them into
variables.tf.json. The summary itself (main.tf) is written by hand; what it misses of the checkout is said: resources
of types that dblint judges, and arguments of them that a rule may read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dblint.packs import load, own  # noqa: E402
from dblint.properties import Computed, Pairs, Property, Switch  # noqa: E402
from dblint.sources.files import Files  # noqa: E402
from dblint.sources.terraform.canonical import _declared as declared_of  # noqa: E402
from dblint.sources.terraform.canonical import terraform_views  # noqa: E402
from dblint.sources.terraform.evaluation.expressions import attempt  # noqa: E402
from dblint.sources.terraform.evaluation.run import Run  # noqa: E402
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope  # noqa: E402
from dblint.sources.terraform.evaluation.variables import flag  # noqa: E402
from dblint.sources.terraform.functions.encoding import json_text  # noqa: E402
from dblint.sources.terraform.known_modules import FACTS  # noqa: E402
from dblint.sources.terraform.module import Module  # noqa: E402
from dblint.sources.terraform.project import Project  # noqa: E402
from dblint.sources.terraform.syntax.text import Block  # noqa: E402
from dblint.sources.terraform.syntax.tree import Literal  # noqa: E402
from dblint.view import Nested, Part, View  # noqa: E402

VARIABLES = "variables.tf.json"
# Arguments that only say how many instances there are, or which provider makes them.
_META = frozenset(("count", "for_each", "tags"))


def module_at(folder: Path) -> ModuleInstance:
    """The module of a folder, evaluated by itself."""
    project = Project(Files(folder), lambda problem: sys.exit(f"{problem.path}: {problem.message}"))
    return ModuleInstance(Run(project, "."), project.module("."))


def summaries(folder: Path) -> Iterator[Path]:
    """The summary of a module and those of its modules, relative to it."""
    return (path.parent.relative_to(folder) for path in sorted(folder.rglob("main.tf")))


def facts(checkout: ModuleInstance, summary: str) -> dict[str, dict[str, Any]]:
    """What variables.tf.json says: every variable; more than the name of those that the summary uses."""
    used = set(re.findall(r"\bvar\.(\w+)", summary))
    variables = checkout.module.variables
    return {name: _facts(checkout, variables[name]) if name in used else {} for name in sorted(variables)}


def _facts(module: ModuleInstance, block: Block) -> dict[str, Any]:
    found: dict[str, Any] = {}
    arguments = block.body.arguments
    if "type" in arguments:
        text, start, end = arguments["type"].value_place
        found["type"] = _plain_type(text.text[start:end])
    if "default" in arguments:
        found["default"] = json.loads(json_text(attempt(arguments["default"].expression, Scope(module))))
    if _is_false(block, "nullable"):
        found["nullable"] = False
    if flag(block, "sensitive"):
        found["sensitive"] = True
    return found


def _is_false(block: Block, name: str) -> bool:
    node = block.body.arguments[name].expression if name in block.body.arguments else None
    return isinstance(node, Literal) and node.value.data is False


def _plain_type(text: str) -> str:
    """A type on one line, without comments."""
    bare = re.sub(r"(#|//)[^\n]*", "", text)
    lines = [line.strip().rstrip(",") for line in bare.splitlines() if line.strip()]
    joined = ", ".join(lines)
    joined = re.sub(r"([({\[]),\s*", r"\1", joined)
    joined = re.sub(r",\s*([)}\]])", r"\1", joined)
    return re.sub(r"\s+", " ", joined)


def words_of(owner: type[View | Part]) -> set[str]:
    """The arguments and blocks of a resource that its view reads."""
    found: set[str] = set()
    for declared in declared_of(owner).values():
        if isinstance(declared, Nested):
            found |= {declared.terraform} if declared.terraform else words_of(declared.type)
        else:
            found |= {name.split(".")[0] for name in _names(declared)}
    return found


def _names(declared: Property) -> tuple[str, ...]:
    spec = declared.terraform
    if isinstance(spec, Switch):
        return (spec.argument,)
    if isinstance(spec, Pairs):
        return (spec.block,)
    if isinstance(spec, Computed):
        return tuple(spec.arguments)
    if isinstance(spec, str):
        return (spec,)
    return spec or ()


def missing(checkout: Module, summary: Module) -> Iterator[str]:
    """What the summary does not say of the resources of the checkout that dblint judges."""
    views = terraform_views()
    for (mode, kind, name), block in checkout.resources.items():
        if mode != "managed" or kind not in views:
            continue
        known = summary.resources.get((mode, kind, name))
        if known is None:
            yield f"{kind}.{name} is missing"
            continue
        relevant = (words_of(views[kind]) | _META | {"region"}) & _written(block)
        yield from (f"{kind}.{name}: {word} is missing" for word in sorted(relevant - _written(known)))
    for mode, kind, name in summary.resources:
        if kind in views and (mode, kind, name) not in checkout.resources:
            yield f"{kind}.{name} is not in the checkout"


def _written(block: Block) -> set[str]:
    blocks = {inner.labels[0] if inner.type == "dynamic" else inner.type for inner in block.body.blocks}
    return blocks | set(block.body.arguments)


def unused(checkout: Module, folder: Path, summary: Path) -> Iterator[str]:
    """Modules of the checkout below `modules` that make what dblint judges and have no summary."""
    known = {str(path) for path in summaries(summary)}
    for path in sorted(folder.glob("modules/*/main.tf")):
        inner = path.parent.relative_to(folder)
        kinds = {kind for mode, kind, _ in module_at(path.parent).module.resources if mode == "managed"}
        if str(inner) not in known and any(
            not view.supporting for kind, view in terraform_views().items() if kind in kinds
        ):
            yield f"{inner} has no summary"


def compare(checkout: Path, summary: Path, write: bool) -> list[str]:
    """All differences; with `write` the facts of variables are put right first."""
    said: list[str] = []
    for inner in summaries(summary):
        if not (checkout / inner).is_dir():
            said.append(f"{inner}: it is not in the checkout")
            continue
        theirs, path = module_at(checkout / inner), summary / inner / VARIABLES
        found = facts(theirs, (summary / inner / "main.tf").read_text(encoding="utf-8"))
        if write:
            path.write_text(rendered(found), encoding="utf-8")
        known = json.loads(path.read_text(encoding="utf-8"))["variable"]
        changed = [name for name in sorted({*known, *found}) if known.get(name) != found.get(name)]
        said += [f"{inner}: variable {name}: {known.get(name)} here, {found.get(name)} there" for name in changed]
        said += [f"{inner}: {text}" for text in missing(theirs.module, module_at(summary / inner).module)]
    return said + list(unused(module_at(checkout).module, checkout, summary))


def rendered(variables: dict[str, dict[str, Any]]) -> str:
    """One variable a line."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(fact)}" for name, fact in variables.items())
    return '{"variable": {\n' + lines + "\n}}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("folder")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    load([own()])
    said = compare(given.checkout.resolve(), Path(FACTS) / given.folder, given.write)
    print("\n".join(said) or "nothing differs")
    sys.exit(bool(said))


if __name__ == "__main__":
    main()
