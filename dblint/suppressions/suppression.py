"""One suppression, whoever gave it, and what it covers."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from dblint.finding import Finding
from dblint.globs import matches
from dblint.settings.tables import Ignore


@dataclass(frozen=True, slots=True)
class Lines:
    """Findings of a file whose primary label or subject lies on these lines; with `only_subject` the subject
    alone."""

    path: str
    first: int
    last: int
    only_subject: bool = False

    def covers(self, finding: Finding) -> bool:
        places = (finding.subject,) if self.only_subject else (finding.subject, finding.place)
        return any(place.file == self.path and self.first <= place.line <= self.last for place in places)


@dataclass(frozen=True, slots=True)
class Call:
    """Everything that a module call creates, at any depth; of a nested call in a file of `folder`, in every place
    where that module is called."""

    folder: str
    name: str

    def covers(self, finding: Finding) -> bool:
        return all(self._creates(address, finding.root) for address in finding.instances)

    def _creates(self, address: str, root: str) -> bool:
        steps = [step.partition("[")[0] for step in address.split(".")]
        calls = [name for kind, name in itertools.pairwise(steps) if kind == "module"]
        return calls[:1] == [self.name] if root == self.folder else self.name in calls[1:]


@dataclass(frozen=True, slots=True)
class Paths:
    """Findings whose primary label lies in a file that fits a pattern; all where there is no pattern."""

    patterns: tuple[str, ...]

    def covers(self, finding: Finding) -> bool:
        return not self.patterns or matches(finding.place.file, self.patterns)


@dataclass(frozen=True, slots=True)
class Suppression:
    """`kind`: "comment" or "settings"; it stands at `path` and `line`. `selectors` say which rules, `scenarios` and
    `resources` are patterns of which all holds where there are none. `until` is the last day."""

    kind: str
    path: str
    line: int | None
    selectors: tuple[str, ...]
    where: tuple[Lines | Call | Paths, ...]
    reason: str
    scenarios: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    until: datetime.date | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether it covers the finding, in some scenario."""
        return self._resource(finding) and any(where.covers(finding) for where in self.where)

    def _resource(self, finding: Finding) -> bool:
        addresses = (finding.address, *finding.instances)
        return not self.resources or any(fits(address, self.resources) for address in addresses)

    def left(self, scenarios: Iterable[str]) -> tuple[str, ...]:
        """The scenarios that it does not cover."""
        return tuple(name for name in scenarios if self.scenarios and not _in_scenario(name, self.scenarios))


def of_settings(ignore: Ignore) -> Suppression:
    """A suppression of `[[ignores]]`."""
    where = (Paths(ignore.paths),)
    return Suppression(
        "settings",
        ignore.file,
        ignore.line,
        ignore.rules,
        where,
        ignore.reason,
        ignore.scenarios,
        ignore.resources,
        ignore.until,
    )


def _in_scenario(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a scenario, or the named deployment that it is part of ("prod" of "prod, UseReplica=true"), fits."""
    return fits(name, patterns) or fits(name.partition(", ")[0], patterns)


def fits(text: str, patterns: Iterable[str]) -> bool:
    """Whether an address or name fits one of the shell patterns. Brackets are those of addresses, no classes."""
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)
