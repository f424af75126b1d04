"""Files, modules, overrides, the JSON syntax, providers."""

from __future__ import annotations

import json

import pytest
from tf_support import deployments, only, origins, scan, simple, store, stores

from dblint.model import Unknown


def test_nested_modules_with_outputs_flowing_back() -> None:
    texts = {
        "main.tf": """
        module "network" {
          source = "./network"
        }
        module "db" {
          source     = "./db"
          subnet_ids = module.network.ids
          key        = module.network.key
        }
        """,
        "network/main.tf": """
        module "inner" {
          source = "./inner"
          count  = 2
          number = count.index
        }
        output "ids" { value = module.inner[*].id }
        output "key" { value = one(module.inner[*].name) }
        """,
        "network/inner/main.tf": """
        variable "number" {}
        resource "testaws_network" "this" { name = "net-${var.number}" }
        output "id" { value = testaws_network.this.id }
        output "name" { value = "k" }
        """,
        "db/main.tf": """
        variable "subnet_ids" { type = list(string) }
        variable "key" {}
        resource "testaws_store" "x" { subnet_ids = var.subnet_ids }
        """,
    }
    found = stores(only(texts))["module.db.testaws_store.x"]
    assert [item.to for item in found.properties["SubnetIds"]] == [
        ("module.network.module.inner[0].testaws_network.this",),
        ("module.network.module.inner[1].testaws_network.this",),
    ]
    assert {item.attribute for item in found.properties["SubnetIds"]} == {"id"}


def test_a_called_module_is_no_root_but_a_published_one_is() -> None:
    module = 'variable "days" { default = 1 }\nresource "testaws_store" "x" { days = var.days }\n'
    texts = {
        "live/main.tf": 'module "db" {\n source = "../modules/db"\n days = 5\n}\n',
        "modules/db/main.tf": module,
        "published/main.tf": module,
        "published/examples/simple/main.tf": 'module "db" {\n source = "../../"\n}\n',
        "with_state/main.tf": 'terraform {\n backend "s3" {}\n}\n' + module,
        "caller/main.tf": 'module "s" {\n source = "../with_state"\n}\n',
    }
    roots, _ = scan(texts)
    assert [root.path for root in roots] == ["caller", "live", "published", "published/examples/simple", "with_state"]


def test_modules_that_call_each_other_are_looked_at_all_the_same() -> None:
    texts = {
        "a/main.tf": 'module "b" {\n source = "../b"\n}\nresource "testaws_store" "x" {}\n',
        "b/main.tf": 'module "a" {\n source = "../a"\n}\n',
    }
    roots, _ = scan(texts)
    assert [root.path for root in roots] == ["a"]
    found = next(roots[0].deployments())
    assert [r.address for r in found.resources] == ["testaws_store.x"]


def test_settings_name_the_roots() -> None:
    texts = {f"{name}/main.tf": 'resource "testaws_store" "x" {}\n' for name in ("envs/a", "envs/b", "other")}
    roots, _ = scan(texts, roots=("envs/*",))
    assert [root.path for root in roots] == ["envs/a", "envs/b"]


def test_installed_modules_are_read() -> None:
    manifest = {
        "Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {
                "Key": "db",
                "Source": "registry.terraform.io/x/db/aws",
                "Version": "1.2.3",
                "Dir": ".terraform/modules/db",
            },
            {"Key": "db.inner", "Source": "./inner", "Dir": ".terraform/modules/db/inner"},
            {"Key": "evil", "Source": "x", "Dir": "../../outside"},
        ]
    }
    texts = {
        "main.tf": 'module "db" {\n source = "x/db/aws"\n version = "~> 1.0"\n days = 9\n}\n',
        ".terraform/modules/modules.json": json.dumps(manifest),
        ".terraform/modules/db/main.tf": """
        variable "days" {}
        module "inner" {
          source = "./inner"
          days   = var.days
        }
        """,
        ".terraform/modules/db/inner/main.tf": 'variable "days" {}\nresource "testaws_store" "x" { days = var.days }\n',
    }
    deployment = only(texts)
    assert stores(deployment)["module.db.module.inner.testaws_store.x"].properties["Days"] == 9
    assert deployment.strangers == ()


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("../../../outside", "outside of the project"),
        ("./nowhere", "there is no module"),
        ("git::https://example.com/x.git?ref=v1", "is not installed"),
        ("terraform-aws-modules/vpc/aws", "is not installed"),
        ("https://example.com/x.zip", "is not installed"),
    ],
)
def test_a_module_whose_code_is_not_here_is_noted(source: str, kind: str) -> None:
    roots, problems = scan(f'module "x" {{\n source = "{source}"\n}}\nresource "testaws_store" "s" {{}}\n')
    deployment = next(roots[0].deployments())
    assert [s.address for s in deployment.strangers] == ["module.x"]
    assert kind in roots[0].notes[0].message
    assert not problems


