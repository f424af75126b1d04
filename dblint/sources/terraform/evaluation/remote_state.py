"""`data "terraform_remote_state"`: the outputs of another root of the project, where its backend is written plainly."""

from __future__ import annotations

import posixpath

from dblint.model import Choice, Variable
from dblint.sources.terraform.evaluation.expressions import attempt
from dblint.sources.terraform.evaluation.run import Run
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.limits import LimitReached
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.project import Project, module_files
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.syntax.tree import Literal
from dblint.sources.terraform.values.lifting import hoist
from dblint.sources.terraform.values.trail import Through
from dblint.sources.terraform.values.value import (
    UNKNOWN,
    Evaluated,
    Value,
    altered,
    object_of,
    unknown,
    with_trail,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.sources.terraform.evaluation.resource_references import ResourceInstance

# What tells one state from another, by the type of its backend.
_KEYS = {"s3": ("bucket", "key"), "gcs": ("bucket", "prefix"), "local": ("path",), "azurerm": ("container_name", "key")}
_DEEPEST = 4


def outputs(data: ResourceInstance) -> Evaluated | None:
    """The outputs of the root whose state the data source reads, as an object; None where no root here has it.

    What is known flows on; whatever is unknown or a choice over there is an unknown of its own here.
    """
    run = data.module.run
    backend = _text(data.block, "backend", data.scope)
    state = _state_read(data, backend)
    folder = _roots_by_state(run.project).get(state) if state is not None else None
    if folder is None or folder in (*run.ancestors, run.root) or len(run.ancestors) > _DEEPEST:
        return None
    other = Run(
        run.project,
        folder,
        variables=run.variables_of(folder),
        workspace=run.workspace,
        environments=run.environments,
        region=run.region,
    )
    other.variables_of, other.ancestors, other.files = run.variables_of, (*run.ancestors, run.root), run.files
    other.files.update(run.project.paths(folder))
    root = ModuleInstance(other, run.project.module(folder))
    made = {name: _output(data, root, name) for name in root.module.outputs}
    return object_of(made)


def _output(data: ResourceInstance, root: ModuleInstance, name: str) -> Evaluated:
    argument = root.module.outputs[name].body.arguments.get("value")
    address = f"{data.address}.outputs.{name}"
    try:
        value = _settled(attempt(argument.expression, Scope(root))) if argument is not None else None
    except LimitReached:
        value = None
    if value is None or argument is None:
        hidden = unknown(address, is_set=True, variable=Variable(f"2 {address}", address))
        return altered(hidden, refs=((data.address, f"outputs.{name}"),))
    text = f"output {name} of {root.run.root}"
    placed = with_trail(value, lambda trail: Through(trail, argument.value_place, text))
    assert isinstance(placed, Value)
    return altered(placed, refs=((data.address, f"outputs.{name}"),))


def _settled(value: Evaluated) -> Value | None:
    """A value in which all is known, without the addresses of the other root; None for any other."""
    whole = hoist(value) if not isinstance(value, Choice) and value.kind != "error" else value
    if isinstance(whole, Choice) or whole.kind == "error" or whole.flags & UNKNOWN:
        return None
    return _without_references(whole)


def _without_references(value: Value) -> Value:
    data = value.data
    if value.kind in ("tuple", "list", "set"):
        data = tuple(map(_without_references, data))
    elif value.kind in ("object", "map"):
        data = {key: _without_references(item) for key, item in data.items()}
    return Value(value.kind, data, value.type, (), value.trail, value.size, depth=value.depth)


def _state_read(data: ResourceInstance, backend: str) -> tuple[str, ...] | None:
    """What names the state that a data source reads; None where that is not known."""
    argument = data.block.body.arguments.get("config")
    if argument is None or backend not in _KEYS:
        return None
    config = attempt(argument.expression, data.scope)
    if isinstance(config, Choice) or config.kind not in ("object", "map"):
        return None
    found = [config.data.get(key) for key in _KEYS[backend]]
    if not all(isinstance(item, Value) and item.kind == "string" for item in found):
        return None
    values = [str(item.data) for item in found if isinstance(item, Value)]
    if backend == "local":
        values = [posixpath.normpath(posixpath.join(data.module.run.root, values[0]))]
    return (backend, *values)


def _text(block: Block, name: str, scope: Scope) -> str:
    argument = block.body.arguments.get(name)
    value = attempt(argument.expression, scope) if argument else None
    return str(value.data) if isinstance(value, Value) and value.kind == "string" else ""


def _roots_by_state(project: Project) -> dict[tuple[str, ...], str]:
    """Folder by the state that its module keeps, of all folders of the run."""
    found: dict[tuple[str, ...], str] = project.once(("states",), lambda: _states(project))
    return found


def _states(project: Project) -> dict[tuple[str, ...], str]:
    states: dict[tuple[str, ...], str] = {}
    for folder, names in project.files.searched().items():
        if module_files(names):
            for state in _kept_by(project.module(folder)):
                states.setdefault(state, folder)
    return states


def _kept_by(module: Module) -> list[tuple[str, ...]]:
    """The states that a module keeps: its backend's, or a file in its folder."""
    backends = [inner for block in module.settings for inner in block.body.blocks if inner.type == "backend"]
    if not backends:
        return [("local", posixpath.normpath(posixpath.join(module.folder, "terraform.tfstate")))]
    return [state for backend in backends if (state := _written(backend, module.folder)) is not None]


def _written(backend: Block, folder: str) -> tuple[str, ...] | None:
    """The state of a backend block whose arguments are literals."""
    type = backend.labels[0] if backend.labels else ""
    values = []
    for key in _KEYS.get(type, ()):
        argument = backend.body.arguments.get(key)
        node = argument.expression if argument else None
        if not isinstance(node, Literal) or node.value.kind != "string":
            return None
        values.append(str(node.value.data))
    if type == "local" and values:
        values = [posixpath.normpath(posixpath.join(folder, values[0]))]
    return (type, *values) if values else None
