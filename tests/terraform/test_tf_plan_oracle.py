"""Whole roots of real types against `terraform plan`, value by value: recorded with a provider that stands in for AWS,
and live where terraform and grpcio are at hand; the examples of public modules live alone."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from plan_oracle import Comparison, NoPlan, compared, kept, planned
from tf_support import CORPUS, Files, Terraform, Wishes

from dblint.model import Problem
from dblint.packs import load, own
from dblint.sources.terraform.evaluation.run import Given, Run
from dblint.sources.terraform.evaluation.scope import ModuleInstance
from dblint.sources.terraform.project import Project
from dblint.sources.terraform.variable_files import automatic_files, given_by

PLANNED = Path(__file__).parent / "planned"
ROOTS = sorted(path.name for path in PLANNED.iterdir() if path.is_dir())
# Where dblint does not say what Terraform knows, and why.
UNKNOWN_HERE: dict[str, str] = {}

# Variables that examples of cloudposse are tried with.
FIXTURES = re.compile(r"fixtures\..*\.tfvars")

live = pytest.mark.skipif(
    shutil.which("terraform") is None or importlib.util.find_spec("grpc") is None,
    reason="terraform or grpcio (the dependency group oracle) is not here",
)


@pytest.fixture(scope="module", autouse=True)
def views() -> None:
    load([own()])


def evaluated(top: Path, folder: str) -> ModuleInstance:
    """The root module of a folder, with the variables that its files give."""
    problems: list[Problem] = []
    project = Project(Files(top), problems.append)
    given: dict[str, Given] = {}
    fixtures = sorted(f"{folder}/{name}" for name in project.files.names(folder) if FIXTURES.fullmatch(name))
    for path in (*automatic_files(project.files.names(folder), folder), *fixtures):
        given.update(given_by(project, path))
    assert not problems
    return ModuleInstance(Run(project, folder, variables=given), project.module(folder))


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PLANNED / name / "plan.json").read_text(encoding="utf-8"))
    return found


def agrees(found: Comparison) -> None:
    assert found.different == []
    assert found.missing == []
    assert found.extra == []


@pytest.mark.parametrize("name", ROOTS)
def test_values_are_those_of_the_plan(name: str) -> None:
    found = compared(recorded(name), evaluated(PLANNED / name, "."))
    agrees(found)
    assert found.counts["equal"] > 0
    assert [path for path in found.unknown_here if path not in UNKNOWN_HERE] == []


def test_the_comparison_can_fail() -> None:
    plan = recorded("instance")
    for change in plan["resource_changes"]:
        if change["type"] == "aws_db_instance":
            change["change"]["after"]["multi_az"] = True
            change["address"] += "[0]"
    found = compared(plan, evaluated(PLANNED / "instance", "."))
    assert (found.missing, found.extra) == (["aws_db_instance.orders[0]"], ["aws_db_instance.orders"])
    plan = recorded("instance")
    change = next(change for change in plan["resource_changes"] if change["type"] == "aws_db_instance")
    change["change"]["after"]["multi_az"] = True
    found = compared(plan, evaluated(PLANNED / "instance", "."))
    assert found.different == ["aws_db_instance.orders.multi_az: True there, False here"]


@live
@pytest.mark.terraform
@pytest.mark.parametrize("name", ROOTS)
def test_records_are_what_terraform_says(name: str) -> None:
    now, then = kept(planned(PLANNED / name)), recorded(name)
    assert now["resource_changes"] == then["resource_changes"]
    assert now["configuration"] == then["configuration"]


def examples() -> list[str]:
    return sorted(str(path.parent.relative_to(CORPUS)) for path in CORPUS.glob("*/examples/*/main.tf"))


@live
@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.terraform
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("example", examples() if CORPUS.is_dir() else [])
def test_examples_of_public_modules(example: str) -> None:
    """Examples that call only their own module plan as they are; the others call modules that are not here."""
    repository, _, folder = example.partition("/")
    try:
        plan = planned(CORPUS / example, parent=CORPUS / repository)
    except NoPlan as error:
        pytest.skip(re.sub(r"\s+", " ", str(error))[:200])
    agrees(compared(plan, evaluated(CORPUS / repository, folder)))


@live
@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.terraform
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("repository", sorted(path.name for path in CORPUS.iterdir()) if CORPUS.is_dir() else [])
def test_other_roots_of_the_corpus(repository: str) -> None:
    """Modules and projects, with values that are not known where nothing gives any."""
    files = Files(CORPUS / repository)
    files.add(CORPUS / repository)
    folders = [root.path for root in Terraform().roots(files, Wishes(), [])]
    refused = []
    for folder in (folder for folder in folders if not folder.startswith("examples/")):
        try:
            plan = planned(CORPUS / repository / folder, parent=CORPUS / repository)
        except NoPlan as error:
            refused.append(f"{folder}: {str(error)[:80]}")
        else:
            agrees(compared(plan, evaluated(CORPUS / repository, folder)))
    if refused:
        pytest.skip(f"Terraform does not plan {'; '.join(refused)}")
