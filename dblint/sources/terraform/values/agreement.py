"""Values that several alternatives agree on: one value, which still knows the way that each alternative took to it."""

from __future__ import annotations

from dblint.model import Among, Choice, Variable
from dblint.sources.terraform.values.trail import Decided, Trail
from dblint.sources.terraform.values.value import Evaluated, altered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

# Parts of a variable, each with its value: a Value, or a Choice where the values are choices.
Alternatives: TypeAlias = "list[tuple[Among, Any]]"


def agreed(variable: Variable, parts: Alternatives) -> Evaluated:
    """The one value of equal ones (see `same`), each of which stands in its part of `variable`."""
    first: Evaluated = parts[0][1]
    if all(value is first for _, value in parts):
        return first
    if isinstance(first, Choice):
        inner = [agreed(variable, [(a, v.parts[i][1]) for a, v in parts]) for i in range(len(first.parts))]
        return Choice(first.variable, tuple(zip((among for among, _ in first.parts), inner)), first.leaves)
    changes: dict[str, Any] = {"trail": _trail(variable, parts)}
    if first.kind in ("object", "map"):
        changes["data"] = {key: agreed(variable, [(a, v.data[key]) for a, v in parts]) for key in first.data}
    elif first.kind in ("tuple", "list", "set"):
        changes["data"] = tuple(agreed(variable, [(a, v.data[i]) for a, v in parts]) for i in range(len(first.data)))
    return altered(first, **changes)


def _trail(variable: Variable, parts: Alternatives) -> Trail:
    first: Trail = parts[0][1].trail
    if all(value.trail is first for _, value in parts):
        return first
    return Decided(variable, tuple((among, value.trail) for among, value in parts))
