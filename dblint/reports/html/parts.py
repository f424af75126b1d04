"""The sections of the page around the databases: counts, errors, findings, and what is hidden or was not checked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Problem
from dblint.reports.html.frame import frame
from dblint.reports.html.markup import NOTHING, Html, code, element, text
from dblint.reports.quote import Quotes
from dblint.reports.shown import Shown
from dblint.reports.style import Style
from dblint.reports.summary import note_text, summary
from dblint.reports.words import doubt, help_of, named, number, sentence
from dblint.result import Result, Suppressed
from dblint.rule_definition import SEVERITIES

_MOST_INSTANCES = 50


def counts(result: Result, shown: Shown) -> Html:
    """What was found, by severity, and what is not shown."""
    by_severity = Counter(finding.severity for finding in result.findings)
    tiles = (
        element("li", element("b", text(str(by_severity[name]))), text(f" {name}"), class_=f"tile {name}")
        for name in SEVERITIES
    )
    found, *more = summary(result, Shown(shown.files, Style(), coverage=True))
    remarks = [line.strip() for line in more if not line.startswith(tuple(f"  {name} " for name in SEVERITIES))]
    return element(
        "section",
        element("ul", *tiles, class_="tiles"),
        element("p", text(found), class_="quiet"),
        *(element("p", text(sentence(line)), class_="quiet") for line in remarks),
        aria_label="Summary",
    )


def errors(result: Result) -> Html:
    """What could not be read, which makes that the result is not complete."""
    if not result.problems:
        return NOTHING
    return element(
        "section",
        element("h2", text(f"{number(len(result.problems), 'error')}: this result is not complete")),
        element("ul", *map(_problem, result.problems)),
        class_="errors",
        role="alert",
    )


def _problem(problem: Problem) -> Html:
    numbers = (str(number) for number in (problem.line, problem.column) if number)
    hint = element("span", text(f" {sentence(problem.hint)}"), class_="quiet") if problem.hint else NOTHING
    return element("li", code(":".join((problem.path, *numbers))), text(f" {problem.message}"), hint)


def findings(result: Result, shown: Shown) -> Html:
    """Each finding with its source, the most severe first."""
    ordered = sorted(result.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    quotes = Quotes(shown.files)
    told = [_finding(finding, result, quotes) for finding in ordered]
    nothing = element("p", text("Nothing was found."), class_="quiet")
    names = json.dumps([name for name in result.scenarios if name != "default"])
    return element(
        "section",
        element("h2", text("Findings")),
        *(told or [nothing]),
        element("p", text("No finding fits these filters."), class_="quiet none", hidden=True),
        id="findings",
        aria_label="Findings",
        data_scenarios=names,
    )


def _finding(finding: Finding, result: Result, quotes: Quotes) -> Html:
    severity = finding.severity
    certain = finding.outcome == BROKEN
    return element(
        "article",
        element(
            "header",
            element("span", text(severity), class_=f"severity {severity}"),
            element("h3", text(finding.rule.message)),
        ),
        element("p", code(finding.rule.id, class_="rule"), text(" "), code(finding.address), *_where(finding)),
        NOTHING if certain else element("p", text(f"{sentence(doubt(finding))}."), class_="doubt"),
        frame(finding, quotes),
        _evidence(finding),
        _remedy(finding),
        element(
            "details",
            element("summary", text("Why it matters")),
            element("p", text(result.explanations[finding.rule.id].why)),
            element("p", text("More: "), code(f"dblint explain {finding.rule.id}"), class_="quiet"),
        ),
        id=f"f-{finding.fingerprint}",
        class_="finding",
        data_severity=severity,
        data_rule=finding.rule.id,
        data_service=finding.resource_type.split("::")[1] if "::" in finding.resource_type else "other",
        data_in=json.dumps(finding.failing or finding.unknown),
    )


def _where(finding: Finding) -> Iterator[Html]:
    """The root, and the scenarios that fail and pass."""
    yield element("span", text(f" in {finding.root}"), class_="quiet") if finding.root != "." else NOTHING
    for word, names in (("fails", finding.failing), ("passes", finding.passing), ("unknown", finding.unknown)):
        if known := named(names):
            yield element("span", text(f"{word}: {', '.join(known)}"), class_=f"scenario {word}")
    if finding.confidence != "high":
        yield element("span", text(f"confidence: {finding.confidence}"), class_="scenario")
    if len(finding.instances) > 1:
        shown = ", ".join(finding.instances[:_MOST_INSTANCES])
        yield element(
            "details",
            element("summary", text(number(len(finding.instances), "instance"))),
            element("p", code(shown)),
            class_="instances",
        )


def _evidence(finding: Finding) -> Html:
    labels = " ".join(label.text for label in finding.labels)
    told = [reason for reason in finding.reasons if reason and reason not in labels]
    if not told:
        return NOTHING
    items = (element("li", text(reason)) for reason in told)
    return element("ul", element("li", text("Because:")), *items, class_="evidence")


def _remedy(finding: Finding) -> Html:
    remedy = help_of(finding)
    if not remedy:
        return NOTHING
    return element("p", element("b", text("Fix: ")), text(remedy), class_="remedy")


def unchecked(result: Result) -> Html:
    """What was not decided or not looked at."""
    shown = {(finding.fingerprint, finding.outcome) for finding in result.findings}
    items = [
        element("li", code(f"{f.place.file}:{f.place.line}"), text(f" {f.rule.id}: {f.address}. {sentence(doubt(f))}."))
        for f in result.undetermined
        if (f.fingerprint, f.outcome) not in shown
    ]
    items += [element("li", text(note_text(note))) for note in result.notes]
    return _folded("Not checked", "unchecked", items)


def suppressed(result: Result) -> Html:
    """What somebody accepted."""
    return _folded("Suppressed", "suppressed", [_suppressed(item) for item in result.suppressed])


def known(result: Result) -> Iterator[Html]:
    """What is known already, and what a change has mended."""
    for title, name, some in (
        ("Fixed", "fixed", result.fixed),
        ("Unchanged", "unchanged", result.unchanged),
        ("In the baseline", "baselined", result.baselined),
    ):
        yield _folded(title, name, [_line(finding) for finding in some])


def _line(finding: Finding) -> Html:
    place = f"{finding.place.file}:{finding.place.line}"
    return element("li", code(place), text(f" {finding.severity} {finding.rule.id}: {finding.address}."))


def _suppressed(item: Suppressed) -> Html:
    finding = item.finding
    until = f", until {item.until}" if item.until else ""
    reason = item.reason or "no reason is given"
    place = f"{item.path}:{item.line}" if item.line else item.path
    said = f" {finding.rule.id}: {finding.address}. {sentence(reason)} ({place}{until})"
    return element("li", code(f"{finding.place.file}:{finding.place.line}"), text(said))


def _folded(title: str, name: str, items: list[Html]) -> Html:
    if not items:
        return NOTHING
    heading = element("h2", text(f"{title} ({len(items)})"))
    folded = element("details", element("summary", heading), element("ul", *items))
    return element("section", folded, class_="folded", id=name, aria_label=title)
