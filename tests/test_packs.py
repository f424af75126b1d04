"""Loading rules from folders: names, faults, and that a pack touches nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dblint import packs
from dblint.cache import bytecode
from dblint.packs import PackError

RULE = '''
from dblint import HIGH, rule
from dblint.aws.rds import DBInstance


@rule(severity=HIGH, category="availability")
def single(db: DBInstance) -> bool:
    """Database is alone."""
    return True
'''


def pack(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / (name.replace("__", "/") + ".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def test_a_rule_is_named_by_its_path(tmp_path: Path) -> None:
    rules = packs.load([pack(tmp_path, rds__very_single=RULE, alone=RULE, _not_a_rule="raise Exception")])
    assert [rule.id for rule in rules] == ["alone", "rds-very-single"]
    assert rules[1].page == str(tmp_path / "rds" / "very_single.md")


def test_loading_a_pack_leaves_no_trace(tmp_path: Path) -> None:
    before = set(sys.modules), list(sys.path)
    packs.load([pack(tmp_path, rds__very_single=RULE)])
    assert {name for name in set(sys.modules) - before[0] if "single" in name} == set()
    assert sys.path == before[1]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["rds", "very_single.py"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "expected one rule, found 0"),
        (RULE + RULE.replace("def single", "def double"), "expected one rule, found 2"),
        ("import nowhere_to_be_found", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        (RULE.replace('"""Database is alone."""', ""), "docstring"),
        (RULE.replace("db: DBInstance", "db: int"), "annotated with a view"),
        (RULE.replace("db: DBInstance", "db"), "annotated with a view"),
        (RULE.replace("availability", "beauty"), "category"),
    ],
)
def test_a_file_that_is_no_rule_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PackError, match=message) as error:
        packs.load([pack(tmp_path, rds__broken=text)])
    assert "broken.py" in str(error.value)


def test_a_missing_folder_and_a_name_that_is_taken(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such folder"):
        packs.load([tmp_path / "missing"])
    with pytest.raises(PackError, match="already defined"):
        packs.load([pack(tmp_path / "a", x=RULE), pack(tmp_path / "b", x=RULE)])


def test_our_rules_load_and_have_pages() -> None:
    rules = packs.load([packs.own()])
    assert len(rules) >= 22
    assert all(Path(rule.page).is_file() for rule in rules)


def test_the_bytecode_of_a_pack_is_that_of_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is used as long as no file changes, and a damaged one is of no use."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    files = [("a.py", 1, 2), ("b/c.py", 3, 4)]
    codes = {path: compile(f"x = {path!r}", path, "exec") for path, _, _ in files}
    assert bytecode.known(str(tmp_path), files) == {}
    bytecode.keep(str(tmp_path), files, codes)
    assert bytecode.known(str(tmp_path), files) == codes
    for others in ([("a.py", 1, 3), files[1]], files[:1], [*files, ("d.py", 1, 1)]):
        assert bytecode.known(str(tmp_path), others) == {}
    (kept,) = (tmp_path / "__pycache__").iterdir()
    content = kept.read_bytes()
    for damaged in (b"", content[:40], content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
        kept.write_bytes(damaged)
        assert bytecode.known(str(tmp_path), files) == {}
