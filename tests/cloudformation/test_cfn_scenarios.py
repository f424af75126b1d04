"""Scenarios: which parameters are decisions, what parameter files give, what is asked for by name."""

from __future__ import annotations

import json

import pytest
from cfn_support import database, deployments, read, resources, scan, variables, write

from dblint.model import Choice, Environments, Unknown
from dblint.sources.base import NamedScenario

ENV = """
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Days: {Type: Number, Default: 1}
"""


def parameter(tmp_path, declaration: str, rest: str = "", written: str = "!Ref P"):
    before = f"Parameters:\n  P: {declaration}\n{rest}"
    return resources(tmp_path, database(f"Value: {written}", before))["Db"].properties.get("Value")


@pytest.mark.parametrize(
    ("declaration", "conditions", "steers"),
    [
        ("{Type: String, Default: x}", "", False),
        ("{Type: String, AllowedValues: [x, y]}", "", False),
        ("{Type: String, AllowedValues: [x, prod]}", "", True),
        ("{Type: String, Default: x}", "Conditions: {C: !Equals [!Ref P, y]}", True),
        ("{Type: String, Default: x}", "Conditions: {C: !Equals [!Sub '${P}-z', y]}", True),
        ("{Type: String, Default: x}", "Conditions: {C: !Equals [!Join ['', [!Ref P]], y]}", True),
        ("{Type: String, Default: x}", "Conditions: {C: !Equals [!FindInMap [M, !Ref P, k], y]}", True),
        ("{Type: String, Default: x}", "Rules: {R: {Assertions: [{Assert: !Equals [!Ref P, x]}]}}", False),
        ("{Type: String, Default: x}", "Outputs: {O: {Value: !FindInMap [M, a, !Ref P]}}", True),
    ],
)
def test_what_steers_is_a_decision(tmp_path, declaration, conditions, steers):
    value = parameter(tmp_path, declaration, f"Mappings: {{M: {{a: {{k: 1}}, x: {{k: 2}}}}}}\n{conditions}")
    assert isinstance(value, Choice) is steers


@pytest.mark.parametrize("name", ["Env", "Environment", "EnvironmentName", "Stage", "DeploymentStage", "envType"])
def test_what_names_the_environment_by_its_name(tmp_path, name):
    before = f"Parameters:\n  {name}: {{Type: String, Default: dev}}"
    (deployment,) = deployments(tmp_path, database("Engine: mysql", before))
    assert isinstance(deployment.environment, Choice)
    assert deployment.environment.variable.name == name
    assert deployment.environment.variable.names_environment


@pytest.mark.parametrize("name", ["EnvironmentSize", "Tiers", "BackstageUrl", "EnvVars"])
def test_what_does_not_name_it(tmp_path, name):
    before = f"Parameters:\n  {name}: {{Type: String, Default: dev}}"
    (deployment,) = deployments(tmp_path, database("Engine: mysql", before))
    assert deployment.environment is None


def test_an_open_environment(tmp_path):
    """Its default is one alternative; of the others nothing is known, or, where production is named, that they are
    not production."""
    for default, others in (("dev", None), ("prod", False)):
        before = f"Parameters:\n  Env: {{Type: String, Default: {default}}}"
        (deployment,) = deployments(tmp_path, database("Engine: mysql", before))
        assert read(deployment.environment, Env=default) == default
        assert read(deployment.environment, Env="x") is others


def test_the_environment_words_of_the_settings(tmp_path):
    before = "Parameters:\n  Where: {Type: String, AllowedValues: [blue, green]}"
    own = Environments(production=("blue",), development=("green",))
    (deployment,) = deployments(tmp_path, database("Engine: mysql", before), environments=own)
    assert read(deployment.environment, Where="blue") == "blue"


@pytest.mark.parametrize(
    ("declaration", "domain"),
    [
        ("{Type: String, AllowedValues: [x, y], Default: y}", ("y", "x")),
        ("{Type: String, AllowedValues: [true, 1]}", ("true", "1")),
        ("{Type: String, AllowedPattern: '^(x|y)$'}", ("x", "y")),
        ("{Type: String, AllowedPattern: 'x|y'}", ("x", "y")),
        ("{Type: String, AllowedPattern: '^[xy]+$'}", None),
        ("{Type: String, AllowedPattern: 'x.|y'}", None),
        ("{Type: String}", None),
    ],
)
def test_the_domain_of_a_decision(tmp_path, declaration, domain):
    value = parameter(tmp_path, declaration, "Conditions: {C: !Equals [!Ref P, x]}")
    assert value.variable.domain == domain
    assert value.variable.real


