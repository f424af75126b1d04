"""What git ignores does not count, unless git tracks it or somebody names it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dblint.gitignore import MOST_STEPS
from dblint.scan import inputs
from dblint.sources.files import Files
from dblint.sources.ignored import LOOKED_AT, Ignored
from tests.cli_support import SOUND, TEMPLATE, TERRAFORM, Call, write
from tests.git_support import commit, git, needs_git, repository

Scan = Callable[..., dict[str, Any]]
Listed = Callable[..., list[str]]

UNSET = 'variable "ha" {\n  default = false\n}\n'
STEERED = TERRAFORM.replace("multi_az                  = false", "multi_az                  = var.ha") + UNSET


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository, as far as it is one for what does not ask git."""
    (tmp_path / "shop/.git").mkdir(parents=True)
    return tmp_path / "shop"


@pytest.fixture
def scan(dblint: Call, shop: Path) -> Scan:
    """The report of `dblint scan`, of one rule."""

    def call(*arguments: str) -> dict[str, Any]:
        ended = dblint("scan", "-f", "json", "--select", "rds-single-az", *arguments, cwd=shop)
        assert ended.code in (0, 1), ended.err
        report: dict[str, Any] = json.loads(ended.out)
        return report

    return call


@pytest.fixture
def listed(dblint: Call, shop: Path) -> Listed:
    """What `dblint scan --show-files` lists."""

    def call(*arguments: str) -> list[str]:
        ended = dblint("scan", "--show-files", *arguments, cwd=shop)
        assert ended.code == 0, ended.err
        return ended.out.split()

    return call


def found(report: dict[str, Any]) -> set[str]:
    """The files with findings."""
    return {label["path"] for finding in report["findings"] for label in finding["labels"] if label["primary"]}


def test_every_ending_that_is_read_is_asked_about() -> None:
    assert all(ending.endswith(LOOKED_AT) for ending in (*inputs.TERRAFORM, *inputs.TEMPLATES))


def test_what_git_ignores_is_not_looked_at(shop: Path, scan: Scan, listed: Listed) -> None:
    write(
        shop,
        {".gitignore": "old/\n*.bak.tf\n!kept.bak.tf\n/only.tf\n", "main.tf": TERRAFORM, "old/main.tf": TERRAFORM},
    )
    write(shop, {"x.bak.tf": TERRAFORM, "a/kept.bak.tf": TERRAFORM, "only.tf": TERRAFORM, "b/only.tf": TERRAFORM})
    write(shop, {"b/.gitignore": "c.tf\n", "b/c.tf": TERRAFORM, "b/d/c.tf": TERRAFORM, "e/c.tf": SOUND})
    write(shop, {".git/info/exclude": "mine.yaml\n", "mine.yaml": TEMPLATE})
    report = scan()
    assert found(report) == {"main.tf", "a/kept.bak.tf", "b/only.tf"}
    assert listed() == ["a/kept.bak.tf", "b/only.tf", "e/c.tf", "main.tf"]
    everything = [*listed(), "b/c.tf", "b/d/c.tf", "mine.yaml", "old/main.tf", "only.tf", "x.bak.tf"]
    assert listed("--no-respect-gitignore") == sorted(everything)


def test_it_is_said_what_was_left_out(shop: Path, dblint: Call, scan: Scan) -> None:
    write(shop, {".gitignore": "old/\n*.tfvars\nlocal.yaml\n", "main.tf": STEERED, "prod.tfvars": "ha = true\n"})
    write(shop, {"local.yaml": "", "old/x.tf": ""})
    notes = {(note["kind"], note["path"]): note["message"] for note in scan()["coverage"]["notes"]}
    assert notes.keys() == {("ignored", "prod.tfvars"), ("left-out", ".")}
    assert notes["left-out", "."].startswith("git ignores 1 folder and 1 file that")
    assert "1 file that git ignores: --show-coverage" in dblint("scan", cwd=shop).out
    write(shop, {".gitignore": "old/\n"})
    assert "git ignores" not in dblint("scan", cwd=shop).out


def test_many_files_are_counted(shop: Path, scan: Scan) -> None:
    write(shop, {".gitignore": "*.tfvars\n", "main.tf": STEERED, **{f"{n}.tfvars": "ha = true\n" for n in range(30)}})
    notes = [note["message"] for note in scan()["coverage"]["notes"] if note["kind"] == "ignored"]
    assert len(notes) == 21 and notes.count("git ignores 10 more files of Terraform") == 1


