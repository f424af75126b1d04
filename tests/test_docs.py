"""What docs/ says of the rules, the notes and the model."""

from __future__ import annotations

import csv
import re

import pytest

from dblint import packs, pages
from tests.cli_support import ROOT

NOTES = ROOT / "docs" / "notes.md"
DESIGN = ROOT.parent / "shared" / "design" / "rules.csv"
RULES = {rule.id: rule for rule in packs.load([packs.own()])}
ROW = re.compile(r"^\| (\d{3}:\d+(?:-\d+)?) \| (.+?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
PLANNED = re.compile(r"\*([a-z0-9-]+)\* \((wave \d|opinion|later)\)")
EXISTING = re.compile(r"`([a-z0-9-]+)`")


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(NOTES.read_text(encoding="utf-8"))


def test_every_statement_has_its_rules_or_says_why_it_has_none() -> None:
    found = rows()
    assert len(found) == len({note for note, *_ in found}) == 200
    for note, statement, rules, _ in found:
        assert statement, note
        assert rules.startswith("none: ") or EXISTING.search(rules) or PLANNED.search(rules), note


def test_every_rule_that_is_named_exists_or_is_planned() -> None:
    text = NOTES.read_text(encoding="utf-8")
    body = text[text.index("\n## ") :]
    assert [name for name in EXISTING.findall(body) if name not in RULES] == []
    assert [name for name, _ in PLANNED.findall(body) if name in RULES] == [], "it is no longer planned"
    assert not re.search(r"\*[a-z0-9-]+-[a-z0-9-]+\*(?! \()", body), "a planned rule says its wave"


def test_a_statement_without_a_rule_names_none_in_passing() -> None:
    services = {name.partition("-")[0] for name in RULES}
    for note, _, rules, _ in rows():
        plain = EXISTING.sub("", PLANNED.sub("", rules))
        named = [word for word in re.findall(r"[a-z]+(?:-[a-z0-9]+){2,}", plain) if word.partition("-")[0] in services]
        assert named == [], note


@pytest.mark.skipif(not DESIGN.exists(), reason="the catalogue of the design is not on this machine")
def test_what_is_planned_is_planned_for_its_wave() -> None:
    with DESIGN.open(encoding="utf-8", newline="") as file:
        waves = {row["rule"]: row["wave"] for row in csv.DictReader(file)}
    for name, when in PLANNED.findall(NOTES.read_text(encoding="utf-8")):
        if name in waves:
            assert when == (f"wave {waves[name]}" if waves[name].isdigit() else waves[name]), name
        else:
            assert when == "later", name


def test_every_rule_stands_on_a_note() -> None:
    named = {name for _, _, rules, _ in rows() for name in EXISTING.findall(rules)}
    assert set(RULES) - named == set()


def lines(note: str) -> set[str]:
    """The single lines of a reference: 001:22-23 is 001:22 and 001:23."""
    file, _, span = note.partition(":")
    first, _, last = span.partition("-")
    return {f"{file}:{line}" for line in range(int(first), int(last or first) + 1)}


def test_a_page_and_the_notes_agree() -> None:
    for rule in RULES.values():
        named = [note for note, _, rules, _ in rows() if f"`{rule.id}`" in rules]
        line = re.search(r"^- Notes?: (.*)$", pages.read(rule.page).sections["References"], re.MULTILINE)
        assert line, rule.id
        for note in re.findall(r"\d{3}:\d+(?:-\d+)?", line[1].partition(". ")[0]):
            assert any(lines(note) & lines(other) for other in named), f"{rule.id}: {note}"


def test_the_model_is_fresh() -> None:
    from tools.build_docs import MODEL, model_page

    assert MODEL.read_text(encoding="utf-8") == model_page(), "run `make docs`"
