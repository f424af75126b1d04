"""Which files are read, which are passed over, and which are problems."""

from __future__ import annotations

import json
import os

import pytest
from cfn_support import CORPUS, database, scan, write

from dblint.graph import Graph
from dblint.sources.cloudformation.detect import database_types, looks_like_template

GOOD = database("Engine: mysql")


def roots(folder, *named) -> list[str]:
    return [root.path for root in scan(folder, *named)[0]]


@pytest.mark.parametrize("name", ["t.yaml", "t.yml", "t.json", "t.template", "t.cfn", "t.cform"])
def test_endings_of_templates(tmp_path, name):
    write(tmp_path, {f"below/{name}": GOOD})
    assert roots(tmp_path) == [f"below/{name}"]


@pytest.mark.parametrize("name", ["t.txt", "t", "t.yaml.bak", "t.tf", "t.tf.json", "t.tfvars.json", "t.tofu.json"])
def test_other_endings_are_not_looked_at(tmp_path, name):
    write(tmp_path, {name: GOOD})
    assert scan(tmp_path) == ([], [])


@pytest.mark.parametrize("name", ["t.txt", "t"])
def test_a_file_that_was_named_is_read_whatever_its_ending(tmp_path, name):
    write(tmp_path, {name: GOOD})
    assert roots(tmp_path, name) == [name]


@pytest.mark.parametrize("name", ["t.tf", "t.tf.json", "t.tfvars"])
def test_files_of_terraform_are_not_ours_even_where_they_are_named(tmp_path, name):
    write(tmp_path, {name: GOOD})
    assert scan(tmp_path, name) == ([], [])


@pytest.mark.parametrize("content", [b"hello", b"a: [", b"\xff\xfe", b"", b"a: 1"])
def test_a_named_file_that_can_be_nothing_but_a_template_and_is_none(tmp_path, content):
    write(tmp_path, {"notes.txt": content, "t.yaml": content})
    found, problems = scan(tmp_path, "notes.txt", "t.yaml")
    assert found == []
    assert [problem.path for problem in problems] == ["notes.txt"]


@pytest.mark.parametrize(
    "content",
    [
        "a: [",
        "kind: x\nresource: AWS::RDS::DBInstance",
        "Resources: [AWS::RDS::DBInstance]",
        "Resources: {A: AWS::RDS::DBInstance}",
        "Resources: {A: {Type: Other}}\nx: AWS::RDS::DBInstance",
        "Resources: {A: {Type: AWS::S3::Bucket}}",
        "Resources: {A: {Type: AWS::EC2::SecurityGroup}}",
        "- AWS::RDS::DBInstance\n",
        "",
        "---\n---\n",
        '{"terraform_version": "1.5", "planned_values": {"type": "AWS::RDS::DBInstance"}}',
        "{{ jinja }}: [AWS::RDS::DBInstance]\nResources: %s",
        "Resources: {A: {Type: AWS::RDS::DBInstanceOther}}",
    ],
)
def test_what_is_no_template_with_a_database_is_passed_over(tmp_path, content):
    write(tmp_path, {"t.yaml": content})
    assert scan(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (GOOD + "  bad: [", 7),
        (GOOD.replace("Engine: mysql", "Engine: {{ engine }"), 7),
        (GOOD.encode().replace(b"mysql", b"\xff"), 6),
        (b"\xff\xfe" + GOOD.encode("utf-16-le"), 1),
        (GOOD + "#" * (2 * 1024 * 1024), None),
        ("Resources:\n  Db:\n    Type: !!python/name:x AWS::RDS::DBInstance\n", 3),
        ('{"Resources": {"Db": {"Type": "AWS::RDS::DBInstance"', 1),
    ],
)
def test_a_template_that_can_not_be_read_is_a_problem(tmp_path, content, line):
    write(tmp_path, {"bad.yaml": content if isinstance(content, bytes) else content.encode(), "good.yaml": GOOD})
    found, problems = scan(tmp_path)
    judged = [root.path for root in found for _ in root.deployments()]
    problems += [problem for root in found for problem in root.problems]
    assert judged == [root.path for root in found if root.is_root] == ["good.yaml"]
    assert [(problem.path, problem.line) for problem in problems] == [("bad.yaml", line)]
    assert problems[0].hint


def test_what_only_looks_like_a_template_is_no_root(dblint, tmp_path):
    """Its bytes promise a database, which is looked at when it is evaluated."""
    write(tmp_path, {"t.yaml": GOOD, "words.yaml": "Resources: none\nother:\n  Type: AWS::RDS::DBInstance\n"})
    ended = dblint("scan", ".", "-f", "json")
    assert (ended.code, ended.err) == (1, "")
    assert json.loads(ended.out)["run"]["roots"] == ["t.yaml"]


