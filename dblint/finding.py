"""What a verdict says to a person: where, why, in which scenarios, and what would cure it."""

from __future__ import annotations

from dblint.defaults import source_of_default
from dblint.model import Address, Location, Resource, Unknown
from dblint.properties import Property, Secret, Switch
from dblint.reading import Read, StandIn
from dblint.records import dataclass, field
from dblint.rule_definition import Rule, Set, Unset
from dblint.view import VIEWS, Nested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Label:
    """A place, and what is to be said of it. One label of a finding is primary. `secret`: what stands there is a
    password or the like, and is not to be shown. `scenarios`: the deployments that it decides for, where others have
    another place for that."""

    location: Location
    text: str
    primary: bool = False
    secret: bool = False
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actual:
    """What the judged property is. `state`: "known", "absent" (`value` is the default, `source` whose default it is)
    or "unknown" (`because` says why). A secret's value is never here."""

    state: str
    value: Any = None
    source: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """What would cure the finding: `changes` in the words of the source ("multi_az = true"). `safety`: "safe", or
    "unsafe" where it replaces the resource; `proved`: the rule, judged again with it, is kept."""

    changes: tuple[str, ...]
    safety: str
    proved: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect at one definition, whatever the number of its instances and scenarios.

    `calls` are the module calls that lead to each instance, in the order of `instances`; see `Resource`. `subject` is
    where the judged resource is defined (the header of its block, its key). `outcome` is "broken" or "undetermined".
    `failing`, `passing` and `unknown` are names of scenarios. `related` are the other resources that decided it: their
    addresses, types, and the edges that lead to them ("" where there are several in between). `reasons` are the
    evidence, a line each; an undetermined one is broken if one of `breaks_if` holds, as far as that is known, and is
    undetermined `because` of what could not be known. `roots` are all roots that have it, of which `root` tells it.
    """

    rule: Rule
    outcome: str
    severity: str
    confidence: str
    root: str
    address: Address
    instances: tuple[Address, ...]
    calls: tuple[tuple[str, ...], ...]
    resource_type: str
    property_name: str
    actual: Actual | None
    expected: Any
    failing: tuple[str, ...]
    passing: tuple[str, ...]
    unknown: tuple[str, ...]
    subject: Location
    labels: tuple[Label, ...]
    related: tuple[tuple[Address, str, str], ...]
    reasons: tuple[str, ...]
    breaks_if: tuple[str, ...]
    because: tuple[str, ...]
    fix: Fix | None
    fingerprint: str
    files: frozenset[str] = field(default_factory=frozenset)
    roots: tuple[str, ...] = ()

    @property
    def place(self) -> Location:
        """Where the primary label stands."""
        return next(label.location for label in self.labels if label.primary)

    @property
    def position(self) -> tuple[str, int, int]:
        """The file, line and column of its place."""
        place = self.place
        return place.file, place.line, place.column


def declared(resource: Resource, path: tuple[str | int, ...]) -> Property | None:
    """The property that a path leads to, as its view declares it; None for what is no property ("production")."""
    owner: type = VIEWS[resource.type]
    found: Property | None = None
    for step in path:
        if isinstance(step, int):
            continue
        attribute = getattr(owner, step, None) if found is None else None
        if isinstance(attribute, Nested):
            owner = attribute.type
        elif isinstance(attribute, Property):
            found = attribute
        else:
            return found
    return found


def word(resource: Resource, path: tuple[str | int, ...]) -> str:
    """A property in the words of the resource's source: "point_in_time_recovery.enabled", "MultiAZ"."""
    names = [str(step) for step in path if not isinstance(step, int)]
    if resource.source != "terraform":
        return ".".join(names)
    owner: type = VIEWS[resource.type]
    words = []
    for name in names:
        attribute = getattr(owner, name, None)
        words.append(_terraform_word(attribute, name))
        owner = attribute.type if isinstance(attribute, Nested) else owner
    return ".".join(filter(None, words))


def _terraform_word(attribute: object, name: str) -> str:
    """ "" for a nested object whose arguments stand in the resource itself."""
    if isinstance(attribute, Nested):
        return name if attribute.terraform is None else attribute.terraform
    return (isinstance(attribute, Property) and attribute.argument) or name


def text_of_value(value: object) -> str:
    """A value as Terraform and CloudFormation write it; secrets and stand-ins are dots."""
    if isinstance(value, (Secret, StandIn, Unknown)):
        return "…"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text_of_value, value)) + "]"
    return str(value)


def reason(read: Read) -> str:
    """One read as evidence: "multi_az is not set, which means false"."""
    if read.path == ("production",):
        return read.note
    name = word(read.resource, read.path)
    if read.state == "unknown":
        return f"{name} is only known at deploy time: {read.because}"
    value = _in_words_of(read.resource, read.path, read.value)
    if read.state != "absent" and isinstance(value, Secret):
        return f"{name} is set and can be read" if value.readable else f"{name} is set"
    if read.state != "absent":
        return f"{name} is {text_of_value(value)}"
    if isinstance(value, Secret) or value in (None, ()):
        return f"{name} is not set"
    return f"{name} is not set, which means {text_of_value(value)}"


def _in_words_of(resource: Resource, path: tuple[str | int, ...], value: Any) -> Any:
    """A value as the resource's source has it, where Terraform has a switch for what is a word in CloudFormation."""
    found = declared(resource, path) if resource.source == "terraform" else None
    if found is None or not isinstance(found.terraform, Switch):
        return value
    return next((theirs for theirs, ours in found.terraform.values if ours == value), value)


def actual_of(read: Read) -> Actual:
    """The state of the judged property."""
    if read.state == "unknown":
        return Actual("unknown", because=read.because)
    value = None if isinstance(read.value, (Secret, StandIn)) else read.value
    if read.state == "absent":
        return Actual("absent", value, source=source_of_default(read.resource))
    return Actual("known", value)


def changes_of(rule: Rule, resource: Resource) -> tuple[str, ...]:
    """The rule's fix in the words of the resource's source, as far as this has words for it."""
    lines: list[str] = []
    for change in rule.fix:
        if isinstance(change, Set):
            lines += filter(None, (_setting(resource, (name,), value) for name, value in change.properties.items()))
        else:
            lines += [f"remove {word(resource, (name,))}" for name in _names(change, resource)]
    return tuple(dict.fromkeys(lines))


def _setting(resource: Resource, path: tuple[str | int, ...], value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(filter(None, (_setting(resource, (*path, name), inner) for name, inner in value.items())))
    found = declared(resource, path)
    if resource.source == "terraform" and found and not found.argument:
        return ""
    sign = " = " if resource.source == "terraform" else ": "
    return f"{word(resource, path)}{sign}{text_of_value(_in_words_of(resource, path, value))}"


def replaces(rule: Rule, resource: Resource) -> bool:
    """Whether the fix changes a property that replaces the resource."""
    names = [name for change in rule.fix for name in _names(change, resource)]
    declared_as = (getattr(VIEWS[resource.type], name, None) for name in names)
    return any(found.replaces for found in declared_as if isinstance(found, (Property, Nested)))


def _names(change: Set | Unset, resource: Resource) -> tuple[str, ...]:
    """The properties that a change touches: of what it removes, those that are written."""
    if isinstance(change, Set):
        return tuple(change.properties)
    return tuple(name for name in change.names if resource.properties.get(name) is not None)