def test_values_of_ones_own_are_no_scenario(shop: Path, scan: Scan) -> None:
    """What only one machine has does not decide, be it for better or for worse; what is named does."""
    write(shop, {".gitignore": "*.tfvars\n*_override.tf\n.terraform.lock.hcl\n", "main.tf": STEERED})
    write(shop, {"prod.tfvars": "ha = true\n", "terraform.tfvars": "ha = true\n", ".terraform.lock.hcl": ""})
    write(shop, {"a_override.tf": 'resource "aws_db_instance" "orders" {\n  multi_az = true\n}\n'})
    by_folder, by_file = scan(), scan("main.tf")
    assert found(by_folder) == found(by_file) == {"main.tf"} and by_folder["run"]["scenarios"] == ["default"]
    assert found(scan("--no-respect-gitignore")) == set()
    assert found(scan("--var-file", "prod.tfvars")) == set()
    write(shop, {"dblint.toml": '[scenarios.live]\nvar-files = ["prod.tfvars"]\n'})
    assert scan()["run"]["scenarios"] == ["live"] and found(scan()) == set()


def test_what_is_named_is_looked_at(shop: Path, scan: Scan, listed: Listed) -> None:
    write(shop, {".gitignore": "old/\nx.tf\n", "old/a/main.tf": TERRAFORM, "old/b.tf": SOUND, "x.tf": TERRAFORM})
    assert listed("old") == ["old/a/main.tf", "old/b.tf"]
    assert listed("old/a") == listed("old/a/main.tf") == ["old/a/main.tf"]
    assert listed(".", "x.tf", "old/a") == ["old/a/main.tf", "x.tf"]
    assert found(scan("x.tf")) == {"x.tf"}
    for named in (["old"], ["old/a"], ["old/a/main.tf"], ["x.tf"]):
        assert listed("--force-exclude", *named) == []


def test_a_folder_that_is_named_may_ignore_itself(shop: Path, listed: Listed) -> None:
    """As tools write it into what they make."""
    write(shop, {".gitignore": "out/\n", "out/.gitignore": "*\n", "out/main.tf": SOUND, "out/a/x.tf": SOUND})
    write(shop, {"cdk.out/.gitignore": "*\n", "cdk.out/a/x.template.json": TEMPLATE, "main.tf": SOUND})
    assert listed("out") == ["out/a/x.tf", "out/main.tf"]
    assert listed() == ["cdk.out/a/x.template.json", "main.tf"]


def test_of_a_file_that_is_named_only_what_is_left_out_beside_it_is_said(shop: Path, scan: Scan) -> None:
    write(shop, {".gitignore": "*.tfvars\n", "a/main.tf": STEERED, "a/prod.tfvars": "", "b/x.tfvars": "", "b/y.tf": ""})
    assert [note["path"] for note in scan("a/main.tf")["coverage"]["notes"]] == ["a/prod.tfvars"]
    assert [note["path"] for note in scan()["coverage"]["notes"]] == ["a/prod.tfvars", "b/x.tfvars"]


def test_a_module_that_is_called_is_read(shop: Path, scan: Scan, listed: Listed) -> None:
    """Only the search respects what git ignores: what code refers to is part of it."""
    manifest = {"Modules": [{"Key": "db", "Source": "x/y/aws", "Dir": ".terraform/modules/db"}]}
    calls = 'module "db" {\n  source = "x/y/aws"\n}\nmodule "made" {\n  source = "./made"\n}\n'
    write(shop, {".gitignore": "**/.terraform/*\n/made/\n", "main.tf": calls, "made/main.tf": TERRAFORM})
    write(shop, {".terraform/modules/modules.json": json.dumps(manifest), ".terraform/modules/db/main.tf": TERRAFORM})
    addresses = {address for finding in scan()["findings"] for address in finding["instances"]}
    assert addresses == {"module.db.aws_db_instance.orders", "module.made.aws_db_instance.orders"}
    assert listed() == ["main.tf"]


