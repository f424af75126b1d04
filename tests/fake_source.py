"""A source behind the protocol of sources/base.py that says what it is told to."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dblint.model import Deployment, Location, Note, Problem, Resource, Trace, Value
from dblint.packs import load, own
from dblint.records import replace
from dblint.result import Result
from dblint.rule_definition import Rule
from dblint.scan.request import Request
from dblint.scan.run import run
from dblint.settings.values import Settings
from dblint.sources.base import Root, Wishes
from dblint.sources.files import Files

# The rules that these tests speak of; the catalogue may grow without changing what they say.
KNOWN = {
    "memcached-for-sessions",
    "rds-backup-retention-short",
    "rds-backups-disabled",
    "rds-no-deletion-protection",
    "rds-no-final-snapshot",
    "rds-plaintext-master-password",
    "rds-publicly-accessible",
    "rds-single-az",
    "rds-storage-unencrypted",
}
DAY = datetime.date(2027, 1, 15)


@dataclass
class FakeRoot:
    path: str = "."
    made: Sequence[Deployment] = ()
    names: Sequence[str] = ()
    source: str = "terraform"
    files: set[str] = field(default_factory=lambda: {"main.tf"})
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    concealed: set[Location] = field(default_factory=set)
    is_root: bool = True
    alone: bool = False
    fault: BaseException | None = None

    @property
    def basis(self) -> None:
        return None

    def scenario_names(self) -> Sequence[str]:
        return self.names

    def release(self) -> None:
        """Nothing to give back."""

    def deployments(self) -> Iterator[Deployment]:
        yield from self.made
        if self.fault:
            raise self.fault


@dataclass
class FakeSource:
    name: str = "terraform"
    found: Sequence[Root] = ()
    problems: Sequence[Problem] = ()
    fault: BaseException | None = None

    def roots(self, files: Files, wishes: Wishes, problems: list[Problem]) -> list[Root]:
        if self.fault:
            raise self.fault
        problems += self.problems
        return list(self.found)

    def again(
        self, files: Files, wishes: Wishes, problems: list[Problem], roots: Sequence[str], changed: Mapping[str, str]
    ) -> None:
        """It finds its roots each time."""


def at(file: str = "main.tf", line: int = 1, column: int = 1, end_column: int = 10) -> Location:
    return Location(file, line, column, line, end_column)


def database(
    name: str = "orders",
    *,
    address: str = "",
    line: int = 1,
    file: str = "main.tf",
    trace: Mapping[str, Trace] | None = None,
    exists: Value = True,
    **properties: Value,
) -> Resource:
    """An `aws_db_instance` that is sound but for what is said."""
    sound: dict[str, Value] = {
        "Engine": "postgres",
        "MultiAZ": True,
        "StorageEncrypted": True,
        "BackupRetentionPeriod": 14,
        "DeletionProtection": True,
        "DeletionPolicy": "Snapshot",
        "UpdateReplacePolicy": "Snapshot",
        "PubliclyAccessible": False,
        "Tags": {},
    }
    traces = dict(trace or {})
    return Resource(
        "AWS::RDS::DBInstance",
        address or f"aws_db_instance.{name}",
        "terraform",
        {**sound, **properties},
        at(file, line, 1, 37),
        kind="aws_db_instance",
        definition=f"{file}#aws_db_instance.{name}",
        trace=lambda path, assumed: traces.get(str(path[0]), Trace()),
        exists=exists,
    )


def deployment(*resources: Resource, name: str = "default", root: str = ".") -> Deployment:
    return Deployment(name, root, "terraform", resources, environment=None if name == "default" else name)


def result_of(
    texts: Mapping[str, str],
    *roots: FakeRoot,
    settings: Settings | None = None,
    source: FakeSource | None = None,
    named: Sequence[str] = (),
    change: Callable[[Request], Request] = lambda request: request,
) -> Result:
    """The result of a run over files in memory, with the roots given."""
    files = Files.of(texts)
    files.named.update(named)
    given = source or FakeSource(found=roots)
    request = Request(
        files, settings or Settings(), Wishes(), ("main.tf",), lambda: DAY, rules, source=lambda name: given
    )
    return run(change(request)).result


def rules(*folders: Path) -> list[Rule]:
    """The rules of KNOWN, and those of the folders."""
    return [rule for rule in load([own(), *folders]) if rule.id in KNOWN or not rule.file.is_relative_to(own())]


def with_packs(*folders: Path) -> Callable[[Request], Request]:
    return lambda request: replace(request, rules=lambda: rules(*folders))
