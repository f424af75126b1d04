"""What git ignores of a project: files that no other checkout has. See docs/decisions/0015."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.disk import Unreadable
from dblint.gitignore import MOST_BYTES, MOST_STEPS, Patterns, TooMany, raw
from dblint.model import Note
from dblint.sources.paths import join, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from dblint.disk import Disk

    class Tree(Protocol):
        """The files that are asked about."""

        disk: Disk
        notes: list[Note]

        def listed(self, folder: str) -> Listing: ...

        def content(self, path: str, most: int) -> bytes: ...

        def is_tracked(self, top: str, path: str) -> bool: ...


# How files end that matter: it is not asked of any others whether git ignores them.
LOOKED_AT = (".tf", ".tofu", ".tfvars", ".json", ".yaml", ".yml", ".template", ".cfn", ".cform", ".terraform.lock.hcl")
# What tools generate, git ignores in every project, and is the one form in which there is something to judge.
GENERATED = frozenset(("cdk.out", "cdktf.out", ".serverless"))
_TERRAFORM = (".tf", ".tofu", ".tfvars", ".tf.json", ".tofu.json", ".tfvars.json")
_NAME = ".gitignore"
_MOST_TOLD = 20

Listing = tuple[list[str], list[str]]


class _Chain:
    """The patterns that hold in a folder, those of the nearest file first, each with how long the path of its folder
    is. `known`: what they say of files whose names alone decide."""

    __slots__ = ("known", "links")

    def __init__(self, links: tuple[tuple[int, Patterns], ...] = ()) -> None:
        self.links = links
        self.known: dict[str, bool] = {}

    def seen_from(self, head: str) -> list[tuple[str, Patterns]]:
        """The patterns, each with the path of a folder as they see it; `head` is that path, "" or with "/" at its
        end."""
        head = raw(head)
        return [(head[start:], patterns) for start, patterns in self.links]


class _Rules:
    """What holds in a folder. `top` is that of the repository. `matched`: the folder or one above fits a pattern;
    `ignored`: and nothing in it is tracked. `free`: nothing in it is ignored, whatever it says itself."""

    __slots__ = ("chain", "free", "ignored", "matched", "top")

    def __init__(self, chain: _Chain, top: str = ".", matched: bool = False, ignored: bool = False) -> None:
        self.chain = chain
        self.top = top
        self.matched = matched
        self.ignored = ignored
        self.free = False


class Ignored:
    """Which files and folders git ignores: they fit a pattern, and git does not track them. `files` and `folders` were
    left out so far."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._rules: dict[str, _Rules] = {}
        self._entered: dict[str, _Rules] = {}
        self.files: dict[str, None] = {}
        self.folders: dict[str, None] = {}

    def is_file(self, path: str) -> bool:
        """Whether git ignores a file."""
        folder, name = split(path)
        return self._is(self._of(folder), path, name, is_folder=False)

    def is_folder(self, path: str) -> bool:
        """Whether git ignores a folder with all below it."""
        if path == "." or path in self._rules:
            return self._of(path).ignored
        rules = self._entered[path] = self._begun(path, self._of(split(path)[0]))
        return rules.ignored

    def free(self, folder: str) -> None:
        """Nothing in a folder is ignored from here on: somebody named it."""
        self._rules[folder] = _free(self._of(folder).top)

    def counted(self, folder: str, names: list[str], below: list[str], told: bool = True) -> list[str]:
        """The names of the files of a folder without those that are ignored. In a folder that is itself ignored all
        count: who looks there means it. `told`: that they were left out is to be said."""
        rules = self._of(folder, (names, below))
        if rules.ignored or not (rules.chain.links or rules.matched):
            return names
        head = "" if folder == "." else f"{folder}/"
        mattering = [name for name in names if name.endswith(LOOKED_AT)]
        fitting = mattering if rules.matched else _fitting(rules.chain, head, mattering)
        left = {n for n in fitting if not self._tree.is_tracked(rules.top, _within(head + n, rules.top))}
        if not left:
            return names
        if told:
            self.files.update((head + name, None) for name in sorted(left))
        return [name for name in names if name not in left]

    def notes(self) -> Iterator[Note]:
        """What was left out."""
        own = [path for path in self.files if path.endswith(_TERRAFORM)]
        message = "git ignores it, so it does not count: other checkouts have none (--include, --var-file)"
        yield from (Note(path, message, "ignored") for path in own[:_MOST_TOLD])
        if len(own) > _MOST_TOLD:
            yield Note(".", f"git ignores {len(own) - _MOST_TOLD} more files of Terraform", "ignored")
        others = sum(not path.endswith((*_TERRAFORM, ".hcl")) for path in self.files)
        if others or self.folders:
            folders = f"{len(self.folders)} folder{'s' if len(self.folders) != 1 else ''}"
            counts = f"{folders} and {others} file{'s' if others != 1 else ''} that may be templates"
            yield Note(".", f"git ignores {counts}: not looked at (--include, --no-respect-gitignore)", "left-out")

    def _is(self, rules: _Rules, path: str, name: str, is_folder: bool) -> bool:
        if not rules.matched and not _matches(rules, path, name, is_folder):
            return False
        return not self._tree.is_tracked(rules.top, _within(path, rules.top))

    def _of(self, folder: str, listing: Listing | None = None) -> _Rules:
        known = self._rules.get(folder)
        if known is not None:
            return known
        for path in _downward(folder):
            if path not in self._rules:
                self._rules[path] = self._made(path, listing if path == folder else None)
        return self._rules[folder]

    def _begun(self, folder: str, above: _Rules) -> _Rules:
        """What holds in a folder for those above it, without its own patterns."""
        name = split(folder)[1]
        if above.free or name in GENERATED:
            return above if above.free else _free(above.top)
        if not above.matched and not _matches(above, folder, name, is_folder=True):
            return above
        ignored = above.ignored or not self._tree.is_tracked(above.top, _within(folder, above.top))
        return _Rules(above.chain, above.top, matched=True, ignored=ignored)

    def _made(self, folder: str, listing: Listing | None) -> _Rules:
        rules = self._entered.pop(folder, None)
        if rules is None:
            rules = _Rules(_Chain()) if folder == "." else self._begun(folder, self._rules[split(folder)[0]])
        if rules.ignored or rules.free:
            return rules
        names, below = listing if listing is not None else self._listed(folder)
        links, top = rules.chain.links, rules.top
        if ".git" in below or ".git" in names:
            patterns = self._patterns(folder, ".git/info/exclude", self._tree.disk.excludes(folder))
            links, top = _link(folder, patterns), folder
        if _NAME in names:
            links = _link(folder, self._read(folder, MOST_STEPS - sum(patterns.steps for _, patterns in links))) + links
        if links is rules.chain.links and top == rules.top:
            return rules
        return _Rules(_Chain(links), top, rules.matched, rules.ignored)

    def _listed(self, folder: str) -> Listing:
        try:
            return self._tree.listed(folder)
        except OSError:
            return [], []

    def _read(self, folder: str, steps: int) -> Patterns | None:
        """The patterns that stand in a folder. Like git we follow no link there."""
        path = join(folder, _NAME)
        disk = self._tree.disk
        if disk.real(path) != f"{disk.real(folder).rstrip('/')}/{_NAME}":
            return None
        try:
            return self._patterns(folder, _NAME, self._tree.content(path, MOST_BYTES), steps)
        except Unreadable as reason:
            self._tree.notes.append(Note(path, f"it can not be read: {reason}; nothing is left out for it", "limit"))
            return None

    def _patterns(self, folder: str, name: str, content: bytes, steps: int = MOST_STEPS) -> Patterns | None:
        try:
            return Patterns(content, steps)
        except TooMany:
            path = join(folder, name)
            message = "these are too many patterns with wildcards: nothing is left out for this file"
            self._tree.notes.append(Note(path, message, "limit"))
            return None


