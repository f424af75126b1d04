"""Small random projects: the deployment for all alternatives at once holds each of them alone."""

from __future__ import annotations

import itertools
import random
from typing import Any

from console_expressions import Generator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tf_support import Files, Terraform, Wishes

from dblint.choice import possible, restrict, within
from dblint.model import Among, Choice, Deployment, Problem, Ref, Resource, Unknown

ASSIGNMENTS: dict[str, tuple[str, ...]] = {
    "env": ('"dev"', '"prod"'),
    "b": ("true", "false"),
    "u": ('"a"', '"b"', '""'),
}
KEYS = {"env": "0 var.env", "b": "2 var.b", "u": "2 var.u"}
VARIABLES = """
variable "env" {
  validation {
    condition     = contains(["dev", "prod"], var.env)
    error_message = "no"
  }
}
variable "b" { type = bool }
variable "u" { type = string }
"""
PASSED = 'variable "env" {}\nvariable "b" {}\nvariable "u" {}\n'


class ProjectGenerator(Generator):
    """Projects of a root and one module, in which the variables steer counts, keys, blocks and arguments."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._locals = 0

    def _leaf(self, type: str) -> str:
        names = {"string": ("var.env", "var.u"), "bool": ("var.b",)}.get(type, ())
        if names and self._random.random() < 0.6:
            return self._random.choice(names)
        return super()._leaf(type)

    def steering(self) -> str:
        return self._random.choice(
            ('var.env == "prod"', "var.b", 'var.u == "a"', 'var.b && var.env != "dev"', 'contains(["a", "b"], var.u)')
        )

    def repeated(self) -> str:
        """A count or for_each."""
        steer = self.steering()
        return self._random.choice(
            (
                "",
                f"count = {steer} ? 1 : 0",
                f"count = {steer} ? 2 : 1",
                f'for_each = {steer} ? toset(["x", "y"]) : toset(["y"])',
                f'for_each = {{ for k in ["p", "q"] : k => var.u if {steer} || k == "p" }}',
                f"for_each = merge({{ a = 1 }}, {steer} ? {{ c = 2 }} : {{}})",
            )
        )

    def store(self, name: str) -> str:
        each = f"for_each = {self.steering()} ? [1, 2] : [3]"
        blocks = f'dynamic "windows" {{\n {each}\n content {{\n days = windows.value\n }}\n }}'
        lines = [
            self.repeated(),
            f"name = {self.expression('string', 2)}",
            f"days = try(length({self.expression('list', 1)}), {self.expression('number', 1)})",
            f"multi_az = {self.expression('bool', 2)}",
            "engine = local.l0",
            blocks if self._random.random() < 0.5 else "",
        ]
        body = "\n ".join(line for line in lines if line)
        return f'resource "testaws_store" "{name}" {{\n {body}\n}}\n'

    def project(self) -> dict[str, str]:
        shared = f'locals {{\n l0 = try({self.expression("string", 2)}, "failed")\n}}\n'
        call = (
            f'module "m" {{\n source = "./m"\n {self.repeated()}\n env = var.env\n b = var.b\n u = "${{var.u}}-x"\n}}\n'
        )
        return {
            "main.tf": VARIABLES + shared + self.store("r") + call,
            "m/main.tf": PASSED + shared + self.store("s"),
        }


def deployment(texts: dict[str, str]) -> Deployment:
    problems: list[Problem] = []
    roots = Terraform().roots(Files.of(texts), Wishes(), problems)
    found = [deployment for root in roots for deployment in root.deployments()]
    assert len(found) == 1 and not problems
    return found[0]


def possibilities(value: Any, assigned: dict[str, Any]) -> list[Any]:
    """What a value of the model may be; "?" for what is not known."""
    if isinstance(value, Choice):
        variable = value.variable
        if variable.key in assigned:
            wanted = Among(frozenset((assigned[variable.key],)))
            return possibilities(restrict(value, variable, wanted), assigned)
        parts = [inner for among, inner in value.parts if possible(within(variable, among))]
        return [found for inner in parts for found in possibilities(inner, assigned)]
    if isinstance(value, Ref):
        return possibilities(value.value, assigned)
    if isinstance(value, Unknown):
        if value.variable is not None and value.variable.key in assigned:
            known = assigned[value.variable.key]
            return [None if known == "" else known]  # an empty text is no text to a view, where it is known
        return ["?"]
    if isinstance(value, list):
        return [list(row) for row in itertools.product(*(possibilities(item, assigned) for item in value))]
    if isinstance(value, dict):
        rows = itertools.product(*(possibilities(item, assigned) for item in value.values()))
        return [dict(zip(value, row)) for row in rows]
    return [value]


def covers(ours: Any, exact: Any) -> bool:
    """Whether a possibility is the exact value, as far as it is known."""
    if ours == "?" or exact == "?":
        return True
    if isinstance(ours, list) and isinstance(exact, list):
        return "?" in ours or (len(ours) == len(exact) and all(map(covers, ours, exact)))
    if isinstance(ours, dict) and isinstance(exact, dict):
        return ours.keys() == exact.keys() and all(covers(ours[key], exact[key]) for key in ours)
    return type(ours) is type(exact) and ours == exact


def fails(resource: Resource) -> bool:
    """Whether a plan would refuse the resource."""
    return any("an error" in str(resource.properties.get(name)) for name in ("Name", "Days", "MultiAZ", "Engine"))


def check(texts: dict[str, str]) -> int:
    """Compares all assignments; how many resources could be compared."""
    symbolic = {r.address: r for r in deployment(texts).resources}
    compared = 0
    for values in itertools.product(*ASSIGNMENTS.values()):
        given_values = "".join(f"{name} = {text}\n" for name, text in zip(ASSIGNMENTS, values))
        exact = {r.address: r for r in deployment({**texts, "terraform.tfvars": given_values}).resources}
        assigned = {KEYS[name]: eval_literal(text) for name, text in zip(ASSIGNMENTS, values)}
        for address, ours in symbolic.items():
            there = possibilities(ours.exists, assigned)
            theirs = exact.get(address)
            assert covers_any(there, theirs is not None and theirs.exists is True), (address, there, given_values)
            if theirs is None or fails(theirs):
                continue
            compared += 1
            for name in ("Name", "Days", "MultiAZ", "Engine", "Windows"):
                options = possibilities(ours.properties.get(name), assigned)
                expected = possibilities(theirs.properties.get(name), assigned)[0]
                assert any(covers(option, expected) for option in options), (
                    address,
                    name,
                    given_values,
                    options,
                    expected,
                )
        assert exact.keys() <= symbolic.keys() or any("[*]" in address for address in symbolic)
    return compared


def covers_any(options: list[Any], expected: bool) -> bool:
    return "?" in options or expected in options


def eval_literal(text: str) -> Any:
    return text == "true" if text in ("true", "false") else text.strip('"')


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=10**9))
def test_a_deployment_for_all_alternatives_is_each_of_them(seed: int) -> None:
    check(ProjectGenerator(seed).project())


def test_the_projects_are_worth_it() -> None:
    """Most of them have resources that can be compared."""
    chosen = random.Random(5)
    counts = [check(ProjectGenerator(chosen.randrange(10**9)).project()) for _ in range(15)]
    assert sum(count > 0 for count in counts) >= 12
