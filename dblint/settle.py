"""Verdicts to findings: one finding for one defect at one place, whatever the number of instances and scenarios.

Instances of one definition are one finding where the value that breaks them is written at one place: in the module,
for all of its calls; in the call, for what that call makes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dblint.finding import Finding
from dblint.judge import ABSENT, BROKEN, KEPT, UNDETERMINED, Case
from dblint.model import Address, Location
from dblint.scenario import describe_condition, scenario_names
from dblint.telling import Judged, Telling, confidence, expected, fix_of, tell

_INDEX = re.compile(r"\[[^\]]*\]")

Group = list[Telling]


def settle(
    judged: Iterable[Judged], severities: Mapping[str, str], options: Mapping[str, Mapping[str, Any]]
) -> list[Finding]:
    """All findings, broken and undetermined, in the order of their places.

    `severities`: rule -> the severity that the settings give it; `options`: rule -> its options.
    """
    definitions: dict[tuple[str, str, str], list[Judged]] = {}
    for item in judged:
        key = (item.rule.id, item.deployment.root, item.resource.definition or item.resource.address)
        definitions.setdefault(key, []).append(item)
    findings = [f for items in definitions.values() for f in _findings(items, severities, options)]
    return sorted(findings, key=order)


def order(finding: Finding) -> tuple[Any, ...]:
    """What findings are sorted by: their place, then their rule."""
    place = finding.place
    return place.file, place.line, place.column, finding.rule.id, finding.address, finding.root


def _findings(
    items: list[Judged], severities: Mapping[str, str], options: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """The findings of one rule at one definition: one for each place where a deciding value is written."""
    rule = items[0].rule
    by_address: dict[Address, list[Judged]] = {}
    for item in items:
        by_address.setdefault(item.resource.address, []).append(item)
    groups: dict[tuple[str, Location], Group] = {}
    for same in by_address.values():
        telling = _telling(same)
        if telling:
            groups.setdefault((telling.case.outcome, telling.place), []).append(telling)
    severity = severities.get(rule.id, rule.severity)
    existing = {address for address, same in by_address.items() if _exists(same)}
    for group, identity in zip(groups.values(), _identities(list(groups.values()), existing)):
        members = [item for telling in group for item in by_address[telling.judged.resource.address]]
        yield _finding(group, members, identity, existing, severity, options.get(rule.id, {}))


def _telling(items: list[Judged]) -> Telling | None:
    """What one instance is told by: its first broken case, else its first undetermined one."""
    for outcome in (BROKEN, UNDETERMINED):
        for item in items:
            for case in item.cases:
                if case.outcome == outcome:
                    return tell(item, case)
    return None


def _exists(items: list[Judged]) -> bool:
    return any(case.outcome != ABSENT for item in items for case in item.cases)


def _finding(
    group: Group,
    members: list[Judged],
    identity: str,
    existing: set[Address],
    severity: str,
    options: Mapping[str, Any],
) -> Finding:
    telling = group[0]
    rule, resource, case = telling.judged.rule, telling.judged.resource, telling.case
    root = telling.judged.deployment.root
    open_cases = list(_cases(members, UNDETERMINED)) if case.outcome == UNDETERMINED else []
    return Finding(
        rule=rule,
        outcome=case.outcome,
        severity=severity,
        confidence=confidence(case),
        root=root,
        address=_folded(group, existing),
        instances=_instances(group),
        resource_type=resource.type,
        property_name=telling.property_name,
        actual=telling.actual,
        expected=expected(rule),
        failing=_scenarios(members, BROKEN),
        passing=_scenarios(members, KEPT),
        unknown=_scenarios(members, UNDETERMINED),
        subject=resource.location,
        labels=telling.labels,
        related=telling.related,
        reasons=telling.reasons,
        breaks_if=_breaks_if(open_cases),
        because=tuple(dict.fromkeys(case.because for case in open_cases if case.because)),
        fix=fix_of(telling, options),
        fingerprint=_fingerprint(rule.id, root, identity, telling.property_name),
        files=frozenset(label.location.file for label in telling.labels),
    )


def _instances(group: Group) -> tuple[Address, ...]:
    return tuple(telling.judged.resource.address for telling in group)


def _folded(group: Group, existing: set[Address]) -> Address:
    """One address for all instances: without the indices of module calls (and of the resource, where it has several)
    if all instances that exist agree; the first of them otherwise."""
    instances = _instances(group)
    if existing != set(instances):
        return instances[0]
    if len(instances) > 1:
        return min(_INDEX.sub("", address) for address in instances)
    module, dot, own = instances[0].rpartition(".aws_") if ".aws_" in instances[0] else ("", "", instances[0])
    return _INDEX.sub("", module) + dot + own


def _identities(groups: list[Group], existing: set[Address]) -> list[str]:
    """What each group is known by, whatever its lines and the number of calls.

    A defect that is written in the module itself is known by the module's folder and the resource's name there; one
    that is written in a call, or that only some instances have, by the addresses of its instances.
    """
    at_home = [_at_home(group) and group[0].judged.resource.definition for group in groups]
    return [
        _home(home) if home and sum(map(bool, at_home)) == 1 else _addresses(group, existing)
        for group, home in zip(groups, at_home)
    ]


def _at_home(group: Group) -> bool:
    """Whether the deciding value stands in the folder of a module that is called, beside the resource."""
    resource = group[0].judged.resource
    folder = resource.location.file.rpartition("/")[0]
    return resource.address.startswith("module.") and group[0].place.file.rpartition("/")[0] == folder


def _home(definition: str) -> str:
    file, _, name = definition.partition("#")
    return f"{file.rpartition('/')[0]}#{name}"


def _addresses(group: Group, existing: set[Address]) -> str:
    instances = _instances(group)
    if existing == set(instances):
        return "\0".join(sorted({_INDEX.sub("", address) for address in instances}))
    return "\0".join(sorted(instances))


def _cases(items: list[Judged], outcome: str) -> Iterator[Case]:
    return (case for item in items for case in item.cases if case.outcome == outcome)


def _scenarios(items: list[Judged], outcome: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for item in items:
        for case in _cases([item], outcome):
            names.update(dict.fromkeys(scenario_names(item.deployment.name, case.when)))
    return tuple(sorted(names))


def _breaks_if(cases: list[Case]) -> tuple[str, ...]:
    conditions = (condition for case in cases for condition in case.breaks_if)
    return tuple(dict.fromkeys(describe_condition(condition) for condition in conditions if condition))


def _fingerprint(rule: str, root: str, identity: str, facet: str) -> str:
    text = "\0".join(("1", rule, root, identity, facet))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