def test_a_call_that_terraform_refuses_is_noted() -> None:
    called = 'variable "days" {}\nresource "testaws_store" "s" { days = var.days }\n'
    names = "".join(f"  extra{n} = 1\n" for n in range(7))
    call = f'module "x" {{\n  source = "./db"\n  count = 1\n  days = 7\n{names}}}\n'
    roots, problems = scan({"main.tf": call, "db/main.tf": called})
    deployment = next(root for root in roots if root.path == ".").deployments()
    assert stores(next(deployment))["module.x[0].testaws_store.s"].properties["Days"] == 7
    note = next(root for root in roots if root.path == ".").notes[0]
    assert (note.line, note.kind, note.message) == (
        5,
        "call",
        (
            "module.x: Terraform refuses the call: its module has no variable"
            " extra0, extra1, extra2, extra3, extra4 and 2 more"
        ),
    )
    assert not problems


def test_providers_are_handed_to_modules() -> None:
    texts = {
        "main.tf": """
        provider "testaws" {
          region = "eu-west-1"
        }
        provider "testaws" {
          alias  = "far"
          region = var.far
          default_tags {
            tags = { Where = "far" }
          }
        }
        variable "far" { default = "us-east-1" }
        module "near" {
          source = "./db"
        }
        module "far" {
          source    = "./db"
          providers = { testaws = testaws.far }
        }
        resource "testaws_store" "own" {
          provider = testaws.far
        }
        resource "testaws_store" "region" {
          region = "ap-south-1"
        }
        """,
        "db/main.tf": 'resource "testaws_store" "x" {}\n',
    }
    found = stores(only(texts))
    assert {address: r.region for address, r in found.items()} == {
        "module.near.testaws_store.x": "eu-west-1",
        "module.far.testaws_store.x": "us-east-1",
        "testaws_store.own": "us-east-1",
        "testaws_store.region": "ap-south-1",
    }
    assert found["module.far.testaws_store.x"].properties["Tags"] == {"Where": "far"}
    assert "Tags" not in found["module.near.testaws_store.x"].properties


def test_tags_come_from_where_they_are_written() -> None:
    found = store(
        """
        provider "testaws" {
          default_tags {
            tags = {
              Team = "data"
            }
          }
        }
        resource "testaws_store" "x" {
          tags = { Name = "x" }
        }
        """
    )
    assert origins(found, "Tags", "Team")[0][0] == "main.tf:5"
    assert origins(found, "Tags", "Name")[0][0] == "main.tf:10"


def test_the_version_of_the_provider() -> None:
    main = """
    terraform {
      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = ">= 5.0"
        }
        other = { source = "x/other", version = "1.0" }
      }
    }
    module "db" { source = "./db" }
    """
    db = 'terraform {\n required_providers {\n aws = "< 6.0"\n }\n}\nresource "testaws_store" "x" {}\n'
    assert store({"main.tf": main, "db/main.tf": db}).provider_version == ">= 5.0, < 6.0"
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n version = "5.31.0"\n}\n'
    texts = {"main.tf": main, "db/main.tf": db, ".terraform.lock.hcl": lock}
    assert store(texts).provider_version == "5.31.0"


def test_override_files_are_merged_argument_by_argument() -> None:
    texts = {
        "main.tf": """
        locals { a = 1 }
        variable "engine" { default = "mysql" }
        resource "testaws_store" "x" {
          engine = var.engine
          days   = local.a
          name   = "kept"
          window { days = 1 }
          windows { days = 2 }
          count  = 3
        }
        """,
        "override.tf": 'locals { a = 7 }\nvariable "engine" { default = "postgres" }\n',
        "z_override.tf": """
        resource "testaws_store" "x" {
          count = 1
          windows { days = 5 }
          windows { days = 6 }
        }
        """,
    }
    properties = store(texts).properties
    assert (properties["Engine"], properties["Days"], properties["Name"]) == ("postgres", 7, "kept")
    assert properties["Window"] == {"Days": 1}
    assert properties["Windows"] == [{"Days": 5}, {"Days": 6}]


def test_opentofu_files_replace_those_of_their_name() -> None:
    texts = {
        "main.tf": 'resource "testaws_store" "x" { days = 1 }\n',
        "main.tofu": 'variable "where" { default = "./db" }\nmodule "m" { source = var.where }\n',
        "db/main.tf": 'resource "testaws_store" "y" {\n lifecycle {\n enabled = false\n }\n}\n',
    }
    deployment = only(texts)
    assert {address: r.exists for address, r in stores(deployment).items()} == {"module.m.testaws_store.y": False}


