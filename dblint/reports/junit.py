"""The result as JUnit's XML, which CI services show as tests: a suite for each root, a case for each rule and resource
that it finds something in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Problem
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.reports.words import doubt, help_of, message, scenarios_of, sentence
from dblint.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(result: Result, shown: Shown) -> str:
    """One document and a newline. A root in which nothing is found has one case, which passes; what could not be read
    is an error of its own suite."""
    from xml.etree.ElementTree import Element, indent, tostring

    top = Element("testsuites", name="dblint")
    top.extend(_suites(result))
    for count in ("tests", "failures", "errors", "skipped"):
        top.set(count, str(sum(int(suite.get(count, "0")) for suite in top)))
    if result.timing:
        top.set("time", f"{result.timing['total']:.3f}")
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _suites(result: Result) -> Iterator[Element]:
    if result.problems:
        yield _suite("what could not be read", [_problem(problem) for problem in result.problems])
    roots = sorted({*result.roots, *(finding.root for finding in result.findings)})
    for root in roots:
        found = [_case(finding) for finding in result.findings if finding.root == root]
        yield _suite(root, found or [_element("testcase", classname=root, name="nothing found")])


def _suite(name: str, cases: Sequence[Element]) -> Element:
    counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    numbers = {count: str(sum(case.find(tag) is not None for case in cases)) for count, tag in counts.items()}
    suite = _element("testsuite", name=name, tests=str(len(cases)), **numbers)
    suite.extend(cases)
    return suite


def _case(finding: Finding) -> Element:
    place = finding.place
    name = f"{finding.rule.id} {finding.address}"
    case = _element("testcase", classname=finding.root, name=name, file=place.file, line=str(place.line))
    if finding.outcome == BROKEN:
        told = _element("failure", message=message(finding), type=finding.severity)
        told.text = _clean("\n".join(_details(finding)))
    else:
        told = _element("skipped", message=f"{message(finding)} {sentence(doubt(finding))}")
    case.append(told)
    return case


def _details(finding: Finding) -> Iterator[str]:
    for label in finding.labels:
        yield f"{label.location.file}:{label.location.line}:{label.location.column}: {label.text}"
    if scenarios := scenarios_of(finding):
        yield f"scenarios: {scenarios}"
    if remedy := help_of(finding):
        yield f"help: {remedy}"


def _problem(problem: Problem) -> Element:
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    case = _element("testcase", classname="dblint", name=place, file=problem.path)
    error = _element("error", message=problem.message, type="error")
    error.text = _clean(problem.hint)
    case.append(error)
    return case


def _element(tag: str, **attributes: str) -> Element:
    from xml.etree.ElementTree import Element

    return Element(tag, {name: _clean(text) for name, text in attributes.items()})


def _clean(text: str) -> str:
    """The text without anything that steers a terminal, and without what XML 1.0 can not hold (section 2.2)."""
    cleaned = "\n".join(map(Style().clean, text.split("\n")))
    return cleaned.replace("\ufffe", "?").replace("\uffff", "?")
