"""The part of a plan that says how its resources were configured: which arguments are set, and what they refer to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from dblint.sources.terraform.plan.document import PlanDocument, Planned, names_of, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# References that are followed for one expression, and how much of each is looked at: real ones have a handful.
_MOST = 1_000
_LONGEST = 1_000
_NO_RESOURCES = frozenset(("local", "each", "count", "self", "path", "terraform", "tofu", "var", "module"))


class Configuration:
    """Looks resources and references up in one plan."""

    def __init__(self, document: PlanDocument) -> None:
        self._root = document.root
        self._addresses = {planned.address for planned in document.instances}
        self._instances: dict[tuple[str, str], dict[str | int | None, Planned]] = {}
        self._anywhere: dict[str, dict[str | int | None, Planned]] = {}
        for planned in document.instances:
            named = f"{planned.type}.{planned.name}"
            self._instances.setdefault((planned.module, named), {})[planned.key] = planned
            self._anywhere.setdefault(plain(planned.address), {})[planned.address] = planned
        self._resources: dict[str, dict[str, Any]] = {}

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
        seen: set[tuple[str, str]] = set()
        found = self._followed(expression, planned.module, planned, seen)
        return tuple(dict.fromkeys(itertools.islice(found, _MOST)))

    def _followed(
        self, expression: Any, module: str, planned: Planned, seen: set[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        """What an expression in a module refers to; `seen` are references that were followed already."""
        whole = references_in(expression)
        shorter = {part for reference in whole for part in _beginnings(reference)}
        for reference in whole:
            if reference not in shorter and (module, reference) not in seen and len(seen) < _MOST:
                seen.add((module, reference))
                yield from self._target(_steps(reference), module, planned, seen)

    def _target(
        self, steps: list[str], module: str, planned: Planned, seen: set[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        if steps[0] == "each" and module == planned.module:
            resource = self.resource(planned) or {}
            yield from self._followed(resource.get("for_each_expression"), module, planned, seen)
        elif steps[0] == "var" and module and len(steps) > 1:
            above, call = module.rpartition(".module.")[0] if ".module." in module else "", names_of(module)[-1]
            given = _at(self._module(names_of(above)), "module_calls", call, "expressions", plain(steps[1]))
            yield from self._followed(given, above, planned, seen)
        elif steps[0] == "module" and len(steps) > 2:
            inner = ".".join(filter(None, (module, "module", steps[1])))
            output = _at(self._module(names_of(inner)), "outputs", plain(steps[2]), "expression")
            yield from self._followed(output, inner, planned, seen)
        elif steps[0] not in _NO_RESOURCES and len(steps) > 1:
            yield from self._resource(steps, module, planned)

    def _resource(self, steps: list[str], module: str, planned: Planned) -> Iterator[tuple[str, str]]:
        length = 3 if steps[0] == "data" else 2
        named = ".".join(steps[:length])
        wanted = f"{module}.{named}" if module else named
        attribute = plain(steps[length]) if len(steps) > length else ""
        if steps[0] == "data":
            yield wanted, attribute
        elif "[" in named:
            yield from ((address, attribute) for address in (wanted,) if address in self._addresses)
        else:
            same = self._of(module, named)
            own = same.get(planned.key) if planned.key is not None and len(same) > 1 else None
            for other in (own,) if own else same.values():
                yield other.address, attribute

    def _of(self, module: str, named: str) -> Mapping[str | int | None, Planned]:
        """The instances of a resource in an instance of a module; in all of them, where the address has no keys."""
        return self._instances.get((module, named)) or self._anywhere.get(f"{module}.{named}", {})


def _beginnings(reference: str) -> Iterator[str]:
    """What a reference goes on from: "a.b[0].id" from "a.b[0]" and "a.b", which plans list beside it."""
    return (reference[:i] for i, sign in enumerate(reference[:_LONGEST]) if sign in ".[")


def references_in(expression: Any) -> list[str]:
    """The references of an expression as the plan lists them."""
    listed = expression.get("references") if isinstance(expression, dict) else None
    return [item for item in listed[:_MOST] if isinstance(item, str)] if isinstance(listed, list) else []


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
