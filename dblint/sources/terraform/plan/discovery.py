"""Plans of a run: which files are some, and which root each of them is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dblint.model import Problem
from dblint.sources.files import Files, TooLarge, Unreadable, split
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.module_sources import is_local
from dblint.sources.terraform.plan.document import PlanDocument, names_of, read_plan, speaks_of_plan
from dblint.sources.terraform.project import Project, module_files
from dblint.sources.terraform.syntax.tree import Literal
from dblint.stopwatch import timed

# A file of which no ending tells more.
_ENDING = ".json"
_NO_PLANS = (".tf.json", ".tofu.json", ".tfvars.json")


def plan_paths(files: Files) -> Iterator[str]:
    """The files of the run that are plans, or states as `terraform show -json` prints them."""
    for path in files.all():
        if path.endswith(_ENDING) and not path.endswith(_NO_PLANS) and may_be_plan(files, path):
            yield path


def may_be_plan(files: Files, path: str) -> bool:
    """Whether a file is a plan, by its bytes."""
    try:
        return bool(files.fact("plan", path, speaks_of_plan))
    except TooLarge as error:
        if b'"format_version"' not in error.head or b'"terraform_version"' not in error.head:
            return False
        files.forget(path)
        return True
    except Unreadable:
        return False


@timed("parse")
def read_plans(files: Files, paths: Iterable[str], report: Callable[[Problem], None]) -> list[PlanDocument]:
    """The plans that can be read."""
    documents = (read_plan(files, path, report) for path in dict.fromkeys(paths))
    return [document for document in documents if document is not None]


def root_of(document: PlanDocument, project: Project, folders: Iterable[str]) -> str | None:
    """The folder of the root module that was planned: the plan's own, one above it, or the only one of `folders` that
    declares what the plan does; None where its code is not here."""
    folder = split(document.path)[0]
    while True:
        if _declares(project, folder, document):
            return folder
        if folder == ".":
            break
        folder = split(folder)[0]
    fitting = [other for other in folders if _declares(project, other, document)]
    return fitting[0] if len(fitting) == 1 else None


def _declares(project: Project, folder: str, document: PlanDocument) -> bool:
    """Whether the module of a folder has all resources and calls of the plan's root module."""
    if not module_files(project.files.names(folder)):
        return False
    module = project.module(folder)
    resources = {(planned.type, planned.name) for planned in document.instances if not planned.module}
    calls = {names_of(planned.module)[0] for planned in document.instances if planned.module}
    known = {(kind, name) for mode, kind, name in module.resources if mode == "managed"}
    return bool(resources or calls) and resources <= known and calls <= module.calls.keys()


def assigned(
    files: Files, documents: Iterable[PlanDocument], folders: list[str]
) -> tuple[dict[str, list[PlanDocument]], dict[str, list[PlanDocument]]]:
    """The plans by the folder of their code, and those without code by their own folder. Who names a plan names the
    code that it is of."""
    quiet = Project(files, lambda problem: None)  # what is wrong with code that is no root is nobody's business
    of_code: dict[str, list[PlanDocument]] = {}
    alone: dict[str, list[PlanDocument]] = {}
    for document in documents:
        folder = root_of(document, quiet, folders)
        if folder is None:
            alone.setdefault(split(document.path)[0], []).append(document)
        else:
            of_code.setdefault(folder, []).append(document)
            if document.path in files.named:
                files.named.update(local_files(quiet, folder))
    return of_code, alone


def name_of(path: str) -> str:
    """What a plan's scenario is called: its file without endings."""
    name = split(path)[1]
    for ending in (".json", ".tfplan", ".plan", ".tfstate", ".out"):
        name = name.removesuffix(ending)
    return name or "plan"


def local_files(project: Project, folder: str) -> set[str]:
    """The files of a root and of all local modules that it leads to."""
    found: set[str] = set()
    waiting, seen = [folder], set()
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            found.update(project.paths(current))
            waiting += _called(project, project.module(current))
    return found


def _called(project: Project, module: Module) -> Iterator[str]:
    for call in module.calls.values():
        argument = call.body.arguments.get("source")
        node = argument.expression if argument else None
        source = str(node.value.data) if isinstance(node, Literal) else ""
        inside = project.files.inside(f"{module.folder}/{source}") if is_local(source) else None
        if inside is not None:
            yield inside
