"""Files that were written to hurt: each is read in a process of its own, in little time and memory.

A file that breaks a limit is a problem, or what was not followed is a note; nothing is passed over in silence, unless
it is no template at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cfn_support import write

SECONDS = 10
MEGABYTES = 700

# Reads a project, visits every value of it, and tells what was said.
VISIT = """
import json, resource, sys
from pathlib import Path

resource.setrlimit(resource.RLIMIT_AS, ({megabytes} << 20, {megabytes} << 20))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
sys.path[:0] = {paths!r}
from dblint.aws import dynamodb, rds
from dblint.graph import Graph
from dblint.sources.base import Wishes
from dblint.sources.cloudformation.source import CloudFormation
from dblint.sources.files import Files

files = Files(Path(sys.argv[1]))
files.add(Path(sys.argv[1]))
problems, notes, resources, values = [], [], 0, 0
roots = CloudFormation().roots(files, Wishes(), problems)
for root in roots:
    for deployment in root.deployments():
        Graph(deployment)
        for found in deployment.resources:
            resources += 1
            for name in found.properties:
                values += 1
                found.trace((name, 0, "x"), {{}})
    problems += root.problems
    notes += root.notes
imported = sorted(set(sys.modules) & {{"cfnlint", "boto3", "hcl2"}})
said = {{
    "problems": [[problem.path, problem.line, problem.message[:200]] for problem in problems + files.problems],
    "notes": [note.message[:200] for note in notes],
    "resources": resources,
    "imported": imported,
}}
print(json.dumps(said))
"""


def visit(folder: Path) -> dict:
    paths = [str(Path(__file__).parents[2])]
    script = VISIT.format(megabytes=MEGABYTES, seconds=SECONDS, paths=paths)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, timeout=6 * SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


DB = "Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n"


def doubling(levels: int) -> str:
    written = "!Ref 'AWS::Region'"
    for _ in range(levels):
        written = f"!Sub ['${{x}}${{x}}', {{x: {written}}}]"
    return DB + f"      Value: {written}\n"


def conditions(count: int, make: Callable[[int], str]) -> str:
    chain = "".join(f"  C{i}: {make(i)}\n" for i in range(count))
    head = "Parameters: {P: {Type: String}}\nConditions:\n"
    return head + chain + DB + f"      Value: !If [C{count - 1}, 1, 2]\n"


def aliases(levels: int, merge: bool) -> str:
    lines = ["a0: &a0 {x0: 1, y0: 1, z0: 1}"]
    for i in range(1, levels):
        these = ", ".join([f"*a{i - 1}"] * 9)
        lines.append(f"a{i}: &a{i} {{<<: [{these}], x{i}: 1}}" if merge else f"a{i}: &a{i} [{these}]")
    return "\n".join(lines) + "\n" + DB + f"      Value: *a{levels - 1}\n"


def many_parameters(count: int, values: int) -> str:
    allowed = json.dumps([f"v{i}" for i in range(values)])
    names = [f"P{i}" for i in range(count)]
    head = "Parameters:\n" + "".join(f"  {n}: {{Type: String, AllowedValues: {allowed}}}\n" for n in names)
    tests = "Conditions:\n" + "".join(f"  C{n}: !Equals [!Ref {n}, v1]\n" for n in names)
    either = f"  Any: !Or [{', '.join(f'!Condition C{n}' for n in names)}]\n"
    odd = "".join(
        f"  X{i}: !Or [!And [!Condition {before}, !Not [!Condition CP{i}]], "
        f"!And [!Not [!Condition {before}], !Condition CP{i}]]\n"
        for i, before in enumerate(["CP0", *(f"X{i}" for i in range(1, count))], 1)
        if i < count
    )
    body = f"      Value: !Join ['', [{', '.join(f'!Ref {n}' for n in names)}]]\n"
    return (
        head + tests + either + odd + DB + body + f"      Other: !If [X{count - 1}, 1, 2]\n      Any: !If [Any, 1, 2]\n"
    )


def big_texts(count: int) -> str:
    head = f"Parameters: {{Big: {{Type: String, Default: {'a' * 30_000}}}}}\n"
    return head + DB + "      Value:\n" + "        - !Sub '${Big}${Big}'\n        - !Split [a, !Ref Big]\n" * count


def loops(levels: int, items: int) -> str:
    collection = json.dumps([f"i{n}" for n in range(items)])
    written = '"T' + "".join(f"${{N{i}}}" for i in range(levels)) + '": {Type: AWS::RDS::DBInstance}'
    for i in reversed(range(levels)):
        written = f'"Fn::ForEach::L{i}": [N{i}, {collection}, {{{written}}}]'
    return f"Transform: AWS::LanguageExtensions\nResources: {{{written}}}\n"


def exports(count: int) -> str:
    outputs = "".join(f"  O{i}: {{Value: x, Export: {{Name: n{i}}}}}\n" for i in range(count))
    imported = "".join(f"        - !ImportValue n{i}\n" for i in range(count))
    return DB + "      Value:\n" + imported + "Outputs:\n" + outputs


def serverless(count: int) -> str:
    chain = "".join(f"  a{i}: '{f'${{self:custom.a{i + 1}}}' * 9}'\n" for i in range(count))
    body = DB.replace("\n", "\n  ") + "    Value: ${self:custom.a0}\n"
    return f"service: x\nprovider: {{name: aws}}\ncustom:\n{chain}resources:\n  {body}"


NAMES = json.dumps([str(n) for n in range(900)])
LOOPED = f"Transform: AWS::LanguageExtensions\n{DB}" + "".join(
    f"      V{i}: {{'Fn::ForEach::L': [N, {NAMES}, {{'k${{N}}': !Sub '${{N}}'}}]}}\n" for i in range(60)
)

# Name -> (text, what is said: "problem", "note", "nothing"; how many resources there are at the least).
HOSTILE: dict[str, tuple[str, str, int]] = {
    "brackets": ("[" * 100_000 + DB, "problem", 0),
    "brackets in JSON": ('{"Resources":' * 50_000 + '"Type": "AWS::RDS::DBInstance"', "problem", 0),
    "levels": ("".join(f"{' ' * i}a:\n" for i in range(1500)) + DB, "problem", 0),
    "merge bomb": (aliases(12, merge=True), "problem", 0),
    "alias bomb": (aliases(12, merge=False), "problem", 0),
    "alias of itself": (DB + "      Value: &a [*a]\n", "problem", 0),
    "alias of nothing": (DB + "      Value: *nothing\n", "problem", 0),
    "deep through aliases": (
        "a0: &a0 [" + "[" * 40 + "]" * 41 + "\na1: &a1 " + "[" * 40 + "*a0" + "]" * 40 + "\n" + DB,
        "problem",
        0,
    ),
    "many keys": (DB + "".join(f"      K{i}: 1\n" for i in range(60_000)), "nothing", 1),
    "one key many times": (DB + "      Engine: mysql\n" * 20_000, "problem", 1),
    "too many keys": (DB + "".join(f"      Key{i}: a\n" for i in range(130_000)), "problem", 0),
    "too many values": (DB + "      Value: [" + "1," * 300_000 + "]\n", "problem", 0),
    "python object": (DB + "      Value: !!python/object/apply:os.system ['echo x']\n", "problem", 0),
    "NUL": (DB + "      Value: \x00\n", "problem", 0),
    "half a character in JSON": (
        '{"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "\\ud800"}}}}',
        "nothing",
        1,
    ),
    "many documents": ("---\na: 1\n" * 30_000 + "---\n" + DB + "      Engine: mysql\n", "nothing", 1),
    "many anchors": ("".join(f"a{i}: &a{i} 1\n" for i in range(20_000)) + DB + "      Engine: mysql\n", "nothing", 1),
    "one long line": (DB + f"      Value: {'a' * 1_900_000}\n", "nothing", 1),
    "one long number": (DB + f"      Value: {'9' * 1_900_000}\n", "nothing", 1),
    "one long quoted key": (DB + f"      ? '{'a' * 5000}'\n      : 1\n", "nothing", 1),
    "doubled texts": (doubling(20), "nothing", 1),
    "nested functions": (DB + "      Value: " + "{'Fn::Base64': " * 50 + "x" + "}" * 50 + "\n", "nothing", 1),
    "Fibonacci conditions": (
        conditions(
            60, lambda i: f"!Or [!Condition C{i - 1}, !Condition C{i - 2}]" if i > 1 else f"!Equals [!Ref P, '{i}']"
        ),
        "nothing",
        1,
    ),
    "a chain of conditions": (
        conditions(3000, lambda i: f"!Not [!Condition C{i - 1}]" if i else "!Equals [!Ref P, x]"),
        "note",
        1,
    ),
    "conditions in a circle": (conditions(50, lambda i: f"!Not [!Condition C{(i - 1) % 50}]"), "nothing", 1),
    "many alternatives": (many_parameters(20, 10), "note", 1),
    "many values of one parameter": (
        f"Parameters: {{P: {{Type: String, AllowedValues: {json.dumps([str(i) for i in range(20_000)])}}}}}\n"
        "Conditions:\n"
        + "".join(f"  C{i}: !Equals [!Ref P, '{i}']\n" for i in range(2000))
        + DB
        + "".join(f"      V{i}: !If [C{i}, 1, !Ref P]\n" for i in range(2000)),
        "nothing",
        1,
    ),
    "a large mapping": (
        "Parameters: {P: {Type: String}}\nMappings:\n  M:\n"
        + "".join(f"    k{i}: {{v: x{i}}}\n" for i in range(10_000))
        + DB
        + "".join(f"      V{i}: !FindInMap [M, !Ref P, v]\n" for i in range(500)),
        "nothing",
        1,
    ),
    "big texts": (big_texts(5000), "note", 1),
    "loops in loops": (loops(3, 500), "note", 900),
    "a loop in each property": (LOOPED, "nothing", 1),
    "many resources": (
        "Resources:\n" + "".join(f"  D{i}: {{Type: AWS::RDS::DBInstance}}\n" for i in range(10_000)),
        "nothing",
        10_000,
    ),
    "many exports": (exports(8000), "nothing", 1),
    "a pattern that runs away": (
        "Parameters: {P: {Type: String, AllowedPattern: '^(([a-z])+.)+[A-Z]([a-z])+$'}}\n"
        "Conditions: {C: !Equals [!Ref P, " + "a" * 200 + "]}\n" + DB + "      Value: !If [C, 1, 2]\n",
        "nothing",
        1,
    ),
    "variables of a framework": (serverless(200), "nothing", 1),
    "a stack in itself": (
        DB + "      Engine: mysql\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}\n",
        "note",
        1,
    ),
    "no template": ("[" * 100_000, "nothing", 0),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_costs_little_and_is_said(tmp_path, name):
    text, said, resources = HOSTILE[name]
    write(tmp_path, {"t.yaml": text.encode("utf-8", "surrogatepass")})
    found = visit(tmp_path)
    assert bool(found["problems"]) is (said == "problem"), found
    assert bool(found["notes"]) is (said == "note"), found
    assert found["resources"] >= resources
    assert found["imported"] == []
    assert all(path == "t.yaml" for path, _, _ in found["problems"])


def test_templates_beside_a_hostile_one_are_read(tmp_path):
    good = DB + "      Engine: mysql\n"
    write(tmp_path, {"a.yaml": "[" * 100_000 + DB, "b.yaml": good, "c.yaml": good})
    found = visit(tmp_path)
    assert [path for path, _, _ in found["problems"]] == ["a.yaml"]
    assert found["resources"] == 2


def test_a_configuration_of_cfn_lint_in_the_tree_does_nothing(tmp_path):
    planted = "raise SystemExit('run')\n"
    write(
        tmp_path,
        {
            ".cfnlintrc": "append_rules: [planted.py]\n",
            "planted.py": planted,
            "yaml.py": planted,
            "t.yaml": DB + "      Engine: mysql\n",
        },
    )
    assert visit(tmp_path)["resources"] == 1
