"""How far a block or an attribute reaches, by the lines of its text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from dblint.patterns import pattern
from dblint.records import dataclass

# Comments, heredoc openings, strings and brackets of HCL, within one line.
_HCL_TOKEN = pattern(r'#.*|//.*|/\*.*?\*/|/\*.*|<<-?(?P<heredoc>\w+)|"(?:\\.|[^"\\])*"?|[][{}()]')
_HEADER = pattern(r'\s*(?P<kind>\w+)(?P<labels>(?:\s+"[^"]*"|\s+\w+)*)\s*\{')


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block of HCL: `module "db" {` has kind "module" and labels ("db",). Lines count from 1."""

    kind: str
    labels: tuple[str, ...]
    first: int
    last: int


def hcl_blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The top-level blocks of a file, in order."""
    number = 0
    while number < len(lines):
        header = _HEADER.match(lines[number])
        last = hcl_extent(lines, number + 1)
        if header:
            labels = tuple(label.strip('"') for label in re.findall(r'"[^"]*"|\w+', header["labels"]))
            yield Block(header["kind"], labels, number + 1, last)
        number = last


def hcl_extent(lines: Sequence[str], first: int) -> int:
    """The last line of what begins on line `first`: where its brackets and heredocs are closed again."""
    depth = 0
    heredoc = comment = ""
    for number in range(first, len(lines) + 1):
        line = lines[number - 1]
        if comment:
            comment = "" if "*/" in line else comment
        elif heredoc:
            heredoc = "" if line.strip() == heredoc else heredoc
        else:
            change, heredoc, comment = _hcl_line(line)
            depth += change
        if depth <= 0 and not heredoc and not comment:
            return number
    return len(lines)


def _hcl_line(line: str) -> tuple[int, str, str]:
    """How the depth of brackets changes in a line, and the heredoc or the comment that it leaves open."""
    depth = 0
    heredoc = comment = ""
    for token in _HCL_TOKEN.finditer(line):
        text = token.group()
        depth += (text in "{[(") - (text in "}])")
        heredoc = token["heredoc"] or heredoc
        comment = text if text.startswith("/*") and not text.endswith("*/") else comment
    return depth, heredoc, comment


def yaml_extent(lines: Sequence[str], first: int) -> int:
    """The last line of the key on line `first`: all that is indented further, and a list at its own indentation."""
    own = _indentation(lines[first - 1])
    is_item = lines[first - 1].lstrip().startswith("- ")
    last = first
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        same = _indentation(line) == own and line.lstrip().startswith("- ") and not is_item
        if _indentation(line) <= own and not same:
            break
        last = number
    return last


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def next_statement(lines: Sequence[str], after: int, comments: Container[int] = ()) -> int | None:
    """The first line after `after` that holds more than a comment (as the lines of `comments` do); None where a closing
    bracket comes first."""
    for number in range(after + 1, len(lines) + 1):
        text = lines[number - 1].strip()
        if text and number not in comments and not text.startswith(("#", "//", "/*")):
            return None if text[0] in "}])" else number
    return None
