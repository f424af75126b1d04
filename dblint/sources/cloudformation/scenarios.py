"""The named scenarios of a template: parameter files, and alternatives of its environment that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from dblint.choice import lift
from dblint.environment import asks_for_production, tier_of
from dblint.environment import environment_of as steered_environment
from dblint.model import Environments, Problem, Value
from dblint.records import dataclass, field
from dblint.scenario import DEFAULT
from dblint.sources.base import Wishes
from dblint.sources.cloudformation.constraints import domain_of
from dblint.sources.cloudformation.decisions import decisions_of
from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.library import Library, problem_of
from dblint.sources.cloudformation.nested import usage_with_children
from dblint.sources.cloudformation.parameter_files import ParameterFile, read_parameter_file
from dblint.sources.cloudformation.parameters import MOST_ALTERNATIVES, Given, environment_parameter
from dblint.sources.cloudformation.stack import Stack
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.values import bare
from dblint.sources.files import Files, Unreadable, split

_TRUTHS = {"true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """One deployment of a template, by name. `files` are the parameter files that it is made of."""

    name: str = DEFAULT
    given: Mapping[str, Given] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    tier: str = ""
    files: tuple[str, ...] = ()


class ParameterFiles:
    """The parameter files of a run, each read once. `unused` are those that fitted no template yet; `absent`
    the scenarios of the settings whose files fitted none."""

    def __init__(self, files: Files, wishes: Wishes, problems: list[Problem]) -> None:
        self._files = files
        self._wishes = wishes
        self._problems = problems
        self._read: dict[str, ParameterFile | None] = {}
        self.unused = dict.fromkeys(wishes.parameter_files)
        self.absent = [name for name, wish in wishes.scenarios.items() if wish.parameters]

    def of(self, template: Template) -> list[Scenario]:
        """The named scenarios of a template: those of the settings, then one for each file that fits."""
        found = [*self._of_settings(template), *self._of_files(template)]
        names = [scenario.name for scenario in found]
        return [_renamed(scenario) if names.count(scenario.name) > 1 else scenario for scenario in found]

    def fitting_alone(self, template: Template) -> list[Scenario]:
        """The scenarios of those files that fitted no template yet, and fit this one."""
        before = set(self.unused)
        return [scenario for scenario in self._of_files(template) if before.intersection(scenario.files)]

    def _of_settings(self, template: Template) -> Iterator[Scenario]:
        folder, _ = split(template.path)
        for name, wish in self._wishes.scenarios.items():
            paths = (path.lstrip("/") if path.startswith("/") else f"{folder}/{path}" for path in wish.parameters)
            inside = [path for path in map(self._files.inside, paths) if path and self._is_there(path)]
            files = [file for file in map(self._file, inside) if file and _fits(file, template)]
            if files:
                self.absent = [other for other in self.absent if other != name]
                yield _scenario(name, files, wish.tier)

    def _of_files(self, template: Template) -> Iterator[Scenario]:
        for path in self._wishes.parameter_files:
            file = self._file(path)
            if file is None:
                self.unused.pop(path, None)
            elif _fits(file, template):
                self.unused.pop(path, None)
                wish = self._wishes.scenarios.get(file.name)
                yield _scenario(file.name, [file], wish.tier if wish else "")

    def _is_there(self, path: str) -> bool:
        folder, name = split(path)
        return name in self._files.names(folder, ignored=True)

    def _file(self, path: str) -> ParameterFile | None:
        if path not in self._read:
            self._read[path] = None
            try:
                self._read[path] = read_parameter_file(self._files, path)
            except ReadError as error:
                self._problems.append(problem_of(path, error, "a parameter file in YAML or JSON"))
            except Unreadable as error:
                self._problems.append(Problem(path, str(error)))
        return self._read[path]


def _fits(file: ParameterFile, template: Template) -> bool:
    """Whether a file is for a template: it names it, or all that it gives are parameters of it."""
    if not file.fits(set(template.parameters)):
        return False
    if not file.template:
        return bool(file.given)
    wanted = file.template.removeprefix("./")
    folder, _ = split(file.path)
    return template.path in (wanted, f"{folder}/{wanted}") or template.path.endswith(f"/{wanted}")


def _scenario(name: str, files: Sequence[ParameterFile], tier: str) -> Scenario:
    given = {key: value for file in files for key, value in file.given.items()}
    tags = {key: value for file in files for key, value in file.tags.items()}
    return Scenario(name, given, tags, tier, tuple(file.path for file in files))


def _renamed(scenario: Scenario) -> Scenario:
    """Two files of one name in two folders are told apart by their paths."""
    return Scenario(scenario.files[0], scenario.given, scenario.tags, scenario.tier, scenario.files)


def scenarios_of(library: Library, template: Template, named: Sequence[Scenario], wishes: Wishes) -> list[Scenario]:
    """The scenarios to evaluate: the named ones or the default, as far as they were asked for.

    Where the name of an alternative of the environment was asked for, that is a scenario of its own.
    """
    chosen = {name: Given(text) for name, text in wishes.variables.items() if name in template.parameters}
    every = [_with(scenario, chosen) for scenario in named or [Scenario()]]
    if not wishes.only:
        return every
    found = [scenario for scenario in every if _wanted(scenario.name, wishes)]
    for scenario in every:
        if scenario not in found:
            name, texts = _environment(library, template, scenario, wishes.environments)
            found += [
                _with(Scenario(text, scenario.given, scenario.tags, scenario.tier, scenario.files), {name: Given(text)})
                for text in texts
                if _wanted(text, wishes)
            ]
    return found


def scenario_names(library: Library, template: Template, named: Sequence[Scenario], wishes: Wishes) -> list[str]:
    """All names that may be asked for."""
    names: dict[str, None] = {}
    for scenario in named or [Scenario()]:
        alternatives = _environment(library, template, scenario, wishes.environments)[1]
        own = () if alternatives and scenario.name == DEFAULT else (scenario.name,)
        names.update(dict.fromkeys((*own, *alternatives)))
    return list(names)


def _wanted(name: str, wishes: Wishes) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in wishes.only)


def _with(scenario: Scenario, given: Mapping[str, Given]) -> Scenario:
    together = {**scenario.given, **given}
    return Scenario(scenario.name, together, scenario.tags, scenario.tier, scenario.files)


def _environment(
    library: Library, template: Template, scenario: Scenario, environments: Environments
) -> tuple[str, tuple[str, ...]]:
    """The parameter that names the environment and the texts that it may be, where the scenario leaves it open."""
    name = environment_parameter(template.parameters, environments)
    if name is None or name in scenario.given:
        return "", ()
    usage = usage_with_children(library, template)
    decision = decisions_of(template, usage, environments, scenario.given)[name]
    return name, () if decision.hidden else decision.texts


def _is_production(stack: Stack) -> Value:
    """Whether it is production, where a parameter is true for that (`IsProd`); None where none says it."""
    for name, declaration in stack.template.parameters.items():
        texts = domain_of(declaration) or ()
        if asks_for_production(name, stack.setting.environments) and texts and all(text in _TRUTHS for text in texts):
            return lift(lambda known: _TRUTHS.get(bare(known)), stack.evaluator.reference(name))
    return None


def environment_of(stack: Stack, scenario: Scenario) -> Value:
    """What names the environment of a deployment: its parameter, or the name of the scenario.

    A parameter's text that names none gives way to a scenario's name that does.
    """
    environments = stack.setting.environments
    name = environment_parameter(stack.template.parameters, environments)
    decision = stack.evaluator.inputs.decisions.get(name) if name else None
    if decision and not decision.hidden:
        known = decision.texts
        production = [text for text in known if tier_of(text, environments)]
        telling = [text for text in known if tier_of(text, environments) is not None]
        literals = tuple(dict.fromkeys([*production, *telling, *known]))
        if len(literals) > MOST_ALTERNATIVES:
            message = f"parameter {name} may be one of {len(literals)} environments: {MOST_ALTERNATIVES} are told apart"
            stack.bounds.note(stack.template.path, message, 1, "limit")
        return steered_environment(decision.variable, literals[:MOST_ALTERNATIVES], environments)
    truth = _is_production(stack) if name is None else None
    if truth is not None:
        return truth
    value = stack.evaluator.reference(name) if name else None
    called = None if scenario.name == DEFAULT else scenario.name
    if name is None and called is None and stack.framework:
        return stack.framework.stage(environments)
    if isinstance(value, str) and (tier_of(value, environments) is not None or called is None):
        return value
    return called
