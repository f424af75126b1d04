"""Facts that the views of a service derive, asked of small deployments."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import dblint.aws
from dblint.graph import Graph
from dblint.judge import BROKEN, KEPT, UNDETERMINED, judge
from dblint.model import Deployment, Location, Resource, Value
from dblint.rule_definition import Rule
from dblint.view import VIEWS

for module in pkgutil.iter_modules(dblint.aws.__path__):
    importlib.import_module(f"dblint.aws.{module.name}")

PLACE = Location("main.tf", 1, 1, 1, 10)
TRUTHS = {BROKEN: True, KEPT: False, UNDETERMINED: None}


def resource(type: str, address: str = "it", source: str = "cloudformation", **settings: Any) -> Resource:
    """A resource; in `settings` what a Resource has, everything else is a property."""
    own = {name: settings.pop(name) for name in ("kind", "provider_version", "exists", "region") if name in settings}
    return Resource(type, address, source, settings, PLACE, definition=address, **own)


def deployment(*resources: Resource) -> Deployment:
    return Deployment("default", ".", resources[0].source, resources)


def fact(name: str | Callable[[Any], bool], *resources: Resource, arguments: tuple[Value, ...] = ()) -> bool | None:
    """A truth that the view of the first resource derives, or a part of it ("Part.fact"), or that is asked of it;
    None where nobody can know it."""

    def asked(view: Any) -> bool:
        found = name(view) if callable(name) else attrgetter(name)(view)
        return bool(found(*arguments) if callable(found) else found)

    rule = Rule(asked, (VIEWS[resources[0].type],), "high", "validity", "Asked.", id="test-asked")
    cases = judge(rule, resources[0], Graph(deployment(*resources)))
    assert len(cases) == 1, cases
    return TRUTHS[cases[0].outcome]
