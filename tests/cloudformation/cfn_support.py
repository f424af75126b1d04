"""Templates as text in, deployments out, through the whole source."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dblint.aws import dynamodb, elasticache, rds  # noqa: F401  (registers the views)
from dblint.model import Choice, Deployment, Problem, Ref, Resource, Unknown, Value, Variable
from dblint.sources.base import Root, Wishes
from dblint.sources.cloudformation.source import CloudFormation
from dblint.sources.files import Files

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "cloudformation"


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Files by their relative paths; texts are dedented."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())


def scan(folder: Path, *named: str, **wishes: Any) -> tuple[list[Root], list[Problem]]:
    """The roots of a project, or of files of it, and the problems that were met on the way."""
    files = Files(folder)
    for path in named or (".",):
        files.add(folder / path)
    problems: list[Problem] = []
    roots = CloudFormation().roots(files, Wishes(**wishes), problems)
    return roots, [*files.problems, *problems]


def deployments(folder: Path, template: str | Mapping[str, str | bytes], **wishes: Any) -> list[Deployment]:
    """All deployments of a template, or of a project; there must be no problem."""
    write(folder, {"t.yaml": template} if isinstance(template, str) else template)
    roots, problems = scan(folder, **wishes)
    found = [deployment for root in roots for deployment in root.deployments()]
    assert not problems
    assert not [problem for root in roots for problem in root.problems]
    return found


def resources(folder: Path, template: str | Mapping[str, str | bytes], **wishes: Any) -> dict[str, Resource]:
    """The resources of the one deployment, by address."""
    (deployment,) = deployments(folder, template, **wishes)
    return {resource.address: resource for resource in deployment.resources}


def database(properties: str, before: str = "") -> str:
    """A template with one database of these properties."""
    head = textwrap.dedent(before)
    body = textwrap.indent(textwrap.dedent(properties).strip("\n"), "      ")
    return f"{head}\nResources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n{body}\n"


def read(value: Value, **assumed: Any) -> Any:
    """A value in plain words: choices are taken where `assumed` (by the names of variables) says, unknown ones are
    "?", references are "-> address"."""
    if isinstance(value, Choice):
        return read(_chosen(value, assumed), **assumed)
    if isinstance(value, Ref):
        return f"-> {', '.join(value.to)}"
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, dict):
        return {key: found for key, item in value.items() if (found := read(item, **assumed)) is not None}
    if isinstance(value, list):
        return [found for item in value if (found := read(item, **assumed)) is not None]
    return value


def _chosen(value: Choice, assumed: Mapping[str, Any]) -> Value:
    wanted = assumed[value.variable.name]
    return next(inner for among, inner in value.parts if (wanted in among.values) is not among.others)


def variables(value: Value) -> set[str]:
    """The names of all variables that steer a value."""
    found: set[Variable] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Choice):
            found.add(item.variable)
            waiting += [inner for _, inner in item.parts]
    return {variable.name for variable in found}
