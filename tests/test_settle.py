"""Verdicts to findings: identity, grouping, scenarios, places."""

from __future__ import annotations

from typing import Any

import pytest
from model_support import deployment, rule_of, thing

from dblint.choice import choose, only
from dblint.finding import Finding
from dblint.graph import Graph
from dblint.judge import BROKEN, UNDETERMINED, judge
from dblint.model import Deployment, Location, Origin, Ref, Resource, Trace, Unknown, Variable
from dblint.records import replace
from dblint.rule_definition import Rule, Set
from dblint.settle import merge, settle
from dblint.telling import Judged

ENV = Variable("env", "Env", real=True, domain=("dev", "prod"), names_environment=True)
REPLICA = Variable("replica", "UseReplica", real=True, domain=("true", "false"))


def at(file: str, line: int) -> Location:
    return Location(file, line, 1, line, 20)


def placed(resource: Resource, file: str, line: int, written: Location | None = None, *origins: Origin) -> Resource:
    """The resource with a place, and where its property A is written and comes from."""
    return replace(
        resource,
        location=at(file, line),
        definition=f"{file}#aws_thing.this",
        trace=lambda path, assumed: Trace(written, origins) if path == ("A",) else Trace(),
    )


def without_a() -> Rule:
    return rule_of(lambda t: not t.A, fix=Set(A=True))


def findings(*deployments: Deployment, rule: Rule | None = None, **settings: Any) -> list[Finding]:
    rule = rule or without_a()
    judged = [
        Judged(rule, resource, one, tuple(judge(rule, resource, Graph(one))))
        for one in deployments
        for resource in one.resources
    ]
    return settle(judged, settings.get("severities", {}), settings.get("options", {}))


def the_finding(*deployments: Deployment, **settings: Any) -> Finding:
    (finding,) = findings(*deployments, **settings)
    return finding


def call(name: str, line: int, origin: Origin | None = None) -> Resource:
    """What a call of modules/db makes; its property may be decided by the call."""
    resource = thing(f"module.{name}.aws_thing.this", **({"A": False} if origin else {}))
    origins = (origin,) if origin else ()
    return placed(resource, "modules/db/main.tf", line, at("modules/db/main.tf", 3) if origin else None, *origins)


def test_the_primary_label_is_where_the_value_is_decided() -> None:
    var_file = Origin(at("prod.tfvars", 2), "set for variable a in prod.tfvars")
    resource = placed(thing(A=False), "main.tf", 10, at("main.tf", 12), var_file)
    labels = the_finding(deployment(resource)).labels
    assert [(label.location.file, label.location.line, label.primary) for label in labels] == [
        ("prod.tfvars", 2, True),
        ("main.tf", 12, False),
        ("main.tf", 10, False),
    ]
    assert labels[1].text == "a is false"


def test_what_is_absent_is_found_at_the_resource() -> None:
    finding = the_finding(deployment(placed(thing(), "main.tf", 10)))
    assert finding.place == at("main.tf", 10)
    assert finding.actual is not None and (finding.actual.state, finding.actual.value) == ("absent", False)
    assert finding.reasons == ("a is not set, which means false",)


def test_an_installed_module_is_not_pointed_at() -> None:
    module = ".terraform/modules/db/main.tf"
    call = Origin(at("main.tf", 4), "argument of module.db")
    finding = the_finding(deployment(placed(thing(A=False), module, 10, at(module, 12), call)))
    assert finding.place == at("main.tf", 4)


def test_one_definition_called_by_many_modules_is_one_finding() -> None:
    calls = [call(f"m{n}", 10) for n in range(37)]
    finding = the_finding(deployment(*calls))
    assert len(finding.instances) == 37
    assert finding.place == at("modules/db/main.tf", 10)


def test_the_number_of_calls_does_not_change_the_identity() -> None:
    one = the_finding(deployment(call("b", 10)))
    three = the_finding(deployment(call("a", 10), call("b", 10), call("c", 10)))
    assert one.fingerprint == three.fingerprint


def test_lines_and_files_of_a_module_do_not_change_the_identity() -> None:
    def moved(file: str, line: int) -> str:
        resource = placed(thing("module.x.aws_thing.this"), f"modules/db/{file}", line)
        return the_finding(deployment(resource)).fingerprint

    assert moved("main.tf", 10) == moved("other.tf", 99)
    plain = placed(thing("aws_thing.this"), "main.tf", 3)
    assert the_finding(deployment(plain)).fingerprint == the_finding(deployment(placed(plain, "b.tf", 8))).fingerprint


def test_what_each_call_decides_is_a_finding_of_its_own() -> None:
    calls = [call(f"m{n}", 10, Origin(at("main.tf", n), f"argument of module.m{n}")) for n in (1, 2)]
    found = findings(deployment(*calls))
    assert [(f.place.line, f.instances) for f in found] == [
        (1, ("module.m1.aws_thing.this",)),
        (2, ("module.m2.aws_thing.this",)),
    ]
    assert len({f.fingerprint for f in found}) == 2


