"""Where a list ends before what there is does, that is said; what is asked for by name is not cut at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dblint.choice import only
from dblint.model import Among, Variable
from dblint.scenario import MOST_NAMES, scenario_names
from dblint.sources.cloudformation.parameters import MOST_ALTERNATIVES
from dblint.sources.terraform.limits import MOST_SCENARIOS
from tests.cli_support import TEMPLATE, TERRAFORM, Call, write

STEERED = TERRAFORM.replace("multi_az                  = false", "multi_az                  = var.ha")
CODE = STEERED + 'variable "ha" {}\nvariable "size" {\n  default = 1\n}\n'


def notes(dblint: Call, *arguments: str) -> list[tuple[str, str]]:
    """The places and texts of what was not checked."""
    ended = dblint("scan", "-f", "json", *arguments)
    assert ended.code in (0, 1), ended.err
    report: dict[str, Any] = json.loads(ended.out)
    return [(note["path"], note["message"]) for note in report["coverage"]["notes"]]


def among(*values: str) -> Among:
    return Among(frozenset(values))


def test_names_of_many_scenarios_are_told_in_few() -> None:
    env = Variable("0 env", "env", True, None, True)
    size, region = Variable("1 size", "size", True), Variable("1 zone", "zone", True)
    few = scenario_names("default", {env: among("prod", "dev"), size: among("a", "b")})
    assert few == ["dev with size=a", "dev with size=b", "prod with size=a", "prod with size=b"]
    letters = "abcdefgh"
    many = scenario_names("default", {env: among("prod", "dev"), size: among(*letters), region: among("x", "y")})
    told = f"size is {' or '.join(letters)} and zone is x or y"
    assert many == [f"dev with {told}", f"prod with {told}"]
    environments = [f"env{number:02}" for number in range(MOST_NAMES * 2)]
    assert scenario_names("default", {env: among(*environments)}) == environments
    assert scenario_names("live", {size: among(*environments)}) == [f"live with size is {' or '.join(environments)}"]
    assert scenario_names("live", {size: only("a")}) == ["live with size=a"]


def test_a_scenario_that_is_asked_for_is_looked_at(dblint: Call, tmp_path: Path) -> None:
    """However many there are."""
    names = [f"s{number:02}" for number in range(MOST_SCENARIOS + 4)]
    write(tmp_path, {"main.tf": CODE, **{f"{name}.tfvars": "ha = false\n" for name in names}})
    said = f"{len(names)} scenarios were found; the first {MOST_SCENARIOS} are looked at (see --scenario)"
    assert notes(dblint) == [(".", said)]
    assert notes(dblint, "--scenario", names[-1]) == []
    report = json.loads(dblint("scan", "-f", "json", "--scenario", "s1[5-9]").out)
    assert report["run"]["scenarios"] == names[15:]
    assert [f["scenarios"]["fail"] for f in report["findings"]] == [names[15:]]
    assert f"scenarios here: {', '.join(names)}" in dblint("scan", "--scenario", "s99").err


def test_a_variable_file_that_is_no_scenario_is_named(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": CODE, "prod.tfvars": "ha = false\n", "empty.tfvars": ""})
    write(tmp_path, {"dev.tfvars": "ha = true\na = 1\nb = 1\nc = 1\nd = 1\n", "app.tfvars": "port = 1\n"})
    write(tmp_path, {"below/x.tfvars": "ha = true\nport = 1\n", "below/y.tfvars": "port = 1\n"})
    write(tmp_path, {"terraform.tfvars": "size = 1\nport = 1\n"})
    assert notes(dblint) == [
        ("app.tfvars", "it is no scenario of .: 1 of its 1 variables are not declared there (port)"),
        ("below/x.tfvars", "it is no scenario of .: 1 of its 2 variables are not declared there (port)"),
        ("dev.tfvars", "it is no scenario of .: 4 of its 5 variables are not declared there (a, b, c and others)"),
    ]
    assert notes(dblint, "--scenario", "prod") == notes(dblint)
    assert notes(dblint, "--var-file", "dev.tfvars") == []


def test_it_hides_nothing_else(dblint: Call, tmp_path: Path) -> None:
    """A file of others does not keep dblint from saying that a suppression is of no use."""
    write(tmp_path, {"main.tf": CODE, "prod.tfvars": "ha = true\n", "app.tfvars": "port = 1\n"})
    write(tmp_path, {"main.tf": "# dblint: ignore[rds-single-az] none here\n" + CODE})
    assert "main.tf:1: unused suppression" in dblint("scan").err


def test_parameter_files_that_are_not_named_are_counted(dblint: Call, tmp_path: Path) -> None:
    template = TEMPLATE.replace("MultiAZ: false", "MultiAZ: !Ref Ha").replace(
        "Resources:", "Parameters:\n  Ha: {Type: String}\nResources:", 1
    )
    write(tmp_path, {"t.yaml": template, **{f"params/{number:02}.json": '{"Ha": "true"}' for number in range(23)}})
    found = [text for _, text in notes(dblint) if text.startswith("found ")]
    assert len(found) == 21
    assert found[-1].startswith("found params/19.json, which gives values")
    assert "found 3 more files that give values to its parameters" in found


def test_environments_beyond_those_that_are_told_apart_are_counted(dblint: Call, tmp_path: Path) -> None:
    names = [f"dev{number}" for number in range(MOST_ALTERNATIVES + 3)]
    template = TEMPLATE.replace("MultiAZ: false", "MultiAZ: !Equals [!Ref Env, dev3]").replace(
        "Resources:",
        f"Parameters:\n  Env: {{Type: String, AllowedValues: [{', '.join(names)}]}}\n"
        "Conditions:\n" + "".join(f"  C{name}: !Equals [!Ref Env, {name}]\n" for name in names) + "Resources:",
        1,
    )
    template = template.replace("!Equals [!Ref Env, dev3]", "!If [Cdev3, false, true]")
    write(tmp_path, {"t.yaml": template})
    said = notes(dblint)
    assert said == [
        ("t.yaml", f"parameter Env may be one of {len(names)} environments: {MOST_ALTERNATIVES} are told apart")
    ], said


def test_settings_to_begin_with_say_how_many_more_there_are(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": CODE, **{f"s{number:02}.tfvars": "ha = false\n" for number in range(23)}})
    assert dblint("config", "init").code == 0
    assert "s19 and 3 more of ." in (tmp_path / "dblint.toml").read_text()
