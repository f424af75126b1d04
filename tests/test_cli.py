"""The commands and options, through the real command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dblint import __version__
from tests.cli_support import SOUND, TEMPLATE, TERRAFORM, Call, in_process_of_its_own, write

BOTH = {"main.tf": TERRAFORM, "template.yaml": TEMPLATE}


def places(out: str) -> list[str]:
    """`path:line rule` of each line of the concise format."""
    lines = [line.split(" ") for line in out.splitlines() if ": high " in line or ": medium " in line]
    return [f"{line[0].rsplit(':', 2)[0]} {line[2]}" for line in lines]


# Exit codes


def test_findings_exit_with_1(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, BOTH)
    ended = dblint("scan", "-f", "concise")
    assert (ended.code, ended.err) == (1, "")
    assert places(ended.out) == ["main.tf:9 rds-single-az", "template.yaml:16 rds-single-az"]
    assert "Found 2 problems in 2 database resources (2 files)" in ended.out


def test_nothing_found_exits_with_0(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SOUND})
    ended = dblint("scan")
    assert (ended.code, ended.out, ended.err) == (0, "Found no problems in 1 database resource (1 file)\n", "")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--exit-zero"], 0),
        (["-e"], 0),
        (["--fail-on", "never"], 0),
        (["--fail-on", "critical"], 0),
        (["--fail-on", "high"], 1),
        (["--min-severity", "critical"], 1),
        (["--min-severity", "critical", "--fail-on", "critical"], 0),
    ],
)
def test_what_fails(dblint: Call, tmp_path: Path, options: list[str], code: int) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    assert dblint("scan", *options).code == code


def test_an_error_wins_over_findings_and_over_exit_zero(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {**BOTH, "broken.yaml": "Resources:\n  A:\n    Type: AWS::RDS::DBInstance\n  - b\n"})
    ended = dblint("scan", "--exit-zero", "-f", "concise")
    assert ended.code == 2
    assert len(places(ended.out)) == 2, "the others are judged"
    assert ended.err.startswith("error: broken.yaml:4:")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scna"], "unknown command scna; did you mean scan?"),
        (["scan", "--selct", "x"], "--select"),
        (["scan", "--profile", "strickt"], "strict"),
        (["scan", "--select", "rds-singel-az"], "unknown rule rds-singel-az; did you mean rds-single-az"),
        (["scan", "--ignore", "category:recvery"], "unknown category in category:recvery; did you mean recovery"),
        (["scan", "-f", "sarfi"], "unknown format sarfi; did you mean sarif"),
        (["scan", "-f", "json="], "expected a file after ="),
        (["scan", "-f", "json", "-f", "full"], "two reports go to standard output"),
        (["scan", "-f", "json=a", "-f", "full=./a"], "two reports go to "),
        (["scan", "-f", "json=no/such/folder/x"], "no/such/folder/x: the report can not be written"),
        (["scan", "--var", "x"], "--var: expected NAME=VALUE, found x"),
        (["scan", "--var-file", "no.tfvars"], "no.tfvars"),
        (["scan", "--parameters", "no.json"], "no.json"),
        (["scan", "-"], "- and --stdin-filename belong together"),
        (["scan", "--stdin-filename", "main.tf"], "- and --stdin-filename belong together"),
        (["scan", "-", "main.tf", "--stdin-filename", "x.tf"], "- is read alone"),
        (["scan", "--rules", "nothing"], "'nothing' does not exist"),
        (["scan", "--config", "no.toml"], "no.toml: the settings can not be read"),
        (["scan", "--config", "profile=strickt"], "profile: expected default, strict or audit"),
        (["scan", "--config", "slect=x"], "unknown key slect; did you mean select"),
        (["scan", "--scenario", "prdo"], "unknown scenario prdo"),
        (["explain", "rds-singel-az"], "unknown rule rds-singel-az; did you mean rds-single-az"),
        (["rules", "service:rdz"], "unknown service in service:rdz; did you mean rds"),
        (["rules", "--rules", "nothing"], "nothing: no such folder of rules"),
        (["test", "nothing"], "nothing: no such folder of rules"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_right(
    dblint: Call, tmp_path: Path, arguments: list[str], message: str
) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    ended = dblint(*arguments)
    assert ended.code == 2
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


def test_ctrl_c_exits_with_130(dblint: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dblint.scan.inputs.count", interrupt)
    ended = dblint("scan")
    assert (ended.code, ended.out) == (130, "")
    assert "interrupted" in ended.err


def test_a_fault_of_ours_exits_with_2(dblint: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("ours")

    monkeypatch.setattr("dblint.scan.inputs.count", fail)
    ended = dblint("scan")
    assert ended.code == 2
    assert "ValueError: ours" in ended.err
    assert "please report it" in ended.err


# Rules and filters

RULE = """\
from dblint import LOW, rule
from dblint.aws.rds import DBInstance