def test_json_syntax() -> None:
    main = {
        "//": "a comment",
        "variable": {"days": {"type": "number", "default": 3}, "names": {"type": "list(string)", "default": ["a"]}},
        "locals": {"engine": 'my${upper("sql")}'},
        "provider": {"testaws": [{"region": "eu-west-1"}, {"alias": "far", "region": "us-east-1"}]},
        "resource": {
            "testaws_store": {
                "x": {
                    "//": "another",
                    "count": "${length(var.names)}",
                    "days": "${var.days}",
                    "engine": "${local.engine}",
                    "name": "n-${count.index}",
                    "window": {"enabled": True},
                    "windows": [{"days": 1}, {"days": 2}],
                    "provider": "testaws.far",
                    "lifecycle": {"ignore_changes": ["tags"]},
                },
                "y": {"dynamic": {"windows": {"for_each": [4, 5], "content": {"days": "${windows.value}"}}}},
            }
        },
    }
    found = stores(only({"main.tf.json": json.dumps(main, indent=1)}))
    first = found["testaws_store.x[0]"]
    assert dict(first.properties) == {
        "Days": 3,
        "Engine": "mySQL",
        "Name": "n-0",
        "Window": {"Enabled": True},
        "Windows": [{"Days": 1}, {"Days": 2}],
    }
    assert first.region == "us-east-1"
    assert found["testaws_store.y"].properties["Windows"] == [{"Days": 4}, {"Days": 5}]
    assert origins(first, "Days")[0] == ("main.tf.json:6", "default of variable days")
    trace = first.trace(("Days",), {})
    lines = json.dumps(main, indent=1).splitlines()
    assert trace.written is not None and lines[trace.written.line - 1].strip() == '"days": "${var.days}",'
    assert (trace.written.end_line, trace.written.end_column) == (trace.written.line, len(lines[33]))


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": }', '{"a": 1,}', "nonsense", '{"a": "\\x"}'])
def test_json_that_is_none_is_a_problem(text: str) -> None:
    roots, problems = scan({"main.tf.json": text, "ok.tf": 'resource "testaws_store" "x" {}\n'})
    for root in roots:
        list(root.deployments())
    if text != '{"a": "\\x"}':
        assert [problem.path for problem in problems] == ["main.tf.json"]


def test_blocks_dynamic_nested_and_with_an_iterator() -> None:
    found = store(
        """
        variable "windows" {
          default = { b = { days = [2, 3] }, a = { days = [1] } }
        }
        resource "testaws_store" "x" {
          windows { days = 9 }
          dynamic "windows" {
            for_each = var.windows
            iterator = outer
            content {
              enabled = outer.key == "a"
              days    = outer.value.days[0]
            }
          }
        }
        """
    )
    assert found.properties["Windows"] == [
        {"Days": 9},
        {"Days": 1, "Enabled": True},
        {"Days": 2, "Enabled": False},
    ]
    assert origins(found, "Windows", 1, "Days") == [
        ("main.tf:3", "default of variable windows"),
        ("main.tf:8", "for_each of outer"),
    ]
    assert found.trace(("Windows", 0, "Days"), {}).written.line == 6  # type: ignore[union-attr]


def test_a_dynamic_block_that_nobody_knows() -> None:
    found = store(
        """
        variable "n" {}
        variable "b" { type = bool }
        resource "testaws_store" "x" {
          dynamic "windows" {
            for_each = var.n
            content { days = 1 }
          }
          dynamic "window" {
            for_each = var.b ? [1] : []
            content { days = 2 }
          }
        }
        """
    )
    assert [type(item) for item in found.properties["Windows"]] == [Unknown]
    assert simple(found.properties["Window"]) == {"b": [{"Days": 2}, None]}


def test_objects_of_an_argument_are_blocks() -> None:
    found = store('resource "testaws_store" "x" {\n windows = [{ days = 1 }, { days = 2, enabled = true }]\n}\n')
    assert found.properties["Windows"] == [{"Days": 1}, {"Days": 2, "Enabled": True}]


