"""What other tools call our rules."""

from __future__ import annotations

import json
import re

from dblint.equivalents import load
from dblint.packs import load as load_rules
from dblint.packs import own
from tests.cli_support import Call

TOOLS = {"cdk-nag", "cfn-lint", "cfn_nag", "checkov", "guard", "kics", "prowler", "securityhub", "tflint", "trivy"}


def test_every_rule_has_its_equivalents_or_says_that_there_are_none() -> None:
    assert set(load()) == {rule.id for rule in load_rules([own()])}


def test_every_id_is_one_of_a_known_tool() -> None:
    for rule, tools in load().items():
        assert set(tools) <= TOOLS, rule
        for ids in tools.values():
            assert ids == tuple(sorted(set(ids))), rule
            assert all(re.fullmatch(r"[\w.-]+", id) for id in ids), rule


def test_the_list_shows_them_on_request(dblint: Call) -> None:
    out = dblint("rules", "--equivalents", "rds-single-az").out
    assert "checkov CKV_AWS_157" in out
    assert "CKV_AWS_157" not in dblint("rules", "rds-single-az").out
    assert dblint("rules", "--equivalents", "rds-replica-chain").out.endswith("  none\n")
    [found] = json.loads(dblint("rules", "-f", "json", "--equivalents", "rds-single-az").out)
    assert found["equivalents"]["checkov"] == ["CKV_AWS_157"]
    assert "| equivalents |" in dblint("rules", "-f", "md", "--equivalents").out
