"""A template with its parameters, and the stacks that are nested in it: one side of a deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.choice import TooManyLeaves
from dblint.model import Address, Among, Environments, Origin, Stranger, Value
from dblint.records import dataclass, field, replace
from dblint.sources.cloudformation.assertions import assertions, possible, refused
from dblint.sources.cloudformation.cdk import Assembly
from dblint.sources.cloudformation.decisions import decisions_of
from dblint.sources.cloudformation.evaluate import Bounds, Evaluator
from dblint.sources.cloudformation.extents import texts_in
from dblint.sources.cloudformation.foreach import Entry, written_out
from dblint.sources.cloudformation.framework import Variables
from dblint.sources.cloudformation.inputs import Inputs
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.nested import (
    MOST_NESTING,
    arguments,
    child_path,
    child_template,
    is_stack,
    usage_with_children,
)
from dblint.sources.cloudformation.nodes import Node, location
from dblint.sources.cloudformation.parameters import Given
from dblint.sources.cloudformation.sam import translated
from dblint.sources.cloudformation.tags import tags_of
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.values import all_hold, targets, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeAlias
else:
    Protocol = object

_OUTPUTS = "Outputs."


class Imports(Protocol):
    """What other stacks export."""

    def imported(self, name: str) -> Value:
        """The value that is exported under a name; None where there is none."""

    def exporters(self, name: str) -> Iterator[Export]:
        """What may be exported under a name."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the deployment of a template is given from outside.

    `given`: values of parameters. `pseudo`: pseudo-parameters that are known. `tags`: those of the stack. `imports`:
    what other stacks export. `assembly`: what the CDK says of it. `nested`: another stack gives all of that, so that
    nobody chooses what it does not give.
    """

    given: Mapping[str, Given] = field(default_factory=dict)
    pseudo: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, Value] = field(default_factory=dict)
    environments: Environments = field(default_factory=Environments)
    imports: Imports | None = None
    assembly: Assembly | None = None
    nested: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Argument(Given):
    """A value that a stack gives to a nested one: `body`, as the stack above has it."""

    stack: Stack | None = None
    body: Node | None = None


# The name, the stack and the output of an export.
Export: TypeAlias = "tuple[Value, Stack, str]"


class Stack:
    """One stack. `prefix` begins the addresses of its resources: "", "Data/" of a nested one; `calls` are the templates
    and the logical ids that nest it, from the uppermost down. Implements Links."""

    def __init__(
        self, library: Library, template: Template, setting: Setting, bounds: Bounds, prefix: str = ""
    ) -> None:
        self.library = library
        self.template = template
        self.setting = setting
        self.bounds = bounds
        self.prefix = prefix
        self.above: tuple[Stack, ...] = ()
        self.calls: tuple[str, ...] = ()
        self.exists: Value = True
        self.framework = Variables(template.framework) if template.framework else None
        self.strangers: list[Stranger] = []
        self.unreadable: set[str] = set()
        self._usage = usage_with_children(library, template)
        self._children: dict[str, Stack | None] = {}
        self._entries: dict[str, Entry] | None = None
        self._outputs: dict[str, Entry] | None = None
        self.evaluator = self._evaluator()
        self._narrow()

    @property
    def files(self) -> set[str]:
        """The files that it was read from."""
        return {self.template.path, *self.unreadable, *(self.setting.assembly.read if self.setting.assembly else ())}

    def _evaluator(self, without: Mapping[str, Among] | None = None) -> Evaluator:
        setting = self.setting
        named = {*(name for name, given in setting.given.items() if given.value is not None), *setting.pseudo}
        if setting.nested:
            named.update(name for name, each in self.template.parameters.items() if each.default is not None)
        decisions = decisions_of(self.template, self._usage, setting.environments, named, self.prefix, without or {})
        inputs = Inputs(setting.given, decisions, setting.pseudo, self.prefix)
        return Evaluator(self.template, self, self.bounds, inputs, self.prefix)

    def _narrow(self) -> None:
        """Leaves out what the template's own rules refuse, and forgets what was read without them."""
        try:
            holds = assertions(self.evaluator, self.template)
            without = refused(holds)
            if without:
                self.evaluator = self._evaluator(without)
                holds = assertions(self.evaluator, self.template)
            self.exists = possible(holds)
            self._children, self._entries, self._outputs = {}, None, None
        except TooManyLeaves as limit:
            message = f"its rules were not followed: they depend on too many alternatives of {limit}"
            self.bounds.note(self.template.path, message, 1, "limit")
        if self.exists is False:
            message = "its rules refuse these parameters: nothing is deployed"
            self.bounds.note(self.template.path, message, 1, "scenario")

    def entries(self) -> dict[str, Entry]:
        """The resources of the template by their logical ids."""
        if self._entries is None:
            self._entries = {}
            section = self.template.root.get("Resources")
            for entry in written_out(self.evaluator, section) if section else ():
                self._entries.setdefault(entry.name, translated(self.template, entry))
        return self._entries

    def existence(self, entry: Entry) -> Value:
        """Whether a resource is deployed."""
        condition = entry.body.get("Condition")
        holds = self.evaluator.condition(condition.text) if condition and condition.text else True
        return all_hold([self.exists, entry.exists, holds])

    def address(self, name: str) -> Address | None:
        return self.prefix + name if name in self.entries() else None

    def output(self, name: str, attribute: str) -> Value:
        child = self.child(name) if attribute.startswith(_OUTPUTS) else None
        return child.exported(attribute.removeprefix(_OUTPUTS)) if child else None

    def imported(self, name: str) -> Value:
        return self.setting.imports.imported(name) if self.setting.imports else None

    def written(self, text: str) -> Value:
        return self.framework.written(text) if self.framework else text

    def outputs(self) -> dict[str, Entry]:
        """The outputs of the template by name."""
        if self._outputs is None:
            section = self.template.root.get("Outputs")
            entries = written_out(self.evaluator, section) if section else ()
            self._outputs = {entry.name: entry for entry in entries}
        return self._outputs

    def exported(self, name: str) -> Value:
        """The value of an output; None where there is none of that name."""
        entry = self.outputs().get(name)
        value = entry.body.get("Value") if entry else None
        return self.evaluator.value(value) if value else None

    def child(self, name: str) -> Stack | None:
        """The nested stack of that logical id; None where it is none, or its template can not be read."""
        if name not in self._children:
            entry = self.entries().get(name)
            self._children[name] = None
            if entry and is_stack(entry.body):
                self._children[name] = self._nest(entry)
        return self._children[name]

    def _nest(self, entry: Entry) -> Stack | None:
        path = child_path(self.library, self.template, entry.body)
        template = child_template(self.library, path)
        above = (*self.above, self)
        wrong = "" if template else "could not be read"
        if template and template.path in [stack.template.path for stack in above]:
            wrong = "deploys itself"
        elif len(above) > MOST_NESTING:
            wrong = f"is nested more than {MOST_NESTING} levels deep"
        if template is None or wrong:
            self._estrange(entry, path, wrong)
            return None
        setting = self._handed_down(entry)
        self._conceal(template, setting.given)
        child = Stack(self.library, template, setting, self.bounds, f"{self.prefix}{entry.name}/")
        child.above = above
        child.calls = (*self.calls, f"{self.template.path}#{entry.key.value}")
        child.exists = all_hold([self.existence(entry), child.exists])
        return child

    def _conceal(self, template: Template, given: Mapping[str, Given]) -> None:
        """Conceals what a hidden parameter of a nested template is given, where that is written here."""
        for name, argument in given.items():
            declaration = template.parameters.get(name)
            if declaration and declaration.secret and isinstance(argument, Argument) and argument.body:
                for _, place in texts_in(self.template.path, argument.body):
                    self.library.files.conceal(place)

    def _estrange(self, entry: Entry, path: str | None, wrong: str) -> None:
        """Says that a nested stack is not looked at and why, and what it was given."""
        self.unreadable.update([path] if path else ())
        where = f"its template {path}" if path else "its template, which is not a file of the project,"
        because = f"nested stack {entry.name}: {where} {wrong}"
        self.bounds.note(self.template.path, because, entry.key.start[0] + 1, "module")
        given = [given.value for given in self._handed_down(entry).given.values()]
        self.strangers.append(Stranger(self.prefix + entry.name, frozenset(targets(given)), because))

    def _handed_down(self, entry: Entry) -> Setting:
        """What a nested stack is given: parameters, account and Region, and the tags of this one and its own."""
        node = arguments(entry.body)
        given = {name: self._argument(entry, name, key, body) for name, key, body in node.entries()} if node else {}
        pseudo = {k: v for k, v in self.setting.pseudo.items() if k not in ("AWS::StackName", "AWS::StackId")}
        return replace(self.setting, given=given, pseudo=pseudo, tags=self._tags(entry), nested=True)

    def _tags(self, entry: Entry) -> Mapping[str, Value]:
        properties = entry.body.get("Properties")
        own = properties.get("Tags") if properties else None
        try:
            tags = tags_of(self.evaluator.value(own), self.setting.tags) if own else self.setting.tags
        except TooManyLeaves as limit:
            self.evaluator.note(f"its tags depend on too many alternatives of {limit}", entry.key, "limit")
            return {}
        return tags if isinstance(tags, dict) else {}

    def _argument(self, entry: Entry, name: str, key: Node, body: Node) -> Given:
        value = self.evaluator.value(body)
        origin = Origin(location(self.template.path, key, body), f"parameter {name} of nested stack {entry.name}")
        return Argument(text(value) if isinstance(value, (int, float)) else value, (origin,), self, body)
