"""Change mode: what a change brings, whatever it does to files, told by the real git."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dblint.cli import main
from tests.cli_support import SOUND, TEMPLATE, TERRAFORM, Call, write
from tests.git_support import commit, git, needs_git, repository

pytestmark = needs_git
sys.setrecursionlimit(8_000)  # as Terraform does: hypothesis wants it to stay as it is
OTHER = TERRAFORM.replace('"orders"', '"other"')
PLAIN = TERRAFORM.replace("storage_encrypted         = true", "storage_encrypted         = false")
OPEN_TEMPLATE = TEMPLATE.replace("StorageEncrypted: true", "StorageEncrypted: false")
HIDDEN = f"# dblint: ignore[rds-single-az] why\n{TERRAFORM}"
VARIABLE = TERRAFORM.replace("multi_az                  = false", "multi_az = var.ha") + (
    'variable "ha" {\n  default = false\n}\n'
)
CALL = 'module "db" {\n  source = "../db"\n}\n'


def changed(dblint: Call, *arguments: str) -> dict[str, Any]:
    """What is new, as (rule, address), and how many are unchanged and fixed."""
    ended = dblint("scan", "-f", "json", *(arguments or ("--diff-base", "base")))
    assert ended.code in (0, 1), ended.err
    found = json.loads(ended.out)
    return {
        "new": sorted((finding["rule"], finding["address"]) for finding in found["findings"]),
        "unchanged": found["summary"]["unchanged"],
        "fixed": found["summary"]["fixed"],
        "code": ended.code,
        "notes": [note["message"] for note in found["coverage"]["notes"]],
        "change": found["run"]["change"],
    }


UNENCRYPTED = ("rds-storage-unencrypted", "aws_db_instance.orders")
SINGLE = ("rds-single-az", "aws_db_instance.orders")


def test_what_is_new_what_is_not_and_what_is_gone(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"a/main.tf": TERRAFORM, "b/main.tf": TERRAFORM})
    assert changed(dblint)["new"] == []
    write(tmp_path, {"a/main.tf": PLAIN.replace("multi_az                  = false", "multi_az = true")})
    found = changed(dblint)
    assert (found["new"], found["unchanged"], found["fixed"], found["code"]) == ([UNENCRYPTED], 1, 1, 1)
    commit = git(tmp_path, "rev-parse", "base").strip()[:12]
    assert found["change"] == f"base ({commit})"
    out = dblint("scan", "--diff-base", "base").out
    assert "1 unchanged" in out


TREES: dict[str, tuple[dict[str, str], dict[str, str | None], list[tuple[str, str]]]] = {
    "nothing": ({"main.tf": TERRAFORM}, {}, []),
    "a word in a comment": ({"main.tf": TERRAFORM}, {"main.tf": f"# words\n\n{TERRAFORM}"}, []),
    "a file of another kind": ({"main.tf": TERRAFORM}, {"README.md": "words"}, []),
    "other ends of lines": ({"main.tf": TERRAFORM}, {"main.tf": TERRAFORM.replace("\n", "\r\n")}, []),
    "a move to another file": ({"main.tf": TERRAFORM}, {"main.tf": None, "other.tf": TERRAFORM}, []),
    "a new file": ({"main.tf": TERRAFORM}, {"new.tf": OTHER}, [("rds-single-az", "aws_db_instance.other")]),
    "a new root": ({"a/main.tf": TERRAFORM}, {"b/main.tf": TERRAFORM}, [SINGLE]),
    "a root that is removed": ({"a/main.tf": TERRAFORM, "b/main.tf": SOUND}, {"a/main.tf": None}, []),
    "a module of others": ({"a/main.tf": CALL, "b/main.tf": CALL, "db/main.tf": TERRAFORM}, {"db/main.tf": PLAIN},
        [("rds-storage-unencrypted", "module.db.aws_db_instance.orders")]),
    "a new call of a module": ({"a/main.tf": CALL, "db/main.tf": TERRAFORM}, {"b/main.tf": CALL},
        [("rds-single-az", "module.db.aws_db_instance.orders")]),
    "a call that is renamed": (
        {"a/main.tf": CALL, "db/main.tf": TERRAFORM},
        {"a/main.tf": CALL.replace('"db"', '"two"')}, []),
    "a root that is renamed": (
        {"a/main.tf": CALL, "db/main.tf": TERRAFORM},
        {"a/main.tf": None, "b/main.tf": CALL}, []),
    "an environment that is sound no more": (
        {"main.tf": VARIABLE, "prod.tfvars": "ha = true\n", "live.tfvars": "ha = false\n"},
        {"prod.tfvars": "ha = false\n"}, [SINGLE]),
    "another environment": (
        {"main.tf": VARIABLE, "prod.tfvars": "ha = false\n"},
        {"live.tfvars": "ha = false\n"}, [SINGLE]),
    "an environment that is renamed": (
        {"main.tf": VARIABLE, "prod.tfvars": "ha = false\n"},
        {"prod.tfvars": None, "live.tfvars": "ha = false\n"}, []),
    "the first environments": (
        {"main.tf": VARIABLE},
        {"prod.tfvars": "ha = false\n", "live.tfvars": "ha = false\n"}, []),
    "an environment less": (
        {"main.tf": VARIABLE, "prod.tfvars": "ha = false\n", "live.tfvars": "ha = false\n"},
        {"live.tfvars": "ha = true\n"}, []),
    "variables": (
        {"main.tf": VARIABLE.replace("= false\n", "= true\n")},
        {"terraform.tfvars": "ha = false\n"}, [SINGLE]),
    "a template": ({"t.yaml": TEMPLATE}, {"t.yaml": OPEN_TEMPLATE}, [("rds-storage-unencrypted", "Orders")]),
    "a comment that is removed": ({"main.tf": HIDDEN}, {"main.tf": TERRAFORM}, [SINGLE]),
    "a file of variables that is removed": (
        {"main.tf": VARIABLE, "terraform.tfvars": "ha = true\n"},
        {"terraform.tfvars": None}, [SINGLE]),
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("staged", [False, True])
def test_changes(dblint: Call, tmp_path: Path, name: str, staged: bool) -> None:
    before, change, new = TREES[name]
    repository(tmp_path, before)
    _apply(tmp_path, change)
    if staged:
        git(tmp_path, "add", "-A")
        _apply(tmp_path, {path: "resource {" for path in change if path.endswith(".tf")})  # not staged: not looked at
    found = changed(dblint, *(["--staged"] if staged else ["--diff-base", "base"]))
    assert (found["new"], found["notes"]) == (new, [])


def _apply(folder: Path, change: dict[str, str | None]) -> None:
    for path, text in change.items():
        if text is None:
            (folder / path).unlink()
        else:
            write(folder, {path: text})


def test_a_text_that_is_read(dblint: Call, tmp_path: Path) -> None:
    text = TERRAFORM.replace("multi_az                  = false", 'multi_az = file("../data/ha.txt") == "yes"')
    repository(tmp_path, {"root/main.tf": text, "data/ha.txt": "yes", "x/main.tf": TERRAFORM})
    write(tmp_path, {"data/ha.txt": "no"})
    found = changed(dblint)
    assert (found["new"], found["unchanged"]) == ([SINGLE], 1)


def test_a_set_of_files_that_grows(dblint: Call, tmp_path: Path) -> None:
    text = TERRAFORM.replace('"orders" {', '"orders" {\n  for_each = fileset("${path.module}/dbs", "*.txt")')
    repository(tmp_path, {"root/main.tf": text, "root/dbs/a.dat": ""})
    write(tmp_path, {"root/dbs/a.txt": ""})
    assert changed(dblint)["new"] == [("rds-single-az", 'aws_db_instance.orders["a.txt"]')]


def test_the_base_is_where_the_branches_went_apart(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"main.tf": TERRAFORM})
    git(tmp_path, "checkout", "-q", "-b", "feature")
    commit(tmp_path, {"mine.tf": OTHER})
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, {"main.tf": SOUND, "theirs.tf": OTHER.replace('"other"', '"theirs"')})
    git(tmp_path, "checkout", "-q", "feature")
    found = changed(dblint, "--diff-base", "main")
    assert (found["new"], found["unchanged"], found["fixed"]) == ([("rds-single-az", "aws_db_instance.other")], 1, 0)


def test_what_git_ignores_is_there_in_all_revisions(dblint: Call, tmp_path: Path) -> None:
    modules = {"Modules": [{"Key": "db", "Source": "x/y/z", "Dir": ".terraform/modules/db"}]}
    repository(
        tmp_path, {"main.tf": 'module "db" {\n  source = "x/y/z"\n}\n', ".gitignore": ".terraform\nown.auto.tfvars\n"}
    )
    write(
        tmp_path,
        {
            ".terraform/modules/modules.json": json.dumps(modules),
            ".terraform/modules/db/main.tf": TERRAFORM,
            "main.tf": '# words\nmodule "db" {\n  source = "x/y/z"\n}\n',
        },
    )
    assert (changed(dblint)["new"], changed(dblint)["unchanged"]) == ([], 1)


def test_only_what_is_staged_counts(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"main.tf": SOUND})
    write(tmp_path, {"main.tf": TERRAFORM})
    assert changed(dblint, "--staged")["new"] == []
    git(tmp_path, "add", "main.tf")
    write(tmp_path, {"main.tf": PLAIN})
    assert changed(dblint, "--staged")["new"] == [SINGLE]
    assert changed(dblint, "--staged", "main.tf")["new"] == [SINGLE]
    assert changed(dblint)["new"] == [SINGLE, UNENCRYPTED]
    write(tmp_path, {"untracked.tf": OTHER, "main.tf": "resource {"})
    out = dblint("scan", "--staged").out
    assert "multi_az                  = false" in out  # the source that is quoted is what is staged


IGNORES = 'ignore = ["rds-single-az"]\n'
NOT_STAGED = "it is not staged as it is on the disk: what is staged holds"


@pytest.mark.parametrize(
    ("committed", "staged", "here", "new", "said"),
    [
        (None, None, IGNORES, [SINGLE], ["dblint.toml"]),
        (None, IGNORES, IGNORES, [], []),
        (None, IGNORES, "", [], ["dblint.toml"]),
        ("", "", IGNORES, [SINGLE], ["dblint.toml"]),
        (IGNORES, IGNORES, IGNORES, [], []),
        (IGNORES, "", "", [SINGLE], []),
        (IGNORES, None, None, [SINGLE], []),
        (IGNORES, IGNORES, None, [], ["dblint.toml"]),
    ],
)
def test_what_is_staged_of_the_settings_holds(
    dblint: Call, tmp_path: Path, committed: str | None, staged: str | None, here: str | None,
    new: list[tuple[str, str]], said: list[str],
) -> None:  # fmt: skip
    """They are part of what will be committed; the commit is judged by them later on."""
    repository(tmp_path, {"main.tf": SOUND, **({"dblint.toml": committed} if committed is not None else {})})
    write(tmp_path, {"main.tf": TERRAFORM})
    for text, add in ((staged, True), (here, False)):
        if text is not None:
            write(tmp_path, {"dblint.toml": text})
        else:
            (tmp_path / "dblint.toml").unlink(missing_ok=True)
        if add:
            git(tmp_path, "add", "-A")
    assert changed(dblint, "--staged")["new"] == new
    err = dblint("scan", "--staged").err
    assert [line for line in err.splitlines() if "staged" in line] == [
        f"warning: {path}: {NOT_STAGED}" for path in said
    ]
    assert "staged" not in dblint("scan", "--staged", "--isolated").err


def test_what_is_staged_of_the_baseline_holds(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"main.tf": SOUND, "dblint.toml": 'baseline = "known.json"\n'})
    write(tmp_path, {"main.tf": TERRAFORM})
    git(tmp_path, "add", "-A")
    assert dblint("baseline", "write").code == 0
    ended = dblint("scan", "--staged")
    assert (ended.code, "it is not staged: git add it" in ended.err) == (2, True)
    git(tmp_path, "add", "-A")
    assert (dblint("scan", "--staged").code, dblint("scan", "--staged").err) == (0, "")


def test_before_the_first_commit(dblint: Call, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", ".")
    write(tmp_path, {"main.tf": TERRAFORM})
    git(tmp_path, "add", "main.tf")
    assert changed(dblint, "--staged")["new"] == [SINGLE]


def test_links_of_the_tree(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"shared/main.tf": TERRAFORM, "a/other.tf": "locals {}\n"})
    (tmp_path / "a/main.tf").symlink_to("../shared/main.tf")
    (tmp_path / "b").symlink_to("shared")
    (tmp_path / "out.tf").symlink_to("/etc/passwd")
    commit(tmp_path, {"c/main.tf": 'module "x" {\n  source = "../b"\n}\n'})
    git(tmp_path, "tag", "-f", "base")
    (tmp_path / "out.tf").unlink()
    (tmp_path / "a/main.tf").unlink()
    (tmp_path / "b").unlink()
    write(tmp_path, {"a/main.tf": PLAIN, "b/main.tf": PLAIN})
    found = changed(dblint, "--diff-base", "base")
    assert found["new"] == [UNENCRYPTED, ("rds-storage-unencrypted", "module.x.aws_db_instance.orders")]
    assert [note for note in found["notes"] if "leads out of the project" in note]


def test_named_files_are_the_focus(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"a/main.tf": SOUND, "a/other.tf": OTHER, "b/main.tf": SOUND})
    write(tmp_path, {"a/main.tf": TERRAFORM, "b/main.tf": TERRAFORM})
    assert changed(dblint, "--diff-base", "base", "a/main.tf")["new"] == [SINGLE]
    assert changed(dblint, "--diff-base", "base", "a/other.tf")["new"] == []
    moved = TERRAFORM.replace("false\n}", "false\n}\n")
    write(
        tmp_path, {"a/main.tf": SOUND, "a/other.tf": "locals {}\n", "a/new.tf": OTHER + moved.replace("orders", "new")}
    )
    found = changed(dblint, "--diff-base", "base", "a/new.tf")
    assert found["new"] == [("rds-single-az", "aws_db_instance.new")]


def test_a_base_that_could_not_be_read_is_said(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"main.tf": 'resource "aws_db_instance" "x" {'})
    write(tmp_path, {"main.tf": TERRAFORM})
    found = changed(dblint)
    assert found["new"] == [SINGLE]
    assert "it could not be read before the change" in found["notes"][0]


def test_another_hash(dblint: Call, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256", ".")
    commit(tmp_path, {"main.tf": TERRAFORM})
    write(tmp_path, {"main.tf": PLAIN})
    assert changed(dblint, "--diff-base", "HEAD")["new"] == [UNENCRYPTED]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--diff-base", "nowhere"], "--diff-base nowhere: there is no commit nowhere"),
        (["--diff-base", "--upload-pack=x"], "expected a commit, found --upload-pack=x"),
        (["--diff-base", "base", "--staged"], "exclude each other"),
        (["--diff-base", "orphan"], "HEAD and orphan have no common ancestor"),
        (["--diff-base", "base:main.tf"], "there is no commit base:main.tf"),
    ],
)
def test_what_can_not_be_compared(dblint: Call, tmp_path: Path, arguments: list[str], message: str) -> None:
    repository(tmp_path, {"main.tf": TERRAFORM})
    git(tmp_path, "checkout", "-q", "--orphan", "orphan")
    commit(tmp_path, {"other.tf": SOUND})
    git(tmp_path, "checkout", "-q", "main")
    ended = dblint("scan", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_a_shallow_clone_is_told_to_fetch(dblint: Call, tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"main.tf": TERRAFORM})
    commit(origin, {"main.tf": PLAIN})
    git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "clone")
    ended = dblint("scan", "--diff-base", "HEAD~1", cwd=tmp_path / "clone")
    assert (ended.code, "git fetch --unshallow" in ended.err) == (2, True)


def test_where_there_is_no_repository(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    ended = dblint("scan", "--staged")
    assert (ended.code, "not a git repository" in ended.err) == (2, True), ended.err
    write(tmp_path, {".git/HEAD": ""})
    assert dblint("scan", "--staged").code == 2


def test_a_conflict(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"main.tf": TERRAFORM})
    git(tmp_path, "checkout", "-q", "-b", "other")
    commit(tmp_path, {"main.tf": PLAIN})
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, {"main.tf": PLAIN.replace("false", "var.x")})
    with pytest.raises(AssertionError):
        git(tmp_path, "merge", "other")
    ended = dblint("scan", "--staged")
    assert (ended.code, "main.tf is in conflict" in ended.err) == (2, True)


def test_a_git_of_the_scanned_tree_is_not_started(
    dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path, {"main.tf": TERRAFORM})
    fake = tmp_path / "git"
    fake.write_text("#!/bin/sh\ntouch SPRUNG\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = dblint("scan", "--staged")
    assert (ended.code, "lies in what is scanned" in ended.err) == (2, True)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert "git is not installed" in dblint("scan", "--staged").err
    assert not (tmp_path / "SPRUNG").exists()


FILES = (
    "main.tf",
    "a/main.tf",
    "a/more.tf",
    "b/main.tf",
    "db/main.tf",
    "t.yaml",
    "a/terraform.tfvars",
    "b/x.auto.tfvars",
)
TEXTS = {
    ".tf": (None, TERRAFORM, PLAIN, SOUND, OTHER, CALL, CALL + OTHER, CALL.replace('"db"', '"two"'),
        VARIABLE, HIDDEN),
    ".tfvars": (None, "ha = true\n", "ha = false\n"),
    ".yaml": (None, TEMPLATE, OPEN_TEMPLATE, "a: b\n"),
}  # fmt: skip


def trees() -> st.SearchStrategy[dict[str, str | None]]:
    return st.fixed_dictionaries({name: st.sampled_from(TEXTS[Path(name).suffix]) for name in FILES})


def fingerprints(folder: Path, capfd: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capfd.readouterr()
    main(
        [
            "scan",
            str(folder),
            "-f",
            "json",
            "--allow-empty",
            "--select",
            "rds-single-az,rds-storage-unencrypted",
            *arguments,
        ]
    )
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=trees(), change=trees(), kept=st.sets(st.sampled_from(FILES), max_size=7))
def test_it_is_the_difference_of_two_whole_scans(
    tmp_path_factory: pytest.TempPathFactory,
    capfd: pytest.CaptureFixture[str],
    before: dict[str, str | None],
    change: dict[str, str | None],
    kept: set[str],
) -> None:
    """Whatever a change does, what is reported is what a whole scan finds now and did not find before."""
    folder = repository(tmp_path_factory.mktemp("r"), {path: text for path, text in before.items() if text is not None})
    old = fingerprints(folder, capfd)
    for path in set(FILES) - kept:
        (folder / path).unlink(missing_ok=True)
    write(folder, {path: text for path, text in change.items() if text is not None and path not in kept})
    new = fingerprints(folder, capfd)
    found = fingerprints(folder, capfd, "--diff-base", "base")
    was = {finding["fingerprint"] for finding in old["findings"]}
    now = {finding["fingerprint"] for finding in new["findings"]}
    told = {finding["fingerprint"] for finding in found["findings"]}
    worse = {name for name in now & was if _is_worse(_by(old, name), _by(new, name))}
    assert told == (now - was) | worse
    assert found["summary"]["unchanged"] == len((now & was) - worse)
    hidden = {finding["fingerprint"] for finding in new["suppressed"]}
    assert {finding["fingerprint"] for finding in found["fixed"]} == was - now - hidden


def _by(report: dict[str, Any], fingerprint: str) -> dict[str, set[str]]:
    """The scenarios of a finding, and its instances with the root before each of them."""
    [finding] = [finding for finding in report["findings"] if finding["fingerprint"] == fingerprint]
    spots = {text if ": " in text else f"{finding['root']}: {text}" for text in finding["instances"]}
    return {"spots": spots, **{name: set(names) for name, names in finding["scenarios"].items()}}


def _is_worse(old: dict[str, set[str]], new: dict[str, set[str]]) -> bool:
    """More instances, or more scenarios, than took the place of others; a scenario without a name was all of them."""
    if len(new["spots"] - old["spots"]) > len(old["spots"] - new["spots"]):
        return True
    if "default" in old["fail"]:
        return False
    added, gone = new["fail"] - old["fail"], old["fail"] - new["fail"] - new["pass"] - new["unknown"]
    sound = added & (old["pass"] | old["unknown"])
    return bool(sound) or len(added - sound) > len(gone)


def test_what_can_not_be_read_any_more_is_not_mended(dblint: Call, tmp_path: Path) -> None:
    repository(tmp_path, {"main.tf": TERRAFORM})
    write(tmp_path, {"main.tf": 'resource "aws_db_instance" {'})
    ended = dblint("scan", "--diff-base", "base")
    assert (ended.code, "fixed" in ended.out) == (2, False)


def test_what_a_change_adds_is_said(dblint: Call, tmp_path: Path) -> None:
    before = {"a/main.tf": CALL + VARIABLE, "db/main.tf": TERRAFORM, "a/prod.tfvars": "ha = true\n"}
    repository(tmp_path, {**before, "a/live.tfvars": "ha = false\n"})
    write(tmp_path, {"a/prod.tfvars": "ha = false\n", "a/more.tf": CALL.replace('"db"', '"two"')})
    out = dblint("scan", "--diff-base", "base", "--select", "rds-single-az").out
    assert "it was there before the change, which adds it in prod" in " ".join(out.split())
    assert "which adds it of a: module.two.aws_db_instance.orders" in " ".join(out.split())


def test_a_repository_that_is_named_through_a_link(dblint: Call, tmp_path: Path) -> None:
    project = repository(tmp_path / "real", {"a/main.tf": TERRAFORM, "dblint.toml": 'ignore = ["rds-single-az"]\n'})
    (tmp_path / "link").symlink_to(project / "a")
    assert dblint("scan", "link").code == 0  # the settings of the repository hold
    found = json.loads(dblint("scan", "link", "-f", "json", "--isolated").out)
    assert [finding["root"] for finding in found["findings"]] == ["a"]
