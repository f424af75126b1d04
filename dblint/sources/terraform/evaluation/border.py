"""From the evaluator's values to those of the model."""

from __future__ import annotations

from dblint.choice import TooManyLeaves, only
from dblint.choice import choose as choose_model
from dblint.model import Choice, Document, Ref, Unknown
from dblint.model import Value as ModelValue
from dblint.records import replace
from dblint.sources.terraform.values.value import Evaluated, Reference, Value


def to_model(value: Evaluated) -> ModelValue:
    """The value as rules see it: plain Python with Unknown, Ref and Choice; None for null.

    An unknown truth whose two alternatives are the value itself stays one Unknown, so that messages can say why.
    """
    if isinstance(value, Choice):
        return _choice(value)
    if value.kind == "error":
        return Unknown(f"an error: {value.data}")
    return _referring(_plain(value), value.refs)


def _choice(value: Choice) -> ModelValue:
    try:
        made = choose_model(value.variable, [(among, to_model(inner)) for among, inner in value.parts])
    except TooManyLeaves:
        return Unknown("it depends on too many alternatives")
    variable = value.variable
    if not variable.real and isinstance(made, Choice) and _is_truth_itself(made):
        return Unknown(variable.name, is_set=True, variable=variable)
    return made


def _is_truth_itself(made: Choice) -> bool:
    """Whether the value is true where its variable is, and false where that is not."""
    return len(made.parts) == 2 and all(isinstance(inner, bool) and among == only(inner) for among, inner in made.parts)


def _plain(value: Value) -> ModelValue:
    data = value.data
    if value.kind == "number":
        return data if isinstance(data, (int, float)) else float(data)
    if value.kind in ("list", "set", "tuple"):
        return [to_model(item) for item in data]
    if value.kind in ("map", "object"):
        return {key: to_model(item) for key, item in data.items()}
    if value.kind == "instance":
        return Unknown(data.address, is_set=True)
    if value.kind == "unknown" and data.inner:
        return replace(data, inner=Document(to_model(data.inner.data)))
    return data


def _referring(made: ModelValue, refs: tuple[Reference, ...]) -> ModelValue:
    if not refs or made is None or isinstance(made, (list, dict)):
        return made
    addresses = tuple(dict.fromkeys(address for address, _ in refs))
    return Ref(addresses, made, refs[0][1] if len(addresses) == 1 else "")
