"""The templates of one run: each is read once, and what is wrong in it is said once."""

from __future__ import annotations

from dblint.model import Problem
from dblint.sources.cloudformation.faults import Fault, ReadError
from dblint.sources.cloudformation.reader import decode, read
from dblint.sources.cloudformation.template import Template, template_of
from dblint.sources.cloudformation.usage import Usage
from dblint.sources.files import Files, Unreadable

# CloudFormation takes at most 1 MB.
MOST_BYTES = 2 * 1024 * 1024


class Library:
    """Reads templates by their path. `problems` of a path are known once it was asked for. `usages`: how templates use
    their parameters, with what is nested in them, as far as that was worked out."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._templates: dict[str, tuple[Template, ...]] = {}
        self._problems: dict[str, list[Problem]] = {}
        self.usages: dict[Template, Usage] = {}

    def templates(self, path: str) -> tuple[Template, ...]:
        """The templates of a file; empty where it holds none, or can not be read."""
        if path not in self._templates:
            self._templates[path] = ()
            self._problems[path] = []
            try:
                self._templates[path] = self._read(path)
            except ReadError as error:
                self._problems[path].append(problem_of(path, error))
            except Unreadable as error:
                self._problems[path].append(Problem(path, str(error)))
        return self._templates[path]

    def forget(self, path: str) -> None:
        """Gives back the memory of a file; it is read again if somebody asks."""
        for template in self._templates.pop(path, ()):
            self.usages.pop(template, None)
        self._problems.pop(path, None)
        self.files.forget(path)

    def problems(self, path: str) -> list[Problem]:
        """What is wrong with a file that was asked for."""
        return self._problems.get(path, [])

    def _read(self, path: str) -> tuple[Template, ...]:
        content = self.files.read(path)
        if len(content) > MOST_BYTES:
            raise ReadError(f"it has {len(content):,} bytes; a template has at most {MOST_BYTES:,}")
        documents, faults = read(decode(content))
        found = [template_of(path, document) for document in documents]
        templates = tuple(template for template in found if template)
        if templates:
            self._problems[path] += [_fault(path, fault) for fault in faults]
        return templates


def problem_of(path: str, error: ReadError, wanted: str = "a CloudFormation template in YAML or JSON") -> Problem:
    """An error of the reader as the person reads it."""
    return Problem(path, error.message, error.line, error.column, f"expected {wanted}")


def _fault(path: str, fault: Fault) -> Problem:
    return Problem(path, fault.message, fault.line, fault.column, "CloudFormation refuses such a template: correct it")
