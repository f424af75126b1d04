"""What a picture of databases is made of. A value that hangs on a scenario is told for each of them."""

from __future__ import annotations

from dblint.model import Address, Location
from dblint.records import dataclass

# A value as text, and the scenarios in which it holds; "unknown" where only deployment decides.
Case = tuple[str, tuple[str, ...]]

YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that holds of a resource: `name` is what is asked ("encrypted"); there is a case for each answer."""

    name: str
    cases: tuple[Case, ...]

    @property
    def value(self) -> str | None:
        """The answer where it is the same in all scenarios, else None."""
        return self.cases[0][0] if len(self.cases) == 1 else None


@dataclass(frozen=True, slots=True)
class Tie:
    """`source` is `relation` `target` ("replica of") in these scenarios. The target is "" where it lies outside of what
    was scanned."""

    source: Address
    relation: str
    target: Address
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A database or what belongs to one.

    `kind` says what it is in words ("Aurora cluster"); `scenarios` are those in which it exists, or may exist. `region`
    is "" where that is not in the code.
    """

    address: Address
    type: str
    kind: str
    region: str
    location: Location
    scenarios: tuple[str, ...]
    facts: tuple[Fact, ...]

    def fact(self, name: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.name == name), None)


@dataclass(frozen=True, slots=True)
class Topology:
    """One root with all of its scenarios."""

    root: str
    source: str
    scenarios: tuple[str, ...]
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
