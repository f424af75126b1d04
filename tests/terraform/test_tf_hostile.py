"""What hostile code may cost: bounded time and memory, and an unknown with a reason or a clear problem."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STORE = 'resource "testaws_store" "x" {\n name = '
RUN = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (900_000_000, 900_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
sys.path[:0] = json.loads(sys.argv[1])
from pathlib import Path
from tf_support import Terraform, Files, Wishes, simple
files = Files(Path(sys.argv[2]))
files.add(Path(sys.argv[2]))
problems, notes, values = [], [], []
for root in Terraform().roots(files, Wishes(), problems):
    for deployment in root.deployments():
        for resource in deployment.resources:
            values.append(repr(simple(dict(resource.properties)))[-80:])
    notes += [note.message for note in root.notes]
told = [problem.message for problem in problems]
print(json.dumps({"values": values[:5], "count": len(values), "problems": told, "notes": notes}))
"""


def run(folder: Path, files: dict[str, str]) -> dict[str, list[str]]:
    """The source on files, in a process of its own with little memory and time."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps([str(HERE), str(HERE.parents[1])]), str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def chain(first: str, step: str, length: int) -> str:
    """Locals of which each is made from the one before."""
    lines = [f" l0 = {first}", *(f" l{i} = {step.replace('@', f'local.l{i - 1}')}" for i in range(1, length))]
    return "locals {\n" + "\n".join(lines) + f"\n}}\n{STORE}local.l{length - 1}\n}}\n"


UNKNOWN = {
    "lists that double": chain('["a"]', "[@, @]", 60),
    "a list in lists": 'locals {\n l0 = ["a"]\n'
    + "".join(f" l{i} = [local.l{i - 1}]\n" for i in range(1, 3_000))
    + "}\n"
    + "".join(f'resource "testaws_store" "x{i}" {{\n name = local.l{i}\n}}\n' for i in range(100, 2_999, 100)),
    "texts that double": chain('"a"', '"${@}${@}"', 60),
    "objects that double": chain("{ a = 1 }", "{ x = @, y = @ }", 60),
    "joins that double": chain('"ab"', 'join("", [@, @, @])', 60),
    "a replacement that grows": chain('"a"', 'replace(@, "a", "aaaaaaaaaa")', 30),
    "a chain of locals": chain('"a"', "@", 5_000),
    "numbers that grow": chain("9999999999", "@ * @ * @", 40),
    "powers": f"{STORE}pow(10, 1000000) * pow(10, 1000000)\n}}\n",
    "a circle": f"locals {{\n a = local.b\n b = local.a\n}}\n{STORE}local.a\n}}\n",
    "a range": f"{STORE}jsonencode(range(1000000000))\n}}\n",
    "a product": f"{STORE}length(setproduct(range(1000), range(1000), range(1000)))\n}}\n",
    "loops in loops": f"{STORE}[for a in range(1000) : [for b in range(1000) : [for c in range(9) : c]]]\n}}\n",
    "a wide format": f'{STORE}format("%999999999d", 1)\n}}\n',
    "an indent": f'{STORE}indent(999999999, "a\\nb")\n}}\n',
    "a regular expression": f'{STORE}regex("^(a+)+$", "{"a" * 60}b")\n}}\n',
    "many stars": f'{STORE}regexall("a*a*a*a*a*a*a*b", "{"a" * 500}")\n}}\n',
    "a pattern of replace": f'{STORE}replace("{"a" * 60}", "/(a|aa)+b/", "x")\n}}\n',
    "an alias bomb": f'{STORE}jsonencode(yamldecode(file("bomb.yaml")))\n}}\n',
    "deep JSON": f'{STORE}jsonencode(jsondecode(file("deep.json")))\n}}\n',
    "decisions that multiply": "".join(f'variable "v{i}" {{ type = bool }}\n' for i in range(40))
    + STORE
    + " + ".join(f"(var.v{i} ? {i} : {1000 + i * i})" for i in range(40))
    + "\n}\n",
    "many decisions in a list": "".join(f'variable "v{i}" {{ type = bool }}\n' for i in range(40))
    + f"{STORE}jsonencode([{', '.join(f'var.v{i} ? {i} : -1' for i in range(40))}])\n}}\n",
    "a million operators": f"{STORE}{' + '.join('1' for _ in range(100_000))}\n}}\n",
    "a template of templates": f'{STORE}templatefile("self.tpl", {{}})\n}}\n',
}
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)
)


@pytest.mark.slow
@pytest.mark.parametrize("name", UNKNOWN)
def test_what_grows_without_end_is_unknown(name: str, tmp_path: Path) -> None:
    files = {
        "main.tf": UNKNOWN[name],
        "bomb.yaml": BOMB,
        "deep.json": "[" * 50_000 + "]" * 50_000,
        "self.tpl": '${templatefile("self.tpl", {})}',
    }
    found = run(tmp_path, files)
    assert found["values"]
    assert any("?" in value for value in found["values"]) or name == "powers", found


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/etc/hostname", "not read"),
        ("../secret.txt", "not read"),
        ("link.txt", "not read"),
        ("~/x", "not read"),
        ("fifo", "not read"),
    ],
)
def test_no_file_outside_of_the_project_is_read(path: str, says: str, tmp_path: Path) -> None:
    import os

    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(inside / "fifo")
    found = run(inside, {"main.tf": f'{STORE}"${{file("{path}")}}${{fileexists("{path}")}}"\n}}\n'})
    assert found["values"] == ["{'Name': '?'}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = " + "(" * 100_000 + "\n", "nested too deeply"),
        ("a = " + "[" * 100_000 + "\n", "nested too deeply"),
        ("a {\n" * 100_000, "nested too deeply"),
        ('a = "' + "${" * 100_000 + "\n", "nested too deeply"),
        ("a = <<E\n" * 10_000, "not closed"),
        ("a " + '"b" ' * 100_000 + "{}\n", "expected { or ="),
        ("/*" * 100_000, "expected an argument"),
        ('"' * 200_000, "expected an argument"),
        ("a = " + " " * 200_000 + '"', "not closed"),
    ],
)
def test_hostile_syntax_is_a_problem(text: str, says: str, tmp_path: Path) -> None:
    found = run(tmp_path, {"bad.tf": text, "ok.tf": f'{STORE}"ok"\n}}\n'})
    assert found["values"] == ["{'Name': 'ok'}"]
    assert any(says in problem for problem in found["problems"]), found["problems"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "expression",
    [
        "!" * 50_000 + "true",
        "-" * 50_000 + "1",
        "a" + ".b" * 50_000,
        "a" + "[0]" * 50_000,
        "true ? " * 5_000 + "1" + " : 2" * 5_000,
        "[for a in " * 300 + "[]" + " : a]" * 300,
        '"' + "%{ if true }" * 3_000 + "%{ endif }" * 3_000 + '"',
        "{" + "a = {" * 90 + "}" * 90 + "}",
        "f(" * 95 + ")" * 95,
        "[" + "1," * 200_000 + "]",
        "true ? [1] : [(" * 45 + "1" + "), null.a]" * 45,
        "[for a in [1, 2] : true ? a : " * 40 + "null.a" + "]" * 40,
    ],
)
def test_hostile_expressions_end(expression: str, tmp_path: Path) -> None:
    found = run(tmp_path, {"main.tf": f"{STORE}{expression}\n}}\n"})
    assert found["count"] == 1


@pytest.mark.parametrize(
    "expression",
    [
        'templatefile("../secret.txt", {})',
        'filemd5("../secret.txt")',
        'join("", fileset("..", "*.txt"))',
        'join("", fileset(".", "../*.txt"))',
        'join("", fileset(path.module, "**/../../*.txt"))',
        'file("${path.module}/../secret.txt")',
        'filebase64("link.txt")',
    ],
)
def test_no_function_leads_out_of_the_project(expression: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    found = run(inside, {"main.tf": f"{STORE}{expression}\n}}\n"})
    assert found["count"] == 1
    assert "secret" not in json.dumps(found)


@pytest.mark.parametrize("source", ["../outside", "./m/../../outside", "./link"])
def test_no_module_lies_outside_of_the_project(source: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text('resource "testaws_store" "stolen" {}\n', encoding="utf-8")
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "link").symlink_to(outside)
    call = f'module "m" {{\n source = "{source}"\n}}\nresource "testaws_store" "x" {{}}\n'
    found = run(inside, {"main.tf": call})
    assert found["count"] == 1
    assert any("outside of the project" in note or "no module at" in note for note in found["notes"]), found


def test_a_huge_for_each_is_one_instance(tmp_path: Path) -> None:
    keys = 'toset([for p in setproduct(range(1000), range(3)) : "${p[0]}-${p[1]}"])'
    found = run(tmp_path, {"main.tf": f'resource "testaws_store" "x" {{\n for_each = {keys}\n name = each.key\n}}\n'})
    assert (found["count"], found["values"]) == (1, ["{'Name': '?'}"])


def test_instances_are_bounded(tmp_path: Path) -> None:
    nested = 'module "m" {\n source = "./m"\n count = 100\n}\n'
    files = {
        "main.tf": nested,
        "m/main.tf": 'module "m" {\n source = "./n"\n count = 100\n}\n',
        "m/n/main.tf": 'resource "testaws_store" "x" {\n count = 100\n}\n',
    }
    found = run(tmp_path, files)
    assert found["count"] <= 5_000
    assert any("resources" in note for note in found["notes"])


@pytest.mark.parametrize("count", ["1000000000", "1e300", "-1", "0.5", '"x"', "null"])
def test_counts_that_are_none(count: str, tmp_path: Path) -> None:
    found = run(tmp_path, {"main.tf": f'resource "testaws_store" "x" {{\n count = {count}\n name = "x"\n}}\n'})
    assert found["count"] == 1


def test_a_module_that_calls_itself(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n source = "./a"\n}\nresource "testaws_store" "x" {}\n',
        "a/main.tf": 'module "b" {\n source = "../b"\n count = 10\n}\nresource "testaws_store" "x" {}\n',
        "b/main.tf": 'module "a" {\n source = "../a"\n count = 10\n}\nresource "testaws_store" "x" {}\n',
    }
    found = run(tmp_path, files)
    assert found["count"] == 12
    assert any("calls itself" in note for note in found["notes"])


def test_ten_megabytes_of_nesting_end(tmp_path: Path) -> None:
    found = run(tmp_path, {"main.tf": f'{STORE}"ok"\n}}\n', "big.tf": "locals {\n a = " + "[" * 10_000_000 + "\n}\n"})
    assert found["values"] == ["{'Name': 'ok'}"]
    assert found["problems"]
