"""Comments of other tools, which hide findings of our rules that have an equivalent there.

Their syntax: "Suppressing and Skipping Policies" of Checkov, "Ignoring Checks" of tfsec (which Trivy took over),
"Running KICS" of KICS, "Annotations" of TFLint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dblint.equivalents import Equivalents
from dblint.patterns import pattern
from dblint.records import dataclass
from dblint.suppressions.directive import day
from dblint.suppressions.positions import File
from dblint.suppressions.suppression import PLACE, Lines, Suppression, Where

EVERYTHING = "*"

_CHECKOV = pattern(r"(?:checkov|bridgecrew):skip=(?P<ids>[\w,-]+)(?::(?P<reason>.*))?")
_TRIVY = pattern(
    r"(?:trivy|tfsec|cfsec):ignore:(?P<id>[\w*-]+)(?P<narrowed>\[)?(?P<more>(?::(?:exp|ws):[\w.*-]+)*):?(?P<reason>.*)"
)
_KICS = pattern(r"kics-scan\s+(?P<verb>ignore-block|ignore-line|ignore|disable)\b(?:=(?P<ids>[\w,-]+))?")
_TFLINT = pattern(r"tflint-ignore(?P<file>-file)?:\s*(?P<ids>\w+(?:\s*,\s*\w+)*)(?P<reason>.*)")


@dataclass(frozen=True, slots=True)
class Said:
    """What a comment or a mapping of another tool says."""

    tool: str
    ids: tuple[str, ...]
    where: tuple[Where, ...]
    reason: str = ""
    until: str = ""
    scenario: str = ""


class Honoured:
    """The tools whose words are obeyed, with our rules by their ids."""

    def __init__(self, tools: Iterable[str], equivalents: Equivalents) -> None:
        self.tools = frozenset(tools)
        self._rules: dict[str, dict[str, set[str]]] = {tool: {} for tool in self.tools}
        for rule, theirs in equivalents.items():
            for tool in self.tools & theirs.keys():
                for id in theirs[tool]:
                    self._rules[tool].setdefault(_plain(id), set()).add(rule)

    def rules(self, tool: str, ids: Iterable[str]) -> tuple[str, ...]:
        """Our rules that are equivalent to ids of a tool. cfn-lint's ids may be cut off: "E3" means all that begin
        so."""
        known = self._rules[tool]
        found: set[str] = set()
        for id in map(_plain, ids):
            exact = known.get(id, set())
            cut = (rules for full, rules in known.items() if tool == "cfn-lint" and full.startswith(id))
            every = known.values() if id == EVERYTHING else ()
            found = found.union(exact, *cut, *every)
        return tuple(sorted(found))


def _plain(id: str) -> str:
    """An id without what differs between the versions of a tool."""
    return id.lower().removeprefix("avd-")


def in_comments(file: File, honoured: Honoured) -> Iterator[Suppression]:
    """What comments of other tools hide in a file."""
    for remark in file.remarks:
        for said in _said(file, remark.line, remark.alone, remark.text):
            if said.tool in honoured.tools:
                yield from suppression(file.path, remark.line, said, honoured, "comment")


def suppression(path: str, line: int, said: Said, honoured: Honoured, kind: str) -> Iterator[Suppression]:
    """What is said as a suppression of our rules; nothing where none of them has such an equivalent."""
    rules = honoured.rules(said.tool, said.ids)
    last = day(said.until) if said.until else None
    if rules and said.where and (last is not None or not said.until):
        scenarios = (said.scenario,) if said.scenario else ()
        yield Suppression(
            kind, path, line, rules, said.where, said.reason, scenarios=scenarios, until=last, tool=said.tool
        )


def _said(file: File, line: int, alone: bool, text: str) -> Iterator[Said]:
    if found := _CHECKOV.search(text):
        yield Said("checkov", tuple(found["ids"].split(",")), file.around(line), (found["reason"] or "").strip())
    for part in re.split(r"(?=(?:trivy|tfsec|cfsec):ignore:)", text):
        if found := _TRIVY.match(part):
            yield from _trivy(found, file.next(line) if alone else file.line(line))
    if found := _KICS.search(text):
        yield from _kics(file, line, found)
    if found := _TFLINT.search(text):
        yield from _tflint(file, line, alone, found)


def _trivy(found: re.Match[str], where: tuple[Where, ...]) -> Iterator[Said]:
    """Nothing of what is narrowed by brackets, which name values that only the other tool knows."""
    if not found["narrowed"]:
        more = dict(re.findall(r":(exp|ws):([\w.*-]+)", found["more"]))
        yield Said("trivy", (found["id"],), where, found["reason"].strip(), more.get("exp", ""), more.get("ws", ""))


def _kics(file: File, line: int, found: re.Match[str]) -> Iterator[Said]:
    """`ignore-line` and `ignore-block` mean every query; `ignore` and `disable` hold for a file, in its head."""
    verb, ids = found["verb"], tuple((found["ids"] or "").split(",")) if found["ids"] else ()
    if verb == "ignore-line":
        yield Said("kics", (EVERYTHING,), (Lines(file.path, line + 1, line + 1, PLACE),))
    elif verb == "ignore-block":
        yield Said("kics", (EVERYTHING,), file.next(line))
    elif file.is_in_head(line) and (ids if verb == "disable" else not ids):
        yield Said("kics", ids or (EVERYTHING,), file.whole())


def _tflint(file: File, line: int, alone: bool, found: re.Match[str]) -> Iterator[Said]:
    ids = tuple(EVERYTHING if id == "all" else id for id in re.split(r"\s*,\s*", found["ids"]))
    reason = found["reason"].strip(" #/")
    if found["file"]:
        yield Said("tflint", ids, file.whole() if file.is_in_head(line) else (), reason)
    else:
        number = line + 1 if alone else line
        yield Said("tflint", ids, (Lines(file.path, number, number, PLACE),), reason)
