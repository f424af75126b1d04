"""Plans as a kind of input: found, read, placed in the code, and judged as the code is."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from tf_support import Files, Terraform, Wishes

from dblint.model import Deployment, Problem, Ref, Resource, Unknown
from dblint.packs import load, own
from dblint.scan.evaluate import Evaluation, evaluate
from dblint.scan.selection import Selection
from dblint.sources.base import Root
from dblint.sources.terraform.plan.discovery import name_of
from dblint.sources.terraform.plan.document import plain, speaks_of_plan
from dblint.sources.terraform.plan.overlay import combined

PLANNED = Path(__file__).parent / "planned"
ROOTS = sorted(path.name for path in PLANNED.iterdir() if path.is_dir())


def texts(name: str, *, code: bool = True, plan: bool = True) -> dict[str, str]:
    """The files of a recorded root."""
    folder = PLANNED / name
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    kept = [path for path in paths if (plan if path.name == "plan.json" else code)]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in kept}


def roots(given: dict[str, str], **wishes: Any) -> tuple[list[Root], list[Problem]]:
    load([own()])
    problems: list[Problem] = []
    return Terraform().roots(Files.of(given), Wishes(**wishes), problems), problems


def judged(given: dict[str, str]) -> Evaluation:
    rules = load([own()])
    done = Evaluation()
    found, problems = roots(given)
    evaluate(found, Selection(tuple(rules), frozenset(rule.id for rule in rules), {}, {}), (), done)
    assert [*problems, *done.problems] == []
    return done


def verdicts(done: Evaluation) -> set[tuple[str, str, str]]:
    return {(f.rule.id, f.outcome, address) for f in done.findings for address in f.instances}


# What a plan without its code leaves open, and dblint knows from the code: Terraform does not know yet whether an ARN
# that is still to be made is null.
LESS_KNOWN = {
    ("rds-iam-auth-disabled", "undetermined", "module.far.aws_db_instance.this"),
    ("rds-replica-engine-unsupported", "undetermined", "module.far.aws_db_instance.this"),
    ("rds-multi-az-with-fixed-az", "undetermined", "aws_db_instance.this"),
    ("rds-snapshot-unencrypted", "undetermined", "aws_db_snapshot.first"),
    ("rds-storage-unencrypted", "undetermined", 'module.db["prod"].aws_db_instance.this[0]'),
    ("rds-storage-unencrypted", "undetermined", 'module.db["prod"].aws_db_instance.this[1]'),
}


@pytest.mark.parametrize("name", ROOTS)
def test_a_plan_is_judged_as_its_code(name: str) -> None:
    of_code, of_plan = judged(texts(name, plan=False)), judged(texts(name, code=False))
    more = verdicts(of_plan) - verdicts(of_code)
    assert more <= LESS_KNOWN
    known = {(rule, address) for rule, _, address in more}
    assert {(rule, address) for rule, _, address in verdicts(of_code) - verdicts(of_plan)} <= known
    assert verdicts(of_code)


@pytest.mark.parametrize("name", ROOTS)
def test_a_plan_beside_its_code_is_one_more_scenario(name: str) -> None:
    of_code, of_both = judged(texts(name, plan=False)), judged(texts(name))
    assert verdicts(of_both) == verdicts(of_code)
    assert {f.fingerprint for f in of_both.findings} == {f.fingerprint for f in of_code.findings}
    assert {(f.place, f.labels) for f in of_both.findings} == {(f.place, f.labels) for f in of_code.findings}
    broken = [f for f in of_both.findings if f.outcome == "broken"]
    assert {f.failing for f in broken} == {("default", "plan")}


def only(given: dict[str, str], **wishes: Any) -> Deployment:
    found, problems = roots(given, **wishes)
    assert not problems
    (deployment,) = (d for root in found for d in root.deployments())
    return deployment


def resource(deployment: Deployment, address: str) -> Resource:
    return next(resource for resource in deployment.resources if resource.address == address)


# ---- without the code ---------------------------------------------------------------------------------------------


def plan_of(resources: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A plan of resources of the root: type, name, after, unknown, written (expressions), sensitive."""
    changes, configured = [], []
    for entry in resources:
        address = f"{entry['type']}.{entry['name']}"
        key = entry.get("index")
        suffix = "" if key is None else f"[{json.dumps(key)}]"
        change = {
            "actions": entry.get("actions", ["create"]),
            "after": entry.get("after", {}),
            "after_unknown": entry.get("unknown", {}),
            "after_sensitive": entry.get("sensitive", {}),
        }
        named = {name: entry[name] for name in ("type", "name", "index") if name in entry}
        changes.append({"address": address + suffix, "mode": "managed", **named, "change": change})
        written = entry.get("written", {})
        configured.append({"address": address, "mode": "managed", **named, "expressions": written})
    module = {"resources": configured, **more.pop("root_module", {})}
    configuration = {"root_module": module, **more.pop("configuration", {})}
    return {"format_version": "1.2", "resource_changes": changes, "configuration": configuration, **more}


