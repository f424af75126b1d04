"""One try of a rule: what it assumes, what it reads, and the two ways in which a read can stop it.

A rule is written as if every value were known. A `Reading` keeps that promise: it takes the branch that the
assumptions pick, stops the try with `Fork` where a decision is still open (the engine then tries each alternative),
and with `Undetermined` where a rule looks into what nobody can know. Both derive from BaseException, so that no
careless `except Exception` in a rule swallows them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from dblint.choice import both, only, other_than, possible, within
from dblint.model import Among, Choice, Path, Ref, Resource, Scalar, Unknown, Value, Variable
from dblint.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class Fork(BaseException):
    """The rule's verdict may depend on which of `parts` holds for `variable`."""

    def __init__(self, variable: Variable, parts: Sequence[Among]) -> None:
        super().__init__(variable.name)
        self.variable = variable
        self.parts = parts


class Undetermined(BaseException):
    """The rule looked into a value that only deployment decides."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


@dataclass(frozen=True, slots=True)
class Read:
    """One look of a rule at one property.

    `state`: "known", "absent" (then `value` is what absence means) or "unknown" (then `because` says why). `assumed`:
    the value is one that the engine tries, so it is no evidence. `note`: what is odd about it ("assumed: nothing
    names an environment").
    """

    resource: Resource
    path: Path
    value: Value
    state: str
    because: str = ""
    assumed: bool = False
    note: str = ""
    confidence: str = "high"


@dataclass(slots=True, eq=False)
class Reading:
    """The state of one try. `assumed` says which alternatives are still possible of each decided variable; `asked` how
    often a decision was asked for."""

    assumed: dict[Variable, Among] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    asked: int = 0

    def decide(self, variable: Variable, parts: Sequence[Among]) -> int:
        """The index of the part that holds. Raises Fork where more than one may."""
        self.asked += 1
        known = self.assumed.get(variable)
        left = []
        for index, part in enumerate(parts):
            part = within(variable, part if known is None else both(part, known))
            if possible(part):
                left.append((index, part))
        if self.assumed and len(left) > 1:
            left = [(index, part) for index, part in left if self._agrees(variable, part)] or left
        if len(left) == 1:
            return left[0][0]
        raise Fork(variable, [part for _, part in left])

    def _agrees(self, variable: Variable, part: Among) -> bool:
        """Whether what is assumed of others leaves the part: `lower(var.env)` is "prod" where var.env is "prod"."""
        return all(
            _follows(variable, part, other, among) and _follows(other, among, variable, part)
            for other, among in self.assumed.items()
        )

    def holds(self, variable: Variable) -> bool:
        """Whether a variable of truth is true."""
        return self.decide(variable, (only(True), only(False))) == 0

    def resolve(self, value: Value) -> Value:
        """The value under the assumptions, without its choices and, where it is known, without its reference."""
        while True:
            if isinstance(value, Choice):
                value = self.resolve_choice(value)
            elif isinstance(value, Ref):
                value = value.value
            else:
                return value

    def settle(self, value: Value) -> Value:
        """The value without its choices, but with its reference."""
        while isinstance(value, Choice):
            value = self.resolve_choice(value)
        return value

    def resolve_choice(self, value: Choice) -> Value:
        """The branch that the assumptions pick. Raises Fork."""
        return value.parts[self.decide(value.variable, [among for among, _ in value.parts])][1]

    def settled(self, variable: Variable) -> Scalar | Unknown:
        """The one value that the assumptions leave to the variable, else Unknown."""
        known = self.assumed.get(variable)
        if known is not None and not known.others and len(known.values) == 1:
            return next(iter(known.values))
        return Unknown(variable.name, variable=variable)


def _follows(one: Variable, among: Among, other: Variable, others: Among) -> bool:
    """Whether `one` may be among these where `other` is the only one of those."""
    if others.others or len(others.values) != 1:
        return True
    told = one.where(other, next(iter(others.values)))
    return isinstance(told, Unknown) or possible(both(among, only(told)))


class StandIn:
    """An unknown value that is surely set, as a rule sees it.

    It is not None and it is true. A comparison is tried both ways; whatever else looks into it is undetermined.
    """

    __slots__ = ("_because", "_reading", "_variable")

    def __init__(self, reading: Reading, variable: Variable, because: str) -> None:
        self._reading = reading
        self._variable = variable
        self._because = because

    def __eq__(self, other: object) -> bool:
        if other is self or (isinstance(other, StandIn) and other._variable == self._variable):
            return True
        if other is None:
            return False
        if not isinstance(other, (str, int, float)):
            self._stop()
        if isinstance(other, (int, float)) and Thresholds(self._reading, self._variable).exclude(other):
            return False
        return self._reading.decide(self._compared(), (only(other), other_than(other))) == 0

    def _compared(self) -> Variable:
        """What a comparison turns on: where nothing tells what somebody may choose, a value that only a rule names is
        no choice of anybody's, and whether it is that one is not known."""
        variable = self._variable
        return Variable(variable.key, variable.name) if variable.real and variable.domain is None else variable

    def __hash__(self) -> int:
        self._stop()

    def __bool__(self) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return self._below(other, inclusive=False)

    def __le__(self, other: object) -> bool:
        return self._below(other, inclusive=True)

    def __gt__(self, other: object) -> bool:
        return not self._below(other, inclusive=True)

    def __ge__(self, other: object) -> bool:
        return not self._below(other, inclusive=False)

    def _below(self, other: object, *, inclusive: bool) -> bool:
        if not isinstance(other, (int, float)):
            self._stop()
        settled = self._reading.settled(self._variable)
        if isinstance(settled, (int, float)):
            return settled <= other if inclusive else settled < other
        return Thresholds(self._reading, self._variable).below(other, inclusive)

    def _stop(self, *_: object, **__: object) -> NoReturn:
        raise Undetermined(self._because)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._stop()

    __str__ = __repr__ = __format__ = _stop
    __iter__ = __len__ = __contains__ = __getitem__ = _stop
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _stop
    __truediv__ = __floordiv__ = __mod__ = __rmod__ = __neg__ = _stop
    __int__ = __float__ = __index__ = _stop


class Thresholds:
    """Comparisons of one unknown number, kept consistent: what is below 7 is below 30."""

    def __init__(self, reading: Reading, variable: Variable) -> None:
        self._reading = reading
        self._variable = variable

    def below(self, limit: float, inclusive: bool) -> bool:
        for (other, others_inclusive), truth in self._known():
            if truth and (other, others_inclusive) <= (limit, inclusive):
                return True
            if not truth and (other, others_inclusive) >= (limit, inclusive):
                return False
        return self._reading.holds(self._question(limit, inclusive))

    def exclude(self, value: float) -> bool:
        """Whether the comparisons so far rule a value out."""
        return any(
            (value <= limit if inclusive else value < limit) is not truth for (limit, inclusive), truth in self._known()
        )

    def _question(self, limit: float, inclusive: bool) -> Variable:
        sign = "<=" if inclusive else "<"
        return Variable(
            f"{self._variable.key} {sign} {limit}", f"{self._variable.name} {sign} {limit}", domain=(True, False)
        )

    def _known(self) -> Iterable[tuple[tuple[float, bool], bool]]:
        for variable, among in self._reading.assumed.items():
            for sign, inclusive in ((" < ", False), (" <= ", True)):
                head = self._variable.key + sign
                if variable.key.startswith(head) and len(among.values) == 1:
                    yield (float(variable.key[len(head) :]), inclusive), True in among.values


class OpenSet(tuple["Any", ...]):
    """The members of a set that may have more: those we know can be looked at; whoever asks for the rest, or how
    many there are, gets no answer."""

    because: str

    @classmethod
    def of(cls, known: Iterable[Any], because: str) -> OpenSet:
        made = cls(known)
        made.because = because
        return made

    def _stop(self, *_: object) -> NoReturn:
        raise Undetermined(self.because)

    def __iter__(self) -> Any:
        return itertools.chain(super().__iter__(), self._rest())

    def _rest(self) -> Iterable[Any]:
        self._stop()
        yield

    def __bool__(self) -> bool:
        return super().__len__() > 0 or self._stop()

    def __contains__(self, item: object) -> bool:
        return any(item == known for known in super().__iter__()) or self._stop()

    @property
    def at_least(self) -> int:
        """How many there are at the least."""
        return super().__len__()

    __len__ = __hash__ = __eq__ = __getitem__ = __add__ = _stop


def together(*sets: tuple[Any, ...]) -> tuple[Any, ...]:
    """The union of sets: what is known of all of them first; open where one of them is."""
    because = next((part.because for part in sets if isinstance(part, OpenSet)), "")
    known = [item for part in sets for item in tuple.__iter__(part)]
    return OpenSet.of(known, because) if because else tuple(known)


def known(members: tuple[Any, ...]) -> tuple[Any, ...]:
    """The members of a set that are surely in it, of an open one too."""
    return tuple(tuple.__iter__(members))


def fewer_than(number: int, members: tuple[Any, ...]) -> bool:
    """Whether a set has fewer members; Undetermined where an open one may have."""
    if isinstance(members, OpenSet) and members.at_least >= number:
        return False
    return len(members) < number


def undetermined(because: str) -> NoReturn:
    """For derived facts: says that nobody can know, and why."""
    raise Undetermined(because)
