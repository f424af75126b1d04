"""Rules on resources that make no sense: whatever stands in a property, a rule keeps, breaks or can not tell."""

from __future__ import annotations

import random
from typing import Any

import pytest

from dblint.choice import choose, only, other_than
from dblint.graph import Graph
from dblint.judge import judge
from dblint.model import Deployment, Location, Ref, Resource, Unknown, Value, Variable
from dblint.packs import load, own
from dblint.properties import Property
from dblint.rule_definition import Rule
from dblint.view import VIEWS, Nested, View

RULES = load([own()])
TYPES = [view for name, view in sorted(VIEWS.items()) if name.startswith("AWS::")]
PLACE = Location("main.tf", 1, 1, 1, 5)
ENV = Variable("env", "env", real=True)
TRUTH = Variable("truth", "truth", domain=(True, False))
SHARED = Variable("shared", "shared")
WORDS = """
mysql postgres aurora-mysql aurora-postgresql redis valkey memcached sqlserver-ex oracle-ee db2-se custom-oracle-ee
0.0.0.0/0 ::/0 10.0.0.0/8 tcp -1 8.0 17.4 5.7.mysql_aurora.2.11 latest db.r6g.large db.serverless true false prod all
default LockID cross-az REQUIRED default.mysql8.0 ra3.large full-load-and-cdc {"a":1} {{ [1,2]
arn:aws:rds:eu-west-1:1:db:x
"""
TEXTS = [*WORDS.split(), "", "on ~* +@all", "\u2028", "a" * 5000]
NUMBERS = [-1, 0, 1, 2, 7, 35, 36, 1.5, 3306, 10**12]
ENTRIES = ["Name", "env", "rds.force_ssl", "require_secure_transport", "Region"]


class Nonsense:
    """Values at random, of all kinds, whatever a property asks for."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.addresses: list[str] = []

    def value(self) -> Value:
        pick = self.random.choice
        made = pick(
            [
                lambda: pick(TEXTS),
                lambda: pick(TEXTS),
                lambda: pick(NUMBERS),
                lambda: pick([True, False, None]),
                lambda: Unknown("later", is_set=pick([True, False]), variable=pick([None, SHARED, TRUTH])),
                lambda: Ref((pick(self.addresses),), pick([Unknown("later"), pick(TEXTS)]), pick(["", "arn"])),
                lambda: [self.value() for _ in range(pick([0, 1, 3]))],
                lambda: {pick(ENTRIES): self.value()},
                lambda: choose(ENV, [(only("prod"), pick(TEXTS)), (other_than("prod"), pick(NUMBERS))]),
            ]
        )
        return made()

    def properties(self, owner: type[Any], depth: int = 0) -> dict[str, Value]:
        declared = {name: item for base in owner.__mro__ for name, item in vars(base).items()}
        return {
            name: self.nested(item, depth) if isinstance(item, Nested) else self.value()
            for name, item in declared.items()
            if isinstance(item, (Property, Nested)) and self.random.random() < 0.6
        }

    def nested(self, item: Nested, depth: int) -> Value:
        if depth > 3 or self.random.random() < 0.1:
            return self.value()
        made = [self.properties(item.type, depth + 1) for _ in range(self.random.choice([1, 1, 3]))]
        return made if item.several else made[0]

    def resource(self, view: type[View], address: str, source: str) -> Resource:
        properties = self.properties(view)
        kind = self.random.choice(view.terraform or ("",))
        exists = self.random.choice([True, True, Unknown("later")])
        return Resource(view.cloudformation, address, source, properties, PLACE, kind, address, exists)

    def deployment(self) -> Deployment:
        views = [*self.random.sample(TYPES, 5), VIEWS["AWS::RDS::DBInstance"], VIEWS["AWS::RDS::DBCluster"]]
        self.addresses = [f"r{number}" for number in range(len(views))]
        source = self.random.choice(["terraform", "cloudformation"])
        resources = (self.resource(view, address, source) for view, address in zip(views, self.addresses))
        return Deployment("default", ".", source, tuple(resources))


def judges(rule: Rule, resource: Resource) -> bool:
    return any(subject.cloudformation == resource.type for subject in rule.subjects)


@pytest.mark.parametrize("seed", range(20))
def test_no_rule_crashes(seed: int) -> None:
    nonsense = Nonsense(seed)
    for _ in range(10):
        deployment = nonsense.deployment()
        graph = Graph(deployment)
        for resource in deployment.resources:
            for rule in RULES:
                if judges(rule, resource):
                    assert judge(rule, resource, graph), rule.id
