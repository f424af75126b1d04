"""Whether a rule was judged so completely that a suppression without effect is known to be useless."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dblint.globs import matches
from dblint.scan import inputs
from dblint.scan.evaluation import Evaluation, Looked
from dblint.scan.sieve import Sieve
from dblint.sources.files import Files, Unreadable, split
from dblint.sources.paths import join
from dblint.suppressions.extent import hcl_blocks
from dblint.suppressions.remarks import is_hcl
from dblint.suppressions.suppression import Lines, Paths, Suppression

# A note of these says that something stands in for a module, or is missing for it.
_OF_MODULES = frozenset(("module", "call"))


class Completeness:
    """It answers for a suppression and one of its rules: the rule ran in every scenario, all that uses the file of the
    suppression was looked at, and nothing of that was left open that it may speak of."""

    def __init__(self, evaluation: Evaluation, sieve: Sieve) -> None:
        self._evaluation = evaluation
        self._sieve = sieve
        self._files: Files = sieve.files
        self._called: dict[str, bool] = {}
        self._known: dict[int, bool] = {}

    def __call__(self, suppression: Suppression, rule: str) -> bool:
        if rule not in self._sieve.selection.names:
            return False
        if id(suppression) not in self._known:
            self._known[id(suppression)] = self._is_known(suppression)
        return self._known[id(suppression)]

    def _is_known(self, suppression: Suppression) -> bool:
        cut = any(note.kind == "limit" for note in self._files.notes)
        if not self._sieve.whole or self._evaluation.problems or self._files.named or cut:
            return False
        if suppression.kind == "settings":
            return self._is_below_settings(suppression) and not any(self._noted(suppression))
        noted = frozenset[str]().union(*self._noted(suppression))
        if noted and not (noted <= _OF_MODULES and self._is_of_resource(suppression)):
            return False
        return not self._is_used_elsewhere(suppression.path)

    def _noted(self, suppression: Suppression) -> Iterator[frozenset[str]]:
        """What was not checked in the roots that it may speak of."""
        patterns = [where.patterns for where in suppression.where if isinstance(where, Paths)]
        for looked in self._evaluation.looked.values():
            if suppression.path in looked.files or (patterns and _fits(looked, patterns[0])):
                yield looked.noted

    def _is_of_resource(self, suppression: Suppression) -> bool:
        """Whether it stands at resources alone, which are judged whatever module is missing."""
        if not is_hcl(suppression.path):
            return False
        lines = self._files.read(suppression.path).decode("utf-8-sig", "replace").split("\n")
        resources = [block for block in hcl_blocks(lines) if block.kind == "resource"]
        return all(
            isinstance(where, Lines) and any(b.first <= where.first and where.last <= b.last for b in resources)
            for where in suppression.where
        )

    def _is_below_settings(self, suppression: Suppression) -> bool:
        """Whether all that these settings hold for was looked at."""
        folder = split(suppression.path)[0]
        return (split(folder)[0] if split(folder)[1] == ".config" else folder) in self._files.found

    def _is_used_elsewhere(self, path: str) -> bool:
        """Whether something that was not looked at may use a file, or a module or template that does."""
        if "." in self._files.found and not self._files.exclude:
            return False
        users = {root: looked for root, looked in self._evaluation.looked.items() if path in looked.files}
        if any(looked.source != "terraform" for looked in users.values()):
            return True
        if path.endswith(".tfvars") and not any(root in (".", split(path)[0]) for root in users):
            return True
        folders = {split(file)[0] for looked in users.values() for file in looked.files}
        return any(self._is_called_from_elsewhere(folder) for folder in sorted(folders))

    def _is_called_from_elsewhere(self, folder: str) -> bool:
        if not self._called:
            self._called = dict.fromkeys(self._targets_elsewhere(), True) or {"": True}
        return folder in self._called

    def _targets_elsewhere(self) -> Iterator[str]:
        """The folders of modules that are called from where nobody looked."""
        for folder, names in self._files.around():
            for name in names if folder not in self._files.found else ():
                if inputs.kind(name) == "terraform":
                    yield from self._targets(folder, name)

    def _targets(self, folder: str, name: str) -> Iterator[str]:
        from dblint.sources.terraform.roots import called_sources

        try:
            sources = self._files.fact("calls", join(folder, name), called_sources)
        except Unreadable:
            return
        for source in sources:
            inside = self._files.inside(posixpath.normpath(posixpath.join(folder, source)))
            if inside is not None:
                yield inside


def _fits(looked: Looked, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(matches(file, patterns) for file in looked.files)