@pytest.mark.parametrize(
    ("for_each", "expected"),
    [
        ('toset(["a", "b"])', {'testaws_store.x["a"]': "a", 'testaws_store.x["b"]': "b"}),
        ('{ a = "1", b = var.u }', {'testaws_store.x["a"]': "1", 'testaws_store.x["b"]': "?"}),
        ("var.m", {"testaws_store.x[*]": "?"}),
        ('["a"]', {"testaws_store.x[*]": "?"}),
        ('toset(["a\\"b"])', {'testaws_store.x["a\\"b"]': 'a"b'}),
        (
            'var.b ? { a = "1" } : { c = "2" }',
            {'testaws_store.x["a"]': {"b": ["1", "?"]}, 'testaws_store.x["c"]': {"b": ["?", "2"]}},
        ),
    ],
)
def test_for_each(for_each: str, expected: dict[str, object]) -> None:
    deployment = only(
        f"""
        variable "u" {{}}
        variable "m" {{ type = map(string) }}
        variable "b" {{ type = bool }}
        resource "testaws_store" "x" {{
          for_each = {for_each}
          name     = each.value
        }}
        """
    )
    assert {address: simple(r.properties.get("Name")) for address, r in stores(deployment).items()} == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("testaws_network.one.id", {"ref": ["testaws_network.one"], "value": "?", "attribute": "id"}),
        ("testaws_network.one.name", {"ref": ["testaws_network.one"], "value": "n", "attribute": "name"}),
        ('"x-${testaws_network.one.name}"', {"ref": ["testaws_network.one"], "value": "x-n", "attribute": ""}),
        ("testaws_network.many[1].id", {"ref": ["testaws_network.many[1]"], "value": "?", "attribute": "id"}),
        ('testaws_network.each["k"].id', {"ref": ['testaws_network.each["k"]'], "value": "?", "attribute": "id"}),
        ("testaws_network.open[0].id", {"ref": ["testaws_network.open[*]"], "value": "?", "attribute": "id"}),
        (
            "one([for k, n in testaws_network.each : n.id])",
            {"ref": ['testaws_network.each["k"]'], "value": "?", "attribute": "id"},
        ),
        ("values(testaws_network.each)[0].id", {"ref": ['testaws_network.each["k"]'], "value": "?", "attribute": "id"}),
        (
            "element(testaws_network.many[*].id, 0)",
            {"ref": ["testaws_network.many[0]"], "value": "?", "attribute": "id"},
        ),
        ('try(testaws_network.many[0].id, "")', {"ref": ["testaws_network.many[0]"], "value": "?", "attribute": "id"}),
        (
            'coalesce(testaws_network.one.id, "x")',
            {
                "testaws_network.one.id": [
                    "x",
                    {"ref": ["testaws_network.one"], "value": "?", "attribute": "id"},
                ]
            },
        ),
        ("true ? testaws_network.one.id : null", {"ref": ["testaws_network.one"], "value": "?", "attribute": "id"}),
        ('testaws_network.one.id == "" ? "a" : "b"', {"testaws_network.one.id": ["a", "b"]}),
        ("data.testaws_network.d.id", {"ref": ["data.testaws_network.d"], "value": "?", "attribute": "id"}),
        ("data.testaws_network.d.name", {"ref": ["data.testaws_network.d"], "value": "looked-up", "attribute": "name"}),
        ("data.testaws_network.d.tags.x", {"ref": ["data.testaws_network.d"], "value": "?", "attribute": "tags.x"}),
    ],
)
def test_references(reference: str, expected: object) -> None:
    found = store(
        f"""
        variable "n" {{ type = number }}
        resource "testaws_network" "one" {{ name = "n" }}
        resource "testaws_network" "many" {{ count = 2 }}
        resource "testaws_network" "each" {{ for_each = toset(["k"]) }}
        resource "testaws_network" "open" {{ count = var.n }}
        data "testaws_network" "d" {{ name = "looked-up" }}
        resource "testaws_store" "x" {{ name = {reference} }}
        """
    )
    assert simple(found.properties["Name"]) == expected


def test_a_module_called_for_two_environments() -> None:
    texts = {
        "main.tf": """
        module "db" {
          source   = "./db"
          for_each = { prod = { ha = true }, dev = { ha = false } }
          multi_az = each.value.ha
        }
        """,
        "db/main.tf": 'variable "multi_az" {}\nresource "testaws_store" "x" { multi_az = var.multi_az }\n',
    }
    found = stores(only(texts))
    assert {a: r.properties["MultiAZ"] for a, r in found.items()} == {
        'module.db["dev"].testaws_store.x': False,
        'module.db["prod"].testaws_store.x': True,
    }
    prod = found['module.db["prod"].testaws_store.x']
    assert prod.names == ("x", "prod", "db")
    assert origins(prod, "MultiAZ") == [
        ("main.tf:4", "for_each of module.db"),
        ("main.tf:5", 'argument of module.db["prod"]'),
    ]


