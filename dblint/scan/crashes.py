"""What is said of rules that raised something of their own."""

from __future__ import annotations

import os
import traceback

from dblint.judge import RuleCrashed
from dblint.model import Problem
from dblint.packs import own
from dblint.scan.evaluation import REPORT, Evaluation

_AUTHOR = "tell the author of the rule; its other findings may be missing"


def tell(done: Evaluation) -> None:
    """Adds a problem and a traceback for each rule that crashed."""
    for _, crashes in sorted(done.crashes.items()):
        done.problems.append(_problem(crashes))
        done.tracebacks.append("".join(traceback.format_exception(crashes[0])))


def _problem(crashes: list[RuleCrashed]) -> Problem:
    """The rule, its file, and the first resource."""
    crash = crashes[0]
    cause = crash.__cause__ or crash
    file = crash.rule.file
    frames = traceback.extract_tb(cause.__traceback__)
    lines = [frame.lineno for frame in frames if os.path.abspath(frame.filename) == os.path.abspath(file)]
    place = f"{file.parent.name}/{file.name}" + (f":{lines[-1]}" if lines else "")
    more = len({c.resource.address for c in crashes}) - 1
    others = f" and {more} more" if more else ""
    message = (
        f"rule {crash.rule.id} ({place}) crashed on {crash.resource.address}{others}: {type(cause).__name__}: {cause}"
    )
    location = crash.resource.location
    in_rule = bool(frames) and os.path.abspath(frames[-1].filename) == os.path.abspath(file)
    hint = _AUTHOR if in_rule and not file.is_relative_to(own()) else REPORT
    return Problem(location.file, message, location.line, hint=hint)
