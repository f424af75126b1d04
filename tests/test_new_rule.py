"""`dblint new-rule` writes what `dblint test` can load, and never over anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from dblint.packs import load, own
from dblint.view import VIEWS
from tests.cli_support import Call

load([own()])


def test_it_is_a_rule_whose_examples_say_what_is_left_to_do(dblint: Call, tmp_path: Path) -> None:
    ended = dblint("new-rule", "rds-no-owner", "AWS::RDS::DBInstance", "mine")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines() == [
        "wrote mine/rds/no_owner.py",
        "wrote mine/rds/no_owner.md",
        "then: dblint test mine",
    ]
    code = tmp_path / "mine/rds/no_owner.py"
    assert "def no_owner(instance: DBInstance) -> bool:" in code.read_text()
    proved = dblint("test", "mine")
    assert (proved.code, proved.out.count("to be broken")) == (1, 2), proved.out
    code.write_text(code.read_text().replace("return False", 'return instance.Engine != "postgres"'))
    page = tmp_path / "mine/rds/no_owner.md"
    text = page.read_text()
    right = text.index("## Right")
    good = text[right:].replace('"example" {\n', '"example" {\n  engine = "postgres"\n')
    good = good.replace(
        "    Type: AWS::RDS::DBInstance\n", "    Type: AWS::RDS::DBInstance\n    Properties: {Engine: postgres}\n"
    )
    page.write_text(text[:right] + good)
    proved = dblint("test", "mine")
    assert (proved.code, proved.out) == (0, "1 rule, 0 disagreements with what their pages say\n")


@pytest.mark.parametrize("type", sorted(VIEWS))
def test_every_type_has_its_examples(dblint: Call, tmp_path: Path, type: str) -> None:
    assert dblint("new-rule", "own-a-defect", type).code == 0
    [made] = load([tmp_path / "rules"])
    assert (made.id, [view.cloudformation for view in made.subjects]) == ("own-a-defect", [type])
    page = Path(made.page).read_text()
    sources = bool(VIEWS[type].terraform) + VIEWS[type].in_schema
    assert page.count("# <-") == page.count(" good\n") == sources == 2 - page.count("## Not in")
    left = [line for line in dblint("test", "rules").out.splitlines()[:-1] if "to be broken" not in line]
    assert left == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rds", "AWS::RDS::DBInstance"], "expected a name in small letters as rds-no-owner, found rds"),
        (["../x-y", "AWS::RDS::DBInstance"], "expected a name in small letters"),
        (["rds-single-az", "AWS::RDS::DBInstance"], "there is a rule rds-single-az already"),
        (
            ["rds-no-owner", "AWS::RDS::DBInstanc"],
            "there is no view of AWS::RDS::DBInstanc; did you mean AWS::RDS::DBInstance",
        ),
    ],
)
def test_wrong_usage(dblint: Call, tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = dblint("new-rule", *arguments)
    assert ended.code == 2
    assert said in " ".join(ended.err.split())
    assert not (tmp_path / "rules").exists()


def test_nothing_is_overwritten(dblint: Call, tmp_path: Path) -> None:
    dblint("new-rule", "rds-no-owner", "AWS::RDS::DBInstance")
    (tmp_path / "rules/rds/no_owner.py").unlink()
    (tmp_path / "rules/rds/no_owner.md").write_text("mine")
    ended = dblint("new-rule", "rds-no-owner", "AWS::RDS::DBInstance")
    assert ended.code == 2 and "rules/rds/no_owner.md is there already" in " ".join(ended.err.split())
    assert (tmp_path / "rules/rds/no_owner.md").read_text() == "mine"
    assert not (tmp_path / "rules/rds/no_owner.py").exists()
