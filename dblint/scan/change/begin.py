"""From what the person asks for to the two revisions that a change lies between."""

from __future__ import annotations

from collections.abc import Iterable

from dblint.records import dataclass
from dblint.scan import inputs
from dblint.scan.change.git import Repository
from dblint.scan.change.revision import Revision
from dblint.sources.files import Files, split


@dataclass(frozen=True, slots=True)
class Change:
    """`base` is the earlier revision, and `name` what it is called. `added` are the files that the change adds;
    `removes`: it takes some away."""

    name: str
    base: Revision
    added: frozenset[str]
    removes: bool


def since(files: Files, name: str) -> Change:
    """The change from where HEAD and a commit went apart to the working tree. Raises GitError."""
    repository = Repository(files.project)
    commit = repository.base(name)
    tree = repository.tree(commit)
    now = repository.index().keys() | repository.untracked()
    here = {path for path in now if (files.project / path).is_symlink() or (files.project / path).exists()}
    base = Revision(repository, files.project, tree, frozenset(now - tree.keys()), files.exclude)
    return Change(f"{name} ({commit[:12]})", base, frozenset(here - tree.keys()), bool(tree.keys() - here))


def staged(files: Files) -> tuple[Revision, Change]:
    """The files that are staged, and the change from HEAD to them. Raises GitError."""
    repository = Repository(files.project)
    index, head, untracked = repository.index(), repository.head(), repository.untracked()
    now = Revision(repository, files.project, index, untracked, files.exclude)
    gone = frozenset((index.keys() | untracked) - head.keys())
    base = Revision(repository, files.project, head, gone, files.exclude)
    return now, Change("HEAD", base, frozenset(index.keys() - head.keys()), bool(head.keys() - index.keys()))


def take(base: Revision, files: Files, paths: Iterable[str]) -> None:
    """Takes for the base what was named for the run (paths of the project), as far as it was there; in place of a file
    that was not, those beside it: what is in it now may have been in them."""
    for path in paths:
        if base.has(path):
            base.add(files.project / path)
        elif path in files.named:
            folder = split(path)[0]
            beside = (name if folder == "." else f"{folder}/{name}" for name in base.names(folder))
            base.named.update(path for path in beside if inputs.kind(path))
