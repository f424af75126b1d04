"""One template as a root: its scenarios, and the deployment of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.model import Deployment, Location, Note, Problem
from dblint.sources.base import Wishes
from dblint.sources.cloudformation.cdk import assembly_of
from dblint.sources.cloudformation.concealment import conceal_given, conceal_secrets
from dblint.sources.cloudformation.constraints import admits
from dblint.sources.cloudformation.detect import database_types
from dblint.sources.cloudformation.evaluate import Bounds
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.linked import Exchange, Links, with_nested
from dblint.sources.cloudformation.parameter_files import offered
from dblint.sources.cloudformation.parameters import Given, environment_parameter
from dblint.sources.cloudformation.pseudo import with_region
from dblint.sources.cloudformation.resource_types import SOURCE
from dblint.sources.cloudformation.resources import resources_of
from dblint.sources.cloudformation.scenarios import Scenario, environment_of, scenario_names, scenarios_of
from dblint.sources.cloudformation.stack import Setting, Stack
from dblint.sources.cloudformation.template import Template, declares
from dblint.sources.cloudformation.unresolved import strangers_of


class TemplateRoot:
    """A template that holds a database, itself or through nested stacks. Implements Root."""

    source = SOURCE

    def __init__(
        self,
        library: Library,
        template: Template | str,
        wishes: Wishes,
        named: Sequence[Scenario],
        links: Links,
        family: str,
    ) -> None:
        """`template`: the path of one that is read when it is evaluated; it may turn out then that it is none, or holds
        no database. `family`: what those hang on that have to do with others; "" for one that has not."""
        self.path = template if isinstance(template, str) else template.path
        self.files = {self.path}
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.concealed: set[Location] = set()
        self.is_root = True
        self._library = library
        self._given = None if isinstance(template, str) else template
        self._wishes = wishes
        self._named = named
        self._links = links
        self._family = family
        self._bounds: list[Bounds] = []

    @property
    def basis(self) -> str | None:
        """The template, and what else it has to do with; None where that is parameter files, or others in its file,
        which are roots of the same name."""
        if self._named or self._wishes.only or self._wishes.parameter_files:
            return None
        if self._given and len(self._library.templates(self.path)) > 1:
            return None
        return self._library.files.answer(("read", self.path)).hex() + self._family

    @property
    def alone(self) -> bool:
        return self._given is None and not self._family and not self._named

    @property
    def _template(self) -> Template:
        return self._given or self._library.templates(self.path)[0]

    def _is_template(self) -> bool:
        """Whether the file holds what its bytes promise."""
        if self._given is None:
            read = self._library.templates(self.path)
            self.is_root = any(declares(template, database_types()) for template in read)
            self.problems[:] = [] if read else self._library.problems(self.path)
        return self.is_root

    def scenario_names(self) -> Sequence[str]:
        if not self._is_template():
            return ()
        return scenario_names(self._library, self._template, self._named, self._wishes)

    def release(self) -> None:
        """Forgets the text of the template, and what was read of it where nobody else has to do with it."""
        self._bounds.clear()
        if self._given is None:
            self._library.forget(self.path)
        self._library.files.forget(self.path)

    def deployments(self) -> Iterator[Deployment]:
        if not self._is_template():
            return
        self._bounds = [Bounds()]
        self._offer(self._bounds[0])
        for scenario in scenarios_of(self._library, self._template, self._named, self._wishes):
            bounds = Bounds()
            self._bounds.append(bounds)
            yield self._deployment(scenario, bounds)
        files = self._library.files
        for path in sorted(self.files):
            for template in self._library.templates(path):
                conceal_secrets(files, template)
        self.concealed = {place for path in self.files for place in files.concealed.get(path, ())}
        # Properties are evaluated while they are judged, so what was not followed is known only now.
        self.notes[:] = dict.fromkeys(note for bounds in self._bounds for note in bounds.notes.values())
        self.problems[:] = [problem for path in sorted(self.files) for problem in self._library.problems(path)]

    def _deployment(self, scenario: Scenario, bounds: Bounds) -> Deployment:
        self._check(scenario, bounds)
        exchange = Exchange()
        main = self._stack(self._template, scenario, exchange, bounds)
        exchange.add(main)
        linked = [self._linked(template, main, scenario, exchange) for template in self._links.linked(main)]
        for stack in linked:
            exchange.add(stack)
        stacks = [each for stack in (main, *linked) for each in with_nested(stack)]
        self.files.update(scenario.files, *(each.files for each in stacks))
        return Deployment(
            name=scenario.name,
            root=self.path,
            source=SOURCE,
            resources=tuple(resources_of(main)),
            environment=environment_of(main, scenario),
            environments=self._wishes.environments,
            tier=scenario.tier,
            strangers=tuple(stranger for each in stacks for stranger in strangers_of(each)),
            context=tuple(resource for stack in linked for resource in resources_of(stack)),
        )

    def _check(self, scenario: Scenario, bounds: Bounds) -> None:
        """Says which values CloudFormation would refuse. They are judged as they are given."""
        for name, given in scenario.given.items():
            declaration = self._template.parameters.get(name)
            if declaration and isinstance(given.value, str) and not admits(declaration, given.value):
                message = f"scenario {scenario.name}: parameter {name} is given a value that the template refuses"
                bounds.note(self.path, message, declaration.key.start[0] + 1, "scenario")

    def _offer(self, bounds: Bounds) -> None:
        """Tells of parameter files that nobody named."""
        if not self._named and self._template.parameters:
            found, more = offered(self._library.files, self._template)
            for path in found:
                message = f"found {path}, which gives values to its parameters: --parameters {path} judges them"
                bounds.note(self.path, message, 1, "parameters")
            if more:
                bounds.note(self.path, f"found {more} more files that give values to its parameters", 1, "parameters")

    def _stack(
        self, template: Template, scenario: Scenario, exchange: Exchange, bounds: Bounds, prefix: str = ""
    ) -> Stack:
        conceal_given(self._library.files, template, scenario.given)
        assembly = assembly_of(self._library.files, template.path)
        tags = {**(assembly.tags if assembly else {}), **scenario.tags}
        setting = Setting(
            given=scenario.given,
            pseudo=with_region(assembly.pseudo if assembly else {}, self._wishes.region),
            tags=tags,
            environments=self._wishes.environments,
            imports=exchange,
            assembly=assembly,
        )
        return Stack(self._library, template, setting, bounds, prefix)

    def _linked(self, template: Template, main: Stack, scenario: Scenario, exchange: Exchange) -> Stack:
        """A stack that exports to the main one or imports from it, in the same environment."""
        environments = self._wishes.environments
        mine = environment_parameter(main.template.parameters, environments)
        theirs = environment_parameter(template.parameters, environments)
        given = {theirs: Given(main.evaluator.reference(mine))} if mine and theirs else {}
        files = self._links.scenario(template, scenario.name)
        there = Scenario(scenario.name, {**given, **(files.given if files else {})}, files.tags if files else {})
        return self._stack(template, there, exchange, main.bounds, f"{template.path}:")
