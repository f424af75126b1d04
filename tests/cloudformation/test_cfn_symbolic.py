"""What is evaluated for all parameters at once is what each of them gives alone."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cfn_support import scan
from cfnlint.template import Template
from hypothesis import given, settings
from plain_evaluation import REMOVED, evaluate, holds
from random_templates import OTHER, WORDS, compared, templates

from dblint.model import Choice, Deployment, Ref, Unknown

UNKNOWN = object()


class Impossible(Exception):
    """No such deployment: a mapping would have no entry for it."""


def deployment(template: Mapping[str, Any]) -> Deployment:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "t.json").write_text(json.dumps(template))
        roots, problems = scan(path)
        assert not problems
        (found,) = [each for root in roots for each in root.deployments()]
        for resource in found.resources:
            dict(resource.properties)
    return found


def assignments(template: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """All that the parameters may be: their allowed values, or all words and two other ones; their default, where
    nothing turns on them."""
    domains = {
        name: body.get("AllowedValues", [*WORDS, *OTHER]) if steers(template, name) else [body.get("Default", OTHER[0])]
        for name, body in template["Parameters"].items()
    }
    for texts in itertools.product(*domains.values()):
        yield dict(zip(domains, texts))


def steers(template: Mapping[str, Any], name: str) -> bool:
    """Whether a parameter names the environment, or stands in a condition or in the key of a mapping."""
    allowed = template["Parameters"][name].get("AllowedValues", ())
    asked = [json.dumps(template["Conditions"]), *_keys(template["Resources"])]
    return name == "Env" or "prod" in allowed or any(f'"{name}"' in text or f"${{{name}}}" in text for text in asked)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [json.dumps(value["Fn::FindInMap"])] if "Fn::FindInMap" in value else []
        yield from (text for item in value.values() for text in _keys(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in _keys(item))


def chosen(value: Any, given: Mapping[str, str]) -> Any:
    """A value where the parameters are known; UNKNOWN where it is, or hangs on what nobody can know. Raises Impossible
    where a parameter can not have its text."""
    if isinstance(value, Choice):
        if value.variable.name not in given:
            return UNKNOWN
        text = given[value.variable.name]
        domain = value.variable.domain
        left = [v for among, v in value.parts if (text in among.values) is not among.others]
        if not left or (domain is not None and text not in domain):
            raise Impossible
        return chosen(left[0], given)
    if isinstance(value, Ref):
        return chosen(value.value, given)
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: chosen(item, given) for key, item in value.items() if chosen(item, given) is not None}
    if isinstance(value, list):
        return [found for item in value if (found := chosen(item, given)) is not None]
    return value


def agrees(ours: Any, theirs: Any) -> bool:
    """Whether our value is the plain one, as far as we know it. What we do not know may be absent."""
    if ours is UNKNOWN:
        return True
    if isinstance(ours, dict) and isinstance(theirs, dict):
        absent = [key for key in ours if key not in theirs]
        return all(ours[key] is UNKNOWN for key in absent) and all(
            key in ours and agrees(ours[key], theirs[key]) for key in theirs
        )
    if isinstance(ours, list) and isinstance(theirs, list):
        return UNKNOWN in ours or (len(ours) == len(theirs) and all(map(agrees, ours, theirs)))
    return type(ours) is type(theirs) and ours == theirs


def has_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    return any(map(has_unknown, value)) if isinstance(value, list) else value is UNKNOWN


@given(templates())
@settings(deadline=None, max_examples=200)
def test_all_at_once_is_each_alone(template):
    (db,) = deployment(template).resources
    body = template["Resources"]["Db"]
    for texts in assignments(template):
        theirs = evaluate(template, texts, body["Properties"]["Value"])
        try:
            ours = chosen(db.properties.get("Value"), texts)
        except Impossible:
            assert _asks_for_what_is_missing(template, texts)
            continue
        assert agrees(ours, None if theirs is REMOVED else theirs), texts
        exists = chosen(db.exists, texts)
        assert exists in (UNKNOWN, holds(template, texts, {"Condition": body["Condition"]})), texts
        if _is_listed(template) and not _asks_for_what_is_missing(template, texts):
            assert exists is not UNKNOWN
            assert not has_unknown(ours)


def _is_listed(template: Mapping[str, Any]) -> bool:
    """Whether all values of all parameters are known, so that nothing may be unknown."""
    return all("AllowedValues" in body for body in template["Parameters"].values())


def _asks_for_what_is_missing(template: Mapping[str, Any], texts: Mapping[str, str]) -> bool:
    """Whether a mapping may be asked for a row that it lacks; CloudFormation would not deploy that."""
    return not set(texts.values()) <= set(template["Mappings"]["Map"])


@given(templates())
@settings(deadline=None, max_examples=60)
def test_a_given_text_is_the_alternative(template):
    """Each combination, given as a parameter file, gives what the alternative of the whole gives."""
    whole = deployment(template).resources[0].properties.get("Value")
    for texts in itertools.islice(assignments(template), 6):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            (path / "t.json").write_text(json.dumps(template))
            (path / "given.json").write_text(json.dumps(texts))
            roots, _ = scan(path, parameter_files=("given.json",))
            (found,) = [each for root in roots for each in root.deployments()]
            alone = chosen(found.resources[0].properties.get("Value"), texts)
        assert found.name == "given"
        try:
            assert agrees(chosen(whole, texts), alone)
        except Impossible:
            assert _asks_for_what_is_missing(template, texts)


@given(compared())
@settings(deadline=None, max_examples=100)
def test_conditions_hold_together_as_cfn_lint_says(template):
    """cfn-lint's solver knows which conditions can hold together, where they compare parameters with words, and each
    parameter has its values listed, at least two."""
    plain = {
        tuple(holds(template, texts, {"Condition": name}) for name in template["Conditions"])
        for texts in assignments(template)
    }
    theirs = {
        tuple(scenario[name] for name in template["Conditions"])
        for scenario in Template("t.json", json.loads(json.dumps(template)), ["us-east-1"]).conditions.build_scenarios(
            {name: {True, False} for name in template["Conditions"]}
        )
    }
    ours = _together(template)
    assert ours == plain
    assert ours == theirs


def _together(template: Mapping[str, Any]) -> set[tuple[bool, ...]]:
    """Which conditions hold together, by dblint."""
    made = {f"R{name}": {"Type": "AWS::RDS::DBInstance", "Condition": name} for name in template["Conditions"]}
    exists = [resource.exists for resource in deployment({**template, "Resources": made}).resources]
    found = set()
    for texts in assignments(template):
        found.add(tuple(chosen(value, texts) for value in exists))
    return found
