"""The engine: judges one rule on one resource, by trying it under as few assumptions as the verdict needs.

A try that meets an open decision forks and is run again for each alternative, depth first. What agrees is merged.
Where the alternatives are real choices the verdict stands per alternative; where they are only ignorance, a
disagreement is undetermined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint.choice import both, possible, within
from dblint.graph import Graph
from dblint.model import Among, Deployment, Resource, Value, Variable
from dblint.reading import Fork, Read, Reading, Undetermined
from dblint.records import dataclass, field, replace
from dblint.rule_definition import Rule, Set, Unset
from dblint.view import view_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BROKEN, KEPT, UNDETERMINED, ABSENT = OUTCOMES = ("broken", "kept", "undetermined", "absent")

# Tries of one rule on one resource. Real rules need fewer than ten.
MOST_TRIES = 256

Condition = tuple[tuple[Variable, Among], ...]


class RuleCrashed(Exception):
    """A rule raised something of its own; its cause is the rule's exception."""

    def __init__(self, rule: Rule, resource: Resource) -> None:
        super().__init__(f"rule {rule.id} crashed on {resource.address}")
        self.rule = rule
        self.resource = resource


@dataclass(frozen=True, slots=True)
class Case:
    """The verdict where the real decisions of `when` hold.

    `breaks_if`: of an undetermined case, the conditions under which it is broken, as far as they are known.
    `because`: what could not be known. `assumed`: all that the try assumed, for tracing where its values come from.
    """

    outcome: str
    reads: tuple[Read, ...] = ()
    when: Mapping[Variable, Among] = field(default_factory=dict)
    breaks_if: tuple[Condition, ...] = ()
    because: str = ""
    assumed: Mapping[Variable, Among] = field(default_factory=dict)


class _Exploration:
    """All tries of one rule on one resource."""

    def __init__(self, rule: Rule, resource: Resource, graph: Graph, options: Mapping[str, Any]) -> None:
        self._rule = rule
        self._resource = resource
        self._graph = graph
        self._options = options
        self._tries = 0

    def cases(self, assumed: dict[Variable, Among]) -> list[Case]:
        reading = Reading(assumed)
        self._tries += 1
        if self._tries > MOST_TRIES:
            return [Case(UNDETERMINED, because=f"it depends on more than {MOST_TRIES} combinations of choices")]
        try:
            outcome = self._try(reading)
        except Fork as fork:
            parts = [(part, self.cases({**assumed, fork.variable: part})) for part in fork.parts]
            return _by_choice(fork.variable, parts) if fork.variable.real else _by_ignorance(fork.variable, parts)
        except Undetermined as stop:
            return [Case(UNDETERMINED, tuple(reading.reads), because=stop.because, assumed=assumed)]
        except RecursionError:
            return [Case(UNDETERMINED, tuple(reading.reads), because="its edges run in a circle", assumed=assumed)]
        except Exception as error:
            raise RuleCrashed(self._rule, self._resource) from error
        return [Case(outcome, tuple(reading.reads), breaks_if=((),) if outcome == BROKEN else (), assumed=assumed)]

    def _try(self, reading: Reading) -> str:
        if reading.resolve(self._resource.exists) is False:
            return ABSENT
        view = view_of(self._resource, reading, self._graph)
        return BROKEN if self._rule.check(view, **self._options) else KEPT


def judge(rule: Rule, resource: Resource, graph: Graph, options: Mapping[str, Any] | None = None) -> list[Case]:
    """The cases of the rule on the resource: disjoint, and together all that the decisions allow.

    Raises RuleCrashed.
    """
    return _Exploration(rule, resource, graph, {**rule.options, **(options or {})}).cases({})


def _by_choice(variable: Variable, parts: list[tuple[Among, list[Case]]]) -> list[Case]:
    """Cases of a real decision: one where all parts agree, else each under its part."""
    everything = [case for _, cases in parts for case in cases]
    if len({case.outcome for case in everything}) == 1 and everything[0].outcome != UNDETERMINED:
        return [replace(everything[0], when={})]
    return [replace(case, when={variable: part, **case.when}) for part, cases in parts for case in cases]


def _by_ignorance(variable: Variable, parts: list[tuple[Among, list[Case]]]) -> list[Case]:
    """Cases where we do not know which part holds: what all parts agree on stands, the rest is undetermined."""
    told = [[_told(case, variable, part) for case in cases] for part, cases in parts]
    merged = told[0]
    for cases in told[1:]:
        merged = [case for one in merged for two in cases if (case := _joined(one, two))]
    return [replace(case, breaks_if=((),)) if case.outcome == BROKEN else case for case in merged]


def _told(case: Case, variable: Variable, part: Among) -> Case:
    return replace(case, breaks_if=tuple(((variable, part), *condition) for condition in case.breaks_if))


def _joined(one: Case, two: Case) -> Case | None:
    """What is known where it may be either case; None where their real decisions exclude each other."""
    when = dict(one.when)
    for variable, among in two.when.items():
        when[variable] = within(variable, both(when[variable], among)) if variable in when else among
        if not possible(when[variable]):
            return None
    telling = min(one, two, key=lambda case: OUTCOMES.index(case.outcome))
    outcomes = {one.outcome, two.outcome} - {ABSENT} or {ABSENT}
    outcome = outcomes.pop() if len(outcomes) == 1 else UNDETERMINED
    because = one.because or two.because
    return replace(telling, outcome=outcome, when=when, breaks_if=one.breaks_if + two.breaks_if, because=because)


class _Fixed(Mapping[str, Value]):
    """A resource's properties as a fix would leave them."""

    def __init__(self, properties: Mapping[str, Value], fix: tuple[Set | Unset, ...]) -> None:
        self._properties = properties
        self._set = {
            name: value for change in fix if isinstance(change, Set) for name, value in change.properties.items()
        }
        self._unset = {name for change in fix if isinstance(change, Unset) for name in change.names}

    def __getitem__(self, name: str) -> Value:
        if name in self._unset:
            raise KeyError(name)
        if name in self._set:
            return _merged(self._properties.get(name), self._set[name])
        return self._properties[name]

    def __iter__(self) -> Iterator[str]:
        return iter((set(self._properties) | set(self._set)) - self._unset)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _merged(old: Value, new: Value) -> Value:
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    return new


def cures(rule: Rule, resource: Resource, deployment: Deployment, options: Mapping[str, Any] | None = None) -> bool:
    """Whether the rule, judged again with its fix assumed, is kept in every case."""
    fixed = replace(resource, properties=_Fixed(resource.properties, rule.fix))
    resources = tuple(fixed if other is resource else other for other in deployment.resources)
    cases = judge(rule, fixed, Graph(replace(deployment, resources=resources)), options)
    return bool(rule.fix) and all(case.outcome in (KEPT, ABSENT) for case in cases)