@rule(severity=LOW, category="fitness", about="Engine")
def postgres(db: DBInstance) -> bool:
    '''Database is PostgreSQL.'''
    return db.Engine == "postgres"
"""
PAGE = """\
# mine-postgres

We use MySQL.

## Wrong

```hcl bad
resource "aws_db_instance" "a" {
  engine = "postgres" # <-
}
```

```yaml bad
Resources:
  A:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres # <-
```

## Right

```hcl good
resource "aws_db_instance" "a" {
  engine = "mysql"
}
```

```yaml good
Resources:
  A:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
```
"""


def test_select_and_ignore(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM.replace("= 14", "= 1")})
    assert places(dblint("scan", "-f", "concise").out) == [
        "main.tf:6 rds-backup-retention-short",
        "main.tf:9 rds-single-az",
    ]
    assert places(dblint("scan", "-f", "concise", "--select", "rds-single-az").out) == ["main.tf:9 rds-single-az"]
    assert places(dblint("scan", "-f", "concise", "--ignore", "rds-backup-retention-short,rds-single-az").out) == []
    assert places(dblint("scan", "-f", "concise", "--min-severity", "high").out) == ["main.tf:9 rds-single-az"]


def test_a_pack_of_rules(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SOUND, "pack/mine/postgres.py": RULE})
    ended = dblint("scan", "--rules", "pack", "-f", "concise", all_rules=True)
    assert (ended.code, "low mine-postgres aws_db_instance.orders: Database is PostgreSQL." in ended.out) == (1, True)
    assert "mine-postgres" in dblint("rules", "--rules", "pack").out


def test_a_pack_that_is_broken_exits_with_2(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": SOUND, "pack/mine/broken.py": "x = "})
    ended = dblint("scan", "--rules", "pack")
    assert ended.code == 2
    assert "broken.py: SyntaxError" in ended.err


# Evaluation

BY_ENVIRONMENT = TERRAFORM.replace("= false\n}", '= var.env == "prod"\n}') + 'variable "env" {}\n'
VARIABLES = {"prod.tfvars": 'env = "prod"\n', "dev.tfvars": 'env = "dev"\n'}


def test_scenarios(dblint: Call, tmp_path: Path) -> None:
    inverted = BY_ENVIRONMENT.replace('== "prod"', '!= "prod"')
    write(tmp_path, {**VARIABLES, "main.tf": BY_ENVIRONMENT})
    right = dblint("scan", "-f", "concise")
    assert (right.code, places(right.out)) == (0, [])
    write(tmp_path, {"main.tf": inverted})
    wrong = dblint("scan", "-f", "concise")
    assert (wrong.code, len(places(wrong.out))) == (1, 1)
    assert "[prod]" in wrong.out
    assert dblint("scan", "--scenario", "dev").code == 0
    assert dblint("scan", "--scenario", "pr*").code == 1


def test_variables_on_the_command_line(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM.replace("= false\n}", "= var.ha\n}") + 'variable "ha" { type = bool }\n'})
    write(tmp_path, {"values/ha.vars": "ha = false\n"})
    assert dblint("scan").code == 0, "unknown is not bad"
    assert dblint("scan", "--var", "ha=false").code == 1
    assert dblint("scan", "--var", "ha=true").code == 0
    assert dblint("scan", "--var-file", "values/ha.vars").code == 1


def test_a_workspace_on_the_command_line(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM.replace("= false\n}", '= terraform.workspace == "blue"\n}')})
    assert dblint("scan", "--workspace", "blue").code == 0
    assert dblint("scan", "--workspace", "green").code == 1


def test_parameters_on_the_command_line(dblint: Call, tmp_path: Path) -> None:
    parameter = "Parameters:\n  Standby:\n    Type: String\n    Default: 'true'\nResources:"
    template = TEMPLATE.replace("Resources:", parameter).replace("MultiAZ: false", "MultiAZ: !Ref Standby")
    write(tmp_path, {"template.yaml": template})
    write(tmp_path, {"off.json": '[{"ParameterKey": "Standby", "ParameterValue": "false"}]'})
    assert dblint("scan", "template.yaml").code == 0
    assert dblint("scan", "template.yaml", "--parameters", "off.json").code == 1


def test_scenarios_of_the_settings(dblint: Call, tmp_path: Path) -> None:
    settings = '[scenarios.blue]\nvar-files = ["values/one.tfvars"]\ntier = "production"\n'
    write(tmp_path, {"main.tf": BY_ENVIRONMENT, "values/one.tfvars": 'env = "x"\n', "dblint.toml": settings})
    ended = dblint("scan", "-f", "concise")
    assert (ended.code, "[blue]" in ended.out) == (1, True)


# Files


def test_named_files_are_the_focus(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"a.tf": TERRAFORM, "b.tf": TERRAFORM.replace('"orders"', '"other"'), "notes.yaml": "a: 1\n"})
    ended = dblint("scan", "b.tf", "-f", "concise")
    assert places(ended.out) == ["b.tf:9 rds-single-az"]
    assert "hidden: 1 in other files of the same roots" in ended.out
    assert dblint("scan", "notes.yaml").code == 0, "files that are named and are no templates are no lack of input"


def test_suppressions_out_of_focus_are_left_alone(dblint: Call, tmp_path: Path) -> None:
    ignored = "# dblint: ignore[rds-single-az] why\n" + TERRAFORM
    write(tmp_path, {"a.tf": ignored, "b.tf": SOUND.replace('"orders"', '"other"'), "c.tf": "# dblint: igonre[x] y\n"})
    whole = dblint("scan", "-f", "concise")
    assert (whole.code, "1 suppressed" in whole.out, "c.tf:1: unknown directive" in whole.err) == (0, True, True)
    alone = dblint("scan", "b.tf", "-f", "concise")
    assert (alone.code, alone.out.splitlines()[1:], alone.err) == (0, [], "")


def test_a_named_file_is_judged_in_its_root(dblint: Call, tmp_path: Path) -> None:
    call = 'module "db" {\n  source = "./db"\n  ha     = false\n}\n'
    module = TERRAFORM.replace("= false\n}", "= var.ha\n}") + 'variable "ha" { default = true }\n'
    write(tmp_path, {"main.tf": call, "db/main.tf": module})
    assert places(dblint("scan", "main.tf", "-f", "concise").out) == ["main.tf:3 rds-single-az"]


def test_a_named_module_is_judged_in_the_roots_that_call_it(dblint: Call, tmp_path: Path) -> None:
    through = 'module "db" {\n  source = "../db"\n  ha     = var.ha\n}\nvariable "ha" {}\n'
    root = 'module "app" {\n  source = "../../modules/app"\n  ha     = false\n}\n'
    module = TERRAFORM.replace("= false\n}", "= var.ha\n}") + 'variable "ha" { type = bool }\n'
    unrelated = {"other/broken.tf": "}"}
    write(tmp_path, {".git/HEAD": "", "envs/live/main.tf": root, "modules/app/main.tf": through, **unrelated})
    write(tmp_path, {"modules/db/main.tf": module})
    for name in ("modules/db/main.tf", "modules/app/main.tf", "envs/live/main.tf"):
        ended = dblint("scan", name, "-f", "concise")
        assert places(ended.out) == ["envs/live/main.tf:3 rds-single-az"], name
        assert ended.err == "", "nothing is said of what has nothing to do with it"


def test_a_named_file_of_variables_is_judged_in_its_root(dblint: Call, tmp_path: Path) -> None:
    inverted = BY_ENVIRONMENT.replace('== "prod"', '!= "prod"').replace("= 14", "= 1")
    for folder in ("", "env/"):
        write(tmp_path / "a", {"main.tf": inverted, **{f"{folder}{name}": text for name, text in VARIABLES.items()}})
        ended = dblint("scan", f"a/{folder}prod.tfvars", "-f", "concise")
        assert ended.code == 0
        assert "2 in other files of the same roots" in ended.out


def test_file_by_file_is_the_same_as_the_folder(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {**BOTH, "more/b.tf": TERRAFORM, "more/c.tf": TERRAFORM.replace('"orders"', '"other"')})
    whole = set(places(dblint("scan", "-f", "concise").out))
    single = [places(dblint("scan", name, "-f", "concise").out) for name in (*BOTH, "more/b.tf", "more/c.tf")]
    assert {place for found in single for place in found} == whole
    assert len(whole) == 4


@pytest.mark.parametrize(
    ("name", "content"), [("main.tf", TERRAFORM), ("template.yaml", TEMPLATE), ("x/new.tf", TERRAFORM)]
)
def test_standard_input(dblint: Call, name: str, content: str) -> None:
    ended = dblint("scan", "-", "--stdin-filename", name, "-f", "concise", stdin=content.encode())
    assert ended.code == 1
    assert places(ended.out)[0].startswith(f"{name}:")


def test_standard_input_stands_for_the_file_on_disk(dblint: Call, tmp_path: Path) -> None:
    write(
        tmp_path,
        {"main.tf": TERRAFORM.replace("false\n}", "var.ha\n}"), "variables.tf": 'variable "ha" { default = false }\n'},
    )
    assert dblint("scan", "-", "--stdin-filename", "main.tf", stdin=SOUND.encode()).code == 0
    assert dblint("scan", "main.tf", "variables.tf").code == 1


def test_paths_through_a_link(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path / "real", {"main.tf": TERRAFORM})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for given in ("link", "link/main.tf"):
        ended = dblint("scan", given, "-f", "concise")
        assert (ended.code, ended.err) == (1, "")


def test_paths_are_relative_to_the_repository(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"infra/main.tf": TERRAFORM, ".git/HEAD": ""})
    for cwd, given in ((tmp_path, "infra"), (tmp_path / "infra", "."), (Path("/"), str(tmp_path / "infra"))):
        assert places(dblint("scan", given, "-f", "concise", cwd=cwd).out) == ["infra/main.tf:9 rds-single-az"]


# Settings


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        ({"dblint.toml": 'fail-on = "never"'}, [], 0),
        ({".config/dblint.toml": 'fail-on = "never"'}, [], 0),
        ({"pyproject.toml": '[tool.dblint]\nfail-on = "never"'}, [], 0),
        ({"pyproject.toml": '[project]\nname = "x"'}, [], 1),
        ({"pyproject.toml": "this is no TOML"}, [], 1),
        ({"dblint.toml": 'fail-on = "never"', ".config/dblint.toml": "x = 1", "pyproject.toml": "dblint ="}, [], 0),
        ({"sub/dblint.toml": "", "dblint.toml": 'fail-on = "never"'}, ["sub"], 1),
        ({"dblint.toml": 'fail-on = "never"'}, ["sub"], 0),
        ({"dblint.toml": 'fail-on = "never"'}, ["--isolated"], 1),
        ({"dblint.toml": 'fail-on = "never"'}, ["--fail-on", "low"], 1),
        ({"dblint.toml": "x = 1", "other.toml": 'fail-on = "never"'}, ["--config", "other.toml"], 0),
        ({}, ["--config", "fail-on=never"], 0),
        ({"dblint.toml": 'fail-on = "low"'}, ["--config", 'fail-on="never"'], 0),
        ({"dblint.toml": 'ignore = ["rds-single-az"]'}, [], 0),
        ({"dblint.toml": 'ignore = ["rds-single-az"]'}, ["--select", "rds-single-az"], 1),
        ({"dblint.toml": '[environments]\nunnamed = "development"'}, [], 0),
    ],
)
def test_which_settings_hold(
    dblint: Call, tmp_path: Path, files: dict[str, str], arguments: list[str], code: int
) -> None:
    write(tmp_path, {"main.tf": TERRAFORM, "sub/main.tf": TERRAFORM, ".git/HEAD": "", **files})
    ended = dblint("scan", *arguments)
    assert ended.code == code, ended


def test_settings_above_the_repository_do_not_hold(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"dblint.toml": "x = 1", "repo/.git/HEAD": "", "repo/main.tf": TERRAFORM})
    assert dblint("scan", cwd=tmp_path / "repo").code == 1


def test_settings_that_are_not_read_are_warned_about(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"dblint.toml": "", "sub/dblint.toml": "", "main.tf": SOUND})
    ended = dblint("scan")
    assert ended.code == 0
    assert ended.err.startswith("warning: sub/dblint.toml: these settings are not read; dblint.toml holds for this run")
    assert dblint("scan", "-q").err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "found", "hidden"),
    [
        (
            ["--min-severity", "critical"],
            1,
            "no problems to show",
            "1 below --min-severity; what is hidden makes the run",
        ),
        (["--min-severity", "critical", "-e"], 0, "no problems to show", "1 below --min-severity"),
        (["--min-severity", "critical", "--fail-on", "critical"], 0, "no problems to show", "1 below --min-severity"),
        (["--min-confidence", "high"], 0, "no problems to show", "1 below --min-confidence"),
        (["--exclude", "main.tf", "--allow-empty"], 0, "no problems in", ""),
    ],
)
def test_what_is_hidden_is_no_success(
    dblint: Call, tmp_path: Path, arguments: list[str], code: int, found: str, hidden: str
) -> None:
    """Nobody is told that there are no problems where some are not shown, or left to guess why a run fails."""
    write(tmp_path, {"main.tf": TERRAFORM})
    ended = dblint("scan", "--select", "rds-single-az", *arguments)
    assert (ended.code, f"Found {found}" in ended.out) == (code, True), ended.out
    assert [line.removeprefix("  hidden: ") for line in ended.out.splitlines() if "hidden:" in line] == (
        [hidden + (" fail (--fail-on)" if "makes" in hidden else "")] if hidden else []
    )


@pytest.mark.parametrize("name", ["dblint.toml", ".config/dblint.toml"])
def test_a_table_beside_the_settings_is_not_silently_left(dblint: Call, tmp_path: Path, name: str) -> None:
    write(
        tmp_path,
        {
            "a/main.tf": SOUND,
            f"a/{name}": "",
            "a/pyproject.toml": '[tool.dblint]\nfail-on = "never"\n',
            ".git/HEAD": "",
        },
    )
    message = f"warning: a/pyproject.toml: [tool.dblint] is not read; a/{name} holds for this run\n"
    assert message in dblint("scan", "a").err
    write(tmp_path, {"a/pyproject.toml": "[tool.other]\n"})
    assert "is not read" not in dblint("scan", "a").err


def test_wrong_settings_are_named_with_their_line(dblint: Call, tmp_path: Path) -> None:
    write(
        tmp_path, {"dblint.toml": '\nprofile = "strickt"\n[rules.rds-singel-az]\nseverity = "low"\n', "main.tf": SOUND}
    )
    ended = dblint("scan")
    assert (ended.code, ended.out) == (2, "")
    assert 'error: dblint.toml:2: profile: expected default, strict or audit, found "strickt"' in ended.err


def test_the_format_of_the_settings(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"dblint.toml": 'output-format = "json"', "main.tf": SOUND})
    assert json.loads(dblint("scan").out)["run"]["config"] == "dblint.toml"


# Output


def test_several_reports_at_once(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    ended = dblint("scan", "-f", "concise", "-f", "json=out.json", "-f", "sarif=out.sarif")
    assert places(ended.out) == ["main.tf:9 rds-single-az"]
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["findings"] == 1
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_standard_output_carries_the_report_and_nothing_else(dblint: Call, tmp_path: Path, format: str) -> None:
    write(tmp_path, {**BOTH, "broken.tf": "resource {", "main.tf": "# dblint: igonre[x]\n" + TERRAFORM})
    ended = dblint("scan", "-v", "-f", format)
    assert ended.code == 2
    json.loads(ended.out)
    assert "warning: main.tf:1: unknown directive igonre" in ended.err
    assert "root: ." in ended.err


def test_the_step_summary(dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    dblint("scan")  # removes the variable of the machine that runs the tests
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert dblint("scan", "-f", "github").out.startswith("::error file=main.tf,line=9")
    assert "| high | <code>rds-single-az</code> |" in (tmp_path / "summary.md").read_text()


@pytest.mark.parametrize(
    ("variables", "option", "coloured"),
    [
        ({}, "auto", False),
        ({}, "always", True),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": "1"}, "never", False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
    ],
)
def test_colours(
    dblint: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    option: str,
    coloured: bool,
) -> None:
    write(tmp_path, {"main.tf": TERRAFORM})
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in dblint("scan", "--color", option).out) is coloured
    assert ("\x1b[" in dblint("explain", "rds-single-az", "--color", option).out) is coloured


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8", "latin-1"])
def test_any_encoding_of_the_terminal(tmp_path: Path, encoding: str) -> None:
    text = "# dblint: ignore[rds-backups-disabled] größer → 日本\n" + TERRAFORM.replace('"orders"', '"größe-日本"')
    write(tmp_path, {"größe.tf": text})
    for format in ("full", "concise", "github", "json", "sarif"):
        ended = in_process_of_its_own("scan", "-f", format, cwd=tmp_path, env={"PYTHONIOENCODING": encoding})
        assert (ended.code, "Traceback" in ended.err) == (1, False), ended.err
        assert "warning: " in ended.err


@pytest.mark.parametrize("code", ["sys.exit(main(sys.argv[1:]))", "sys.exit(main())", "process()"])
def test_who_stops_reading_is_no_error(tmp_path: Path, code: str) -> None:
    import subprocess
    import sys

    write(tmp_path, {f"m{n}/main.tf": TERRAFORM for n in range(200)})
    code = f"import sys; from dblint.cli import main, process; {code}"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "scan", "--no-cache", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    assert process.stdout and process.stderr
    process.stdout.read(10)
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), error) == (141, b"")


def test_a_process_ends_with_all_that_it_said(tmp_path: Path) -> None:
    write(tmp_path, {f"m{n}/main.tf": TERRAFORM for n in range(100)})
    write(tmp_path, {"m1/variables.tf": "# dblint: ignore[rds-single-az]\n"})
    own = in_process_of_its_own("scan", ".", "--no-cache", cwd=tmp_path)
    assert (own.code, own.out.count("rds-single-az]")) == (1, 100) and "warning: " in own.err
    assert in_process_of_its_own("scan", "none", cwd=tmp_path).code == 2
    assert in_process_of_its_own("scan", "--nothing", cwd=tmp_path).code == 2
    assert in_process_of_its_own("rules", cwd=tmp_path).out.count("\n") > 100


# The other commands


def test_version(dblint: Call) -> None:
    assert dblint("--version").out == f"dblint {__version__}\n"
    assert dblint("version").out.splitlines()[0] == f"dblint {__version__}"
    assert json.loads(dblint("version", "--json").out)["dblint"] == __version__


def test_help(dblint: Call) -> None:
    out = dblint("--help").out
    assert all(f"  {name} " in out for name in ("scan", "explain", "rules", "test", "version"))
    assert "--select" in dblint("scan", "--help").out


def test_explain(dblint: Call) -> None:
    ended = dblint("explain", "rds-backup-retention-short")
    assert ended.code == 0
    assert ended.out.startswith("# rds-backup-retention-short\n\nBackups of the production database are kept for")
    assert "(medium · recovery · terraform, cloudformation · options: min-days = 7)" in ended.out
    assert "```hcl bad" in ended.out
    painted = dblint("explain", "rds-single-az", "--color", "always").out
    assert "```" not in painted
    assert "\x1b[1m\x1b[4mrds-single-az" in painted


def test_rules(dblint: Call) -> None:
    table = dblint("rules").out.splitlines()
    assert any(line.startswith("rds-single-az ") and "high" in line for line in table)
    found = json.loads(dblint("rules", "-f", "json", "service:dynamodb").out)
    names = {rule["name"] for rule in found}
    assert names >= {"dynamodb-pitr-disabled", "dynamodb-replica-pitr-disabled"}
    assert all(name.startswith("dynamodb-") for name in names)
    assert found[0]["sources"] == ["terraform", "cloudformation"]
    assert "| `rds-single-az` | high | availability |" in dblint("rules", "-f", "md", "rds-single-az").out


def test_the_examples_of_a_pack_are_run(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"pack/mine/postgres.py": RULE, "pack/mine/postgres.md": PAGE})
    ended = dblint("test", "pack")
    assert (ended.code, ended.out) == (0, "1 rule, 0 disagreements with what their pages say\n")
    write(tmp_path, {"pack/mine/postgres.md": PAGE.replace('engine = "mysql"', 'engine = "postgres"')})
    ended = dblint("test", "pack")
    assert ended.code == 1
    assert "mine-postgres" in ended.out


def test_what_would_be_done(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": "resource {", "a/x.tfvars": "", "t.yaml": TEMPLATE, "README.md": "", "old/b.tf": ""})
    write(tmp_path, {"dblint.toml": 'exclude = ["old"]\nfail-on = "high"\n'})
    ended = dblint("scan", "--show-files")
    assert (ended.code, ended.out) == (0, "a/main.tf\na/x.tfvars\nt.yaml\n")
    assert dblint("scan", "--show-files", "nowhere").code == 2
    ended = dblint("scan", "--show-settings", "--profile", "strict")
    assert ended.code == 0
    assert 'fail-on = "high"  # dblint.toml:2\n' in ended.out
    assert 'profile = "strict"  # --profile\n' in ended.out
