"""One run from end to end. It reads and judges; it prints nothing and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from dblint.disk import digest_of
from dblint.model import Note, Problem
from dblint.nearest import nearest
from dblint.records import dataclass, replace
from dblint.result import Counts, Explanation, Result
from dblint.rule_definition import Rule
from dblint.scan import inputs
from dblint.scan.evaluate import Evaluation, Means, evaluate
from dblint.scan.find import find_roots, with_cfn_lint
from dblint.scan.frame import Before, before_of, keep
from dblint.scan.request import Request
from dblint.scan.selection import Selection, asks_for_foreign, select
from dblint.scan.sieve import STALE, Sieve, Sifted
from dblint.scan.sift import sift
from dblint.settings.values import Settings, SettingsError
from dblint.sources.base import Root
from dblint.sources.files import Files


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result, and the tracebacks of what dblint itself did wrong."""

    result: Result
    tracebacks: tuple[str, ...] = ()


def run(request: Request) -> Outcome:
    """Finds, reads, judges, settles and sifts. Raises SettingsError and PackError."""
    files = request.files
    counts = inputs.count(files, request.wishes.plans)
    readable = counts["terraform"] + counts["cloudformation"]
    needed = bool(readable) or _names_rules(request.settings)
    rules = request.rules() if needed else []
    selection = select(rules, request.settings) if needed else Selection((), frozenset(), {}, {})
    done = Evaluation()
    before, noted = before_of(request, done.problems), len(files.notes)
    found = before.roots if before else find_roots(request, counts, done)
    notes = files.notes[noted:] if before is None else before.notes
    roots = [root for root in found if is_in(root.path, request.shard)]
    _check_scenarios(request.wishes.only, roots)
    means = _means(request, selection, before)
    evaluate(roots, selection, request.wishes.only, done, means)
    if means.memory and means.memory.confirmed is not None:
        keep(request, found, notes, means.memory.confirmed)
    roots = [root for root in roots if root.path in done.looked]
    for place in done.concealed:
        files.conceal(place)
    if request.with_cfn_lint:
        rules, selection = with_cfn_lint(request, roots, rules, done)
    elif asks_for_foreign(request.settings):
        done.notes.append(_without_cfn_lint(selection))
    if not readable and not files.problems and not request.allow_empty:
        done.problems.append(_no_input(request.named, files))
    done.problems += files.problems
    done.notes += files.notes
    if files.ignored:
        done.notes += files.ignored.notes()
    sieve = Sieve(
        settings=request.settings,
        selection=selection,
        rules=rules,
        files=files,
        today=request.today,
        suppress=request.suppress,
        whole=not request.wishes.narrowed and not request.shard,
        focused=not request.whole_root,
        baseline=request.baseline,
        stale_fails=request.stale_fails,
        with_cfn_lint=request.with_cfn_lint,
    )
    if request.change:
        from dblint.scan.change.compare import held_against

        sieve = replace(sieve, before=held_against(request, request.change, done, sieve))
    return Outcome(_result(request, selection, roots, done, sift(done, sieve)), tuple(done.tracebacks))


def _means(request: Request, selection: Selection, before: Before | None) -> Means:
    """How the roots are evaluated: with what is known from earlier runs, where the person keeps anything."""
    memory = None
    if request.store is not None:
        from dblint.scan.kept import Kept

        scope = request.named, request.shard
        memory = Kept(request.store, request.files, selection, request.wishes, scope, before)
    return Means(memory, request.jobs, request.files, request.progress)


def _without_cfn_lint(selection: Selection) -> Note:
    """Says that rules of cfn-lint are selected, and cfn-lint was not asked for. Raises SettingsError where these are
    all that is selected."""
    message = "rules of cfn-lint are selected, which run with --with-cfn-lint alone"
    if not selection.rules:
        raise SettingsError(Problem("--select", message))
    return Note("--select", message, "cfn-lint")


def scenarios(request: Request) -> dict[str, list[str]]:
    """What is found to be deployed: the path of each root with the names of its scenarios. Nothing is judged."""
    found = ((root.path, list(root.scenario_names())) for root in roots_of(request, Evaluation()))
    return {path: names for path, names in found if names}


def roots_of(request: Request, done: Evaluation) -> list[Root]:
    """All roots, of which nothing is judged. Raises SettingsError where the scenarios that are asked for do not
    exist."""
    request.rules()  # which declares the types of resources that make a root worth looking at
    found = find_roots(request, inputs.count(request.files, request.wishes.plans), done)
    _check_scenarios(request.wishes.only, found)
    return found


