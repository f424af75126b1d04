"""Terraform as a kind of input: roots that hold databases, and what each of them deploys in each scenario."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from dblint.choice import choose, only
from dblint.environment import asks_for_production, environment_of, tier_of
from dblint.model import Deployment, Location, Note, Problem, Resource, Unknown, Variable
from dblint.model import Value as ModelValue
from dblint.records import replace
from dblint.scenario import DEFAULT
from dblint.sources.base import Root, Wishes
from dblint.sources.files import Files, Unreadable
from dblint.sources.terraform.canonical import terraform_views
from dblint.sources.terraform.evaluation.border import to_model
from dblint.sources.terraform.evaluation.decisions import environment_literals
from dblint.sources.terraform.evaluation.providers import version_constraints
from dblint.sources.terraform.evaluation.references import WORKSPACE
from dblint.sources.terraform.evaluation.resources import module_instances, resources_of, strangers_of
from dblint.sources.terraform.evaluation.run import Given, Run
from dblint.sources.terraform.evaluation.scope import ModuleInstance
from dblint.sources.terraform.evaluation.variables import variable
from dblint.sources.terraform.limits import LimitReached
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.project import Project
from dblint.sources.terraform.roots import Discovery, types_pattern
from dblint.sources.terraform.scenarios import Scenario, Scenarios, environment_variable, uses_workspace
from dblint.sources.terraform.syntax.text import scan_all
from dblint.sources.terraform.values.value import EvaluationError
from dblint.sources.terraform.variable_files import VariableFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.sources.terraform.plan.document import PlanDocument

# Frames of Python that the deepest evaluation takes; see limits.DEEPEST_EVALUATION.
_FRAMES = 8_000
_MOST_NAMED = 3


class Terraform:
    """The source. Views must be declared before it is asked for roots."""

    name = "terraform"

    def roots(self, files: Files, wishes: Wishes, problems: list[Problem]) -> list[Root]:
        """Roots that hold a database. Files that can not be read are added to `problems`, also later, when they are
        met in an evaluation."""
        databases = [kind for kind, view in terraform_views().items() if not view.supporting]
        if not databases:
            return []
        project = Project(files, problems.append, wishes.modules)
        discovery = Discovery(project, types_pattern(databases))
        folders = discovery.roots(wishes.roots)
        _say_missed(discovery.missed, folders, wishes, project)
        files.notes += _unseen(discovery)
        variable_files = VariableFiles(project, folders)
        roots = [TerraformRoot(project, folder, wishes, variable_files) for folder in folders]
        if wishes.scenarios and roots:
            files.notes += _absent_scenarios(roots, wishes, files)
        return [*roots, *_planned_roots(project, wishes, variable_files, roots, frozenset(databases))]

    def again(
        self, files: Files, wishes: Wishes, problems: list[Problem], roots: Sequence[str], changed: Mapping[str, str]
    ) -> Callable[[str], Root] | None:
        databases = [kind for kind, view in terraform_views().items() if not view.supporting]
        project = Project(files, problems.append, wishes.modules)
        discovery = Discovery(project, types_pattern(databases))
        if not all(discovery.finds_the_same(path, digest) for path, digest in changed.items()):
            return None
        variable_files: list[VariableFiles] = []

        def made(path: str) -> Root:
            if not variable_files:
                variable_files.append(VariableFiles(project, roots))
            return TerraformRoot(project, path, wishes, variable_files[0])

        return made


def _say_missed(missed: Sequence[str], chosen: Sequence[str], wishes: Wishes, project: Project) -> None:
    """Says which folders the patterns of the settings leave out; where that is all that the project has, nothing was
    looked at."""
    if missed and not chosen and "." in project.files.found:
        message = f"no folder with databases fits {', '.join(wishes.roots)}: nothing of them was looked at"
        more = f" and {len(missed) - _MOST_NAMED} more" if len(missed) > _MOST_NAMED else ""
        hint = f"they are {', '.join(missed[:_MOST_NAMED])}{more}"
        project.report(Problem("[terraform] roots", message, hint=hint))
        return
    for folder in missed:
        message = "no pattern of [terraform] roots fits this folder, and no root calls it: its databases are not judged"
        project.files.notes.append(Note(folder, message, "roots"))


def _unseen(discovery: Discovery) -> Iterator[Note]:
    """What is not known of roots without databases, which are not evaluated."""
    for folder, sources in discovery.unseen():
        more = f" and {len(sources) - _MOST_NAMED} more" if len(sources) > _MOST_NAMED else ""
        listed = f"{', '.join(sources[:_MOST_NAMED])}{more}"
        yield Note(
            folder, f"no database is seen here; modules that are not installed may make some: {listed}", "unseen"
        )


def _absent_scenarios(roots: Sequence[TerraformRoot], wishes: Wishes, files: Files) -> Iterator[Note]:
    """The scenarios of the settings that no root has the variable files of, where all roots are looked at."""
    for name, named in wishes.scenarios.items() if "." in files.found else ():
        if named.var_files and not any(root.has_files_of(name) for root in roots):
            message = f"no root has the variable files of this scenario: {', '.join(named.var_files)}"
            yield Note(f"[scenarios.{name}]", message, "scenario")


def _planned_roots(
    project: Project, wishes: Wishes, variable_files: VariableFiles, roots: list[TerraformRoot], kinds: frozenset[str]
) -> list[Root]:
    """The roots that only plans lead to; a plan of one of `roots` is one more scenario of that."""
    from dblint.sources.terraform.plan.discovery import assigned, plan_paths, read_plans

    files = project.files
    paths = [*wishes.plans, *plan_paths(files)]
    if not paths:
        return []
    from dblint.sources.terraform.plan.root import PlanRoot

    documents = [d for d in read_plans(files, paths, project.report) if any(one.type in kinds for one in d.instances)]
    of_code, alone = assigned(files, documents, [root.path for root in roots])
    known = {root.path: root for root in roots}
    new: list[Root] = [PlanRoot(folder, plans, wishes) for folder, plans in alone.items()]
    for folder, plans in of_code.items():
        root = known.get(folder)
        if root is None:
            root = TerraformRoot(project, folder, wishes, variable_files)
            root.only_planned = True
            new.append(root)
        root.plans += plans
        root.files.update(document.path for document in plans)
    return new


class TerraformRoot:
    """One root module."""

    source = "terraform"
    is_root = True

    def __init__(self, project: Project, path: str, wishes: Wishes, variable_files: VariableFiles) -> None:
        self.path = path
        self.files: set[str] = set(project.paths(path))
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.concealed: set[Location] = set()
        self._project = project
        self._wishes = wishes
        self._variable_files = variable_files
        self._scenarios = Scenarios(project, path, wishes, variable_files)
        self.plans: list[PlanDocument] = []
        self.only_planned = False

    @property
    def basis(self) -> str | None:
        """The variable files that may be its own, which also hang on where the other roots are."""
        if self.plans or self._wishes.only:
            return None
        return "\0".join((*self._project.paths(self.path), "", *self._variable_files.near(self.path)))

    @property
    def alone(self) -> bool:
        return not self.plans and not self.only_planned

    def scenario_names(self) -> Sequence[str]:
        names = [] if self.only_planned else self._scenarios.names()
        return [*dict.fromkeys([*names, *self._planned()])]

    def has_files_of(self, scenario: str) -> bool:
        """Whether the variable files are there that the settings give a scenario."""
        return self._scenarios.has_files_of(self._wishes.scenarios[scenario])

    def _planned(self) -> dict[str, PlanDocument]:
        """The plans by the names of their scenarios."""
        if not self.plans:
            return {}
        from dblint.sources.terraform.plan.discovery import name_of

        return {name_of(document.path): document for document in self.plans}

    def release(self) -> None:
        """Forgets the module itself; what it calls may be called by others."""
        self._project.forget(self.path)
        for scenario in self._variable_files.near(self.path):
            self._project.files.forget(scenario)

    def deployments(self) -> Iterator[Deployment]:
        """What the root deploys, scenario by scenario; a plan replaces the scenario that is called like it."""
        sys.setrecursionlimit(max(sys.getrecursionlimit(), _FRAMES))
        for path in self._project.paths(self.path):
            scan_all(self._project.body(path))
        planned = self._planned()
        for scenario in () if self.only_planned else self._scenarios.chosen():
            if scenario.name not in planned:
                yield self._deployment(scenario, self._scenarios.variables(scenario))
        self.notes += self._scenarios.notes
        for name, document in planned.items():
            if not self._wishes.only or any(fnmatchcase(name, wanted) for wanted in self._wishes.only):
                yield self._planned_deployment(name, document)

    def _planned_deployment(self, name: str, document: PlanDocument) -> Deployment:
        """What a plan says will be, each resource where the code writes it."""
        from dblint.sources.terraform.plan.deployment import given_by, resources

        settings = self._wishes.scenarios.get(name)
        scenario = Scenario(name, tier=settings.tier if settings else "")
        code = self._deployment(scenario, given_by(document))
        written = {resource.address: resource for resource in code.resources}
        return replace(code, resources=tuple(resources(document, written, self._wishes.region)))

    def _deployment(self, scenario: Scenario, variables: Mapping[str, Given]) -> Deployment:
        run = Run(
            self._project,
            self.path,
            variables=variables,
            workspace=scenario.workspace,
            environments=self._wishes.environments,
            region=self._wishes.region,
        )
        run.pinned = dict(scenario.pinned)
        run.variables_of = self._variables_of(scenario)
        run.files = self.files
        run.notes = self.notes
        self.files.update(self._scenarios.files(scenario))
        root = ModuleInstance(run, self._project.module(self.path))
        resources = self._resources(root)
        return Deployment(
            name=scenario.name,
            root=self.path,
            source="terraform",
            resources=resources,
            environment=self._environment(root, scenario),
            environments=self._wishes.environments,
            tier=scenario.tier,
            strangers=tuple(strangers_of(root)),
        )

    def _variables_of(self, scenario: Scenario) -> Callable[[str], Mapping[str, Given]]:
        """What the variables of another root are given, in the scenario of the same name if it has one."""

        def variables(folder: str) -> Mapping[str, Given]:
            other = Scenarios(self._project, folder, self._wishes, self._variable_files)
            alike = [one for one in other.all() if one.name == scenario.name]
            return other.variables(alike[0] if alike else Scenario(DEFAULT))

        return variables

    def _resources(self, root: ModuleInstance) -> tuple[Resource, ...]:
        found: list[Resource] = []
        try:
            found.extend(resources_of(root, terraform_views(), self._version(root)))
        except LimitReached as limit:
            root.run.limited(limit)
        return tuple(found)

    def _version(self, root: ModuleInstance) -> str:
        """The constraint on the AWS provider: the exact version that is locked, else all that modules ask for."""
        locked = _locked_version(self._project, self.path)
        if locked:
            return locked
        modules: dict[str, Module] = {m.module.folder: m.module for m in module_instances(root)}
        terms = [term for module in modules.values() for term in version_constraints(module.settings)]
        return ", ".join(dict.fromkeys(terms))

    def _environment(self, root: ModuleInstance, scenario: Scenario) -> ModelValue:
        """What names the environment: the scenario, where its name does; a variable; the workspace."""
        environments = self._wishes.environments
        if scenario.name != DEFAULT and tier_of(scenario.name, environments) is not None:
            return scenario.name
        module = root.module
        name = environment_variable(module, self._wishes)
        if name is not None:
            return self._named_by(_value_of(root, name), root)
        if uses_workspace(module):
            if scenario.workspace is not None:
                return scenario.workspace
            return self._named_by(Unknown("terraform.workspace", variable=WORKSPACE), root)
        truth = self._is_production(root)
        return scenario.name if truth is None and scenario.name != DEFAULT else truth

    def _is_production(self, root: ModuleInstance) -> ModelValue:
        """Whether it is production, where a variable is true for that (`is_prod`) and nothing names the environment."""
        for name in root.module.variables:
            if asks_for_production(name, self._wishes.environments):
                value = _value_of(root, name)
                if isinstance(value, Unknown) and value.variable is not None and value.variable.domain == (True, False):
                    return choose(value.variable, [(only(True), True), (only(False), False)])
                return value if isinstance(value, bool) else None
        return None

    def _named_by(self, value: ModelValue, root: ModuleInstance) -> ModelValue:
        """An unknown environment as one of those that the code speaks of, or another. Where the root itself speaks of
        no production, its modules may."""
        if not isinstance(value, Unknown):
            return value
        identity: Variable | None = value.variable
        if identity is None:
            return None
        environments = self._wishes.environments
        literals = environment_literals([text.text for text in root.module.texts], environments)
        if not any(tier_of(literal, environments) for literal in literals):
            modules = {m.module.folder: m.module for m in module_instances(root)}.values()
            literals = environment_literals([text.text for m in modules for text in m.texts], environments)
        return environment_of(identity, literals, environments)


def _value_of(root: ModuleInstance, name: str) -> ModelValue:
    try:
        return to_model(variable(root, name))
    except (EvaluationError, LimitReached):
        return None


def _locked_version(project: Project, root: str) -> str:
    """The version of hashicorp/aws in .terraform.lock.hcl; "" where there is none."""
    name = ".terraform.lock.hcl"
    if name not in project.files.names(root):
        return ""
    path = name if root == "." else f"{root}/{name}"
    try:
        project.files.read(path)
    except Unreadable:
        return ""
    for block in project.body(path).blocks:
        if block.type == "provider" and block.labels and block.labels[0].endswith("/hashicorp/aws"):
            version = block.body.arguments.get("version")
            value = getattr(getattr(version.expression, "value", None), "data", "") if version else ""
            return str(value)
    return ""
