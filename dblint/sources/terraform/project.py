"""All modules and texts of a run, each read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dblint.model import Problem
from dblint.sources.files import Files, Unreadable
from dblint.sources.paths import join
from dblint.sources.terraform.module import Module
from dblint.sources.terraform.syntax.text import Allowance, Block, Body, Text, body_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")


class Project:
    """All modules and texts of a run, each read once. `report` takes what can not be read. `modules`: whose code is
    read (see Wishes)."""

    def __init__(self, files: Files, report: Callable[[Problem], None], modules: str = "installed") -> None:
        self.files = files
        self.modules = modules
        self.report = report
        self._texts: dict[str, Any] = {}
        self._modules: dict[str, Any] = {}
        self._bodies: dict[str, Any] = {}
        self.allowance = Allowance()
        self._facts: dict[Any, Any] = {}
        self._paths: dict[str, list[str]] = {}

    def forget(self, folder: str) -> None:
        """Gives back the memory of a module; it is read again if somebody asks."""
        self._modules.pop(folder, None)
        for path in self.paths(folder):
            self._texts.pop(path, None)
            self._bodies.pop(path, None)
            self.files.forget(path)

    def once(self, key: tuple[str, ...], compute: Callable[[], Any]) -> Any:
        """What `compute` gives, computed once in a run."""
        return self.files.once(self._facts, key, compute)

    def text(self, path: str) -> Text | None:
        """A file's text; None and reported where it can not be read."""
        text: Text | None = self.files.once(self._texts, path, lambda: self._read(path))
        return text

    def _read(self, path: str) -> Text | None:
        try:
            content = self.files.read(path)
        except Unreadable as reason:
            self.report(Problem(path, f"it can not be read: {reason}"))
            return None
        try:
            decoded = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.report(Problem(path, "it is not UTF-8", line, hint="save it as UTF-8"))
            return None
        if "\0" in decoded:
            line = decoded.count("\n", 0, decoded.index("\0")) + 1
            self.report(Problem(path, "it holds a NUL character: it is no text", line))
            return None
        return Text(path, decoded, self.report, self.allowance)

    def body(self, path: str) -> Body:
        """A file's body; empty where it can not be read."""
        body: Body = self.files.once(self._bodies, path, lambda: self._body(path))
        return body

    def _body(self, path: str) -> Body:
        text = self.text(path)
        if text is None:
            return Body({}, [])
        if path.endswith(".json"):
            from dblint.sources.terraform.syntax.json_syntax import json_body

            return json_body(text, has_blocks=not path.endswith(".tfvars.json"))
        return body_of(text, nested=False)

    def paths(self, folder: str) -> list[str]:
        """The files that make the module of a folder, overrides last."""
        names = self.files.names(folder)  # asked each time: it counts for whoever asks
        if folder not in self._paths:
            self._paths[folder] = [join(folder, name) for name in module_files(names)]
        return self._paths[folder]

    def module(self, folder: str) -> Module:
        module: Module = self.files.once(self._modules, folder, lambda: self._load(folder))
        return module

    def _load(self, folder: str) -> Module:
        paths = self.paths(folder)
        texts = [text for path in paths if (text := self.text(path)) is not None]
        module = Module(folder, texts)
        overriding: list[Block] = []
        for path in paths:
            blocks = self.body(path).blocks
            if is_override(path.rpartition("/")[2]):
                overriding += blocks
            else:
                for block in blocks:
                    module.declare(block)
        if overriding:
            from dblint.sources.terraform.override import override

            override(module, overriding)
        return module


def module_files(names: Iterable[str]) -> list[str]:
    """The names that belong to a module: a .tofu file replaces the .tf file of its name; overrides stand last."""
    kept = [name for name in names if name.endswith(_SUFFIXES) and not name.startswith(".")]
    if not any(".tofu" in name or "override" in name for name in kept):
        return sorted(kept)
    tofu = {name for name in kept if name.endswith((".tofu", ".tofu.json"))}
    replaced = {name.replace(".tofu", ".tf") for name in tofu}
    return sorted((name for name in kept if name not in replaced), key=lambda name: (is_override(name), name))


def is_override(name: str) -> bool:
    stem = name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")
