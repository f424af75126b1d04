"""How one property of a view is declared and read: its two names, its type, and what its absence means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from dblint.choice import only, other_than
from dblint.defaults import default_for
from dblint.model import Path, Resource, Unknown, Value, Variable
from dblint.reading import OpenSet, Read, Reading, StandIn, Undetermined
from dblint.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Seen(Protocol):
        """What properties are read from: a view, or a part of one."""

        resource: Resource
        reading: Reading
        path: Path

        def raw(self, name: str) -> Value: ...

        def word(self, declared: Property) -> str: ...


@dataclass(frozen=True, slots=True)
class Switch:
    """A Terraform argument of another kind: its values, and what each is in CloudFormation. `absent` is the value of
    its absence."""

    argument: str
    values: tuple[tuple[Any, Any], ...]
    absent: Any = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Terraform blocks that are one mapping in CloudFormation: `parameter { name = … value = … }`."""

    block: str
    key: str = "name"
    value: str = "value"


@dataclass(frozen=True, slots=True)
class Computed:
    """A property that a function of the whole Terraform resource gives: `function(arguments) -> Value`, of the named
    arguments."""

    function: Callable[..., Value]
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or token, as a rule sees it: never its text.

    `readable`: the text stands in the scanned files, or whoever can look at the stack can read it.
    `vaulted`: a store of secrets puts it in place.
    """

    readable: bool
    is_set: bool
    vaulted: bool = False

    def __bool__(self) -> bool:
        return self.is_set


class Property:
    """A property of a view: reads itself, with the type of its annotation. Made by `prop`.

    `terraform`: the argument ("multi_az"), a path into a nested block ("point_in_time_recovery.enabled"), several
    arguments of which the first that is set counts, or one of Switch, Pairs and Computed. `in_schema`: it is a
    property in CloudFormation's schema; otherwise its name is that of AWS's API. `replaces`: changing it replaces the
    resource (create-only). `excludes`: properties that may not be set beside it. `secret` ones are never shown.
    """

    __slots__ = ("default", "excludes", "in_schema", "name", "optional", "reference", "replaces", "shape", "terraform")

    def __init__(
        self,
        terraform: Any,
        default: Any,
        replaces: bool,
        excludes: tuple[str, ...],
        reference: str,
        in_schema: bool,
    ) -> None:
        self.terraform = terraform
        self.default = default
        self.replaces = replaces
        self.excludes = excludes
        self.reference = reference
        self.in_schema = in_schema

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        annotation = str(owner.__annotations__[name])
        self.optional = annotation.endswith("| None")
        self.shape = SHAPES[annotation.removesuffix("| None").strip()]

    @property
    def secret(self) -> bool:
        return self.shape is _secret

    @property
    def argument(self) -> str:
        """Terraform's word for it; "" where it has none."""
        spec = self.terraform
        if spec is None or isinstance(spec, str):
            return spec or ""
        if isinstance(spec, tuple):
            return str(spec[0])
        return (
            spec.argument if isinstance(spec, Switch) else spec.block if isinstance(spec, Pairs) else spec.arguments[0]
        )

    def __get__(self, seen: Seen | None, owner: type) -> Any:
        if seen is None:
            return self
        value = seen.raw(self.name)
        path = (*seen.path, self.name)
        if self.shape is _entries:
            return _entries(value, seen, path)
        if value is not None and not isinstance(value, Unknown):
            value = self.shape(value, seen, path)
            if not isinstance(value, Unknown):
                self._record(seen, path, value, "known")
                return value
        if self.shape is _secret:
            return self._unknown_secret(seen, path, value)
        if isinstance(value, Unknown):
            value = self._unknown(seen, path, value)
            if value is not None:
                return value
        return self._absent(seen, path)

    def _absent(self, seen: Seen, path: Path) -> Any:
        default = default_for(self.default, seen.resource, seen)
        if isinstance(default, Unknown):
            return self._unknown(seen, path, default)
        if default is None and not self.optional and self.shape in (_int, _float, _str):
            raise Undetermined(f"{seen.word(self)} is required, and not set")
        self._record(seen, path, default, "absent")
        return default

    def _unknown_secret(self, seen: Seen, path: Path, value: Unknown | None) -> Secret:
        secret = Secret(readable=False, is_set=False)
        if value is not None:
            secret = Secret(readable=_can_be_read(value, seen), is_set=True, vaulted=value.vaulted)
        self._record(seen, path, secret, "unknown" if value else "absent", value.because if value else "")
        return secret

    def _unknown(self, seen: Seen, path: Path, value: Unknown) -> Any:
        """A truth is tried both ways. Anything else may be null (then None: absent), and is a stand-in where it is
        not."""
        reading = seen.reading
        if self.shape is _strings:
            return self.shape(value, seen, path)
        name = value.variable.name if value.variable else seen.word(self)
        key = f"{seen.resource.address}:{'.'.join(map(str, path))}"
        if self.shape is _bool:
            known = value.variable
            variable = known if known and known.domain == (True, False) else Variable(key, name, domain=(True, False))
            truth = reading.holds(variable)
            self._record(seen, path, truth, "unknown", value.because, assumed=True)
            return truth
        variable = value.variable or Variable(key, name)
        may_be_null = not value.is_set and self.default is None
        if may_be_null and reading.decide(variable, (only(None), other_than(None))) == 0:
            return None
        settled = reading.settled(variable)
        if settled is None:
            return self._absent(seen, path)
        stands_in = isinstance(settled, Unknown)
        found = StandIn(reading, variable, value.because) if stands_in else self.shape(settled, seen, path)
        if isinstance(found, Unknown):  # what the variable is for another property is nothing that this one can be
            return self._unknown(seen, path, found)
        self._record(seen, path, found, "unknown", value.because, assumed=True)
        return found

    def _record(self, seen: Seen, path: Path, value: Any, state: str, because: str = "", assumed: bool = False) -> None:
        seen.reading.reads.append(Read(seen.resource, path, value, state, because, assumed))


