"""Where settings come from, and `dblint config`, through the real command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dblint.settings.build import SCHEMA
from dblint.settings.toml import parse
from tests.cli_support import TERRAFORM, Call, write

SHOWN = """\
profile = "strict"  # DBLINT_PROFILE
fail-on = "critical"  # --fail-on
min-severity = "medium"  # base.toml:2
output-format = "full"  # built-in
extend-select = ["rds-*", "ALL"]  # base.toml:3, dblint.toml:2
extend = "base.toml"  # dblint.toml:1
"""


def test_show_names_the_origin_of_each_value(dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        {
            "dblint.toml": 'extend = "base.toml"\nextend-select = ["ALL"]\n[[ignores]]\nrules = ["a"]\nreason = "b"\n',
            "base.toml": 'profile = "audit"\nmin-severity = "medium"\nextend-select = ["rds-*"]\n'
            "[suppressions]\nrequire-reason = true\n",
            "main.tf": TERRAFORM,
        },
    )
    monkeypatch.setenv("DBLINT_PROFILE", "strict")
    ended = dblint("config", "show", "--fail-on", "critical")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(SHOWN)
    assert "\n[environments]\nproduction = [" in ended.out
    assert "\nrequire-reason = true  # base.toml:5\n" in ended.out
    assert '\n# dblint.toml:3\n[[ignores]]\nrules = ["a"]\nreason = "b"\n' in ended.out
    table = parse(ended.out.encode(), "what show prints is TOML")
    assert (table["profile"], table["ignores"][0]["reason"]) == ("strict", "b")
    found = {item["key"]: item for item in json.loads(dblint("config", "show", "-f", "json").out)}
    assert found["min-severity"] == {"key": "min-severity", "value": "medium", "origins": ["base.toml:2"]}


def test_the_schema_is_the_one_that_is_shipped(dblint: Call) -> None:
    assert json.loads(dblint("config", "schema").out) == json.loads(SCHEMA.read_text(encoding="utf-8"))


def test_init_writes_what_was_found_and_changes_nothing(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM + 'variable "x" {}\n', "dev.tfvars": "x = 1\n", "prod.tfvars": "x = 2\n"})
    before = dblint("scan", "-f", "json").out
    assert dblint("config", "init").err == "wrote dblint.toml\n"
    text = (tmp_path / "dblint.toml").read_text(encoding="utf-8")
    assert "# found: dev, prod of .\n# [scenarios.dev]\n" in text
    after = dblint("scan", "-f", "json").out
    assert json.loads(after)["run"].pop("config") == "dblint.toml"
    assert after.replace('"dblint.toml"', "null") == before
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line or "[" in line[:4] else line for line in text.split("\n")
    )
    assert parse(uncommented.encode(), "x")["scenarios"]["dev"]["var-files"] == ["dev.tfvars"]
    again = dblint("config", "init")
    assert (again.code, "dblint.toml is there already" in again.err) == (2, True)
    assert (tmp_path / "dblint.toml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"dblint.toml": 'extend = "nothing.toml"'}, "nothing.toml: the settings can not be read: no such file"),
        ({"dblint.toml": 'extend = "../../outside.toml"'}, "the settings can not be read: it leads out of the project"),
        ({"dblint.toml": 'extend = "dblint.toml"'}, "dblint.toml:1: extend: dblint.toml leads in a circle"),
        (
            {"dblint.toml": 'extend = "a.toml"', "a.toml": 'extend = "dblint.toml"'},
            "a.toml:1: extend: dblint.toml leads",
        ),
        ({"dblint.toml": 'extend = "pyproject.toml"', "pyproject.toml": ""}, "extend: pyproject.toml has no settings"),
        ({"dblint.toml": 'extend = "a.toml"', "a.toml": "\nslect = 1"}, "a.toml:2: unknown key slect"),
    ],
)
def test_what_can_not_be_extended(dblint: Call, tmp_path: Path, files: dict[str, str], message: str) -> None:
    write(tmp_path, {"repo/.git/HEAD": "", "repo/main.tf": TERRAFORM, "outside.toml": "", "deep/outside.toml": ""})
    write(tmp_path / "repo", files)
    for arguments in (("scan",), ("config", "show")):
        ended = dblint(*arguments, cwd=tmp_path / "repo")
        assert (ended.code, message in ended.err) == (2, True), ended.err


def test_a_file_of_the_command_line_may_extend_what_it_likes(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"repo/.git/HEAD": "", "repo/main.tf": TERRAFORM, "mine/base.toml": 'fail-on = "never"'})
    write(tmp_path, {"mine/own.toml": 'extend = "base.toml"'})
    assert dblint("scan", cwd=tmp_path / "repo").code == 1
    assert dblint("scan", "--config", "../mine/own.toml", cwd=tmp_path / "repo").code == 0


def test_what_is_extended_is_not_warned_about(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"a/dblint.toml": 'extend = "../dblint.toml"', "dblint.toml": "", "a/main.tf": TERRAFORM})
    write(tmp_path, {".git/HEAD": ""})
    assert dblint("scan", "a").err == ""


def test_variables_of_the_environment(dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "dblint.toml": 'fail-on = "never"'})
    monkeypatch.setenv("DBLINT_FAIL_ON", "high")
    assert dblint("scan").code == 1
    assert dblint("scan", "--config", "fail-on=never").code == 0
    assert dblint("scan", "--fail-on", "never").code == 0
    monkeypatch.setenv("DBLINT_OUTPUT_FORMAT", "concise,json=out.json")
    assert dblint("scan").out.startswith("main.tf:9:3: high rds-single-az")
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["findings"] == 1
    monkeypatch.setenv("DBLINT_FAIL_ON", "hihg")
    ended = dblint("scan")
    assert (ended.code, "error: DBLINT_FAIL_ON: fail-on: expected critical" in ended.err) == (2, True)


RULE = """\
from dblint import LOW, rule
from dblint.aws.rds import DBInstance


