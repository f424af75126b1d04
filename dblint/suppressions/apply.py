"""Hides the findings that suppressions cover, and says what is wrong with suppressions."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from dblint.finding import Finding
from dblint.model import Note
from dblint.records import dataclass, field, replace
from dblint.result import Suppressed
from dblint.rule_definition import Rule
from dblint.selectors import UnknownSelector, chosen
from dblint.suppressions import kinds
from dblint.suppressions.suppression import OURS, Suppression


@dataclass(frozen=True, slots=True)
class Law:
    """What suppressions may do in this run. `immune` rules can not be hidden; `require_reason`: only with a reason;
    `today` decides what has expired; `longest_days`: how far ahead a last day may lie; `rules` are all that there are;
    `may_be_unused` says whether a rule was judged so completely that a suppression without effect is known to be
    useless."""

    rules: Sequence[Rule]
    today: datetime.date
    immune: frozenset[str] = frozenset()
    require_reason: bool = False
    longest_days: int | None = None
    may_be_unused: Callable[[str], bool] = lambda rule: False


@dataclass(slots=True)
class Applied:
    """What is left, what is hidden, and what is wrong with suppressions."""

    kept: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)


def apply(findings: Sequence[Finding], suppressions: Sequence[Suppression], law: Law) -> Applied:
    """Hides what the suppressions cover. Each keeps account of what it hid: those that hid nothing are reported."""
    applied = Applied()
    active = [account for suppression in suppressions for account in _accounts(suppression, law, applied)]
    of_rule: dict[str, list[_Account]] = defaultdict(list)
    for account in active:
        for rule in frozenset[str]().union(*account.rules.values()):
            of_rule[rule].append(account)
    for finding in findings:
        left = _hidden_by(finding, of_rule[finding.rule.id], law, applied)
        if left:
            applied.kept.append(left)
    for account in active:
        applied.warnings += account.unused(law)
    return applied


@dataclass(slots=True, eq=False)
class _Account:
    """A suppression with the rules that it means, and those of them that it hid a finding of."""

    suppression: Suppression
    rules: dict[str, frozenset[str]]
    expired: bool
    used: set[str] = field(default_factory=set)

    def unused(self, law: Law) -> Iterator[Note]:
        """Of another tool nobody knows what else it hides there."""
        if self.suppression.tool != OURS or self.expired:
            return
        for selector, names in self.rules.items():
            if not names & self.used and all(map(law.may_be_unused, names)):
                message = f"unused suppression: nothing of {selector} is found here"
                yield _note(self.suppression, kinds.UNUSED, message)


def _accounts(suppression: Suppression, law: Law, applied: Applied) -> Iterator[_Account]:
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
            rules[selector] = chosen(selector, law.rules)
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
        scenarios = suppression.left(told)
        if len(instances) == len(finding.instances) or scenarios == told:
            continue
        account.used.add(finding.rule.id)
        if account.expired:
            finding = _returned(finding, suppression, applied)
        elif finding.rule.id in law.immune:
            text = f"{finding.rule.id} can not be suppressed: the settings say ignorable = false"
            applied.warnings.append(_note(suppression, kinds.IMMUNE, text))
        elif instances and scenarios:
            continue  # some instances in some scenarios: what is left can not be told in one finding
        elif instances:
            finding = _with(finding, instances)
        elif scenarios:
            finding = replace(finding, failing=scenarios) if finding.failing else replace(finding, unknown=scenarios)
        else:
            applied.suppressed.append(_suppressed(finding, suppression))
            return None
    return finding


def _with(finding: Finding, numbers: Sequence[int]) -> Finding:
    """The finding with some of its instances."""
    instances = tuple(finding.instances[number] for number in numbers)
    return replace(finding, instances=instances, calls=tuple(finding.calls[number] for number in numbers))


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
