"""Frozen data that every layer speaks: values, places, resources, deployments.

A known value is itself: plain Python, no wrapper. Three other things may stand anywhere in a resource's
properties: `Unknown` (only deployment decides), `Ref` (it names another resource) and `Choice` (a decision
variable steers it; see `choice.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dblint.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Scalar: TypeAlias = "str | int | float | bool | None"
Address: TypeAlias = str
Path: TypeAlias = "tuple[str | int, ...]"
# Scalar | list[Value] | dict[str, Value] | Unknown | Ref | Choice; not written out, since recursive aliases
# make every caller narrow what it already knows.
Value: TypeAlias = "Any"


@dataclass(frozen=True, slots=True)
class Location:
    """A stretch of a file: `file` is relative to the project and has "/"; lines and columns (code points) begin
    at 1; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """What steers values: a parameter, a workspace, or something that we just do not know.

    `key` is its identity inside of one deployment and its place in the order of decisions; `name` is what a person
    reads. `real`: somebody chooses it (a verdict then stands per alternative); otherwise it is ignorance (a
    disagreement is then undetermined). `domain` holds all its values where they are known, else None.
    `names_environment`: its value alone names the scenario ("prod", not "Env=prod").
    """

    key: str
    name: str
    real: bool = False
    domain: tuple[Scalar, ...] | None = None
    names_environment: bool = False

    def where(self, other: Variable, value: Scalar) -> Scalar | Unknown:
        """Its value where `other`, which it may be made from, has this value; Unknown where that does not tell."""
        return Unknown(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Variable) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What a text of JSON says, with an Unknown for each part of it that is not known."""

    data: Value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and bool(self.data == other.data)

    def __hash__(self) -> int:
        return hash(Document)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only deployment decides.

    `because` completes "only known at deploy time: …". `is_set`: yet surely not null. `variable`: two unknowns with
    the same one are equal. `exposed`: it enters through a parameter or variable that nothing marks as a secret.
    `vaulted`: a store of secrets puts it in place, and it is read from there whenever it is deployed. `inner`: it is
    a text of JSON, and this is what is known of that.
    """

    because: str
    is_set: bool = False
    variable: Variable | None = None
    exposed: bool = False
    vaulted: bool = False
    inner: Document | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """A value that was made from other resources, known (`value`) or not."""

    to: tuple[Address, ...]
    value: Value = Unknown("the value of another resource", is_set=True)
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Among:
    """Alternatives of a variable: these `values`, or (`others`) everything but them."""

    values: frozenset[Scalar]
    others: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that `variable` steers. The parts are disjoint and cover all alternatives; no part's value is a
    Choice on a variable whose key sorts before this one's (see `choice.lift`)."""

    variable: Variable
    parts: tuple[tuple[Among, Value], ...]
    leaves: int


Assumptions: TypeAlias = Mapping[Variable, Among]


@dataclass(frozen=True, slots=True)
class Origin:
    """One step of where a value comes from: "default of variable multi_az", "argument of module.db"."""

    location: Location
    text: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Where one property of one resource stands.

    `written`: the argument or key in the resource's own block; None where it is absent. `origins`: from the place
    where the value is decided to the resource, not repeating `written`; empty where that is the value itself.
    """

    written: Location | None = None
    origins: tuple[Origin, ...] = ()


Tracer: TypeAlias = Callable[["Path", "Assumptions"], Trace]


def no_trace(path: Path, assumptions: Assumptions) -> Trace:
    """The tracer of resources that stand in no file."""
    return Trace()


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of one deployment.

    `type` is the CloudFormation type and `properties` has CloudFormation's names (a mapping that may evaluate on
    access; a missing key is absence), plus `DeletionPolicy` and `UpdateReplacePolicy`; `Tags` is a mapping of key to
    value. `kind` is the source's own type ("aws_db_instance"). `definition` is the site that defines it: instances of
    a module or of count share it. `exists` may be a Choice or Unknown. `provider_version` is the constraint on the
    Terraform provider. `names` are words of identifiers that may name an environment (module keys, stack names),
    nearest first. `calls` are the module calls (nested stacks) that lead to it, from the root down: the folder of the
    module (the path of the template) that calls, "#", and the name of the call (the logical id). `assumed`: the
    public module, with its version, whose known workings stand in for code that is not here.
    """

    type: str
    address: Address
    source: str
    properties: Mapping[str, Value]
    location: Location
    kind: str = ""
    definition: str = ""
    exists: Value = True
    trace: Tracer = no_trace
    provider_version: str = ""
    names: tuple[str, ...] = ()
    region: Value = None
    calls: tuple[str, ...] = ()
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Environments:
    """`[environments]` of the settings: shell patterns of whole words, tag keys, and what holds where nothing names
    one."""

    production: tuple[str, ...] = ("prod", "production", "prd", "live")
    development: tuple[str, ...] = (
        "dev",
        "devel",
        "development",
        "test",
        "testing",
        "tst",
        "qa",
        "sit",
        "uat",
        "stg",
        "stage",
        "staging",
        "alpha",
        "beta",
        "sbx",
        "sandbox",
        "playground",
        "poc",
        "demo",
        "preview",
    )
    tag_keys: tuple[str, ...] = ("env", "environment", "stage", "tier")
    unnamed: str = "production"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something that could not be read (a module that is not installed) and what it was given: no set of resources
    that point at one of `to` is known to be complete."""

    address: Address
    to: frozenset[Address]
    because: str


@dataclass(frozen=True, slots=True, eq=False)
class Deployment:
    """All resources of one root under one named scenario.

    `root` is the root module's folder or the template, relative to the project. `environment` is what names the
    environment of the whole (scenario name, environment parameter): a text, a Choice, or None. `tier` is the
    settings' word on it ("production", "development", "").
    `context` are resources of other roots that edges lead to or come from; they are judged where they belong.
    """

    name: str
    root: str
    source: str
    resources: tuple[Resource, ...]
    environment: Value = None
    environments: Environments = field(default_factory=Environments)
    tier: str = ""
    strangers: tuple[Stranger, ...] = ()
    context: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or run; every one ends the run in exit 2."""

    path: str
    message: str
    line: int | None = None
    column: int | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not checked, by no fault of the input: a module that is not installed, a cap that was
    met."""

    path: str
    message: str
    kind: str
    line: int | None = None
