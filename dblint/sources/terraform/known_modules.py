"""Public modules that are called and not installed, and whose databases are known: from summaries that are evaluated in
the place of the missing code.

A summary (dblint/facts/terraform_modules) is Terraform with the module's variables and their defaults, and the
resources that dblint judges. It stands for a range of versions.
"""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Collection, Iterator
from functools import lru_cache

from dblint import facts
from dblint.model import Problem
from dblint.patterns import pattern
from dblint.records import dataclass, replace
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.syntax.json_syntax import json_body
from dblint.sources.terraform.syntax.text import Text, body_of

FACTS = os.path.join(facts.HERE, "terraform_modules")
_TERM = pattern(r"(>=|<=|!=|~>|=|>|<)?\s*v?(\d+(?:\.\d+){0,2})")
_GIT = pattern(
    r"(?:github\.com[/:]|^)([\w-]+)/terraform-(\w+)-([\w-]+?)(?:\.git)?(?://([^?]*))?(?:\?(?:.*&)?ref=([^&]*))?(?:\?.*)?$"
)
_TAG = pattern(r"(?:refs/)?(?:tags/)?v?(\d+\.\d+(?:\.\d+)?)$")
_HOSTS = ("registry.terraform.io/", "registry.opentofu.org/")
_BEYOND = (10**6,)
# How the paths of summaries begin: no path of a project does.
HIDDEN = "\0known/"

Bounds = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """A summary: of which module, what it takes for its version, and where it stands below FACTS."""

    source: str
    version: str
    folder: str

    def __str__(self) -> str:
        return f"{self.source} {self.version}"


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the index. `databases`: whether a call is worth looking at for its own sake."""

    source: str
    versions: str
    version: str
    folder: str
    databases: bool = True


@dataclass(frozen=True, slots=True)
class Called:
    """The source of a call, whichever way it is written: the registry's name, the folder inside of the module, and
    which versions it allows ("" for all; None where that can not be told, as of a commit)."""

    source: str
    inner: str
    versions: str | None


@lru_cache(maxsize=1)
def _index() -> dict[str, list[Summary]]:
    """The summaries by source, newest first."""
    found: dict[str, list[Summary]] = {}
    for entry in json.loads(_text("index.json")):
        summary = Summary(**entry)
        found.setdefault(summary.source, []).append(summary)
    return found


def _text(path: str) -> str:
    with open(os.path.join(FACTS, path), encoding="utf-8") as file:
        return file.read()


def makes_databases(source: str) -> bool:
    """Whether a call of this source may make databases that are known, in some version."""
    if "aws" not in source:
        return False
    return any(summary.databases for summary in _index().get(called(source, "").source, ()))


def is_known(source: str) -> bool:
    """Whether there is a summary of the module in some version."""
    return called(source, "").source in _index()


def called(source: str, version: str) -> Called:
    """The source and the version of a call as they are written: of a registry or of GitHub."""
    git = _GIT.search(source)
    if git is not None and "/" in source and ("github" in source or source.startswith("git")):
        owner, provider, name, inner, ref = git.groups()
        return Called(f"{owner}/{name}/{provider}", inner or "", _tagged(ref))
    for host in _HOSTS:
        source = source.removeprefix(host)
    module, _, inner = source.partition("//")
    return Called(module, inner, version)


def _tagged(ref: str | None) -> str | None:
    if not ref:
        return ""
    tag = _TAG.match(ref)
    return tag[1] if tag else None


def known_module(source: str, version: str, arguments: Collection[str]) -> Known | None:
    """The newest summary that the call allows, and that has all variables which it sets; None where there is none."""
    call = called(source, version)
    if call.versions is None:
        return None
    inner = posixpath.normpath(call.inner) if call.inner else "."
    for summary in _index().get(call.source, ()):
        if _overlap(_bounds(call.versions), _bounds(summary.versions)):
            known = Known(call.source, summary.version, posixpath.normpath(f"{summary.folder}/{inner}"))
            if _has(known.folder) and set(arguments) <= module_of(known).variables.keys():
                return known
    return None


def inside(known: Known, source: str) -> Known | None:
    """A module that a summary calls by a local path."""
    folder = posixpath.normpath(posixpath.join(known.folder, source))
    return replace(known, folder=folder) if _has(folder) else None


def _has(folder: str) -> bool:
    return not folder.startswith("..") and os.path.isfile(os.path.join(FACTS, folder, "main.tf"))


def module_of(known: Known) -> Module:
    """The summary as a module."""
    return _module(known.folder)


@lru_cache(maxsize=64)
def _module(folder: str) -> Module:
    names = sorted(name for name in os.listdir(os.path.join(FACTS, folder)) if ".tf" in name)
    texts = [Text(f"{HIDDEN}{folder}/{name}", _text(f"{folder}/{name}"), _refuse) for name in names]
    module = Module(f"{HIDDEN}{folder}", texts)
    for text in texts:
        body = json_body(text) if text.path.endswith(".json") else body_of(text, nested=False)
        for block in body.blocks:
            module.declare(block)
    return module


def _refuse(problem: Problem) -> None:
    raise AssertionError(f"a summary can not be read: {problem}")


def _bounds(constraint: str) -> Bounds:
    """The lowest version that a constraint allows, and the one that all are below."""
    low: tuple[int, ...] = (0,)
    high: tuple[int, ...] = _BEYOND
    for lowest, highest in _terms(constraint):
        low, high = max(low, lowest), min(high, highest)
    return low, high


def _terms(constraint: str) -> Iterator[Bounds]:
    for sign, text in _TERM.findall(constraint):
        parts = tuple(int(part) for part in text.split("."))
        version = (*parts, 0, 0)[:3]
        just_above = (*version, 0)
        if sign == ">=":
            yield version, _BEYOND
        elif sign == ">":
            yield just_above, _BEYOND
        elif sign == "<":
            yield (0,), version
        elif sign == "<=":
            yield (0,), just_above
        elif sign == "~>":
            kept = parts[:-1] or parts
            yield version, (*kept[:-1], kept[-1] + 1, 0, 0)[:3]
        elif sign != "!=":
            yield version, just_above


def _overlap(one: Bounds, other: Bounds) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
