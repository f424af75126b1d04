"""`terraform plan` as the judge of whole roots: what it plans with the stand-in provider, and how that compares with
what dblint evaluates."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plan_preparation import CALLED, PENDING, prepare, without_value, wrapped
from stand_in_provider import read, serving, sources

from dblint.model import Choice, Ref, Unknown
from dblint.sources.terraform.evaluation import modules
from dblint.sources.terraform.evaluation.expansion import key_text
from dblint.sources.terraform.evaluation.resource_references import expansion_of, plain_address
from dblint.sources.terraform.evaluation.resources import ResourceArguments, module_instances
from dblint.sources.terraform.evaluation.scope import ModuleInstance

# What a plan says beside what is compared, or that changes from day to day.
_KEPT = ("format_version", "terraform_version", "variables", "resource_changes", "configuration")


class NoPlan(Exception):
    """Terraform does not plan the root; the message is its own."""


def planned(folder: Path, parent: Path | None = None) -> dict[str, Any]:
    """What `terraform show -json` says of a root. `parent`: a folder above it that is copied along, and prepared for
    what is not here. Raises NoPlan."""
    top = parent or folder
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "project"
        shutil.copytree(top, copy, ignore=shutil.ignore_patterns(".terraform*", ".git", "plan.json"))
        if parent is not None:
            prepare(copy)
        root = copy / folder.relative_to(top)
        if parent is not None and (open_variables := without_value(root)):
            root = wrapped(root, copy, open_variables)
        with serving(read(copy), sources(copy)) as reattach:
            return _planned(root, Path(scratch), reattach)


def _planned(root: Path, scratch: Path, reattach: str) -> dict[str, Any]:
    (scratch / "cli.tfrc").write_text("")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": str(scratch / "cli.tfrc"),
        "TF_REATTACH_PROVIDERS": reattach,
    }

    def terraform(*arguments: str) -> str:
        command = ["terraform", *arguments]
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoPlan(done.stderr.strip() or done.stdout.strip())
        return done.stdout

    terraform("init", "-input=false", "-backend=false")
    given = [f"-var-file={path.name}" for path in sorted(root.glob("fixtures.*.tfvars"))]
    terraform("plan", "-input=false", "-lock=false", "-no-color", *given, "-out=p.bin")
    shown: dict[str, Any] = json.loads(terraform("show", "-json", "p.bin"))
    return shown


def kept(plan: dict[str, Any]) -> dict[str, Any]:
    """A plan without what no comparison and no reader looks at."""
    small = {key: plan[key] for key in _KEPT if key in plan}
    for change in small.get("resource_changes", ()):
        change.pop("provider_name", None)
        change["change"].pop("before_sensitive", None)
    return small


class Comparison:
    """How often values agree, and what is wrong. "unknown here": Terraform knows what dblint does not; "unknown there":
    the reverse, which is so where the provider decides what nobody set."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.different: list[str] = []
        self.unknown_here: list[str] = []
        self.missing: list[str] = []
        self.extra: list[str] = []

    def add(self, kind: str, path: str) -> None:
        self.counts[kind] += 1
        if kind == "unknown here":
            self.unknown_here.append(path)


def compared(plan: dict[str, Any], root: ModuleInstance, *, known: bool = False) -> Comparison:
    """Every instance and every argument of a plan against the evaluation of its root. `known`: also of what summaries
    of modules make."""
    found = Comparison()
    changes = [change for change in plan.get("resource_changes", ()) if _counts(change)]
    theirs = {change["address"].removeprefix(f"module.{CALLED}."): change["change"] for change in changes}
    ours = dict(_instances(root, known))
    found.missing = sorted(theirs.keys() - ours.keys())
    found.extra = sorted(ours.keys() - theirs.keys())
    for address in sorted(theirs.keys() & ours.keys()):
        change = theirs[address]
        _compare_block(found, address, change["after"], change.get("after_unknown"), ours[address])
    return found


def _counts(change: dict[str, Any]) -> bool:
    is_theirs = change["name"] != PENDING
    return is_theirs and change["mode"] == "managed" and change["change"]["actions"] != ["delete"]


def _instances(root: ModuleInstance, known: bool) -> Iterator[tuple[str, ResourceArguments]]:
    """Every instance of a managed resource that is there for sure; without those of modules that are not here."""
    for module in module_instances(root):
        if module.known is not None and not known:
            continue
        for (mode, kind, name), block in module.module.resources.items():
            if mode != "managed":
                continue
            for instance in expansion_of(module, mode, kind, name, block).instances:
                exists = modules.both(module.exists, instance.exists)
                if not isinstance(exists, Choice) and exists.kind == "bool" and exists.data:
                    address = plain_address(module, mode, kind, name) + key_text(instance.key)
                    yield address, ResourceArguments(block, instance.scope)


def _compare_block(found: Comparison, path: str, values: dict[str, Any], unknown: Any, ours: Any) -> None:
    shape = unknown if isinstance(unknown, dict) else {}
    for name in sorted({*values, *shape}):
        if name == "timeouts" or name.endswith("_wo"):
            continue
        theirs, open_parts = values.get(name), shape.get(name)
        blocks = ours.blocks(name)
        if isinstance(theirs, list) and isinstance(blocks, list) and _are_blocks(blocks) and ours.value(name) is None:
            _compare_blocks(found, f"{path}.{name}", theirs, open_parts, blocks)
        else:
            _compare_value(found, f"{path}.{name}", theirs, open_parts, ours.value(name))


def _are_blocks(blocks: list[Any]) -> bool:
    return bool(blocks) and all(hasattr(block, "blocks") for block in blocks)


def _compare_blocks(found: Comparison, path: str, values: list[Any], unknown: Any, ours: list[Any]) -> None:
    if len(values) != len(ours):
        found.different.append(f"{path}: {len(values)} blocks there, {len(ours)} here")
        return
    for i, (value, block) in enumerate(zip(values, ours)):
        inner = unknown[i] if isinstance(unknown, list) and i < len(unknown) else None
        _compare_block(found, f"{path}[{i}]", value or {}, inner, block)


def _compare_value(found: Comparison, path: str, theirs: Any, unknown: Any, ours: Any) -> None:
    while isinstance(ours, Ref):
        ours = ours.value
    hidden = isinstance(ours, (Unknown, Choice))
    if unknown is True:
        found.add("both unknown" if hidden else "left to AWS" if ours is None else "unknown there", path)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for i, (one, other) in enumerate(zip(theirs, ours)):
            inner = unknown[i] if isinstance(unknown, list) and i < len(unknown) else None
            _compare_value(found, f"{path}[{i}]", one, inner, other)
    elif isinstance(ours, dict) and (isinstance(theirs, dict) or isinstance(unknown, dict)):
        known, shape = theirs or {}, unknown if isinstance(unknown, dict) else {}
        for name in sorted({*known, *ours, *shape}):
            _compare_value(found, f"{path}.{name}", known.get(name), shape.get(name), ours.get(name))
    elif hidden:
        found.add("unknown here", path)
    elif _same(theirs, ours):
        found.add("equal", path)
    else:
        found.different.append(f"{path}: {theirs!r} there, {ours!r} here")


def _same(theirs: Any, ours: Any) -> bool:
    """Equality; an empty collection of a block that is not there is none."""
    if theirs in ([], {}) and ours is None:
        return True
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return theirs is ours
    return bool(theirs == ours)
