"""Our rules inside of cfn-lint, through its own command line: of the one that is installed, and of the oldest."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest
from cfn_support import write

from dblint.packs import load, own
from tests.cli_support import ROOT
from tools.assign_ids import assigned, read

IDS = read()
RECORDED = Path(__file__).with_name("cfn_lint_ids_recorded.json")
SINGLE_AZ, PITR, PROBLEM, PACK = (
    IDS[name] for name in ("rds-single-az", "dynamodb-pitr-disabled", "dblint-problem", "dblint-pack")
)
OURS = re.compile(r"[EW]9[1-9]\d\d")

DATABASE = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: mysql
      DBInstanceClass: db.m7g.large
      AllocatedStorage: "100"
      ManageMasterUserPassword: true
      StorageEncrypted: true
      MultiAZ: !If [IsProd, false, true]
"""
LOOP = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Tables:
    - Name
    - [Orders, Items]
    - "Table${Name}":
        Type: AWS::DynamoDB::Table
        DeletionPolicy: Retain
        UpdateReplacePolicy: Retain
        Properties:
          TableName: !Sub "prod-${Name}"
          BillingMode: PAY_PER_REQUEST
          KeySchema: [{AttributeName: id, KeyType: HASH}]
          AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
"""
PARENT = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
      Parameters:
        MultiAZ: false
"""
CHILD = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  MultiAZ: {Type: String, Default: true}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      DBInstanceIdentifier: prod-db
      Engine: mysql
      DBInstanceClass: db.m7g.large
      AllocatedStorage: "100"
      ManageMasterUserPassword: true
      StorageEncrypted: true
      MultiAZ: !Ref MultiAZ
