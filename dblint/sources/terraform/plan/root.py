"""A root of which only a plan is here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from dblint.environment import tier_of
from dblint.model import Deployment, Location, Note, Problem, Value
from dblint.scenario import DEFAULT
from dblint.sources.base import Wishes
from dblint.sources.terraform.plan.deployment import resources
from dblint.sources.terraform.plan.discovery import name_of
from dblint.sources.terraform.plan.document import PlanDocument

# Variables whose value names the environment, as in code.
_ENVIRONMENT_NAMES = ("environment", "env", "stage", "tier")


class PlanRoot:
    """The plans that lie in one folder, each a scenario."""

    source = "terraform"
    is_root = True
    alone = False

    def __init__(self, path: str, documents: Sequence[PlanDocument], wishes: Wishes) -> None:
        self.path = path
        self.files: set[str] = {document.path for document in documents}
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.concealed: set[Location] = set()
        self._documents = documents
        self._wishes = wishes

    @property
    def basis(self) -> None:
        return None

    def scenario_names(self) -> Sequence[str]:
        return [self._name(document) for document in self._documents]

    def release(self) -> None:
        """Nothing: the plan is the root."""

    def deployments(self) -> Iterator[Deployment]:
        for document in self._documents:
            name = self._name(document)
            if not self._wishes.only or any(fnmatchcase(name, wanted) for wanted in self._wishes.only):
                yield self._deployment(document, name)

    def _deployment(self, document: PlanDocument, name: str) -> Deployment:
        wishes = self._wishes
        settings = wishes.scenarios.get(name)
        return Deployment(
            name=name,
            root=self.path,
            source="terraform",
            resources=tuple(resources(document, {}, wishes.region)),
            environment=self._environment(document, name),
            environments=wishes.environments,
            tier=settings.tier if settings else "",
        )

    def _name(self, document: PlanDocument) -> str:
        """The plan's own name; none where it is the only one and names no environment."""
        name = name_of(document.path)
        names = tier_of(name, self._wishes.environments) is not None
        return name if names or len(self._documents) > 1 else DEFAULT

    def _environment(self, document: PlanDocument, name: str) -> Value:
        if tier_of(name, self._wishes.environments) is not None:
            return name
        given = (document.variables.get(variable) for variable in _ENVIRONMENT_NAMES)
        return next((value for value in given if isinstance(value, str)), None)
