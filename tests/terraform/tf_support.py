"""Terraform as text in, deployments and values out. The views are small ones of these tests' own types, so that no
knowledge of AWS stands between the text and what is looked at."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dblint.choice import alternatives
from dblint.model import Choice, Deployment, Problem, Ref, Resource, Unknown, Value
from dblint.properties import Entries, Secret, Switch, prop
from dblint.sources.base import Root, Wishes
from dblint.sources.files import Files
from dblint.sources.terraform.evaluation.expressions import attempt
from dblint.sources.terraform.evaluation.run import Run
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.project import Project
from dblint.sources.terraform.source import Terraform
from dblint.sources.terraform.syntax.expression import parse_expression
from dblint.sources.terraform.syntax.text import Text
from dblint.sources.terraform.syntax.tree import Node
from dblint.sources.terraform.values.value import Evaluated
from dblint.view import Part, View, part, parts

# As the source itself sets it; hypothesis minds where it changes while a test runs.
sys.setrecursionlimit(8_000)

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "terraform"


SKIP = Switch("skip_final_snapshot", ((True, "Delete"), (False, "Snapshot")))


class Frame(Part):
    Enabled: bool = prop("enabled", default=False)
    Days: int = prop("days", default=7)


class Store(View, cloudformation="Test::Store", terraform="testaws_store", identity="Name"):
    """A database of the tests."""

    Name: str | None = prop("name")
    Engine: str | None = prop("engine")
    Days: int = prop("days", default=0)
    MultiAZ: bool = prop("multi_az", default=False)
    Password: Secret = prop("password")
    KeyId: str | None = prop("kms_key_id")
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())
    Parameters: Entries = prop("parameters")
    Window: Frame = part(Frame, "window")
    Windows: tuple[Frame, ...] = parts(Frame, "windows")
    DeletionPolicy: str = prop(
        Switch("skip_final_snapshot", ((True, "Delete"), (False, "Snapshot"))), default="Snapshot"
    )


class Network(View, cloudformation="Test::Network", terraform="testaws_network", identity="Name", supporting=True):
    """Something that databases need."""

    Name: str | None = prop("name")


def project(texts: Mapping[str, str]) -> Files:
    """Files that are on no disk; texts are dedented."""
    return Files.of({path: textwrap.dedent(text) for path, text in texts.items()})


def scan(texts: Mapping[str, str] | str, **wishes: Any) -> tuple[list[Root], list[Problem]]:
    """The roots of a project, and the problems so far; a single text is main.tf."""
    problems: list[Problem] = []
    files = project({"main.tf": texts} if isinstance(texts, str) else texts)
    return Terraform().roots(files, Wishes(**wishes), problems), problems


def deployments(texts: Mapping[str, str] | str, **wishes: Any) -> list[Deployment]:
    """All deployments of a project; there must be no problem."""
    roots, problems = scan(texts, **wishes)
    found = [deployment for root in roots for deployment in root.deployments()]
    for deployment in found:
        for resource in deployment.resources:
            dict(resource.properties)
    assert not problems, problems
    return found


def only(texts: Mapping[str, str] | str, **wishes: Any) -> Deployment:
    found = deployments(texts, **wishes)
    assert len(found) == 1, [deployment.name for deployment in found]
    return found[0]


def stores(deployment: Deployment) -> dict[str, Resource]:
    """The databases by address."""
    return {r.address: r for r in deployment.resources if r.type == "Test::Store"}


def store(texts: Mapping[str, str] | str, **wishes: Any) -> Resource:
    """The only database of the only deployment."""
    found = stores(only(texts, **wishes))
    assert len(found) == 1, list(found)
    return next(iter(found.values()))


def argument(text: str, **more: str) -> Value:
    """The value of an argument `name = …` of a database, with other declarations beside it."""
    texts = {"main.tf": f"resource testaws_store x {{\n name = {text}\n}}\n", **more}
    return store(texts).properties.get("Name")


def simple(value: Value) -> Any:
    """A value in a form that is easy to compare: unknowns are "?", references {"ref": …}, choices {variable: …}."""
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, Ref):
        return {"ref": list(value.to), "value": simple(value.value), "attribute": value.attribute}
    if isinstance(value, Choice):
        return {value.variable.name: [simple(leaf) for leaf in alternatives(value)]}
    if isinstance(value, list):
        return [simple(item) for item in value]
    if isinstance(value, dict):
        return {key: simple(item) for key, item in value.items()}
    return value


def origins(resource: Resource, *path: str | int, **assumed: Any) -> list[tuple[str, str]]:
    """The way of a property: "main.tf:3 text at the place", and what it is."""
    trace = resource.trace(path, assumed.get("assumptions", {}))
    return [(f"{o.location.file}:{o.location.line}", o.text) for o in trace.origins]


class Console:
    """An evaluator of single expressions in a module of a given text."""

    def __init__(self, text: str = "") -> None:
        self.problems: list[Problem] = []
        self._project = Project(Files.of({"main.tf": text}), self.problems.append)
        self.run = Run(self._project, ".")
        self.module = ModuleInstance(self.run, self._project.module("."))

    def parse(self, expression: str) -> Node:
        return parse_expression(Text("console", expression, self.problems.append), 0, len(expression))

    def evaluate(self, expression: str) -> Evaluated:
        """The value; a failure is a value of kind "error"."""
        self.run.spent = 0
        return attempt(self.parse(expression), Scope(self.module))