@rule(severity=LOW, category="fitness", about="Engine", since="{since}")
def postgres(db: DBInstance) -> bool:
    '''Database is PostgreSQL.'''
    return db.Engine == "postgres"
"""


@pytest.mark.parametrize(
    ("since", "arguments", "runs"),
    [
        ("2026.1", [], True),
        ("9999.1", [], False),
        ("9999.1", ["--preview"], True),
        ("9999.1", ["--extend-select", "mine-postgres"], True),
        ("9999.1", ["--extend-select", "service:mine"], False),
        ("9999.1", ["--config", "preview=true"], True),
        ("2026.1", ["--config", 'ruleset="2025.9"'], False),
        ("2025.9", ["--config", 'ruleset="2025.9"'], True),
        ("2025.10", ["--config", 'ruleset="2025.9"'], False),
    ],
)
def test_new_rules_wait(dblint: Call, tmp_path: Path, since: str, arguments: list[str], runs: bool) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "pack/mine/postgres.py": RULE.format(since=since)})
    ended = dblint("scan", "--rules", "pack", *arguments, "-f", "concise")
    assert ("low mine-postgres" in ended.out) is runs


def test_what_raising_the_pin_would_add(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"pack/mine/postgres.py": RULE.format(since="9999.1")})
    listed = [
        line.split()[0] for line in dblint("rules", "--rules", "pack", "--changed-since", "2026.1").out.splitlines()
    ]
    assert listed == ["mine-postgres"]
    ended = dblint("rules", "--changed-since", "soon")
    assert (ended.code, "expected a set as 2026.1, found soon" in ended.err) == (2, True)


def test_an_installed_pack(dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write(
        site, {"acme_rules/mine/postgres.py": RULE.format(since="2026.1"), "acme_rules/__init__.py": "raise SystemExit"}
    )
    write(
        site,
        {
            "acme_rules-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n",
            "acme_rules-1.0.dist-info/entry_points.txt": "[dblint.packs]\nacme = acme_rules\n",
            "other-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n",
        },
    )
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    write(tmp_path / "repo", {"main.tf": TERRAFORM, "dblint.toml": 'packs = ["acme-rules"]'})
    ended = dblint("scan", "-f", "concise", cwd=tmp_path / "repo")
    assert "low mine-postgres" in ended.out, ended.err
    for name, message in (("other", "other is no pack"), ("nobody", "the pack nobody is not installed")):
        write(tmp_path / "repo", {"dblint.toml": f'packs = ["{name}"]'})
        ended = dblint("scan", cwd=tmp_path / "repo")
        assert (ended.code, message in ended.err) == (2, True)


def test_unknown_selectors_name_who_says_them(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "base.toml": '\nextend-select = ["category:nonsense"]\n'})
    write(tmp_path, {"dblint.toml": 'extend = "base.toml"\n\n\nignore = ["rds-x"]\n'})
    ended = dblint("scan", "--select", "rds-y")
    assert ended.code == 2
    for place in ("base.toml:2: unknown category in category:nonsense", "dblint.toml:4: unknown rule rds-x", "rds-y"):
        assert place in ended.err
    assert "--select: unknown rule rds-y" in ended.err
