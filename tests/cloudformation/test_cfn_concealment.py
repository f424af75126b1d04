"""Values of hidden parameters stand in no output, whatever quotes the lines on which they are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cfn_support import write

from dblint.reports import FORMATS
from tests.cli_support import Call

SECRETS = ("hush-hush-1234", "hush-hush-5678", "9182736455", "hush-given", "hush-nested")
TEMPLATE = """\
Parameters:
  Thing:
    Type: String
    NoEcho: true
    Default: hush-hush-1234
    AllowedValues:
      - hush-hush-1234
      - hush-hush-5678
      - hush-given
  Days: {Type: Number, NoEcho: "true", Default: 9182736455}
  Env: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  Is: !Equals [!Ref Thing, hush-hush-1234]
  IsOther: !Or [!Equals [!Ref Env, prod], !Equals [!Ref Thing, hush-hush-5678]]
Mappings:
  M:
    hush-hush-1234: {az: false}
    hush-hush-5678: {az: true}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceIdentifier: !Sub "prod-${Thing}"
      Engine: !If [Is, mysql, !Ref Thing]
      EngineVersion: !Ref Thing
      MultiAZ: !FindInMap [M, !Ref Thing, az]
      BackupRetentionPeriod: !Ref Days
      StorageEncrypted: !If [IsOther, true, false]
      DeletionProtection: !Ref Thing
      MasterUserPassword: !Ref Thing
      Tags: [{Key: env, Value: !Ref Thing}]
      VPCSecurityGroups: [!Ref Group, !Ref Thing]
      DBParameterGroupName: !Ref Thing
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: x
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: !Ref Days, ToPort: !Ref Days, CidrIp: !Ref Thing}
        - {IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 0.0.0.0/0, Description: !Ref Thing}
  Cache:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {Engine: redis, AuthToken: !Ref Thing, ReplicationGroupDescription: !Ref Thing}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Open: hush-nested}}
"""
CHILD = """\
Parameters: {Open: {Type: String, NoEcho: true}}
Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: prod-db, MultiAZ: !Ref Open, Engine: !Ref Open}}
"""
GIVEN = {
    "pairs.json": json.dumps([{"ParameterKey": "Thing", "ParameterValue": "hush-given"}], indent=1),
    "plain.json": json.dumps({"Thing": "hush-given", "Env": "prod"}),
}


@pytest.fixture(params=["yaml", "one line"])
def template(request: pytest.FixtureRequest) -> str:
    """The template in YAML, and with its parameters on one line, where every label there quotes them all."""
    if request.param == "yaml":
        return TEMPLATE
    head, _, rest = TEMPLATE.partition("Conditions:")
    parameters = head.replace("\n      - hush-given", "").replace("\n      - hush-hush-5678", "")
    assert parameters != head
    allowed = '["hush-hush-1234", "hush-hush-5678", "hush-given"]'
    line = f"{{Thing: {{Type: String, NoEcho: true, Default: hush-hush-1234, AllowedValues: {allowed}}}, "
    line += "Days: {Type: Number, NoEcho: true, Default: 9182736455}, Env: {Type: String, AllowedValues: [dev, prod]}}"
    return f"Parameters: {line}\nConditions:{rest}"


@pytest.mark.parametrize("given", [(), ("--parameters", "pairs.json"), ("--parameters", "plain.json")])
def test_no_output_shows_a_hidden_value(dblint: Call, tmp_path: Path, template: str, given: tuple[str, ...]) -> None:
    write(tmp_path, {"t.yaml": template, "child.yaml": CHILD, **GIVEN})
    targets = [argument for format in FORMATS for argument in ("-f", f"{format}=out-{format}")]
    asked = ("--select", "ALL", "--profile", "audit", "--show-coverage", "-v")
    ended = dblint("scan", *targets, *asked, *given, all_rules=True)
    assert ended.code == 1
    said = {format: (tmp_path / f"out-{format}").read_text(encoding="utf-8") for format in FORMATS}
    said["the terminal"] = ended.out + ended.err
    assert "Default: ****" in said["full"] or given
    shown = {name: [secret for secret in SECRETS if secret in text] for name, text in said.items()}
    assert {name: found for name, found in shown.items() if found} == {}


def test_what_only_steers_a_secret_is_shown(dblint: Call, tmp_path: Path) -> None:
    """The name of a condition is none, wherever it stands."""
    template = """\
        Parameters: {Use: {Type: String}}
        Conditions:
          Vault: !Equals [!Ref Use, "yes"]
        Resources:
          Db:
            Type: AWS::RDS::DBInstance
            Properties:
              DBInstanceIdentifier: prod-db
              MultiAZ: !If [Vault, false, true]
              MasterUserPassword: !If [Vault, "{{resolve:secretsmanager:db:SecretString:password}}", hunter2hunter2]
        """
    write(tmp_path, {"t.yaml": template})
    ended = dblint("scan", "--select", "rds-single-az,rds-plaintext-master-password")
    assert '   Vault: !Equals [!Ref Use, "yes"]' in ended.out
    assert "MasterUserPassword: ****" in ended.out
    assert "hunter2" not in ended.out


@pytest.mark.parametrize("number", [2, 40])
def test_what_is_kept_between_runs_or_comes_from_other_processes_shows_none(
    dblint: Call, tmp_path: Path, number: int
) -> None:
    write(tmp_path, {f"t{i}.yaml": TEMPLATE.partition("  Nested:")[0] for i in range(number)})
    asked = ("scan", "--cache-dir", str(tmp_path / "kept"), "--select", "rds-single-az,rds-backup-retention-short")
    for comment in ("", "# changed\n", "# changed again\n"):
        (tmp_path / "t0.yaml").write_text(
            comment + (tmp_path / "t0.yaml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        ended = dblint(*asked, "--profile", "audit")
        assert "Default: ****" in ended.out
        assert [secret for secret in SECRETS if secret in ended.out + ended.err] == []
