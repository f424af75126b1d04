"""Hides the findings that suppressions cover, and says what is wrong with suppressions."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from dblint.finding import Finding
from dblint.model import Note
from dblint.result import Suppressed
from dblint.rule_definition import Rule
from dblint.selectors import UnknownSelector, chosen
from dblint.suppressions.suppression import Suppression


@dataclass(frozen=True, slots=True)
class Law:
    """What suppressions may do in this run. `immune` rules can not be hidden; `require_reason`: only with a reason;
    `today` decides what has expired; `rules` are all that there are; `may_be_unused` says whether a rule was judged
    so completely that a suppression without effect is known to be useless."""

    rules: Sequence[Rule]
    today: datetime.date
    immune: frozenset[str] = frozenset()
    require_reason: bool = False
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
        for selector, names in self.rules.items():
            if not names & self.used and not self.expired and all(map(law.may_be_unused, names)):
                yield _note(self.suppression, f"unused suppression: nothing of {selector} is found here")


def _accounts(suppression: Suppression, law: Law, applied: Applied) -> Iterator[_Account]:
    if law.require_reason and not suppression.reason:
        applied.warnings.append(_note(suppression, "suppression without a reason, which the settings require: ignored"))
        return
    rules = {}
    for selector in suppression.selectors:
        try:
            rules[selector] = chosen(selector, law.rules)
        except UnknownSelector as error:
            applied.warnings.append(_note(suppression, f"{error}; this suppression hides nothing of it"))
    yield _Account(suppression, rules, suppression.until is not None and suppression.until < law.today)


def _hidden_by(finding: Finding, active: Sequence[_Account], law: Law, applied: Applied) -> Finding | None:
    """What is left of a finding; None where it is hidden in all of its scenarios."""
    for account in active:
        suppression = account.suppression
        if not suppression.covers(finding):
            continue
        told = finding.failing or finding.unknown
        left = suppression.left(told)
        if left == told:
            continue
        account.used.add(finding.rule.id)
        if account.expired:
            finding = _returned(finding, suppression, applied)
        elif finding.rule.id in law.immune:
            text = f"{finding.rule.id} can not be suppressed: the settings say ignorable = false"
            applied.warnings.append(_note(suppression, text))
        elif left:
            finding = replace(finding, failing=left) if finding.failing else replace(finding, unknown=left)
        else:
            applied.suppressed.append(_suppressed(finding, suppression))
            return None
    return finding


def _returned(finding: Finding, suppression: Suppression, applied: Applied) -> Finding:
    text = f"suppression expired on {suppression.until}"
    note = _note(suppression, f"{text}: {finding.rule.id} is back on {finding.address}")
    applied.warnings.append(note)
    return replace(finding, reasons=(*finding.reasons, f"{text} ({suppression.path}:{suppression.line})"))


def _suppressed(finding: Finding, suppression: Suppression) -> Suppressed:
    until = suppression.until.isoformat() if suppression.until else ""
    return Suppressed(finding, suppression.kind, suppression.path, suppression.line, suppression.reason, until)


def _note(suppression: Suppression, message: str) -> Note:
    return Note(suppression.path, message, "suppression", suppression.line)