def instance(after: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "aws_db_instance", "name": "db", "after": after or {}, **more}


def planned(*resources: dict[str, Any], **more: Any) -> Deployment:
    return only({"plan.json": json.dumps(plan_of(list(resources), **more), indent=1)})


def test_values_and_their_places() -> None:
    text = json.dumps(plan_of([instance({"multi_az": True, "engine": None, "port": 5432})]), indent=1)
    deployment = only({"a/plan.json": text})
    found = deployment.resources[0]
    assert (deployment.name, deployment.root) == ("default", "a")
    assert dict(found.properties)["MultiAZ"] is True
    assert "Engine" not in found.properties
    line = next(i for i, each in enumerate(text.splitlines(), 1) if '"address": "aws_db_instance.db"' in each)
    assert (found.location.file, found.location.line) == ("a/plan.json", line)
    assert found.trace(("MultiAZ",), {}).written == found.location
    assert found.definition == "a/plan.json#aws_db_instance.db"


def test_instances_are_one_finding() -> None:
    many = [instance({"multi_az": i > 1, "engine": "postgres"}, index=i) for i in range(4)]
    done = judged({"plan.json": json.dumps(plan_of(many), indent=1)})
    (found,) = (f for f in done.findings if f.rule.id == "rds-single-az")
    assert found.instances == ("aws_db_instance.db[0]", "aws_db_instance.db[1]")
    assert found.place.line > 1


def test_what_is_unknown_and_not_set_is_absent() -> None:
    unknown = {"multi_az": True, "storage_encrypted": True, "kms_key_id": True}
    written = {"storage_encrypted": {"references": ["local.encrypted"]}, "kms_key_id": {}}
    found = planned(instance(unknown=unknown, written=written)).resources[0]
    assert "MultiAZ" not in found.properties
    assert isinstance(found.properties["StorageEncrypted"], Unknown)
    assert isinstance(found.properties["KmsKeyId"], Unknown)


def test_what_is_deleted_is_gone_and_what_is_replaced_stays() -> None:
    gone = instance({}, name="gone", actions=["delete"])
    forgotten = instance({}, name="forgotten", actions=["forget"])
    replaced = instance({}, name="replaced", actions=["delete", "create"])
    same = instance({}, name="same", actions=["no-op"])
    deployment = planned(gone, forgotten, replaced, same)
    assert [r.address for r in deployment.resources] == ["aws_db_instance.replaced", "aws_db_instance.same"]


def test_references_lead_to_instances() -> None:
    groups = [{"type": "aws_db_subnet_group", "name": "g", "index": key, "unknown": {"id": True}} for key in ("a", "b")]
    written = {"db_subnet_group_name": {"references": ['aws_db_subnet_group.g["b"].id', 'aws_db_subnet_group.g["b"]']}}
    exact = instance(unknown={"db_subnet_group_name": True}, written=written)
    value = resource(planned(*groups, exact), "aws_db_instance.db").properties["DBSubnetGroupName"]
    assert value.to == ('aws_db_subnet_group.g["b"]',)
    assert value.attribute == "id"
    written = {"db_subnet_group_name": {"references": ["aws_db_subnet_group.g", "each.key"]}}
    own_key = instance({"db_subnet_group_name": "x"}, index="a", written=written)
    value = resource(planned(*groups, own_key), 'aws_db_instance.db["a"]').properties["DBSubnetGroupName"]
    assert (value.to, value.value) == (('aws_db_subnet_group.g["a"]',), "x")


