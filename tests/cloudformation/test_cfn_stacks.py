"""Templates that belong together: nested stacks, exports and imports, and what the CDK made."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cfn_support import deployments, read, scan, variables, write

from dblint.choice import only
from dblint.graph import Graph
from dblint.model import Choice, Deployment, Location, Ref, Unknown
from dblint.reading import Reading
from dblint.view import view_of

PARENT = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Days: {Type: Number, Default: 3}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Condition: IsProd
    Properties:
      TemplateURL: ./stacks/data.yaml
      Parameters:
        Stage: !Ref Env
        Days: !Ref Days
        Group: !Ref Group
      Tags: [{Key: team, Value: orders}]
  Group: {Type: AWS::EC2::SecurityGroup}
  Replica:
    Type: AWS::RDS::DBInstance
    Properties: {SourceDBInstanceIdentifier: !GetAtt Data.Outputs.Name}
"""
CHILD = """
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Days: {Type: Number, Default: 1}
  Group: {Type: String}
  Size: {Type: String, Default: small}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsSmall: !Equals [!Ref Size, small]
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      BackupRetentionPeriod: !Ref Days
      MultiAZ: !If [IsProd, true, false]
      DBInstanceClass: !If [IsSmall, db.t3.small, db.r6g.large]
      VPCSecurityGroups: [!Ref Group]
Outputs:
  Name: {Value: !Ref Db}
"""
NESTED = {"parent.yaml": PARENT, "stacks/data.yaml": CHILD}


def test_a_nested_stack_is_part_of_its_parent(tmp_path):
    (deployment,) = deployments(tmp_path, NESTED)
    assert deployment.root == "parent.yaml"
    found = {resource.address: resource for resource in deployment.resources}
    assert set(found) == {"Data/Db", "Group", "Replica"}
    db = found["Data/Db"]
    assert db.definition == "stacks/data.yaml#Db"
    assert db.location.file == "stacks/data.yaml"
    assert db.names == ("Data",)
    assert variables(db.exists) == {"Env"}
    assert read(db.properties["MultiAZ"], Env="prod") is True
    assert db.properties["BackupRetentionPeriod"] == "3"
    assert db.properties["Tags"] == {"team": "orders"}
    assert db.properties["DBInstanceClass"] == "db.t3.small", "nobody chooses what the parent does not give"


def test_references_lead_through_parameters_and_outputs(tmp_path):
    (deployment,) = deployments(tmp_path, NESTED)
    found = {resource.address: resource for resource in deployment.resources}
    assert found["Data/Db"].properties["VPCSecurityGroups"][0].to == ("Group",)
    assert found["Replica"].properties["SourceDBInstanceIdentifier"].to == ("Data/Db",)


def test_a_value_of_a_nested_stack_comes_from_its_parent(tmp_path):
    (deployment,) = deployments(tmp_path, NESTED)
    db = next(resource for resource in deployment.resources if resource.address == "Data/Db")
    trace = db.trace(("BackupRetentionPeriod",), {})
    assert trace.written.file == "stacks/data.yaml"
    assert [(origin.location.file, origin.text) for origin in trace.origins] == [
        ("parent.yaml", "default of parameter Days"),
        ("parent.yaml", "parameter Days of nested stack Data"),
    ]


def test_an_output_is_where_it_stands(tmp_path):
    (deployment,) = deployments(tmp_path, NESTED)
    replica = next(resource for resource in deployment.resources if resource.address == "Replica")
    texts = [origin.text for origin in replica.trace(("SourceDBInstanceIdentifier",), {}).origins]
    assert texts == ["resource Db", "output Name of nested stack Data"]


def test_a_parameter_that_steers_below_is_a_decision_above(tmp_path):
    parent = """
        Parameters: {Kind: {Type: String, Default: a}}
        Resources:
          Data:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: data.yaml, Parameters: {Kind: !Ref Kind}}
        """
    child = """
        Parameters: {Kind: {Type: String}}
        Conditions: {IsB: !Equals [!Ref Kind, b]}
        Resources: {Db: {Type: AWS::RDS::DBInstance, Properties: {MultiAZ: !If [IsB, true, false]}}}
        """
    (deployment,) = deployments(tmp_path, {"parent.yaml": parent, "data.yaml": child})
    multi_az = deployment.resources[0].properties["MultiAZ"]
    assert [read(multi_az, Kind=kind) for kind in "ab"] == [False, True]


STACK = "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: {url}\n"