"""
FILES = {"db.yaml": DATABASE, "loop.yaml": LOOP, "parent.yaml": PARENT, "child.yaml": CHILD}


def lint(
    folder: Path,
    *arguments: str,
    interpreter: Path | str = sys.executable,
    stdin: str | None = None,
    path: str = str(ROOT),
) -> tuple[int, str]:
    """The exit code and the output of cfn-lint with our rules, on what is written in a folder."""
    (folder / ".git").mkdir(exist_ok=True)
    command = [str(interpreter), "-c", "from cfnlint.runner import main; main()", *arguments]
    done = subprocess.run(
        [*command, "--append-rules", "dblint.integrations.cfn_lint"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "E0002" not in done.stdout, done.stdout
    return done.returncode, done.stdout


def matches(folder: Path, *arguments: str, **more: str) -> set[tuple[str, str, str]]:
    """Id, place and message of what our rules found."""
    _, out = lint(folder, "--format", "parseable", *arguments, **more)
    found = [line.split(":", 6) for line in out.splitlines() if line.count(":") >= 6]
    ours = [(line[5], ":".join(line[:3]), line[6]) for line in found if OURS.fullmatch(line[5])]
    assert len(ours) == len(set(ours))
    return set(ours)


def named(found: set[tuple[str, str, str]], *ids: str) -> set[tuple[str, str]]:
    return {(id, place) for id, place, _ in found if id in ids}


EXPECTED = {
    (SINGLE_AZ, "db.yaml:17:29"),
    (SINGLE_AZ, "parent.yaml:8:9"),
    (PITR, "loop.yaml:7:7"),
}


def test_each_is_told_where_it_is_decided(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    found = matches(tmp_path, *FILES)
    assert named(found, SINGLE_AZ, PITR, PROBLEM) == EXPECTED
    (message,) = [message for id, place, message in found if (id, place) == (SINGLE_AZ, "db.yaml:17:29")]
    assert message == "Db: Production database has no standby in a second Availability Zone [rds-single-az: prod]"


@pytest.fixture(scope="module")
def oldest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the oldest cfn-lint that pyproject.toml allows, and what dblint needs."""
    (bound,) = re.findall(r'"cfn-lint>=([\d.]+)', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folder = tmp_path_factory.mktemp("oldest")
    venv.create(folder, with_pip=True)
    interpreter = folder / "bin" / "python"
    wanted = [f"cfn-lint=={bound}.0", "click", "PyYAML", "tomli"]
    install = [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(install, env=environment, capture_output=True, text=True, timeout=240, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"cfn-lint {bound} can not be installed in time")
    if done.returncode:
        pytest.skip(f"cfn-lint {bound} can not be installed: {done.stderr[-300:]}")
    return interpreter


@pytest.mark.slow
def test_the_oldest_says_the_same(tmp_path: Path, oldest: Path) -> None:
    write(tmp_path, FILES)
    found = matches(tmp_path, *FILES, interpreter=oldest)
    assert found == matches(tmp_path, *FILES)
    assert named(found, SINGLE_AZ, PITR, PROBLEM) == EXPECTED


def test_sarif(tmp_path: Path) -> None:
    pytest.importorskip("sarif_om", reason="cfn-lint needs it for SARIF")
    write(tmp_path, FILES)
    code, out = lint(tmp_path, *FILES, "--format", "sarif")
    assert code
    run = json.loads(out)["runs"][0]
    places = {
        (
            result["ruleId"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for result in run["results"]
    }
    assert {(id, *place.split(":")[:1], int(place.split(":")[1])) for id, place in EXPECTED} <= places
    known = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert known[SINGLE_AZ]["shortDescription"]["text"] == "rds-single-az"


def test_the_default_format_and_one_rule_left_out(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    _, out = lint(tmp_path, "db.yaml", "loop.yaml", "--ignore-checks", PITR)
    assert f"{SINGLE_AZ} Db: Production database" in out
    assert "db.yaml:17:29" in out
    assert PITR not in out


@pytest.mark.parametrize(("file", "id"), [("db.yaml", SINGLE_AZ), ("loop.yaml", PITR), ("child.yaml", SINGLE_AZ)])
def test_metadata_of_a_resource_ignores_them(tmp_path: Path, file: str, id: str) -> None:
    """Also in a nested template, and in a loop."""
    ignored = f"Metadata: {{cfn-lint: {{config: {{ignore_checks: [{id}]}}}}}}\nDeletionPolicy:"
    files = {"db.yaml": DATABASE, "loop.yaml": LOOP, "child.yaml": CHILD.replace("!Ref MultiAZ", "false")}
    text = re.sub(r"( +)DeletionPolicy:", lambda m: m[1] + ignored.replace("\n", "\n" + m[1]), files[file])
    write(tmp_path, {**files, "parent.yaml": PARENT})
    assert named(matches(tmp_path, file), id)
    write(tmp_path, {file: text})
    assert not named(matches(tmp_path, file), id)


def test_settings_and_suppressions_of_dblint_hold(tmp_path: Path) -> None:
    accepted = DATABASE.replace("MultiAZ: !If", "# dblint: ignore[rds-single-az] accepted\n      MultiAZ: !If")
    settings = '[[ignores]]\nrules = ["dynamodb-pitr-disabled"]\npaths = ["loop.yaml"]\nreason = "sessions"\n'
    write(tmp_path, {"db.yaml": accepted, "loop.yaml": LOOP, "dblint.toml": settings})
    assert not named(matches(tmp_path, "db.yaml", "loop.yaml"), SINGLE_AZ, PITR, PROBLEM)


def test_what_dblint_can_not_do_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"db.yaml": DATABASE, "dblint.toml": "profil = 1\n"})
    (found,) = matches(tmp_path, "db.yaml")
    assert found[0] == PROBLEM
    assert "profil" in found[2]


def test_rules_of_another_pack_have_one_id(tmp_path: Path) -> None:
    """The settings name the pack; it is installed, as far as Python can tell."""
    rule = """\
        from dblint import HIGH, rule
        from dblint.aws.rds import DBInstance

        @rule(severity=HIGH, category="operations")
        def check(db: DBInstance) -> bool:
            \"\"\"Our company has no MySQL.\"\"\"
            return db.Engine == "mysql"
        """
    info = {
        "METADATA": "Metadata-Version: 2.1\nName: acme\nVersion: 1\n",
        "entry_points.txt": "[dblint.packs]\na = acme\n",
    }
    write(tmp_path / "site", {"acme/__init__.py": "", "acme/rds/no_mysql.py": rule})
    write(tmp_path / "site" / "acme-1.dist-info", info)
    write(tmp_path, {"db.yaml": DATABASE, "dblint.toml": 'packs = ["acme"]\n'})
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
    write(tmp_path, {"sitecustomize.py": code})
    found = {m for m in matches(tmp_path, "db.yaml", path=f"{tmp_path}:{ROOT}") if m[0] in (PACK, PROBLEM)}
    assert found == {(PACK, "db.yaml:7:3", "Db: Our company has no MySQL [rds-no-mysql]")}


def test_parameter_files_are_scenarios(tmp_path: Path) -> None:
    given = json.dumps([{"ParameterKey": "Env", "ParameterValue": "dev"}])
    write(tmp_path, {"db.yaml": DATABASE, "dev.json": given, "prod.json": given.replace("dev", "prod")})
    for name, expected in (("dev.json", set()), ("prod.json", {(SINGLE_AZ, "db.yaml:17:29")})):
        found = matches(tmp_path, "db.yaml", "--parameter-files", name)
        assert named(found, SINGLE_AZ, PROBLEM) == expected


def test_standard_input(tmp_path: Path) -> None:
    found = matches(tmp_path, stdin=DATABASE)
    assert named(found, SINGLE_AZ, PROBLEM) == {(SINGLE_AZ, "None:17:7")}


def test_every_rule_has_an_id_and_no_two_the_same() -> None:
    assert assigned(IDS) == IDS, "run `make docs`"
    assert {rule.id for rule in load([own()])} <= IDS.keys()
    numbers = [id[1:] for id in IDS.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(OURS.fullmatch(id) for id in IDS.values())


def test_no_id_ever_changes() -> None:
    """What was recorded stays, also for rules that are gone. Ids are recorded with each release; see CONTRIBUTING."""
    recorded: dict[str, str] = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert len(recorded) > 100
    assert recorded.items() <= IDS.items()


def test_new_rules_get_the_next_numbers() -> None:
    fewer = {name: id for name, id in IDS.items() if name not in ("rds-single-az", "rds-publicly-accessible")}
    found: Sequence[str] = [id for name, id in assigned(fewer).items() if name not in fewer]
    highest = max(int(id[1:]) for id in fewer.values())
    assert found == [f"E{highest + 1}", f"E{highest + 2}"]
