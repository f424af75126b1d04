"""The resources of one run: every instance of every block whose type some view declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.model import Address, Assumptions, Path, Resource, Stranger, Trace, Unknown
from dblint.model import Value as ModelValue
from dblint.sources.terraform.canonical import Canonical
from dblint.sources.terraform.evaluation import modules
from dblint.sources.terraform.evaluation.blocks import BlockArguments, evaluated
from dblint.sources.terraform.evaluation.border import to_model
from dblint.sources.terraform.evaluation.expansion import Instance, key_text
from dblint.sources.terraform.evaluation.known_calls import shown_at
from dblint.sources.terraform.evaluation.providers import default_tags_of, region_of
from dblint.sources.terraform.evaluation.resource_references import expansion_of, plain_address
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.evaluation.tracing import argument_trace
from dblint.sources.terraform.functions.calling import call_function
from dblint.sources.terraform.limits import MOST_INSTANCES, LimitReached
from dblint.sources.terraform.module_sources import Absent
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value, object_of
from dblint.view import View


class ResourceArguments(BlockArguments):
    """The block of a resource instance; its tags are merged with the default tags of its provider."""

    __slots__ = ("_block",)

    def __init__(self, block: Block, scope: Scope) -> None:
        super().__init__(block.body, block.place, scope)
        self._block = block

    def tags(self) -> ModelValue:
        merged = self._tags()
        return None if merged is None else to_model(merged)

    def _tags(self) -> Evaluated | None:
        own = self.evaluated("tags")
        defaults = default_tags_of(self._scope.module, self._block)
        if defaults is None:
            return own
        given = evaluated(defaults[0], Scope(defaults[1]))
        try:
            return call_function("merge", [given, own if own is not None else object_of({})], self._scope)
        except EvaluationError:
            return own

    def trace(self, path: Path, assumptions: Assumptions) -> Trace:
        found = super().trace(path, assumptions)
        if path[:1] != ("tags",) or found.origins or len(path) == 1:
            return found
        defaults = default_tags_of(self._scope.module, self._block)
        own = self.evaluated("tags")
        if defaults is None or (isinstance(own, Value) and own.kind in ("object", "map") and path[1] in own.data):
            return found
        inner = argument_trace(
            defaults[0],
            evaluated(defaults[0], Scope(defaults[1])),
            path[1:],
            assumptions,
            "default_tags of the provider",
        )
        return Trace(found.written, inner.origins)


def resources_of(root: ModuleInstance, views: Mapping[str, type[View]], version: str) -> Iterator[Resource]:
    """Every instance of a type with a view, in the root and in all modules that it calls. Raises LimitReached."""
    for module in module_instances(root):
        for (mode, type, name), block in module.module.resources.items():
            if mode == "managed" and type in views:
                yield from _instances(module, block, type, name, views[type], version)


def module_instances(module: ModuleInstance) -> Iterator[ModuleInstance]:
    """The module and all that it calls, whose code is here."""
    yield module
    for name, block in module.module.calls.items():
        for instance in modules.expansion_of(module, name, block).instances:
            child = modules.child_of(module, name, block, instance)
            if isinstance(child, ModuleInstance):
                yield from module_instances(child)


def _instances(
    module: ModuleInstance, block: Block, type: str, name: str, view: type[View], version: str
) -> Iterator[Resource]:
    address = plain_address(module, "managed", type, name)
    for instance in expansion_of(module, "managed", type, name, block).instances:
        module.run.instances += 1
        if module.run.instances > MOST_INSTANCES:
            raise LimitReached(f"there are more than {MOST_INSTANCES:,} resources")
        yield _resource(module, block, address + key_text(instance.key), instance, view, version)


def _resource(
    module: ModuleInstance, block: Block, address: Address, instance: Instance, view: type[View], version: str
) -> Resource:
    arguments = ResourceArguments(block, instance.scope)
    properties = Canonical(view, arguments)
    shown = shown_at(block, properties.trace, module)
    return Resource(
        type=view.cloudformation,
        address=address,
        source="terraform",
        properties=properties,
        location=shown.location,
        kind=block.labels[0],
        definition=shown.definition,
        exists=to_model(modules.both(module.exists, instance.exists)),
        trace=shown.trace,
        provider_version=version,
        names=_names(module, block, instance),
        region=_region(module, block, arguments),
        calls=_calls(module),
        assumed=shown.assumed,
    )


def _names(module: ModuleInstance, block: Block, instance: Instance) -> tuple[str, ...]:
    """The words that may name an environment, nearest first: keys and names of the resource and of its modules."""
    found = [instance.key, block.labels[1]]
    ancestor: ModuleInstance | None = module
    while ancestor is not None and ancestor.call is not None:
        found += [ancestor.key, ancestor.call.labels[0]]
        ancestor = ancestor.parent
    return tuple(name for name in found if isinstance(name, str) and name != "*")


def _calls(module: ModuleInstance) -> tuple[str, ...]:
    """The calls that lead to the module, from the root down."""
    if module.parent is None or module.call is None:
        return ()
    return (*_calls(module.parent), f"{module.parent.module.folder}#{module.call.labels[0]}")


def _region(module: ModuleInstance, block: Block, arguments: BlockArguments) -> ModelValue:
    own = arguments.value("region")
    if own is not None:
        return own
    value = region_of(module, block)
    region = None if value is None else to_model(value)
    return module.run.region or region if region is None or isinstance(region, Unknown) else region


def strangers_of(root: ModuleInstance) -> Iterator[Stranger]:
    """The calls whose code is not here."""
    for module in module_instances(root):
        for name, block in module.module.calls.items():
            for instance in modules.expansion_of(module, name, block).instances:
                child = modules.child_of(module, name, block, instance)
                if isinstance(child, Absent):
                    address = module.within(f"module.{name}") + key_text(instance.key)
                    to = modules.referred_to(module, block, instance.scope)
                    yield Stranger(address, to, f"{address} is not readable: {child.because}")
