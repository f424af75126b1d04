"""Input that can not be read: stderr names the file, the others are judged, exit 2, no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli_support import TEMPLATE, TERRAFORM, Call, in_process_of_its_own, write

GOOD = {"good/main.tf": TERRAFORM, "good/template.yaml": TEMPLATE}


def judged(out: str) -> bool:
    """Whether the good files were judged."""
    return "good/main.tf:9:3: high rds-single-az" in out and "good/template.yaml:16" in out


BAD: dict[str, tuple[dict[str, str | bytes], str]] = {
    "tf-unbalanced": ({"bad.tf": 'resource "aws_db_instance" "a" {\n  engine = "x"\n'}, "bad.tf:"),
    "tf-stray": ({"bad.tf": "}\n"}, "bad.tf:1"),
    "tf-no-hcl": ({"bad.tf": "%%% this is no HCL at all\n"}, "bad.tf:1"),
    "tf-string": ({"bad.tf": 'resource "aws_db_instance" "a" {\n  engine = "open\n}\n'}, "bad.tf:2"),
    "tf-not-utf8": ({"bad.tf": b'locals {\n  a = "\xff\xfe"\n}\n'}, "bad.tf"),
    "tf-binary": ({"bad.tf": b"\x00\x01\x02\x03" * 100}, "bad.tf"),
    "tf-json": ({"bad.tf.json": '{"resource": {"aws_db_instance": \n {"a": {'}, "bad.tf.json"),
    "tf-deep": ({"bad.tf": "locals {\n  a = " + "[" * 5000 + "]" * 5000 + "\n}\n" + TERRAFORM}, "bad.tf"),
    "yaml-broken": ({"bad.yaml": TEMPLATE + "  - x: [\n"}, "bad.yaml:"),
    "yaml-tab": ({"bad.yaml": TEMPLATE.replace("    Type", "\tType")}, "bad.yaml:4"),
    "yaml-not-utf8": ({"bad.yaml": TEMPLATE.encode() + b"# \xff\xfe\n"}, "bad.yaml"),
    "yaml-binary": ({"bad.yaml": TEMPLATE.encode() + b"\x00\x01\x02"}, "bad.yaml"),
    "yaml-deep": ({"bad.yaml": TEMPLATE + "X: " + "[" * 5000 + "]" * 5000 + "\n"}, "bad.yaml"),
    "yaml-bomb": (
        {
            "bad.yaml": "a0: &a0 [x, x]\n"
            + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
            + TEMPLATE.replace("AWSTemplateFormatVersion", "Metadata: *a39\nAWSTemplateFormatVersion")
        },
        "bad.yaml",
    ),
    "json-broken": ({"bad.json": '{"Resources": {"A": {"Type": "AWS::RDS::DBInstance",}}'}, "bad.json:"),
    "json-deep": ({"bad.json": '{"Resources": {"A": {"Type": "AWS::RDS::DBInstance", "x": ' + "[" * 9000}, "bad.json"),
    "oversized-yaml": ({"bad.yaml": TEMPLATE + "# x\n" * 3_000_000}, "bad.yaml"),
    "oversized-tf": ({"bad.tf": TERRAFORM + "# x\n" * 3_000_000}, "bad.tf"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_the_others_are_judged(dblint: Call, tmp_path: Path, name: str) -> None:
    files, place = BAD[name]
    write(tmp_path, {**GOOD, **files})
    ended = dblint("scan", "-f", "concise")
    assert ended.code == 2, ended
    assert f"error: {place}" in ended.err
    assert "Traceback" not in ended.err
    assert "internal error" not in ended.err
    assert judged(ended.out)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_named_alone(tmp_path: Path, name: str) -> None:
    files, place = BAD[name]
    write(tmp_path, files)
    ended = in_process_of_its_own("scan", next(iter(files)), cwd=tmp_path)
    assert ended.code == 2, ended
    assert f"error: {place}" in ended.err
    assert "Traceback" not in ended.err


def test_a_missing_path(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    ended = dblint("scan", "good", "missing", "-f", "concise")
    assert (ended.code, judged(ended.out)) == (2, True)
    assert "error: missing: no such file or folder" in ended.err


def test_an_empty_folder(dblint: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = dblint("scan", "empty")
    assert ended.code == 2
    assert ended.err.startswith("error: empty: nothing to scan")
    assert dblint("scan", "empty", "--allow-empty").code == 0


def test_a_folder_without_databases_is_not_empty(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_s3_bucket" "a" {}\n', "values.yaml": "a: 1\n"})
    ended = dblint("scan")
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
@pytest.mark.parametrize("name", ["bad.tf", "bad.yaml"])
def test_an_unreadable_file(dblint: Call, tmp_path: Path, name: str) -> None:
    write(tmp_path, {**GOOD, name: TERRAFORM})
    (tmp_path / name).chmod(0)
    ended = dblint("scan", "-f", "concise")
    assert (ended.code, judged(ended.out)) == (2, True)
    assert f"error: {name}: permission denied" in ended.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_an_unreadable_folder(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "closed/main.tf": TERRAFORM})
    (tmp_path / "closed").chmod(0)
    ended = dblint("scan", "-f", "concise")
    (tmp_path / "closed").chmod(0o700)
    assert (ended.code, judged(ended.out)) == (2, True)
    assert "error: closed: permission denied" in ended.err


@pytest.mark.parametrize("name", ["bad.tf", "bad.yaml"])
@pytest.mark.parametrize("named", [True, False])
def test_a_pipe_is_never_waited_for(tmp_path: Path, name: str, named: bool) -> None:
    write(tmp_path, GOOD)
    os.mkfifo(tmp_path / name)
    ended = in_process_of_its_own("scan", *(["good", name] if named else []), "-f", "concise", cwd=tmp_path, timeout=20)
    assert (ended.code, judged(ended.out)) == (2, True)
    assert f"error: {name}: " in ended.err
    assert "it is not a regular file" in ended.err


@pytest.mark.parametrize("name", ["bad.tf", "bad.yaml"])
def test_a_link_that_leads_to_itself(dblint: Call, tmp_path: Path, name: str) -> None:
    write(tmp_path, GOOD)
    (tmp_path / name).symlink_to(tmp_path / name)
    for arguments in ([], ["good", name]):
        ended = dblint("scan", *arguments, "-f", "concise")
        assert (ended.code, judged(ended.out)) == (2, True), ended
        assert f"error: {name}: " in ended.err


def test_folders_that_link_to_each_other(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "good" / "again").symlink_to(tmp_path)
    ended = dblint("scan", "-f", "concise")
    assert (ended.code, judged(ended.out), ended.err) == (1, True, "")


@pytest.mark.parametrize("name", ["bad.tf", "bad.yaml"])
def test_a_link_that_leads_nowhere_is_no_file(dblint: Call, tmp_path: Path, name: str) -> None:
    write(tmp_path, GOOD)
    (tmp_path / name).symlink_to("gone")
    ended = dblint("scan", "-f", "concise")
    assert (ended.code, judged(ended.out), ended.err) == (1, True, "")


@pytest.mark.parametrize("name", ["bad.tf", "bad.yaml"])
def test_a_link_that_leads_out_of_the_project(dblint: Call, tmp_path: Path, name: str) -> None:
    write(tmp_path, {"outside/main.tf": TERRAFORM, "repo/.git/HEAD": ""})
    write(tmp_path / "repo", GOOD)
    (tmp_path / "repo" / name).symlink_to(tmp_path / "outside" / "main.tf")
    ended = dblint("scan", "-f", "concise", cwd=tmp_path / "repo")
    assert (ended.code, judged(ended.out)) == (2, True)
    assert f"error: {name}: " in ended.err
    assert "it leads out of the project" in ended.err


def test_a_crashing_rule(dblint: Call, tmp_path: Path) -> None:
    rule = (
        "from dblint import LOW, rule\nfrom dblint.aws.rds import DBInstance\n\n\n"
        '@rule(severity=LOW, category="fitness")\n'
        'def crashing(db: DBInstance) -> bool:\n    """It crashes."""\n    return db.Engine / 2 == 1\n'
    )
    write(tmp_path, {**GOOD, "pack/mine/crashing.py": rule})
    ended = dblint("scan", "good", "--rules", "pack", "-f", "concise", all_rules=True)
    assert (ended.code, judged(ended.out)) == (2, True)
    assert "rule mine-crashing (mine/crashing.py:8) crashed on " in ended.err
    assert "Traceback" not in ended.err
    assert "Traceback" in dblint("scan", "good", "--rules", "pack", "-v", all_rules=True).err


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b"a = '\xff'", b"x" * 2_000_000, b"\x00", b"a = " + b"{a = " * 5000],
    ids=["deep", "not-utf8", "oversized", "binary", "nested"],
)
def test_settings_that_can_not_be_read(dblint: Call, tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {**GOOD, "dblint.toml": content})
    ended = dblint("scan")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: dblint.toml")
    assert "Traceback" not in ended.err


def test_settings_that_are_a_pipe_or_a_loop(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    os.mkfifo(tmp_path / "dblint.toml")
    ended = in_process_of_its_own("scan", cwd=tmp_path, timeout=20)
    assert (ended.code, "error: dblint.toml: the settings can not be read" in ended.err) == (2, True)
    (tmp_path / "dblint.toml").unlink()
    (tmp_path / "dblint.toml").symlink_to("dblint.toml")
    ended = in_process_of_its_own("scan", cwd=tmp_path, timeout=20)
    assert (ended.code, "error: dblint.toml: the settings can not be read" in ended.err) == (2, True)
