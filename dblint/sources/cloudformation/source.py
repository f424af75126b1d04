"""CloudFormation as a source: templates in YAML and JSON, and what is built on them."""

from __future__ import annotations

from dblint.model import Problem
from dblint.sources.base import Root, Wishes
from dblint.sources.cloudformation.detect import candidates, relatives
from dblint.sources.cloudformation.resource_types import SOURCE
from dblint.sources.files import Files


class CloudFormation:
    """Implements Source."""

    name = SOURCE

    def roots(self, files: Files, wishes: Wishes, problems: list[Problem]) -> list[Root]:
        found = list(candidates(files, files.all(), problems))
        around = relatives(files, found)
        if not any(candidate.counts_alone for candidate in (*found, *around)) and not wishes.parameter_files:
            return []
        # Reading YAML is not needed where nothing speaks of a database.
        from dblint.sources.cloudformation.roots import roots_of

        return roots_of(files, found, around, wishes, problems)
