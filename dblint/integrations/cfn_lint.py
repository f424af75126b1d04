"""Our rules as rules of cfn-lint: `cfn-lint --append-rules dblint.integrations.cfn_lint`.

cfn-lint takes every class of this module that is a rule of its. Their ids stand in `cfn_lint_ids.json` and never
change; they begin with E where a rule is of critical or high severity, else with W, as of the day when it was added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from weakref import WeakKeyDictionary

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from dblint.integrations.judgement import Parameters, Said, judge
from dblint.packs import load, own
from dblint.rule_definition import Rule
from dblint.scan.run import explanation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IDS: Mapping[str, str] = json.loads(Path(__file__).with_name("cfn_lint_ids.json").read_text(encoding="utf-8"))
# What is said by no rule of ours.
PROBLEM, FOREIGN = "dblint-problem", "dblint-pack"

_judged: WeakKeyDictionary[Any, list[Said]] = WeakKeyDictionary()
_deployed: set[str] = set()


def _all(cfn: Any) -> list[Said]:
    """Everything that dblint says of a template, which all rules share."""
    if cfn not in _judged:
        sets = cfn.context.parameter_sets or ()
        given = [Parameters(s.source or "", {k: _text(v) for k, v in s.parameters.items()}) for s in sets]
        # Where there are files of parameters, cfn-lint runs once with them and once more without.
        again = not given and cfn.filename in _deployed
        _judged[cfn] = [] if again else judge(cfn.filename, cfn.template, given)
        _deployed.update({cfn.filename} if given else ())
    return _judged[cfn]


def _text(value: Any) -> str:
    """A value of a parameter as CloudFormation takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(_text, value)) if isinstance(value, list) else str(value)


def _name(said: Said) -> str:
    return said.rule if said.rule in IDS else FOREIGN if said.rule else PROBLEM


def _match(said: Said, cfn: Any) -> RuleMatch:
    """What is said, as cfn-lint has it: `path` is what ignore_checks in Metadata goes by, and `location` (lines and
    columns from 0) where it stands."""
    place = said.place
    if place is None:
        return RuleMatch(_path(said, cfn), said.message)
    location = (place.line - 1, place.column - 1, place.end_line - 1, place.end_column - 1)
    return RuleMatch(_path(said, cfn), said.message, location=location)


def _path(said: Said, cfn: Any) -> list[str]:
    """The way to the property, or as far as the template goes there."""
    node, path = cfn.template, []
    steps = ["Resources", said.logical_id, "Properties", said.property_name] if said.logical_id else []
    for step in steps:
        if not isinstance(node, dict) or step not in node:
            break
        node = node[step]
        path.append(step)
    return path


def _match_of(name: str) -> Any:
    def match(self: Any, cfn: Any) -> Iterator[RuleMatch]:
        return (_match(said, cfn) for said in _all(cfn) if _name(said) == name)

    return match


def _class(name: str, title: str, description: str, tags: list[str]) -> None:
    """Adds a rule of cfn-lint to this module."""
    members = {
        "__module__": __name__,
        "__doc__": title,
        "id": IDS[name],
        "shortdesc": name,
        "description": f"{title} {description}".strip(),
        "source_url": "",
        "tags": ["dblint", *tags],
        "match": _match_of(name),
    }
    globals()[f"Dblint{IDS[name]}"] = type(f"Dblint{IDS[name]}", (CloudFormationLintRule,), members)


def _class_of(rule: Rule) -> None:
    _class(rule.id, rule.message, explanation(rule).why, [rule.category])


for _rule in load([own()]):
    _class_of(_rule)
_class(PROBLEM, "dblint could not do its work.", "Its result can not be trusted until this is mended.", [])
_class(FOREIGN, "A rule of another pack is broken.", "The settings of dblint name the pack.", [])
