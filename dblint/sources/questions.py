"""What roots ask of the files of a run, and the answers: what is known of a root holds as long as they are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dblint.disk import Unreadable, digest_of
from dblint.sources.paths import join, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from dblint.cache.contents import Contents

# A kind of question ("read", "names", "every name", "folders", "inside", "holds", "searched", "sifted …", "all"), and
# the path that it is about.
Question: TypeAlias = "tuple[str, str]"
# Sieves of files by their names: the endings of what passes, and what its content must be. Whoever has one adds it.
SIEVES: dict[str, tuple[tuple[str, ...], Callable[[bytes], bool]]] = {}
_SIFTED = "sifted "


class Questions:
    """The part of `Files` that notes questions and answers them again. `asked` are the questions since somebody last
    began to note them; `contents` is what earlier runs knew of the files, where anything is kept."""

    found: dict[str, list[str]]

    def __init__(self) -> None:
        self.asked: set[Question] = set()
        self.contents: Contents | None = None
        self._answers: dict[Question, bytes] = {}
        self._sifted: dict[Question, Any] = {}

    def read(self, path: str) -> bytes:
        raise NotImplementedError

    def digest(self, path: str) -> bytes:
        raise NotImplementedError

    def names(self, folder: str, ignored: bool = False) -> list[str]:
        raise NotImplementedError

    def folders(self, folder: str) -> list[str]:
        raise NotImplementedError

    def inside(self, path: str) -> str | None:
        raise NotImplementedError

    def all(self) -> Iterator[str]:
        raise NotImplementedError

    def once(self, memory: dict[Any, Any], key: object, compute: Callable[[], Any]) -> Any:
        """What `compute` gives, computed once for the memory. Whoever gets it has asked what was asked then."""
        if key not in memory:
            outer, self.asked = self.asked, set()
            try:
                memory[key] = compute(), self.asked
            finally:
                self.asked = outer
        value, asked = memory[key]
        self.asked |= asked
        return value

    def answer(self, question: Question) -> bytes:
        """The digest of the answer to a question."""
        kind, path = question
        if question not in self._answers:
            self._answers[question] = self._of_file(path) if kind == "read" else self._of_folder(kind, path)
        return self._answers[question]

    def _of_file(self, path: str) -> bytes:
        try:
            return self.digest(path)
        except Unreadable as reason:
            return digest_of(repr(reason).encode("utf-8", "surrogateescape"))

    def _of_folder(self, kind: str, path: str) -> bytes:
        return digest_of(self._answered(kind, path).encode("utf-8", "surrogateescape"))

    def _answered(self, kind: str, path: str) -> str:
        if kind == "all":
            return "\0".join(self.all())
        if kind == "every name":
            return repr(self.names(path, ignored=True))
        if kind == "holds":
            return repr(self.holds(path))
        if kind == "searched":
            return repr(self.is_searched(path))
        if kind.startswith(_SIFTED):
            return repr(self.sifted(path, kind.removeprefix(_SIFTED)))
        return repr({"names": self.names, "folders": self.folders, "inside": self.inside}[kind](path))

    def holds(self, path: str) -> bool:
        """Whether a file is among the names of its folder. Who asks hangs on no other file there."""
        folder, name = split(path)
        outer, self.asked = self.asked, set()
        try:
            return name in self.names(folder)
        finally:
            self.asked = outer
            self.asked.add(("holds", path))

    def is_searched(self, folder: str) -> bool:
        """Whether a folder was named, or lies below a named one."""
        self.asked.add(("searched", folder))
        return folder in self.found

    def sifted(self, folder: str, sieve: str) -> list[str]:
        """The names of the files in a folder that pass one of `SIEVES`. Who asks hangs on no other file there."""
        question = _SIFTED + sieve, folder
        names: list[str] = self.once(self._sifted, question, lambda: self._passing(folder, sieve))
        self.asked.add(question)
        return names

    def _passing(self, folder: str, sieve: str) -> list[str]:
        outer, self.asked = self.asked, set()  # what is asked on the way is of no concern to who asks for the outcome
        try:
            endings, passes = SIEVES[sieve]
            names = (name for name in self.names(folder) if name.endswith(endings))
            return [name for name in names if self._passes(join(folder, name), sieve, passes)]
        finally:
            self.asked = outer

    def _passes(self, path: str, sieve: str, passes: Callable[[bytes], bool]) -> bool:
        try:
            return bool(self.fact(sieve, path, passes))
        except Unreadable:
            return False

    def fact(self, kind: str, path: str, compute: Callable[[bytes], Any]) -> Any:
        """What `compute` gives of the content of a file: plain values (no tuples), which are known under `kind` from
        earlier runs. Raises Unreadable."""
        if self.contents is None:
            return compute(self.read(path))
        facts = self.contents.facts
        name = _fact(kind, self.digest(path).hex())
        if name not in facts.known:
            facts.learn(name, compute(self.read(path)))
        return facts.known[name]

    def fact_then(self, kind: str, digest: str) -> Any:
        """What is known of content with a digest (in hex); None where nothing is."""
        return self.contents.facts.known.get(_fact(kind, digest)) if self.contents else None


def _fact(kind: str, digest: str) -> str:
    return f"{kind} {digest}"