@pytest.mark.parametrize(
    ("declaration", "compared", "possible"),
    [
        ("{Type: String, MinLength: 2}", "x", False),
        ("{Type: String, MaxLength: 2}", "xyz", False),
        ("{Type: String, MinLength: 1}", "''", False),
        ("{Type: Number, MinValue: 2}", "1", False),
        ("{Type: Number, MaxValue: 2}", "3", False),
        ("{Type: Number}", "x", False),
        ("{Type: Number, MinValue: 0}", "1", True),
        ("{Type: String, AllowedPattern: '[a-z]{2}'}", "x", False),
        ("{Type: String, AllowedPattern: '[a-z]*'}", "''", True),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "''", False),
        ("{Type: String, AllowedPattern: '(a+)+b'}", "c", True),
        ("{Type: String, AllowedPattern: '['}", "c", True),
        ("{Type: String, AllowedValues: [x, y]}", "z", False),
        ("{Type: 'AWS::EC2::VPC::Id'}", "''", False),
        ("{Type: 'AWS::EC2::VPC::Id', Default: ''}", "''", True),
        ("{Type: CommaDelimitedList}", "''", True),
        ("{Type: 'AWS::SSM::Parameter::Value<String>'}", "x", True),
    ],
)
def test_constraints_rule_out_what_can_not_be(tmp_path, declaration, compared, possible):
    written = "!If [C, 1, 2]"
    operand = "!Join ['', !Ref P]" if "List" in declaration else "!Ref P"
    value = parameter(tmp_path, declaration, f"Conditions: {{C: !Equals [{operand}, {compared}]}}", written)
    assert (value != 2) is possible


def test_an_empty_list_is_asked_for_in_two_ways(tmp_path):
    conditions = "Conditions: {C: !Equals [!Join ['', !Ref P], ''], D: !Equals [!Select [0, !Ref P], '']}"
    value = parameter(tmp_path, "{Type: CommaDelimitedList}", conditions, "[!If [C, 1, 2], !If [D, 1, 2]]")
    assert value[0] == value[1]
    assert variables(value[0]) == {"P"}
    assert read(value, P="") == [1, 1]
    assert read(value, P="x") == [2, 2]


def test_many_alternatives_are_one_unknown_value_that_can_be_asked(tmp_path):
    allowed = json.dumps([f"db.t{i}.micro" for i in range(80)])
    rest = "Mappings: {M: {db.t3.micro: {arch: x}, db.t4.micro: {arch: y}}}\n"
    rest += "Conditions: {C: !Equals [!Ref P, db.t3.micro]}"
    written = "[!Ref P, !If [C, 1, 2], !FindInMap [M, !Ref P, arch]]"
    value = parameter(tmp_path, f"{{Type: String, AllowedValues: {allowed}}}", rest, written)
    assert read(value, P="db.t3.micro") == ["db.t3.micro", 1, "x"]
    assert read(value, P="db.t4.micro")[1:] == [2, "y"]


def test_a_mapping_that_is_surely_asked_leaves_only_its_keys(tmp_path):
    rest = "Mappings: {M: {dev: {k: 1}, prod: {k: 2}}}"
    value = parameter(tmp_path, "{Type: String, Default: dev}", rest, "!FindInMap [M, !Ref P, k]")
    assert value.variable.domain == ("dev", "prod")
    asked = "!If [C, !FindInMap [M, !Ref P, k], 0]"
    rest += "\nConditions: {C: !Equals [!Ref P, dev]}"
    value = parameter(tmp_path, "{Type: String, Default: dev}", rest, asked)
    assert value.variable.domain is None


def test_too_many_alternatives_together_are_unknown_and_said(tmp_path):
    names = [f"P{i}" for i in range(4)]
    before = "Parameters:\n" + "".join(f"  {n}: {{Type: String, AllowedValues: [a, b, c]}}\n" for n in names)
    before += "Conditions:\n" + "".join(f"  C{n}: !Equals [!Ref {n}, a]\n" for n in names)
    write(tmp_path, {"t.yaml": database("Value: !Sub '" + "".join(f"${{{n}}}" for n in names) + "'", before)})
    (root,), _ = scan(tmp_path)
    for deployment in root.deployments():
        value = deployment.resources[0].properties["Value"]
    assert isinstance(value, Unknown)
    assert "too many alternatives" in value.because
    assert [note.kind for note in root.notes] == ["limit"]


