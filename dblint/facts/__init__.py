"""Facts that are extracted from the data of other projects, as files beside this one: `make facts` writes them."""

from __future__ import annotations

import os
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))


@cache
def rds_engines() -> dict[str, dict[str, list[str]]]:
    """The versions of the engines of RDS, by engine: all that AWS knows ("versions"), and those of them that it has
    deprecated ("deprecated"). Only engines of which AWS says what is deprecated."""
    engines: dict[str, dict[str, list[str]]] = _read("rds_engines")["engines"]
    return engines


@cache
def rds_instance_classes() -> dict[str, frozenset[str]]:
    """The instance classes that RDS offers for an engine in some Region: "postgres" -> {"db.m7g.large", ...}."""
    engines: dict[str, dict[str, str]] = _read("rds_instance_classes")["engines"]
    return {
        engine: frozenset(f"{family}.{size}" for family, sizes in families.items() for size in sizes.split())
        for engine, families in engines.items()
    }


@cache
def regions_without() -> dict[str, frozenset[str]]:
    """The Regions that lack a type of resource: "AWS::DAX::Cluster" -> {"af-south-1", ...}; without an entry, none."""
    return {type: frozenset(names.split()) for type, names in _read("regions")["missing"].items()}


def _read(name: str) -> dict[str, Any]:
    import json

    with open(os.path.join(HERE, f"{name}.json"), encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found
