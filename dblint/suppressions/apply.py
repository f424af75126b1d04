"""Hides the findings that suppressions cover, and says what is wrong with suppressions."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from dblint.finding import Finding
from dblint.model import Note
from dblint.records import dataclass, field, replace
from dblint.result import Suppressed
from dblint.rule_definition import Rule
from dblint.scenario import environment_in
from dblint.selectors import UnknownSelector, chosen
from dblint.suppressions import kinds
from dblint.suppressions.suppression import OURS, Suppression


@dataclass(frozen=True, slots=True)
class Law:
    """What suppressions may do in this run. `immune` rules can not be hidden; `require_reason`: only with a reason;
    `today` decides what has expired; `longest_days`: how far ahead a last day may lie; `rules` are all that there are;
    `may_be_unused` says whether a rule was judged so completely where a suppression stands that one without effect is
    known to be useless."""

    rules: Sequence[Rule]
    today: datetime.date
    immune: frozenset[str] = frozenset()
    require_reason: bool = False
    longest_days: int | None = None
    may_be_unused: Callable[[Suppression, str], bool] = lambda suppression, rule: False


@dataclass(slots=True)
class Applied:
    """What is left, what is hidden, and what is wrong with suppressions."""

    kept: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)


def apply(findings: Sequence[Finding], suppressions: Sequence[Suppression], law: Law) -> Applied:
    """Hides what the suppressions cover. Each keeps account of what it hid: those that hid nothing are reported."""
    applied = Applied()
    meant: dict[str, frozenset[str]] = {}
    active = [account for suppression in suppressions for account in _accounts(suppression, law, applied, meant)]
    of_rule: dict[str, list[_Account]] = defaultdict(list)
    for account in active:
        for rule in frozenset[str]().union(*account.rules.values()):
            of_rule[rule].append(account)
    for finding in findings:
        left = _hidden_by(finding, of_rule[finding.rule.id], law, applied)
        if left:
            applied.kept.append(left)
    kept: dict[str, list[Finding]] = defaultdict(list)
    for finding in applied.kept:
        kept[finding.rule.id].append(finding)
    for account in active:
        applied.warnings += account.unused(law, kept)
    return applied


@dataclass(slots=True, eq=False)
class _Account:
    """A suppression with the rules that it means, and those of them that it hid a finding of."""

    suppression: Suppression
    rules: dict[str, frozenset[str]]
    expired: bool
    used: set[str] = field(default_factory=set)

    def unused(self, law: Law, kept: Mapping[str, Sequence[Finding]]) -> Iterator[Note]:
        """Of another tool nobody knows what else it hides there."""
        if self.suppression.tool != OURS:
            return
        for selector, names in self.rules.items():
            if not names & self.used and all(law.may_be_unused(self.suppression, name) for name in names):
                until = f" (its last day was {self.suppression.until})" if self.expired else ""
                message = f"unused suppression: nothing of {selector} is found here{until}"
                yield _note(self.suppression, kinds.UNUSED, message + self._hint(names, kept))

    def _hint(self, names: frozenset[str], kept: Mapping[str, Sequence[Finding]]) -> str:
        """Why a finding is not hidden that is shown here: what narrows the suppression, or that this is a lesser label
        of it."""
        for finding in (finding for name in sorted(names) for finding in kept.get(name, ())):
            if self.suppression.is_narrower_than(finding):
                return "; there is some, outside of its scenario= or resource="
            if any(self.suppression.touches(label.location) for label in finding.labels):
                return f"; {finding.rule.id} is decided at {finding.place.file}:{finding.place.line}"
        return ""


def _accounts(
    suppression: Suppression, law: Law, applied: Applied, meant: dict[str, frozenset[str]]
) -> Iterator[_Account]:
    """The account of a suppression, if it counts. `meant` remembers which rules a selector means."""
    if law.require_reason and not suppression.reason:
        message = "suppression without a reason, which the settings require: ignored"
        applied.warnings.append(_note(suppression, kinds.WITHOUT_REASON, message))
        return
    if _is_too_long(suppression, law):
        until = f"its last day is {suppression.until}" if suppression.until else "it has no last day"
        message = f"{until}: the settings allow {law.longest_days} days (until={_latest(law)})"
        applied.warnings.append(_note(suppression, kinds.TOO_LONG, message))
    rules = {}
    for selector in suppression.selectors:
        try:
            if selector not in meant:
                meant[selector] = chosen(selector, law.rules)
            rules[selector] = meant[selector]
        except UnknownSelector as error:
            message = f"{error}; this suppression hides nothing of it"
            applied.warnings.append(_note(suppression, kinds.UNKNOWN, message))
    yield _Account(suppression, rules, suppression.until is not None and suppression.until < law.today)


def _is_too_long(suppression: Suppression, law: Law) -> bool:
    if law.longest_days is None or suppression.tool != OURS:
        return False
    return suppression.until is None or suppression.until > _latest(law)


def _latest(law: Law) -> datetime.date:
    return law.today + datetime.timedelta(days=min(law.longest_days or 0, 36500))


def _hidden_by(finding: Finding, active: Sequence[_Account], law: Law, applied: Applied) -> Finding | None:
    """What is left of a finding; None where all of its instances are hidden in all of its scenarios."""
    for account in active:
        suppression = account.suppression
        instances = suppression.left_of(finding)
        told = finding.failing or finding.unknown
        scenarios = suppression.left(finding, told)
        if len(instances) == len(finding.instances) or scenarios == told:
            continue
        account.used.add(finding.rule.id)
        if account.expired:
            finding = _returned(finding, suppression, applied)
        elif finding.rule.id in law.immune:
            text = f"{finding.rule.id} can not be suppressed: the settings say ignorable = false"
            applied.warnings.append(_note(suppression, kinds.IMMUNE, text))
        elif instances and scenarios:
            text = f"nothing is hidden: {finding.rule.id} of {finding.address} can not be told for the other instances"
            message = f"{text} in these scenarios and for all in the others; narrow it by one of both"
            applied.warnings.append(_note(suppression, kinds.UNUSED, message))
        else:
            hidden, left = _parted(finding, instances, scenarios)
            applied.suppressed.append(_suppressed(hidden, suppression))
            if left is None:
                return None
            finding = left
    return finding


def _parted(finding: Finding, instances: Sequence[int], scenarios: tuple[str, ...]) -> tuple[Finding, Finding | None]:
    """What is hidden of a finding, and what is left: some instances, or some scenarios, or nothing."""
    if instances:
        hidden = [number for number in range(len(finding.instances)) if number not in instances]
        return _with(finding, hidden), _with(finding, instances)
    if not scenarios:
        return finding, None
    told = finding.failing or finding.unknown
    hidden_in = tuple(name for name in told if name not in scenarios)
    return _in(finding, hidden_in), _in(finding, scenarios)


def _in(finding: Finding, scenarios: tuple[str, ...]) -> Finding:
    """The finding in some of its scenarios, told where these have their value."""
    names = {*scenarios, *map(environment_in, scenarios)}
    labels = [label for label in finding.labels if not label.scenarios or not names.isdisjoint(label.scenarios)]
    if labels and not any(label.primary for label in labels):
        labels = [replace(labels[0], primary=True), *labels[1:]]
    gone = {f"the environment is {name}" for name in {*finding.failing, *finding.unknown} - names}
    reasons = tuple(reason for reason in finding.reasons if reason not in gone)
    told = replace(finding, labels=tuple(labels or finding.labels), reasons=reasons)
    return replace(told, failing=scenarios) if finding.failing else replace(told, unknown=scenarios)


def _with(finding: Finding, numbers: Sequence[int]) -> Finding:
    """The finding with some of its instances, and told as one of these."""
    instances = tuple(finding.instances[number] for number in numbers)
    calls = tuple(finding.calls[number] for number in numbers)
    is_of_others = finding.address in finding.instances and finding.address not in instances
    address = instances[0] if is_of_others else finding.address
    return replace(finding, instances=instances, calls=calls, address=address)


def _returned(finding: Finding, suppression: Suppression, applied: Applied) -> Finding:
    text = f"suppression expired on {suppression.until}"
    message = f"{text}: {finding.rule.id} is back on {finding.address}"
    applied.warnings.append(_note(suppression, kinds.EXPIRED, message))
    return replace(finding, reasons=(*finding.reasons, f"{text} ({suppression.path}:{suppression.line})"))


def _suppressed(finding: Finding, suppression: Suppression) -> Suppressed:
    return Suppressed(
        finding,
        suppression.kind,
        suppression.path,
        suppression.line,
        suppression.reason,
        until=suppression.until.isoformat() if suppression.until else "",
        tool=suppression.tool,
    )


def _note(suppression: Suppression, kind: str, message: str) -> Note:
    return Note(suppression.path, message, kind, suppression.line)