def test_references_through_variables_and_outputs() -> None:
    changes = [
        {"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k", "change": {"after": {}}},
        {
            "address": 'module.db["x"].aws_db_instance.this',
            "module_address": 'module.db["x"]',
            "mode": "managed",
            "type": "aws_db_instance",
            "name": "this",
            "change": {"actions": ["create"], "after": {}, "after_unknown": {"kms_key_id": True}},
        },
        {
            "address": "aws_db_snapshot.s",
            "mode": "managed",
            "type": "aws_db_snapshot",
            "name": "s",
            "change": {"actions": ["create"], "after": {}, "after_unknown": {"db_instance_identifier": True}},
        },
    ]
    called = {
        "outputs": {"id": {"expression": {"references": ["aws_db_instance.this.id", "aws_db_instance.this"]}}},
        "resources": [{"address": "aws_db_instance.this", "expressions": {"kms_key_id": {"references": ["var.key"]}}}],
    }
    call = {"expressions": {"key": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]}}, "module": called}
    written = {"db_instance_identifier": {"references": ['module.db["x"].id', 'module.db["x"]', "module.db"]}}
    module = {
        "resources": [{"address": "aws_db_snapshot.s", "expressions": written}],
        "module_calls": {"db": call},
    }
    plan = {"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": module}}
    deployment = only({"plan.json": json.dumps(plan)})
    instance = resource(deployment, 'module.db["x"].aws_db_instance.this')
    assert instance.properties["KmsKeyId"].to == ("aws_kms_key.k",)
    assert instance.names == ("this", "db")
    snapshot = resource(deployment, "aws_db_snapshot.s")
    assert snapshot.properties["DBInstanceIdentifier"].to == (instance.address,)


def test_secrets() -> None:
    def password(written: Any, **more: Any) -> Any:
        entry = instance({"password": "s3cret"}, sensitive={"password": True}, written={"password": written})
        return planned(entry, **more).resources[0].properties["MasterUserPassword"]

    assert password({"constant_value": "s3cret"}) == "s3cret"
    handed_in = password({"references": ["var.p"]}, root_module={"variables": {"p": {}}})
    assert isinstance(handed_in, Unknown) and handed_in.exposed and handed_in.is_set
    marked = password({"references": ["var.p"]}, root_module={"variables": {"p": {"sensitive": True}}})
    assert isinstance(marked, Unknown) and not marked.exposed
    stored = password({"references": ["data.aws_secretsmanager_secret_version.s.secret_string"]})
    assert isinstance(stored.value, Unknown) and not stored.value.exposed
    write_only = instance({"password_wo": None}, written={"password_wo": {"constant_value": "s3cret"}})
    assert planned(write_only).resources[0].properties["MasterUserPassword"] == "s3cret"


