"""The elements of lists and maps, each of which came the way that the whole came."""

from __future__ import annotations

from dblint.sources.terraform.values.access import element_of
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SEQUENCES = ("list", "tuple", "set")


def items_of(value: Value, what: str) -> list[Evaluated]:
    """The elements of a list, tuple or set, each of which came the way that the whole came."""
    if value.kind not in SEQUENCES:
        raise EvaluationError(f"{what} takes a list, not a {value.kind}")
    return [element_of(value, item) for item in value.data]


def entries_of(value: Value, what: str) -> dict[str, Evaluated]:
    """The entries of a map or object."""
    if value.kind not in ("map", "object"):
        raise EvaluationError(f"{what} takes a map, not a {value.kind}")
    return {key: element_of(value, item) for key, item in value.data.items()}


def may_be_null(payload: Any) -> Any:
    """What is known of an unknown, but for its being set."""
    from dblint.records import replace

    return replace(payload, is_set=False)
