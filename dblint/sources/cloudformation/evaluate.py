"""A template under one set of given values: every node as a value of the model, on demand.

Functions stand in `functions.py` and `conditions.py`; here is what they ask for: parameters, pseudo-parameters,
conditions, mappings. Values are never invented: what the code does not say is unknown, and says why.
"""

from __future__ import annotations

from dblint.choice import TooManyLeaves, lift
from dblint.model import Address, Note, Ref, Unknown, Value, Variable
from dblint.records import dataclass, field
from dblint.sources.cloudformation.conditions import CONDITIONS, truth
from dblint.sources.cloudformation.foreach import Entry, has_loops, written_out
from dblint.sources.cloudformation.functions import FUNCTIONS, other
from dblint.sources.cloudformation.inputs import Inputs
from dblint.sources.cloudformation.nodes import LIST, SCALAR, Node, function_of
from dblint.sources.cloudformation.parameters import Decision
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.values import Open, bare, decided, dynamic, is_dynamic, opaque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object

# Nodes in nodes, conditions in conditions: what stands deeper is not followed.
MOST_DEPTH = 90
# Nodes, items and pieces of text that one root may cost. A large template needs a few ten thousand.
MOST_WORK = 2_000_000


class Links(Protocol):
    """What a template refers to beside its own parameters."""

    def address(self, name: str) -> Address | None:
        """The address of a resource of the template; None where there is none of that name."""

    def output(self, name: str, attribute: str) -> Value:
        """An output of a nested stack; None where the resource is no nested stack that can be read."""

    def imported(self, name: str) -> Value:
        """What another template exports under a name; None where none does."""

    def written(self, text: str) -> Value:
        """A text as it stands in the template: where a framework has variables of its own, maybe unknown."""


@dataclass(slots=True, eq=False)
class Bounds:
    """What all templates of one root share: how deep they are in each other, what following them has cost, and what
    was not followed."""

    depth: int = 0
    work: int = 0
    notes: dict[tuple[str, str], Note] = field(default_factory=dict)

    def note(self, path: str, message: str, line: int, kind: str) -> None:
        self.notes.setdefault((path, message), Note(path, message, kind, line))


