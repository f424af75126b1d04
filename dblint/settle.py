"""Verdicts to findings: one finding for one defect at one definition, whatever the number of instances and
scenarios."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dblint.finding import Actual, Finding, Fix, Label, actual_of, changes_of, reason, replaces
from dblint.judge import ABSENT, BROKEN, KEPT, UNDETERMINED, Case, cures
from dblint.model import Address, Deployment, Location, Resource
from dblint.properties import Secret
from dblint.reading import Read
from dblint.rule_definition import Rule, Set
from dblint.scenario import describe_condition, scenario_names

_INDEX = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule on one resource of one deployment."""

    rule: Rule
    resource: Resource
    deployment: Deployment
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class _Telling:
    """The case that a finding is told by, and where it comes from."""

    judged: Judged
    case: Case


def settle(
    judged: Iterable[Judged], severities: Mapping[str, str], options: Mapping[str, Mapping[str, Any]]
) -> list[Finding]:
    """All findings, broken and undetermined, in the order of their places.

    `severities`: rule -> the severity that the settings give it; `options`: rule -> its options.
    """
    groups: dict[tuple[str, str, str], list[Judged]] = {}
    for item in judged:
        key = (item.rule.id, item.deployment.root, item.resource.definition or item.resource.address)
        groups.setdefault(key, []).append(item)
    findings = [f for group in groups.values() for f in _findings(group, severities, options)]
    return sorted(findings, key=order)


def order(finding: Finding) -> tuple[Any, ...]:
    """What findings are sorted by: their place, then their rule."""
    place = finding.place
    return place.file, place.line, place.column, finding.rule.id, finding.address, finding.root