def test_files_that_code_reads_are_read(shop: Path, scan: Scan) -> None:
    for condition in (
        'fileexists("on.json")',
        'length(fileset(path.module, "*.json")) == 1',
        'file("on.json") == "{}"',
    ):
        code = TERRAFORM.replace("multi_az                  = false", f"multi_az = {condition}")
        write(shop, {".gitignore": "*.json\n", "on.json": "{}", "main.tf": code})
        assert found(scan()) == set()


@pytest.mark.parametrize("folder", ["cdk.out", "a/cdk.out/nested", "cdktf.out/stacks/x", ".serverless"])
def test_what_tools_generate_is_looked_at(shop: Path, listed: Listed, folder: str) -> None:
    write(shop, {".gitignore": "cdk.out\ncdktf.out/\n.serverless\n", f"{folder}/template.json": TEMPLATE})
    assert listed() == [f"{folder}/template.json"]


@needs_git
def test_what_git_tracks_counts_although_it_is_ignored(shop: Path, listed: Listed) -> None:
    repository(shop, {"build/a/main.tf": SOUND, "prod.tfvars": "", "main.tf": SOUND})
    write(
        shop,
        {".gitignore": "build\n*.tfvars\n", "build/a/new.tf": "", "build/b/x.tf": "", "my.tfvars": ""},
    )
    assert listed() == ["build/a/main.tf", "main.tf", "prod.tfvars"]
    assert listed("--force-exclude", "build/a/main.tf", "build/a/new.tf") == ["build/a/main.tf"]
    git(shop, "rm", "-q", "--cached", "prod.tfvars")
    assert listed() == ["build/a/main.tf", "main.tf"]


@needs_git
def test_a_repository_in_a_repository_has_its_own(shop: Path, listed: Listed) -> None:
    repository(shop, {".gitignore": "*.tfvars\n", "main.tf": SOUND, "a.tfvars": ""})
    repository(shop / "inner", {"main.tf": SOUND, "a.tfvars": "", "b.tf": ""})
    write(shop / "inner", {".gitignore": "b.tf\nc.tf\n", "c.tf": ""})
    assert listed() == ["inner/a.tfvars", "inner/b.tf", "inner/main.tf", "main.tf"]


@needs_git
def test_a_change_is_judged_by_the_patterns_of_each_side(shop: Path, scan: Scan) -> None:
    """A file that is ignored on both sides brings nothing; one that is ignored no more is new."""
    repository(shop, {".gitignore": "old/\nprod.tfvars\n", "main.tf": STEERED})
    write(shop, {"old/main.tf": TERRAFORM, "prod.tfvars": "ha = true\n"})

    def new() -> set[str]:
        return found(scan("--diff-base", "base"))

    assert new() == set()
    write(shop, {".gitignore": "prod.tfvars\n"})
    assert new() == {"old/main.tf"}
    commit(shop, {})
    assert new() == {"old/main.tf"}


