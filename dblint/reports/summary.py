"""The end of a report for people: what was counted, what is hidden, and what was not checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dblint.finding import Finding
from dblint.model import Note
from dblint.reports.shown import Shown
from dblint.reports.words import doubt, listed, message, named, number, problems, sentence
from dblint.result import Result, Suppressed
from dblint.rule_definition import SEVERITIES


def summary(result: Result, shown: Shown) -> list[str]:
    """The last lines of a run; what is hidden is always said."""
    style = shown.style
    lines = [style.clean(_found(result))]
    by_severity = Counter(finding.severity for finding in result.findings)
    if result.findings:
        counts = (f"{style.paint(name, name)} {by_severity[name]}" for name in SEVERITIES if by_severity[name])
        others = Counter(f.rule.tool for f in result.findings if f.rule.tool != "dblint")
        whose = (f"by {tool} {count}" for tool, count in others.items())
        lines.append("  " + "  ".join([*counts, *whose]))
    lines += [f"  {line}" for line in (*_gone(result), _hidden(result), _unchecked(result, shown)) if line]
    if result.problems:
        lines.append(f"  {style.paint(number(len(result.problems), 'error'), 'error')}: this result is not complete")
    return lines


def _found(result: Result) -> str:
    what = [number(result.counts.files, "file")]
    scenarios = named(result.scenarios)
    if scenarios:
        what.insert(0, f"{'scenarios' if len(scenarios) > 1 else 'scenario'} {listed(scenarios, 6)}")
    resources = number(result.counts.resources, "database resource")
    return f"Found {problems(result)} in {resources} ({'; '.join(what)})"


def _gone(result: Result) -> Iterator[str]:
    """What was there before."""
    if result.fixed:
        yield f"fixed: {number(len(result.fixed), 'problem')}"
    if result.stale:
        entries = number(len(result.stale), "entry", "entries")
        yield f"gone: {entries} of the baseline (dblint baseline prune)"


def _hidden(result: Result) -> str:
    """What was found and is not shown, and why."""
    counts = result.counts
    by = Counter(item.tool for item in result.suppressed)
    whose = f" ({', '.join(f'{count} {tool}' for tool, count in by.items())})" if set(by) - {"dblint"} else ""
    parts = [
        (len(result.suppressed), f"suppressed{whose}"),
        (len(result.baselined), "in baseline"),
        (len(result.unchanged), "unchanged"),
        (counts.below_severity, "below --min-severity"),
        (counts.below_confidence, "below --min-confidence"),
        (counts.elsewhere, "in other files of the same roots"),
        (counts.excluded, "in excluded files"),
    ]
    said = [f"{count} {words}" for count, words in parts if count]
    fails = "; what is hidden makes the run fail (--fail-on)" if _fails_by_hidden(result) else ""
    return f"hidden: {', '.join(said)}{fails}" if said else ""


def _fails_by_hidden(result: Result) -> bool:
    """Whether nothing that is shown or warned about makes the run fail."""
    warned = any(note.kind in result.failing_notes for note in result.warnings)
    return result.exit_code == 1 and not (result.findings or result.stale or warned)


def _unchecked(result: Result, shown: Shown) -> str:
    """What could not be decided or looked at."""
    kinds = Counter(note.kind for note in result.notes)
    said = []
    if result.undetermined:
        said.append(f"{number(len(result.undetermined), 'finding')} undetermined until deployment")
    if kinds["module"]:
        unread = any("(--modules " in note.message for note in result.notes)
        said.append(f"{number(kinds.pop('module'), 'module')} not {'read' if unread else 'installed'}")
    if kinds["unseen"]:
        said.append(f"{number(kinds.pop('unseen'), 'root')} whose modules are not here (terraform get)")
    if kinds["ignored"]:
        said.append(f"{number(kinds.pop('ignored'), 'file')} that git ignores")
    if kinds["scenario"]:
        said.append(f"{number(kinds.pop('scenario'), 'scenario')} of the settings that nothing has the files of")
    if kinds["roots"]:
        said.append(f"{number(kinds.pop('roots'), 'folder')} that [terraform] roots leaves out")
    kinds.pop("left-out", None)  # every project has folders that git ignores
    if sum(kinds.values()):
        said.append(number(sum(kinds.values()), "note"))
    hint = "" if shown.coverage else ": --show-coverage"
    return f"not checked: {', '.join(said)}{hint}" if said else ""


def statistics(result: Result, shown: Shown) -> Iterator[str]:
    """How often each rule was broken, the most frequent first."""
    if not shown.statistics or not result.findings:
        return
    counts = Counter(finding.rule.id for finding in result.findings)
    severities = {finding.rule.id: finding.severity for finding in result.findings}
    wide = len(f"{max(counts.values()):,}")
    yield "Findings by rule:"
    for rule, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {count:>{wide},}  {shown.style.paint(f'{severities[rule]:<8}', severities[rule])}  {rule}"
    yield ""


def coverage(result: Result, shown: Shown) -> Iterator[str]:
    """Each thing that was not decided or not looked at."""
    if not shown.coverage or not (result.undetermined or result.notes):
        return
    yield "Not checked:"
    for finding in result.undetermined:
        yield shown.style.clean(f"  {_place(finding)}: {finding.severity} {finding.rule.id} {_doubtful(finding)}")
    yield from (shown.style.clean(f"  {note_text(note)}") for note in result.notes)
    yield ""


def _doubtful(finding: Finding) -> str:
    return f"{message(finding)} {sentence(doubt(finding))}"


def note_text(note: Note) -> str:
    """A note with its place."""
    place = f"{note.path}:{note.line}" if note.line else note.path
    return f"{place}: {note.message}"


def suppressed(result: Result, shown: Shown) -> Iterator[str]:
    """Each finding that somebody accepted."""
    if not shown.suppressed or not result.suppressed:
        return
    yield "Suppressed:"
    for item in result.suppressed:
        yield shown.style.clean(f"  {_suppressed(item)}")
    yield ""


def _suppressed(item: Suppressed) -> str:
    finding = item.finding
    place = f"{item.path}:{item.line}" if item.line else item.path
    until = f", until {item.until}" if item.until else ""
    reason = f"{item.reason}; " if item.reason else ""
    return f"{_place(finding)}: {finding.severity} {finding.rule.id} {finding.address} ({reason}{place}{until})"


def _place(finding: Finding) -> str:
    place = finding.place
    return f"{place.file}:{place.line}:{place.column}"
