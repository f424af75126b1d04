"""Files that give values to parameters, in the shapes that the tools around CloudFormation read.

- `[{"ParameterKey": k, "ParameterValue": v}]`, as the AWS CLI has it;
- `["k=v"]`, as `aws cloudformation deploy` has it;
- `{"Parameters": {k: v}, "Tags": {k: v}}`, as CodePipeline has it;
- `{k: v}`;
- `{template-file-path: path, parameters: {k: v}, tags: {k: v}}`, the deployment file of Git sync.
"""

from __future__ import annotations

from collections.abc import Iterator

from dblint.model import Origin
from dblint.records import dataclass, field
from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.nodes import Node, location
from dblint.sources.cloudformation.parameters import Given
from dblint.sources.cloudformation.reader import decode, read
from dblint.sources.cloudformation.template import Template, scalar_text
from dblint.sources.files import Files, Unreadable, split
from dblint.sources.questions import SIEVES

MOST_BYTES = 1024 * 1024
_ENDINGS = (".json", ".yaml", ".yml")
# Folders beside a template in which parameter files are kept.
_FOLDERS = ("params", "parameters", "config", "configs", "env", "envs", "environments")
_SIGNS_OF_TEMPLATES = (b"Resources:", b'"Resources"')
_LONGEST_OFFERED = 64 * 1024
_MOST_OFFERED = 20
_SUFFIXES = (".parameters", ".params", ".deployment", ".param", ".config")


@dataclass(frozen=True, slots=True, eq=False)
class ParameterFile:
    """What one file gives. `template`: the path of the template that it is for, where it names one."""

    path: str
    given: dict[str, Given]
    tags: dict[str, str] = field(default_factory=dict)
    template: str = ""

    @property
    def name(self) -> str:
        """The scenario that it stands for: its name without its endings, "prod" of "prod.params.json"."""
        _, name = split(self.path)
        stem = name.rpartition(".")[0] or name
        for suffix in _SUFFIXES:
            stem = stem.removesuffix(suffix) or stem
        return stem

    def fits(self, parameters: set[str]) -> bool:
        """Whether a template with these parameters takes all that it gives."""
        return set(self.given) <= parameters


def read_parameter_file(files: Files, path: str) -> ParameterFile:
    """Raises ReadError where it has none of the shapes, and Unreadable."""
    documents, _ = read(decode(files.read(path, MOST_BYTES)))
    root = documents[0] if len(documents) == 1 else None
    found = _shaped(path, root) if root else None
    if found is None:
        raise ReadError(
            "it is no parameter file: expected a list of ParameterKey and ParameterValue, or names to values"
        )
    return found


def _shaped(path: str, root: Node) -> ParameterFile | None:
    if root.items():
        pairs = list(_pairs(root))
        return ParameterFile(path, _given(path, pairs)) if len(pairs) == len(root.items()) else None
    for section, tags in (("Parameters", "Tags"), ("parameters", "tags")):
        body = root.get(section)
        if body and not body.items() and not scalar_text(body):
            template = scalar_text(root.get("template-file-path")) or ""
            return ParameterFile(path, _given(path, _entries(body)), _texts(root.get(tags)), template)
    entries = list(_entries(root))
    return ParameterFile(path, _given(path, entries)) if entries and len(entries) == len(root.value) else None


def offered(files: Files, template: Template) -> tuple[list[str], int]:
    """Parameter files beside a template that nobody named: all that they give are parameters of it. The first of them,
    and how many more there are."""
    folder, own = split(template.path)
    found = []
    for place in (folder, *(f"{folder}/{name}" for name in _FOLDERS)):
        is_found = place == folder or files.is_searched(place.removeprefix("./"))
        for name in files.sifted(place, _SIEVE) if is_found else ():
            path = files.inside(f"{place}/{name}")
            if path and name != own and _is_for(files, path, template):
                found.append(path)
    return found[:_MOST_OFFERED], max(0, len(found) - _MOST_OFFERED)


def _may_give(content: bytes) -> bool:
    """Whether a file may give values to parameters: it is short, and no template itself."""
    return len(content) <= _LONGEST_OFFERED and not any(sign in content for sign in _SIGNS_OF_TEMPLATES)


_SIEVE = "may give values to parameters"
SIEVES[_SIEVE] = (_ENDINGS, _may_give)


def _is_for(files: Files, path: str, template: Template) -> bool:
    """Whether a file gives values to parameters of a template, and nothing else."""
    try:
        content = files.read(path, MOST_BYTES)
        if not any(name.encode() in content for name in template.parameters):
            return False
        file = read_parameter_file(files, path)
    except (ReadError, Unreadable):
        return False
    return bool(file.given) and file.fits(set(template.parameters))


Pair = tuple[str, str, Node, Node]


def _pairs(root: Node) -> Iterator[Pair]:
    for item in root.items():
        name, value = scalar_text(item.get("ParameterKey")), item.get("ParameterValue")
        written = scalar_text(value)
        if name is not None and value is not None:
            yield name, written or "", item, item
        elif scalar_text(item.get("UsePreviousValue")) == "true" and name is not None:
            continue
        elif item.text and "=" in item.text:
            name, _, written = item.text.partition("=")
            yield name, written, item, item


def _entries(mapping: Node) -> Iterator[Pair]:
    for name, key, body in mapping.entries():
        written = scalar_text(body)
        if written is not None:
            yield name, written, key, body


def _given(path: str, pairs: Iterator[Pair] | list[Pair]) -> dict[str, Given]:
    return {
        name: Given(written, (Origin(location(path, first, last), f"set for parameter {name} in {path}"),))
        for name, written, first, last in pairs
    }


def _texts(mapping: Node | None) -> dict[str, str]:
    return {name: written for name, written, _, _ in _entries(mapping)} if mapping else {}
