"""The source on real code: nothing crashes, nothing is unreadable, and Terraform says the same of its locals and
variables."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tf_support import CORPUS, Files, Terraform, Wishes

from dblint.model import Choice, Problem, Unknown
from dblint.sources.terraform.evaluation.expressions import attempt
from dblint.sources.terraform.evaluation.run import Run
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.functions.encoding import json_text
from dblint.sources.terraform.limits import MOST_EVALUATIONS
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.project import Project
from dblint.sources.terraform.syntax.json_syntax import Embedded
from dblint.sources.terraform.values.lifting import hoist
from dblint.sources.terraform.values.value import UNKNOWN, EvaluationError, Value, plain_leaves
from dblint.view import VIEWS

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here"),
]
REPOSITORIES = sorted(path.name for path in CORPUS.iterdir()) if CORPUS.is_dir() else []


@pytest.fixture(scope="module", autouse=True)
def views() -> None:
    import importlib
    import pkgutil

    import dblint.aws

    for module in pkgutil.iter_modules(dblint.aws.__path__):
        importlib.import_module(f"dblint.aws.{module.name}")
    assert VIEWS


@pytest.mark.parametrize("repository", REPOSITORIES)
def test_every_root_is_evaluated_within_the_budget(repository: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Run] = []
    entered = Run.__init__
    monkeypatch.setattr(Run, "__init__", lambda self, *a, **k: (entered(self, *a, **k), runs.append(self))[0])
    files = Files(CORPUS / repository)
    files.add(CORPUS / repository)
    problems: list[Problem] = []
    roots = Terraform().roots(files, Wishes(), problems)
    for root in roots:
        for deployment in root.deployments():
            for resource in deployment.resources:
                for name in resource.properties:
                    trace = resource.trace((name,), {})
                    assert trace.written is None or trace.written.line > 0
                    value = resource.properties[name]
                    assert not isinstance(value, Unknown) or "alternatives" not in value.because
    assert not problems and not files.problems
    assert all(run.spent < MOST_EVALUATIONS // 50 for run in runs)
    assert not [note for root in roots for note in root.notes if note.kind in ("limit", "function")]


def module_folders() -> Iterator[tuple[str, str]]:
    for repository in REPOSITORIES:
        files = Files(CORPUS / repository)
        files.add(CORPUS / repository)
        for folder, names in sorted(files.found.items()):
            if any(name.endswith(".tf") for name in names):
                yield repository, folder


# What a local may speak of for the console to know it without providers.
_FOREIGN = re.compile(r"\b(?:data|module|each|count|self|path|terraform|aws_\w+|random_\w+|\w+_\w+)\.[a-z]")
_FILES = re.compile(r"\b(?:file\w*|templatefile|timestamp|uuid|fileset)\(")


def plain_locals(module: Module) -> dict[str, str]:
    """The locals that hang on variables and on one another alone, as they are written."""
    texts = {}
    for name, argument in module.locals.items():
        text, start, end = argument.value_place
        if not isinstance(text, Embedded):
            texts[name] = text.text[start:end]
    texts = {name: text for name, text in texts.items() if not _FOREIGN.search(text) and not _FILES.search(text)}
    while True:
        kept = {n: t for n, t in texts.items() if all(r in texts for r in re.findall(r"\blocal\.([\w-]+)", t))}
        if kept == texts:
            return texts
        texts = kept


def declared(module: Module) -> str:
    """The variables, without what only a plan looks at."""
    made = []
    for name, block in module.variables.items():
        lines = []
        for argument in block.body.arguments.values():
            if argument.name in ("type", "default", "nullable"):
                text, start, end = argument.value_place
                lines.append(f"  {argument.name} = {text.text[start:end].strip()}")
        made.append(f'variable "{name}" {{\n' + "\n".join(lines) + "\n}\n")
    return "".join(made)


def told(value: Any) -> set[str]:
    """What a value may be, as JSON; "?" where that is not known, "!" for an error."""
    try:
        value = hoist(value) if isinstance(value, Choice) or value.kind != "error" else value
    except EvaluationError:
        return {"!"}
    found = set()
    for leaf in plain_leaves(value):
        if leaf.kind == "error":
            found.add("!")
        else:
            found.add("?" if leaf.flags & UNKNOWN else json_text(leaf))
    return found


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not on PATH")
def test_locals_and_variables_are_what_terraform_says() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
    recorder: Any = __import__("terraform_record_console")
    differing, compared = {}, 0
    for repository, folder in module_folders():
        project = Project(Files(CORPUS / repository), lambda problem: None)
        module = project.module(folder)
        texts = plain_locals(module)
        names = [f"local.{name}" for name in texts] + [f"var.{name}" for name in module.variables]
        if not names:
            continue
        declarations = declared(module) + "locals {\n" + "".join(f"  {n} = {t}\n" for n, t in texts.items()) + "}\n"
        console = recorder.Console(declarations)
        answers = dict(zip(names, console.values(names)))
        console.close()
        root = ModuleInstance(Run(project, folder, workspace="default"), module)
        for name, theirs in answers.items():
            value = attempt(reference(name), Scope(root))
            ours = told(value)
            if theirs not in ("?", "!"):
                compared += 1
                if theirs not in ours and "?" not in ours:
                    differing[repository, folder, name] = (theirs, ours)
    assert not differing
    assert compared > 500


def reference(name: str) -> Any:
    from dblint.sources.terraform.syntax.expression import parse_expression
    from dblint.sources.terraform.syntax.text import Text

    return parse_expression(Text("x", name, print), 0, len(name))


def test_a_value_is_a_value() -> None:
    assert told(Value("string", "a")) == {'"a"'}
