"""Which of the templates of a run are roots: those that hold a database and that no other one deploys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from dblint.disk import digest_of
from dblint.model import Note, Problem
from dblint.sources.base import Root, Wishes
from dblint.sources.cloudformation.detect import Candidate, database_types, is_ours, looks_like_template
from dblint.sources.cloudformation.family import Family
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.linked import Links
from dblint.sources.cloudformation.nested import child_path, is_stack
from dblint.sources.cloudformation.root import TemplateRoot
from dblint.sources.cloudformation.scenarios import ParameterFiles, Scenario
from dblint.sources.cloudformation.template import Template
from dblint.sources.cloudformation.unresolved import has_modules
from dblint.sources.files import Files
from dblint.view import VIEWS


def roots_of(
    library: Library, found: Sequence[Candidate], around: Sequence[Candidate], wishes: Wishes, problems: list[Problem]
) -> list[Root]:
    """The roots that the files found have a part in; what can not be read goes to `problems`.

    `around` are candidates that nobody named: they are read where a file that was named belongs to them.
    """
    files = library.files
    every = [*found, *around]
    family = Family(library, (candidate.path for candidate in every if candidate.stacks))
    surely = _surely_roots(found, family, wishes)
    apart = {candidate.path for candidate in surely}
    rest = [candidate for candidate in found if candidate.path not in apart]
    problems += _unreadable(library, rest)
    every = [*rest, *around]
    kept = family.holding(database_types(), (candidate.path for candidate in every if candidate.database))
    files.notes += _modules(library, rest, {template.path for template in kept})
    parameter_files = ParameterFiles(files, wishes, problems)
    tops = family.tops(kept)
    files.notes += _not_followed(library, rest, family.reached(top.path for top in tops))
    links = Links(library, _linkable(family, library, every, tops), wishes.environments, parameter_files.of)
    tops = _with_linked(family, tops, links)
    chosen = _having_a_part(family, tops, links, {candidate.path for candidate in rest})
    deployed = [(top, parameter_files.of(top)) for top in chosen]
    alone = list(_deployed_alone(family, library, tops, parameter_files))
    problems += _unused(parameter_files, library)
    files.notes += map(_absent, parameter_files.absent if deployed and "." in files.found else ())
    basis = _basis_of(files, {c.path for c in every if c.belongs} | family.reached(c.path for c in every if c.stacks))
    roots: list[Root] = list(map(by_itself(library, wishes), (candidate.path for candidate in surely)))
    roots += [TemplateRoot(library, template, wishes, scenarios, links, basis) for template, scenarios in deployed]
    roots.sort(key=lambda root: root.path)
    return [*roots, *(TemplateRoot(library, template, wishes, own, links, basis) for template, own in alone)]


def by_itself(library: Library, wishes: Wishes) -> Callable[[str], Root]:
    """What makes the root of a template that no other file has to do with."""
    nobody = Links(library, (), wishes.environments, lambda template: ())
    return lambda path: TemplateRoot(library, path, wishes, (), nobody, "")


def _surely_roots(found: Iterable[Candidate], family: Family, wishes: Wishes) -> list[Candidate]:
    """The files that hold one template with a database, for all that their bytes tell, and that no other file has to do
    with. They need not be read before they are evaluated."""
    if wishes.only or wishes.parameter_files or any(wish.parameters for wish in wishes.scenarios.values()):
        return []  # it hangs on the templates which of these belong to them
    alone = [c for c in found if c.surely and not c.belongs and not c.named]
    nested = family.reached(family.parents)
    return [candidate for candidate in alone if candidate.path not in nested]


def _basis_of(files: Files, paths: Iterable[str]) -> str:
    """What all templates hang on that have to do with each other: their contents, and where files lie."""
    answers = [files.answer(("read", path)) for path in sorted(paths)]
    return digest_of(b"".join((*answers, files.answer(("all", ""))))).hex()


def _unreadable(library: Library, found: Sequence[Candidate]) -> Iterator[Problem]:
    """What is wrong with files that must be templates: they declare a database, or were named and have an ending that
    nobody else reads."""
    for candidate in found:
        if not (candidate.database or candidate.named) or library.templates(candidate.path):
            continue
        wrong = library.problems(candidate.path)
        if candidate.named and not wrong:
            yield Problem(candidate.path, "it is no template", hint="expected a CloudFormation template")
        elif candidate.named or looks_like_template(library.files.read(candidate.path)):
            yield from wrong


def _modules(library: Library, found: Sequence[Candidate], known: set[str]) -> Iterator[Note]:
    """Modules in templates that hold no database as far as one can see."""
    for candidate in found:
        if candidate.modules and candidate.path not in known:
            for template in library.templates(candidate.path):
                for module, key in has_modules(library, template):
                    message = f"module {module} could not be read: it may make databases"
                    yield Note(template.path, message, "module", key.start[0] + 1)


def _not_followed(library: Library, found: Sequence[Candidate], known: set[str]) -> Iterator[Note]:
    """Nested stacks whose templates lie elsewhere, in templates that deploy no database as far as one can see."""
    for candidate in found:
        for template in library.templates(candidate.path) if candidate.stacks and candidate.path not in known else ():
            for name, key, body in template.section("Resources"):
                if is_stack(body) and child_path(library, template, body) is None:
                    message = f"nested stack {name}: its template is not a file of the project: it may make databases"
                    yield Note(template.path, message, "module", key.start[0] + 1)


def _linkable(family: Family, library: Library, found: Sequence[Candidate], tops: list[Template]) -> list[Template]:
    """The templates that export or import something, themselves or through nested stacks, where one of the tops
    does."""
    own = family.reached(template.path for template in tops)
    if not any(c.exports or c.imports for c in found if c.path in own):
        return []
    return family.tops([t for c in found if c.exports or c.imports for t in library.templates(c.path)])


def _with_linked(family: Family, tops: list[Template], links: Links) -> list[Template]:
    """The tops, and the templates that are linked with them: what these declare may be wrong only for the databases
    of others."""
    known = family.reached(template.path for template in tops)
    beside = dict.fromkeys(template for top in tops for template in links.beside(top))
    linked = [t for t in beside if t.path not in known and family.declares(t.path, VIEWS.keys())]
    return sorted([*tops, *linked], key=lambda template: template.path)


def _having_a_part(family: Family, tops: Iterable[Template], links: Links, found: set[str]) -> Iterator[Template]:
    """The tops in whose deployments one of the files found has a part: as itself, nested, or linked."""
    for top in tops:
        if found & family.reached([top.path, *(template.path for template in links.beside(top))]):
            yield top


def _deployed_alone(
    family: Family, library: Library, tops: Iterable[Template], parameter_files: ParameterFiles
) -> Iterator[tuple[Template, list[Scenario]]]:
    """The nested templates that a parameter file fits which fits no other: they are deployed on their own, too."""
    above = {top.path for top in tops}
    for path in sorted(family.reached(above) - above) if parameter_files.unused else ():
        for template in library.templates(path):
            scenarios = parameter_files.fitting_alone(template)
            if scenarios and family.declares(path, database_types()):
                yield template, scenarios


def _absent(scenario: str) -> Note:
    message = "no template has the parameter files of this scenario, or none has their parameters"
    return Note(f"[scenarios.{scenario}]", message, "scenario")


def _unused(parameter_files: ParameterFiles, library: Library) -> Iterator[Problem]:
    """Parameter files that were named and fit no template of the run, with a database or without."""
    files = library.files
    for path in [path for path in files.all() if is_ours(files, path)] if parameter_files.unused else ():
        for template in library.templates(path):
            parameter_files.fitting_alone(template)
    for path in parameter_files.unused:
        hint = "expected names of parameters that one of the templates has"
        yield Problem(path, "it fits no template", hint=hint)
