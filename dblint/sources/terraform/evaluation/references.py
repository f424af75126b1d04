"""Resolves names: variables, locals, resources, modules, and what a block is repeated over."""

from __future__ import annotations

from collections.abc import Callable

from dblint.model import Choice, Variable
from dblint.sources.terraform.evaluation.expansion import ANY_KEY, Expansion, Instance
from dblint.sources.terraform.evaluation.expressions import evaluate
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.syntax.tree import Node, Reference
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import attribute, index
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.trail import Through
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value, string, unknown, with_trail

WORKSPACE = Variable("0 terraform.workspace", "workspace", real=True, names_environment=True)


def resolve(node: Reference, scope: Scope) -> Evaluated:
    """The value of a name with its steps. Raises EvaluationError."""
    if node.name in scope.names:
        return _walk(scope.names[node.name], node.steps, scope)
    if scope.sealed:
        raise EvaluationError(f"the template is given no {node.name}")
    resolver = _RESOLVERS.get(node.name)
    if resolver is not None and node.steps and isinstance(node.steps[0], str):
        value = resolver(node.steps[0], scope, node)
        return _walk(value, node.steps[1:], scope)
    if node.name == "data":
        return _resource(node, scope, "data", node.steps)
    if node.name == "ephemeral":
        return _resource(node, scope, "ephemeral", node.steps)
    if node.name == "module":
        return _module(node, scope)
    if node.steps and isinstance(node.steps[0], str):
        return _resource(node, scope, "managed", (node.name, *node.steps))
    raise EvaluationError(f"there is nothing called {node.name} here")


def _walk(value: Evaluated, steps: tuple[str | Node, ...], scope: Scope) -> Evaluated:
    for step in steps:
        if isinstance(step, str):
            value = attribute(value, step)
        else:
            value = index(value, evaluate(step, scope))
    return value


def _variable(name: str, scope: Scope, node: Reference) -> Evaluated:
    from dblint.sources.terraform.evaluation.variables import variable

    return variable(scope.module, name)


def _local(name: str, scope: Scope, node: Reference) -> Evaluated:
    module = scope.module
    argument = module.module.locals.get(name)
    if argument is None:
        return undeclared(f"local.{name}")

    def compute() -> Evaluated:
        value = evaluate(argument.expression, Scope(module))
        return with_trail(value, lambda trail: Through(trail, argument.value_place, f"local.{name}"))

    return module.cell(("local", "local", name), compute)  # type: ignore[no-any-return]


def undeclared(what: str) -> Evaluated:
    """What is referred to and not declared, which Terraform refuses even inside of `try`: unknown."""
    return unknown(f"{what} is not declared", fallible=True)


def _each(name: str, scope: Scope, node: Reference) -> Evaluated:
    if scope.each is None or name not in ("key", "value"):
        return unknown(f"each.{name} has no for_each here")
    return scope.each[0] if name == "key" else scope.each[1]


def _count(name: str, scope: Scope, node: Reference) -> Evaluated:
    if scope.count is None or name != "index":
        return unknown(f"count.{name} has no count here")
    return scope.count


def _path(name: str, scope: Scope, node: Reference) -> Evaluated:
    if name == "module":
        return string(_relative(scope.module.module.folder, scope.module.run.root))
    if name == "root":
        return string(".")
    return unknown("path.cwd", types.STRING, is_set=True, variable=Variable("2 path.cwd", "path.cwd"))


def _relative(folder: str, root: str) -> str:
    """A module's folder as Terraform writes it, from the root module."""
    import posixpath

    return posixpath.relpath(folder, root)


def _terraform(name: str, scope: Scope, node: Reference) -> Evaluated:
    run = scope.module.run
    if name != "workspace":
        return unknown(f"terraform.{name}", is_set=True)
    if run.workspace is not None:
        return string(run.workspace)
    return unknown("terraform.workspace", types.STRING, is_set=True, variable=WORKSPACE)


def _self(name: str, scope: Scope, node: Reference) -> Evaluated:
    return unknown(f"self.{name}", fallible=True)


def _resource(node: Reference, scope: Scope, mode: str, steps: tuple[str | Node, ...]) -> Evaluated:
    from dblint.sources.terraform.evaluation.resource_references import resource

    if len(steps) < 2 or not isinstance(steps[0], str) or not isinstance(steps[1], str):
        raise EvaluationError(f"a reference to a resource needs its type and its name: {node.name}")
    return resource(scope, mode, steps[0], steps[1], steps[2:])


def _module(node: Reference, scope: Scope) -> Evaluated:
    from dblint.sources.terraform.evaluation.modules import module_reference

    if not node.steps or not isinstance(node.steps[0], str):
        raise EvaluationError("a reference to a module needs its name")
    return module_reference(scope, node.steps[0], node.steps[1:])


def stepped(
    expansion: Expansion, made: Callable[[Instance], Evaluated], steps: tuple[str | Node, ...], scope: Scope
) -> Evaluated:
    """What a reference to something repeated leads to; `made` makes one instance of it. Raises EvaluationError."""
    if expansion.form == "single":
        return _walk(made(expansion.instances[0]), steps, scope)
    if steps and isinstance(steps[0], Node):
        key = evaluate(steps[0], scope)
        exact = _exact(expansion, key)
        if exact is not None:
            return _walk(made(exact), steps[1:], scope)
        return _walk(index(expansion.collection(made), key), steps[1:], scope)
    if steps and expansion.form == "count":
        raise EvaluationError("there are several instances: one must be chosen by its index")
    return _walk(expansion.collection(made), steps, scope)


def _exact(expansion: Expansion, key: Evaluated) -> Instance | None:
    """The one instance that a key chooses whatever decides; None where that hangs on something."""
    if isinstance(key, Choice):
        return None
    if key.kind == "unknown":
        only = expansion.instances[0] if len(expansion.instances) == 1 else None
        return only if only is not None and only.key == ANY_KEY else None
    wanted = types.NUMBER if expansion.form == "count" else types.STRING
    text = convert(key, wanted)
    assert isinstance(text, Value)
    instance = expansion.at(text.data)
    if instance is None or (isinstance(expansion.repeated, Choice) and instance.key != ANY_KEY):
        return None
    return instance


_RESOLVERS: dict[str, Callable[[str, Scope, Reference], Evaluated]] = {
    "var": _variable,
    "local": _local,
    "each": _each,
    "count": _count,
    "path": _path,
    "terraform": _terraform,
    "tofu": _terraform,
    "self": _self,
}
