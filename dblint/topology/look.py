"""Looks at a resource under every alternative that the answer hangs on.

As the engine does with rules: a look that meets an open decision is taken again for each alternative. Real decisions
give an answer each; where mere ignorance would change the answer, it is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dblint.choice import both, possible, same, within
from dblint.graph import Graph
from dblint.model import Among, Resource, Unknown, Variable
from dblint.reading import Fork, Reading, StandIn, Undetermined
from dblint.view import View, view_of

# Tries of one look. Real ones need fewer than ten.
MOST_TRIES = 64

When = dict[Variable, Among]
Answer = tuple[Any, When]


class _Absent:
    """The answer of a resource that does not exist."""


ABSENT = _Absent()


class Look:
    """One question, asked of one resource of a deployment."""

    def __init__(self, ask: Callable[[View], Any], resource: Resource, graph: Graph) -> None:
        self._ask = ask
        self._resource = resource
        self._graph = graph
        self._tries = 0

    def answers(self) -> list[Answer]:
        """Each answer with the real decisions that give it; Unknown where nobody can tell, ABSENT where the resource
        does not exist."""
        return self._answers({})

    def _answers(self, assumed: When) -> list[Answer]:
        self._tries += 1
        if self._tries > MOST_TRIES:
            return [(Unknown("it depends on too many choices"), {})]
        try:
            return [(self._answer(Reading(dict(assumed))), {})]
        except Fork as fork:
            parts = [(part, self._answers({**assumed, fork.variable: part})) for part in fork.parts]
            return _by_choice(fork.variable, parts) if fork.variable.real else _by_ignorance(fork.variable, parts)
        except Undetermined as stop:
            return [(Unknown(stop.because), {})]
        except RecursionError:
            return [(Unknown("its edges run in a circle"), {})]

    def _answer(self, reading: Reading) -> Any:
        if reading.resolve(self._resource.exists) is False:
            return ABSENT
        answer = self._ask(view_of(self._resource, reading, self._graph))
        return Unknown("only deployment decides") if isinstance(answer, StandIn) else answer


def _by_choice(variable: Variable, parts: list[tuple[Among, list[Answer]]]) -> list[Answer]:
    everything = [answer for _, answers in parts for answer in answers]
    if all(same(answer, everything[0][0]) for answer, _ in everything):
        return [(everything[0][0], {})]
    return [
        (answer, {**when, variable: within(variable, both(part, when.get(variable, part)))})
        for part, answers in parts
        for answer, when in answers
        if possible(within(variable, both(part, when.get(variable, part))))
    ]


def _by_ignorance(variable: Variable, parts: list[tuple[Among, list[Answer]]]) -> list[Answer]:
    """What may not exist is told as if it did."""
    everything = [answer for _, answers in parts for answer in answers if answer[0] is not ABSENT]
    if not everything:
        return [(ABSENT, {})]
    if all(same(answer, everything[0][0]) for answer, _ in everything):
        return [(everything[0][0], {})]
    return [(Unknown(variable.name), {})]