class Evaluator:
    """One template with the values of its inputs. Implements Scope. `prefix` tells what is made in it from the same
    of other stacks."""

    def __init__(self, template: Template, links: Links, bounds: Bounds, inputs: Inputs, prefix: str = "") -> None:
        self.template = template
        self.inputs = inputs
        self.prefix = prefix
        self._links = links
        self._bounds = bounds
        self._references: dict[str, Value] = {}
        self._conditions: dict[str, Value] = {}
        self._entries: dict[str, Entry] | None = None
        self._emptied: dict[str, str] = {}

    def value(self, node: Node) -> Value:
        bounds = self._bounds
        if bounds.depth >= MOST_DEPTH or bounds.work >= MOST_WORK:
            return self._too_much(node)
        bounds.depth += 1
        try:
            value = self._value(node)
        finally:
            bounds.depth -= 1
        bounds.work += 1 + _size(value)
        return value

    def _too_much(self, node: Node) -> Unknown:
        deep = self._bounds.depth >= MOST_DEPTH
        because = "it is nested too deeply" if deep else "its template asks for too much to be followed"
        self.note(f"a value was not followed: {because}", node, "limit")
        return Unknown(because)

    def _value(self, node: Node) -> Value:
        found = function_of(node)
        if found:
            return self._function(*found)
        if node.kind == SCALAR:
            return self.text(node.value) if isinstance(node.value, str) else node.value
        if node.kind == LIST:
            return [self.value(item) for item in node.value]
        return self._mapping(node)

    def text(self, written: str) -> Value:
        """A text as it is written somewhere: a dynamic reference in it makes it unknown."""
        return dynamic(written) if is_dynamic(written) else self._links.written(written)

    def _function(self, name: str, argument: Node) -> Value:
        function = FUNCTIONS.get(name) or CONDITIONS.get(name)
        try:
            if function:
                return function(self, argument)
            return other(name, self, argument)
        except TooManyLeaves as limit:
            return self._too_many(limit, argument)

    def _too_many(self, limit: TooManyLeaves, node: Node) -> Unknown:
        because = f"it depends on too many alternatives of {limit}"
        self.note(f"a value was not followed: {because}", node, "limit")
        return Unknown(because)

    def _mapping(self, node: Node) -> Value:
        if not has_loops(node) and "Fn::Transform" not in node.value:
            values = {key: self.value(body) for key, _, body in node.entries()}
            return {key: value for key, value in values.items() if value is not None}
        return self._open_mapping(node)

    def _open_mapping(self, node: Node) -> Value:
        """A mapping that loops or a macro add keys to."""
        known: dict[str, Value] = {}
        because = "Fn::Transform may add it" if "Fn::Transform" in node.value else ""
        for entry in written_out(self, node):
            if isinstance(entry.exists, Unknown):
                because = entry.exists.because
            elif entry.name != "Fn::Transform":
                value = self.value(entry.body)
                known[entry.name] = lift(lambda holds, value=value: value if holds else None, entry.exists)
        known = {key: value for key, value in known.items() if value is not None}
        return Open(known, because) if because else known

    def condition(self, name: str) -> Value:
        if name not in self._conditions:
            entry = self._condition_entries().get(name)
            # What a condition finds when it asks for itself.
            self._conditions[name] = self._unsure(f"condition {name}")
            if entry and self._bounds.depth < MOST_DEPTH:
                self._conditions[name] = self._truth(name, entry.body)
            elif entry:
                self._too_much(entry.key)
        return self._conditions[name]

    def _truth(self, name: str, body: Node) -> Value:
        self._bounds.depth += 1
        try:
            return truth(self, body)
        except TooManyLeaves as limit:
            self._too_many(limit, body)
            return self._unsure(f"condition {name}")
        finally:
            self._bounds.depth -= 1

    def _condition_entries(self) -> dict[str, Entry]:
        if self._entries is None:
            section = self.template.root.get("Conditions")
            self._entries = {entry.name: entry for entry in written_out(self, section)} if section else {}
        return self._entries

    def unsure(self, node: Node) -> Value:
        line, column = node.start
        return self._unsure(f"the condition on line {line + 1}", f"@{line}:{column}")

    def _unsure(self, name: str, key: str = "") -> Value:
        return decided(opaque(f"{self.prefix}{key or name}", self.prefix + name, truth=True))

    def reference(self, name: str) -> Value:
        if name not in self._references:
            self._references[name] = self._reference(name)
        return self._references[name]

    def _reference(self, name: str) -> Value:
        declaration = self.template.parameters.get(name)
        if declaration:
            return self.inputs.parameter(declaration)
        if name.startswith("AWS::"):
            return self.inputs.pseudo_parameter(name)
        if self.template.framework and ":" in name:
            return self._links.written(f"${{{name}}}")
        return self._resource(name, "Ref", f"the name of {name}")

    def _resource(self, name: str, attribute: str, because: str) -> Value:
        variable = opaque(f"{self.prefix}{name}.{attribute}", because)
        value = Unknown(because, is_set=True, variable=variable)
        address = self._links.address(name)
        return value if address is None else Ref((address,), value, attribute)

    def attribute(self, name: str, attribute: str) -> Value:
        output = self._links.output(name, attribute)
        return self._resource(name, attribute, f"{name}.{attribute}") if output is None else output

    def imported(self, name: Value) -> Value:
        wanted = bare(name)
        label = wanted if isinstance(wanted, str) else "whose name is only known at deploy time"
        because = f"the export {label}"
        unknown = Unknown(because, is_set=True, variable=_import_variable(wanted, because))
        found = self._links.imported(wanted) if isinstance(wanted, str) else None
        return lift(lambda value: unknown if value is None else value, found)

    def mapping(self, name: str) -> Node | None:
        section = self.template.root.get("Mappings")
        return section.get(name) if section else None

    def secret(self, variable: str) -> str | None:
        return self.inputs.secret(variable)

    def decision(self, variable: str) -> Decision | None:
        return self.inputs.decision(variable)

    def emptied(self, variable: str) -> str | None:
        return self._emptied.get(variable)

    def made_of(self, value: Value, whole: Value) -> None:
        part, known = bare(value), bare(whole)
        if isinstance(part, Unknown) and isinstance(known, Unknown) and part.variable and known.variable:
            self._emptied[part.variable.key] = known.variable.key

    def note(self, message: str, node: Node, kind: str) -> None:
        self._bounds.note(self.template.path, message, node.start[0] + 1, kind)


def _size(value: Value) -> int:
    """What a value costs beside its node: a list by its items, a text by its length."""
    kind = type(value)
    if kind is str:
        return len(value) >> 6
    return len(value) if kind is list else 0


def _import_variable(name: Value, because: str) -> Variable | None:
    if isinstance(name, str):
        return opaque(f"import {name}", because)
    if isinstance(name, Unknown) and name.variable:
        return opaque(f"import {name.variable.key}", because)
    return None
