"""Loads rules: ours, and directories that the person who runs dblint names, in the same way.

A pack is a plain folder of `<service>/<defect>.py` and `.md` files. Each file is executed as a module of its own;
`sys.path` is not touched, so a pack can neither shadow a module nor import its neighbours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType

from dblint.cache import bytecode
from dblint.rule_definition import Rule, RuleError
from dblint.stopwatch import timed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_GROUP = "dblint.packs"
_HERE = os.path.dirname(os.path.realpath(__file__))


class PackError(Exception):
    """A file of a pack that is no rule; the message names it and says what was expected."""


def own() -> Path:
    """The folder of our own rules, as `own_folder` gives it."""
    from pathlib import Path

    return Path(own_folder())


def own_folder() -> str:
    """The folder of our own rules: inside of the package where it was installed, beside it in a checkout.

    Raises PackError where neither is there. A folder called `rules` beside another project's package is not ours.
    """
    checkout = os.path.dirname(_HERE)
    for folder, is_ours in ((_HERE, True), (checkout, _is_ours(os.path.join(checkout, "pyproject.toml")))):
        if is_ours and os.path.isdir(os.path.join(folder, "rules")):
            return os.path.join(folder, "rules")
    raise PackError("the rules of dblint are missing: install it again")


def _is_ours(pyproject: str) -> bool:
    try:
        with open(pyproject, encoding="utf-8") as file:
            return 'name = "dblint"' in file.read()
    except OSError:
        return False


def installed(names: Iterable[str]) -> list[str]:
    """The folders of rules that installed distributions bring: those of the entry point group `dblint.packs`, each of
    which names a package whose folder is a pack. The package itself is not imported. Raises PackError."""
    return [folder for name in names for folder in _folders_of(name)]


def _folders_of(name: str) -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, distribution
    from importlib.util import find_spec

    try:
        points = [point for point in distribution(name).entry_points if point.group == _GROUP]
    except (PackageNotFoundError, ValueError):
        raise PackError(f"the pack {name} is not installed: the settings name it in packs") from None
    if not points:
        raise PackError(f"{name} is no pack: it has no entry point of the group {_GROUP}")
    for point in points:
        spec = find_spec(point.value)
        if spec is None or not spec.submodule_search_locations:
            raise PackError(f"the pack {name} names {point.value}, which is no installed package")
        yield next(iter(spec.submodule_search_locations))


@timed("rules")
def load(folders: Iterable[Path | str]) -> list[Rule]:
    """All rules of the folders, in the order of their names. Raises PackError."""
    rules: dict[str, Rule] = {}
    for folder in map(str, folders):
        if not os.path.isdir(folder):
            raise PackError(f"{folder}: no such folder of rules")
        for rule in _load(folder):
            if rule.id in rules:
                raise PackError(f"{rule.path}: the rule {rule.id} is already defined in {rules[rule.id].path}")
            rules[rule.id] = rule
    return [rules[id] for id in sorted(rules)]


def _load(folder: str) -> Iterator[Rule]:
    ours = folder == own_folder()
    found = sorted(_files(folder))
    known = bytecode.known(folder, found) if ours else {}
    codes: dict[str, CodeType] = {}
    with _bytecode(ours):
        for path, _, _ in found:
            loader = _Loader(f"dblint-rule:{path}", os.path.join(folder, path))
            loader.known = known.get(path)
            yield _rule_of(loader, name_of(path))
            codes[path] = loader.used
    if ours and codes.keys() != known.keys():
        bytecode.keep(folder, found, codes)


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    """The files of a pack, with their sizes and times: their paths within it."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(os.path.join(folder, below)) as entries:
            for entry in entries:
                path = f"{below}{entry.name}"
                if entry.is_dir():
                    waiting.append(f"{path}/")
                elif path.endswith(".py") and not entry.name.startswith("_"):
                    status = entry.stat()
                    yield path, status.st_size, status.st_mtime_ns


class _Loader(SourceFileLoader):
    """Takes the code of a file from where it is `known`; `used` is the code that it took."""

    known: CodeType | None = None
    used: CodeType

    def get_code(self, fullname: str) -> CodeType:
        code = self.known or super().get_code(fullname)
        assert code is not None  # of a file that is there
        self.used = code
        return code


def name_of(path: str) -> str:
    """The name of the rule at a path inside of its pack: rds/single_az.py is rds-single-az."""
    return path.removesuffix(".py").replace("/", "-").replace("_", "-")


@contextmanager
def _bytecode(write: bool) -> Iterator[None]:
    """Bytecode is written for our own rules alone: loading another pack leaves no trace in it."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = before or not write
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _rule_of(loader: _Loader, id: str) -> Rule:
    module = ModuleType(loader.name)
    module.__file__ = file = loader.path
    try:
        loader.exec_module(module)
    except RuleError as error:
        raise PackError(f"{file}: {error}") from None
    except Exception as error:
        raise PackError(f"{file}: {type(error).__name__}: {error}") from error
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    if len(found) != 1:
        raise PackError(f"{file}: expected one rule, found {len(found)}")
    return found[0].named(id, file)