PROD = {"Env": "prod", "Days": "14"}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(PROD),
        json.dumps({"Parameters": PROD, "Tags": {"team": "x"}}),
        json.dumps([{"ParameterKey": key, "ParameterValue": value} for key, value in PROD.items()]),
        json.dumps([f"{key}={value}" for key, value in PROD.items()]),
        "template-file-path: t.yaml\nparameters:\n  Env: prod\n  Days: 14\ntags:\n  team: x\n",
        "Env: prod\nDays: 14\n",
    ],
)
def test_a_parameter_file_in_each_shape(tmp_path, content):
    project = {"t.yaml": database("BackupRetentionPeriod: !Ref Days\nTags: [{Key: env, Value: !Ref Env}]", ENV)}
    (deployment,) = deployments(tmp_path, {**project, "prod.json": content}, parameter_files=("prod.json",))
    assert (deployment.name, deployment.environment) == ("prod", "prod")
    (db,) = deployment.resources
    assert db.properties["BackupRetentionPeriod"] == "14"
    tags = {"env": "prod", "team": "x"} if "team" in content else {"env": "prod"}
    assert db.properties["Tags"] == tags
    (origin,) = db.trace(("BackupRetentionPeriod",), {}).origins
    assert origin.location.file == "prod.json"
    assert origin.text == "set for parameter Days in prod.json"


def test_each_parameter_file_is_a_scenario(tmp_path):
    files = {f"params/{env}.json": json.dumps({"Env": env}) for env in ("dev", "prod")}
    found = deployments(tmp_path, {"t.yaml": database("Engine: mysql", ENV), **files}, parameter_files=tuple(files))
    assert [(d.name, d.environment) for d in found] == [("dev", "dev"), ("prod", "prod")]


def test_two_files_of_one_name_keep_their_paths(tmp_path):
    files = {f"{team}/prod.json": json.dumps({"Env": "prod"}) for team in "ab"}
    found = deployments(tmp_path, {"t.yaml": database("Engine: mysql", ENV), **files}, parameter_files=tuple(files))
    assert [deployment.name for deployment in found] == ["a/prod.json", "b/prod.json"]


def test_the_name_of_the_scenario_where_no_parameter_names_an_environment(tmp_path):
    project = {"t.yaml": database("Port: !Ref Port", "Parameters: {Port: {Type: Number}}"), "prod.json": '{"Port": 1}'}
    (deployment,) = deployments(tmp_path, project, parameter_files=("prod.json",))
    assert deployment.environment == "prod"


def test_a_file_that_fits_no_template_is_a_problem(tmp_path):
    write(tmp_path, {"t.yaml": database("Engine: mysql", ENV), "x.json": '{"Other": 1}'})
    roots, problems = scan(tmp_path, parameter_files=("x.json",))
    assert [problem.path for problem in problems] == ["x.json"]
    assert [d.name for root in roots for d in root.deployments()] == ["default"]


@pytest.mark.parametrize("content", ["[1, 2]", "{", "text", "[]", "{}", '{"a": {"b": 1}}', "\xff", "- a\n- b"])
def test_a_file_that_is_none_is_a_problem(tmp_path, content):
    write(tmp_path, {"t.yaml": database("Engine: mysql", ENV), "x.json": content.encode("latin-1")})
    _, problems = scan(tmp_path, parameter_files=("x.json", "missing.json"))
    assert [problem.path for problem in problems] == ["x.json", "missing.json"]


def test_files_beside_a_template_are_offered_and_not_applied(tmp_path):
    files = {
        "t.yaml": database("Engine: mysql", ENV),
        "prod.json": '{"Env": "prod"}',
        "params/dev.json": '[{"ParameterKey": "Env", "ParameterValue": "dev"}]',
        "other.json": '{"Env": "prod", "Unheard": 1}',
        "package.json": '{"Env": {"a": 1}}',
    }
    write(tmp_path, files)
    (root,), _ = scan(tmp_path)
    assert [d.name for d in root.deployments()] == ["default"]
    offers = [note.message for note in root.notes if note.kind == "parameters"]
    assert ["prod.json" in offers[0], "params/dev.json" in offers[1], len(offers)] == [True, True, 2]