def test_blocks_and_tags() -> None:
    blocks = {"point_in_time_recovery": [{"enabled": False}], "tags": {"a": "b"}, "tags_all": {"a": "b", "c": "d"}}
    entry = {"type": "aws_dynamodb_table", "name": "t", "after": blocks}
    found = planned(entry).resources[0].properties
    assert found["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is False
    assert found["Tags"] == {"a": "b", "c": "d"}
    computed = {**entry, "after": {}, "unknown": {"point_in_time_recovery": True, "tags_all": True}}
    assert "PointInTimeRecoverySpecification" not in planned(computed).resources[0].properties
    partly = {**entry, "after": {"tags": {"a": "b"}}, "unknown": {"tags": {"c": True}}}
    tags = planned(partly).resources[0].properties["Tags"]
    assert tags["a"] == "b"
    assert isinstance(tags["c"], Unknown)


def test_regions_and_versions_of_the_provider() -> None:
    provider = {
        "provider_config": {
            "aws": {"version_constraint": "~> 6.0", "expressions": {"region": {"references": ["var.region"]}}}
        }
    }
    found = planned(instance(), configuration=provider, variables={"region": {"value": "eu-west-1"}}).resources[0]
    assert (found.region, found.provider_version) == ("eu-west-1", "~> 6.0")
    assert planned(instance({"region": "us-east-1"}), configuration=provider).resources[0].region == "us-east-1"


def test_a_state() -> None:
    values = {
        "identifier": "x",
        "kms_key_id": "",
        "multi_az": False,
        "password": "s3cret",
        "restore_to_point_in_time": [],
    }
    inner = {"address": "module.m.aws_db_instance.db[0]", "mode": "managed", "type": "aws_db_instance", "name": "db"}
    module = {
        "address": "module.m",
        "resources": [{**inner, "index": 0, "values": values, "sensitive_values": {"password": True}}],
    }
    state = {"format_version": "1.0", "values": {"root_module": {"child_modules": [module]}}}
    (found,) = only({"state.json": json.dumps(state)}).resources
    assert found.address == "module.m.aws_db_instance.db[0]"
    assert found.names == ("db", "m")
    assert found.properties["MultiAZ"] is False
    assert "KmsKeyId" not in found.properties
    assert isinstance(found.properties["MasterUserPassword"], Unknown)


def test_planned_values_where_there_are_no_changes() -> None:
    entry = {"address": "aws_db_instance.db", "mode": "managed", "type": "aws_db_instance", "name": "db"}
    plan = plan_of([instance(written={"kms_key_id": {"references": ["local.k"]}, "engine": {"constant_value": None}})])
    del plan["resource_changes"]
    plan["planned_values"] = {"root_module": {"resources": [{**entry, "values": {"multi_az": True}}]}}
    (found,) = only({"plan.json": json.dumps(plan)}).resources
    assert found.properties["MultiAZ"] is True
    assert isinstance(found.properties["KmsKeyId"], Unknown)
    assert "Engine" not in found.properties


# What version 5 of the provider says of an instance of which little is set.
REAL = {
    **dict.fromkeys(
        ("allow_major_version_upgrade", "deletion_protection", "enabled_cloudwatch_logs_exports", "domain")
    ),
    **dict.fromkeys(
        ("final_snapshot_identifier", "iam_database_authentication_enabled", "manage_master_user_password")
    ),
    **dict.fromkeys(("max_allocated_storage", "replicate_source_db", "storage_encrypted", "tags", "timeouts")),
    **dict.fromkeys(("apply_immediately", "copy_tags_to_snapshot", "publicly_accessible"), False),
    **dict.fromkeys(("auto_minor_version_upgrade", "delete_automated_backups", "skip_final_snapshot"), True),
    "blue_green_update": [],
    "restore_to_point_in_time": [],
    "s3_import": [],
    "allocated_storage": 20,
    "engine": "postgres",
    "instance_class": "db.t3.micro",
    "monitoring_interval": 0,
    "password": "s3cret-s3cret",
    "performance_insights_enabled": False,
    "username": "root",
}
REAL_UNKNOWN = """
    address arn availability_zone backup_retention_period backup_target backup_window ca_cert_identifier
    character_set_name db_name db_subnet_group_name endpoint engine_lifecycle_support engine_version
    engine_version_actual hosted_zone_id id identifier identifier_prefix iops kms_key_id latest_restorable_time
    license_model listener_endpoint maintenance_window master_user_secret master_user_secret_kms_key_id
    monitoring_role_arn multi_az nchar_character_set_name network_type option_group_name parameter_group_name
    performance_insights_kms_key_id performance_insights_retention_period port replica_mode replicas resource_id
    snapshot_identifier status storage_throughput storage_type tags_all timezone vpc_security_group_ids
"""


def test_what_the_real_provider_says_is_judged_as_the_code() -> None:
    set_here = ("allocated_storage", "engine", "instance_class", "password", "skip_final_snapshot", "username")
    code = "".join(f"  {name} = {json.dumps(REAL[name])}\n" for name in set_here)
    entry = instance(
        REAL,
        unknown={**dict.fromkeys(REAL_UNKNOWN.split(), True), "blue_green_update": [], "restore_to_point_in_time": []},
        sensitive={"password": True, "replicas": [], "tags_all": {}, "blue_green_update": []},
        written={name: {"constant_value": REAL[name]} for name in set_here},
    )
    of_code = judged({"main.tf": f'resource "aws_db_instance" "db" {{\n{code}}}\n'})
    of_plan = judged({"plan.json": json.dumps(plan_of([entry]))})
    assert verdicts(of_plan) == verdicts(of_code)
    assert len(verdicts(of_code)) > 5


# ---- which files are plans, and what they are called --------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("plan.json", "plan"),
        ("plans/prod.json", "prod"),
        ("prod.tfplan.json", "prod"),
        ("tfplan", "tfplan"),
        ("x/prod.plan.json", "prod"),
        (".json", "plan"),
    ],
)
def test_names(path: str, name: str) -> None:
    assert name_of(path) == name


