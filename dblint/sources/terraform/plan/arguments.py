"""The arguments of a planned instance, as canonical.py asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.model import Assumptions, Location, Path, Ref, Trace, Unknown, Value, Variable
from dblint.sources.terraform.evaluation.resource_references import ALWAYS_SET
from dblint.sources.terraform.plan.configuration import Configuration, references_in
from dblint.sources.terraform.plan.document import PlanDocument, Planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SENSITIVE = "a value that is marked as sensitive"


class Plan:
    """What the arguments of one plan share."""

    __slots__ = ("configuration", "document")

    def __init__(self, document: PlanDocument) -> None:
        self.document = document
        self.configuration = Configuration(document)


class PlanArguments:
    """An instance, or a block of it. `written` says how its arguments are configured, None where that is not known."""

    __slots__ = ("_path", "_plan", "_planned", "_sensitive", "_unknown", "_values", "_written")

    def __init__(
        self,
        plan: Plan,
        planned: Planned,
        values: Mapping[str, Any],
        unknown: Any,
        sensitive: Any,
        written: Mapping[str, Any] | None,
        path: str,
    ) -> None:
        self._plan = plan
        self._planned = planned
        self._values = values
        self._unknown = unknown
        self._sensitive = sensitive
        self._written = written
        self._path = path

    def value(self, name: str) -> Value:
        """An argument; None where it is absent, null, or left to AWS."""
        expression = self._written.get(name) if self._written is not None else None
        if name.endswith("_wo") and isinstance(expression, dict):
            return self._write_only(name, expression)
        unknown, value = _below(self._unknown, name), self._values.get(name)
        if unknown is True:
            return self._left_open(name, expression)
        if value is None and not _any(unknown):
            missing = name not in self._values and expression is not None and not self._plan.document.is_state
            return self._left_open(name, expression) if missing and not _is_null(expression) else None
        if self._plan.document.is_state and value in ("", [], {}):
            return None
        if _below(self._sensitive, name) is True:
            return self._hidden(expression, value)
        made = self._partly(value, unknown, f"{self._path}.{name}")
        return self._referring(made, expression)

    def _write_only(self, name: str, expression: Mapping[str, Any]) -> Value:
        """What is never kept: only the configuration tells that it is set."""
        if "constant_value" in expression:
            return expression["constant_value"]
        return self._referring(Unknown(f"{self._path}.{name}", is_set=True), expression)

    def _left_open(self, name: str, expression: Any) -> Value:
        """A value that only the deployment decides; None where nobody set it, so that the provider's default holds."""
        if expression is None and self._written is not None:
            return None
        references = self._plan.configuration.references(expression, self._planned)
        because = ".".join(filter(None, references[0])) if references else f"{self._path}.{name}"
        is_set = bool(references) and references[0][1] in ALWAYS_SET
        made = Unknown(because, is_set=is_set, variable=Variable(f"2 {because}", because))
        return self._referring(made, expression)

    def _hidden(self, expression: Any, value: Value) -> Value:
        """A secret: as it is where it is written in the code, otherwise only that it is set. Who looks for secrets in
        clear text learns whether an unmarked variable hands it in."""
        if isinstance(expression, dict) and "constant_value" in expression:
            return value
        names = [name for name in references_in(expression) if name.startswith("var.") and not self._planned.module]
        declared = [self._plan.document.declared(name.split(".")[1]) for name in names]
        exposed = bool(declared) and not any(one.get("sensitive") is True for one in declared)
        return self._referring(Unknown(_SENSITIVE, is_set=True, exposed=exposed), expression)

    def _partly(self, value: Value, unknown: Any, path: str) -> Value:
        """A value in whose lists and objects some parts are unknown."""
        if unknown is True:
            return Unknown(path)
        if isinstance(value, list):
            return [self._partly(item, _item(unknown, i), f"{path}[{i}]") for i, item in enumerate(value)]
        if isinstance(value, dict) or isinstance(unknown, dict):
            known = value if isinstance(value, dict) else {}
            names = {*known, *(name for name in (unknown or ()) if _any(_below(unknown, name)))}
            return {
                name: self._partly(known.get(name), _below(unknown, name), f"{path}.{name}") for name in sorted(names)
            }
        return value

    def _referring(self, value: Value, expression: Any) -> Value:
        references = self._plan.configuration.references(expression, self._planned)
        if not references or value is None:
            return value
        if isinstance(value, list):
            return _each_referring(value, references)
        if isinstance(value, dict):
            return value
        addresses = tuple(dict.fromkeys(address for address, _ in references))
        return Ref(addresses, value, references[0][1] if len(addresses) == 1 else "")

    def blocks(self, name: str) -> Value:
        """The nested blocks of a name; an Unknown in the list for what is not known."""
        unknown, found = _below(self._unknown, name), self._values.get(name)
        written = self._written.get(name) if self._written is not None else None
        if unknown is True:
            return [] if written is None and self._written is not None else [Unknown(f"{self._path}.{name}")]
        items = found if isinstance(found, list) else [] if found is None else [found]
        return [self._inner(name, item, i, _item(unknown, i), written) for i, item in enumerate(items)]

    def _inner(self, name: str, item: Any, turn: int, unknown: Any, written: Any) -> Value:
        if not isinstance(item, dict):
            return Unknown(f"{self._path}.{name}[{turn}]")
        listed = written if isinstance(written, list) else [written] if isinstance(written, dict) else []
        own = listed[turn] if turn < len(listed) and isinstance(listed[turn], dict) else None
        sensitive = _item(_below(self._sensitive, name), turn)
        path = f"{self._path}.{name}[{turn}]"
        return PlanArguments(self._plan, self._planned, item, unknown, sensitive, own, path)

    def tags(self) -> Value:
        """The tags with the provider's default tags, where the plan knows them."""
        every = self.value("tags_all") if self._values.get("tags_all") is not None else None
        return every if isinstance(every, dict) and every else self.value("tags")

    def trace(self, path: Path, assumptions: Assumptions) -> Trace:
        """A plan has no lines of its own for arguments: the place of the resource."""
        return Trace(self._place())

    def _place(self) -> Location:
        return self._plan.document.place(self._planned.address)


def arguments_of(plan: Plan, planned: Planned) -> PlanArguments:
    """The arguments of an instance."""
    written = plan.configuration.expressions(planned)
    return PlanArguments(plan, planned, planned.values, planned.unknown, planned.sensitive, written, planned.address)


def _each_referring(values: list[Value], references: tuple[tuple[str, str], ...]) -> list[Value]:
    """A list that refers: item by item where there are as many references, else each unknown item to all of them."""
    if len(values) == len(references):
        return [Ref((address,), value, name) for value, (address, name) in zip(values, references)]
    addresses = tuple(dict.fromkeys(address for address, _ in references))
    return [Ref(addresses, value) if isinstance(value, Unknown) else value for value in values]


def _below(shape: Any, name: str) -> Any:
    if isinstance(shape, dict):
        return shape.get(name)
    return shape if shape is True else None


def _item(shape: Any, turn: int) -> Any:
    if isinstance(shape, list):
        return shape[turn] if turn < len(shape) else None
    return shape if shape is True else None


def _any(shape: Any) -> bool:
    """Whether anything below is true."""
    if isinstance(shape, dict):
        return any(map(_any, shape.values()))
    return any(map(_any, shape)) if isinstance(shape, list) else shape is True


def _is_null(expression: Any) -> bool:
    return isinstance(expression, dict) and "constant_value" in expression and expression["constant_value"] is None
