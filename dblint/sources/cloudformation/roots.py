"""Which of the templates of a run are roots: those that hold a database and that no other one deploys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.model import Note, Problem
from dblint.sources.base import Root, Wishes
from dblint.sources.cloudformation.detect import Candidate, database_types, looks_like_template
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.linked import Links
from dblint.sources.cloudformation.nested import child_path, is_stack
from dblint.sources.cloudformation.root import TemplateRoot
from dblint.sources.cloudformation.scenarios import ParameterFiles
from dblint.sources.cloudformation.template import Template, declares
from dblint.sources.cloudformation.unresolved import has_modules
from dblint.sources.files import Files
from dblint.view import VIEWS


def roots_of(files: Files, found: Sequence[Candidate], wishes: Wishes, problems: list[Problem]) -> list[Root]:
    """The roots among the candidates; what can not be read goes to `problems`."""
    library = Library(files)
    databases = [t for candidate in found if candidate.database for t in _read(library, candidate, problems)]
    problems += _no_templates(library, found)
    kept = [template for template in databases if holds_database(template)]
    files.notes += _modules(library, found, kept)
    parameter_files = ParameterFiles(files, wishes, problems)
    links = Links(library, _linkable(library, found, kept), wishes.environments, parameter_files.of)
    tops = _with_linked(library, _tops(library, kept, _above(library, found, kept)), links)
    roots: list[Root] = [TemplateRoot(library, t, wishes, parameter_files.of(t), links) for t in tops]
    problems += _unused(parameter_files)
    return roots


def holds_database(template: Template) -> bool:
    """Whether a template declares a database itself."""
    return declares(template, database_types())


def _read(library: Library, candidate: Candidate, problems: list[Problem]) -> Sequence[Template]:
    """The templates of a file. One that can not be read is a problem where it must be a template."""
    templates = library.templates(candidate.path)
    if not templates and library.problems(candidate.path):
        content = library.files.read(candidate.path)
        if looks_like_template(content):
            problems += library.problems(candidate.path)
    return templates


def _no_templates(library: Library, found: Sequence[Candidate]) -> Iterator[Problem]:
    """Files that were named, have an ending that nobody reads, and are no templates."""
    for candidate in found:
        path = candidate.path
        if candidate.named and not library.templates(path):
            wrong = library.problems(path)
            yield wrong[0] if wrong else Problem(path, "it is no template", hint="expected a CloudFormation template")


def _modules(library: Library, found: Sequence[Candidate], kept: Sequence[Template]) -> Iterator[Note]:
    """Modules in templates that hold no database as far as one can see."""
    known = {template.path for template in kept}
    for candidate in found:
        if candidate.modules and candidate.path not in known:
            for template in library.templates(candidate.path):
                for module, key in has_modules(library, template):
                    message = f"module {module} could not be read: it may make databases"
                    yield Note(template.path, message, "module", key.start[0] + 1)


def _above(library: Library, found: Sequence[Candidate], kept: Sequence[Template]) -> list[Template]:
    """The templates that deploy one of the kept ones as a nested stack, at any depth, themselves not kept."""
    known = {template.path for template in kept}
    rest = [t for c in found if c.stacks and c.path not in known for t in library.templates(c.path)]
    above: list[Template] = []
    while True:
        more = [template for template in rest if known & _children(library, template)]
        if not more:
            return above
        above += more
        known.update(template.path for template in more)
        rest = [template for template in rest if template not in more]


def _children(library: Library, template: Template) -> set[str]:
    bodies = (body for _, _, body in template.section("Resources") if is_stack(body))
    return {path for body in bodies if (path := child_path(library, template, body))}


def _tops(library: Library, kept: Sequence[Template], above: Sequence[Template]) -> list[Template]:
    """The templates that no other one deploys; of those that deploy each other, the first."""
    every = [*kept, *above]
    children = {template.path: _children(library, template) - {template.path} for template in every}
    nested = set().union(*children.values())
    tops = [template for template in every if template.path not in nested]
    reached = _reached([template.path for template in tops], children)
    for template in every:
        if template.path not in reached:
            tops.append(template)
            reached |= _reached([template.path], children)
    return sorted(tops, key=lambda template: template.path)


def _with_linked(library: Library, tops: list[Template], links: Links) -> list[Template]:
    """The tops, and the templates that are linked with them: what these declare may be wrong only for the databases
    of others."""
    nested = {path for template in tops for path in _children(library, template)}
    known = {template.path for template in tops} | nested
    beside = {template.path: template for top in tops for template in links.beside(top)}
    linked = [template for path, template in beside.items() if path not in known and declares(template, VIEWS.keys())]
    return sorted([*tops, *linked], key=lambda template: template.path)


def _reached(paths: list[str], children: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    while paths:
        path = paths.pop()
        if path not in reached:
            reached.add(path)
            paths += children.get(path, ())
    return reached


def _linkable(library: Library, found: Sequence[Candidate], kept: Sequence[Template]) -> list[Template]:
    """The templates that export or import something, where one of the kept ones, or a parent of one, does."""
    paths = {template.path for template in kept}
    if not any(c.exports or c.imports for c in found if c.path in paths or c.stacks):
        return []
    return [template for c in found if c.exports or c.imports for template in library.templates(c.path)]


def _unused(parameter_files: ParameterFiles) -> Iterator[Problem]:
    """Parameter files that were named and fit no template."""
    for path in parameter_files.unused:
        hint = "expected names of parameters that one of the templates has"
        yield Problem(path, "it fits no template", hint=hint)
