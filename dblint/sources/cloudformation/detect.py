"""Which files may be templates worth reading: by their ending, and by one search through their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from dblint.disk import digest_of
from dblint.model import Problem
from dblint.records import dataclass
from dblint.sources.cloudformation.resource_types import SERVERLESS_TYPES, STACKS
from dblint.sources.files import Files, TooLarge, Unreadable
from dblint.view import VIEWS

ENDINGS = (".yaml", ".yml", ".json", ".template", ".cfn", ".cform")
# What others read, and nobody takes for a template.
FOREIGN = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json", ".tfplan", ".hcl", ".toml")
# Copies of templates that stand elsewhere.
_BUILT = "/.aws-sam/build/"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file whose bytes speak of something: a database, nested stacks, exports, imports or modules. `surely`: of a
    database as a single template declares one. `named`: it was named, and can be nothing but a template."""

    path: str
    database: bool
    stacks: bool
    exports: bool
    imports: bool
    modules: bool
    surely: bool
    named: bool

    @property
    def belongs(self) -> bool:
        """Whether others may have to do with it."""
        return self.stacks or self.exports or self.imports or self.modules

    @property
    def counts_alone(self) -> bool:
        """Whether it is read even where no other file has to do with it."""
        return self.database or self.modules or self.named


def database_types() -> frozenset[str]:
    """The types that make a template worth judging, in all spellings."""
    types = {type for type, view in VIEWS.items() if not view.supporting}
    return frozenset(types | {sam for sam, type in SERVERLESS_TYPES.items() if type in types})


def candidates(files: Files, paths: Iterable[str], problems: list[Problem]) -> Iterator[Candidate]:
    """The files that may matter. The content of all others is forgotten."""
    types = database_types()
    kind = _kind(types)
    for path in paths:
        if not is_ours(files, path):
            continue
        try:
            says = files.fact(kind, path, lambda content: _said(content, types))
        except Unreadable as error:
            if path in files.named or not isinstance(error, TooLarge) or _mentions(types).search(error.head):
                problems.append(Problem(path, str(error)))
            continue
        database, stacks, exports, imports, modules, surely = says
        named = path in files.named and not path.endswith(ENDINGS)
        found = Candidate(path, database, stacks, exports, imports, modules, surely, named)
        if found.counts_alone or found.belongs:
            yield found
        else:
            files.forget(path)


def says_the_same(files: Files, path: str, digest: str) -> bool:
    """Whether a file that has changed speaks of the same as when its content had a digest (in hex)."""
    types = database_types()
    kind = _kind(types)
    try:
        return bool(files.fact(kind, path, lambda content: _said(content, types)) == files.fact_then(kind, digest))
    except Unreadable:
        return False


def _kind(types: frozenset[str]) -> str:
    """What the facts are called that `_said` tells."""
    return f"template {digest_of(repr(sorted(types)).encode()).hex()}"


def _said(content: bytes, types: frozenset[str]) -> list[bool]:
    """What the bytes of a file speak of, in the order of the fields of a candidate."""
    database = _mentions(types).search(content) is not None or _is_utf16(content)
    return [
        database,
        any(type.encode() in content for type in STACKS),
        b"Export" in content and b"Outputs" in content,
        b"ImportValue" in content,
        b"::MODULE" in content or b"!Rain::Module" in content,
        database and looks_like_template(content) and not _is_utf16(content) and b"\n---" not in content,
    ]


def relatives(files: Files, found: Iterable[Candidate]) -> list[Candidate]:
    """Files of the whole project that a file that was named may belong to: that deploy it, export to it, or import
    from it. None where no file was named."""
    known = {candidate.path for candidate in found}
    if not known & files.named:
        return []
    around = (name if folder == "." else f"{folder}/{name}" for folder, names in files.around() for name in names)
    others = candidates(files, (path for path in around if path not in known), [])
    return [candidate for candidate in others if candidate.stacks or candidate.exports or candidate.imports]


def is_ours(files: Files, path: str) -> bool:
    """Whether a file is to be looked at: by its ending, or because it was named and nobody else reads it."""
    if path.endswith(FOREIGN):
        return False
    if files.is_wanted(path):
        return True
    return path.endswith(ENDINGS) and _BUILT not in f"/{path}"


def _is_utf16(content: bytes) -> bool:
    """Whether a file is in an encoding that hides what it says, and CloudFormation does not take."""
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") and b"AWS::" in content.replace(b"\0", b"")


def looks_like_template(content: bytes) -> bool:
    """Whether a file that can not be read must be a template with a database: it has resources, and one of them says
    that it is one."""
    declares = _declarations(database_types())
    return (b"Resources" in content and declares.search(content) is not None) or _is_utf16(content)


@lru_cache(maxsize=4)
def _mentions(types: frozenset[str]) -> re.Pattern[bytes]:
    services: dict[str, list[str]] = {}
    for type in sorted(types):
        service, _, name = type.removeprefix("AWS::").rpartition("::")
        services.setdefault(service, []).append(name)
    words = (f"{service}::(?:{'|'.join(names)})" for service, names in services.items())
    return re.compile(f"AWS::(?:{'|'.join(words)})(?![A-Za-z0-9])".encode()) if types else re.compile(b"(?!)")


@lru_cache(maxsize=4)
def _declarations(types: frozenset[str]) -> re.Pattern[bytes]:
    return re.compile(b"Type[\"']?\\s*:[^A-Z]{0,80}" + _mentions(types).pattern)
