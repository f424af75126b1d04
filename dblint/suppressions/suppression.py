"""One suppression, whoever gave it, and what it covers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fnmatch import fnmatchcase

from dblint.finding import Finding
from dblint.globs import matches
from dblint.model import Location
from dblint.records import dataclass
from dblint.scenario import environment_in
from dblint.settings.tables import Ignore

OURS = "dblint"
_VARIABLES = ".tfvars"


SUBJECT, PLACE, EITHER = ("subject",), ("place",), ("subject", "place")


@dataclass(frozen=True, slots=True)
class Lines:
    """Findings of a file of which something lies on these lines: the resource (SUBJECT), the primary label (PLACE), or
    one of both."""

    path: str
    first: int
    last: int
    of: tuple[str, ...] = EITHER

    def covers(self, finding: Finding, instance: int) -> bool:
        return self.deployments(finding) != frozenset()

    def deployments(self, finding: Finding) -> frozenset[str] | None:
        """The deployments in which it covers a finding; None for all. Where one has its value elsewhere, the place of
        that counts."""
        if SUBJECT[0] in self.of and not self.path.endswith(_VARIABLES) and self.holds(finding.subject):
            return None
        labels = [label for label in finding.labels if label.primary or label.scenarios] if PLACE[0] in self.of else []
        held = [label for label in labels if self.holds(label.location)]
        return frozenset(name for label in held for name in label.scenarios) if all(x.scenarios for x in held) else None

    def holds(self, place: Location) -> bool:
        """Whether a place begins on these lines."""
        return place.file == self.path and self.first <= place.line <= self.last


@dataclass(frozen=True, slots=True)
class Call:
    """Everything that a module call (a nested stack) creates, at any depth, wherever the module with the call is
    called; `folder` is that of the file with the call (the path of the template)."""

    folder: str
    name: str

    def covers(self, finding: Finding, instance: int) -> bool:
        return f"{self.folder}#{self.name}" in finding.calls[instance]


@dataclass(frozen=True, slots=True)
class Paths:
    """Findings whose primary label lies in a file that fits a pattern; all where there is no pattern."""

    patterns: tuple[str, ...]

    def covers(self, finding: Finding, instance: int) -> bool:
        return not self.patterns or matches(finding.place.file, self.patterns)


Where = Lines | Call | Paths


@dataclass(frozen=True, slots=True)
class Suppression:
    """`kind`: "comment", "metadata" or "settings"; it stands at `path` and `line`. `selectors` say which rules;
    `scenarios` and `resources` are patterns of which all holds where there are none. `until` is the last day. `tool`:
    whose words these are; of another tool than ours, `selectors` are names of rules with an equivalent there."""

    kind: str
    path: str
    line: int | None
    selectors: tuple[str, ...]
    where: tuple[Where, ...]
    reason: str
    scenarios: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    until: datetime.date | None = None
    tool: str = OURS

    def left_of(self, finding: Finding) -> tuple[int, ...]:
        """The instances of the finding that it does not cover, by their number."""
        return tuple(number for number in range(len(finding.instances)) if not self._covers(finding, number))

    def _covers(self, finding: Finding, instance: int) -> bool:
        if self.resources:
            address = finding.instances[instance]
            addresses = (finding.address, address, address.rpartition(": ")[2])
            if not any(fits(address, self.resources) for address in addresses):
                return False
        return any(where.covers(finding, instance) for where in self.where)

    def is_narrower_than(self, finding: Finding) -> bool:
        """Whether it stands where the finding is, and only its patterns keep it from hiding that."""
        narrowed = bool(self.scenarios or self.resources)
        return narrowed and any(w.covers(finding, i) for w in self.where for i in range(len(finding.instances)))

    def touches(self, place: Location) -> bool:
        """Whether a place lies on its lines."""
        return any(isinstance(where, Lines) and where.holds(place) for where in self.where)

    def left(self, finding: Finding, scenarios: Iterable[str]) -> tuple[str, ...]:
        """The scenarios of a finding that it does not cover."""
        deployments = self._deployments(finding)
        return tuple(
            name
            for name in scenarios
            if (self.scenarios and not _in_scenario(name, self.scenarios))
            or (deployments is not None and deployments.isdisjoint((name, environment_in(name))))
        )

    def _deployments(self, finding: Finding) -> frozenset[str] | None:
        found = frozenset[str]()
        for where in self.where:
            if isinstance(where, Lines):
                names = where.deployments(finding)
                if names is None:
                    return None
                found |= names
            elif any(where.covers(finding, number) for number in range(len(finding.instances))):
                return None
        return found


def of_settings(ignore: Ignore) -> Suppression:
    """A suppression of `[[ignores]]`."""
    return Suppression(
        "settings",
        ignore.file,
        ignore.line,
        ignore.rules,
        (Paths(ignore.paths),),
        ignore.reason,
        ignore.scenarios,
        ignore.resources,
        ignore.until,
    )


def _in_scenario(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a scenario, or the deployment that it is part of, fits."""
    return fits(name, patterns) or fits(environment_in(name), patterns)


def fits(text: str, patterns: Iterable[str]) -> bool:
    """Whether an address or name fits one of the shell patterns. Brackets are those of addresses, no classes."""
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)