def test_addresses_without_keys() -> None:
    assert plain('module.a["x.y[0]"].aws_b.c[0]') == "module.a.aws_b.c"
    assert plain('module.a["\\"]"].b') == "module.a.b"


def test_only_plans_are_found() -> None:
    text = json.dumps(plan_of([instance({"multi_az": False})]))
    other = {"package.json": '{"format_version": 1}', "list.json": "[1]", "x.tfvars.json": text, "broken.json": "{"}
    found, problems = roots({"plan.json": text, **other})
    assert [root.path for root in found] == ["."]
    assert not problems
    assert speaks_of_plan(text.encode()) and not speaks_of_plan(b'{"format_version": 1}')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(json.dumps(plan_of([instance({"multi_az": False})])).encode(encoding))
    files = Files(tmp_path)
    files.add(tmp_path)
    load([own()])
    (root,) = Terraform().roots(files, Wishes(), [])
    (deployment,) = root.deployments()
    assert deployment.resources[0].location.line == 1


def test_several_plans_are_scenarios() -> None:
    plans = {name: json.dumps(plan_of([instance({"multi_az": name == "prod"})])) for name in ("dev", "prod")}
    found, _ = roots({f"plans/{name}.json": text for name, text in plans.items()})
    assert [list(root.scenario_names()) for root in found] == [["dev", "prod"]]
    deployments = {d.name: d for root in found for d in root.deployments()}
    assert {name: d.resources[0].properties["MultiAZ"] for name, d in deployments.items()} == {
        "dev": False,
        "prod": True,
    }
    assert deployments["prod"].environment == "prod"
    chosen, _ = roots({f"plans/{name}.json": text for name, text in plans.items()}, only=("dev",))
    assert [d.name for root in chosen for d in root.deployments()] == ["dev"]


def test_a_variable_names_the_environment() -> None:
    assert planned(instance(), variables={"env": {"value": "staging"}}).environment == "staging"


def test_a_plan_replaces_the_scenario_of_its_name() -> None:
    given = texts("files", plan=False)
    plan = (PLANNED / "files" / "plan.json").read_text(encoding="utf-8")
    given["prod.tfvars"] = 'environment = "prod"\ncluster = { nodes = 5 }\n'
    found, _ = roots({**given, "plans/prod.json": plan})
    assert [list(root.scenario_names()) for root in found] == [["prod"]]
    (deployment,) = found[0].deployments()
    assert deployment.resources[0].properties["NumberOfNodes"] == 2


def test_the_code_of_a_plan_may_lie_elsewhere() -> None:
    given = {f"live/orders/{path}": text for path, text in texts("instance", plan=False).items()}
    given["other/main.tf"] = 'resource "aws_db_instance" "other" {}\n'
    given["plans/orders.json"] = (PLANNED / "instance" / "plan.json").read_text(encoding="utf-8")
    found, _ = roots(given)
    names = {root.path: list(root.scenario_names()) for root in found}
    assert names == {"live/orders": ["default", "orders"], "other": ["default"]}


