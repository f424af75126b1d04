"""Whole projects against `terraform plan`: the built-in resource `terraform_data` needs no provider and no account.

Addresses, instances, values through modules, variables, loops and blocks of configuration are Terraform's own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_tf_symbolic_modules import ProjectGenerator
from tf_support import Files, Terraform, Wishes

from dblint.model import Choice, Problem, Ref, Unknown
from dblint.properties import prop
from dblint.view import View

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not on PATH"),
]


class Data(View, cloudformation="Test::Data", terraform="terraform_data", identity="Input"):
    Input: str | None = prop("input")


PROJECTS: dict[str, dict[str, str]] = {
    "modules in modules": {
        "main.tf": """
        module "a" {
          source   = "./a"
          for_each = { x = 1, "y z" = 2 }
          number   = each.value
        }
        resource "terraform_data" "all" { input = { for k, m in module.a : k => m.out } }
        """,
        "a/main.tf": """
        variable "number" { type = string }
        module "b" {
          source = "../b"
          count  = var.number
          text   = "${var.number}-${count.index}"
        }
        resource "terraform_data" "here" {
          count = length(module.b)
          input = module.b[count.index].out
        }
        output "out" { value = module.b[*].out }
        """,
        "b/main.tf": """
        variable "text" {}
        variable "size" {
          type    = object({ n = optional(number, 3), tags = optional(map(string), { a = "b" }) })
          default = {}
        }
        resource "terraform_data" "this" {
          for_each = var.size.tags
          input    = "${each.key}=${each.value} ${var.text} ${var.size.n}"
        }
        output "out" { value = terraform_data.this["a"].input }
        """,
    },
    "conversions of variables": {
        "main.tf": """
        variable "list" {
          type    = list(string)
          default = [1, true]
        }
        variable "set" {
          type    = set(number)
          default = [3, 1, "2", 1]
        }
        variable "map" {
          type    = map(bool)
          default = { a = "true", b = false }
        }
        variable "any" { default = [1, "a"] }
        variable "tuple" {
          type    = tuple([string, number])
          default = [5, "6"]
        }
        resource "terraform_data" "x" {
          input = jsonencode([var.list, var.set, var.map, var.any, var.tuple])
        }
        """,
    },
    "keys of instances": {
        "main.tf": """
        resource "terraform_data" "odd" {
          for_each = toset(["a\\"b", "c\\\\d", "é", "$${x}", "1"])
          input    = each.key
        }
        resource "terraform_data" "none" { count = 0 }
        resource "terraform_data" "refers" { input = [for d in terraform_data.odd : d.input] }
        resource "terraform_data" "splat" { input = length(terraform_data.none[*].input) }
        """,
    },
    "variables from files": {
        "main.tf": """
        variable "a" {}
        variable "b" { default = "default" }
        variable "c" {
          default  = "c"
          nullable = false
        }
        resource "terraform_data" "x" { input = "${var.a} ${var.b} ${var.c}" }
        """,
        "terraform.tfvars": 'a = "from terraform.tfvars"\nb = "too"\nc = null\n',
        "x.auto.tfvars.json": '{"b": "from ${upper(\\"x\\")} is text"}',
        "y.auto.tfvars": 'a = "from y"\n',
    },
    "overrides": {
        "main.tf": 'locals {\n a = 1\n}\nresource "terraform_data" "x" {\n count = 3\n input = local.a\n}\n',
        "x_override.tf": 'locals {\n a = 2\n}\nresource "terraform_data" "x" {\n count = 1\n}\n',
        "override.tf": 'resource "terraform_data" "x" {\n input = local.a + 10\n}\n',
    },
    "JSON": {
        "main.tf.json": json.dumps(
            {
                "locals": {"a": {"b": ["${1 + 1}", "x"]}},
                "resource": {
                    "terraform_data": {"x": {"input": "${jsonencode(local.a)}", "count": "${length(local.a.b)}"}}
                },
            }
        ),
    },
    "files and templates": {
        "main.tf": """
        resource "terraform_data" "x" {
          input = templatefile("${path.module}/t.tpl", { names = ["a", "b"], on = true })
        }
        resource "terraform_data" "y" {
          input = [file("t.tpl"), filemd5("./t.tpl"), fileexists("no"), fileset(".", "*.tpl")]
        }
        module "m" { source = "./m" }
        """,
        "t.tpl": "%{ for n in names ~}\n- ${n}%{ if on } on%{ endif }\n%{ endfor ~}\nend $${x} %%{y}\n",
        "m/main.tf": """
        resource "terraform_data" "z" {
          input = [path.module, path.root, file("${path.module}/x.txt")]
        }
        """,
        "m/x.txt": "inside",
    },
}


def written(folder: Path, texts: dict[str, str]) -> None:
    import textwrap

    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(textwrap.dedent(text), encoding="utf-8")


def planned(folder: Path) -> dict[str, Any] | None:
    """Input by address, as Terraform plans it; None where it does not plan."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}

    def terraform(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["terraform", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    terraform("init", "-input=false", "-backend=false")
    done = terraform("plan", "-input=false", "-out=p.bin")
    if done.returncode:
        return None
    shown = json.loads(terraform("show", "-json", "p.bin").stdout)
    return {
        change["address"]: change["change"]["after"].get("input")
        for change in shown.get("resource_changes", [])
        if change["mode"] == "managed"
    }


def ours(folder: Path) -> dict[str, Any]:
    files = Files(folder)
    files.add(folder)
    problems: list[Problem] = []
    roots = Terraform().roots(files, Wishes(), problems)
    assert [root.path for root in roots] == ["."]
    deployment = next(roots[0].deployments())
    assert not problems
    return {r.address: plain(r.properties.get("Input")) for r in deployment.resources if r.exists is True}


def plain(value: Any) -> Any:
    if isinstance(value, Ref):
        return plain(value.value)
    if isinstance(value, (Unknown, Choice)):
        return None  # as Terraform's plan leaves it open
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


@pytest.mark.parametrize("name", PROJECTS)
def test_projects(name: str, tmp_path: Path) -> None:
    written(tmp_path, PROJECTS[name])
    theirs = planned(tmp_path)
    assert theirs is not None, "Terraform does not plan it"
    assert ours(tmp_path) == theirs


class Planned(ProjectGenerator):
    """Random projects whose variables are given, of built-in resources."""

    def store(self, name: str) -> str:
        tried = [f'try({self.expression(depth=3)}, "failed")' for _ in range(3)]
        body = f'{self.repeated()}\n input = [{", ".join(tried)}, try(local.l0, "failed")]'
        return f'resource "terraform_data" "{name}" {{\n {body}\n}}\n'


@pytest.mark.parametrize("seed", range(25))
def test_random_projects(seed: int, tmp_path: Path) -> None:
    texts = Planned(seed).project()
    values = ('"dev"', '"prod"')[seed % 2], ("true", "false")[seed // 2 % 2], ('"a"', '"b"', '""')[seed % 3]
    texts["terraform.tfvars"] = "env = {}\nb = {}\nu = {}\n".format(*values)
    written(tmp_path, texts)
    theirs = planned(tmp_path)
    if theirs is None:
        pytest.skip("Terraform does not plan it")
    assert ours(tmp_path) == theirs