def test_a_second_call_with_its_own_defect_is_new() -> None:
    calls = [call(f"m{n}", 10, Origin(at("main.tf", n), f"argument of module.m{n}")) for n in (1, 2)]
    assert the_finding(deployment(calls[0])).fingerprint == findings(deployment(*calls))[0].fingerprint


@pytest.mark.parametrize(
    ("addresses", "folded"),
    [
        (["aws_thing.this"], "aws_thing.this"),
        (["aws_thing.this[0]"], "aws_thing.this[0]"),
        (['module.db["a"].aws_thing.this[0]'], "module.db.aws_thing.this[0]"),
        (['module.db["a"].aws_thing.this', 'module.db["b"].aws_thing.this'], "module.db.aws_thing.this"),
        (["aws_thing.this[0]", "aws_thing.this[1]"], "aws_thing.this"),
    ],
)
def test_the_address_of_all_instances(addresses: list[str], folded: str) -> None:
    finding = the_finding(deployment(*(placed(thing(address), "main.tf", 5) for address in addresses)))
    assert finding.address == folded
    assert list(finding.instances) == addresses


def test_where_instances_disagree_the_broken_ones_are_named() -> None:
    good = placed(thing("aws_thing.this[1]", A=True), "main.tf", 5)
    finding = the_finding(deployment(placed(thing("aws_thing.this[0]"), "main.tf", 5), good))
    assert (finding.address, finding.instances) == ("aws_thing.this[0]", ("aws_thing.this[0]",))


def test_named_scenarios_are_one_finding() -> None:
    finding = the_finding(
        deployment(thing(A=False), name="prod"),
        deployment(thing(A=True), name="dev"),
        deployment(thing(A=Unknown("later")), name="later"),
    )
    assert (finding.failing, finding.passing, finding.unknown) == (("prod",), ("dev",), ("later",))


def test_alternatives_of_a_parameter_are_scenarios() -> None:
    steered = choose(ENV, [(only("prod"), False), (only("dev"), True)])
    finding = the_finding(deployment(thing(A=steered)))
    assert (finding.failing, finding.passing) == (("prod",), ("dev",))


def test_other_decisions_are_said_with_their_name() -> None:
    steered = choose(REPLICA, [(only("true"), False), (only("false"), True)])
    finding = the_finding(deployment(thing(A=steered), name="prod"))
    assert (finding.failing, finding.passing) == (("prod with UseReplica=true",), ("prod with UseReplica=false",))


def test_an_environment_without_the_resource_neither_fails_nor_passes() -> None:
    exists = choose(ENV, [(only("prod"), True), (only("dev"), False)])
    finding = the_finding(deployment(thing(exists=exists)))
    assert (finding.failing, finding.passing) == (("prod",), ())


@pytest.mark.parametrize(
    ("addresses", "folded"),
    [
        (["TableA", "TableB"], "Table${Name}"),
        (["Data/TableA", "Data/TableB"], "Data/Table${Name}"),
        (["One/TableA", "Two/TableA"], "One/TableA"),
    ],
)
def test_instances_of_a_templates_loop_are_called_what_it_calls_them(addresses: list[str], folded: str) -> None:
    made = (placed(thing(address), "t.yaml", 5) for address in addresses)
    finding = the_finding(deployment(*(replace(one, definition="t.yaml#Table${Name}") for one in made)))
    assert (finding.address, list(finding.instances)) == (folded, addresses)


def test_what_made_a_resource_is_the_place_where_no_value_of_it_decides() -> None:
    made = Origin(at("app.js", 7), "construct Prod/Db")
    resource = replace(placed(thing(), "t.yaml", 5), trace=lambda path, assumed: Trace(None, (made,)))
    finding = the_finding(deployment(resource), rule=rule_of(lambda t: True))
    assert [(label.location.file, label.text, label.primary) for label in finding.labels] == [
        ("app.js", "construct Prod/Db", True),
        ("t.yaml", "thing", False),
    ]


def instances_of_a_loop(one: Resource, two: Resource) -> Finding:
    return the_finding(deployment(*(placed(resource, "main.tf", 5, at("main.tf", 9)) for resource in (one, two))))


def test_what_one_instance_fails_in_all_scenarios_fails_in_all() -> None:
    exists = choose(ENV, [(only("prod"), True), (only("dev"), False)])
    finding = instances_of_a_loop(thing("aws_thing.this[0]"), thing("aws_thing.this[1]", exists=exists))
    assert (finding.failing, finding.passing) == (("default",), ())


def test_what_fails_for_one_instance_does_not_pass_for_another() -> None:
    one = choose(ENV, [(only("prod"), False), (only("dev"), True)])
    two = choose(ENV, [(only("prod"), True), (only("dev"), False)])
    finding = instances_of_a_loop(thing("aws_thing.this[0]", A=one), thing("aws_thing.this[1]", A=two))
    assert (finding.failing, finding.passing) == (("dev", "prod"), ())
    whole = instances_of_a_loop(thing("aws_thing.this[0]", A=one), thing("aws_thing.this[1]", A=False))
    assert (whole.failing, whole.passing) == (("default",), ())