def test_a_plan_that_is_named_brings_its_code_into_view(tmp_path: Path) -> None:
    for path, text in texts("modules").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    load([own()])
    files = Files(tmp_path)
    files.add(tmp_path / "plan.json")
    found = Terraform().roots(files, Wishes(), [])
    assert [(root.path, list(root.scenario_names())) for root in found] == [(".", ["plan"])]
    assert files.named == {"plan.json", "main.tf", "db/main.tf", "network/main.tf"}
    (deployment,) = found[0].deployments()
    instance = resource(deployment, 'module.db["prod"].aws_db_instance.this[1]')
    assert instance.location.file == "db/main.tf"
    assert instance.trace(("MultiAZ",), {}).origins[0].location.file == "main.tf"


# ---- what is wrong with a plan is said ----------------------------------------------------------------------------


DEEP = json.dumps({"address": "a.b", "mode": "managed", "change": {"after": {"x": "HERE"}}}).replace(
    '"HERE"', "[" * 400 + "]" * 400
)
GOOD = plan_of([instance({"multi_az": False})])


def broken(**changes: Any) -> str:
    return json.dumps({**copy.deepcopy(GOOD), **changes})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("PK\x03\x04", "in the form that only Terraform reads"),
        ("not json", "it is not JSON"),
        ("[" * 100_000, "it is nested too deeply"),
        (f'{{"format_version": "1", "resource_changes": [{DEEP}]}}', "is nested too deeply"),
        ("[]", "no plan of Terraform"),
        ('{"format_version": "1.2"}', "no plan of Terraform"),
        (broken(resource_changes=[{}]), "a change has no address"),
        (broken(resource_changes=[1]), "a change has no address"),
        (broken(resource_changes={}, planned_values={}), "expected a list"),
        (broken(configuration=[]), "configuration is no object"),
        (broken(variables=3), "variables is no object"),
        (broken(resource_changes=[{"address": "a.b", "mode": "managed", "change": []}]), "change is no object"),
        (
            broken(resource_changes=[{"address": "a.b", "mode": "managed", "module_address": "x", "change": {}}]),
            "the address of its module can not be read",
        ),
        (broken(errored=True), "the plan failed"),
    ],
)
def test_a_file_that_is_no_good_plan_is_a_problem(text: str, message: str) -> None:
    found, problems = roots({"p.json": text}, plans=("p.json",))
    assert [message in problem.message for problem in problems] == [True], problems
    assert problems[0].path == "p.json"
    for root in found:
        list(root.deployments())


