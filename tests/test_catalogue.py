"""The rules against the catalogue that they were made from: `facts/catalogue.csv`, a line each."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dblint import packs, pages
from dblint.judge import BROKEN
from dblint.pages import Example
from dblint.proof import findings_of
from dblint.records import replace
from dblint.rule_definition import Rule
from tests.cli_support import ROOT

RULES = {rule.id: rule for rule in packs.load([packs.own()])}
DESIGN = ROOT.parent / "shared" / "design" / "rules.csv"


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


CATALOGUE = read(Path(__file__).parent / "facts" / "catalogue.csv")
lines = pytest.mark.parametrize("line", CATALOGUE, ids=lambda line: line["rule"])


def test_every_rule_is_in_the_catalogue() -> None:
    assert sorted(RULES) == [line["rule"] for line in CATALOGUE]


def test_the_changelog_names_every_rule() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [rule for rule in RULES if not re.search(rf"\b{rule}(?=[,.\n])", text)] == []


@lines
def test_a_rule_is_what_the_catalogue_says(line: dict[str, str]) -> None:
    rule = RULES[line["rule"]]
    service, _, defect = line["rule"].partition("-")
    assert rule.file == packs.own() / service / f"{defect.replace('-', '_')}.py"
    assert (rule.severity, rule.category) == (line["severity"], line["category"])
    assert " ".join(subject.cloudformation for subject in rule.subjects) == line["types"]
    assert " ".join(f"{name}={value}" for name, value in rule.options.items()) == line["options"]


@lines
def test_rules_of_production_are_silent_elsewhere_and_others_are_not(line: dict[str, str]) -> None:
    rule = RULES[line["rule"]]
    for example in pages.read(rule.page).examples:
        if example.kind == "bad":
            found = [f for f in findings_of([rule], in_development(example), []) if f.outcome == BROKEN]
            assert bool(found) is (line["production"] == "no"), f"{rule.page}:{example.line}"


def in_development(example: Example) -> Example:
    """The example where nothing that it names serves production."""
    texts = {name: re.sub(r"\bprod\w*", "dev", text) for name, text in example.texts.items()}
    return replace(example, texts=texts, settings={**example.settings, "production": "false"})


@lines
def test_the_page_names_every_option_with_its_default(line: dict[str, str]) -> None:
    rule = RULES[line["rule"]]
    text = pages.read(rule.page).text
    for name, value in rule.options.items():
        assert re.search(rf"`{name.replace('_', '-')}` \(default {value}\b", text), name


@lines
def test_the_page_refers_to_aws(line: dict[str, str]) -> None:
    references = pages.read(RULES[line["rule"]].page).sections["References"]
    assert "](https://docs.aws.amazon.com/" in references, "the reference that it stands on"


@pytest.mark.skipif(not DESIGN.exists(), reason="the catalogue of the design is not on this machine")
def test_the_catalogue_is_that_of_the_design() -> None:
    planned = {row["rule"]: row for row in read(DESIGN) if row["wave"] == "1"}
    assert sorted(planned) == sorted(line["rule"] for line in CATALOGUE)
    for line in CATALOGUE:
        row = planned[line["rule"]]
        production = {"y": "yes", "n": "no"}[row["production"]]
        expected = (row["severity"], row["category"], production, row["file"])
        file = RULES[line["rule"]].file.relative_to(ROOT).as_posix()
        assert (line["severity"], line["category"], line["production"], file) == expected, line["rule"]


def test_a_rule_with_a_threshold_has_it_as_an_option() -> None:
    """No number above one stands in a rule: it is an option, or a fact of AWS."""
    for rule in RULES.values():
        body = rule.file.read_text(encoding="utf-8").partition('"""\n')[2]
        assert not re.search(r"(?<![\w.])(?!1\b|0\b)\d+", body), rule.id


def unsaid(rule: Rule) -> list[str]:
    sections = pages.read(rule.page).sections
    return [name for name in ("What it costs", "When it is fine", "References") if not sections.get(name)]


def test_every_page_says_what_it_costs_and_when_it_is_fine() -> None:
    assert {rule.id: missing for rule in RULES.values() if (missing := unsaid(rule))} == {}