def test_what_an_undetermined_finding_hangs_on() -> None:
    finding = the_finding(deployment(thing(A=Unknown("var.a"))))
    assert (finding.outcome, finding.breaks_if) == ("undetermined", ("a is false",))
    assert finding.actual is not None and (finding.actual.state, finding.actual.because) == ("unknown", "var.a")


def test_evidence_of_other_resources_is_labelled_and_related() -> None:
    parent = placed(thing("parent", A=False, Name="p"), "main.tf", 1, at("main.tf", 2))
    child = placed(thing("child", Parent=Ref(("parent",))), "main.tf", 5)
    rule = rule_of(lambda t: t.parent is not None and not t.parent.A)
    finding = the_finding(deployment(child, parent), rule=rule)
    assert finding.related == (("parent", "Test::Thing", "parent"),)
    assert [(label.location.line, label.text) for label in finding.labels if label.location.line == 2] == [
        (2, "parent: a is false")
    ]


def test_the_settings_may_change_the_severity() -> None:
    assert the_finding(deployment(thing())).severity == "high"
    assert the_finding(deployment(thing()), severities={"test-rule": "low"}).severity == "low"


def test_a_fix_is_in_the_words_of_the_source_and_proved() -> None:
    fix = the_finding(deployment(thing())).fix
    assert fix is not None and (fix.changes, fix.safety, fix.proved) == (("a = true",), "safe", True)
    name = the_finding(
        deployment(thing(source="cloudformation")), rule=rule_of(lambda t: t.Name is None, fix=Set(Name="x"))
    ).fix
    assert name is not None and (name.changes, name.safety) == (("Name: x",), "unsafe")


def test_the_order_is_that_of_the_places() -> None:
    resources = [
        placed(thing(f"t{n}"), file, line) for n, (file, line) in enumerate([("b.tf", 1), ("a.tf", 9), ("a.tf", 2)])
    ]
    resources = [replace(resource, definition=resource.address) for resource in resources]
    assert [finding.address for finding in findings(deployment(*resources))] == ["t2", "t1", "t0"]


def test_what_several_roots_find_in_a_shared_module_is_one_finding() -> None:
    roots = [deployment(call("db", 10), root=f"envs/{name}", name=name) for name in ("dev", "prod")]
    (finding,) = merge([finding for root in roots for finding in findings(root)])
    assert (finding.root, finding.failing) == ("envs/dev", ("dev", "prod"))
    assert finding.instances == ("module.db.aws_thing.this", "envs/prod: module.db.aws_thing.this")


def test_the_module_itself_tells_what_its_callers_find_too() -> None:
    example = deployment(call("db", 10), root="examples/one")
    itself = deployment(placed(thing("aws_thing.this"), "modules/db/main.tf", 10), root="modules/db")
    (finding,) = merge([*findings(example), *findings(itself)])
    assert (finding.root, finding.address) == ("modules/db", "aws_thing.this")


def test_what_one_root_does_not_know_another_does() -> None:
    itself = deployment(
        placed(thing("aws_thing.this", A=Unknown("var.a")), "modules/db/main.tf", 10), root="modules/db"
    )
    found = merge([*findings(itself), *findings(deployment(call("db", 10), root="examples/one"))])
    assert {(f.outcome, f.root, f.instances) for f in found} == {
        (BROKEN, "examples/one", ("module.db.aws_thing.this",)),
        (UNDETERMINED, "modules/db", ("aws_thing.this",)),
    }


def test_what_two_roots_decide_themselves_stays_apart() -> None:
    calls = [call("db", 10, Origin(at(f"{root}/main.tf", 3), "argument of module.db")) for root in ("a", "b")]
    found = [f for root, made in zip("ab", calls) for f in findings(deployment(made, root=root))]
    assert len({finding.fingerprint for finding in found}) == 2


def test_a_value_in_a_var_file_is_the_same_defect() -> None:
    here = placed(thing(A=False), "main.tf", 10, at("main.tf", 12))
    there = placed(thing(A=False), "main.tf", 10, at("main.tf", 12), Origin(at("envs/prod.tfvars", 2), "set"))
    assert the_finding(deployment(here)).fingerprint == the_finding(deployment(there)).fingerprint


def test_what_another_resource_will_give_is_told_by_that_resource() -> None:
    given = Ref(("aws_other.x",), Unknown("only known after apply"), "id")
    resource = placed(thing(Text=given), "main.tf", 10)
    resource = replace(resource, trace=lambda path, assumed: Trace(at("main.tf", 12) if path == ("Text",) else None))
    rule = rule_of(lambda t: t.Text is not None, about="Text")
    primary = the_finding(deployment(resource), rule=rule).labels[0]
    assert (primary.location.line, primary.text) == (12, "text is taken from aws_other.x")