ODD: list[Any] = [
    None,
    1,
    "x",
    [],
    [1],
    {},
    {"references": 1},
    {"references": [1, "var.", "module.x", "each.key", "."]},
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_configuration_is_no_crash(odd: Any) -> None:
    plan = plan_of([instance({"multi_az": None}, unknown={"multi_az": True, "kms_key_id": True, "engine": True})])
    for place in ("expressions", "for_each_expression"):
        plan["configuration"]["root_module"]["resources"][0][place] = odd
        plan["configuration"]["root_module"]["resources"].append(odd)
        written = {"multi_az": odd, "kms_key_id": {"references": ["each.value", "module.m.o", "module.m"]}}
        plan["configuration"]["root_module"]["module_calls"] = odd
        dict(only({"plan.json": json.dumps(plan)}).resources[0].properties)
        plan["configuration"]["root_module"]["resources"][0]["expressions"] = written
        plan["configuration"]["provider_config"] = odd if isinstance(odd, dict) else {"aws": odd}
        dict(only({"plan.json": json.dumps(plan)}).resources[0].properties)
    plan["resource_changes"][0]["change"]["after_unknown"] = odd
    plan["resource_changes"][0]["change"]["after_sensitive"] = odd
    dict(only({"plan.json": json.dumps(plan)}).resources[0].properties)


# ---- plan and code together ---------------------------------------------------------------------------------------

HIDDEN = Unknown("later")


@pytest.mark.parametrize(
    ("planned_value", "source", "expected"),
    [
        (1, Unknown("x"), 1),
        (HIDDEN, Ref(("a",), Unknown("x")), Ref(("a",), Unknown("x"))),
        ("v", Ref(("a",), Unknown("x"), "id"), Ref(("a",), "v", "id")),
        (None, "x", None),
        (HIDDEN, None, None),
        (["b", "a"], [Ref(("r",), "a"), "b"], ["b", Ref(("r",), "a")]),
        ([HIDDEN, "b"], ["b", Ref(("r",), Unknown("x"))], [Ref(("r",), Unknown("x")), "b"]),
        ({"k": HIDDEN, "l": 1}, {"k": "v"}, {"k": "v", "l": 1}),
        (["a"], ["a", "b"], ["a"]),
    ],
)
def test_plan_and_code_together(planned_value: Any, source: Any, expected: Any) -> None:
    assert combined(planned_value, source) == expected


# ---- on the command line ------------------------------------------------------------------------------------------


def test_the_option(tmp_path: Path, dblint: Any) -> None:
    """A plan of any name; its values are told, and no line of it is shown."""
    change = {"multi_az": False, "username": "s3cret", "engine": "postgres", "identifier": "prod"}
    plan = plan_of([instance(change, sensitive={"username": True})])
    (tmp_path / "saved").write_text(json.dumps(plan), encoding="utf-8")
    ended = dblint("scan", "--plan", "saved", "--select", "rds-single-az")
    assert (ended.code, ended.err) == (1, "")
    assert "high[rds-single-az]: aws_db_instance.db" in ended.out
    assert "--> saved:1:" in ended.out
    assert "s3cret" not in ended.out


def test_the_option_with_what_is_no_plan(tmp_path: Path, dblint: Any) -> None:
    (tmp_path / "saved").write_text("PK", encoding="utf-8")
    ended = dblint("scan", "--plan", "saved")
    assert ended.code == 2
    assert "saved: it is a plan in the form that only Terraform reads" in ended.err
    assert "terraform show -json" in ended.err


# ---- hostile plans ------------------------------------------------------------------------------------------------


def test_references_in_circles_and_in_masses_end_soon() -> None:
    """Outputs that refer to each other twice would be followed 2^40 times, and 100,000 references 10^10 times."""
    outputs = {
        f"o{i}": {"expression": {"references": [f"module.m.o{i + 1}", f"module.m.o{i + 1}.x", "module.m.o0"]}}
        for i in range(40)
    }
    many = [f"aws_db_subnet_group.g{i}.id" for i in range(100_000)]
    written = {"kms_key_id": {"references": ["module.m.o0"]}, "db_subnet_group_name": {"references": many}}
    entry = instance({"db_subnet_group_name": "x"}, unknown={"kms_key_id": True}, written=written)
    plan = plan_of([entry])
    module = plan["configuration"]["root_module"]
    module["module_calls"] = {"m": {"module": {"outputs": outputs}}}
    began = time.process_time()
    (found,) = only({"plan.json": json.dumps(plan)}).resources
    assert isinstance(found.properties["KmsKeyId"], Unknown)
    assert found.properties["DBSubnetGroupName"] == "x"
    assert time.process_time() - began < 2


def test_many_instances_take_linear_time() -> None:
    groups = [{"type": "aws_db_subnet_group", "name": "g", "index": i, "after": {"name": f"g{i}"}} for i in range(3000)]
    written = {"db_subnet_group_name": {"references": ["aws_db_subnet_group.g", "count.index"]}}
    dbs = [instance({"db_subnet_group_name": f"g{i}"}, index=i, written=written) for i in range(3000)]
    began = time.process_time()
    deployment = planned(*groups, *dbs)
    values = [r.properties["DBSubnetGroupName"] for r in deployment.resources if r.kind == "aws_db_instance"]
    assert values[2999].to == ("aws_db_subnet_group.g[2999]",)
    assert time.process_time() - began < 5