def test_a_fault_of_a_template_is_a_problem_and_it_is_judged(tmp_path):
    write(tmp_path, {"t.yaml": GOOD + "  Db:\n    Type: AWS::S3::Bucket\n"})
    (root,), problems = scan(tmp_path)
    (deployment,) = root.deployments()
    assert not problems
    assert [resource.type for resource in deployment.resources] == ["AWS::RDS::DBInstance"]
    assert [(problem.path, problem.line) for problem in root.problems] == [("t.yaml", 7)]


def test_copies_that_sam_built_are_passed_over(tmp_path):
    write(tmp_path, {".aws-sam/build/template.yaml": GOOD, "template.yaml": GOOD})
    assert roots(tmp_path) == ["template.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_regular_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    write(tmp_path, {"t.yaml": GOOD})
    assert roots(tmp_path) == ["t.yaml"]
    _, problems = scan(tmp_path, "pipe.yaml")
    assert [problem.path for problem in problems] == ["pipe.yaml"]


def test_a_link_out_of_the_project_is_not_read(tmp_path):
    write(tmp_path, {"outside.yaml": GOOD, "project/t.yaml": GOOD})
    (tmp_path / "project" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert roots(tmp_path / "project") == ["t.yaml"]


def test_several_templates_in_one_file(tmp_path):
    write(tmp_path, {"t.yaml": f"{GOOD}---\n{GOOD.replace('Db:', 'Other:')}"})
    found = [d.resources[0].address for root in scan(tmp_path)[0] for d in root.deployments()]
    assert found == ["Db", "Other"]


def test_the_types_are_those_of_the_views():
    assert {"AWS::RDS::DBInstance", "AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable"} <= database_types()
    assert not {"AWS::EC2::SecurityGroup", "AWS::RDS::DBSubnetGroup", "AWS::Serverless::Function"} & database_types()


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"Resources:\n  A:\n    Type: AWS::RDS::DBInstance", True),
        (b'{"Resources": {"A": {"Type" : "AWS::RDS::DBInstance"', True),
        (b"Resources:\n  A:\n    Type: >-\n      AWS::RDS::DBInstance", True),
        (b"Resources:\n  A:\n    Type: &t 'AWS::RDS::DBInstance'", True),
        (b"Resources: AWS::RDS::DBInstance", False),
        (b"Type: AWS::RDS::DBInstance", False),
    ],
)
def test_what_must_be_a_template(content, looks):
    assert looks_like_template(content) is looks


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus")
def test_the_corpus():
    """Every template is read, every value of it, without a problem."""
    found, problems = scan(CORPUS.parent, "cloudformation")
    assert problems == []
    assert len(found) >= 20
    for root in found:
        for deployment in root.deployments():
            Graph(deployment)
            for resource in deployment.resources:
                assert all(resource.trace((name,), {}).written for name in resource.properties)
        assert root.problems == []


LINKED = {
    "parent.yaml": "Resources: {Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: stacks/data.yaml}}}",
    "stacks/data.yaml": GOOD + "      VPCSecurityGroups: [!ImportValue group]\n",
    "network.yaml": "Resources: {Group: {Type: AWS::EC2::SecurityGroup}}\n"
    "Outputs: {Group: {Value: !Ref Group, Export: {Name: group}}}\n",
    "other.yaml": GOOD,
    "bucket.yaml": "Resources: {B: {Type: AWS::S3::Bucket}}",
}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (".", ["network.yaml", "other.yaml", "parent.yaml"]),
        ("parent.yaml", ["network.yaml", "parent.yaml"]),
        ("stacks/data.yaml", ["network.yaml", "parent.yaml"]),
        ("network.yaml", ["network.yaml", "parent.yaml"]),
        ("other.yaml", ["other.yaml"]),
        ("bucket.yaml", []),
        ("stacks", ["stacks/data.yaml"]),
    ],
)
def test_a_file_that_was_named_is_judged_with_what_it_belongs_to(tmp_path, named, expected):
    write(tmp_path, LINKED)
    assert roots(tmp_path, named) == expected


def test_a_parent_that_was_named_is_judged_with_what_it_deploys(tmp_path):
    """Nothing in it speaks of a database."""
    parent = "Resources: {Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: data.yaml}}}"
    write(tmp_path, {"parent.yaml": parent, "data.yaml": GOOD})
    assert roots(tmp_path, "parent.yaml") == ["parent.yaml"]
