"""From what cfn-lint says of the templates of a run to findings of its databases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dblint.equivalents import load
from dblint.finding import Finding, Label
from dblint.judge import BROKEN
from dblint.model import Note, Problem
from dblint.records import dataclass, field, replace
from dblint.result import Explanation
from dblint.rule_definition import Rule
from dblint.scan.cfn_lint.process import LIMITS, Answer, Limits, Match, Missing, ask
from dblint.scenario import DEFAULT
from dblint.sources.base import Root
from dblint.sources.cloudformation.cdk import assembly_of
from dblint.sources.cloudformation.extents import Extent, extents, secrets
from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.template import Template
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TOOL = "cfn-lint"
_OPTION = "--with-cfn-lint"
_SEVERITIES = {"Error": "high", "Warning": "medium", "Informational": "low"}
# What it says where it could not look at a template: it can not be read or transformed, or one of its rules crashed.
_COULD_NOT = "E000"
_LONGEST = 300
_REMEDY = f"correct it, or leave {_OPTION} away"


@dataclass(slots=True)
class Checked:
    """What a run learns from cfn-lint. `rules` has each of its rules that found something, `explanations` what they
    are about."""

    findings: list[Finding] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)
    explanations: dict[str, Explanation] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def check(files: Files, roots: Iterable[Root], limits: Limits = LIMITS) -> Checked:
    """Lets cfn-lint look at the templates of roots that were evaluated, as far as they are among the files of the run.

    It is not started where there are none.
    """
    checked = Checked()
    library = Library(files)
    for region, templates in _by_region(library, roots, checked).items():
        try:
            answer = ask({t.path: files.read(t.path) for t in templates}, region, limits)
        except Missing:
            hint = "install it beside dblint: pip install cfn-lint"
            checked.problems.append(Problem(_OPTION, f"{TOOL} is not installed", hint=hint))
            return checked
        _take(answer, {template.path: template for template in templates}, checked)
    return checked


def _by_region(library: Library, roots: Iterable[Root], checked: Checked) -> dict[str, list[Template]]:
    """The templates by the Region that they are deployed in, which the CDK says; "" where nothing does."""
    wanted = set(library.files.all())
    paths = {path for root in roots if root.source == "cloudformation" for path in root.files}
    found: dict[str, list[Template]] = {}
    for path in sorted(paths & wanted):
        templates = library.templates(path)
        if any(template.framework for template in templates):
            checked.notes.append(Note(path, f"{TOOL} does not read files of the Serverless Framework", TOOL))
        elif templates:
            found.setdefault(_region(library.files, path), []).append(templates[0])
    return found


def _region(files: Files, path: str) -> str:
    assembly = assembly_of(files, path)
    region = assembly.pseudo.get("AWS::Region", "") if assembly else ""
    return region if re.fullmatch(r"[a-z][a-z0-9-]{1,30}", region) else ""


def _take(answer: Answer, templates: Mapping[str, Template], checked: Checked) -> None:
    for path, why in answer.failures.items():
        checked.problems.append(Problem(path, f"{TOOL} could not check it: {why}", hint=_REMEDY))
    by_path: dict[str, list[Match]] = {path: [] for path in templates}
    for match in answer.matches:
        place = match.place
        if match.id.startswith(_COULD_NOT):
            message = f"{TOOL} could not check it: {_cut(match.message)} ({match.id})"
            checked.problems.append(Problem(place.file, message, place.line, place.column, hint=_REMEDY))
        else:
            by_path[place.file].append(match)
    for path, matches in by_path.items():
        checked.findings += _findings(templates[path], matches, checked)


def _findings(template: Template, matches: Sequence[Match], checked: Checked) -> Iterator[Finding]:
    databases = list(extents(template))
    hidden = list(secrets(template))
    known: set[str] = set()
    for match in _unlike(matches):
        extent = _database(databases, match)
        if extent is None:
            continue
        rule = _rule(match, checked)
        if any(text in match.message for text, _ in hidden):
            match = replace(match, message=match.title)
        secret = any(at.line == match.place.line for _, at in hidden)
        finding = _finding(replace(rule, message=_cut(match.message)), extent, match, secret)
        if finding.fingerprint in known:  # two of one rule at one place
            finding = replace(finding, fingerprint=_fingerprint(finding.fingerprint, match.message))
        known.add(finding.fingerprint)
        yield finding


def _unlike(matches: Iterable[Match]) -> Iterable[Match]:
    """One of those that say the same of one place: instances of a loop."""
    return {(match.id, match.place, match.message): match for match in matches}.values()


def _database(databases: Sequence[Extent], match: Match) -> Extent | None:
    """The database whose lines, or whose parameters, cfn-lint speaks of."""
    own = (extent for extent in databases if extent.holds(match.place))
    return next(own, None) or next((extent for extent in databases if extent.parameter(match.place)), None)


def _rule(match: Match, checked: Checked) -> Rule:
    """Its rule as one of ours: "cfn-lint-E3012"."""
    name = f"{TOOL}-{match.id}"
    if name not in checked.rules:
        severity = _SEVERITIES.get(match.level, "low")
        checked.rules[name] = Rule(
            check=_judged_elsewhere,
            subjects=(),
            severity=severity,
            category="validity",
            message=match.title,
            id=name,
            path=f"{TOOL}/{match.id}",
            tool=TOOL,
        )
        text = f"# {name}\n\n{match.description}\n\n{TOOL}'s rule {match.id}: {match.title}. {match.url}\n"
        checked.explanations[name] = Explanation(match.description, text)
    return checked.rules[name]


def _judged_elsewhere(view: Any) -> bool:
    raise AssertionError("cfn-lint judges its own rules")


def _finding(rule: Rule, extent: Extent, match: Match, secret: bool) -> Finding:
    parameter = "" if extent.holds(match.place) else extent.parameter(match.place)
    said = f"{TOOL} {match.id}" + (f" in parameter {parameter}" if parameter else "")
    steps = match.steps[3:] if not parameter and match.steps[2:3] == ("Properties",) else ()
    labels = [Label(match.place, said, primary=True, secret=secret)]
    if match.place != extent.key:
        labels.append(Label(extent.key, extent.name))
    path = match.place.file
    return Finding(
        rule=rule,
        outcome=BROKEN,
        severity=rule.severity,
        confidence="high",
        root=path,
        address=extent.name,
        instances=(extent.name,),
        calls=((),),
        resource_type=extent.type,
        property_name=".".join(str(step) for step in steps if isinstance(step, str)),
        actual=None,
        expected=None,
        failing=(DEFAULT,),
        passing=(),
        unknown=(),
        subject=extent.key,
        labels=tuple(labels),
        related=(),
        reasons=(),
        breaks_if=(),
        because=(),
        fix=None,
        fingerprint=_fingerprint(rule.id, f"{path}#{extent.name}", parameter, *map(str, match.steps[2:])),
        files=frozenset({path}),
        roots=(path,),
    )


def _fingerprint(*parts: str) -> str:
    return hashlib.blake2b("\0".join(("1", *parts)).encode(), digest_size=16).hexdigest()


def _cut(message: str) -> str:
    """A message in one line of bounded length, without a full stop at its end."""
    text = " ".join(message.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def merged(findings: Sequence[Finding], others: Sequence[Finding]) -> list[Finding]:
    """Our findings with those of cfn-lint. What both say of one database is our finding alone, which says so."""
    same = {rule: tools.get(TOOL, ()) for rule, tools in load().items()} if others else {}
    said: list[Finding] = []
    told = []
    for finding in findings:
        ids = [f"{TOOL}-{id}" for id in same.get(finding.rule.id, ())]
        alike = (f for f in others if f.rule.id in ids and f.subject == finding.subject)
        both = list(alike) if finding.outcome == BROKEN else []
        said += both
        names = ", ".join(dict.fromkeys(other.rule.id for other in both))
        told.append(replace(finding, reasons=(*finding.reasons, f"{names} says the same")) if both else finding)
    return [*told, *(other for other in others if other not in said)]
