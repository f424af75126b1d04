"""Which folders are roots: found by a search of bytes, before anything is parsed."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from dblint.disk import digest_of
from dblint.patterns import pattern
from dblint.sources.files import Files, Unreadable, split, upward
from dblint.sources.paths import join
from dblint.sources.terraform.known_modules import is_known, makes_databases
from dblint.sources.terraform.module_sources import installed_folders, is_local
from dblint.sources.terraform.project import Project, module_files
from dblint.sources.terraform.suspicion import is_suspicious
from dblint.sources.terraform.syntax.text import scan_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SOURCE = pattern(rb'"?source"?[ \t]*[=:][ \t]*"([^"\n]+)"')
_COMPUTED_SOURCE = pattern(rb'\bsource[ \t]*=[ \t]*(?:[A-Za-z(]|"[^"\n]*\$\{)')
# A call as it is written by hand and by terraform fmt: nothing that is nested stands before its source.
_CALL = pattern(rb'^[ \t]*module[ \t]+"[^"\n]+"[ \t]*\{[^{}]*?\bsource[ \t]*=[ \t]*"([^"\n]+)"', re.MULTILINE)
_STATE = pattern(rb'\bbackend[ \t]+"|\bcloud[ \t]*\{|"backend"[ \t]*:')
_AUTOMATIC = (".auto.tfvars", ".auto.tfvars.json")
_APPLIED = frozenset(("terraform.tfvars", "terraform.tfvars.json", ".terraform.lock.hcl"))
_SHOWN_OFF = frozenset(("example", "examples", "test", "tests", "fixture", "fixtures", "wrappers"))


class Folder:
    """What a search of the bytes tells of a folder. `calls` are the folders of local modules that it may call, `absent`
    the sources of modules that are not here; `has_state`: something shows that it is applied by itself."""

    __slots__ = ("absent", "calls", "has_database", "has_state", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.calls: set[str] = set()
        self.absent: set[str] = set()
        self.has_database = False
        self.has_state = False


def types_pattern(types: Iterable[str]) -> re.Pattern[bytes]:
    """A pattern that finds any of the resource types."""
    names = sorted(types)
    head = posixpath.commonprefix(names)
    rest = "|".join(re.escape(name[len(head) :]) for name in names)
    return re.compile(rf"{re.escape(head)}(?:{rest})\b".encode())


class Discovery:
    """Searches the folders of a run and decides which are roots. `missed`: the folders that hold databases or lead to
    them, which no root leads to, since the settings name others."""

    def __init__(self, project: Project, databases: re.Pattern[bytes]) -> None:
        self._project = project
        self._files: Files = project.files
        self._databases = databases
        self._kind = f"terraform {digest_of(databases.pattern).hex()} "
        self._folders: dict[str, Folder] = {}
        self._relevant: set[str] = set()
        self.missed: list[str] = []

    def roots(self, patterns: tuple[str, ...]) -> list[str]:
        """The folders to evaluate, sorted. `patterns` of the settings name all roots, where there are any."""
        named = self._folders_named()
        found = sorted({*self._folders_found(), *named, *self._callers_of(named)})
        for folder in found:
            self._look(folder)
        self._follow()
        relevant = self._relevant = self._found_relevant()
        if patterns:
            chosen = [f for f in found if f in relevant and any(fnmatchcase(f, pattern) for pattern in patterns)]
            self.missed = self._missed([f for f in found if f in relevant], chosen)
            return chosen
        callers = self._callers()
        roots = {f for f in found if f in relevant and (f in named or self._is_root(f, callers.get(f, set())))}
        return sorted(roots | self._unreached(found, relevant, roots))

    def _folders_found(self) -> Iterator[str]:
        return (folder for folder in self._files.found if self._project.paths(folder))

    def _folders_named(self) -> set[str]:
        """The folders of modules that files named one by one belong to; variables may lie below their module."""
        named: set[str] = set()
        for path in self._files.named:
            folder, name = split(path)
            if name.endswith((".tfvars", ".tfvars.json")):
                above = (up for up in upward(folder) if module_files(self._files.names(up)))
                named.update(itertools.islice(above, 1))
            elif module_files([name]):
                named.add(folder)
        return named

    def _callers_of(self, named: set[str]) -> set[str]:
        """The folders of the whole project that call one of the named, also through others."""
        callers: dict[str, set[str]] = {}
        for folder, names in self._files.around() if named else ():
            for name in module_files(names):
                for target in self._calls(folder, name):
                    callers.setdefault(target, set()).add(folder)
        found: set[str] = set()
        waiting = list(named)
        while waiting:
            new = callers.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    def _calls(self, folder: str, name: str) -> Iterator[str]:
        try:
            sources = self._files.fact("calls", join(folder, name), called_sources)
        except Unreadable:
            return  # whoever evaluates the folder says so
        yield from self._inside(folder, sources)

    def _look(self, path: str) -> Folder:
        """Searches a folder once."""
        if path not in self._folders:
            folder = self._folders[path] = Folder(path)
            folder.has_state = any(_shows_state(name) for name in self._files.names(path))
            for file in self._project.paths(path):
                self._search(folder, file)
            folder.calls.update(installed_folders(self._project, path))
            folder.calls.discard(path)
        return self._folders[path]

    def finds_the_same(self, path: str, digest: str) -> bool:
        """Whether a file that has changed tells the same of roots as when its content had a digest (in hex)."""
        if path.endswith(".tfvars"):
            return True  # its name alone counts
        if not path.endswith((".tf", ".tofu")):
            return False
        then = self._files.fact_then(self._kind_of(path), digest)
        try:
            now = self._fact(path)
        except Unreadable:
            return False
        odd, _, _, _, computed, _ = now
        return bool(now == then and not odd and not computed)

    def _kind_of(self, path: str) -> str:
        return self._kind + ("json" if path.endswith(".json") else "hcl")

    def _fact(self, path: str) -> Any:
        return self._files.fact(self._kind_of(path), path, lambda content: self._sifted(content, path))

    def _search(self, folder: Folder, path: str) -> None:
        try:
            found = self._fact(path)
        except Unreadable:
            self._project.text(path)
            return
        odd, database, state, sources, computed, called = found
        if odd or path in self._files.named:
            scan_all(self._project.body(path))
        folder.has_database |= database
        folder.has_state |= state
        if sources:
            folder.calls.update(self._inside(folder.path, sources))
        if called:
            folder.absent.update(source for source in called if self._is_absent(folder.path, source))
        if computed:
            folder.calls.update(self._computed_targets(folder.path))
        if not folder.has_database and not folder.calls:
            self._files.forget(path)

    def _sifted(self, content: bytes, name: str) -> list[Any]:
        """What the bytes of a file tell, wherever it lies: whether it is odd, holds a database, and shows that it is
        applied by itself; the sources of the local modules that it calls, whether others are computed, and the sources
        of all modules that it surely calls."""
        calls = b"module" in content
        return [
            is_suspicious(content, name.endswith(".json")),
            self._databases.search(content) is not None or (calls and _calls_known(content)),
            _STATE.search(content) is not None,
            called_sources(content),
            calls and _COMPUTED_SOURCE.search(content) is not None,
            [match[1].decode("utf-8", "replace") for match in _CALL.finditer(content)] if calls else [],
        ]

    def _is_absent(self, folder: str, source: str) -> bool:
        """Whether nothing is known of a module that is called in a folder, if `terraform init` has not installed it."""
        if not is_local(source):
            return not is_known(source)
        inside = self._files.inside(posixpath.normpath(posixpath.join(folder, source)))
        return inside is None or not module_files(self._files.names(inside))

    def _inside(self, folder: str, sources: Iterable[str]) -> Iterator[str]:
        """The folders of the project that the sources in a folder lead to."""
        for source in sources:
            inside = self._files.inside(posixpath.normpath(posixpath.join(folder, source)))
            if inside is not None:
                yield inside

    def _computed_targets(self, folder: str) -> Iterator[str]:
        """The local modules whose source is an expression, as OpenTofu and newer Terraform allow."""
        from dblint.sources.terraform.evaluation.modules import text_argument
        from dblint.sources.terraform.evaluation.run import Run
        from dblint.sources.terraform.evaluation.scope import ModuleInstance

        module = ModuleInstance(Run(self._project, folder), self._project.module(folder))
        for call in module.module.calls.values():
            source = text_argument(module, call, "source")
            inside = self._files.inside(posixpath.normpath(posixpath.join(folder, source)))
            if is_local(source) and inside is not None:
                yield inside

    def _follow(self) -> None:
        """Searches what is called and was not named."""
        waiting = list(self._folders.values())
        while waiting:
            targets = [target for target in waiting.pop().calls if target not in self._folders]
            waiting += map(self._look, targets)

    def _found_relevant(self) -> set[str]:
        """The folders that hold a database, or call one that does."""
        callers = self._callers()
        relevant: set[str] = set()
        waiting = [folder.path for folder in self._folders.values() if folder.has_database]
        while waiting:
            path = waiting.pop()
            if path not in relevant:
                relevant.add(path)
                waiting += callers.get(path, ())
        return relevant

    def _callers(self) -> dict[str, set[str]]:
        """The folders that call each folder."""
        callers: dict[str, set[str]] = {}
        for folder in self._folders.values():
            for target in folder.calls:
                callers.setdefault(target, set()).add(folder.path)
        return callers

    def _is_root(self, path: str, callers: set[str]) -> bool:
        """Called by nobody, or only to be shown or tested, or applied by itself."""
        return self._folders[path].has_state or all(_SHOWN_OFF & set(caller.split("/")) for caller in callers)

    def unseen(self) -> Iterator[tuple[str, list[str]]]:
        """The roots in which no database was found, that call modules which are not here, with the sources of these;
        once `roots` has searched."""
        callers = self._callers()
        for path in sorted(self._folders):
            if path in self._relevant or not self._is_root(path, callers.get(path, set())):
                continue
            if installed_folders(self._project, path):
                continue
            absent = {source for below in self._reached({path}) for source in self._folders[below].absent}
            if absent:
                yield path, sorted(absent)

    def _missed(self, found: list[str], chosen: list[str]) -> list[str]:
        """Of what was found the uppermost that none of the chosen leads to."""
        missed = set(found) - self._reached(chosen)
        callers = self._callers()
        return [folder for folder in found if folder in missed and missed.isdisjoint(callers.get(folder, ()))]

    def _unreached(self, found: list[str], relevant: set[str], roots: set[str]) -> set[str]:
        """Relevant folders that no root leads to: they call each other in a circle."""
        reached = self._reached(roots)
        added: set[str] = set()
        for path in found:
            if path in relevant and path not in reached:
                added.add(path)
                reached |= self._reached({path})
        return added

    def _reached(self, roots: Iterable[str]) -> set[str]:
        reached: set[str] = set()
        waiting = list(roots)
        while waiting:
            path = waiting.pop()
            if path not in reached:
                reached.add(path)
                waiting += self._folders[path].calls
        return reached


def called_sources(content: bytes) -> list[str]:
    """The sources of the local modules that a file may call."""
    if b"module" not in content:
        return []
    sources = (match[1].decode("utf-8", "replace") for match in _SOURCE.finditer(content))
    return [source for source in sources if is_local(source)]


def _calls_known(content: bytes) -> bool:
    """Whether a public module is called that makes databases and need not be installed to be judged."""
    sources = (match[1].decode("utf-8", "replace") for match in _SOURCE.finditer(content))
    return any(not is_local(source) and makes_databases(source) for source in sources)


def _shows_state(name: str) -> bool:
    return name.endswith(_AUTOMATIC) or name in _APPLIED
