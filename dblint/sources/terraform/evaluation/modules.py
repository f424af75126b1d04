"""Module calls: their instances, their outputs, and what is known of those whose code is not here."""

from __future__ import annotations

from dblint.model import Note, Variable
from dblint.sources.terraform.evaluation.expansion import Expansion, Instance, expand, key_text
from dblint.sources.terraform.evaluation.expressions import attempt, evaluate
from dblint.sources.terraform.evaluation.providers import passed_providers
from dblint.sources.terraform.evaluation.references import stepped, undeclared
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.known_modules import Known, inside, known_module, module_of
from dblint.sources.terraform.limits import DEEPEST_MODULE
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.module_sources import Absent, find_module, is_local, kind_of
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values.lifting import lift
from dblint.sources.terraform.values.operators import binary
from dblint.sources.terraform.values.trail import Through
from dblint.sources.terraform.values.value import (
    SENSITIVE,
    UNKNOWN,
    Evaluated,
    Value,
    altered,
    references_in,
    unknown,
    with_trail,
)

MOST_NAMED = 5
_UNSAID = "its module is not installed"
_UNREAD = "its module is not read (--modules local)"

# Arguments of a call that are not variables of the module.
META_ARGUMENTS = frozenset(("source", "version", "count", "for_each", "providers", "depends_on"))


class Outputs:
    """One instance of a call, as values of kind "instance" hold it: its attributes are the module's outputs."""

    __slots__ = ("address", "block", "child", "module")

    def __init__(self, module: ModuleInstance, block: Block, address: str, child: ModuleInstance | Absent) -> None:
        self.module = module
        self.block = block
        self.address = address
        self.child = child

    def attribute(self, name: str) -> Evaluated:
        """The output `name`. Raises EvaluationError."""
        child = self.child
        if isinstance(child, Absent):
            return self._absent(name, child)
        output = child.module.outputs.get(name)
        if output is None and child.known is not None:
            because = _UNREAD if self.module.run.project.modules == "local" else _UNSAID
            return self._absent(name, Absent("registry", child.known.source, child.known.version, because))
        if output is None or "value" not in output.body.arguments:
            return undeclared(f"{self.address}.{name}")
        return child.cell(("output", "output", name), lambda: _output(child, output, name, self.address))  # type: ignore[no-any-return]

    def _absent(self, name: str, child: Absent) -> Value:
        because = f"{self.address}.{name} ({child.because})"
        identity = Variable(f"2 {self.address}.{name}", f"{self.address}.{name}")
        made = unknown(because, variable=identity)
        return altered(made, refs=((self.address, name),), trail=self.block.place)


def _output(child: ModuleInstance, output: Block, name: str, address: str) -> Evaluated:
    argument = output.body.arguments["value"]
    value = evaluate(argument.expression, Scope(child))
    text = f"output {name} of {address}"
    value = with_trail(value, lambda trail: Through(trail, argument.value_place, text))
    from dblint.sources.terraform.evaluation.variables import flag

    if flag(output, "sensitive"):
        return lift(lambda plain: altered(plain, flags=plain.flags | SENSITIVE), value)
    return value


def module_reference(scope: Scope, name: str, steps: tuple[str | Node, ...]) -> Evaluated:
    """`module.name` with its steps. Raises EvaluationError."""
    module = scope.module
    block = module.module.calls.get(name)
    if block is None:
        return undeclared(module.within(f"module.{name}"))
    expansion = expansion_of(module, name, block)

    def made(instance: Instance) -> Value:
        address = module.within(f"module.{name}") + key_text(instance.key)
        held = Outputs(module, block, address, child_of(module, name, block, instance))
        return Value("instance", held, refs=((address, ""),), trail=block.place, flags=UNKNOWN)

    return stepped(expansion, made, steps, scope)


def expansion_of(module: ModuleInstance, name: str, block: Block) -> Expansion:
    """The instances of a call, expanded once."""
    address = module.within(f"module.{name}")
    found = module.cell(("expansion", "module", name), lambda: expand(module, block, address))
    if isinstance(found, Expansion):
        return found
    return Expansion("count", [Instance("*", found, Scope(module, mark="[*]"))], found)


def child_of(module: ModuleInstance, name: str, block: Block, instance: Instance) -> ModuleInstance | Absent:
    """The module that one instance of a call makes."""
    key = ("child", "module", name, instance.key)
    return module.cell(key, lambda: _child(module, name, block, instance))  # type: ignore[no-any-return]