@pytest.mark.parametrize(
    "url",
    [
        "missing.yaml",
        "../outside.yaml",
        "/etc/passwd",
        "https://bucket/x.yaml",
        "!Sub '${AWS::Region}/x.yaml'",
        "note.yaml",
    ],
)
def test_a_stack_that_can_not_be_read_is_said(tmp_path, url):
    parent = STACK.format(url=url) + "      Parameters: {Db: !Ref Db}\n  Db: {Type: AWS::RDS::DBInstance}\n"
    project = tmp_path / "project"
    write(tmp_path, {"project/t.yaml": parent, "outside.yaml": CHILD, "project/note.yaml": "a: 1"})
    (root,), _ = scan(project)
    (deployment,) = root.deployments()
    list(root.deployments())
    assert [resource.address for resource in deployment.resources] == ["Db"]
    assert [(stranger.address, stranger.to) for stranger in deployment.strangers] == [("S", frozenset({"Db"}))]
    assert [note.kind for note in root.notes] == ["module"]


def test_a_nested_template_that_is_broken_is_a_problem(tmp_path):
    files = {
        "t.yaml": STACK.format(url="broken.yaml") + "  Db: {Type: AWS::RDS::DBInstance}\n",
        "broken.yaml": "a: [1\nb",
    }
    write(tmp_path, files)
    (root,), problems = scan(tmp_path)
    list(root.deployments())
    assert not problems
    assert [problem.path for problem in root.problems] == ["broken.yaml"]


def test_stacks_that_nest_each_other(tmp_path):
    files = {
        "a.yaml": STACK.format(url="b.yaml") + "  Db: {Type: AWS::RDS::DBInstance}\n",
        "b.yaml": STACK.format(url="a.yaml") + "  Db: {Type: AWS::RDS::DBInstance}\n",
    }
    (deployment,) = deployments(tmp_path, files)
    assert [resource.address for resource in deployment.resources] == ["S/Db", "Db"]
    (root,), _ = scan(tmp_path)
    list(root.deployments())
    assert [note.message for note in root.notes] == ["nested stack S: its template a.yaml deploys itself"]


def test_stacks_that_are_nested_too_deeply(tmp_path):
    files = {f"s{i}.yaml": STACK.format(url=f"s{i + 1}.yaml") for i in range(12)}
    files["s12.yaml"] = "Resources: {Db: {Type: AWS::RDS::DBInstance}}"
    write(tmp_path, files)
    roots, problems = scan(tmp_path)
    assert not problems
    found = [resource.address for root in roots for d in root.deployments() for resource in d.resources]
    notes = [note.message for root in roots for note in root.notes if note.kind == "module"]
    assert found == []
    assert notes == ["nested stack S: its template s9.yaml is nested more than 8 levels deep"]


EXPORTING = """
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]}
Outputs:
  Group:
    Value: !GetAtt Group.GroupId
    Export: {Name: !Sub "${Stage}-group"}
"""
IMPORTING = """
Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      VPCSecurityGroups: [!ImportValue {"Fn::Sub": "${Env}-group"}]
"""


def linked(folder: Path, files: dict[str, str]) -> Deployment:
    """The deployment of data.yaml."""
    return next(deployment for deployment in deployments(folder, files) if deployment.root == "data.yaml")


def test_an_import_leads_to_what_is_exported(tmp_path):
    deployment = linked(tmp_path, {"network.yaml": EXPORTING, "data.yaml": IMPORTING})
    assert [resource.address for resource in deployment.resources] == ["Db"]
    assert [resource.address for resource in deployment.context] == ["network.yaml:Group"]
    (imported,) = deployment.resources[0].properties["VPCSecurityGroups"]
    assert isinstance(imported, Ref)
    assert imported.to == ("network.yaml:Group",)


def test_an_import_comes_from_the_output(tmp_path):
    deployment = linked(tmp_path, {"network.yaml": EXPORTING, "data.yaml": IMPORTING})
    prod = {deployment.environment.variable: only("prod")}
    origins = deployment.resources[0].trace(("VPCSecurityGroups", 0), prod).origins
    assert [(origin.location.file, origin.location.line, origin.text) for origin in origins] == [
        ("network.yaml", 4, "resource Group"),
        ("network.yaml", 8, "output Group of network.yaml"),
    ]


def test_an_edge_crosses_templates(tmp_path):
    deployment = linked(tmp_path, {"network.yaml": EXPORTING, "data.yaml": IMPORTING})
    reading = Reading({deployment.environment.variable: only("prod")})
    db = view_of(deployment.resources[0], reading, Graph(deployment))
    (group,) = db.security_groups
    assert group.resource.location.file == "network.yaml"


