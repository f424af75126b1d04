"""Writes the facts that are taken from the data files of cfn-lint, without running it: `make facts`."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.metadata
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import dblint.aws  # noqa: E402
from dblint.view import VIEWS, Nested  # noqa: E402

# Read by dblint.aws.rds.engines.
RDS_ENGINES = ROOT / "dblint" / "facts" / "rds_engines.json"
RDS_CLASSES = ROOT / "dblint" / "facts" / "rds_instance_classes.json"
REGIONS = ROOT / "dblint" / "facts" / "regions.json"
# Read by tests/test_knowledge.py alone, and therefore not shipped.
SCHEMAS = ROOT / "tests" / "facts" / "schemas.json"
_RDS_TYPES = ("aws_rds_dbcluster", "aws_rds_dbinstance")

Schema = dict[str, Any]


def source() -> str:
    """What the facts are taken from: "cfn-lint 1.58.0"."""
    return f"cfn-lint {importlib.metadata.version('cfn-lint')}"


def recorded(path: Path) -> str:
    """What the facts of a file that stands in the tree were taken from."""
    return str(json.loads(path.read_text(encoding="utf-8"))["source"])


@cache
def _data() -> Path:
    spec = importlib.machinery.PathFinder.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("cfn-lint is not installed")
    return Path(spec.submodule_search_locations[0]) / "data" / "schemas"


def _load(name: str) -> Any:
    return json.loads((_data() / name).read_text(encoding="utf-8"))


def _lines(title: str, entries: Mapping[str, Any]) -> str:
    """A file of facts with one entry in each line, so that a difference can be read."""
    body = ",\n".join(f"{json.dumps(key)}: {json.dumps(entries[key])}" for key in sorted(entries))
    return f'{{\n"source": {json.dumps(source())},\n{json.dumps(title)}: {{\n{body}\n}}}}\n'


def _by_engine(name: str, versions: Any) -> dict[str, set[str]]:
    """`versions(branch)` of the branches that speak of one engine, of instances and clusters together."""
    found: dict[str, set[str]] = {}
    for type in _RDS_TYPES:
        for branch in _load(f"extensions/{type}/{name}.json")["allOf"]:
            engine = branch["if"]["properties"]["Engine"].get("const")
            if engine:
                found.setdefault(engine, set()).update(versions(branch))
    return found


def _order(version: str) -> tuple[Any, ...]:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.-]", version))


def rds_engines() -> str:
    """The file of engine versions: of each engine of which AWS says what is deprecated, all versions and those."""
    known = _by_engine("engine_version", lambda branch: branch["then"]["properties"]["EngineVersion"]["enum"])
    deprecated = _by_engine("engine_version_deprecated", lambda b: b["if"]["properties"]["EngineVersion"]["enum"])
    engines = {
        engine: {
            "versions": sorted(known.get(engine, set()) | deprecated[engine], key=_order),
            "deprecated": sorted(deprecated[engine], key=_order),
        }
        for engine in deprecated
    }
    return _lines("engines", engines)


def rds_classes() -> str:
    """The file of instance classes: of each engine, the sizes of each family that some Region offers."""
    found: dict[str, dict[str, set[str]]] = {}
    for region in _load("extensions/aws_rds_dbinstance/dbinstanceclass_enum.json").values():
        for branch in region["allOf"]:
            families = found.setdefault(branch["if"]["properties"]["Engine"]["const"], {})
            for name in branch["then"]["properties"]["DBInstanceClass"]["enum"]:
                family, _, size = name.rpartition(".")
                families.setdefault(family, set()).add(size)
    return _lines("engines", {e: {f: " ".join(sorted(found[e][f])) for f in sorted(found[e])} for e in found})


def regions() -> str:
    """The file of gaps: the Regions that lack a type of resource which a view declares and us-east-1 has."""
    names = [path.stem for path in (_data() / "providers").glob("*-*.json")]
    known = {name: _load(f"providers/{name}.json").keys() for name in names}
    missing = {type: sorted(n for n in names if type not in known[n]) for type in _views() & known["us-east-1"]}
    return _lines("missing", {type: " ".join(found) for type, found in missing.items() if found})


def _views() -> set[str]:
    for module in pkgutil.walk_packages(dblint.aws.__path__, "dblint.aws."):
        importlib.import_module(module.name)
    return {name for name in VIEWS if name.startswith("AWS::")}


def schemas() -> str:
    """The file of schemas: of each type that a view declares what CloudFormation calls its properties, of which type
    they are and which of them replace the resource; null for a type that CloudFormation does not have."""
    files = _load("providers/us-east-1.json")
    views = {name: VIEWS[name] for name in _views()}
    return _lines(
        "types", {name: _schema(files[name], view) if name in files else None for name, view in views.items()}
    )


def _schema(file: str, view: type) -> dict[str, Any]:
    root = _load(f"resources/{file.removesuffix('.json')}.json")
    create_only = (path.removeprefix("/properties/") for path in root.get("createOnlyProperties", ()))
    return {"create_only": sorted(create_only), "properties": dict(_properties(root, root, view, ""))}


def _properties(root: Schema, node: Schema, owner: type, path: str) -> Iterator[tuple[str, str]]:
    """Every property of the objects that a view declares: "Endpoint/Port" and its types, "integer|string"."""
    for name, written in sorted(node.get("properties", {}).items()):
        found = _followed(root, written)
        yield path + name, _kinds(found)
        nested = getattr(owner, name, None)
        if isinstance(nested, Nested):
            yield from _properties(root, _object(root, found), nested.type, f"{path}{name}/")


def _kinds(node: Schema) -> str:
    kinds = node.get("type", [])
    return "|".join(sorted(kinds) if isinstance(kinds, list) else [kinds])


def _followed(root: Schema, node: Schema) -> Schema:
    """A node of a schema with its reference followed."""
    while "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _object(root: Schema, node: Schema) -> Schema:
    """The object that a node is, that its items are, or that one of its alternatives is."""
    node = _followed(root, node)
    if "properties" in node and "items" not in node:
        return node
    below = [node["items"]] if "items" in node else [*node.get("oneOf", ()), *node.get("anyOf", ())]
    found = (_object(root, part) for part in below)
    return next((part for part in found if "properties" in part), {})


BUILT = {RDS_ENGINES: rds_engines, RDS_CLASSES: rds_classes, REGIONS: regions, SCHEMAS: schemas}


if __name__ == "__main__":
    for path, build in BUILT.items():
        path.write_text(build(), encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}: {source()}\n")
