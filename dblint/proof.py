"""Proves a rule by the examples of its page: what `dblint test` runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dblint import pages
from dblint.finding import Finding
from dblint.graph import Graph
from dblint.judge import BROKEN, UNDETERMINED, judge
from dblint.model import Deployment, Environments, Problem
from dblint.pages import Example
from dblint.records import replace
from dblint.rule_definition import Rule
from dblint.settle import settle
from dblint.sources import kinds
from dblint.sources.base import Wishes
from dblint.sources.files import Files
from dblint.telling import Judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Why a rule may have no example in a language: the page says so in a section of this name.
NOT_IN = {"hcl": "Not in Terraform", "yaml": "Not in CloudFormation"}


def prove(rule: Rule) -> list[str]:
    """What is wrong with the rule's page, a line each; empty where everything on it is true."""
    try:
        page = pages.read(rule.page)
    except pages.PageError as error:
        return [str(error)]
    return [f"{rule.page}{wrong}" for wrong in _wrong(rule, page)]


def _wrong(rule: Rule, page: pages.Page) -> Iterator[str]:
    if page.title != rule.id:
        yield f": expected the heading {rule.id}, found {page.title}"
    for language, section in NOT_IN.items():
        if not page.sections.get(section):
            yield from _missing(page, language)
    for example in page.examples:
        yield from (f":{example.line}: {wrong}" for wrong in _disagreements(rule, example))


def _missing(page: pages.Page, language: str) -> Iterator[str]:
    languages = ("yaml", "json") if language == "yaml" else (language,)
    for kind in ("bad", "good"):
        if not any(e.kind == kind and e.language in languages for e in page.examples):
            yield f": expected a {kind} example in {language}, or a section '{NOT_IN[language]}' that says why"


def _disagreements(rule: Rule, example: Example) -> Iterator[str]:
    problems: list[Problem] = []
    findings = findings_of([rule], example, problems)
    for problem in problems:
        yield f"{problem.path}:{problem.line}: {problem.message}"
    wanted = UNDETERMINED if example.kind == "undetermined" else BROKEN
    found = {(f.place.file, f.place.line) for f in findings if f.outcome == wanted}
    expected = {(file, line) for file, lines in example.lines.items() for line in lines}
    if example.kind == "bad" and not expected:
        yield "a bad example marks the lines that must be found with '# <-'"
    if example.kind == "undetermined" and not expected:
        expected = found or {("", 0)}
    for file, line in sorted(expected - found):
        yield f"expected {rule.id} to be {wanted} at {file}:{line}, and it is not"
    for file, line in sorted(found - expected):
        yield f"{rule.id} is {wanted} at {file}:{line}, which is not marked"
    for finding in findings:
        if finding.outcome != wanted:
            yield f"{rule.id} is {finding.outcome} at {finding.place.file}:{finding.place.line}, expected {wanted}"


def findings_of(rules: list[Rule], example: Example, problems: list[Problem]) -> list[Finding]:
    """What the rules say of an example, broken and undetermined."""
    options = {rule.id: _options(rule, example.settings) for rule in rules}
    judged = [
        Judged(rule, resource, deployment, tuple(judge(rule, resource, graph, options[rule.id])))
        for deployment in deployments(example, problems)
        for graph in [Graph(deployment)]
        for resource in deployment.resources
        for rule in rules
        if any(subject.cloudformation == resource.type for subject in rule.subjects)
    ]
    return settle(judged, {}, options)


def deployments(example: Example, problems: list[Problem]) -> Iterator[Deployment]:
    """The deployments of an example's files."""
    files = Files.of(example.texts)
    production = example.settings.get("production", "true") == "true"
    environments = replace(Environments(), unnamed="production" if production else "development")
    for source in kinds.sources():
        for root in source.roots(files, Wishes(environments=environments), problems):
            yield from root.deployments()
            problems += root.problems


def _options(rule: Rule, settings: Mapping[str, str]) -> dict[str, Any]:
    """The options that the example sets, with the types of the rule's defaults."""
    found = {}
    for name, default in rule.options.items():
        text = settings.get(name.replace("_", "-"))
        if text is not None:
            found[name] = text == "true" if isinstance(default, bool) else type(default)(text)
    return found
