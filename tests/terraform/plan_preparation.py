"""Makes a copy of real code plan without AWS, an account or the network; what that changes is left unknown.

Modules that are not here become stubs whose outputs are unknown; data sources are read only after something that is
not there yet, so that they are unknown too; backends and demands for versions are gone.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from dblint.sources.terraform.known_modules import FACTS, known_module
from dblint.sources.terraform.syntax.text import Argument, Block, Text, body_of
from dblint.sources.terraform.syntax.tree import Literal

PENDING = "dblint_pending"
_PENDING_FILE = f'resource "terraform_data" "{PENDING}" {{}}\n'
_UNKNOWN = f"jsondecode(terraform_data.{PENDING}.id)"
_META = ("source", "version", "count", "for_each", "providers", "depends_on")


def prepare(top: Path) -> None:
    """Changes the files of all modules below a folder."""
    folders = sorted({path.parent for path in top.rglob("*.tf")})
    for folder in folders:
        Preparation(folder, top / "dblint_stubs").run()


class Preparation:
    """One module."""

    def __init__(self, folder: Path, stubs: Path) -> None:
        self._folder = folder
        self._stubs = stubs
        self._paths = sorted(folder.glob("*.tf"))
        self._all = "\n".join(path.read_text(encoding="utf-8") for path in self._paths)

    def run(self) -> None:
        for path in self._paths:
            path.write_text(self._prepared(path.read_text(encoding="utf-8")), encoding="utf-8")
        (self._folder / "dblint_pending.tf").write_text(_PENDING_FILE, encoding="utf-8")

    def _prepared(self, text: str) -> str:
        blocks = body_of(Text("", text, lambda problem: None), nested=False).blocks
        for block in reversed(blocks):
            _, start, end = block.whole
            text = text[:start] + self._block(block, text[start:end]) + text[end:]
        return text

    def _block(self, block: Block, written: str) -> str:
        if block.type == "terraform":
            kept = [_text(inner) for inner in block.body.blocks if inner.type == "required_providers"]
            return "terraform {\n" + "\n".join(re.sub(r"(?m)^\s*version\s*=.*$", "", one) for one in kept) + "\n}"
        if block.type == "data":
            return self._data(block)
        if block.type in ("check", "import", "removed"):
            return ""
        if block.type == "variable":
            return _without(block, written, "validation")
        if block.type == "module":
            return self._module(block, written)
        return _without(block, written, "provisioner")

    def _data(self, block: Block) -> str:
        """Only how many there are; all else may be of any shape."""
        kept = [_argument(a) for name, a in block.body.arguments.items() if name in ("count", "for_each", "provider")]
        kind, name = block.labels
        if kind == "terraform_remote_state":
            kept.append('backend = "local"')
        body = "\n".join([*kept, f"depends_on = [terraform_data.{PENDING}]"])
        return f'data "{kind}" "{name}" {{\n{body}\n}}'

    def _module(self, block: Block, written: str) -> str:
        source = _literal(block.body.arguments.get("source"))
        if source.startswith("."):
            return written
        stub = self._stub(block, source)
        kept = [_argument(a) for name, a in block.body.arguments.items() if name not in ("source", "version")]
        return f'module "{block.labels[0]}" {{\nsource = "{stub}"\n' + "\n".join(kept) + "\n}"

    def _stub(self, block: Block, source: str) -> str:
        """The folder of what stands in for a module that is not here, as the call names it."""
        folder = self._stubs / f"{len(list(self._stubs.glob('*'))) if self._stubs.is_dir() else 0}"
        known = known_module(source, _literal(block.body.arguments.get("version")), ()) if "label" in source else None
        if known:
            shutil.copytree(Path(FACTS) / known.folder, folder)
            give_defaults(folder)
        else:
            folder.mkdir(parents=True)
            (folder / "main.tf").write_text(self._stub_text(block), encoding="utf-8")
        up = "/".join([".."] * len(self._folder.relative_to(self._stubs.parent).parts)) or "."
        return f"{up}/{folder.relative_to(self._stubs.parent)}"

    def _stub_text(self, block: Block) -> str:
        name = block.labels[0]
        outputs = sorted(set(re.findall(rf"\bmodule\.{name}(?:\[[^\]]*\])*\.(\w+)", self._all)))
        outputs = outputs or sorted(set(re.findall(rf"\bmodule\.{name}\b.*?\.(\w+)", self._all)))
        variables = [f'variable "{n}" {{\n  default = null\n}}\n' for n in block.body.arguments if n not in _META]
        values = [f'output "{output}" {{\n  value = {_UNKNOWN}\n}}\n' for output in outputs]
        return _PENDING_FILE + "".join(variables) + "".join(values)


def give_defaults(summary: Path) -> None:
    """Variables of which a summary knows the name alone may be left out of a call."""
    for path in summary.rglob("variables.tf.json"):
        facts = json.loads(path.read_text(encoding="utf-8"))
        filled = {name: {"default": None, **fact} for name, fact in facts["variable"].items()}
        path.write_text(json.dumps({"variable": filled}), encoding="utf-8")


def _without(block: Block, written: str, kind: str) -> str:
    start = block.whole[1]
    for inner in reversed(block.body.blocks):
        if inner.type == kind:
            _, begin, end = inner.whole
            written = written[: begin - start] + written[end - start :]
    return written


def _text(block: Block) -> str:
    text, start, end = block.whole
    return str(text.text[start:end])


def _argument(argument: Argument) -> str:
    text, start, end = argument.place
    return str(text.text[start:end])


def _literal(argument: Argument | None) -> str:
    node = argument.expression if argument else None
    return str(node.value.data) if isinstance(node, Literal) else ""


CALLED = "dblint_root"


def without_value(root: Path) -> list[str]:
    """The variables of a root that nothing gives a value to."""
    given: set[str] = set()
    texts = [Text("", path.read_text(encoding="utf-8"), lambda problem: None) for path in sorted(root.glob("*.tf"))]
    blocks = [block for text in texts for block in body_of(text, nested=False).blocks if block.type == "variable"]
    declared = [block.labels[0] for block in blocks if "default" not in block.body.arguments]
    for path in (*root.glob("terraform.tfvars"), *root.glob("*.auto.tfvars"), *root.glob("fixtures.*.tfvars")):
        given |= body_of(
            Text("", path.read_text(encoding="utf-8"), lambda problem: None), nested=False
        ).arguments.keys()
    return [name for name in declared if name not in given]


def wrapped(root: Path, top: Path, variables: list[str]) -> Path:
    """A root that calls another with values that are not known. Files that it reads lie beside it."""
    outer = top / CALLED
    shutil.copytree(root, outer, ignore=shutil.ignore_patterns("*.tf", "*.tfvars", CALLED))
    source = "/".join(["..", *root.relative_to(top).parts]) if root != top else "../"
    given = "".join(f"  {name} = {_UNKNOWN}\n" for name in variables)
    text = f'{_PENDING_FILE}module "{CALLED}" {{\n  source = "{source}"\n{given}}}\n'
    (outer / "main.tf").write_text(text, encoding="utf-8")
    return outer
