"""Exports and imports between the templates of one run.

An import leads to another template where exactly one of them exports the name, in the alternatives in which it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from dblint.choice import TooManyLeaves, alternatives, lift
from dblint.model import Environments, Unknown, Value
from dblint.sources.cloudformation.evaluate import Bounds
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.nodes import Node
from dblint.sources.cloudformation.scenarios import Scenario
from dblint.sources.cloudformation.stack import Export, Setting, Stack
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.usage import functions
from dblint.sources.cloudformation.values import bare

MOST_LINKED = 30


class Exchange:
    """What the stacks of one deployment export to each other. Implements Imports."""

    def __init__(self) -> None:
        self._plain: dict[str, list[Export]] = {}
        self._steered: list[Export] = []

    def add(self, stack: Stack) -> None:
        """Takes in what a stack exports, and those that are nested in it."""
        for export in exports_of(stack):
            name = bare(export[0])
            if isinstance(name, str):
                self._plain.setdefault(name, []).append(export)
            else:
                self._steered.append(export)

    def exporters(self, name: str) -> Iterator[Export]:
        """What may be exported under a name."""
        yield from self._plain.get(name, ())
        yield from self._steered

    def imported(self, name: str) -> Value:
        """The value that is exported under a name, as a Choice where that depends; None where there is none."""
        found: Value = None
        for exported, stack, output in self.exporters(name):
            holds = lift(lambda known: bare(known) == name, exported)
            if holds is not False:
                value = stack.exported(output)
                found = lift(lambda here, before, value=value: _either(here, before, value, name), holds, found)
        return found


def _either(here: bool, before: Value, value: Value, name: str) -> Value:
    if not here:
        return before
    return value if before is None else Unknown(f"the export {name}, which several templates have", is_set=True)


def exports_of(stack: Stack) -> Iterator[Export]:
    """The name, the stack and the output of each export of a stack and of those nested in it."""
    for each in with_nested(stack):
        for entry in each.outputs().values():
            export = entry.body.get("Export")
            name = export.get("Name") if export else None
            if name:
                yield each.evaluator.value(name), each, entry.name


def with_nested(stack: Stack) -> Iterator[Stack]:
    """The stack and all that are nested in it."""
    yield stack
    for name in stack.entries():
        child = stack.child(name)
        if child:
            yield from with_nested(child)


def _texts(values: Iterable[Value]) -> set[str]:
    """All texts that the values may be."""
    return {text for value in values for leaf in alternatives(value) if isinstance(text := bare(leaf), str)}


def exported_names(stack: Stack) -> set[str]:
    return _texts(name for name, _, _ in exports_of(stack))


def imported_names(stack: Stack) -> set[str]:
    return _texts(each.evaluator.value(name) for each in with_nested(stack) for name in _imports(each.template))


def _imports(template: Template) -> Iterator[Node]:
    for section in ("Resources", "Outputs"):
        for _, _, body in template.section(section):
            yield from (argument for name, argument, _ in functions(body, False) if name == "Fn::ImportValue")


class Links:
    """All templates of a run that export or import something, by the names that they may use."""

    def __init__(
        self,
        library: Library,
        templates: Iterable[Template],
        environments: Environments,
        named: Callable[[Template], Sequence[Scenario]],
    ) -> None:
        self._library = library
        self._named = named
        self._templates = list(templates)
        self._environments = environments
        self._names: dict[Template, tuple[set[str], set[str]]] = {}

    def scenario(self, template: Template, name: str) -> Scenario | None:
        """The named scenario of a linked template that goes with one of the main template."""
        return next((scenario for scenario in self._named(template) if scenario.name == name), None)

    def linked(self, stack: Stack) -> list[Template]:
        """The templates that a stack is linked with, directly or through others; at most MOST_LINKED, which is said."""
        if not self._templates:
            return []
        own = {each.template.path for each in with_nested(stack)}
        found = self._around((exported_names(stack), imported_names(stack)), own)
        if len(found) > MOST_LINKED:
            message = f"it is linked with more than {MOST_LINKED} templates by exports: the rest was not looked at"
            stack.bounds.note(stack.template.path, message, 1, "limit")
        return found[:MOST_LINKED]

    def beside(self, template: Template) -> list[Template]:
        """The templates that a template is linked with, whatever it is given."""
        return self._around(self.names(template), {template.path}) if self._templates else []

    def _around(self, names: tuple[set[str], set[str]], own: set[str]) -> list[Template]:
        if not any(names):
            return []
        rest = [template for template in self._templates if template.path not in own]
        found: list[Template] = []
        waiting = [names]
        while waiting and len(found) <= MOST_LINKED:
            exported, imported = waiting.pop()
            for template in [t for t in rest if _meet(self.names(t), (exported, imported))]:
                rest.remove(template)
                found.append(template)
                waiting.append(self.names(template))
        return found

    def names(self, template: Template) -> tuple[set[str], set[str]]:
        """What a template may export and import, whatever it is given."""
        if template not in self._names:
            self._names[template] = (set(), set())
            try:
                stack = Stack(self._library, template, Setting(environments=self._environments), Bounds())
                self._names[template] = exported_names(stack), imported_names(stack)
            except (TooManyLeaves, RecursionError):
                pass
        return self._names[template]


def _meet(one: tuple[set[str], set[str]], two: tuple[set[str], set[str]]) -> bool:
    return bool(one[0] & two[1] or one[1] & two[0])
