"""Several JSON reports as one: those of the shards of one run, or of several repositories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dblint.rule_definition import SEVERITIES
from dblint.selectors import is_foreign

Document = dict[str, Any]

_FINDINGS = ("findings", "suppressed", "baselined", "unchanged", "fixed")
_LISTS = ("stale", "errors", "warnings")
_COVERAGE = ("unparsed", "unresolved_modules", "unknown_values", "undetermined", "notes")


class NotAReport(Exception):
    """A document that is no JSON report of this version; the message says what was expected."""


def merged(reports: Sequence[tuple[str, Document]]) -> Document:
    """One document of many. Each stands below its name, where it has one: a finding of one repository is none of
    another. Findings of equal fingerprints are one, told as the first of them. Raises NotAReport."""
    documents = [_below(name, _checked(document)) for name, document in reports]
    runs = [document["run"] for document in documents]
    found: Document = {**documents[0], "run": _run(runs)}
    for name in _FINDINGS:
        found[name] = _findings(finding for document in documents for finding in document[name])
    for name in _LISTS:
        found[name] = _distinct(item for document in documents for item in document[name])
    coverage = [document["coverage"] for document in documents]
    found["coverage"] = {name: _distinct(item for one in coverage for item in one[name]) for name in _COVERAGE}
    found["coverage"]["undetermined"] = _findings(item for one in coverage for item in one["undetermined"])
    found["summary"] = _summary(found, documents)
    return found


def _checked(document: Any) -> Document:
    version = document.get("schema_version", "") if isinstance(document, dict) else ""
    if not str(version).startswith("1.") or "run" not in document or "summary" not in document:
        raise NotAReport("expected a JSON report of dblint (-f json=FILE) with schema_version 1.x")
    found: Document = document
    return found


def _run(runs: Sequence[Document]) -> Document:
    codes = {run["exit_code"] for run in runs}
    return {
        **runs[0],
        "roots": sorted({root for run in runs for root in run["roots"]}),
        "scenarios": sorted({name for run in runs for name in run["scenarios"]}),
        "exit_code": max(codes),
        "trusted": all(run["trusted"] for run in runs),
        "shard": None,
    }


def _summary(found: Document, documents: Sequence[Document]) -> Document:
    """Sums; what all shards of one run look at is counted once."""
    summaries = [document["summary"] for document in documents]
    total = {
        name: sum(summary[name] for summary in summaries)
        for name in summaries[0]
        if isinstance(summaries[0][name], int)
    }
    by_severity = Counter(finding["severity"] for finding in found["findings"])
    if all(document["run"].get("shard") for document in documents):
        total["files"] = max(summary["files"] for summary in summaries)
    return {
        **total,
        "findings": len(found["findings"]),
        "by_severity": {name: by_severity[name] for name in SEVERITIES if by_severity[name]},
        "by_tool": dict(Counter("cfn-lint" if is_foreign(f["rule"]) else "dblint" for f in found["findings"])),
        **{name: len(found[name]) for name in ("suppressed", "baselined", "unchanged", "fixed") if name in total},
        "undetermined": len(found["coverage"]["undetermined"]),
    }


def _findings(findings: Iterable[Document]) -> list[Document]:
    same: dict[str, list[Document]] = {}
    for finding in findings:
        same.setdefault(finding["fingerprint"], []).append(finding)
    return sorted((_one(group) for group in same.values()), key=_place)


def _one(findings: Sequence[Document]) -> Document:
    """What several roots find in a module that they share: the instances of the other roots stand behind their
    root."""
    first = findings[0]
    others = [f"{f['root']}: {address}" for f in findings[1:] for address in f["instances"]]
    scenarios = {
        kind: sorted({name for finding in findings for name in finding["scenarios"][kind]})
        for kind in first["scenarios"]
    }
    return {**first, "instances": [*first["instances"], *others], "scenarios": scenarios}


def _place(finding: Document) -> tuple[Any, ...]:
    label = next(label for label in finding["labels"] if label["primary"])
    start = label["start"]
    return label["path"], start["line"], start["column"], finding["rule"], finding["address"], finding["root"]


def _distinct(items: Iterable[Any]) -> list[Any]:
    return list({repr(item): item for item in items}.values())


def _below(name: str, value: Any, key: str = "") -> Any:
    """The value with all paths, roots and fingerprints below a name."""
    if not name:
        return value
    if isinstance(value, Mapping):
        return {inner: _below(name, value[inner], inner) for inner in value}
    if isinstance(value, list):
        return [_below(name, item, key) for item in value]
    if key == "fingerprint":
        return f"{name}:{value}"
    if isinstance(value, str) and key in ("path", "root", "roots", "unparsed", "config"):
        return name if value == "." else f"{name}/{value}"
    return value
