"""CloudFormation as a source: templates in YAML and JSON, and what is built on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dblint.model import Problem
from dblint.sources.base import Root, Wishes
from dblint.sources.cloudformation.detect import candidates, relatives, says_the_same
from dblint.sources.cloudformation.resource_types import SOURCE
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.sources.cloudformation.library import Library


class CloudFormation:
    """Implements Source. Who asks again for the same files gets what was read before."""

    name = SOURCE

    def __init__(self) -> None:
        self._library: Library | None = None

    def roots(self, files: Files, wishes: Wishes, problems: list[Problem]) -> list[Root]:
        found = list(candidates(files, files.all(), problems))
        around = relatives(files, found)
        # Reading YAML is not needed where nothing speaks of a database, or may deploy one.
        speaking = any(candidate.counts_alone or candidate.stacks for candidate in (*found, *around))
        if not speaking and not wishes.parameter_files:
            return []
        from dblint.sources.cloudformation.library import Library
        from dblint.sources.cloudformation.roots import roots_of

        if self._library is None or self._library.files is not files:
            self._library = Library(files)
        return roots_of(self._library, found, around, wishes, problems)

    def again(
        self, files: Files, wishes: Wishes, problems: list[Problem], roots: Sequence[str], changed: Mapping[str, str]
    ) -> Callable[[str], Root] | None:
        """Other files may have to do with those that are no roots."""
        known = set(roots)
        if not all(path in known and says_the_same(files, path, digest) for path, digest in changed.items()):
            return None
        from dblint.sources.cloudformation.library import Library
        from dblint.sources.cloudformation.roots import by_itself

        return by_itself(Library(files), wishes)
