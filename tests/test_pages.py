"""Every page of our rules is proved: each example says what it promises, in both formats."""

from __future__ import annotations

from pathlib import Path

import pytest

from dblint import packs, pages
from dblint.proof import prove
from dblint.rule_definition import Rule

RULES = packs.load([packs.own()])
SECTIONS = ("What it costs", "When it is fine", "Wrong", "Right", "References")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_is_true(rule: Rule) -> None:
    assert prove(rule) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_is_whole(rule: Rule) -> None:
    page = pages.read(rule.page)
    assert [section for section in SECTIONS if section not in page.sections] == []
    assert rule.fix or "Way out" in page.sections or "Never" in page.sections["When it is fine"]
    assert len(page.why) > 80


def page(tmp_path: Path, text: str) -> pages.Page:
    file = tmp_path / "page.md"
    file.write_text(text)
    return pages.read(file)


TEXT = """# rds-x

It breaks
at night.

More.

## Wrong

```hcl bad min-days=3
resource "a" "b" { # <-
  c = 1
}
```

```tfvars file=prod.tfvars
x = 1
```

## Right

```yaml good
a: 1
```
"""


def test_a_page_is_read(tmp_path: Path) -> None:
    read = page(tmp_path, TEXT)
    assert (read.title, read.why) == ("rds-x", "It breaks at night.")
    assert list(read.sections) == ["", "Wrong", "Right"]
    bad, good = read.examples
    assert (bad.kind, bad.language, dict(bad.settings), bad.line) == ("bad", "hcl", {"min-days": "3"}, 10)
    assert bad.texts["main.tf"].startswith('resource "a" "b" {\n')
    assert bad.lines["main.tf"] == {1}
    assert bad.texts["prod.tfvars"] == "x = 1\n"
    assert good.texts == {"template.yaml": "a: 1\n"}


@pytest.mark.parametrize(
    ("text", "message"),
    [("no heading", "heading"), ("## Second\n", "heading"), ("# x\n```hcl wrong\n```\n", "expected one of bad")],
)
def test_a_page_that_can_not_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(pages.PageError, match=message):
        page(tmp_path, text)


def test_a_rule_without_a_page_is_named(tmp_path: Path) -> None:
    with pytest.raises(pages.PageError, match="beside it"):
        pages.read(tmp_path / "missing.md")
