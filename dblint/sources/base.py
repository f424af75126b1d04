"""What every kind of input keeps: from files to roots, from a root to its deployments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from dblint.model import Deployment, Environments, Location, Note, Problem
from dblint.records import dataclass, field
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


@dataclass(frozen=True, slots=True)
class NamedScenario:
    """`[scenarios.<name>]` of the settings. Paths are relative to the root, or to the project where they begin with
    "/"."""

    var_files: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    workspace: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who runs dblint says about deployments: in the settings and on the command line.

    `only`: names or shell patterns of scenarios to look at; empty means all. `variables` are `--var k=v`; `surrounding`
    are those of the process's environment, where they are asked for: every file wins over them. Paths of files are
    relative to the project. `plans` are files that `terraform show -json` wrote. `modules`: whose code is
    read, "installed" (all that is here), "local" (nothing of .terraform) or "none".
    """

    environments: Environments = field(default_factory=Environments)
    scenarios: Mapping[str, NamedScenario] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    surrounding: Mapping[str, str] = field(default_factory=dict)
    workspace: str = ""
    parameter_files: tuple[str, ...] = ()
    region: str = ""
    roots: tuple[str, ...] = ()
    modules: str = "installed"
    plans: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether the person chose scenarios or values: what is not found then may be found in others."""
        chosen = self.only or self.var_files or self.variables or self.surrounding
        return bool(chosen or self.workspace or self.parameter_files)


class Root(Protocol):
    """One root module or template.

    `path`: its folder or file, relative to the project ("." for the project itself). `files`: what it reads, relative
    to the project; complete only once the deployments are evaluated. `problems` and `notes` likewise, and `concealed`:
    where secrets stand that no report may quote.
    `basis`: what it hangs on beside `Wishes` and what its deployments ask of `Files`; None where that is not known, and
    nothing may be kept of it. `release` gives back memory when the deployments have been judged. `scenario_names`: all
    names that `Wishes.only` may choose from, known without evaluating. `is_root`: False where it turned out in the
    evaluation that it holds no database. `alone`: `Source.again` can make it again of its path.
    """

    path: str
    source: str
    files: set[str]
    problems: list[Problem]
    notes: list[Note]
    concealed: set[Location]
    is_root: bool

    @property
    def basis(self) -> str | None: ...

    @property
    def alone(self) -> bool: ...

    def scenario_names(self) -> Sequence[str]: ...

    def deployments(self) -> Iterator[Deployment]: ...

    def release(self) -> None: ...


class Source(Protocol):
    """A kind of input. `roots` finds what is worth evaluating: roots that hold a database, and files that can not be
    read (as problems of the list given). `again` is asked where these are known, and nothing is otherwise than when
    they were found but what the files of `changed` hold (path -> the digest of what it was, in hex): what makes any of
    the roots, or None where others may have to be found."""

    name: str

    def roots(self, files: Files, wishes: Wishes, problems: list[Problem]) -> list[Root]: ...

    def again(
        self,
        files: Files,
        wishes: Wishes,
        problems: list[Problem],
        roots: Sequence[str],
        changed: Mapping[str, str],
    ) -> Callable[[str], Root] | None: ...
