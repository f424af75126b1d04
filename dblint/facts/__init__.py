"""Facts that are extracted from the data of other projects, as files beside this one: `make facts` writes them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


@cache
def rds_engines() -> dict[str, dict[str, list[str]]]:
    """The versions of the engines of RDS, by engine: all that AWS knows ("versions"), and those of them that it has
    deprecated ("deprecated"). Only engines of which AWS says what is deprecated."""
    found: dict[str, Any] = json.loads((_HERE / "rds_engines.json").read_text(encoding="utf-8"))
    engines: dict[str, dict[str, list[str]]] = found["engines"]
    return engines
