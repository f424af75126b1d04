"""What the CDK says of a template that it made: account, Region, tags of the stack, and which line of the app's code
made which resource.

It stands beside the template, in `manifest.json` and in the metadata file that this names; nested stacks share those
of the stack above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dblint.model import Location
from dblint.records import dataclass, field
from dblint.sources.cloudformation.nodes import Node
from dblint.sources.files import Files, Unreadable, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MANIFEST = "manifest.json"
_STACK = "aws:cloudformation:stack"
_ENVIRONMENT = r"aws://([^/]+)/(.+)"
# "new Data (/app/app.js:36:21)", "at new Data (/app/app.ts:36:21)", "/app/app.js:36:21"
_FRAME = r"(?:^|[( ])((?:/|[A-Za-z]:[\\/]|file://)?[^()\s:][^():]*):(\d{1,7}):(\d{1,5})\)?$"
_MOST_FRAMES, _LONGEST_FRAME = 50, 1000
_LIBRARIES = ("node_modules", "node:", "jsii-", "aws-cdk-lib")


@dataclass(frozen=True, slots=True, eq=False)
class Assembly:
    """One stack of a cloud assembly.

    `traces`: construct path -> the lines of the call stack that made it, the innermost first. `logical_ids`: logical
    id -> construct path. `stack`: the path of the stack's own construct. `read`: the files that say so.
    """

    files: Files
    folder: str
    pseudo: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    traces: Mapping[str, list[str]] = field(default_factory=dict)
    logical_ids: Mapping[str, str] = field(default_factory=dict)
    stack: str = ""
    read: frozenset[str] = frozenset()

    def construct(self, name: str, body: Node) -> str:
        """The path of the construct that a resource belongs to; "" where nothing says it."""
        return construct_path(body) or self.logical_ids.get(name, "")

    def place(self, construct: str) -> Location | None:
        """The line of the app that made a construct; None where it lies outside of the project."""
        found = self._frame(construct)
        path = self._inside(found.group(1)) if found else None
        return _line(self.files, path, int(found.group(2)), int(found.group(3))) if found and path else None

    def definition(self, construct: str) -> str:
        """What makes a construct in the app, the same for all stacks of one class: the file, the function and the path
        inside of the stack; "" where nothing says it."""
        found = self._frame(construct)
        path = self._inside(found.group(1)) if found else None
        function = found.string[: found.start(1)].strip(" (").removeprefix("at ") if found else ""
        if not (path and function and self.stack and construct.startswith(f"{self.stack}/")):
            return ""
        return f"{path}#{function}{construct.removeprefix(self.stack)}"

    def _frame(self, construct: str) -> re.Match[str] | None:
        """The innermost line of the call stack that is the app's own."""
        for frame in self.traces.get(construct, ())[:_MOST_FRAMES]:
            found = re.search(_FRAME, frame) if len(frame) < _LONGEST_FRAME else None
            if found and not any(library in frame for library in _LIBRARIES):
                return found
        return None

    def _inside(self, path: str) -> str | None:
        """A path of the machine that ran the app as one of the project: the same one, or a file with the same end in
        the folder that the assembly was made in."""
        root = self.files.disk.root.replace("\\", "/").rstrip("/") + "/"
        path = path.removeprefix("file://").replace("\\", "/")
        if path.startswith(root):
            return self.files.inside(path.removeprefix(root))
        above, made, _ = f"{self.folder}/".rpartition("cdk.out/")
        beside = above if made else f"{split(self.folder)[0]}/"
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        tails = (self.files.inside(beside + "/".join(parts[i:])) for i in range(len(parts)))
        return next((tail for tail in tails if tail and _is_file(self.files, tail)), None)


def construct_path(body: Node) -> str:
    """The construct path that the template itself holds, else ""."""
    metadata = body.get("Metadata")
    path = metadata.get("aws:cdk:path") if metadata else None
    return (path.text or "") if path else ""


