"""What `terraform show -json` prints of a plan or of a state, as instances of resources."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from dblint.model import Location, Problem
from dblint.patterns import pattern
from dblint.records import dataclass
from dblint.sources.files import Files, Unreadable
from dblint.sources.terraform.limits import DEEPEST_VALUE
from dblint.sources.terraform.syntax.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_BYTES = 100 * 1024 * 1024
_HINT = "expected what terraform show -json PLAN prints"
# What PowerShell writes where output is redirected.
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_KEY = pattern(r'\[(?:-?\d+|"(?:[^"\\]|\\.)*")\]')
_MODULE = pattern(r"module\.[^.]+(?:\.module\.[^.]+)*")
_ADDRESS = pattern(r'"address"\s*:\s*("(?:[^"\\]|\\.)*")')


class PlanError(Exception):
    """A file that is no plan; the message says why."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One instance of a resource. `module` is the address of its module's instance ("" for the root). `values` are its
    arguments; `unknown` and `sensitive` have the same shape and truths in the place of values, or one truth for all
    below."""

    address: str
    module: str
    type: str
    name: str
    key: str | int | None
    values: Mapping[str, Any]
    unknown: Any
    sensitive: Any


def plain(address: str) -> str:
    """An address without the keys of instances."""
    return _KEY.sub("", address)


def names_of(module: str) -> list[str]:
    """The names of the calls that lead to a module: "module.a["x"].module.b" gives a, b."""
    return plain(module).split(".")[1::2] if module else []


def _nothing_is_refused(problem: Problem) -> None:
    """Only places are asked of the text of a plan."""


class PlanDocument:
    """One file. `is_state`: it says what there is, not what will be."""

    def __init__(self, path: str, text: str, content: Mapping[str, Any]) -> None:
        self.path = path
        self.text = Text(path, text, _nothing_is_refused)
        self.is_state = "values" in content and "planned_values" not in content and "resource_changes" not in content
        self.root: Mapping[str, Any] = _mapping(_mapping(content, "configuration"), "root_module")
        self.providers: Mapping[str, Any] = _mapping(_mapping(content, "configuration"), "provider_config")
        self.variables = {
            name: entry["value"]
            for name, entry in _mapping(content, "variables").items()
            if isinstance(entry, dict) and "value" in entry
        }
        self.instances = list(_instances(content))
        self.failed = content.get("errored") is True

    def declared(self, name: str) -> Mapping[str, Any]:
        """What the configuration says of a root variable."""
        return _mapping(_mapping(self.root, "variables"), name)

    @cached_property
    def _offsets(self) -> dict[str, tuple[int, int]]:
        """Where the first instance of each resource stands, behind the beginning of the changes."""
        found: dict[str, tuple[int, int]] = {}
        begin = max(self.text.text.find('"resource_changes"'), 0)
        for match in _ADDRESS.finditer(self.text.text, begin):
            found.setdefault(plain(json.loads(match[1])), match.span(1))
        return found

    def place(self, address: str) -> Location:
        """Where the file speaks of a resource first: one place for all of its instances, which are one finding."""
        return self.text.location(*self._offsets.get(plain(address), (0, 0)))

    def place_of_variables(self) -> tuple[Text, int, int]:
        start = max(self.text.text.find('"variables"'), 0)
        return self.text, start, start + len('"variables"')


def read_plan(files: Files, path: str, report: Callable[[Problem], None]) -> PlanDocument | None:
    """A plan; None and reported where it can not be read."""
    try:
        document = _read(files, path)
    except PlanError as error:
        report(Problem(path, str(error), hint=_HINT))
        return None
    if document.failed:
        report(Problem(path, "the plan failed: what it says is not complete", hint="plan again"))
    return document


def _read(files: Files, path: str) -> PlanDocument:
    try:
        raw = files.read(path, MOST_BYTES)
    except Unreadable as reason:
        raise PlanError(f"it can not be read: {reason}") from None
    if raw.startswith(b"PK"):
        raise PlanError("it is a plan in the form that only Terraform reads")
    try:
        text = raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig")
        content = json.loads(text)
    except UnicodeDecodeError:
        raise PlanError("it is not UTF-8") from None
    except ValueError as error:
        raise PlanError(f"it is not JSON: {error}") from None
    except RecursionError:
        raise PlanError("it is nested too deeply") from None
    if not is_plan(content):
        raise PlanError("it is no plan of Terraform, nor a state")
    return PlanDocument(path, text, content)


def is_plan(content: object) -> bool:
    """Whether a JSON document is a plan or a state."""
    if not isinstance(content, dict) or "format_version" not in content:
        return False
    return any(isinstance(content.get(key), kind) for key, kind in _MARKS)


_MARKS = (("planned_values", dict), ("resource_changes", list), ("values", dict))


def speaks_of_plan(raw: bytes) -> bool:
    """Whether a file may be a plan, by its bytes."""
    if raw.startswith(_UTF_16):
        raw = raw[2:].replace(b"\0", b"")
    return (
        raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
        and b'"format_version"' in raw
        and any(mark in raw for mark in (b'"planned_values"', b'"resource_changes"', b'"root_module"'))
    )


def _instances(content: Mapping[str, Any]) -> Iterator[Planned]:
    if "resource_changes" in content:
        yield from map(_changed, filter(_stays, _list(content["resource_changes"])))
    else:
        values = _mapping(content, "values") or _mapping(content, "planned_values")
        yield from _valued(_mapping(values, "root_module"))


def _stays(change: Any) -> bool:
    if not isinstance(change, dict) or not isinstance(change.get("address"), str):
        raise PlanError("a change has no address")
    actions = _list(_mapping(change, "change").get("actions"))
    return change.get("mode", "managed") == "managed" and actions not in (["delete"], ["forget"])


def _changed(change: Mapping[str, Any]) -> Planned:
    said = _mapping(change, "change")
    return _planned(change, _mapping(said, "after"), said.get("after_unknown"), said.get("after_sensitive"))


def _valued(module: Mapping[str, Any]) -> Iterator[Planned]:
    """The instances of a module and of those in it, as values list them."""
    waiting = [module]
    while waiting:
        module = waiting.pop()
        for resource in _list(module.get("resources")):
            if not isinstance(resource, dict) or not isinstance(resource.get("address"), str):
                raise PlanError("a resource has no address")
            if resource.get("mode", "managed") == "managed":
                entry = {"module_address": module.get("address", ""), **resource}
                yield _planned(entry, _mapping(resource, "values"), {}, resource.get("sensitive_values"))
        waiting += [child for child in _list(module.get("child_modules")) if isinstance(child, dict)]


def _planned(entry: Mapping[str, Any], values: Mapping[str, Any], unknown: Any, sensitive: Any) -> Planned:
    key = entry.get("index")
    module = entry.get("module_address") or ""
    if not isinstance(module, str) or (module and not _MODULE.fullmatch(plain(module))):
        raise PlanError(f"{entry['address']}: the address of its module can not be read")
    if any(_is_deep(shape) for shape in (values, unknown, sensitive)):
        raise PlanError(f"{entry['address']} is nested too deeply")
    return Planned(
        address=entry["address"],
        module=module,
        type=str(entry.get("type", "")),
        name=str(entry.get("name", "")),
        key=key if isinstance(key, (str, int)) else None,
        values=values,
        unknown=unknown,
        sensitive=sensitive,
    )


def _is_deep(shape: Any) -> bool:
    """Whether values are nested more deeply than any resource is."""
    waiting = [(shape, 0)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, (dict, list)):
            if depth > DEEPEST_VALUE:
                return True
            inner = item.values() if isinstance(item, dict) else item
            waiting += ((each, depth + 1) for each in inner)
    return False


def _mapping(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member that is an object; empty where it is absent or null. Raises PlanError."""
    found = content.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise PlanError(f"{name} is no object")
    return found


def _list(found: Any) -> list[Any]:
    if found is None:
        return []
    if not isinstance(found, list):
        raise PlanError("expected a list of resources")
    return found
