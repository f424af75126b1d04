"""`count`, `for_each` and OpenTofu's `enabled`: which instances a resource or a module call has."""

from __future__ import annotations

from collections.abc import Callable

from dblint.sources.terraform.evaluation.expressions import attempt
from dblint.sources.terraform.evaluation.loops import is_unknown_collection
from dblint.sources.terraform.evaluation.scope import ModuleInstance, Scope
from dblint.sources.terraform.limits import MOST_KEYS
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.access import element_of
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import decided, lift, lift_with_errors
from dblint.sources.terraform.values.trail import Place, Through
from dblint.sources.terraform.values.value import (
    Evaluated,
    EvaluationError,
    Value,
    altered,
    boolean,
    error,
    number,
    object_of,
    plain_leaves,
    references_in,
    string,
    tuple_of,
    unknown,
    with_trail,
)

# The key of the one instance that stands for all where it is not known which there are.
ANY_KEY = "*"


class Instance:
    """One instance: its key (None where the block is not repeated), whether it is there, and the scope of its body."""

    __slots__ = ("exists", "key", "scope")

    def __init__(self, key: str | int | None, exists: Evaluated, scope: Scope) -> None:
        self.key = key
        self.exists = exists
        self.scope = scope


class Expansion:
    """`form`: "single", "count" or "for_each". `repeated` is the value of the count or for_each."""

    __slots__ = ("form", "instances", "repeated")

    def __init__(self, form: str, instances: list[Instance], repeated: Evaluated | None = None) -> None:
        self.form = form
        self.instances = instances
        self.repeated = repeated

    def at(self, key: str | int | None) -> Instance | None:
        """The instance of a key; the one that stands for all where there is no other."""
        found = None
        for instance in self.instances:
            if instance.key == key and type(instance.key) is type(key):
                return instance
            if instance.key == ANY_KEY and self.repeated is not None and _is_open(self.repeated):
                found = instance
        return found

    def collection(self, made: Callable[[Instance], Evaluated]) -> Evaluated:
        """All instances as the tuple or object that a reference to the whole is, each of them as `made` makes it."""
        assert self.repeated is not None
        return lift(lambda leaf: self._collection(leaf, made), self.repeated)

    def _collection(self, leaf: Value, made: Callable[[Instance], Evaluated]) -> Evaluated:
        if _is_open(leaf):
            whole = [made(instance) for instance in self.instances]
            refs = tuple(dict.fromkeys((address, "") for value in whole for address, _ in references_in(value)))
            return altered(unknown("how many instances there are is only known at deploy time", is_set=True), refs=refs)
        if self.form == "count":
            return tuple_of(made(instance) for instance in self.instances[: leaf.data] if instance.key != ANY_KEY)
        keys = _keys(leaf)
        return object_of({str(i.key): made(i) for i in self.instances if i.key in keys and i.key != ANY_KEY})


def key_text(key: str | int | None) -> str:
    """A key as it stands in an address."""
    if key is None:
        return ""
    if key == ANY_KEY:
        return "[*]"
    if isinstance(key, int):
        return f"[{key}]"
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    escaped = escaped.replace("${", "$${").replace("%{", "%%{")
    return f'["{escaped}"]'


def expand(module: ModuleInstance, block: Block, address: str) -> Expansion:
    """The instances of a block of the module. Never fails: what can not be evaluated is one instance that may be
    there."""
    arguments = block.body.arguments
    if "count" in arguments:
        argument = arguments["count"]
        value = _attempted(lambda: lift(_as_count, attempt(argument.expression, Scope(module))))
        return Expansion("count", _counted(module, value), value)
    if "for_each" in arguments:
        argument = arguments["for_each"]
        value = _attempted(lambda: lift(_as_keys, attempt(argument.expression, Scope(module))))
        instances = _each(module, value, argument.value_place, f"for_each of {address}")
        return Expansion("for_each", instances, value)
    return Expansion("single", [Instance(None, _enabled(module, block), Scope(module))])


def _attempted(compute: Callable[[], Evaluated]) -> Evaluated:
    try:
        return compute()
    except EvaluationError as failure:
        return error(str(failure))


def _enabled(module: ModuleInstance, block: Block) -> Evaluated:
    for inner in block.body.blocks:
        if inner.type == "lifecycle" and "enabled" in inner.body.arguments:
            argument = inner.body.arguments["enabled"]

            def truth() -> Evaluated:
                return lift(lambda value: convert(value, types.BOOL), attempt(argument.expression, Scope(module)))  # noqa: B023

            return lift(_as_truth, _attempted(truth))
    return boolean(True)


def _as_truth(value: Value) -> Evaluated:
    return boolean(value.data) if value.kind == "bool" else decided(value)


