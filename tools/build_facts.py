"""Writes dblint/facts/ from the data files that cfn-lint ships, without running it: `make facts`."""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RDS_ENGINES = ROOT / "dblint" / "facts" / "rds_engines.json"
_TYPES = ("aws_rds_dbcluster", "aws_rds_dbinstance")


def source() -> str:
    """What the facts are taken from: "cfn-lint 1.58.0"."""
    return f"cfn-lint {importlib.metadata.version('cfn-lint')}"


def recorded() -> str:
    """What the facts that stand in the tree were taken from."""
    return str(json.loads(RDS_ENGINES.read_text(encoding="utf-8"))["source"])


def _extensions() -> Path:
    spec = importlib.machinery.PathFinder.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("cfn-lint is not installed")
    return Path(spec.submodule_search_locations[0]) / "data" / "schemas" / "extensions"


def _branches(type: str, name: str) -> list[dict[str, Any]]:
    content = json.loads((_extensions() / type / f"{name}.json").read_text(encoding="utf-8"))
    branches: list[dict[str, Any]] = content["allOf"]
    return branches


def _by_engine(name: str, versions: Any) -> dict[str, set[str]]:
    """`versions(branch)` of the branches that speak of one engine, of instances and clusters together."""
    found: dict[str, set[str]] = {}
    for type in _TYPES:
        for branch in _branches(type, name):
            engine = branch["if"]["properties"]["Engine"].get("const")
            if engine:
                found.setdefault(engine, set()).update(versions(branch))
    return found


def _order(version: str) -> tuple[Any, ...]:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.-]", version))


def rds_engines() -> str:
    """The file of engine versions, engine by engine in one line each."""
    known = _by_engine("engine_version", lambda branch: branch["then"]["properties"]["EngineVersion"]["enum"])
    deprecated = _by_engine("engine_version_deprecated", lambda b: b["if"]["properties"]["EngineVersion"]["enum"])
    lines = [f'{{\n"source": {json.dumps(source())},\n"engines": {{']
    for number, engine in enumerate(sorted(deprecated), 1):
        versions = sorted(known.get(engine, set()) | deprecated[engine], key=_order)
        entry = {"versions": versions, "deprecated": sorted(deprecated[engine], key=_order)}
        lines.append(f"{json.dumps(engine)}: {json.dumps(entry)}{',' if number < len(deprecated) else ''}")
    return "\n".join([*lines, "}}", ""])


if __name__ == "__main__":
    RDS_ENGINES.write_text(rds_engines(), encoding="utf-8")
    sys.stdout.write(f"{RDS_ENGINES.relative_to(ROOT)}: {source()}\n")