def test_a_template_that_only_exports_is_judged_beside_who_imports(tmp_path):
    found = deployments(tmp_path, {"network.yaml": EXPORTING, "data.yaml": IMPORTING})
    assert [(d.root, [r.address for r in d.resources], [r.address for r in d.context]) for d in found] == [
        ("data.yaml", ["Db"], ["network.yaml:Group"]),
        ("network.yaml", ["Group"], ["data.yaml:Db"]),
    ]


def test_the_exporting_template_sees_who_imports(tmp_path):
    """Both hold a database, so both are roots; each is the context of the other."""
    both = EXPORTING.replace("Resources:", "Resources:\n  Own: {Type: AWS::RDS::DBInstance}")
    found = deployments(tmp_path, {"network.yaml": both, "data.yaml": IMPORTING})
    assert [(d.root, sorted(r.address for r in d.context)) for d in found] == [
        ("data.yaml", ["network.yaml:Group", "network.yaml:Own"]),
        ("network.yaml", ["data.yaml:Db"]),
    ]
    imported = found[1].context[0].properties["VPCSecurityGroups"][0]
    assert imported.to == ("Group",)


def test_more_links_than_are_followed_are_said(tmp_path):
    """A chain of templates, each of which imports what the one before exports."""
    link = (
        "Resources:\n  G: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupName: !ImportValue e{0}}}}}\n"
        "Outputs: {{O: {{Value: !Ref G, Export: {{Name: e{1}}}}}}}\n"
    )
    files = {f"l{i:02}.yaml": link.format(i, i + 1) for i in range(40)}
    files["data.yaml"] = "Resources: {Db: {Type: AWS::RDS::DBInstance, Properties: {DBName: !ImportValue e40}}}"
    write(tmp_path, files)
    roots, problems = scan(tmp_path)
    assert not problems
    root = next(root for root in roots if root.path == "data.yaml")
    list(root.deployments())
    assert [note.kind for note in root.notes] == ["limit"]
    assert "more than 30 templates" in root.notes[0].message


def test_two_that_export_one_name_are_ambiguous(tmp_path):
    plain = EXPORTING.replace('!Sub "${Stage}-group"', "prod-group")
    deployment = linked(tmp_path, {"a.yaml": plain, "b.yaml": plain, "data.yaml": IMPORTING})
    (imported,) = deployment.resources[0].properties["VPCSecurityGroups"]
    assert isinstance(imported, Choice)
    prod = next(value for among, value in imported.parts if "prod" in among.values)
    assert isinstance(prod, Unknown)
    assert "several" in prod.because


def test_an_import_of_what_nobody_exports_is_unknown(tmp_path):
    other = EXPORTING.replace("-group", "-other")
    (deployment,) = deployments(tmp_path, {"network.yaml": other, "data.yaml": IMPORTING})
    assert deployment.context == ()
    assert read(deployment.resources[0].properties["VPCSecurityGroups"], Env="prod") == ["?"]


CDK = Path(__file__).parents[2] / "fixtures" / "cdk"


@pytest.fixture
def app(tmp_path) -> Path:
    """The CDK's output as it lies beside the app that made it, on this machine."""
    shutil.copytree(CDK / "cdk.out", tmp_path / "cdk.out")
    shutil.copy(CDK / "app.js", tmp_path / "app.js")
    return tmp_path


def cdk_deployments(app: Path) -> dict[str, Deployment]:
    """The deployments of the stacks that hold databases, by the name of their stage."""
    roots, problems = scan(app)
    assert not problems
    found = [deployment for root in roots for deployment in root.deployments() if "Data" in root.path]
    return {deployment.root.split("/")[1].removeprefix("assembly-"): deployment for deployment in found}


def test_what_the_cdk_says_of_its_stacks(app):
    found = cdk_deployments(app)
    assert set(found) == {"Prod", "Dev"}
    prod = found["Prod"]
    types = [resource.type for resource in prod.resources]
    assert types.count("AWS::RDS::DBInstance") == 2
    assert types.count("AWS::DynamoDB::Table") == 1
    for resource in prod.resources:
        assert resource.region == "eu-west-1"
        assert resource.names[-1] == "Prod-Data"
        assert resource.properties["Tags"] == {"cost-centre": "42", "team": "orders"}


def test_a_resource_of_the_cdk_is_where_the_app_makes_it(app):
    lines = (app / "app.js").read_text().splitlines()
    for resource in cdk_deployments(app)["Prod"].resources:
        if resource.type in ("AWS::RDS::DBInstance", "AWS::DynamoDB::Table"):
            trace = resource.trace(("MultiAZ",), {})
            origin = trace.origins[0]
            assert origin.location.file == "app.js"
            assert lines[origin.location.line - 1][origin.location.column - 1 :].startswith("new ")
            assert origin.text.startswith("construct Prod/Data/")


