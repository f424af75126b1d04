"""One evaluation of one root under one scenario: what it may spend, and what it has noticed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dblint.model import Environments, Note
from dblint.sources.terraform.limits import DEEPEST_EVALUATION, MOST_EVALUATIONS, LimitReached
from dblint.sources.terraform.values.value import Value, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.sources.terraform.project import Project
    from dblint.sources.terraform.syntax.tree import Node


class Given:
    """A value that a root variable is given: an expression and what hands it over ("prod.tfvars"), or a text from the
    command line."""

    __slots__ = ("node", "source", "text")

    def __init__(self, source: str, node: Node | None = None, text: str = "") -> None:
        self.source = source
        self.node = node
        self.text = text


class Run:
    """`root` is the folder; `variables` what the scenario gives; `workspace` its name, or None where it is open;
    `pinned` what `--scenario` chooses for decision variables, by their name.

    `variables_of` gives the variables of another root, whose state this one reads; `ancestors` are the roots that read
    this one's. `files` grows by what is read, `notes` by what was not checked.
    """

    def __init__(
        self,
        project: Project,
        root: str,
        *,
        variables: Mapping[str, Given] | None = None,
        workspace: str | None = None,
        environments: Environments | None = None,
        region: str = "",
    ) -> None:
        self.project = project
        self.root = root
        self.variables = variables or {}
        self.workspace = workspace
        self.environments = environments or Environments()
        self.region = region
        self.pinned: dict[str, str] = {}
        self.variables_of: Callable[[str], Mapping[str, Given]] = lambda folder: {}
        self.ancestors: tuple[str, ...] = ()
        self.files: set[str] = set()
        self.notes: list[Note] = []
        self.instances = 0
        self.spent = 0
        self.matched = 0
        self.depth = 0
        self._limits: set[str] = set()

    def enter(self) -> None:
        """Counts one evaluation. Raises LimitReached."""
        self.spent += 1
        if self.spent > MOST_EVALUATIONS:
            raise LimitReached(f"more than {MOST_EVALUATIONS:,} expressions were evaluated")
        if self.depth >= DEEPEST_EVALUATION:
            raise LimitReached("expressions depend on one another too deeply")
        self.depth += 1

    def limited(self, limit: LimitReached) -> Value:
        """The unknown that stands where a bound was met, which is noted once."""
        message = str(limit)
        if message not in self._limits:
            self._limits.add(message)
            self.notes.append(Note(self.root, f"{message}: what depends on it is unknown", "limit"))
        return unknown(message)

    def note(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)