def test_the_remote_state_of_another_root() -> None:
    texts = {
        "network/main.tf": """
        terraform {
          backend "s3" {
            bucket = "states"
            key    = "network"
          }
        }
        variable "u" {}
        output "group" { value = "subnets" }
        output "hidden" { value = var.u }
        """,
        "app/main.tf": """
        data "terraform_remote_state" "network" {
          backend = "s3"
          config  = { bucket = "states", key = "network", region = "eu-west-1" }
        }
        data "terraform_remote_state" "elsewhere" {
          backend = "s3"
          config  = { bucket = "others", key = "network" }
        }
        resource "testaws_store" "x" {
          name       = data.terraform_remote_state.network.outputs.group
          engine     = data.terraform_remote_state.network.outputs.hidden
          kms_key_id = data.terraform_remote_state.elsewhere.outputs.key
        }
        """,
    }
    properties = store(texts).properties
    where = "data.terraform_remote_state.network"
    assert simple(properties["Name"]) == {"ref": [where], "value": "subnets", "attribute": "outputs.group"}
    assert simple(properties["Engine"]) == {"ref": [where], "value": "?", "attribute": "outputs.hidden"}
    assert simple(properties["KeyId"])["value"] == "?"


def test_types_of_variables_convert_and_fill_in() -> None:
    found = store(
        """
        variable "s" {
          type = object({
            days = optional(number, 7)
            name = string
            more = optional(object({ ha = optional(bool, true) }), {})
          })
          default = { name = 5 }
        }
        resource "testaws_store" "x" {
          days     = var.s.days
          name     = var.s.name
          multi_az = var.s.more.ha
        }
        """
    )
    assert (found.properties["Days"], found.properties["Name"], found.properties["MultiAZ"]) == (7, "5", True)
    assert origins(found, "Days")[0] == ("main.tf:4", "default of variable s.days")


def test_null_is_absent_and_knows_where_it_was_decided() -> None:
    found = store(
        """
        variable "key" {
          type    = string
          default = null
        }
        resource "testaws_store" "x" {
          kms_key_id = var.key
        }
        """
    )
    assert "KeyId" not in found.properties
    assert origins(found, "KeyId") == [("main.tf:4", "default of variable key")]


def test_not_nullable_variables_fall_back_to_their_default() -> None:
    texts = {
        "main.tf": 'module "m" {\n source = "./m"\n days = null\n}\n',
        "m/main.tf": """
        variable "days" {
          default  = 7
          nullable = false
        }
        resource "testaws_store" "x" { days = var.days }
        """,
    }
    assert store(texts).properties["Days"] == 7


def test_secrets_know_whether_they_are_exposed() -> None:
    found = stores(
        only(
            """
            variable "open" {}
            variable "hidden" { sensitive = true }
            resource "random_password" "p" {}
            data "aws_secretsmanager_secret_version" "s" {}
            resource "testaws_store" "open" { password = var.open }
            resource "testaws_store" "hidden" { password = var.hidden }
            resource "testaws_store" "random" { password = random_password.p.result }
            resource "testaws_store" "stored" {
              password = jsondecode(data.aws_secretsmanager_secret_version.s.secret_string)["password"]
            }
            """
        )
    )
    exposed = {}
    for address, resource in found.items():
        value = resource.properties["Password"]
        exposed[address] = getattr(value, "value", value).exposed
    assert exposed == {
        "testaws_store.open": True,
        "testaws_store.hidden": False,
        "testaws_store.random": False,
        "testaws_store.stored": False,
    }


def test_other_blocks_are_passed_over() -> None:
    found = deployments(
        """
        moved {
          from = testaws_store.old
          to   = testaws_store.x
        }
        import {
          to = testaws_store.x
          id = "x"
        }
        removed {
          from = testaws_store.gone
          lifecycle { destroy = false }
        }
        check "c" {
          assert {
            condition     = true
            error_message = "no"
          }
        }
        resource "testaws_store" "x" {
          name = "x"
          lifecycle {
            prevent_destroy = true
            precondition {
              condition     = true
              error_message = "no"
            }
          }
          timeouts { create = "1h" }
          provisioner "local-exec" { command = "echo" }
        }
        """
    )
    assert [r.address for d in found for r in d.resources] == ["testaws_store.x"]


@pytest.mark.parametrize("expression", ["basename(path.cwd)", "basename(abspath(path.root))", 'basename(abspath("."))'])
def test_the_name_of_the_working_directory_is_that_of_the_root(expression: str) -> None:
    texts = {"stacks/orders/main.tf": f'resource "testaws_store" "x" {{\n name = {expression}\n}}\n'}
    assert store(texts).properties["Name"] == "orders"
