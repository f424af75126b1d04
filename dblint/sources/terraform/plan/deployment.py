"""What a plan deploys: its instances as resources, with their source where that is at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from dblint.model import Resource, Value
from dblint.sources.terraform.canonical import Canonical, terraform_views
from dblint.sources.terraform.evaluation.run import Given
from dblint.sources.terraform.plan.arguments import Plan, arguments_of
from dblint.sources.terraform.plan.configuration import references_in
from dblint.sources.terraform.plan.document import PlanDocument, Planned, names_of, plain
from dblint.sources.terraform.plan.overlay import Overlaid
from dblint.sources.terraform.syntax.json_syntax import Embedded, json_body
from dblint.view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def resources(document: PlanDocument, sources: Mapping[str, Resource], region: str = "") -> Iterator[Resource]:
    """The instances of types with a view. `sources`: the resources of the source by address."""
    plan = Plan(document)
    views = terraform_views()
    repeated = {plain(address): r for address, r in sources.items() if "[*]" in address}
    for planned in document.instances:
        view = views.get(planned.type)
        if view is not None:
            source = sources.get(planned.address) or repeated.get(plain(planned.address))
            yield _resource(plan, planned, view, source, region)


def _resource(plan: Plan, planned: Planned, view: type[View], source: Resource | None, region: str) -> Resource:
    document = plan.document
    properties = Canonical(view, arguments_of(plan, planned))
    own = planned.values.get("region")
    place = document.place(planned.address)
    return Resource(
        type=view.cloudformation,
        address=planned.address,
        source="terraform",
        properties=Overlaid(properties, source.properties) if source else properties,
        location=source.location if source else place,
        kind=planned.type,
        definition=source.definition if source else f"{document.path}#{plain(planned.address)}",
        exists=True,
        trace=source.trace if source else properties.trace,
        provider_version=source.provider_version if source else _version(document),
        names=source.names if source else _names(planned),
        region=region or own or (source.region if source else _region(document, plan, planned)),
        calls=source.calls if source else (),
        assumed=source.assumed if source else "",
    )


def _names(planned: Planned) -> tuple[str, ...]:
    """The words that may name an environment, nearest first."""
    keys = (planned.key,) if isinstance(planned.key, str) else ()
    return (*keys, planned.name, *reversed(names_of(planned.module)))


def _provider(document: PlanDocument, key: str) -> Mapping[str, Any]:
    found = document.providers.get(key)
    return found if isinstance(found, dict) else {}


def _version(document: PlanDocument) -> str:
    """The constraint on the AWS provider."""
    return str(_provider(document, "aws").get("version_constraint", ""))


def _region(document: PlanDocument, plan: Plan, planned: Planned) -> Value:
    """The region of the provider of an instance, where the configuration or a variable says it."""
    resource = plan.configuration.resource(planned) or {}
    expressions = _provider(document, str(resource.get("provider_config_key", "aws"))).get("expressions")
    expression = expressions.get("region") if isinstance(expressions, dict) else None
    if not isinstance(expression, dict):
        return None
    if "constant_value" in expression:
        return expression["constant_value"]
    references = references_in(expression)
    return document.variables.get(references[0].removeprefix("var.")) if references else None


def given_by(document: PlanDocument) -> dict[str, Given]:
    """The values of the root's variables that are not their defaults; those that are sensitive stay unknown."""
    told = {}
    for name, value in document.variables.items():
        declared = document.declared(name)
        if declared.get("sensitive") is not True and not ("default" in declared and declared["default"] == value):
            told[name] = value
    body = json_body(Embedded(document.place_of_variables(), json.dumps(told)), has_blocks=False)
    return {name: Given("in the plan", argument.expression) for name, argument in body.arguments.items()}
