"""What a rule is: a predicate on a view, true where the defect is, and what is said of it."""

from __future__ import annotations

import os
import types
from collections.abc import Callable, Mapping

from dblint.records import dataclass, field, replace
from dblint.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

SEVERITIES = ("critical", "high", "medium", "low")
CRITICAL, HIGH, MEDIUM, LOW = SEVERITIES
FIRST_RULESET = "2026.1"
# What a rule takes for granted: known to be bad; good practice and cost; what may be bad.
PROFILES = ("default", "strict", "audit")
CATEGORIES = (
    "encryption",
    "exposure",
    "availability",
    "recovery",
    "validity",
    "lifecycle",
    "operations",
    "capacity",
    "fitness",
)


def foreign_docs(id: str) -> str:
    """Where cfn-lint explains a rule of its own, by our name for it."""
    return f"https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md#{id.removeprefix('cfn-lint-')}"


class RuleError(Exception):
    """A rule that can not be loaded; the message says what was expected."""


class Set:
    """A fix: these properties with these values; nested objects as dicts, which are merged into what is there."""

    __slots__ = ("properties",)

    def __init__(self, **properties: Any) -> None:
        self.properties = properties


class Unset:
    """A fix: these properties removed."""

    __slots__ = ("names",)

    def __init__(self, *names: str) -> None:
        self.names = names


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """`check` is the predicate; `subjects` the views that it judges; `id` comes from `path`, which
    it was loaded from. `options` are the
    keyword arguments of the predicate, which `[rules.<id>]` of the settings may set. `profile` is the first one that
    the rule is in. `about` are the properties that a finding may be about: what the fix changes, or what the rule
    names; without any it is about the resource as a whole. `since` is the set of default rules that it came with,
    `tool` who judges it."""

    check: Callable[..., bool]
    subjects: tuple[type[View], ...]
    severity: str
    category: str
    message: str
    fix: tuple[Set | Unset, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    profile: str = "default"
    about: tuple[str, ...] = ()
    since: str = FIRST_RULESET
    id: str = ""
    path: str = ""
    tool: str = "dblint"

    @property
    def file(self) -> Path:
        """The Python that it was loaded from."""
        from pathlib import Path

        return Path(self.path)

    @property
    def page(self) -> str:
        """The Markdown beside the rule: its path."""
        return f"{self.path.removesuffix('.py')}.md"

    @property
    def service(self) -> str:
        """The folder that it lies in: rules/rds/single_az.py is of rds."""
        return os.path.basename(os.path.dirname(self.path)).replace("_", "-")

    @property
    def docs(self) -> str:
        """Where it is explained: the command that shows its page; of another tool's rule, the tool's own page."""
        return f"dblint explain {self.id}" if self.tool == "dblint" else foreign_docs(self.id)

    def named(self, id: str, path: str) -> Rule:
        """The same rule, known by the path that it was loaded from."""
        return replace(self, id=id, path=path)


def rule(
    *,
    severity: str,
    category: str,
    fix: Set | Unset | tuple[Set | Unset, ...] = (),
    about: str | tuple[str, ...] = (),
    profile: str = "default",
    since: str = FIRST_RULESET,
) -> Callable[[Callable[..., bool]], Rule]:
    """Makes a rule of a predicate. Its annotation chooses the subject, its docstring is the message, its keyword
    arguments are options. A rule `since` a set after the current one is in preview. Raises RuleError where one of
    these is missing."""

    def made(check: Callable[..., bool]) -> Rule:
        known = (("severity", severity, SEVERITIES), ("category", category, CATEGORIES), ("profile", profile, PROFILES))
        for name, value, values in known:
            if value not in values:
                raise RuleError(f"{check.__name__}: expected a {name} of {', '.join(values)}, found {value}")
        changes = fix if isinstance(fix, tuple) else (fix,)
        names = (about,) if isinstance(about, str) else about or tuple(name for c in changes for name in _changed(c))
        return Rule(
            check=check,
            subjects=_subjects(check),
            severity=severity,
            category=category,
            message=_message(check),
            fix=changes,
            options=_options(check),
            profile=profile,
            about=names,
            since=since,
        )

    return made


def _changed(change: Set | Unset) -> tuple[str, ...]:
    return tuple(change.properties) if isinstance(change, Set) else change.names


def _message(check: Callable[..., bool]) -> str:
    message = (check.__doc__ or "").strip()
    if not message or "\n" in message:
        raise RuleError(f"{check.__name__}: expected a docstring of one line, which is the message")
    return message


def _subjects(check: Callable[..., bool]) -> tuple[type[View], ...]:
    code = check.__code__
    annotation = check.__annotations__.get(code.co_varnames[0]) if code.co_argcount == 1 else None
    subjects = annotation.__args__ if isinstance(annotation, types.UnionType) else (annotation,)
    if not all(isinstance(subject, type) and issubclass(subject, View) for subject in subjects):
        raise RuleError(f"{check.__name__}: expected one positional parameter, annotated with a view of dblint.aws")
    return subjects


def _options(check: Callable[..., bool]) -> dict[str, Any]:
    return dict(check.__kwdefaults__ or {})
