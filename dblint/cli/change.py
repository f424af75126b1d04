"""From `--diff-base` and `--staged` to the two revisions that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dblint.cli.paths import relative
from dblint.cli.refusal import usage_error
from dblint.model import Problem
from dblint.settings.values import SettingsError
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.scan.change.begin import Change


def change_of(files: Files, options: Mapping[str, Any]) -> tuple[Files, Change | None]:
    """The files of the run, with nothing taken yet, and the change to look at. Raises SettingsError where git can not
    tell, and UsageError where the options contradict each other."""
    base: str = options.get("diff_base") or ""
    staged: bool = options.get("staged", False)
    if not (base or staged):
        return files, None
    if (base and staged) or options.get("stdin_filename"):
        raise usage_error("--diff-base, --staged and standard input exclude each other")
    from dblint.scan.change import begin
    from dblint.scan.change.git import GitError

    try:
        return begin.staged(files) if staged else (files, begin.since(files, base))
    except GitError as error:
        where = "--staged" if staged else f"--diff-base {base}"
        raise SettingsError(Problem(where, str(error), hint=error.hint)) from None


def take_before(change: Change, files: Files, paths: Sequence[str]) -> None:
    """Takes what was named for the run in the earlier revision, too."""
    from dblint.scan.change.begin import take

    change.base.exclude, change.base.include = files.exclude, files.include
    if files.ignored:
        change.base.ignored = type(files.ignored)(change.base)
    take(change.base, files, [relative(path, files) for path in paths])