def test_a_refused_value_is_said_and_never_shown_where_it_is_secret(tmp_path):
    before = "Parameters:\n  Password: {Type: String, NoEcho: true, MinLength: 12}\n"
    write(tmp_path, {"t.yaml": database("MasterUserPassword: !Ref Password", before), "p.json": '{"Password": "hush"}'})
    (root,), _ = scan(tmp_path, parameter_files=("p.json",))
    list(root.deployments())
    assert [note.kind for note in root.notes] == ["scenario"]
    assert "hush" not in str(root.notes)


def test_named_scenarios_of_the_settings(tmp_path):
    files = {
        "infra/t.yaml": database("Engine: mysql", ENV),
        "infra/base.json": '{"Days": 3}',
        "shared/prod.json": '{"Env": "prod"}',
    }
    wish = {"live": NamedScenario(parameters=("base.json", "/shared/prod.json"), tier="production")}
    (deployment,) = deployments(tmp_path, files, scenarios=wish)
    assert (deployment.name, deployment.environment, deployment.tier) == ("live", "prod", "production")


def test_the_names_of_scenarios(tmp_path):
    files = {"t.yaml": database("Engine: mysql", ENV), "prod.json": '{"Env": "prod"}', "x.json": '{"Days": 1}'}
    write(tmp_path, files)
    (root,), _ = scan(tmp_path)
    assert list(root.scenario_names()) == ["dev", "prod"]
    (root,), _ = scan(tmp_path, parameter_files=("prod.json", "x.json"))
    assert list(root.scenario_names()) == ["prod", "x", "dev"]


def test_an_alternative_can_be_asked_for(tmp_path):
    template = database("MultiAZ: !If [IsProd, true, false]", ENV + "Conditions: {IsProd: !Equals [!Ref Env, prod]}")
    (deployment,) = deployments(tmp_path, template, only=("pro*",))
    assert (deployment.name, deployment.environment) == ("prod", "prod")
    assert deployment.resources[0].properties["MultiAZ"] is True
    assert deployments(tmp_path, template, only=("staging",)) == []


def test_a_parameter_on_the_command_line(tmp_path):
    (deployment,) = deployments(tmp_path, database("Value: !Ref Env", ENV), variables={"Env": "prod", "Other": "x"})
    assert (deployment.name, deployment.environment) == ("default", "prod")
    assert deployment.resources[0].properties["Value"] == "prod"


def test_a_value_that_was_asked_for_is_one_that_is_allowed(tmp_path):
    (deployment,) = deployments(tmp_path, database("Value: !Ref Env", ENV), only=("prod",))
    (origin,) = deployment.resources[0].trace(("Value",), {}).origins
    assert (origin.text, origin.location.line, origin.location.column) == ("parameter Env is prod", 3, 58)


def test_the_region_that_was_given(tmp_path):
    written = "Value: !Sub '${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix}'"
    (deployment,) = deployments(tmp_path, database(written), region="cn-north-1")
    assert deployment.resources[0].properties["Value"] == "cn-north-1 aws-cn amazonaws.com.cn"
    assert deployment.resources[0].region == "cn-north-1"


def test_rules_on_one_parameter_narrow_it(tmp_path):
    rules = "Rules: {R: {Assertions: [{Assert: !Contains [[a, b], !Ref P]}]}}"
    value = parameter(tmp_path, "{Type: String, AllowedValues: [a, b, c]}", rules)
    assert value.variable.domain == ("a", "b")
    value = parameter(tmp_path, "{Type: String}", rules)
    assert value.variable.domain == ("a", "b")


def test_rules_that_refuse_some_values_of_an_open_parameter(tmp_path):
    """The CDK's own: the version of its bootstrap stack is none of these."""
    rules = "Rules: {R: {Assertions: [{Assert: !Not [!Contains [['1', '2'], !Ref P]]}]}}"
    value = parameter(tmp_path, "{Type: 'AWS::SSM::Parameter::Value<String>', Default: /v}", rules)
    assert isinstance(value, Unknown)
    write(tmp_path, {"t.yaml": database("Engine: mysql", f"Parameters: {{P: {{Type: String}}}}\n{rules}")})
    assert resources(tmp_path, {})["Db"].exists is True


def test_rules_on_several_parameters_decide_what_exists(tmp_path):
    before = """
        Parameters:
          Env: {Type: String, AllowedValues: [dev, prod]}
          Size: {Type: String, AllowedValues: [s, l]}
        Rules:
          R: {RuleCondition: !Equals [!Ref Env, prod], Assertions: [{Assert: !Equals [!Ref Size, l]}]}
        """
    exists = resources(tmp_path, database("Engine: mysql", before))["Db"].exists
    assert [read(exists, Env=env, Size=size) for env in ("dev", "prod") for size in "sl"] == [True, True, False, True]


