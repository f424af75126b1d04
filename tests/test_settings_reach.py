"""Settings that speak of what is not there: said, and never a reason to look at nothing in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_support import TEMPLATE, TERRAFORM, Call, write

HA = TERRAFORM.replace("= false\n}", "= var.ha\n}") + 'variable "ha" { type = bool }\n'
WITH_HA = f"Parameters: {{Ha: {{Type: String}}}}\n{TEMPLATE}"
CALL = 'module "db" {\n  source = "../../modules/db"\n}\n'
ENVS = {"envs/a/main.tf": CALL, "envs/b/main.tf": TERRAFORM, "modules/db/main.tf": TERRAFORM, ".git/HEAD": ""}
SAID = "no pattern of [terraform] roots fits this folder, and no root calls it: its databases are not judged"


def notes(dblint: Call, *arguments: str) -> tuple[int, list[tuple[str, str]]]:
    ended = dblint("scan", "--exit-zero", "-f", "json", *arguments)
    found = json.loads(ended.out)
    return ended.code, [(note["path"], note["message"]) for note in found["coverage"]["notes"]]


@pytest.mark.parametrize(
    ("roots", "arguments", "missed"),
    [
        ("envs/*", [], []),
        ("envs/a", [], ["envs/b"]),
        ("envs/b", [], ["envs/a"]),
        ("modules/*", [], ["envs/a", "envs/b"]),
        ("envs/a", ["envs/b"], ["envs/b"]),
        ("envs/a", ["envs/b/main.tf"], ["envs/b"]),
        ("envs/a", ["modules"], ["modules/db"]),
    ],
)
def test_folders_that_no_root_leads_to(
    dblint: Call, tmp_path: Path, roots: str, arguments: list[str], missed: list[str]
) -> None:
    write(tmp_path, {**ENVS, "dblint.toml": f'[terraform]\nroots = ["{roots}"]\n'})
    assert notes(dblint, *arguments) == (0, [(folder, SAID) for folder in missed])


def test_roots_that_fit_nothing_are_no_success(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {**ENVS, "dblint.toml": '[terraform]\nroots = ["evns/*"]\n'})
    ended = dblint("scan")
    assert (ended.code, "no folder with databases fits evns/*" in ended.err) == (2, True)
    assert "they are envs/a, envs/b" in ended.err


@pytest.mark.parametrize(
    ("files", "scenario", "said"),
    [
        ({"main.tf": HA, "prod.tfvars": "ha = false\n"}, 'var-files = ["prd.tfvars"]', True),
        ({"main.tf": HA, "prod.tfvars": "ha = false\n"}, 'var-files = ["prod.tfvars"]', False),
        ({"a/main.tf": HA, "a/prod.tfvars": "ha = false\n", "b/main.tf": HA}, 'var-files = ["prod.tfvars"]', False),
        ({"main.tf": HA}, 'workspace = "prod"', False),
        ({"t.yaml": TEMPLATE}, 'parameters = ["prod.json"]', True),
        ({"t.yaml": WITH_HA, "prod.json": '{"Ha": "x"}'}, 'parameters = ["prod.json"]', False),
        ({"main.tf": HA}, 'parameters = ["prod.json"]', False),
    ],
)  # fmt: skip
def test_scenarios_without_their_files(
    dblint: Call, tmp_path: Path, files: dict[str, str], scenario: str, said: bool
) -> None:
    write(tmp_path, {**files, "dblint.toml": f"[scenarios.prod]\n{scenario}\n", ".git/HEAD": ""})
    code, found = notes(dblint)
    assert (code, [path for path, _ in found]) == (0, ["[scenarios.prod]"] if said else [])
    if "a/main.tf" in files:
        assert notes(dblint, "b")[1] == [], "others may have them"
    else:
        assert ("1 scenario of the settings that nothing has the files of" in dblint("scan").out) is said


def test_the_starter_takes_a_name_by_its_word(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": HA, "dev.tfvars": "ha = false\n", ".git/HEAD": ""})
    assert dblint("config", "init").code == 0
    text = (tmp_path / "dblint.toml").read_text()
    assert '# [scenarios.dev]\n# var-files = ["dev.tfvars"]\n# tier = "development"\n' in text
