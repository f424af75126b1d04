"""Reads the page of a rule: Markdown that reads well where it stands, and whose examples are run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dblint.patterns import pattern
from dblint.records import dataclass

# The file that an example in a language is written to.
FILES = {"hcl": "main.tf", "yaml": "template.yaml", "json": "template.json"}
KINDS = ("bad", "good", "undetermined", "fixed")
MARK = pattern(r"[ \t]*(?:#|//)[ \t]*<-[ \t]*$", re.MULTILINE)

_FENCE = pattern(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_HEADING = pattern(r"^(#{1,2}) (.+)$", re.MULTILINE)


class PageError(Exception):
    """A page that can not be used; the message names it and says what was expected."""


@dataclass(frozen=True, slots=True)
class Example:
    """A project of one or more files, and what the rule must say of it.

    `kind`: "bad", "good", "undetermined" or "fixed". `texts`: file -> text without marks. `lines`: file -> the lines
    that must be found. `settings`: what the first line of the block sets ("production=false", "min-days=14"). `line`:
    where it stands in the page.
    """

    kind: str
    language: str
    texts: Mapping[str, str]
    lines: Mapping[str, frozenset[int]]
    settings: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """`title` is the rule's name; `why` its first paragraph in one line; `sections` heading -> text, "" for what
    stands before the first."""

    title: str
    why: str
    sections: Mapping[str, str]
    examples: tuple[Example, ...]
    text: str


def read(file: str) -> Page:
    """The page of a rule. Raises PageError."""
    text, headings = _opened(file)
    sections = dict(_sections(text, headings))
    return Page(headings[0].group(2), why_of(sections[""]), sections, tuple(_examples(file, text)), text)


def told(file: str) -> tuple[str, str]:
    """The first paragraph of a page in one line, and its text. Its examples are not looked at. Raises PageError."""
    text, headings = _opened(file)
    return why_of(next(section for _, section in _sections(text, headings))), text


def _opened(file: str) -> tuple[str, list[re.Match[str]]]:
    try:
        with open(file, encoding="utf-8") as page:
            text = page.read()
    except OSError as error:
        raise PageError(f"{file}: every rule has a page beside it: {error.strerror}") from None
    prose = _FENCE.sub(lambda match: "\n" * match.group().count("\n"), text)
    headings = list(_HEADING.finditer(prose))
    if not headings or headings[0].group(1) != "#":
        raise PageError(f"{file}: expected the rule's name as its heading")
    return text, headings


def _sections(text: str, headings: list[re.Match[str]]) -> Iterator[tuple[str, str]]:
    for number, heading in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
        yield (heading.group(2) if number else ""), text[heading.end() : end].strip()


def why_of(introduction: str) -> str:
    """The first paragraph in one line."""
    return " ".join(introduction.split("\n\n")[0].split())


def _examples(file: str, text: str) -> Iterator[Example]:
    example: Example | None = None
    for block in _FENCE.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        language, *words = block["info"].split() or [""]
        settings = dict(word.split("=", 1) for word in words if "=" in word)
        if example and "file" in settings:
            example = _with_file(example, settings["file"], block["text"])
            continue
        if example:
            yield example
        example = None
        if words and language in FILES:
            example = _example(file, line, language, words[0], settings, block["text"])
    if example:
        yield example


def _example(file: str, line: int, language: str, kind: str, settings: dict[str, str], text: str) -> Example:
    if kind not in KINDS:
        raise PageError(f"{file}:{line}: expected one of {', '.join(KINDS)} after {language}, found {kind}")
    name = settings.pop("as", FILES[language])
    lines = settings.pop("lines", "")
    marked = frozenset(int(number) for number in lines.split(",") if number)
    empty = Example(kind, language, {}, {}, settings, line)
    return _with_file(empty, name, text, marked)


def _with_file(example: Example, name: str, text: str, marked: frozenset[int] = frozenset()) -> Example:
    found = {number for number, line in enumerate(text.split("\n"), 1) if MARK.search(line)} | marked
    texts = {**example.texts, name: MARK.sub("", text)}
    lines = {**example.lines, name: frozenset(found)}
    return Example(example.kind, example.language, texts, lines, example.settings, example.line)
