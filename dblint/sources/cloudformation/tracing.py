"""Where a value comes from: from a property of a resource, along the functions that make it, to the place that
decides it. Walked for findings only."""

from __future__ import annotations

from dblint.choice import both, possible, within
from dblint.model import Assumptions, Choice, Location, Origin, Path, Scalar, Trace, Value
from dblint.sources.cloudformation.foreach import Entry
from dblint.sources.cloudformation.nodes import LIST, MAP, Node, function_of, location
from dblint.sources.cloudformation.parameters import Decision, Given
from dblint.sources.cloudformation.stack import Argument, Stack
from dblint.sources.cloudformation.template import Declaration, scalar_text
from dblint.sources.cloudformation.usage import referred
from dblint.sources.cloudformation.values import bare, text

_ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy")
MOST_STEPS = 50


def trace(stack: Stack, entry: Entry, path: Path, assumptions: Assumptions) -> Trace:
    """Where a property of a resource is written, key through value, and where its value comes from."""
    if not path:
        return Trace()
    trail = Trail(stack, assumptions)
    top = entry.body if path[0] in _ATTRIBUTES else entry.body.get("Properties")
    if top:
        trail.follow(top, path)
    return Trace(trail.written, (*_construct(stack, entry), *reversed(trail.origins)))


def _construct(stack: Stack, entry: Entry) -> list[Origin]:
    """The line of the app that made the resource, where the CDK says it and it lies in the project."""
    assembly = stack.setting.assembly
    name = assembly.construct(entry.name, entry.body) if assembly else ""
    place = assembly.place(name) if assembly and name else None
    return [Origin(place, f"construct {name}")] if place else []


def settled(value: Value, assumptions: Assumptions) -> Value:
    """The value that the assumptions pick; the first of those that they leave."""
    while isinstance(value, Choice):
        known = assumptions.get(value.variable)
        variable = value.variable
        left = [
            inner for among, inner in value.parts if known is None or possible(within(variable, both(among, known)))
        ]
        value = left[0] if left else value.parts[0][1]
    return value