@pytest.mark.parametrize("root", ["", "/home/other/shop"])
def test_the_app_is_found_on_the_machine_that_made_it_and_on_another(app, root):
    for path in app.rglob("*.metadata.json"):
        path.write_text(path.read_text().replace("/app/", f"{root or app}/"))
    prod = cdk_deployments(app)["Prod"]
    assert {resource.trace(("Engine",), {}).origins[0].location.file for resource in prod.resources} == {"app.js"}


def test_stacks_of_one_class_define_the_same_resources(app):
    """So that what is wrong in the class is one finding, however many stages there are."""
    found = cdk_deployments(app)
    prod, dev = ({r.address: r.definition for r in found[stage].resources} for stage in ("Prod", "Dev"))
    assert prod["OrdersA9B65338"] == dev["OrdersA9B65338"] == "app.js#new Data/Orders/Resource"
    table = next(definition for address, definition in prod.items() if "/Table" in address)
    assert table == "app.js#new Sessions/Sessions/Table/Resource"
    assert len(set(prod.values())) == len(prod)


def test_without_the_app_each_template_defines_its_own(app):
    (app / "app.js").unlink()
    definitions = {r.definition for d in cdk_deployments(app).values() for r in d.resources}
    assert all(".template.json#" in definition for definition in definitions)


def test_without_the_app_the_template_is_the_place(app):
    (app / "app.js").unlink()
    for resource in cdk_deployments(app)["Prod"].resources:
        assert not [origin for origin in resource.trace(("Tags",), {}).origins if "construct" in origin.text]


def test_references_of_the_cdk(app):
    prod = cdk_deployments(app)["Prod"]
    instances = [resource for resource in prod.resources if resource.type == "AWS::RDS::DBInstance"]
    primary, replica = instances
    assert replica.properties["SourceDBInstanceIdentifier"].to == (primary.address,)
    assert "secretsmanager" in primary.properties["MasterUserPassword"].value.because
    (group,) = primary.properties["VPCSecurityGroups"]
    assert group.to[0].startswith("cdk.out/assembly-Prod/ProdNetwork")
    assert group.to[0] in {resource.address for resource in prod.context}


def test_the_rule_of_the_cdk_about_its_bootstrap_decides_nothing(app):
    assert all(resource.exists is True for resource in cdk_deployments(app)["Prod"].resources)


def test_a_nested_stack_of_the_cdk_is_found_by_its_asset(app):
    """`cdk synth` notes the path of the template; where that is switched off, the manifest of assets has it."""
    for path in app.rglob("*.template.json"):
        body = json.loads(path.read_text())
        for resource in body["Resources"].values():
            resource.get("Metadata", {}).pop("aws:asset:path", None)
        path.write_text(json.dumps(body))
    types = [resource.type for resource in cdk_deployments(app)["Prod"].resources]
    assert "AWS::DynamoDB::Table" in types


@pytest.mark.parametrize("content", ["{", "[]", '{"artifacts": []}', '{"artifacts": {"a": 1}}', "[" * 100_000])
def test_a_manifest_that_is_none_is_passed_over(app, content):
    (app / "cdk.out/assembly-Prod/manifest.json").write_text(content)
    for resource in cdk_deployments(app)["Prod"].resources:
        assert resource.region is None


def test_older_traces_of_the_cdk(app):
    """Before 2.276 the call stack stood with the logical id, in the words of Node."""
    for path in app.rglob("*.metadata.json"):
        metadata = json.loads(path.read_text())
        for entries in metadata.values():
            frames = next((entry["data"] for entry in entries if entry["type"] == "aws:cdk:creationStack"), [])
            entries[:] = [entry for entry in entries if entry["type"] != "aws:cdk:creationStack"]
            for entry in entries:
                inside = ["at new X (/app/node_modules/aws-cdk-lib/x.js:1:2)", *(f"at {frame}" for frame in frames)]
                entry["trace"] = inside
        path.write_text(json.dumps(metadata))
    prod = cdk_deployments(app)["Prod"]
    assert {resource.trace(("Engine",), {}).origins[0].location.file for resource in prod.resources} == {"app.js"}


def test_a_place_is_the_rest_of_its_line(app):
    prod = cdk_deployments(app)["Prod"]
    primary = next(resource for resource in prod.resources if resource.type == "AWS::RDS::DBInstance")
    place = primary.trace(("Engine",), {}).origins[0].location
    line = (app / "app.js").read_text().splitlines()[place.line - 1]
    assert place == Location("app.js", place.line, line.index("new ") + 1, place.line, len(line) + 1)
