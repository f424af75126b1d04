"""Verdicts to findings: one finding for one defect at one place, whatever the number of instances and scenarios.

Instances of one definition are one finding where the value that breaks them is written at one place: in the module,
for all of its calls; in the call, for what that call makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from dblint.disk import digest_of
from dblint.finding import Finding, Label
from dblint.judge import ABSENT, BROKEN, KEPT, UNDETERMINED, Case
from dblint.model import Address, Location, Resource
from dblint.patterns import pattern
from dblint.records import replace
from dblint.scenario import describe_condition, scenario_names
from dblint.sources.files import split
from dblint.telling import Judged, Telling, confidence, decided_at, expected, fix_of, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_INDEX = pattern(r"\[[^\]]*\]")

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
    return *finding.position, finding.rule.id, finding.address, finding.root


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
    failing = _scenarios(members, BROKEN)
    labels = _labels(telling, members)
    return Finding(
        rule=rule,
        outcome=case.outcome,
        severity=severity,
        confidence=confidence(telling),
        root=root,
        address=_folded(group, existing),
        instances=_instances(group),
        calls=tuple(telling.judged.resource.calls for telling in group),
        resource_type=resource.type,
        property_name=telling.property_name,
        actual=telling.actual,
        expected=expected(rule),
        failing=failing,
        passing=_scenarios(members, KEPT, failing),
        unknown=_scenarios(members, UNDETERMINED),
        subject=resource.location,
        labels=labels,
        related=telling.related,
        reasons=telling.reasons,
        breaks_if=_breaks_if(open_cases),
        because=tuple(dict.fromkeys(case.because for case in open_cases if case.because)),
        fix=fix_of(telling, options),
        fingerprint=_fingerprint(rule.id, identity, telling.property_name),
        files=frozenset(label.location.file for label in labels),
        roots=(root,),
    )


def _labels(telling: Telling, members: list[Judged]) -> tuple[Label, ...]:
    """The labels of what is told, and where other deployments that fail have their value, if that is elsewhere: told by
    one of the instances, of which each deployment has its own."""
    outcome = telling.case.outcome
    found: dict[Location, Label] = {}
    seen = set()
    for item in members if len({item.deployment.name for item in members}) > 1 else ():
        case = next((case for case in item.cases if case.outcome == outcome), None)
        if case is None or item.deployment.name in seen:
            continue
        seen.add(item.deployment.name)
        label = decided_at(item, case) or telling.labels[0]
        known = found.get(label.location, label)
        found[label.location] = replace(label, scenarios=(*known.scenarios, item.deployment.name), primary=False)
    if len(found) < 2 or telling.place not in found:
        return telling.labels
    primary, *others = telling.labels
    primary = replace(primary, scenarios=found.pop(primary.location).scenarios)
    return primary, *found.values(), *(label for label in others if label.location not in found)


def _instances(group: Group) -> tuple[Address, ...]:
    return tuple(telling.judged.resource.address for telling in group)


def _folded(group: Group, existing: set[Address]) -> Address:
    """One address for all instances: without the indices of module calls (and of the resource, where it has several)
    if all instances that exist agree; the first of them otherwise."""
    instances = _instances(group)
    if existing != set(instances):
        return instances[0]
    if len(instances) > 1:
        return _of_loop(group[0].judged.resource, instances) or min(_INDEX.sub("", address) for address in instances)
    module, dot, own = instances[0].rpartition(".aws_") if ".aws_" in instances[0] else ("", "", instances[0])
    return _INDEX.sub("", module) + dot + own


def _of_loop(resource: Resource, instances: tuple[Address, ...]) -> Address:
    """What a template's loop calls all of its instances, "Table${Name}"; "" where it is no loop of one stack."""
    name = resource.definition.partition("#")[2]
    stacks = {address.rpartition("/")[:2] for address in instances}
    return "".join([*stacks.pop(), name]) if len(stacks) == 1 and re.search(r"[$&]\{", name) else ""


