"""Which templates deploy which others as nested stacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dblint.sources.cloudformation.library import Library
from dblint.sources.cloudformation.nested import child_path, is_stack
from dblint.sources.cloudformation.template import Template, declares


class Family:
    """Parents and children among the templates of a project, by their paths. `parents` are the paths of files that
    have nested stacks; what they deploy is read when it is asked for."""

    def __init__(self, library: Library, parents: Iterable[str]) -> None:
        self._library = library
        self.parents = list(parents)
        self._children: dict[str, set[str]] = {}

    def children(self, path: str) -> set[str]:
        """What the templates of a file deploy, but themselves."""
        if path not in self._children:
            stacks = (
                (template, body)
                for template in self._library.templates(path)
                for _, _, body in template.section("Resources")
                if is_stack(body)
            )
            found = (child_path(self._library, template, body) for template, body in stacks)
            self._children[path] = {child for child in found if child and child != path}
        return self._children[path]

    def reached(self, paths: Iterable[str]) -> set[str]:
        """The files and all that they deploy, at any depth."""
        reached: set[str] = set()
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            if path not in reached:
                reached.add(path)
                waiting += self.children(path)
        return reached

    def declares(self, path: str, types: Collection[str]) -> bool:
        """Whether a file, or what it deploys, declares a resource of one of the types."""
        return any(declares(t, types) for each in self.reached([path]) for t in self._library.templates(each))

    def holding(self, types: Collection[str], paths: Iterable[str]) -> list[Template]:
        """The templates of the files, and of all that is nested somewhere, that declare one of the types."""
        every = dict.fromkeys([*paths, *sorted(self.reached(self.parents))])
        return [t for path in every for t in self._library.templates(path) if declares(t, types)]

    def tops(self, kept: list[Template]) -> list[Template]:
        """The kept templates and their parents, without those that are deployed by others; of those that deploy each
        other, the first."""
        wanted = {template.path for template in kept}
        above = [path for path in self.parents if path not in wanted and wanted & self.reached([path])]
        every = [*kept, *(template for path in above for template in self._library.templates(path))]
        nested = set().union(*(self.children(template.path) for template in every))
        tops = [template for template in every if template.path not in nested]
        reached = self.reached(template.path for template in tops)
        for template in every:
            if template.path not in reached:
                tops.append(template)
                reached |= self.reached([template.path])
        return sorted(tops, key=lambda template: template.path)
