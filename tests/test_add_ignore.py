"""`--add-ignore`: suppressions are written where they hide what was found, and nothing else is changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_support import TEMPLATE, TERRAFORM, Call, write
from tests.test_suppressions_whole import MODULE, TEMPLATE_JSON, TERRAFORM_JSON, VARIABLE

REASON = "rebuilt nightly — für immer"
COMMENT = f"# dblint: ignore[rds-single-az] {REASON}"
ITEM = f'{{"rules": ["rds-single-az"], "reason": "{REASON}"}}'
HEREDOC = TERRAFORM.replace("{\n", "{\n  identifier = <<-X\n    text\n  multi_az\n  X\n", 1)


OTHERS = '{"dblint": {"ignore": [{"rules": ["rds-no-final-snapshot"]}]}}'


def added(name: str, text: str, at: str, new: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """A case: one file, and how it looks with the new text before the first place of `at`."""
    head, sign, tail = text.partition(at)
    assert sign
    return name, {name: text}, {name: head + new + sign + tail}


CASES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "a resource": added("main.tf", TERRAFORM, "resource", f"{COMMENT}\n"),
    "below other blocks": added("main.tf", f"locals {{\n  a = 1\n}}\n\n{TERRAFORM}", "resource", f"{COMMENT}\n"),
    "with a heredoc": added("main.tf", HEREDOC, "resource", f"{COMMENT}\n"),
    "ends of lines of Windows": added(
        "main.tf", TERRAFORM.replace("\n", "\r\n"), "resource", f"{COMMENT}\r\n"),
    "a logical id": added("t.yaml", TEMPLATE, "  Orders:", f"  {COMMENT}\n"),
    "json": added("t.json", TEMPLATE_JSON, '"Type"', f'"Metadata": {{"dblint": {{"ignore": [{ITEM}]}}}},\n  '),
    "json with metadata": added(
        "t.json", TEMPLATE_JSON.replace('"Type"', '"Metadata": {"a": 1}, "Type"'), '"a"',
        f'"dblint": {{"ignore": [{ITEM}]}}, '),
    "json with empty metadata": added(
        "t.json", TEMPLATE_JSON.replace('"Type"', '"Metadata": {}, "Type"'), '}, "Type"',
        f'"dblint": {{"ignore": [{ITEM}]}}'),
    "json with suppressions": added(
        "t.json", TEMPLATE_JSON.replace('"Type"', f'"Metadata": {OTHERS}, "Type"'),
        '{"rules"', f"{ITEM}, "),
    "json of terraform": added(
        "main.tf.json", TERRAFORM_JSON, '"engine"', f'"//": {{"dblint": {{"ignore": [{ITEM}]}}}},\n  '),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_where_it_is_written(dblint: Call, tmp_path: Path, case: str) -> None:
    name, before, after = CASES[case]
    for path, text in before.items():
        (tmp_path / path).write_bytes(text.encode())
    ended = dblint("scan", "--select", "rds-single-az", "--add-ignore", REASON)
    assert (ended.code, f"changed: {name}" in ended.err, "1 accepted in 1 file" in ended.err) == (0, True, True), (
        ended.err
    )
    assert {path: (tmp_path / path).read_bytes().decode() for path in after} == after
    again = dblint("scan", "--select", "rds-single-az", "--add-ignore", REASON)
    assert (again.code, "0 accepted in 0 files" in again.err) == (0, True)
    assert {path: (tmp_path / path).read_bytes().decode() for path in after} == after


def test_a_module_call_is_narrowed_to_the_resource(dblint: Call, tmp_path: Path) -> None:
    module = VARIABLE + TERRAFORM.replace('"orders"', '"other"')
    write(tmp_path, {"main.tf": MODULE.replace("}", "  ha = false\n}"), "db/main.tf": module})
    assert dblint("scan", "--add-ignore", "why").code == 0
    narrowed = "# dblint: ignore[rds-single-az] resource=module.db.aws_db_instance.orders why\n"
    assert (tmp_path / "main.tf").read_text() == narrowed + MODULE.replace("}", "  ha = false\n}")
    head, _, tail = module.partition('resource "aws_db_instance" "other"')
    expected = f'{head}# dblint: ignore[rds-single-az] why\nresource "aws_db_instance" "other"{tail}'
    assert (tmp_path / "db/main.tf").read_text() == expected


def test_where_one_place_is_not_enough_it_is_the_resource(dblint: Call, tmp_path: Path) -> None:
    """Values of two files of variables decide it: a comment in one leaves the other."""
    write(tmp_path, {"main.tf": VARIABLE, "prod.tfvars": "ha = false\n", "live.tfvars": "ha = false\n"})
    assert dblint("scan", "--add-ignore", "why").code == 0
    assert (tmp_path / "prod.tfvars").read_text() == (tmp_path / "live.tfvars").read_text() == "ha = false\n"
    assert (tmp_path / "main.tf").read_text() == f"# dblint: ignore[rds-single-az] why\n{VARIABLE}"


def test_a_file_of_variables(dblint: Call, tmp_path: Path) -> None:
    text = f'{VARIABLE}variable "x" {{}}\n'
    write(tmp_path, {"main.tf": text, "prod.tfvars": "x = [\n  1,\n]\nha = false\n", "dev.tfvars": "ha = true\n"})
    assert dblint("scan", "--add-ignore", "why").code == 0
    expected = "x = [\n  1,\n]\n# dblint: ignore[rds-single-az] why\nha = false\n"
    assert (tmp_path / "prod.tfvars").read_text() == expected


@pytest.mark.parametrize(
    ("text", "at", "indent"),
    [
        ("locals {\n  b  = [\n    1,\n  ]\n  ha = false\n}\n", "  ha = false", "  "),
        ("locals {\n  ha = anytrue([\n    false,\n  ])\n}\n", "  ha = any", "  "),
        ("# words\nlocals { ha = false }\n", "locals", ""),
        ('variable "x" {}\n\nvariable "ha" {\n  default = false\n}\n', 'variable "ha"', ""),
    ],
)
def test_a_value_of_another_file(dblint: Call, tmp_path: Path, text: str, at: str, indent: str) -> None:
    kind = "local" if "locals" in text else "var"
    main = TERRAFORM.replace("= false\n}", f"= {kind}.ha\n}}")
    write(tmp_path, {"main.tf": main, "values.tf": text})
    assert dblint("scan", "--add-ignore", "why").code == 0
    head, sign, tail = text.partition(at)
    assert (tmp_path / "main.tf").read_text() == main
    assert (tmp_path / "values.tf").read_text() == f"{head}{indent}# dblint: ignore[rds-single-az] why\n{sign}{tail}"


def test_rules_of_one_place_share_a_comment(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM.replace("= 14", "= 0")})
    assert dblint("scan", "--add-ignore", "until=2999-01-31 ticket=OPS-7 waits").code == 0
    first = (tmp_path / "main.tf").read_text().split("\n")[0]
    rules = "rds-backups-disabled, rds-single-az"
    assert first == f"# dblint: ignore[{rules}] until=2999-01-31 ticket=OPS-7 waits"


def test_what_narrows_is_written_as_data_too(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"t.json": TEMPLATE_JSON})
    assert dblint("scan", "--add-ignore", "until=2999-01-31 scenario=default waits").code == 0
    metadata = json.loads((tmp_path / "t.json").read_text())["Resources"]["Orders"]["Metadata"]
    item = {"rules": ["rds-single-az"], "reason": "waits", "until": "2999-01-31", "scenario": "default"}
    assert metadata == {"dblint": {"ignore": [item]}}


def test_the_mark_of_the_order_of_bytes_stays(dblint: Call, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(b"\xef\xbb\xbf" + TERRAFORM.encode())
    (tmp_path / "main.tf").chmod(0o640)
    assert dblint("scan", "--add-ignore", "why").code == 0
    expected = b"\xef\xbb\xbf# dblint: ignore[rds-single-az] why\n" + TERRAFORM.encode()
    assert (tmp_path / "main.tf").read_bytes() == expected
    assert (tmp_path / "main.tf").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": TERRAFORM, "dblint.toml": "[rules.rds-single-az]\nignorable = false\n"},
        {"main.tf.json": TERRAFORM_JSON.replace('"engine"', '"//": "a remark", "engine"')},
        {"t.json": TEMPLATE_JSON.replace('"Type"', '"Metadata": {"dblint": 3}, "Type"')},
        {
            "main.tf": 'module "db" {\n  source = "x/y/z"\n}\n',
            ".terraform/modules/modules.json":
                '{"Modules": [{"Key": "db", "Source": "x/y/z", "Dir": ".terraform/modules/db"}]}',
            ".terraform/modules/db/main.tf": TERRAFORM,
        },
    ],
    ids=["immune", "a remark", "no place", "an installed module"],
)  # fmt: skip
def test_what_can_not_be_accepted_is_left_alone(dblint: Call, tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, files)
    ended = dblint("scan", "--select", "rds-single-az", "--add-ignore", "why")
    assert (ended.code, "0 accepted in 0 files; 1 could not be" in ended.err) == (1, True), ended.err
    assert {path: (tmp_path / path).read_text() for path in files} == files


def test_only_what_is_shown_is_accepted(dblint: Call, tmp_path: Path) -> None:
    other = TERRAFORM.replace('"orders"', '"other"')
    write(tmp_path, {"a.tf": TERRAFORM, "b.tf": other, "c.tf": TERRAFORM.replace("orders", "c").replace("= 14", "= 0")})
    assert dblint("scan", "a.tf", "--add-ignore", "why").code == 0
    assert dblint("scan", "c.tf", "--select", "rds-backups-disabled", "--add-ignore", "why").code == 0
    assert (tmp_path / "b.tf").read_text() == other
    assert (tmp_path / "c.tf").read_text().startswith("# dblint: ignore[rds-backups-disabled] why\n")


def test_a_link_out_of_the_project_is_not_followed(dblint: Call, tmp_path: Path) -> None:
    project = write(tmp_path / "repo", {"main.tf": MODULE, "db/other.tf": "locals {}\n", ".git/HEAD": ""})
    write(tmp_path, {"elsewhere.tf": TERRAFORM})
    (project / "db/main.tf").symlink_to("../real.tf")
    write(project, {"real.tf": TERRAFORM})
    assert dblint("scan", "--add-ignore", "why", cwd=project).code == 0
    assert (project / "db/main.tf").is_symlink()
    assert (tmp_path / "elsewhere.tf").read_text() == TERRAFORM


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--add-ignore", ""], "expected a reason in one line"),
        (["--add-ignore", "until=2999-01-01"], "expected a reason in one line"),
        (["--add-ignore", "one\ntwo"], "expected a reason in one line"),
        (["--add-ignore", "until=soon x"], "expected until=YYYY-MM-DD"),
        (["--add-ignore", "why", "--staged"], "--add-ignore and --staged exclude each other"),
        (["--add-ignore", "why", "--no-suppressions"], "--no-suppressions exclude each other"),
    ],
)
def test_wrong_usage(dblint: Call, tmp_path: Path, arguments: list[str], message: str) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    from tests.git_support import repository

    repository(tmp_path, {})
    ended = dblint("scan", *arguments)
    assert (ended.code, message in ended.err) == (2, True), ended.err
    assert (tmp_path / "main.tf").read_text() == TERRAFORM