def test_the_setting(shop: Path, dblint: Call, listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    write(shop, {".gitignore": "x.tf\n", "x.tf": TERRAFORM, "dblint.toml": "respect-gitignore = false\n"})
    assert listed() == ["x.tf"]
    shown = dblint("config", "show", cwd=shop).out
    assert "respect-gitignore = false" in shown and "dblint.toml" in shown
    assert "respect-gitignore = false" in dblint("config", "show", "--no-respect-gitignore", cwd=shop).out
    write(shop, {"dblint.toml": ""})
    monkeypatch.setenv("DBLINT_RESPECT_GITIGNORE", "false")
    assert listed() == ["x.tf"]


def test_nothing_but_what_is_ignored_is_no_input(shop: Path, dblint: Call) -> None:
    write(shop, {".gitignore": "x.tf\n", "x.tf": TERRAFORM})
    ended = dblint("scan", cwd=shop)
    assert ended.code == 2 and "but for what git ignores (--no-respect-gitignore)" in ended.err


@pytest.mark.parametrize("kind", ["link", "outside", "pipe", "folder", "huge", "many", "binary", "mode"])
def test_a_file_of_patterns_may_be_anything(shop: Path, scan: Scan, kind: str, tmp_path: Path) -> None:
    write(shop, {"main.tf": TERRAFORM, "patterns": "main.tf\n"})
    write(tmp_path, {"outside": "main.tf\n"})
    path, notes = shop / ".gitignore", 0
    match kind:
        case "link":
            path.symlink_to("patterns")  # git follows none either
        case "outside":
            path.symlink_to(tmp_path / "outside")
        case "pipe":
            os.mkfifo(path)
            notes = 1
        case "folder":
            path.mkdir()
        case "huge":
            path.write_bytes(b"main.tf\n" * 200_000)
            notes = 1
        case "many":
            path.write_bytes(b"main.t?\n" * 30_000)
            notes = 1
        case "binary":
            path.write_bytes(bytes(range(256)) * 100)
        case "mode":
            path.write_text("x\n")
            path.chmod(0)
            notes = int(os.geteuid() != 0)
    report = scan()
    assert found(report) == {"main.tf"}
    assert [note["path"] for note in report["coverage"]["notes"] if note["kind"] == "limit"] == [".gitignore"] * notes


def test_patterns_of_nested_files_are_bounded_together(shop: Path, scan: Scan) -> None:
    """However many files have a say in a folder, a path is compared with so many."""
    for depth in range(1, 5):
        folder = "/".join(["d"] * depth)
        write(
            shop, {f"{folder}/.gitignore": b"f%d?\n" % depth * (MOST_STEPS // 3), f"{folder}/f{depth}x/x.tf": TERRAFORM}
        )
    report = scan()
    assert found(report) == {"d/d/d/d/f4x/x.tf"}
    [note] = [note for note in report["coverage"]["notes"] if note["kind"] == "limit"]
    assert note["path"] == "d/d/d/d/.gitignore"


def test_deep_folders(shop: Path, listed: Listed) -> None:
    write(shop, {".gitignore": "x.tf\n", "main.tf": ""})
    there = shop.joinpath(*["d"] * 400)
    there.mkdir(parents=True)
    write(there, {"x.tf": ""})
    try:
        assert listed() == listed(".", str(there)) == ["main.tf"]
    finally:
        (there / "x.tf").unlink()  # pytest can not remove what is that deep
        while there != shop:
            there.rmdir()
            there = there.parent


NAMES = ["a", "b", "x.tf", "y.tf", "a.tf"]
PATHS = st.lists(st.sampled_from(NAMES), min_size=0, max_size=3).flatmap(
    lambda folders: st.sampled_from(["x.tf", "y.tf", "a.tf"]).map(lambda name: "/".join([*folders, name]))
)
PATTERNS = st.lists(
    st.sampled_from(
        [
            "a",
            "a/",
            "/a",
            "x.tf",
            "*.tf",
            "!x.tf",
            "!a/",
            "!*.tf",
            "a/*",
            "**/b",
            "b/**",
            "/b/x.tf",
            "a/b",
            "?",
            "!b",
            "*",
            "!*/",
        ]
    ),
    max_size=4,
).map("\n".join)


@needs_git
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    paths=st.lists(PATHS, min_size=1, max_size=12, unique=True),
    ignores=st.dictionaries(st.sampled_from(["", "a/", "b/", "a/b/"]), PATTERNS, max_size=3),
    excludes=PATTERNS,
    tracked=st.sets(st.integers(0, 11), max_size=3),
)
def test_random_trees_are_what_git_shows(
    tmp_path: Path, paths: list[str], ignores: dict[str, str], excludes: str, tracked: set[int]
) -> None:
    """What is found are the files that git tracks, and those that it would add."""
    folder = tmp_path / "tree"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    git(folder, "init", "-q", ".")
    made = []
    for path in paths:
        place = folder / path
        if not any(above.is_file() for above in place.parents) and not place.exists():
            write(folder, {path: "x"})
            made.append(path)
    for number in tracked:
        if number < len(made):
            git(folder, "add", "-f", made[number])
    for head, text in ignores.items():
        if (folder / head).is_dir():
            write(folder, {f"{head}.gitignore": text})
    write(folder, {".git/info/exclude": excludes})
    shown = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    expected = sorted({path for path in shown if path.endswith(".tf")})
    files = Files(folder)
    files.ignored = Ignored(files)
    files.add(folder)
    assert sorted(path for path in files.all() if path.endswith(".tf")) == expected
    for path in made:
        one = Files(folder)
        one.ignored = Ignored(one)
        assert one.ignored.is_file(path) == (path not in expected)
