"""From the arguments of a Terraform block to CloudFormation's properties, by the tables that the views hold.

Every property is evaluated when it is asked for, and once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.choice import TooManyLeaves, alternatives, choose, lift, only, other_than
from dblint.model import Assumptions, Choice, Path, Ref, Trace, Unknown, Value
from dblint.properties import SHAPES, Computed, Pairs, Property, Switch
from dblint.sources.terraform.values.trail import branch
from dblint.view import VIEWS, Nested, Part, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol
else:
    Protocol = object


class Arguments(Protocol):
    """A resource block or a nested block, evaluated on demand, in values of the model."""

    def value(self, name: str) -> Value:
        """An argument; None where it is absent or null."""

    def blocks(self, name: str) -> Value:
        """The nested blocks of a name as a list of Arguments, dynamic ones expanded; also where an argument lists
        objects.

        An Unknown in the list stands for blocks of which nothing is known, not even how many. The whole may be
        Unknown or a Choice of such lists; empty where there are none.
        """

    def tags(self) -> Value:
        """The tags with the provider's default tags: a dict, or Unknown, or a Choice of them."""

    def trace(self, path: Path, assumptions: Assumptions) -> Trace:
        """Where an argument stands and where its value comes from; `path` is of Terraform's names and block
        indices."""


def terraform_views() -> dict[str, type[View]]:
    """The view of each Terraform type that has one."""
    return {kind: view for view in VIEWS.values() for kind in view.terraform}