def assembly_of(files: Files, template: str) -> Assembly | None:
    """What the manifest beside a template says of it; None where there is none that knows it."""
    folder, name = split(template)
    if not files.holds(f"{folder}/{MANIFEST}"):
        return None
    artifacts = _load(files, f"{folder}/{MANIFEST}").get("artifacts")
    for artifact in artifacts.values() if isinstance(artifacts, dict) else ():
        properties = _mapping(artifact, "properties")
        if _mapping(artifact).get("type") == _STACK and properties.get("templateFile") == name:
            return _assembly(files, folder, _mapping(artifact), properties)
    return None


def _assembly(files: Files, folder: str, artifact: dict[str, Any], properties: dict[str, Any]) -> Assembly:
    manifest = files.inside(f"{folder}/{MANIFEST}")
    other = artifact.get("additionalMetadataFile")
    beside = files.inside(f"{folder}/{other}") if isinstance(other, str) else None
    metadata = {**_mapping(artifact, "metadata"), **(_load(files, beside) if beside else {})}
    traces: dict[str, list[str]] = {}
    logical_ids: dict[str, str] = {}
    for path, entries in metadata.items():
        for kind, data, trace in _entries(entries):
            if kind == "aws:cdk:logicalId" and isinstance(data, str):
                logical_ids[data] = path.strip("/")
                traces.setdefault(path.strip("/"), trace)
            elif kind == "aws:cdk:creationStack" and isinstance(data, list):
                traces[path.strip("/")] = [str(frame) for frame in data]
    return Assembly(
        files=files,
        folder=folder,
        pseudo=_pseudo(artifact, properties),
        tags={str(key): str(value) for key, value in _mapping(properties, "tags").items()},
        traces=traces,
        logical_ids=logical_ids,
        stack=str(artifact.get("displayName") or ""),
        read=frozenset(filter(None, (manifest, beside))),
    )


def asset_path(files: Files, folder: str, hashes: set[str]) -> str | None:
    """The file of a folder that is uploaded under one of these hashes, by the manifests of assets beside it."""
    for name in files.names(folder):
        if name.endswith(".assets.json"):
            assets = _mapping(_load(files, f"{folder}/{name}"), "files")
            for key in hashes & assets.keys():
                path = _mapping(assets[key], "source").get("path")
                return path if isinstance(path, str) else None
    return None


def _entries(entries: Any) -> Iterator[tuple[str, Any, list[str]]]:
    """Type, data and trace of each entry of metadata."""
    for entry in entries if isinstance(entries, list) else ():
        trace = _mapping(entry).get("trace")
        lines = [str(frame) for frame in trace] if isinstance(trace, list) else []
        yield str(_mapping(entry).get("type")), _mapping(entry).get("data"), lines


def _pseudo(artifact: dict[str, Any], properties: dict[str, Any]) -> dict[str, str]:
    place = re.fullmatch(_ENVIRONMENT, str(artifact.get("environment", "")))
    account, region = place.groups() if place else ("", "")
    found = {"AWS::AccountId": account, "AWS::Region": region, "AWS::StackName": properties.get("stackName")}
    return {name: text for name, text in found.items() if isinstance(text, str) and text and "unknown-" not in text}


def _mapping(value: Any, key: str | None = None) -> dict[str, Any]:
    found = value if key is None else _mapping(value).get(key)
    return found if isinstance(found, dict) else {}


def _load(files: Files, path: str) -> dict[str, Any]:
    """A JSON file of the project; empty where it can not be read."""
    import json

    try:
        return _mapping(json.loads(files.read(path)))
    except (Unreadable, ValueError, RecursionError):
        return {}


def _is_file(files: Files, path: str) -> bool:
    folder, name = split(path)
    return name in files.names(folder)


def _line(files: Files, path: str, line: int, column: int) -> Location | None:
    """The rest of a line of a file from a column on; None where the file has no such line."""
    try:
        lines = files.read(path).decode("utf-8", "replace").splitlines()
    except Unreadable:
        return None
    if not 0 < line <= len(lines):
        return None
    end = len(lines[line - 1].rstrip()) + 1
    return Location(path, line, min(column, end - 1) or 1, line, max(end, 2))