def prop(
    terraform: Any = None,
    *,
    default: Any = None,
    replaces: bool = False,
    excludes: tuple[str, ...] = (),
    reference: str = "",
    in_schema: bool = True,
) -> Any:
    """Declares a property of a view; see Property. `reference` is where AWS or the provider states the default, if it
    is not on the page of the type."""
    return Property(terraform, default, replaces, excludes, reference, in_schema)


class Entries:
    """A mapping whose keys are names (tags, parameters of a parameter group), as a rule sees it."""

    __slots__ = ("_path", "_seen", "_values")

    def __init__(self, values: Mapping[str, Value] | Unknown, seen: Seen, path: Path) -> None:
        self._values = values
        self._seen = seen
        self._path = path

    def get(self, name: str, default: str | None = None) -> Any:
        """The entry as text; `default` where there is none. Undetermined where the mapping is unknown."""
        if isinstance(self._values, Unknown):
            raise Undetermined(self._values.because)
        path = (*self._path, name)
        value = self._seen.reading.resolve(self._values.get(name))
        found = default if value is None else _item(value, self._seen, path)
        unknown = isinstance(value, Unknown)
        state = "absent" if value is None else "unknown" if unknown else "known"
        because = value.because if unknown else ""
        self._seen.reading.reads.append(Read(self._seen.resource, path, found, state, because, assumed=unknown))
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        if isinstance(self._values, Unknown):
            raise Undetermined(self._values.because)
        return iter([name for name, value in self._values.items() if self._seen.reading.resolve(value) is not None])

    def __bool__(self) -> bool:
        return bool(list(self))


def _bool(value: Value, seen: Seen, path: Path) -> Any:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    return text == "true" if text in ("true", "false") else Unknown(f"{value!r} is neither true nor false")


def _int(value: Value, seen: Seen, path: Path) -> Any:
    number = _float(value, seen, path)
    return (
        int(number)
        if isinstance(number, float) and number.is_integer()
        else Unknown(f"{value!r} is not a whole number")
    )


def _float(value: Value, seen: Seen, path: Path) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return Unknown(f"{value!r} is not a number")


def text_of(value: Value) -> str:
    """A scalar as CloudFormation and Terraform write it in a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _str(value: Value, seen: Seen, path: Path) -> Any:
    return Unknown("it is not a text", is_set=True) if isinstance(value, (list, dict)) else text_of(value)


def _can_be_read(value: Unknown, seen: Seen) -> bool:
    """Whether whoever may look at the stack can read what is not in the code. Terraform's provider marks its passwords
    as sensitive: no plan and no console shows what a variable brings."""
    return value.exposed and seen.resource.source != "terraform"


def _secret(value: Value, seen: Seen, path: Path) -> Secret:
    """A text, or a list of which one item is enough."""
    values = [seen.reading.resolve(item) for item in (value if isinstance(value, list) else [value])]
    readable = (_can_be_read(item, seen) if isinstance(item, Unknown) else item not in ("", None) for item in values)
    return Secret(readable=any(readable), is_set=any(item not in ("", None) for item in values))


def _item(value: Value, seen: Seen, path: Path) -> Any:
    if isinstance(value, Unknown):
        key = ".".join(map(str, path))
        variable = value.variable or Variable(f"{seen.resource.address}:{key}", key)
        return StandIn(seen.reading, variable, value.because)
    return _str(value, seen, path)


def _strings(value: Value, seen: Seen, path: Path) -> Any:
    if isinstance(value, Unknown):
        return OpenSet.of((), value.because)
    values = value if isinstance(value, list) else [value]
    resolved = (seen.reading.resolve(item) for item in values)
    return tuple(_item(item, seen, (*path, i)) for i, item in enumerate(resolved) if item is not None)


def _entries(value: Value, seen: Seen, path: Path) -> Any:
    return Entries(value if isinstance(value, (dict, Unknown)) else {}, seen, path)


SHAPES: dict[str, Callable[..., Any]] = {
    "bool": _bool,
    "int": _int,
    "float": _float,
    "str": _str,
    "Secret": _secret,
    "Entries": _entries,
    "tuple[str, ...]": _strings,
}