class Canonical(Mapping[str, Value]):
    """The properties of one resource block in CloudFormation's names."""

    def __init__(self, view: type[View], arguments: Arguments) -> None:
        self._view = view
        self._arguments = arguments
        self._values: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._evaluate(name)
        if self._values[name] is None:
            raise KeyError(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in _declared(self._view) if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _evaluate(self, name: str) -> Value:
        if name == "Tags":
            return self._arguments.tags()
        declared = _declared(self._view).get(name)
        return None if declared is None else evaluate(declared, self._arguments)

    def trace(self, path: Path, assumptions: Assumptions) -> Trace:
        """Where a property stands, by its path in CloudFormation's names."""
        declared = _declared(self._view).get(str(path[0])) if len(path) > 1 else None
        if isinstance(declared, Property) and isinstance(declared.terraform, Pairs):
            return self._trace_of_pair(declared.terraform, path[1], assumptions)
        argument = terraform_path(self._view, path)
        return self._arguments.trace(argument, assumptions) if argument else Trace()

    def _trace_of_pair(self, spec: Pairs, key: str | int, assumptions: Assumptions) -> Trace:
        """Where the value of the pair with this key stands: the last one, which is the one that holds."""
        blocks = _assumed(self._arguments.blocks(spec.block), assumptions)
        for position in reversed(range(len(blocks) if isinstance(blocks, list) else 0)):
            block = blocks[position]
            found = None if isinstance(block, Unknown) else _assumed(block.value(spec.key), assumptions)
            if (found.value if isinstance(found, Ref) else found) == key:
                return self._arguments.trace((spec.block, position, spec.value), assumptions)
        return Trace()


def _assumed(value: Value, assumptions: Assumptions) -> Value:
    """The value in the alternative that is assumed."""
    while isinstance(value, Choice):
        value = branch(value.variable, value.parts, assumptions)
    return value


_DECLARED: dict[type[Any], dict[str, Property | Nested]] = {}


def _declared(owner: type[Any]) -> dict[str, Property | Nested]:
    """All properties that a view or a part declares, with those that it inherits."""
    if owner not in _DECLARED:
        found: dict[str, Property | Nested] = {}
        for base in reversed(owner.__mro__):
            found.update({k: v for k, v in vars(base).items() if isinstance(v, (Property, Nested))})
        _DECLARED[owner] = found
    return _DECLARED[owner]


def evaluate(declared: Property | Nested, arguments: Arguments) -> Value:
    """One property of a block; None where it is absent."""
    if isinstance(declared, Nested):
        return _nested(declared, arguments)
    spec = declared.terraform
    if spec is None:
        return None
    if isinstance(spec, (str, tuple)):
        names = (spec,) if isinstance(spec, str) else spec
        values = (_set(declared, _at(name.split("."), arguments)) for name in names)
        return next((value for value in values if value is not None), None)
    if isinstance(spec, Switch):
        return _switched(spec, arguments.value(spec.argument))
    if isinstance(spec, Pairs):
        return _steered(lambda blocks: _pairs(spec, blocks), arguments.blocks(spec.block))
    assert isinstance(spec, Computed)
    return spec.function(*(arguments.value(name) for name in spec.arguments))


def _set(declared: Property, value: Value) -> Value:
    """The value, None for an empty text: the provider's resources can not tell it from an argument that is absent."""
    if declared.shape is not SHAPES["str"] or not any(_is_empty(leaf) for leaf in alternatives(value)):
        return value
    return _steered(lambda leaf: None if _is_empty(leaf) else leaf, value)


def _is_empty(value: Value) -> bool:
    return bool(value == "") or (isinstance(value, Ref) and bool(value.value == ""))


def _nested(declared: Nested, arguments: Arguments) -> Value:
    if declared.terraform is None:
        return None
    if not declared.terraform:
        return _object(declared.type, arguments)
    return _steered(lambda blocks: _objects(declared, blocks), arguments.blocks(declared.terraform))


def _objects(declared: Nested, blocks: Value) -> Value:
    if isinstance(blocks, Unknown):
        return blocks
    objects = [block if isinstance(block, Unknown) else _object(declared.type, block) for block in blocks]
    if declared.several:
        return objects or None
    return objects[0] if objects else None


def _object(type: type[Part], arguments: Arguments) -> dict[str, Value]:
    values = {name: evaluate(inner, arguments) for name, inner in _declared(type).items()}
    return {name: value for name, value in values.items() if value is not None}


def _at(steps: list[str], arguments: Arguments) -> Value:
    """The argument at a path through nested blocks, of which each stands at most once."""
    if len(steps) == 1:
        return arguments.value(steps[0])
    return _steered(lambda blocks: _in_first(blocks, steps[1:]), arguments.blocks(steps[0]))


def _in_first(blocks: Value, steps: list[str]) -> Value:
    if isinstance(blocks, Unknown):
        return blocks
    first = blocks[0] if blocks else None
    return first if first is None or isinstance(first, Unknown) else _at(steps, first)


def _switched(spec: Switch, value: Value) -> Value:
    if value is None:
        return spec.absent
    table = dict(spec.values)

    def switch(known: Value) -> Value:
        if isinstance(known, Ref):
            known = known.value
        return _unknown_switch(spec, known) if isinstance(known, Unknown) else table.get(_truth(known), spec.absent)

    return _steered(switch, value)


def _truth(value: Value) -> Value:
    """The truth that a text names, as Terraform converts it for a resource."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _unknown_switch(spec: Switch, value: Unknown) -> Value:
    """What an unknown value steers in CloudFormation stays one decision: the last of the values stands for all
    others."""
    variable = value.variable
    if variable is None or variable.domain not in (None, (True, False)):
        return Unknown(value.because, is_set=True)
    *first, (_, last) = spec.values
    rest = other_than(*(theirs for theirs, _ in first))
    return choose(variable, [*((only(theirs), ours) for theirs, ours in first), (rest, last)])


def _pairs(spec: Pairs, blocks: Value) -> Value:
    if isinstance(blocks, Unknown):
        return blocks
    if any(isinstance(block, Unknown) for block in blocks):
        return next(block for block in blocks if isinstance(block, Unknown))
    pairs = ((block.value(spec.key), block.value(spec.value)) for block in blocks)
    named = {key.value if isinstance(key, Ref) else key: value for key, value in pairs}
    if not all(isinstance(key, str) for key in named):
        return Unknown(f"the names of its {spec.block} blocks are only known at deploy time")
    return named or None


def _steered(function: Any, value: Value) -> Value:
    """`function` of the value, per alternative of what steers it."""
    try:
        return lift(function, value) if isinstance(value, Choice) else function(value)
    except TooManyLeaves as limit:
        return Unknown(f"it depends on too many alternatives of {limit}")


def terraform_path(owner: type[View | Part], path: Path) -> Path:
    """A path of CloudFormation's names in Terraform's; empty where Terraform has no word for it.

    A nested object is its first block: ("PointInTimeRecoverySpecification", "X") is ("point_in_time_recovery", 0,
    "x").
    """
    if not path:
        return ()
    declared = _declared(owner).get(str(path[0]))
    if declared is None or declared.terraform is None:
        return ()
    if isinstance(declared, Nested):
        return _nested_path(declared, path[1:])
    return _property_path(declared, path[1:])


def _nested_path(declared: Nested, rest: Path) -> Path:
    index: Path = (0,)
    if declared.several and rest and isinstance(rest[0], int):
        index, rest = rest[:1], rest[1:]
    head = (declared.terraform, *index) if declared.terraform else ()
    return (*head, *terraform_path(declared.type, rest))


def _property_path(declared: Property, rest: Path) -> Path:
    steps = declared.argument.split(".")
    below = rest if isinstance(declared.terraform, (str, tuple)) else ()
    return (*(part for step in steps[:-1] for part in (step, 0)), steps[-1], *below)