def _identities(groups: list[Group], existing: set[Address]) -> list[str]:
    """What each group is known by, whatever its lines and the number of calls."""
    identities = [_identity(group, existing) for group in groups]
    return [
        identity if identities.count(identity) == 1 else f"{identity}\0{_addresses(group)}"
        for group, identity in zip(groups, identities)
    ]


def _identity(group: Group, existing: set[Address]) -> str:
    """A resource of a root is known by its definition. So is one of a module that is called, if the defect is written
    in the module itself; one that is written in a call is known by the call. What only some instances have, by them."""
    resource = group[0].judged.resource
    if not resource.address.startswith("module.") or _at_home(group):
        known, alike = definition_of(resource), existing
    else:
        calls = {_INDEX.sub("", address) for address in _instances(group)}
        known = "\0".join((group[0].judged.deployment.root, *sorted(calls)))
        alike = {address for address in existing if _INDEX.sub("", address) in calls}
    return known if alike == set(_instances(group)) else f"{known}\0{_addresses(group)}"


def _at_home(group: Group) -> bool:
    """Whether the deciding value stands in the folder of the module that defines the resource, and that folder is the
    project's own: a module that was installed is known by its call, which is here whether it is installed or not."""
    resource = group[0].judged.resource
    if resource.assumed or "/.terraform/" in f"/{resource.location.file}":
        return False
    return split(group[0].place.file)[0] == split(resource.location.file)[0]


def definition_of(resource: Resource) -> str:
    """The site that defines a resource: of Terraform the module's folder and the name in it, which survive a move to
    another file; of a template the template and the logical id."""
    file, _, name = resource.definition.partition("#")
    return f"{split(file)[0]}#{name}" if resource.source == "terraform" and name else resource.definition


def _addresses(group: Group) -> str:
    return "\0".join(sorted(_instances(group)))


def _cases(items: list[Judged], outcome: str) -> Iterator[Case]:
    return (case for item in items for case in item.cases if case.outcome == outcome)


def _scenarios(items: list[Judged], outcome: str, failing: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names of the scenarios in which an instance has the outcome: of a deployment as a whole where one has it in
    all of it. None of `failing`: what fails in a scenario for one instance does not pass there."""
    whole = {item.deployment.name for item in items for case in _cases([item], outcome) if not case.when}
    names: set[str] = set()
    for item in items:
        deployment = item.deployment.name
        for case in _cases([item], outcome) if deployment not in failing else ():
            names.update([deployment] if deployment in whole else scenario_names(deployment, case.when))
    return tuple(sorted(names.difference(failing)))


def _breaks_if(cases: list[Case]) -> tuple[str, ...]:
    conditions = (condition for case in cases for condition in case.breaks_if)
    return tuple(dict.fromkeys(describe_condition(condition) for condition in conditions if condition))


def _fingerprint(rule: str, identity: str, facet: str) -> str:
    text = "\0".join(("1", rule, identity, facet))
    return digest_of(text.encode(errors="surrogatepass")).hex()


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of all roots, in the order of their places. What several roots find in one module that they share is one
    finding; instances of the other roots are written behind the root. What is broken in one root and undetermined in
    another stays apart."""
    same: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        same.setdefault((finding.fingerprint, finding.outcome), []).append(finding)
    return sorted((group[0] if len(group) == 1 else _merged(group) for group in same.values()), key=order)


def _merged(findings: list[Finding]) -> Finding:
    """One finding for all, told as the root that is the module itself tells it, else as the first does."""
    first = min(findings, key=lambda f: (f.root != split(f.subject.file)[0], f.root))
    others = [f for f in findings if f is not first]
    instances = (f"{f.root}: {address}" for f in others for address in f.instances)
    return replace(
        first,
        instances=(*first.instances, *instances),
        calls=tuple(calls for f in (first, *others) for calls in f.calls),
        failing=_union(f.failing for f in findings),
        passing=_union(f.passing for f in findings),
        unknown=_union(f.unknown for f in findings),
        files=frozenset().union(*(f.files for f in findings)),
        roots=_union(f.roots for f in findings),
    )


def _union(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for some in names for name in some}))
