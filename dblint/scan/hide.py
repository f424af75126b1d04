"""What suppressions leave of the findings of a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from dblint.finding import Finding
from dblint.judge import BROKEN
from dblint.model import Note
from dblint.records import replace
from dblint.result import Suppressed
from dblint.scan.evaluate import Evaluation
from dblint.scan.sieve import Sieve, Sifted
from dblint.settle import merge, order
from dblint.sources.files import Files, Unreadable

# What every file holds that speaks to dblint, in small letters, or to another tool whose words are obeyed.
_OURS = b"dblint"
_OTHERS = (
    rb"checkov|bridgecrew:|(?:trivy|tfsec|cfsec):ignore|kics-scan|tflint-ignore"
    rb"|cfn-lint|cfn_nag|cdk_nag|SuppressedRules"
)


@lru_cache(maxsize=1)
def _others() -> re.Pattern[bytes]:
    return re.compile(_OTHERS)


def unsuppressed(findings: list[Finding], evaluation: Evaluation, sieve: Sieve, sifted: Sifted) -> list[Finding]:
    """What no comment, no Metadata and no table of the settings hides."""
    settings = sieve.settings
    speaking = _speaking(evaluation, sieve.files, others=settings.honour != ())
    if not speaking and not settings.ignores:
        return findings
    from dblint.scan.completeness import Completeness
    from dblint.suppressions.apply import Law, apply
    from dblint.suppressions.collect import collect
    from dblint.suppressions.kinds import TOOLS
    from dblint.suppressions.suppression import of_settings

    given = [of_settings(ignore) for ignore in settings.ignores]
    for item in collect(speaking, findings, TOOLS if settings.honour is None else settings.honour):
        if isinstance(item, Note):
            sifted.warnings.append(item)
        else:
            given.append(item)
    law = Law(
        rules=sieve.rules,
        today=sieve.today(),
        immune=frozenset(name for name, own in settings.rules.items() if not own.ignorable),
        require_reason=settings.require_reason,
        longest_days=settings.longest_days,
        may_be_unused=Completeness(evaluation, sieve),
    )
    applied = apply(findings, given, law)
    sifted.warnings += applied.warnings
    sifted.suppressed = _merged(item for item in applied.suppressed if item.finding.outcome == BROKEN)
    return applied.kept


def _merged(items: Iterable[Suppressed]) -> list[Suppressed]:
    """What one suppression hides of one finding in several roots, together."""
    same: dict[tuple[str, str, int | None, str], list[Suppressed]] = {}
    for item in items:
        same.setdefault((item.finding.fingerprint, item.path, item.line, item.tool), []).append(item)
    found = [replace(group[0], finding=merge(item.finding for item in group)[0]) for group in same.values()]
    return sorted(found, key=lambda item: order(item.finding))


def _speaking(evaluation: Evaluation, files: Files, others: bool) -> Mapping[str, bytes]:
    """The files that were read and speak to a linter, with their texts."""
    kind, test = ("speaks to a linter", _speaks_to_any) if others else ("speaks to dblint", _speaks_to_us)
    speaking = {}
    for path in sorted(evaluation.files):
        if _speaks(path, files, kind, test):
            speaking[path] = files.read(path)
        else:
            files.forget(path)
    return speaking


def _speaks(path: str, files: Files, kind: str, test: Callable[[bytes], bool]) -> bool:
    """Whether a file that was read speaks to a linter; none of an installed module does, whose comments are not ours to
    obey."""
    if ".terraform/" in path and "/.terraform/" in f"/{path}":
        return False
    try:
        return bool(files.fact(kind, path, test))
    except Unreadable:
        return False  # whoever needed the file has said so


def _speaks_to_us(content: bytes) -> bool:
    return _OURS in content.lower()


def _speaks_to_any(content: bytes) -> bool:
    return _speaks_to_us(content) or _others().search(content) is not None