def _free(top: str) -> _Rules:
    rules = _Rules(_Chain(), top)
    rules.free = True
    return rules


def _fitting(chain: _Chain, head: str, names: list[str]) -> list[str]:
    """The names of those files of a folder that the patterns ignore."""
    seen = chain.seen_from(head)
    if not all(patterns.goes_by_name(folder) for folder, patterns in seen):
        return [name for name in names if _fits(seen, name, is_folder=False)]
    known, found = chain.known, []
    for name in names:
        fits = known.get(name)
        if fits is None:
            fits = known[name] = _fits(seen, name, is_folder=False)
        if fits:
            found.append(name)
    return found


def _matches(rules: _Rules, path: str, name: str, is_folder: bool) -> bool:
    """Whether the patterns say that a path is ignored."""
    return _fits(rules.chain.seen_from(path[: len(path) - len(name)]), name, is_folder) if rules.chain.links else False


def _fits(seen: list[tuple[str, Patterns]], name: str, is_folder: bool) -> bool:
    """Whether the patterns say that a name in a folder is ignored: those of the nearest file first."""
    name = raw(name)
    for head, patterns in seen:
        verdict = patterns.verdict(head, name, is_folder)
        if verdict is not None:
            return verdict
    return False


def _link(folder: str, patterns: Patterns | None) -> tuple[tuple[int, Patterns], ...]:
    start = 0 if folder == "." else len(raw(folder)) + 1
    return ((start, patterns),) if patterns else ()


def _downward(folder: str) -> Sequence[str]:
    """The folders from the project down to one."""
    parts = [] if folder == "." else folder.split("/")
    return [".", *("/".join(parts[:end]) for end in range(1, len(parts) + 1))]


def _within(path: str, top: str) -> str:
    return path if top == "." else path[len(top) + 1 :]
