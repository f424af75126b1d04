"""Variable files: what they set, and which of them are scenarios of which root."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from dblint.environment import tier_of
from dblint.model import Environments, Note
from dblint.sources.files import split, upward
from dblint.sources.terraform.evaluation.run import Given
from dblint.sources.terraform.project import Project

_SUFFIXES = (".tfvars", ".tfvars.json")
# The share of a file's variables that a root must declare for the file to be one of its scenarios.
_DECLARED = 0.8
_MOST_NAMED = 3
# What is said of a file that is left out; nothing of what is deployed hangs on it.
DROPPED = "values"
_SHARED = frozenset(("common", "shared", "global", "base", "default", "defaults", "all"))
_PLAIN_STEMS = frozenset(("terraform", "variables", "vars", "inputs", "input", "config", "main", "values"))

_PLAIN_FOLDERS = _PLAIN_STEMS | {"tfvars", "env", "envs", "environments", "configs"}


def is_variable_file(path: str) -> bool:
    return path.endswith(_SUFFIXES)


def stem(path: str) -> str:
    """A variable file's name without its endings."""
    name = split(path)[1]
    for suffix in (*_SUFFIXES, ".auto"):
        name = name.removesuffix(suffix)
    for suffix in _SUFFIXES[:1]:
        name = name.removesuffix(suffix)
    return name.removesuffix(".auto")


def is_automatic(path: str) -> bool:
    """Whether Terraform reads the file by itself where it lies in the root's folder."""
    name = split(path)[1]
    return name.startswith("terraform.tfvars") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def automatic_files(names: Iterable[str], folder: str) -> list[str]:
    """The files of a root's folder that always apply, in the order in which later ones win."""
    kept = [name for name in names if is_variable_file(name) and is_automatic(name)]
    order = {"terraform.tfvars": 0, "terraform.tfvars.json": 1}
    kept.sort(key=lambda name: (order.get(name, 2), name))
    return [name if folder == "." else f"{folder}/{name}" for name in kept]


def given_by(project: Project, path: str) -> dict[str, Given]:
    """What a file sets."""
    arguments = project.body(path).arguments
    source = f"in {split(path)[1]}"
    return {name: Given(source, argument.expression) for name, argument in arguments.items()}


class VariableFiles:
    """All named variable files of a run."""

    def __init__(self, project: Project, roots: Iterable[str]) -> None:
        self._project = project
        nearest = _Nearest(roots)
        self._below: dict[str, list[str]] = defaultdict(list)
        self._called: dict[str, list[str]] = defaultdict(list)
        for path in sorted(set(_variable_files(project))):
            root = nearest.of(split(path)[0])
            if root is None:
                self._called[stem(path)].append(path)
            else:
                self._below[root].append(path)

    def scenarios(self, root: str, environments: Environments) -> dict[str, list[str]]:
        """The scenarios of a root: name -> its files, in the order in which later ones win."""
        own = [path for path in self.near(root) if self._fits(root, path)]
        shared = [path for path in own if stem(path).lower() in _SHARED]
        named = [path for path in own if path not in shared] or own
        grouped: dict[str, list[str]] = {}
        for path in named:
            grouped.setdefault(self._name(root, path, named, environments), []).append(path)
        if named is own:
            return grouped
        return {name: [*_beside(shared, paths), *paths] for name, paths in grouped.items()}

    def near(self, root: str) -> list[str]:
        """The files that lie in or below the root (and not in another below it), or are called like its folder."""
        below = [path for path in self._below.get(root, ()) if not is_automatic(path) or split(path)[0] != root]
        called = self._called.get(split(root)[1])
        return sorted((*below, *called)) if called else below

    def _fits(self, root: str, path: str) -> bool:
        keys = self._project.body(path).arguments.keys()
        declared = self._project.module(root).variables.keys()
        return bool(keys) and len(keys & declared) >= _DECLARED * len(keys)

    def dropped(self, root: str) -> Iterator[Note]:
        """What is said of files that are no scenarios of the root though they look like it: they lie in its folder, or
        below it with a variable of it."""
        for path in self._below.get(root, ()):
            in_folder = split(path)[0] == root
            if (in_folder and is_automatic(path)) or self._fits(root, path):
                continue
            keys = self._project.body(path).arguments.keys()
            strange = sorted(keys - self._project.module(root).variables.keys())
            if strange and (in_folder or len(strange) < len(keys)):
                named = ", ".join(strange[:_MOST_NAMED]) + (" and others" if len(strange) > _MOST_NAMED else "")
                counts = f"{len(strange)} of its {len(keys)} variables are not declared"
                yield Note(path, f"it is no scenario of {root}: {counts} there ({named})", DROPPED)

    def _name(self, root: str, path: str, all: list[str], environments: Environments) -> str:
        """The name of the environment: the file's, or its folder's where that says more."""
        folder, own = split(path)[0], stem(path)
        if folder == root or folder == ".":
            return own
        parent = split(folder)[1]
        if own.lower() in _PLAIN_STEMS or own == split(root)[1]:
            return own if parent.lower() in _PLAIN_FOLDERS else parent
        if tier_of(own, environments) is not None:
            return own
        repeated = any(stem(other) == own and split(other)[0] != folder for other in all)
        together = sum(split(other)[0] == folder for other in all) > 1
        named = tier_of(parent, environments) is not None
        return parent if repeated or (named and together) or named else own


class _Nearest:
    """The root that a folder lies in: the nearest one. Each folder is looked at once."""

    def __init__(self, roots: Iterable[str]) -> None:
        self._known: dict[str, str | None] = {root: root for root in roots}

    def of(self, folder: str) -> str | None:
        """None where it lies in none."""
        between = []
        for above in upward(folder):
            if above in self._known:
                break
            between.append(above)
        found = self._known.get(above)
        self._known.update(dict.fromkeys(between, found))
        return found


def _variable_files(project: Project) -> Iterator[str]:
    """The variable files of the run; those of the whole project where single files were named."""
    yield from (path for path in project.files.all() if is_variable_file(path))
    for folder, names in project.files.around() if project.files.named else ():
        for name in names:
            if is_variable_file(name):
                yield name if folder == "." else f"{folder}/{name}"


def _holds(folder: str, path: str) -> bool:
    return folder == "." or path == folder or path.startswith(f"{folder}/")


def _beside(shared: list[str], paths: list[str]) -> list[str]:
    """The shared files that lie in the folder of one of the paths, or above it."""
    folders = {split(path)[0] for path in paths}
    return [path for path in shared if any(_holds(split(path)[0], folder) for folder in folders)]