class Trail:
    """The way of one value, from where it is used. `written` is the last key in the resource itself; `origins` are
    the places beyond it, the nearest first."""

    def __init__(self, stack: Stack, assumptions: Assumptions, outside: bool = False) -> None:
        self.stack = stack
        self.assumptions = assumptions
        self.written: Location | None = None
        self.origins: list[Origin] = []
        self._outside = outside
        self._steps = 0

    def follow(self, node: Node, path: Path) -> None:
        """Goes on at a node, of which the part at `path` is wanted."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            return
        found = function_of(node)
        if found:
            self._through(*found, node, path)
        elif path and node.kind == MAP:
            self._into_mapping(node, path)
        elif path and node.kind == LIST:
            self._into_list(node, path)

    def _into_mapping(self, node: Node, path: Path) -> None:
        entry = node.entry(str(path[0]))
        if entry is None:
            if not self._outside:
                self.written = None
            return
        if not self._outside:
            self.written = location(self.stack.template.path, *entry)
        self.follow(entry[1], path[1:])

    def _into_list(self, node: Node, path: Path) -> None:
        step = path[0]
        if isinstance(step, int):
            if step < len(node.value):
                item = node.value[step]
                self.written = self.written if self._outside else _item(self.stack.template.path, item)
                self.follow(item, path[1:])
            return
        tag = next((item for item in node.value if scalar_text(item.get("Key")) == step), None)
        entry = tag.entry("Value") if tag else None
        if entry:
            self.written = self.written if self._outside else location(self.stack.template.path, *entry)
            self.follow(entry[1], path[1:])

    def _through(self, name: str, argument: Node, node: Node, path: Path) -> None:
        if name == "Fn::If":
            self._branch(argument, path)
        elif name == "Ref":
            self._reference(scalar_text(argument) or "", path)
        elif name == "Fn::FindInMap":
            self._entry(argument, path)
        elif name == "Fn::GetAtt":
            self._attribute(argument, path)
        elif name == "Fn::ImportValue":
            self._import(argument, path)
        elif name == "Fn::Select" and len(argument.items()) == 2:
            self._selected(argument, path)
        else:
            names = [name for name in referred(node) if not name.startswith("AWS::")]
            if len(names) == 1:
                self._reference(names[0], ())

    def _branch(self, argument: Node, path: Path) -> None:
        items = argument.items()
        if len(items) != 3 or items[0].text is None:
            return
        name = items[0].text
        holds = settled(self.stack.evaluator.condition(name), self.assumptions)
        branch = items[1] if holds else items[2]
        section = self.stack.template.root.get("Conditions")
        condition = section.entry(name) if section else None
        if condition:
            self._add(condition[0], condition[1], f"condition {name}")
        self._add(branch, branch, f"where {name} is {'true' if holds else 'false'}")
        self.follow(branch, path)

    def _reference(self, name: str, path: Path) -> None:
        declaration = self.stack.template.parameters.get(name)
        if declaration:
            self._parameter(declaration)
            return
        entry = self.stack.entries().get(name)
        if entry:
            self._add(entry.key, entry.key, f"resource {name}")

    def _parameter(self, declaration: Declaration) -> None:
        given = self.stack.setting.given.get(declaration.name)
        if given and given.value is not None:
            self._given(declaration, given)
            return
        name = declaration.name
        decision = self.stack.evaluator.inputs.decisions.get(name)
        chosen = self._chosen(decision) if decision else declaration.default
        place = _place(declaration, chosen)
        if chosen is not None and chosen == declaration.default:
            self._add(*place, f"default of parameter {name}")
        else:
            self._add(*place, _said(declaration, chosen))

    def _given(self, declaration: Declaration, given: Given) -> None:
        self.origins += reversed(given.origins)
        if not given.origins and isinstance(given.value, str):
            self._add(*_place(declaration, given.value), _said(declaration, given.value))
        if isinstance(given, Argument) and given.stack and given.body:
            trail = Trail(given.stack, self.assumptions, outside=True)
            trail.follow(given.body, ())
            self.origins += trail.origins

    def _chosen(self, decision: Decision) -> Scalar:
        """The one text that the assumptions leave to a parameter, else None."""
        among = self.assumptions.get(decision.variable)
        if among is None or among.others or len(among.values) != 1:
            return None
        shown = next(iter(among.values))
        return next((text for text in decision.literals if decision.shown(text) == shown), shown)

    def _entry(self, argument: Node, path: Path) -> None:
        items = argument.items()
        if len(items) < 3:
            return
        keys = [settled(self.stack.evaluator.value(item), self.assumptions) for item in items[:3]]
        name, first, second = (text(bare(key)) if isinstance(bare(key), (str, int)) else "" for key in keys)
        mapping = self.stack.evaluator.mapping(name)
        row = mapping.get(first) if mapping else None
        entry = row.entry(second) if row else None
        if entry:
            self._add(*entry, f"mapping {name}, {first}")
            self._beyond(entry[1], path)

    def _attribute(self, argument: Node, path: Path) -> None:
        written = argument.text or ".".join(scalar_text(item) or "" for item in argument.items())
        name, _, attribute = written.partition(".")
        child = self.stack.child(name) if attribute.startswith("Outputs.") else None
        if child is None:
            self._reference(name, path)
            return
        output = child.outputs().get(attribute.removeprefix("Outputs."))
        value = output.body.get("Value") if output else None
        if output and value:
            self._output(child, output.key, value, f"output {output.name} of nested stack {name}", path)

    def _output(self, stack: Stack, key: Node, value: Node, text: str, path: Path) -> None:
        """Goes on in the output of another stack."""
        trail = Trail(stack, self.assumptions, outside=True)
        trail.follow(value, path)
        self.origins += [Origin(location(stack.template.path, key, value), text), *trail.origins]

    def _import(self, argument: Node, path: Path) -> None:
        name = bare(settled(self.stack.evaluator.value(argument), self.assumptions))
        imports = self.stack.setting.imports
        for exported, stack, output in imports.exporters(name) if imports and isinstance(name, str) else ():
            entry = stack.outputs()[output]
            value = entry.body.get("Value")
            if value and bare(settled(exported, self.assumptions)) == name:
                self._output(stack, entry.key, value, f"output {output} of {stack.template.path}", path)
                return

    def _selected(self, argument: Node, path: Path) -> None:
        index = settled(self.stack.evaluator.value(argument.items()[0]), self.assumptions)
        digits = text(bare(index)) if isinstance(bare(index), (str, int)) else ""
        if digits.isdecimal() and len(digits) < 9:
            self._beyond(argument.items()[1], (int(digits), *path))

    def _beyond(self, node: Node, path: Path) -> None:
        """Goes on outside of the resource's own keys."""
        outside, self._outside = self._outside, True
        self.follow(node, path)
        self._outside = outside

    def _add(self, first: Node, last: Node, text: str) -> None:
        self.origins.append(Origin(location(self.stack.template.path, first, last), text))


def _item(path: str, item: Node) -> Location:
    """Where an item of a list stands: from its first key on where its brace stands on a line of its own."""
    key = next((key for _, key, _ in item.entries()), item)
    return location(path, key if key.start[0] > item.start[0] else item, item)


def _said(declaration: Declaration, chosen: Scalar) -> str:
    """What a parameter is; a hidden one is only named."""
    known = isinstance(chosen, str) and not declaration.secret
    return f"parameter {declaration.name} is {chosen}" if known else f"parameter {declaration.name}"


def _place(declaration: Declaration, chosen: Scalar) -> tuple[Node, Node]:
    """Where a parameter gets a value: its default, one of its allowed values, else where it is declared."""
    default = declaration.body.entry("Default")
    if default and chosen is not None and chosen == declaration.default:
        return default
    allowed = declaration.body.get("AllowedValues")
    for item in allowed.items() if allowed else []:
        if scalar_text(item) == chosen:
            return item, item
    return declaration.key, declaration.key
