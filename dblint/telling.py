"""How one case of a verdict is told: its labels, its evidence, its fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from dblint.finding import Actual, Fix, Label, actual_of, changes_of, reason, replaces, word
from dblint.graph import Graph
from dblint.judge import UNDETERMINED, Case, cures
from dblint.model import Address, Deployment, Location, Origin, Path, Ref, Resource, Trace, Unknown, Value
from dblint.properties import Secret
from dblint.reading import Fork, Read, Reading, Undetermined, known
from dblint.records import dataclass, replace
from dblint.rule_definition import Rule, Set
from dblint.view import VIEWS, One, View, edges_of, view_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule on one resource of one deployment."""

    rule: Rule
    resource: Resource
    deployment: Deployment
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """The case that a finding is told by, with what is to be said of it. `property_name` is what the finding is
    about, `read` the look at it that decided."""

    judged: Judged
    case: Case
    property_name: str
    read: Read | None
    labels: tuple[Label, ...]
    reasons: tuple[str, ...]
    related: tuple[tuple[Address, str, str], ...]

    @property
    def place(self) -> Location:
        """Where the primary label stands."""
        return self.labels[0].location

    @property
    def actual(self) -> Actual | None:
        return actual_of(self.read) if self.read else None


def tell(judged: Judged, case: Case) -> Telling:
    """What is to be said of a case."""
    resource = judged.resource
    read = _deciding(judged, case)
    property_name = str(read.path[0]) if read else next(iter(judged.rule.about), "")
    reads = _evidence(case)
    labels = _labels(judged, case, read, reads)
    reasons = tuple(dict.fromkeys([*_reasons(resource, reads, read), *_assumed(resource)]))
    return Telling(judged, case, property_name, read, labels, reasons, _related(judged, case, reads))


def decided_at(judged: Judged, case: Case) -> Label | None:
    """Where the value is decided; None where the rule looked at no value of the resource, or nobody wrote it."""
    read = _deciding(judged, case)
    labels = _value_labels(read, case) if read else []
    return next((label for label in labels if _shown(label.location)), None)


def _deciding(judged: Judged, case: Case) -> Read | None:
    """The last look at what the rule is about, in the resource itself."""
    about = judged.rule.about
    return next((r for r in reversed(case.reads) if r.resource is judged.resource and r.path[0] in about), None)


def _evidence(case: Case) -> list[Read]:
    """The reads without repetitions and without values that were only tried."""
    kept: dict[tuple[int, Any], Read] = {}
    for read in case.reads:
        if not read.assumed or case.outcome == UNDETERMINED:
            kept[id(read.resource), read.path] = read
    return list(kept.values())


def _labels(judged: Judged, case: Case, read: Read | None, reads: list[Read]) -> tuple[Label, ...]:
    """The primary label, where the deciding value is written; then the way from there to the resource; then the
    evidence."""
    resource = judged.resource
    found: list[Label] = _value_labels(read, case) if read else _about_labels(judged, case)
    if not any(_shown(label.location) for label in found):
        found.append(Label(resource.location, reason(read) if read else judged.rule.message))
    for other in filter(_found_something, reads):
        if other.resource is not resource and other.resource.location.line and other.path != ("production",):
            found += _labels_of_another(other, case)
    found.append(Label(resource.location, resource.address))
    return _primary_first(found)


def _labels_of_another(read: Read, case: Case) -> Iterator[Label]:
    """Where a value of another resource is written, and where it is decided, if that is elsewhere."""
    trace = read.resource.trace(read.path, case.assumed)
    alone = isinstance(read.value, tuple) and len(read.value) == 1
    item = read.resource.trace((*read.path, 0), case.assumed).origins if alone else ()
    decided = next((origin for origin in item or trace.origins if _shown(origin.location)), None)
    place = trace.written or (decided.location if decided else read.resource.location)
    yield Label(place, f"{read.resource.address}: {reason(read)}", secret=_is_secret(read))
    if decided and not _lies_within(decided.location, place):
        yield Label(decided.location, f"{read.resource.address}: {decided.text}", secret=_is_secret(read))


def _about_labels(judged: Judged, case: Case) -> list[Label]:
    """Where the rule looked along edges only: what made the resource, where its source tells, and the property that the
    rule is about, where that is written, with the way to there."""
    *about, made = (judged.resource.trace((name,), case.assumed) for name in (*judged.rule.about, ""))
    written = next((trace for trace in about if trace.written), Trace())
    here = [Label(written.written, judged.rule.message)] if written.written else []
    return [*map(_label, made.origins), *here, *map(_label, written.origins)]


def _label(origin: Origin) -> Label:
    return Label(origin.location, origin.text)


def _found_something(read: Read) -> bool:
    """Whether a read is worth telling: a rule looks past much that is not there."""
    return read.state != "absent" or not (read.value in (None, ()) or isinstance(read.value, Secret))


