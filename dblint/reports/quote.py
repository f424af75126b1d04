"""Lines of the project's own files, with their secrets masked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dblint.finding import Label
from dblint.model import Location
from dblint.sources.files import Files, Unreadable

MASK = "****"
# Of longer lines nobody reads a part, and looking for secrets in them takes long.
_LONGEST = 2000
_NAME = (
    r"[\w.-]*(?:password|passwd|pwd|secret|token|credentials?|(?:api|access|auth|private|encryption|license)[_-]?key)"
    r"[\w.-]*?(?<!arn)(?<!id)(?<!name)(?<!version)(?<!enabled)(?<!length)"
)


class Quotes:
    """The lines of files that findings speak of. Only files inside of the project are quoted, and none of an
    installed module; no plans, which hold what is marked as sensitive in clear."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._lines: dict[str, list[str]] = {}
        self._written: dict[str, list[str]] = {}
        secret = re.compile(rf"(?P<head>[\"']?\b(?:{_NAME})[\"']?\s*[=:]\s*)(?P<value>[^\s#].*)", re.IGNORECASE)
        assigned = re.compile(r"(?P<head>(?:[=:]|^\s*-)\s+|=|\":)(?P<value>[^\s#].*)")
        self._patterns = (secret, assigned)
        self._login = re.compile(r"(://[^\s:/@\"']+:)[^\s@\"']+(?=@)")

    def line(self, label: Label) -> str | None:
        """The first line of what a label points at, None where it can not be quoted."""
        location = label.location
        lines = self._of(location.file)
        if not 0 < location.line <= len(lines):
            return None
        if len(lines[location.line - 1]) > _LONGEST:
            return None
        line = self._login.sub(rf"\1{MASK}", lines[location.line - 1])
        hcl = location.file.endswith((".tf", ".tofu", ".tfvars"))
        pattern = self._patterns[label.secret]
        return pattern.sub(lambda found: found["head"] + masked(found["value"].rstrip(), hcl), line)

    def span(self, label: Label, quoted: str) -> tuple[int, int]:
        """Where what a label points at begins and ends in its quoted line, in which masks moved what stands behind
        them. What a mask covers a part of is marked with the whole mask."""
        location = label.location
        line = self._written[self._files.inside(location.file) or location.file][location.line - 1]
        end = len(line) if location.end_line > location.line else location.end_column - 1
        if line == quoted:
            return location.column - 1, end
        same = next((i for i, (a, b) in enumerate(zip(line, quoted)) if a != b), min(len(line), len(quoted)))
        most = min(len(line), len(quoted)) - same
        tail = next((i for i in range(most) if line[-1 - i] != quoted[-1 - i]), most)
        shift = len(quoted) - len(line)
        start = location.column - 1
        first = start if start <= same else start + shift if start >= len(line) - tail else same
        last = end if end <= same else end + shift if end >= len(line) - tail else len(quoted) - tail
        return first, last

    def _of(self, path: str) -> list[str]:
        path = self._files.inside(path) or path  # it may be absolute
        if path not in self._lines:
            self._written[path] = self._read(path)
            self._lines[path] = list(self._written[path])
            _conceal(self._lines[path], self._files.concealed.get(path, ()))
        return self._lines[path]

    def _read(self, path: str) -> list[str]:
        if "/.terraform/" in f"/{path}" or self._files.inside(path) is None:
            return []
        try:
            content = self._files.read(path)
        except Unreadable:
            return []
        if path.endswith(".json"):
            from dblint.sources.terraform.plan.document import speaks_of_plan

            if speaks_of_plan(content):
                return []
        text = content.decode("utf-8-sig", "replace")
        return [line.removesuffix("\r") for line in text.split("\n")]


def _conceal(lines: list[str], places: Iterable[Location]) -> None:
    """Masks stretches of a file, each of its lines apart."""
    hidden: dict[int, list[tuple[int, int]]] = {}
    for place in places:
        for line in range(place.line, min(place.end_line, len(lines)) + 1):
            text = lines[line - 1]
            start = place.column - 1 if line == place.line else len(text) - len(text.lstrip())
            end = place.end_column - 1 if line == place.end_line else len(text)
            if start < end:
                hidden.setdefault(line, []).append((start, end))
    for line, stretches in hidden.items():
        for start, end in reversed(_together(stretches)):
            lines[line - 1] = lines[line - 1][:start] + MASK + lines[line - 1][end:]


def _together(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches in their order, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        found.append((start, end))
    return found


def masked(value: str, hcl: bool) -> str:
    """What is shown of a secret's value as it is written: a reference as it is, texts and numbers as a mask."""
    bare = value.rstrip(",")
    if re.fullmatch(r"(?:true|false|null|\d{1,3}|[\[{(|>][-+]?)\s*(?:#.*)?", bare, re.IGNORECASE):
        return value
    if hcl:
        return _masked_expression(value)
    if re.match(r"![A-Z]\w*\s+[\w.:]+$|\{\s*[\"']?(?:Ref|Fn::GetAtt|Fn::ImportValue)\b|[\"']?\{\{resolve:", bare):
        return value
    quote = bare[0] if bare[0] in "\"'" else ""
    return f"{quote}{MASK}{quote}{value[len(bare) :]}"


def _masked_expression(value: str) -> str:
    """An expression of HCL: its texts are masked, but for empty ones and those that are one interpolation; and a
    number that is all of it."""
    if re.search(r'\$\{[^}"]*"', value):
        return MASK  # texts inside of texts: what is literal can not be told from here
    if '"' in value:
        return re.sub(r'"(?:\\.|[^"\\])*"?', _masked_text, value)
    return MASK if re.match(r"-?\d", value) else value


def _masked_text(found: re.Match[str]) -> str:
    text = found.group()
    return text if text == '""' or re.fullmatch(r'"\$\{[^}]*\}"', text) else f'"{MASK}"'