def test_rules_that_refuse_everything_are_said(tmp_path):
    rules = "Rules: {R: {Assertions: [{Assert: !Equals [!Ref Days, 2]}]}}"
    write(tmp_path, {"t.yaml": database("Engine: mysql", ENV + rules), "x.json": '{"Days": 1}'})
    (root,), _ = scan(tmp_path, parameter_files=("x.json",))
    (deployment,) = root.deployments()
    list(root.deployments())
    assert deployment.resources[0].exists is False
    assert {note.kind for note in root.notes} == {"scenario"}


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("!EachMemberEquals [!Ref L, a]", False),
        ("!EachMemberIn [!Ref L, [a, b, c]]", True),
        ("!EachMemberIn [!Ref L, [a]]", False),
        ("!Contains [!Ref L, b]", True),
        ("!Contains [!Ref L, x]", False),
        ("!EachMemberIn [!ValueOfAll ['AWS::EC2::VPC::Id', Tags.x], [a]]", True),
        ("!EachMemberEquals [!RefAll 'AWS::EC2::VPC::Id', a]", True),
        ("{'Fn::Unheard': x}", True),
    ],
)
def test_the_functions_of_rules(tmp_path, claim, holds):
    """What can not be told is taken to be allowed."""
    before = f"""
        Parameters: {{L: {{Type: CommaDelimitedList, Default: "a,b"}}}}
        Rules: {{R: {{Assertions: [{{Assert: {claim}}}]}}}}
        """
    files = {"t.yaml": database("Engine: mysql", before), "x.json": '{"L": "a,b"}'}
    assert resources(tmp_path, files, parameter_files=("x.json",))["Db"].exists is holds


NESTED = {
    "main.yaml": "Resources:\n  Data:\n    Type: AWS::CloudFormation::Stack\n"
    "    Properties: {TemplateURL: data.yaml, Parameters: {Days: 30}}\n",
    "data.yaml": database("BackupRetentionPeriod: !Ref Days", "Parameters: {Days: {Type: Number}}"),
    "network.yaml": "Parameters: {Range: {Type: String}}\nResources: {V: {Type: AWS::EC2::VPC}}\n",
    "prod.json": '{"Days": 3}',
    "network.json": '{"Range": "10.0.0.0/8"}',
}


def test_a_file_that_fits_a_nested_template_alone_is_a_deployment_of_it(tmp_path):
    write(tmp_path, NESTED)
    roots, problems = scan(tmp_path, parameter_files=("prod.json",))
    assert not problems
    found = [
        (root.path, d.name, r.address, read(r.properties["BackupRetentionPeriod"]))
        for root in roots
        for d in root.deployments()
        for r in d.resources
    ]
    assert found == [("main.yaml", "default", "Data/Db", "30"), ("data.yaml", "prod", "Db", "3")]


def test_a_file_of_a_template_without_a_database_is_no_problem(tmp_path):
    write(tmp_path, NESTED)
    roots, problems = scan(tmp_path, parameter_files=("network.json",))
    assert not problems
    assert [root.path for root in roots] == ["main.yaml"]


def test_an_environment_of_many_values_is_known_by_all_of_them(tmp_path):
    """Production is among them, wherever it stands."""
    names = [*(f"dev{i}" for i in range(14)), "prod"]
    template = database("Engine: mysql", f"Parameters: {{Env: {{Type: String, AllowedValues: {json.dumps(names)}}}}}")
    (deployment,) = deployments(tmp_path, template)
    assert read(deployment.environment, Env="prod") == "prod"
    assert read(deployment.environment, Env="dev13") is False
    (root,), _ = scan(tmp_path)
    assert list(root.scenario_names()) == names
    assert [d.name for d in deployments(tmp_path, template, only=("prod",))] == ["prod"]


def test_a_value_of_many_alternatives_says_why_it_is_not_followed(tmp_path):
    allowed = json.dumps([f"db.t{i}.micro" for i in range(80)])
    conditions = ", ".join(f"C{i}: !Equals [!Ref P, db.t{i}.micro]" for i in range(20))
    before = f"Parameters: {{P: {{Type: String, AllowedValues: {allowed}}}}}\nConditions: {{{conditions}}}\n"
    (deployment,) = deployments(tmp_path, database("DBInstanceClass: !Ref P", before))
    value = deployment.resources[0].properties["DBInstanceClass"]
    assert value.because == "parameter P, of which more than 12 values matter"