def _as_count(value: Value) -> Evaluated:
    if value.kind == "error":
        raise EvaluationError(value.data)
    count = convert(value, types.NUMBER)
    assert isinstance(count, Value)
    if count.kind == "null":
        raise EvaluationError("count is null")
    if count.kind == "number" and (not isinstance(count.data, int) or count.data < 0):
        raise EvaluationError("count must be a whole number that is not negative")
    if count.kind == "number" and count.data > MOST_KEYS:
        return unknown(f"count is more than {MOST_KEYS:,}", types.NUMBER)
    return count


def _as_keys(value: Value) -> Evaluated:
    if value.kind == "error":
        raise EvaluationError(value.data)
    if value.kind not in ("object", "map", "set", "unknown", "instance"):
        raise EvaluationError(f"for_each must be a map or a set of texts, not a {value.kind}")
    if is_unknown_collection(value):
        return value if value.kind == "unknown" else unknown("its keys are only known at deploy time")
    if value.kind == "set" and any(item.kind != "string" for item in value.data):
        raise EvaluationError("for_each must be a map or a set of texts")
    if len(value.data) > MOST_KEYS:
        return unknown(f"for_each has more than {MOST_KEYS:,} keys")
    return value


def _is_open(value: Evaluated) -> bool:
    """Whether it is not known which instances there are."""
    return isinstance(value, Value) and value.kind in ("unknown", "error", "null")


def _why(leaf: Value) -> Value:
    """An unknown truth in the place of a count that is not known."""
    if leaf.kind == "unknown":
        return unknown(leaf.data.because, types.BOOL, is_set=True)
    return unknown(f"error: {leaf.data}", types.BOOL, is_set=True)


def _open_instance(module: ModuleInstance, leaves: list[Value], value: Evaluated, counted: bool) -> list[Instance]:
    """The instance that stands for all, where in some alternative it is not known which there are."""
    hidden = next((leaf for leaf in leaves if _is_open(leaf)), None)
    if hidden is None:
        return []
    exists = lift_with_errors(lambda leaf: _why(leaf) if _is_open(leaf) else boolean(False), value)
    because = hidden.data.because if hidden.kind == "unknown" else f"error: {hidden.data}"
    if counted:
        return [Instance(ANY_KEY, exists, Scope(module, count=unknown(because, types.NUMBER, is_set=True), mark="[*]"))]
    each = unknown(because, types.STRING, is_set=True), _each_value(hidden, because)
    return [Instance(ANY_KEY, exists, Scope(module, each=each, mark="[*]"))]


def _each_value(hidden: Value, because: str) -> Value:
    refs = tuple(dict.fromkeys((address, "") for address, _ in references_in(hidden)))
    type = hidden.type.inner if hidden.type.kind == "map" else types.ANY
    return altered(unknown(because, type), refs=refs)


def _counted(module: ModuleInstance, value: Evaluated) -> list[Instance]:
    leaves = plain_leaves(value)
    most = max((leaf.data for leaf in leaves if leaf.kind == "number"), default=0)
    found = []
    for i in range(most):
        exists = lift_with_errors(lambda leaf: boolean(leaf.data > i) if leaf.kind == "number" else _why(leaf), value)  # noqa: B023
        found.append(Instance(i, exists, Scope(module, count=number(i), mark=f"[{i}]")))
    return found or _open_instance(module, leaves, value, counted=True)


def _keys(leaf: Value) -> set[str]:
    return {item.data for item in leaf.data} if leaf.kind == "set" else set(leaf.data)


def _each(module: ModuleInstance, value: Evaluated, place: Place, text: str) -> list[Instance]:
    leaves = plain_leaves(value)
    keys = dict.fromkeys(key for leaf in leaves if not _is_open(leaf) for key in sorted(_keys(leaf)))
    found = []
    for key in keys:
        exists = lift_with_errors(lambda leaf: _why(leaf) if _is_open(leaf) else boolean(key in _keys(leaf)), value)  # noqa: B023
        item = with_trail(_item(value, key), lambda trail: Through(trail, place, text))
        mark = key_text(key)
        found.append(Instance(key, exists, Scope(module, each=(string(key), item), mark=mark)))
    return found + _open_instance(module, leaves, value, counted=False)


def _item(value: Evaluated, key: str) -> Evaluated:
    """each.value of a key, per alternative; an error where the key is not there."""

    def item(leaf: Value) -> Evaluated:
        if leaf.kind == "set":
            return next((element_of(leaf, each) for each in leaf.data if each.data == key), string(key))
        if leaf.kind in ("object", "map") and key in leaf.data:
            return element_of(leaf, leaf.data[key])
        return unknown(f'there is no "{key}" here')

    return lift_with_errors(item, value)