def _findings(
    group: list[Judged], severities: Mapping[str, str], options: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    for outcome in (BROKEN, UNDETERMINED):
        telling = next(_having(group, outcome), None)
        if telling:
            rule = telling.judged.rule
            yield _finding(group, telling, severities.get(rule.id, rule.severity), options.get(rule.id, {}))
            return


def _having(group: list[Judged], outcome: str) -> Iterator[_Telling]:
    return (_Telling(item, case) for item in group for case in item.cases if case.outcome == outcome)


def _finding(group: list[Judged], telling: _Telling, severity: str, options: Mapping[str, Any]) -> Finding:
    rule, resource, case = telling.judged.rule, telling.judged.resource, telling.case
    instances = tuple(dict.fromkeys(t.judged.resource.address for t in _having(group, case.outcome)))
    address = _folded(instances, group, case.outcome)
    property_name = _property(rule, case, resource)
    read = _deciding(case, resource, property_name)
    reads = _evidence(case)
    labels = _labels(telling, read, reads)
    return Finding(
        rule=rule,
        outcome=case.outcome,
        severity=severity,
        confidence=_confidence(case),
        root=telling.judged.deployment.root,
        address=address,
        instances=instances,
        resource_type=resource.type,
        property_name=property_name,
        actual=_actual(read),
        expected=_expected(rule),
        failing=_scenarios(group, BROKEN),
        passing=_scenarios(group, KEPT),
        unknown=_scenarios(group, UNDETERMINED),
        subject=resource.location,
        labels=labels,
        related=_related(resource, reads),
        reasons=tuple(dict.fromkeys(_reasons(resource, reads))),
        breaks_if=_breaks_if(group) if case.outcome == UNDETERMINED else (),
        because=_because(group) if case.outcome == UNDETERMINED else (),
        fix=_fix(telling, options),
        fingerprint=_fingerprint(rule, telling.judged.deployment.root, address, property_name),
        files=frozenset(label.location.file for label in labels),
    )


def _folded(instances: tuple[Address, ...], group: list[Judged], outcome: str) -> Address:
    """One address for all instances: without the indices of module calls (and of the resource, where it has several)
    if all instances of the definition agree; the first of them otherwise."""
    existing = {j.resource.address for j in group if any(c.outcome != ABSENT for c in j.cases)}
    if len(existing) > 1 and existing != set(instances):
        return instances[0]
    folded = {_INDEX.sub("", address) for address in instances}
    if len(instances) > 1:
        return min(folded)
    module, dot, own = instances[0].rpartition(".aws_") if ".aws_" in instances[0] else ("", "", instances[0])
    return _INDEX.sub("", module) + dot + own


def _property(rule: Rule, case: Case, resource: Resource) -> str:
    """The property that the finding is about: what was read last of the subject, of those that the fix changes if any."""
    read = [str(r.path[0]) for r in case.reads if r.resource is resource and r.path != ("production",)]
    fixed = [name for change in rule.fix for name in (change.properties if isinstance(change, Set) else change.names)]
    candidates = [name for name in read if name in fixed] or fixed or read
    return candidates[-1] if candidates else ""


def _deciding(case: Case, resource: Resource, property_name: str) -> Read | None:
    """The last read of the property, else the last of the subject that is written."""
    own = [read for read in case.reads if read.resource is resource and read.path != ("production",)]
    about = [read for read in own if read.path[0] == property_name]
    written = [read for read in own if read.state != "absent"]
    relevant = about or written
    return relevant[-1] if relevant else None


def _evidence(case: Case) -> list[Read]:
    """The reads without repetitions and without values that were only tried."""
    kept: dict[tuple[int, Any], Read] = {}
    for read in case.reads:
        if not read.assumed or case.outcome == UNDETERMINED:
            kept[id(read.resource), read.path] = read
    return list(kept.values())


def _labels(telling: _Telling, read: Read | None, reads: list[Read]) -> tuple[Label, ...]:
    """The primary label, where the deciding value is written; then the way from there to the resource; then the
    evidence."""
    resource = telling.judged.resource
    found: list[Label] = _value_labels(read, telling.case) if read else []
    if not any(_shown(label.location) for label in found):
        found.append(Label(resource.location, reason(read) if read else telling.judged.rule.message))
    for other in reads:
        if other.resource is not resource and other.resource.location.line and other.path != ("production",):
            trace = other.resource.trace(other.path, telling.case.assumed)
            place = trace.written or other.resource.location
            found.append(Label(place, f"{other.resource.address}: {reason(other)}", secret=_is_secret(other)))
    found.append(Label(resource.location, resource.address))
    return _primary_first(found)


def _value_labels(read: Read, case: Case) -> list[Label]:
    trace = read.resource.trace(read.path, case.assumed)
    labels = [Label(origin.location, origin.text, secret=_is_secret(read)) for origin in trace.origins]
    if trace.written:
        labels.append(Label(trace.written, reason(read), secret=_is_secret(read)))
    return labels


def _is_secret(read: Read) -> bool:
    return isinstance(read.value, Secret)


def _shown(location: Location) -> bool:
    """Whether a place lies in the project's own code, not in a module that was installed into it."""
    return bool(location.line) and "/.terraform/" not in f"/{location.file}"


def _primary_first(labels: list[Label]) -> tuple[Label, ...]:
    unique: dict[Location, Label] = {}
    for label in labels:
        unique.setdefault(label.location, label)
    first = next((label for label in unique.values() if _shown(label.location)), labels[0])
    rest = [label for label in unique.values() if label is not first]
    return (replace(first, primary=True), *rest)


def _actual(read: Read | None) -> Actual | None:
    return actual_of(read) if read else None


def _expected(rule: Rule) -> Any:
    for change in rule.fix:
        if isinstance(change, Set):
            return next(iter(change.properties.values()))
    return None


def _confidence(case: Case) -> str:
    order = ("low", "medium", "high")
    return min((read.confidence for read in case.reads), key=order.index, default="high")


def _scenarios(group: list[Judged], outcome: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for item in group:
        for case in item.cases:
            if case.outcome == outcome:
                names.update(dict.fromkeys(scenario_names(item.deployment.name, case.when)))
    return tuple(sorted(names))


def _reasons(resource: Resource, reads: list[Read]) -> Iterator[str]:
    for read in reads:
        who = "" if read.resource is resource else f"{read.resource.address or 'a resource outside'}: "
        yield who + reason(read)


def _related(resource: Resource, reads: list[Read]) -> tuple[tuple[Address, str], ...]:
    others = {r.resource.address: r.resource.type for r in reads if r.resource is not resource and r.resource.address}
    return tuple(others.items())


def _breaks_if(group: list[Judged]) -> tuple[str, ...]:
    conditions = (condition for telling in _having(group, UNDETERMINED) for condition in telling.case.breaks_if)
    return tuple(dict.fromkeys(describe_condition(condition) for condition in conditions if condition))


def _because(group: list[Judged]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.case.because for t in _having(group, UNDETERMINED) if t.case.because))


def _fix(telling: _Telling, options: Mapping[str, Any]) -> Fix | None:
    rule, resource = telling.judged.rule, telling.judged.resource
    if not rule.fix:
        return None
    safety = "unsafe" if replaces(rule, resource) else "safe"
    return Fix(changes_of(rule, resource), safety, cures(rule, resource, telling.judged.deployment, options))


def _fingerprint(rule: Rule, root: str, address: Address, facet: str) -> str:
    text = "\0".join(("1", rule.id, root, address, facet))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
