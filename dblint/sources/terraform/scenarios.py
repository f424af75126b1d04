"""The scenarios of a root: what each is called, and what it sets."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType

from dblint.model import Note
from dblint.records import dataclass, replace
from dblint.scenario import DEFAULT
from dblint.sources.base import NamedScenario, Wishes
from dblint.sources.terraform.evaluation.decisions import environment_literals, listed_values, names_environment
from dblint.sources.terraform.evaluation.run import Given
from dblint.sources.terraform.limits import MOST_SCENARIOS
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.project import Project
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.variable_files import VariableFiles, automatic_files, given_by, stem


@dataclass(frozen=True, slots=True)
class Scenario:
    """`files` are its variable files, later ones win. `workspace` is None where it is open. `pinned`: root variables
    that `--scenario` chose the value of."""

    name: str
    files: tuple[str, ...] = ()
    workspace: str | None = None
    tier: str = ""
    pinned: Mapping[str, str] = MappingProxyType({})


class Scenarios:
    """The scenarios of one root, found without evaluating anything."""

    def __init__(self, project: Project, root: str, wishes: Wishes, variable_files: VariableFiles) -> None:
        self._project = project
        self._root = root
        self._wishes = wishes
        self._variable_files = variable_files
        self.notes: list[Note] = []

    def all(self) -> list[Scenario]:
        """Every scenario with a name; the one called "default" where there is none."""
        wishes = self._wishes
        if wishes.var_files:
            found = [Scenario(stem(wishes.var_files[-1]), self._existing(wishes.var_files))]
        else:
            found = self._configured() or self._inferred()
        return [replace(s, workspace=s.workspace or self._workspace(s.name)) for s in found]

    def _workspace(self, scenario: str) -> str | None:
        """The workspace of a scenario: the one that is asked for, else the one of its name where the code knows that;
        None where it is open."""
        module = self._project.module(self._root)
        if self._wishes.workspace or scenario == DEFAULT or not uses_workspace(module):
            return self._wishes.workspace or None
        return scenario if scenario in _literals(module, self._wishes) else None

    def chosen(self) -> list[Scenario]:
        """The scenarios that the wishes ask for, all where they ask for none; at most MOST_SCENARIOS, which is said."""
        found = self._wanted()
        if len(found) > MOST_SCENARIOS:
            message = f"{len(found)} scenarios were found; the first {MOST_SCENARIOS} are looked at (see --scenario)"
            self.notes.append(Note(self._root, message, "limit"))
        return found[:MOST_SCENARIOS]

    def _wanted(self) -> list[Scenario]:
        found, only = self.all(), self._wishes.only
        if not only:
            return found
        chosen = [s for s in found if _matches(s.name, only)]
        if chosen or found[0].name != DEFAULT:
            return chosen
        return [self._pinned(found[0], name) for name in self._alternatives() if _matches(name, only)]

    def names(self) -> list[str]:
        """What `--scenario` may name: scenarios, and the environments that the code knows."""
        found = [s.name for s in self.all()]
        return found if found != [DEFAULT] else [*found, *self._alternatives()]

    def variables(self, scenario: Scenario) -> dict[str, Given]:
        """What the root's variables are given."""
        automatic = automatic_files(self._project.files.names(self._root), self._root)
        given = {name: Given("in the environment", text=text) for name, text in self._wishes.surrounding.items()}
        for path in (*automatic, *scenario.files):
            given.update(given_by(self._project, path))
        for name, text in self._wishes.variables.items():
            given[name] = Given("on the command line", text=text)
        return given

    def files(self, scenario: Scenario) -> list[str]:
        return [*automatic_files(self._project.files.names(self._root), self._root), *scenario.files]

    def _existing(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Those that can be read; the others are problems."""
        return tuple(path for path in paths if self._project.text(path) is not None)

    def _configured(self) -> list[Scenario]:
        """The scenarios of the settings whose files this root has."""
        found = []
        for name, named in self._wishes.scenarios.items():
            if self.has_files_of(named):
                found.append(_scenario(name, named, [self._path(path) for path in named.var_files]))
        return found

    def has_files_of(self, named: NamedScenario) -> bool:
        """Whether the root has all variable files of a scenario of the settings."""
        paths = [self._path(path) for path in named.var_files]
        return all(path in self._names_at(path) for path in paths)

    def _path(self, path: str) -> str:
        """A path of the settings, relative to the project."""
        if path.startswith("/"):
            return posixpath.normpath(path[1:])
        return posixpath.normpath(posixpath.join(self._root, path))

    def _names_at(self, path: str) -> list[str]:
        folder = posixpath.dirname(path) or "."
        names = self._project.files.names(folder, ignored=True)
        return [posixpath.normpath(posixpath.join(folder, name)) for name in names]

    def _inferred(self) -> list[Scenario]:
        grouped = self._variable_files.scenarios(self._root, self._wishes.environments)
        self.notes += (note for note in self._variable_files.dropped(self._root) if note not in self.notes)
        found = [Scenario(name, tuple(paths)) for name, paths in sorted(grouped.items())]
        return found or [Scenario(DEFAULT)]

    def _alternatives(self) -> list[str]:
        """The environments that a variable lists, or that the code compares the workspace with."""
        module = self._project.module(self._root)
        variable = environment_variable(module, self._wishes)
        if variable is not None:
            listed = listed_values(variable, module.variables[variable])
            return [str(value) for value in listed] if listed else list(_literals(module, self._wishes))
        return list(_literals(module, self._wishes)) if uses_workspace(module) else []

    def _pinned(self, scenario: Scenario, name: str) -> Scenario:
        module = self._project.module(self._root)
        variable = environment_variable(module, self._wishes)
        if variable is not None:
            return replace(scenario, name=name, pinned={variable: name})
        return replace(scenario, name=name, workspace=name)


def _scenario(name: str, named: NamedScenario, paths: list[str]) -> Scenario:
    return Scenario(name, tuple(paths), named.workspace or None, named.tier)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def environment_variable(module: Module, wishes: Wishes) -> str | None:
    """The root variable whose value names the environment: by its name, or by the values that its validation lists."""
    from dblint.environment import tier_of

    by_name = [name for name, block in module.variables.items() if names_environment(name, block)]
    if by_name:
        return min(by_name, key=len)
    for name, block in module.variables.items():
        if _speaks_of_environments(block, wishes):
            values = listed_values(name, block)
            if any(isinstance(v, str) and tier_of(v, wishes.environments) is not None for v in values):
                return name
    return None


def _speaks_of_environments(block: Block, wishes: Wishes) -> bool:
    """Whether a word of an environment stands in the block: most have none, and need not be parsed."""
    text, start, end = block.whole
    return bool(environment_literals([text.text[start:end]], wishes.environments))


def _literals(module: Module, wishes: Wishes) -> tuple[str, ...]:
    return environment_literals([text.text for text in module.texts], wishes.environments)


def uses_workspace(module: Module) -> bool:
    return any("terraform.workspace" in text.text or "tofu.workspace" in text.text for text in module.texts)
