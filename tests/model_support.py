"""Small models for the tests of the core: one view with a property of each kind, and the words to fill it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dblint.defaults import PerSource
from dblint.graph import Graph
from dblint.judge import Case, judge
from dblint.model import Deployment, Environments, Location, Resource, Value
from dblint.properties import Entries, Secret, prop
from dblint.rule_definition import HIGH, Rule, Set, rule
from dblint.view import Part, View, many, mentioned_by, mentions, one, part, parts, several

PLACE = Location("main.tf", 1, 1, 1, 10)


class Inner(Part):
    Enabled: bool = prop("enabled", default=False)
    Days: int = prop("days", default=7)


class Thing(View, cloudformation="Test::Thing", terraform="aws_thing", identity="Name"):
    """A resource of the tests."""

    A: bool = prop("a", default=False)
    B: bool = prop("b", default=False)
    Number: int = prop("number", default=PerSource(cloudformation=1, terraform=0))
    Text: str | None = prop("text")
    Name: str | None = prop("name", replaces=True)
    Password: Secret = prop("password")
    Params: Entries = prop("params")
    Names: tuple[str, ...] = prop("names", default=())
    Nested: Inner = part(Inner, "nested")
    Several: tuple[Inner, ...] = parts(Inner, "several")
    Parent: str | None = prop("parent")
    Friends: tuple[str, ...] = prop("friends", default=())

    parent: Thing | None = one("Test::Thing", by="Parent")
    children: tuple[Thing, ...] = many("Test::Thing", by="parent")
    friends: tuple[Thing, ...] = several("Test::Thing", by="Friends")
    befriended_by: tuple[Thing, ...] = many("Test::Thing", by="friends")
    reached: tuple[Thing, ...] = mentions("Test::Thing", by="Params", attributes=("endpoint",))
    reached_by: tuple[Thing, ...] = mentioned_by("Test::Thing", by="reached")


def thing(address: str = "thing", source: str = "terraform", exists: Value = True, **properties: Value) -> Resource:
    """A resource with these properties."""
    return Resource("Test::Thing", address, source, properties, PLACE, exists=exists, definition=address)


def deployment(*resources: Resource, **settings: Any) -> Deployment:
    """A deployment of these resources, called "default" unless said otherwise."""
    given: dict[str, Any] = {"name": "default", "root": ".", "source": "terraform", **settings}
    return Deployment(resources=resources, **given)


def rule_of(check: Any, **settings: Any) -> Rule:
    """A rule of a predicate on a thing."""
    check.__annotations__[check.__code__.co_varnames[0]] = Thing
    check.__doc__ = "Thing is broken."
    made: Rule = rule(severity=HIGH, category="availability", **settings)(check)
    return made.named("test-rule", made.file)


def cases(check: Any, *resources: Resource, options: Mapping[str, Any] | None = None, **settings: Any) -> list[Case]:
    """The cases of a predicate on the first of the resources."""
    return judge(rule_of(check), resources[0], Graph(deployment(*resources, **settings)), options)


def outcome(check: Any, *resources: Resource, **settings: Any) -> str:
    """The outcome of a predicate that has one case."""
    found = cases(check, *resources, **settings)
    assert len(found) == 1, found
    return found[0].outcome


UNKNOWN_ENVIRONMENT = Environments(unnamed="unknown")

__all__ = ["PLACE", "Inner", "Set", "Thing", "cases", "deployment", "outcome", "rule_of", "thing"]
