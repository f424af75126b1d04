"""The part of a plan that says how its resources were configured: which arguments are set, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dblint.sources.terraform.plan.document import PlanDocument, Planned, names_of, plain

_DEEPEST = 20
_NO_RESOURCES = frozenset(("local", "each", "count", "self", "path", "terraform", "tofu"))


class Configuration:
    """Looks resources and references up in one plan."""

    def __init__(self, document: PlanDocument) -> None:
        self._root = document.root
        self._instances: dict[str, list[Planned]] = {}
        for planned in document.instances:
            self._instances.setdefault(plain(planned.address), []).append(planned)
        self._resources: dict[str, dict[str, Any]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether the plan says nothing of the configuration, as a state does."""
        return not self._root

    def resource(self, planned: Planned) -> Mapping[str, Any] | None:
        """The resource of an instance; None where the configuration does not have it."""
        names = names_of(planned.module)
        key = ".".join(names)
        if key not in self._resources:
            module = self._module(names)
            listed = module.get("resources") if module else None
            self._resources[key] = {
                str(resource.get("address")): resource
                for resource in (listed if isinstance(listed, list) else ())
                if isinstance(resource, dict)
            }
        found: Mapping[str, Any] | None = self._resources[key].get(f"{planned.type}.{planned.name}")
        return found

    def expressions(self, planned: Planned) -> Mapping[str, Any] | None:
        """What the arguments of an instance are written as; None where nothing is known of that."""
        resource = self.resource(planned)
        if resource is None:
            return None
        found = resource.get("expressions", {})
        return found if isinstance(found, dict) else None

    def _module(self, names: list[str]) -> Mapping[str, Any] | None:
        module: Any = self._root
        for name in names:
            module = _at(module, "module_calls", name, "module")
        return module if isinstance(module, dict) else None

    def references(self, expression: Any, planned: Planned) -> tuple[tuple[str, str], ...]:
        """The instances that an expression of a resource refers to, as (address, attribute), each once.

        Through variables of modules and their outputs; locals are not in a plan.
        """
        found = self._followed(expression, planned.module, planned, 0)
        return tuple(dict.fromkeys(found))

    def _followed(self, expression: Any, module: str, planned: Planned, depth: int) -> Iterator[tuple[str, str]]:
        whole = references_in(expression)
        for reference in whole if depth <= _DEEPEST else ():
            if not any(other != reference and _continues(other, reference) for other in whole):
                yield from self._target(reference, module, planned, depth)

    def _target(self, reference: str, module: str, planned: Planned, depth: int) -> Iterator[tuple[str, str]]:
        steps = _steps(reference)
        if steps[0] == "each" and module == planned.module:
            resource = self.resource(planned) or {}
            yield from self._followed(resource.get("for_each_expression"), module, planned, depth + 1)
        elif steps[0] == "var" and module and len(steps) > 1:
            above, call = module.rpartition(".module.")[0] if ".module." in module else "", names_of(module)[-1]
            caller = self._module(names_of(above))
            yield from self._followed(
                _at(caller, "module_calls", call, "expressions", plain(steps[1])), above, planned, depth + 1
            )
        elif steps[0] == "module" and len(steps) > 2:
            yield from self._output(steps, module, planned, depth)
        elif steps[0] not in _NO_RESOURCES and steps[0] not in ("var", "module", "each") and len(steps) > 1:
            yield from self._resource(steps, module, planned)

    def _output(self, steps: list[str], module: str, planned: Planned, depth: int) -> Iterator[tuple[str, str]]:
        inner = ".".join(filter(None, (module, "module", steps[1])))
        called = self._module(names_of(inner))
        expression = _at(called, "outputs", plain(steps[2]), "expression")
        yield from self._followed(expression, inner, planned, depth + 1)

    def _resource(self, steps: list[str], module: str, planned: Planned) -> Iterator[tuple[str, str]]:
        length = 3 if steps[0] == "data" else 2
        wanted = ".".join(filter(None, (module, *steps[:length])))
        attribute = plain(steps[length]) if len(steps) > length else ""
        if steps[0] == "data":
            yield wanted, attribute
            return
        every = self._instances.get(plain(wanted), [])
        fitting = [other for other in every if _fits(other, wanted, module)]
        own = [other for other in fitting if other.key == planned.key]
        steered = planned.key is not None and "[" not in steps[1] and len(fitting) > 1 and len(own) == 1
        for other in own if steered else fitting:
            yield other.address, attribute


def references_in(expression: Any) -> list[str]:
    """The references of an expression as the plan lists them."""
    listed = expression.get("references") if isinstance(expression, dict) else None
    return [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []


def _fits(other: Planned, wanted: str, module: str) -> bool:
    """Whether an instance is one that an address may mean that leaves keys out."""
    if "[" in wanted[len(module) :] and other.address == wanted:
        return True
    inside = other.module == module or ("[" not in module and plain(other.module) == module)
    return inside and ("[" not in wanted[len(module) :])


def _continues(longer: str, shorter: str) -> bool:
    return longer.startswith(shorter) and longer[len(shorter) : len(shorter) + 1] in (".", "[")


def _steps(reference: str) -> list[str]:
    """The steps of a reference; keys stay with the step before them."""
    steps, level, quoted, begin = [], 0, False, 0
    for position, sign in enumerate(reference):
        if sign == '"':
            quoted = not quoted
        elif sign in "[]" and not quoted:
            level += 1 if sign == "[" else -1
        elif sign == "." and not level and not quoted:
            steps.append(reference[begin:position])
            begin = position + 1
    return [*steps, reference[begin:]]


def _at(content: Any, *names: str) -> Any:
    """What stands at a path of objects; None where there is nothing."""
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content
