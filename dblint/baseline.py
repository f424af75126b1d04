"""The baseline: findings that are known, and wait for their time. A file of JSON, sorted, with an entry on each line,
so that two branches that change it seldom clash; and where they do, both sides can be kept as they are: every line
ends alike, since an empty entry is the last one."""

from __future__ import annotations

import datetime
import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dblint.finding import Finding
from dblint.records import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAME = "dblint-baseline.json"
MOST_BYTES = 64 * 1024 * 1024
_VERSION = 1
_HEAD = f'{{"version": {_VERSION}, "findings": ['


class BaselineError(Exception):
    """A file that is no baseline; the message says what was expected, and `line` where."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding. `root`: the root that has it, or the folder that all of them lie in. `first_seen` is the day
    (YYYY-MM-DD) on which it was written down; `reason` is for people."""

    fingerprint: str
    rule: str
    root: str
    address: str
    first_seen: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries by their fingerprint, and the path of the file, relative to the project."""

    path: str
    entries: Mapping[str, Entry]


def read(content: bytes, path: str) -> Baseline:
    """The baseline that a file holds. Raises BaselineError."""
    try:
        table = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BaselineError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        if b"\n<<<<<<< " in content:
            raise BaselineError("a merge left its marks in it: keep the lines of both sides", error.lineno) from None
        raise BaselineError(f"it is not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise BaselineError("it is nested too deeply") from None
    if not isinstance(table, dict) or table.get("version") != _VERSION or not isinstance(table.get("findings"), list):
        raise BaselineError(f'expected {{"version": {_VERSION}, "findings": [...]}}: dblint baseline write makes it')
    entries = [_entry(item, number) for number, item in enumerate(table["findings"], 1) if item != {}]
    return Baseline(path, {entry.fingerprint: entry for entry in entries})


def _entry(item: Any, number: int) -> Entry:
    fields = ("fingerprint", "rule", "root", "address", "first-seen")
    if not isinstance(item, dict) or not all(isinstance(item.get(name), str) for name in fields):
        raise BaselineError(f"entry {number}: expected texts for {', '.join(fields)}")
    reason = item.get("reason", "")
    fingerprint, rule, root, address, first_seen = (item[name] for name in fields)
    return Entry(fingerprint, rule, root, address, first_seen, reason if isinstance(reason, str) else "")


def text_of(entries: Iterable[Entry]) -> str:
    """The file: a line for each entry, sorted by rule, root and address."""
    ordered = sorted(set(entries), key=lambda e: (e.rule, e.root, e.address, e.fingerprint))
    lines = "".join(f"{json.dumps(as_table(entry), ensure_ascii=False)},\n" for entry in ordered)
    return f"{_HEAD}\n{lines}{{}}]}}\n"


def as_table(entry: Entry) -> dict[str, str]:
    """An entry as it is written."""
    written = {
        "fingerprint": entry.fingerprint,
        "rule": entry.rule,
        "root": entry.root,
        "address": entry.address,
        "first-seen": entry.first_seen,
    }
    return {**written, "reason": entry.reason} if entry.reason else written


def updated(
    known: Iterable[Entry], findings: Sequence[Finding], gone: Iterable[Entry], today: datetime.date, reason: str = ""
) -> Iterator[Entry]:
    """The entries that there are now: those of the findings, which keep their day and their reason, and those of what
    was not looked at. `gone` are no more; `reason` is given to those that are new."""
    before = {entry.fingerprint: entry for entry in known}
    for entry in gone:
        before.pop(entry.fingerprint, None)
    for finding in findings:
        root = _home(finding.roots or (finding.root,))
        entry = Entry(finding.fingerprint, finding.rule.id, root, finding.address, today.isoformat(), reason)
        old = before.get(finding.fingerprint)
        kept = replace(entry, first_seen=old.first_seen, reason=old.reason) if old else entry
        before[finding.fingerprint] = kept
    yield from before.values()


def _home(roots: Sequence[str]) -> str:
    """The one root, or the folder that several lie in: who looks at all of it can tell that a finding is gone."""
    if len(roots) == 1:
        return roots[0]
    return (posixpath.commonpath(roots) if "." not in roots else "") or "."
