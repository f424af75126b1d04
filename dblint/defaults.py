"""What the absence of a property means, in each source and version of the Terraform provider."""

from __future__ import annotations

from dblint.records import dataclass
from dblint.versions import newest_allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.model import Resource


@dataclass(frozen=True, slots=True)
class Since:
    """A default of the Terraform provider that changed: (version, value) in ascending order; the first counts from
    the beginning.

    Where the provider's constraint allows several versions, the newest allowed one is assumed, as `terraform init`
    would choose it.
    """

    first: Any
    changes: tuple[tuple[str, Any], ...]

    def at(self, constraint: str) -> Any:
        newest = newest_allowed(constraint)
        value = self.first
        for version, later in self.changes:
            if newest is None or newest >= tuple(int(part) for part in version.split(".")):
                value = later
        return value


@dataclass(frozen=True, slots=True)
class PerSource:
    """A default that differs by source. A value may be a Since, or a function of the view that computes it."""

    cloudformation: Any = None
    terraform: Any = None
    live: Any = None


def default_for(default: Any, resource: Resource, view: object) -> Any:
    """What absence means for this resource."""
    if isinstance(default, PerSource):
        default = getattr(default, resource.source)
    if isinstance(default, Since):
        default = default.at(resource.provider_version)
    if callable(default):
        return default(view)
    return default


def source_of_default(resource: Resource) -> str:
    """Whose default holds where a property is absent: "Terraform AWS provider", "CloudFormation", "AWS API"."""
    return {"terraform": "Terraform AWS provider", "cloudformation": "CloudFormation"}.get(resource.source, "AWS API")
