"""The baseline, from the command line: written, obeyed, pruned, shown; and what of it is gone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli_support import SOUND, TEMPLATE, TERRAFORM, Call, write
from tests.git_support import commit, git, needs_git, repository

NAME = "dblint-baseline.json"
OTHER = TERRAFORM.replace('"orders"', '"other"')
MODULE = 'module "db" {\n  source = "./db"\n}\n'


def entries(folder: Path, name: str = NAME) -> list[dict[str, Any]]:
    table = json.loads((folder / name).read_text())
    assert table["version"] == 1
    found: list[dict[str, Any]] = table["findings"]
    assert found.pop() == {}
    return found


def summary(dblint: Call, *arguments: str) -> tuple[int, list[str], int, list[str]]:
    """The exit code, the addresses shown, how many are in the baseline, and the rules of stale entries."""
    ended = dblint("scan", "-f", "json", "--baseline", NAME, *arguments)
    found = json.loads(ended.out)
    shown = [finding["address"] for finding in found["findings"]]
    return ended.code, shown, found["summary"]["baselined"], [entry["address"] for entry in found["stale"]]


def written(dblint: Call, *arguments: str) -> str:
    ended = dblint("baseline", "write", "--select", "rds-single-az", *arguments)
    assert (ended.code, ended.out) == (0, ""), ended.err
    return ended.err


def test_what_is_written_down_is_not_shown(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    assert summary_of_none(dblint) == (1, ["aws_db_instance.orders"])
    assert f"{NAME}: 1 entry, 1 new, 0 gone" in written(dblint)
    assert summary(dblint) == (0, [], 1, [])
    write(tmp_path, {"more.tf": OTHER})
    assert summary(dblint) == (1, ["aws_db_instance.other"], 1, [])
    assert summary_of_none(dblint) == (1, ["aws_db_instance.orders", "aws_db_instance.other"])
    assert "1 in baseline" in dblint("scan", "--baseline", NAME).out


def summary_of_none(dblint: Call) -> tuple[int, list[str]]:
    ended = dblint("scan", "-f", "json")
    return ended.code, [finding["address"] for finding in json.loads(ended.out)["findings"]]


def test_the_file(dblint: Call, tmp_path: Path) -> None:
    """Sorted, a line for each entry, the same bytes whenever nothing changed."""
    write(tmp_path, {"main.tf": TERRAFORM + OTHER, "t.yaml": TEMPLATE})
    written(dblint, "--reason", "since the big bang — ü")
    text = (tmp_path / NAME).read_text(encoding="utf-8")
    assert [line[:1] for line in text.splitlines()] == ["{", "{", "{", "{", "{"]
    assert [(e["root"], e["address"], e["reason"]) for e in entries(tmp_path)] == [
        (".", "aws_db_instance.orders", "since the big bang — ü"),
        (".", "aws_db_instance.other", "since the big bang — ü"),
        ("t.yaml", "Orders", "since the big bang — ü"),
    ]
    written(dblint)
    assert (tmp_path / NAME).read_text(encoding="utf-8") == text


def test_days_and_reasons_are_kept(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    written(dblint)
    old = (tmp_path / NAME).read_text()
    day = entries(tmp_path)[0]["first-seen"]
    (tmp_path / NAME).write_text(old.replace(f'"{day}"', '"2001-01-01", "reason": "waits"'))
    write(tmp_path, {"more.tf": OTHER})
    written(dblint)
    assert [(e["first-seen"], e.get("reason")) for e in entries(tmp_path)] == [("2001-01-01", "waits"), (day, None)]


def test_what_is_gone_is_said_and_pruned(dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "more.tf": OTHER})
    written(dblint)
    write(tmp_path, {"main.tf": SOUND})
    assert summary(dblint) == (0, [], 1, ["aws_db_instance.orders"])
    ended = dblint("scan", "--baseline", NAME)
    message = f"{NAME}: rds-single-az of aws_db_instance.orders in . is found no more: dblint baseline prune"
    assert f"warning: {message}" in ended.err
    monkeypatch.setenv("CI", "true")
    ended = dblint("scan", "--baseline", NAME)
    assert (ended.code, f"error: {message}" in ended.err) == (1, True)
    assert dblint("scan", "--baseline", NAME, "--exit-zero").code == 0
    write(tmp_path, {"new.tf": OTHER.replace('"other"', '"new"')})
    ended = dblint("baseline", "prune")
    assert (ended.code, f"{NAME}: 1 entry, 1 gone" in ended.err) == (0, True)
    assert [e["address"] for e in entries(tmp_path)] == ["aws_db_instance.other"]  # prune adds nothing
    assert summary(dblint)[1:] == (["aws_db_instance.new"], 1, [])


@pytest.mark.parametrize(
    ("change", "arguments", "stale"),
    [
        ({"envs/a/main.tf": SOUND}, [], True),
        ({"envs/a/main.tf": SOUND}, ["envs/a"], True),
        ({"envs/a/main.tf": SOUND}, ["envs"], True),
        ({"envs/a/main.tf": SOUND}, ["envs/b"], False),
        ({"envs/a/main.tf": SOUND}, ["envs/a/main.tf"], False),
        ({"envs/a/main.tf": SOUND}, ["--select", "rds-backups-disabled"], False),
        ({"envs/a/main.tf": SOUND}, ["--scenario", "default"], False),
        ({"envs/a/main.tf": SOUND}, ["--extend-exclude", "envs/a"], False),
        ({"envs/a/main.tf": SOUND, "envs/b/main.tf": "resource {"}, [], False),
        ({"envs/a/main.tf": 'resource "aws_s3_bucket" "b" {}\n'}, [], True),
        ({"envs/a/main.tf": SOUND + 'module "far" {\n  source = "a/b/c"\n}\n'}, [], True),
        ({"envs/a/main.tf": TERRAFORM.replace("multi_az                  = false", "multi_az = var.x")
          + 'variable "x" {\n  type = bool\n}\n'}, [], False),
    ],
)  # fmt: skip
def test_only_what_was_looked_at_is_gone(
    dblint: Call, tmp_path: Path, change: dict[str, str], arguments: list[str], stale: bool
) -> None:
    write(tmp_path, {"envs/a/main.tf": TERRAFORM, "envs/b/main.tf": SOUND, ".git/HEAD": ""})
    written(dblint)
    write(tmp_path, change)
    assert bool(summary(dblint, *arguments)[3]) is stale


def test_a_root_that_is_no_more(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": TERRAFORM, "b/main.tf": SOUND, "c.yaml": TEMPLATE, ".git/HEAD": ""})
    written(dblint)
    (tmp_path / "a/main.tf").unlink()
    (tmp_path / "a").rmdir()
    (tmp_path / "c.yaml").unlink()
    assert summary(dblint)[3] == ["aws_db_instance.orders", "Orders"]


def test_a_module_that_is_not_installed_is_not_gone(dblint: Call, tmp_path: Path) -> None:
    modules = {"Modules": [{"Key": "db", "Source": "x/y/z", "Dir": ".terraform/modules/db"}]}
    write(
        tmp_path,
        {
            "main.tf": 'module "db" {\n  source = "x/y/z"\n}\n',
            ".terraform/modules/modules.json": json.dumps(modules),
            ".terraform/modules/db/main.tf": TERRAFORM,
        },
    )
    written(dblint)
    assert summary(dblint) == (0, [], 1, [])
    (tmp_path / ".terraform/modules/modules.json").unlink()
    assert summary(dblint) == (0, [], 0, [])


def test_a_finding_of_several_roots_is_gone_where_all_are_sound(dblint: Call, tmp_path: Path) -> None:
    call = 'module "db" {\n  source = "../../db"\n  ha     = false\n}\n'
    module = TERRAFORM.replace("multi_az                  = false", "multi_az = var.ha") + 'variable "ha" {}\n'
    write(tmp_path, {"envs/a/main.tf": call, "envs/b/main.tf": call, "db/main.tf": module.replace("var.ha", "false")})
    written(dblint)
    assert [entry["root"] for entry in entries(tmp_path)] == ["envs"]
    write(tmp_path, {"envs/a/main.tf": 'locals {\n  db = "gone"\n}\n'})
    assert summary(dblint, "envs/a")[3] == []
    assert summary(dblint)[2:] == (1, [])


def test_only_the_roots_of_the_paths_are_written(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": TERRAFORM, "b/main.tf": TERRAFORM, ".git/HEAD": ""})
    written(dblint, "a")
    assert [e["root"] for e in entries(tmp_path)] == ["a"]
    write(tmp_path, {"a/main.tf": SOUND})
    written(dblint, "b")
    assert [e["root"] for e in entries(tmp_path)] == ["a", "b"]
    written(dblint)
    assert [e["root"] for e in entries(tmp_path)] == ["b"]


def test_a_named_file_stands_for_its_root(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "more.tf": OTHER})
    written(dblint, "main.tf")
    assert len(entries(tmp_path)) == 2


def test_what_is_suppressed_is_not_written(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": f"# dblint: ignore[rds-single-az] why\n{TERRAFORM}{OTHER}"})
    written(dblint)
    assert [e["address"] for e in entries(tmp_path)] == ["aws_db_instance.other"]
    written(dblint, "--no-suppressions")
    assert len(entries(tmp_path)) == 2


def test_the_settings_name_it(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"sub/main.tf": TERRAFORM, "dblint.toml": 'baseline = "known/base.json"\n', ".git/HEAD": ""})
    ended = dblint("scan")
    assert ended.code == 2
    assert "known/base.json: the baseline can not be read: no such file" in ended.err
    assert "dblint baseline write makes it" in ended.err
    (tmp_path / "known").mkdir()
    assert (
        "known/base.json: 1 entry" in dblint("baseline", "write", "--select", "rds-single-az", cwd=tmp_path / "sub").err
    )
    assert len(entries(tmp_path, "known/base.json")) == 1
    assert dblint("scan").code == 0
    assert dblint("scan", "--no-baseline").code == 1
    assert dblint("baseline", "show").out.endswith("1 entry\n")


@pytest.mark.parametrize(
    "arguments", [["--var-file", "live.tfvars"], ["--var", "ha=true"], ["--scenario", "live"], ["--workspace", "live"]]
)
def test_what_other_scenarios_may_have_is_not_gone(dblint: Call, tmp_path: Path, arguments: list[str]) -> None:
    text = (
        TERRAFORM.replace("= false\n}", '= var.ha && terraform.workspace != ""\n}') + 'variable "ha" { type = bool }\n'
    )
    write(tmp_path, {"main.tf": text, "prod.tfvars": "ha = false\n", "live.tfvars": "ha = true\n"})
    written(dblint)
    ended = dblint("scan", "--baseline", NAME, "--select", "rds-single-az", *arguments)
    assert (ended.code, ended.err) == (0, ""), ended.out
    said = dblint("baseline", "prune", "--select", "rds-single-az", *arguments).err
    assert ("no entry counts as gone" in said, len(entries(tmp_path))) == (True, 1)


def _named(*names: str) -> dict[str, str]:
    return {f"{name}.tf": TERRAFORM.replace('"orders"', f'"{name}"') for name in names}


@needs_git
@pytest.mark.parametrize(
    ("base", "one", "two"),
    [
        ("bdf", "a", "c"),
        ("bdf", "g", "a"),
        ("bdf", "c", "e"),
        ("bdf", "c", "g"),
        ("bdf", "g", "h"),
        ("bdf", "c", "c"),
        ("b", "c", "a"),
    ],
)
def test_branches_that_add_to_it_are_merged(dblint: Call, tmp_path: Path, base: str, one: str, two: str) -> None:
    """By git alone, where both add at one place with `merge=union`, which docs/adopting.md names."""
    repository(tmp_path, {**_named(*base), ".gitattributes": f"{NAME} merge=union\n"})
    written(dblint)
    commit(tmp_path, {})
    for branch, more in (("one", one), ("two", two)):
        git(tmp_path, "checkout", "-q", "-b", branch, "main")
        write(tmp_path, _named(*more))
        written(dblint, "--reason", branch)
        commit(tmp_path, {})
    git(tmp_path, "merge", "-q", "-m", "merged", "one")
    ended = dblint("scan", "--baseline", NAME, "--select", "rds-single-az")
    assert (ended.code, ended.err) == (0, ""), ended.out
    written(dblint)
    assert {entry["address"][-1] for entry in entries(tmp_path)} == {*base, *one, *two}


def test_marks_of_a_merge_are_named(dblint: Call, tmp_path: Path) -> None:
    write(
        tmp_path, {"main.tf": TERRAFORM, NAME: '{"version": 1, "findings": [\n<<<<<<< HEAD\n=======\n>>>>>>> x\n{}]}\n'}
    )
    ended = dblint("scan", "--baseline", NAME)
    assert (ended.code, "a merge left its marks in it: keep the lines of both sides" in ended.err) == (2, True)


@pytest.mark.parametrize("path", ["../base.json", "main.tf", "hooks/pre-commit", "out/base.json"])
def test_settings_write_no_file_that_is_no_baseline_of_the_project(dblint: Call, tmp_path: Path, path: str) -> None:
    project = write(tmp_path / "repo", {"main.tf": TERRAFORM, "dblint.toml": f'baseline = "{path}"\n', ".git/HEAD": ""})
    (project / "hooks").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (project / "out").symlink_to(tmp_path / "elsewhere")
    before = sorted(str(p) for p in tmp_path.rglob("*"))
    assert dblint("baseline", "write", cwd=project).code == 2
    assert sorted(str(p) for p in tmp_path.rglob("*")) == before
    assert (project / "main.tf").read_text() == TERRAFORM


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "it is not JSON: "),
        (b"\xff", "it is not UTF-8"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"[]", 'expected {"version": 1'),
        (b'{"version": 2, "findings": []}', 'expected {"version": 1'),
        (b'{"version": 1, "findings": [{"rule": "x"}]}', "entry 1: expected texts for fingerprint"),
        (b'{"version": 1, "findings": [3]}', "entry 1: expected"),
    ],
)
def test_what_is_no_baseline_is_refused_and_never_overwritten(
    dblint: Call, tmp_path: Path, content: bytes, message: str
) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, NAME: content})
    for command in (["scan", "--baseline", NAME], ["baseline", "write"], ["baseline", "prune"], ["baseline", "show"]):
        ended = dblint(*command)
        assert (ended.code, ended.out) == (2, ""), command
        assert message in ended.err, command
    assert (tmp_path / NAME).read_bytes() == content


def test_nothing_is_written_where_something_could_not_be_read(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "b/main.tf": 'resource "aws_db_instance" {', ".git/HEAD": ""})
    ended = dblint("baseline", "write")
    assert ended.code == 2
    assert "nothing is written" in ended.err and "b/main.tf" in ended.err
    assert not (tmp_path / NAME).exists()


def test_a_file_that_is_not_there(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    for command in (["scan", "--baseline", NAME], ["baseline", "prune"], ["baseline", "show"]):
        ended = dblint(*command)
        assert (ended.code, "no such file" in ended.err) == (2, True), command
    ended = dblint("baseline", "write", "--baseline", "no/such/folder.json")
    assert (ended.code, "can not be written" in ended.err) == (2, True)


def test_show(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "t.yaml": TEMPLATE})
    written(dblint, "--reason", "waits")
    lines = dblint("baseline", "show").out.splitlines()
    assert [line.split()[1:] for line in lines[:-1]] == [
        ["rds-single-az", ".", "aws_db_instance.orders", "waits"],
        ["rds-single-az", "t.yaml", "Orders", "waits"],
    ]
    assert json.loads(dblint("baseline", "show", "-f", "json").out) == entries(tmp_path)
    (tmp_path / NAME).write_text('{"version": 1, "findings": []}')
    assert dblint("baseline", "show").out == "0 entries\n"


def test_another_file_and_its_mode(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "known.json": '{"version": 1, "findings": []}'})
    (tmp_path / "known.json").chmod(0o640)
    (tmp_path / "link.json").symlink_to(tmp_path / "known.json")
    written(dblint, "--baseline", "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "known.json").stat().st_mode & 0o777 == 0o640
    assert len(entries(tmp_path, "known.json")) == 1
    assert sorted(os.listdir(tmp_path)) == ["known.json", "link.json", "main.tf"]


def test_undetermined_findings_are_not_written(dblint: Call, tmp_path: Path) -> None:
    text = (
        TERRAFORM.replace("multi_az                  = false", "multi_az = var.x")
        + 'variable "x" {\n  type = bool\n}\n'
    )
    write(tmp_path, {"main.tf": text})
    written(dblint, "--profile", "audit")
    assert entries(tmp_path) == []


def test_a_module_that_is_installed_no_more_hides_what_it_makes_and_no_other(dblint: Call, tmp_path: Path) -> None:
    far = 'module "far" {\n  source = "x/y/z"\n}\n'
    write(
        tmp_path, {"root/main.tf": f"{far}{MODULE.replace('./db', '../db')}", "db/main.tf": TERRAFORM, ".git/HEAD": ""}
    )
    written(dblint)
    assert [entry["address"] for entry in entries(tmp_path)] == ["module.db.aws_db_instance.orders"]
    write(tmp_path, {"db/main.tf": SOUND})
    assert summary(dblint)[3] == ["module.db.aws_db_instance.orders"]
    write(tmp_path, {"root/main.tf": far})
    assert summary(dblint, "root")[3] == []
