"""Words that several formats share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.result import Result
from dblint.scenario import DEFAULT

_MOST_CAUSES = 3
_MOST_PLACES = 3


def message(finding: Finding) -> str:
    """The finding in one sentence."""
    return f"{finding.address}: {finding.rule.message}"


def told(finding: Finding) -> str:
    """The finding in one sentence, and what it hangs on where it is undetermined."""
    return message(finding) if finding.outcome == BROKEN else f"{message(finding)} {sentence(doubt(finding))}"


def in_scenarios(finding: Finding) -> str:
    """The scenarios that fail, or of which nothing is known, as " [prod]"; "" where none has a name."""
    names = ", ".join(named(finding.failing or finding.unknown))
    return f" [{names}]" if names else ""


def scenarios_of(finding: Finding) -> str:
    """In which scenarios it fails, passes and is unknown; "" where there is only one without a name."""
    parts = (("fails", finding.failing), ("passes", finding.passing), ("unknown", finding.unknown))
    if not any(named(names) for _, names in parts):
        return ""
    return "   ".join(f"{word}: {', '.join(names)}" for word, names in parts if names)


def doubt(finding: Finding) -> str:
    """What an undetermined finding hangs on."""
    if finding.breaks_if:
        return "broken if " + _some(finding.breaks_if, ", or if ")
    return "undetermined: " + (_some(finding.because, "; ") or "it depends on what only deployment decides")


def _some(texts: Sequence[str], between: str) -> str:
    more = len(texts) - _MOST_CAUSES
    return between.join(texts[:_MOST_CAUSES]) + (f" ({number(more, 'case')} more)" if more > 0 else "")


def sentence(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def first_sentence(text: str) -> str:
    """The text up to the first full stop that ends a sentence."""
    return text.split(". ")[0].rstrip(".") + ("." if text else "")


def problems(result: Result) -> str:
    """How many findings there are: "2 problems", "no new problems" where a change is looked at, "no problems to show"
    where there are some of less severity or confidence."""
    new = "new " if result.change else ""
    if result.findings:
        return number(len(result.findings), f"{new}problem")
    less = result.counts.below_severity or result.counts.below_confidence
    return f"no {new}problems to show" if less else f"no {new}problems"


def named(scenarios: Iterable[str]) -> list[str]:
    """The scenarios that have a name of their own."""
    return [name for name in scenarios if name != DEFAULT]


def number(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 file", "2 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(texts: Sequence[str], most: int) -> str:
    """Texts with commas; of many, the first ones and how many more there are."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def help_of(finding: Finding) -> str:
    """The fix in the words of the source, whether it is safe, and where the value stands if that is elsewhere; ""
    where there is none."""
    fix = finding.fix
    if not fix or not fix.changes:
        return ""
    decided = [label.location for label in finding.labels if label.scenarios] or [finding.place]
    remarks = []
    if any(place.file != finding.subject.file for place in decided):
        remarks.append(f"decided at {listed([f'{place.file}:{place.line}' for place in decided], _MOST_PLACES)}")
    if fix.safety == "unsafe":
        remarks.append("unsafe: it replaces the resource")
    if not fix.proved:
        remarks.append("this alone may not be enough")
    note = f" ({'; '.join(remarks)})" if remarks else ""
    verb = "" if fix.changes[0].startswith("remove ") else "set "
    return f"{verb}{', '.join(fix.changes)}{note}"