def _value_labels(read: Read, case: Case) -> list[Label]:
    """Where the value is decided, then the way to where it is written. What names another resource, and what another
    resource will have, is decided where it is written; that no resource is named, where nothing is said."""
    trace = read.resource.trace(_shown_path(read.path), case.assumed)
    labels = [Label(origin.location, origin.text, secret=_is_secret(read)) for origin in trace.origins]
    if not trace.written:
        return labels
    makers = _makers(read, case)
    written = Label(trace.written, _told(read, case, makers), secret=_is_secret(read))
    if (_names_a_resource(read) and read.state != "absent") or makers:
        within = [label for label in labels if _lies_within(label.location, trace.written)]
        return [*within, written, *(label for label in labels if label not in within)]
    return [*labels, written]


def _lies_within(place: Location, whole: Location) -> bool:
    return place.file == whole.file and whole.line <= place.line and place.end_line <= whole.end_line


def _names_a_resource(read: Read) -> bool:
    edges = vars(VIEWS[read.resource.type]).values()
    return any(isinstance(edge, One) and edge.by == read.path[0] for edge in edges)


def _told(read: Read, case: Case, makers: tuple[Address, ...]) -> str:
    if read.state == "unknown" and makers:
        return f"{word(read.resource, read.path)} is taken from {', '.join(makers)}"
    return reason(read).replace(" is ", " may be ", 1) if _is_open(read, case) else reason(read)


def _makers(read: Read, case: Case) -> tuple[Address, ...]:
    """The resources that an unknown value will be taken from, once they are made."""
    reading = Reading(dict(case.assumed))
    try:
        value = _settled(read, reading)
        return value.to if isinstance(value, Ref) and isinstance(reading.resolve(value.value), Unknown) else ()
    except (Fork, LookupError):
        return ()


def _is_open(read: Read, case: Case) -> bool:
    """Whether the value is one of several, and only deployment decides which."""
    if case.outcome != UNDETERMINED or read.state != "known":
        return False
    chosen = Reading({variable: among for variable, among in case.assumed.items() if variable.real})
    try:
        chosen.resolve(_settled(read, chosen))
    except Fork:
        return True
    except LookupError:
        pass
    return False


def _settled(read: Read, reading: Reading) -> Value:
    """What stands at the path of a read, with its reference. Raises Fork and LookupError."""
    value = reading.settle(read.resource.properties.get(str(read.path[0])))
    for step in read.path[1:]:
        inner = reading.resolve(value)
        if not isinstance(inner, (dict, list)):
            break
        value = reading.settle(inner[step])  # type: ignore[index]
    return value


def _shown_path(path: Path) -> Path:
    """Of an item of a list, the item as a whole."""
    return path[:2] if len(path) > 2 and isinstance(path[1], int) else path


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


def expected(rule: Rule) -> Any:
    """The value that the rule's fix would set first; None where it sets none."""
    for change in rule.fix:
        if isinstance(change, Set):
            return next(iter(change.properties.values()))
    return None


def confidence(telling: Telling) -> str:
    """The lowest confidence of what was read; medium at the most where a module decides that is not here."""
    order = ("low", "medium", "high")
    lowest = min((read.confidence for read in telling.case.reads), key=order.index, default="high")
    resource = telling.judged.resource
    decided_there = bool(resource.assumed) and telling.place == resource.location
    return min(lowest, "medium", key=order.index) if decided_there else lowest


def _assumed(resource: Resource) -> Iterator[str]:
    if resource.assumed:
        yield f"the code of the module is not read: it is judged as {resource.assumed}"


def _reasons(resource: Resource, reads: list[Read], deciding: Read | None) -> Iterator[str]:
    for read in reads:
        if read is not deciding and not _found_something(read):
            continue
        who = "" if read.resource is resource else f"{read.resource.address or 'a resource outside'}: "
        yield who + reason(read)


def _related(judged: Judged, case: Case, reads: list[Read]) -> tuple[tuple[Address, str, str], ...]:
    """The other resources that were looked at: their addresses, their types, and the edges that lead to them."""
    resource = judged.resource
    others = {r.resource.address: r.resource for r in reads if r.resource is not resource and r.resource.address}
    if not others:
        return ()
    edges = dict(_edges(view_of(resource, Reading(dict(case.assumed)), _graph(judged.deployment))))
    return tuple((address, other.type, edges.get(address, "")) for address, other in others.items())


def _edges(view: View) -> Iterator[tuple[Address, str]]:
    """Where the edges of a resource lead, as far as that is known, each with its name."""
    for name in edges_of(type(view)):
        try:
            target = getattr(view, name)
        except (Fork, Undetermined):
            continue
        for other in known(target) if isinstance(target, tuple) else filter(None, (target,)):
            yield other.resource.address, name


@lru_cache(maxsize=1)
def _graph(deployment: Deployment) -> Graph:
    return Graph(deployment)


def fix_of(telling: Telling, options: Mapping[str, Any]) -> Fix | None:
    """What would cure the case, and whether that is proved."""
    rule, resource = telling.judged.rule, telling.judged.resource
    if not rule.fix:
        return None
    safety = "unsafe" if replaces(rule, resource) else "safe"
    return Fix(changes_of(rule, resource), safety, cures(rule, resource, telling.judged.deployment, options))
