"""The files of one run: what was named, what lies below it, and reading each of them once and within bounds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from dblint.disk import MOST_BYTES, Disk, TooLarge, Unreadable, digest_of, why
from dblint.globs import matches, opens
from dblint.model import Location, Note, Problem
from dblint.sources.paths import is_below, join, lies_in, project_of, relative, split, upward
from dblint.sources.questions import Question, Questions
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from dblint.cache.contents import Contents
    from dblint.sources.ignored import Ignored

__all__ = [
    "MOST_BYTES",
    "MOST_FILES",
    "NEVER_ENTERED",
    "Files",
    "Question",
    "TooLarge",
    "Unreadable",
    "project_of",
    "split",
    "upward",
]

MOST_FILES = 1_000_000
NEVER_ENTERED = frozenset({".git", ".terraform", ".terragrunt-cache", "node_modules", ".venv", "__pycache__"})


class Files(Questions):
    """What a run may read. All paths are relative to `project` and have "/".

    `named`: files that the user named one by one. `found`: folder -> names of the files that lie in it, sorted; only
    folders that were named or lie below a named one. `problems` and `notes` say what could not be looked at.
    `exclude`: patterns of what is not looked at, `left_out` how many named files fit them; what is excluded is still
    read where something that is looked at needs it. `include`: patterns of what is looked at whatever leaves it out, be
    it by its name. `ignored` knows what git ignores, where that does not count.
    """

    def __init__(self, project: Path | str, exclude: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.disk = Disk(str(project))
        self.exclude = exclude
        self.include: tuple[str, ...] = ()
        self.ignored: Ignored | None = None
        self.left_out = 0
        self.named: set[str] = set()
        self.found: dict[str, list[str]] = {}
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self.concealed: dict[str, list[Location]] = {}
        self._given: dict[str, bytes] = {}
        self._content: dict[str, bytes | Unreadable] = {}
        self._digests: dict[str, bytes] = {}
        self._listed: dict[tuple[str, bool], list[str]] = {}
        self._count = 0
        self._anyway: list[str] = []
        self._narrow: set[str] = set()

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Files:
        """Files that are on no disk: path -> text."""
        files = cls("/nonexistent")
        for path, text in texts.items():
            folder, name = split(path)
            files.found[folder] = sorted([*files.found.get(folder, ()), name])
            files._given[path] = text.encode()
        return files

    @property
    def project(self) -> Path:
        """The folder that the paths are relative to."""
        from pathlib import Path

        return Path(self.disk.root)

    @timed("walk")
    def add(self, given: Path | str, force_exclude: bool = False) -> None:
        """Takes a path that the user named: a file, or a folder with all below it. What is excluded is taken too, since
        it was named, unless `force_exclude`."""
        absolute = os.path.abspath(given)
        if not lies_in(absolute, self.disk.root):
            absolute = self.disk.real(absolute)  # named through a link
        path = relative(absolute, self.disk.root)
        try:
            is_folder = self.is_folder(path)
        except OSError as error:
            hint = "check the spelling" if isinstance(error, FileNotFoundError) else ""
            self.problems.append(Problem(str(given), why(error), hint=hint))
            return
        is_ignored = self._is_ignored(path, is_folder)
        if force_exclude and (is_ignored or matches(path, self.exclude)):
            self.left_out += 1
        elif is_folder:
            self._anyway += [path] if matches(path, self.exclude) else []
            if is_ignored and self.ignored:
                self.ignored.free(path)
            self._walk(path)
        else:
            self._name(path)

    def _name(self, path: str) -> None:
        """Takes a file that was named, and that therefore counts."""
        self.named.add(path)
        folder, name = split(path)
        if folder in self.found and name not in self.found[folder]:
            self.found[folder] = sorted([*self.found[folder], name])

    def _is_ignored(self, path: str, is_folder: bool) -> bool:
        if self.ignored is None or self.is_included(path):
            return False
        return self.ignored.is_folder(path) if is_folder else self.ignored.is_file(path)

    def is_tracked(self, top: str, path: str) -> bool:
        """Whether git tracks a file, or one below a folder, in the repository whose working tree has its top there."""
        return self.disk.tracked(f"{top}//{path}")

    def content(self, path: str, most: int) -> bytes:
        """The content of a file, which is neither remembered nor noted as a question. Raises Unreadable."""
        return self._read(path, most)

    def exists(self, path: str) -> bool:
        """Whether a file or folder of the project is there."""
        return self.disk.exists(path)

    def is_folder(self, path: str) -> bool:
        """Whether a path that was named is a folder. Raises OSError where it is nothing."""
        return self.disk.is_folder(path)

    def listed(self, folder: str) -> tuple[list[str], list[str]]:
        """The names of the files and of the folders that lie in a folder, sorted. Raises OSError."""
        return self.disk.listed(folder)

    def is_excluded(self, path: str) -> bool:
        """Whether a file or folder is not to be looked at: it fits a pattern, and nobody named it or what it lies
        in."""
        if not self.exclude or path in self.named or any(is_below(path, folder) for folder in self._anyway):
            return False
        return matches(path, self.exclude) and not self.is_included(path)

    def is_included(self, path: str) -> bool:
        """Whether a file is looked at whatever it is called and wherever it lies."""
        return bool(self.include) and matches(path, self.include)

    def is_wanted(self, path: str) -> bool:
        """Whether somebody names a file, or a pattern that it fits."""
        return path in self.named or self.is_included(path)

    def give(self, path: str, content: bytes) -> None:
        """Takes a file whose content is at hand, whatever is on the disk: named by the user, as if it stood at
        `path`."""
        self._given[path] = content
        self.named.add(path)

    def is_given(self, path: str) -> bool:
        """Whether the content of a file is at hand, whatever is on the disk."""
        return path in self._given

    def with_contents(self, contents: Mapping[str, bytes]) -> Files:
        """The same files, some of them with other contents."""
        other = Files.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.problems, other.notes = list(self.problems), list(self.notes)
        other._given = {**self._given, **contents}
        other._content = {path: content for path, content in self._content.items() if path not in contents}
        other._digests = {}
        other._answers = {}
        other._sifted = {}
        return other

    def all(self) -> Iterator[str]:
        """Every file that was found or named and is not excluded, each once."""
        self.asked.add(("all", ""))
        for folder, names in self.found.items():
            paths = [join(folder, name) for name in names]
            if folder in self._narrow:
                yield from filter(self.is_included, paths)
            elif self.exclude:
                yield from (path for path in paths if not self.is_excluded(path))
            else:
                yield from paths
        yield from sorted(path for path in self.named if not self._is_found(path))

    def searched(self) -> Mapping[str, list[str]]:
        """`found`, for those whose answer hangs on all of it."""
        self.asked.add(("all", ""))
        return self.found

    def _is_found(self, path: str) -> bool:
        folder, name = split(path)
        return name in self.found.get(folder, ())

    def around(self) -> Iterator[tuple[str, list[str]]]:
        """Every folder of the project with the names of its files: where what refers to named files may lie. Says
        nothing of what can not be listed, since nobody named it."""
        waiting = ["."]
        self.asked.add(("around", ""))
        count = 0
        while waiting and count < MOST_FILES:
            folder = waiting.pop()
            try:
                files, below = self.listed(folder)
            except OSError:
                continue
            yield folder, self._counted(folder, files, below, told=False)
            count += len(files)
            waiting += self._entered(folder, below, lambda path: self._is_ignored(path, is_folder=True))

    def names(self, folder: str, ignored: bool = False) -> list[str]:
        """The names of the files in any folder of the project, sorted; empty where there is none. `ignored`: with those
        that git ignores, for who asks what is there and not what counts."""
        self.asked.add(("every name" if ignored else "names", folder))
        if folder in self.found and not (ignored and self.ignored):
            return self.found[folder]
        if (folder, ignored) not in self._listed and self._is_absent(folder):
            self._listed[folder, ignored] = []
        if (folder, ignored) not in self._listed:
            listed, below = self._scan(folder) if self.inside(folder) is not None else ([], [])
            given = (name for above, name in map(split, self._given) if above == folder)
            counted = listed if ignored else self._counted(folder, listed, below)
            self._listed[folder, ignored] = sorted({*counted, *given})
        return self._listed[folder, ignored]

    def _is_absent(self, folder: str) -> bool:
        """Whether it is known without a look that a folder is not there."""
        return not self._given and self.disk.is_absent(folder)

    def _counted(self, folder: str, names: list[str], below: list[str], told: bool = True) -> list[str]:
        """The names of a folder's files without those that git ignores, but for those that somebody named."""
        if self.ignored is None:
            return names
        counted = self.ignored.counted(folder, names, below, told)
        if counted is names or not (self.named or self.include):
            return counted
        kept = {*counted, *(name for above, name in map(split, self.named) if above == folder)}
        return [name for name in names if name in kept or self.is_included(join(folder, name))]

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in any folder of the project, sorted; those that are never entered left out."""
        self.asked.add(("folders", folder))
        head = "" if folder == "." else f"{folder}/"
        found = {path[len(head) :].partition("/")[0] for path in self.found if path.startswith(head) and path != "."}
        if folder not in self.found and self.inside(folder) is not None:
            found.update(self._scan(folder)[1])
        return sorted(found - NEVER_ENTERED - {""})

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        """The content of a file of the project; remembered. Raises Unreadable."""
        self.asked.add(("read", path))
        if path not in self._content:
            try:
                self._content[path] = self._read(path, most)
            except Unreadable as reason:
                self._content[path] = reason
        content = self._content[path]
        if isinstance(content, Unreadable):
            raise content
        return content

    def digest(self, path: str) -> bytes:
        """The digest of a file's content, which need not be read for that. Raises Unreadable."""
        self.asked.add(("read", path))
        if path not in self._digests:
            self._digests[path] = self._digest(path)
        return self._digests[path]

    def _digest(self, path: str) -> bytes:
        if path in self._content or path in self._given:
            return digest_of(self.read(path))
        return self.disk.digest(path, MOST_BYTES)

    def know(self, contents: Contents) -> None:
        """Makes use of what earlier runs knew, and notes what this one finds out."""
        self.contents = contents
        self.disk.stamps = contents.stamps
        self.disk.before = contents.disk

    def conceal(self, place: Location) -> None:
        """Remembers that a stretch of a file holds a secret: no report quotes it."""
        self.concealed.setdefault(place.file, []).append(place)

    def forget(self, path: str) -> None:
        """Gives back the memory of a file that nobody will ask for again."""
        self._content.pop(path, None)

    def inside(self, path: str) -> str | None:
        """The path without its "..", or None where it leads out of the project, also through links."""
        self.asked.add(("inside", path))
        return self.disk.inside(path)

    def _read(self, path: str, most: int) -> bytes:
        if path in self._given:
            return self._given[path]
        return self.disk.content(path, most)

    def _walk(self, top: str) -> None:
        """Lists a folder and all below it, without following links to folders."""
        waiting = [top]
        while waiting and self._count < MOST_FILES:
            folder = waiting.pop()
            if folder in self.found:
                continue
            files, below = self._scan(folder)
            if folder not in self._narrow or any(self.is_included(join(folder, name)) for name in files):
                self.found[folder] = self._counted(folder, files, below)
            self._count += len(files)
            waiting += self._entered(folder, below, lambda path: self.is_excluded(path) or self._is_left(path))
        if waiting:
            self.notes.append(Note(top, f"more than {MOST_FILES} files: the rest was not looked at", "limit"))

    def _entered(self, folder: str, below: list[str], is_left: Callable[[str], bool]) -> Iterator[str]:
        """The folders in a folder that are looked into, the last one first. Into one that is left out only a pattern of
        `include` leads, and to what fits it."""
        for name in reversed(below):
            path = join(folder, name)
            if folder in self._narrow or name in NEVER_ENTERED or is_left(path):
                if name == ".git" or not self.include or not opens(path, self.include):
                    continue
                self._narrow.add(path)
            yield path

    def _is_left(self, folder: str) -> bool:
        """Whether a folder is left out since git ignores it."""
        if self.ignored is None or not self.ignored.is_folder(folder):
            return False
        if not self.is_included(folder):
            self.ignored.folders[folder] = None
        return True

    def _scan(self, folder: str) -> tuple[list[str], list[str]]:
        try:
            return self.listed(folder)
        except (FileNotFoundError, NotADirectoryError):
            pass  # what was asked for need not be there; what was named is looked at in add
        except OSError as error:
            self.problems.append(Problem(folder, why(error)))
        return [], []