def _child(module: ModuleInstance, name: str, block: Block, instance: Instance) -> ModuleInstance | Absent:
    run = module.run
    found = _summary(module, block) if module.known is not None else _code(module, name, block)
    if isinstance(found, Absent):
        known = _known(module, block, found)
        _note_absent(module, name, block, found, known)
        if known is None:
            return found
        found = known
    if isinstance(found, str):
        run.files.update(run.project.paths(found))
        _note_undeclared(module, name, block, run.project.module(found))
    return ModuleInstance(
        run,
        run.project.module(found) if isinstance(found, str) else module_of(found),
        module.within(f"module.{name}") + key_text(instance.key),
        caller=instance.scope,
        call=block,
        key=instance.key,
        exists=both(module.exists, instance.exists),
        providers=passed_providers(module, block),
        known=None if isinstance(found, str) else found,
    )


def _code(module: ModuleInstance, name: str, block: Block) -> str | Absent:
    """The folder of the module that is called."""
    run = module.run
    source, version = text_argument(module, block, "source"), text_argument(module, block, "version")
    folder = find_module(run.project, run.root, module.module.folder, (*module.path, name), source, version)
    if isinstance(folder, str) and _is_recursive(module, folder):
        return Absent("path", source, "", f"the module {source} calls itself")
    return folder


def _summary(module: ModuleInstance, block: Block) -> Known | Absent:
    """What a summary calls: a part of itself, or another public module."""
    assert module.known is not None
    source, version = text_argument(module, block, "source"), text_argument(module, block, "version")
    part = inside(module.known, source) if is_local(source) else None
    return part or Absent(kind_of(source), source, version, f"the module {source} is not installed")


def _known(module: ModuleInstance, block: Block, absent: Absent) -> Known | None:
    """What is known of a module that is not installed."""
    if absent.kind not in ("registry", "git") or module.run.project.modules == "none":
        return None
    given = block.body.arguments.keys() - META_ARGUMENTS
    return known_module(absent.source, absent.version, given)


def _note_absent(module: ModuleInstance, name: str, block: Block, absent: Absent, known: Known | None) -> None:
    """Says once that the code of a call is not here; of what a summary calls, the call of the summary says it."""
    if module.known is not None:
        return
    text, start, end = block.place
    judged = f"; what it makes is judged as {known} makes it" if known else ""
    message = f"{module.within(f'module.{name}')}: {absent.because}{judged}"
    module.run.note(Note(text.path, message, "module", text.location(start, end).line))


def _note_undeclared(module: ModuleInstance, name: str, block: Block, called: Module) -> None:
    """Says once that a call gives what its module does not take, which Terraform refuses: what the code makes is not
    what its author believes."""
    if len(called.texts) < len(module.run.project.paths(called.folder)):
        return  # the variables may stand in what could not be read
    given = block.body.arguments
    names = [n for n in given if n not in called.variables and n not in META_ARGUMENTS]
    if not names:
        return
    text, start, end = given[names[0]].place
    listed = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    message = f"{module.within(f'module.{name}')}: Terraform refuses the call: its module has no variable {listed}"
    module.run.note(Note(text.path, message, "call", text.location(start, end).line))


def both(one: Evaluated, two: Evaluated) -> Evaluated:
    """Whether two things are there, per alternative."""
    return binary("&&", one, two)


def _is_recursive(module: ModuleInstance, folder: str) -> bool:
    depth, ancestor = 0, module
    while ancestor is not None:
        if ancestor.module.folder == folder or depth >= DEEPEST_MODULE:
            return True
        ancestor, depth = ancestor.parent, depth + 1  # type: ignore[assignment]
    return False


def text_argument(module: ModuleInstance, block: Block, name: str) -> str:
    """An argument of a call that Terraform reads early, as text; "" where it is absent or not known."""
    argument = block.body.arguments.get(name)
    if argument is None:
        return ""
    value = attempt(argument.expression, Scope(module))
    known = isinstance(value, Value) and value.kind in ("string", "number")
    return str(value.data) if known else ""  # type: ignore[union-attr]


def referred_to(module: ModuleInstance, block: Block, scope: Scope) -> frozenset[str]:
    """The addresses that the arguments of a call refer to."""
    found: set[str] = set()
    for name, argument in block.body.arguments.items():
        if name not in META_ARGUMENTS:
            value = attempt(argument.expression, scope)
            found.update(address for address, _ in references_in(value))
    return frozenset(found)