def is_in(path: str, shard: tuple[int, int] | None) -> bool:
    """Whether a root belongs to a shard (K of N): by its path alone, wherever it is run."""
    return (
        shard is None
        or int.from_bytes(digest_of(path.encode(errors="surrogatepass")), "big") % shard[1] == shard[0] - 1
    )


def _names_rules(settings: Settings) -> bool:
    """Whether the settings speak of rules, which are then checked even where there is nothing to judge."""
    given = any(s.select or s.ignore or s.extend_select or s.extend_ignore for s in settings.selectors)
    return given or bool(settings.rules or settings.ignores or settings.overrides)


def _check_scenarios(only: Sequence[str], roots: Sequence[Root]) -> None:
    if not only:
        return
    known = {name for root in roots for name in root.scenario_names()}
    unknown = [wanted for wanted in only if roots and not any(fnmatchcase(name, wanted) for name in known)]
    if unknown:
        hint = f"scenarios here: {', '.join(sorted(known)) or 'none has a name'}"
        problems = (
            Problem("--scenario", f"unknown scenario {name}{nearest(name, known)}", hint=hint) for name in unknown
        )
        raise SettingsError(*problems)


def _no_input(named: Sequence[str], files: Files) -> Problem:
    endings = " ".join(inputs.TERRAFORM + inputs.TEMPLATES)
    message = f"nothing to scan: no file that ends in one of {endings}"
    if files.ignored and (files.ignored.files or files.ignored.folders):
        message += ", but for what git ignores (--no-respect-gitignore)"
    return Problem(", ".join(named), message, hint="if that is as it should be, say --allow-empty")


def _result(request: Request, selection: Selection, roots: Sequence[Root], done: Evaluation, sifted: Sifted) -> Result:
    problems = tuple(dict.fromkeys(done.problems))
    return Result(
        exit_code=2 if problems else int(sifted.failing),
        findings=tuple(sifted.shown),
        undetermined=tuple(sifted.undetermined),
        suppressed=tuple(sifted.suppressed),
        baselined=tuple(sifted.baselined),
        stale=tuple(sifted.stale),
        change=request.change.name if request.change else "",
        shard="{}/{}".format(*request.shard) if request.shard else "",
        unchanged=tuple(sifted.unchanged),
        fixed=tuple(sifted.fixed),
        problems=tuple(sorted(problems, key=_place)),
        notes=tuple(sorted(dict.fromkeys(done.notes), key=_place)),
        warnings=(*request.warnings, *sorted(dict.fromkeys(sifted.warnings), key=_place)),
        failing_notes=_failing_notes(request),
        counts=Counts(
            resources=len(done.resources),
            files=len(set(readable(request.files))),
            below_severity=sifted.below_severity,
            below_confidence=sifted.below_confidence,
            elsewhere=sifted.elsewhere,
            excluded=sifted.excluded,
        ),
        roots=tuple(sorted({root.path for root in roots})),
        scenarios=tuple(sorted(done.scenarios)),
        rules=tuple(rule for rule in selection.rules if rule.id in done.ran),
        config=request.settings.path,
        explanations=_Pages(selection.rules, done.explanations),
    )


def _failing_notes(request: Request) -> tuple[str, ...]:
    return (*request.settings.failing_notes, *([STALE] if request.stale_fails else []))


def readable(files: Files) -> Iterator[str]:
    """The files that are looked at."""
    return (path for path in files.all() if inputs.kind(path) or files.is_wanted(path))


def _place(item: Problem | Note) -> tuple[str, int, str]:
    return item.path, item.line or 0, item.message


class _Pages(Mapping[str, Explanation]):
    """What the pages of rules say, read when it is asked for; `known` needs no page. A rule without a page explains
    nothing."""

    def __init__(self, rules: Sequence[Rule], known: Mapping[str, Explanation]) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._read = dict(known)

    def __getitem__(self, name: str) -> Explanation:
        if name not in self._read:
            self._read[name] = explanation(self._rules[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def explanation(rule: Rule) -> Explanation:
    """What the page of a rule says; empty where it has none that can be read."""
    from dblint import pages

    try:
        return Explanation(*pages.told(rule.page))
    except pages.PageError:
        return Explanation("", "")
