"""Suppressions: what a comment covers by where it stands, what it hides, and what is said of those that are wrong."""

from __future__ import annotations

import pytest

from dblint.model import Location, Origin, Trace
from dblint.records import replace
from dblint.result import Result
from dblint.suppressions.directive import Directive, directives
from dblint.suppressions.extent import hcl_blocks, hcl_extent, yaml_extent
from dblint.suppressions.kinds import KINDS
from dblint.suppressions.remarks import remarks
from dblint.suppressions.suppression import Call, fits
from tests.fake_source import FakeRoot, database, deployment, result_of
from tests.settings_support import settings_of


def parsed(comment: str, path: str = "main.tf") -> list[Directive]:
    return list(directives(remarks(comment, path)))


@pytest.mark.parametrize(
    ("comment", "selectors", "reason"),
    [
        ("# dblint: ignore[rds-single-az] rebuilt nightly", ("rds-single-az",), "rebuilt nightly"),
        ("// dblint: ignore[rds-single-az] why", ("rds-single-az",), "why"),
        ("/* dblint: ignore[rds-single-az] why */", ("rds-single-az",), "why"),
        ("#dblint:ignore[a,b , c]", ("a", "b", "c"), ""),
        ("# dblint: ignore [rds-*] -- why", ("rds-*",), "why"),
        ("# dblint: ignore[a] mode=x is not an attribute after a word", None, ""),
        ("# dblint: ignore[a] because mode=x", ("a",), "because mode=x"),
        ("# dblint: ignore[a] the resource is shared until spring", ("a",), "the resource is shared until spring"),
        ("/*\n * dblint: ignore[a] why\n */", ("a",), "why"),
        ("# words # dblint: ignore[a] why", ("a",), "why"),
    ],
)
def test_directives(comment: str, selectors: tuple[str, ...] | None, reason: str) -> None:
    [directive] = parsed(comment)
    if selectors is None:
        assert directive.wrong
    else:
        assert (directive.selectors, directive.reason, directive.wrong) == (selectors, reason, "")


def test_attributes() -> None:
    [found] = parsed("# dblint: ignore[a] until=2027-03-31 scenario=prod* resource=module.x.* ticket=OPS-1 why not")
    assert found.until is not None and found.until.isoformat() == "2027-03-31"
    assert (found.scenario, found.resource, found.ticket, found.reason) == ("prod*", "module.x.*", "OPS-1", "why not")


@pytest.mark.parametrize(
    "words",
    [
        "until=2027-03-31 scenario=dev why not",
        "why not until=2027-03-31 scenario=dev",
        "why until='2027-03-31' not scenario=dev",
    ],
)
def test_attributes_stand_anywhere(words: str) -> None:
    [found] = parsed(f"# dblint: ignore[a] {words}")
    assert (str(found.until), found.scenario, found.reason, found.wrong) == ("2027-03-31", "dev", "why not", "")


@pytest.mark.parametrize(
    ("comment", "wrong"),
    [
        ("# dblint: ignore rds-single-az", "expected the rules in brackets: dblint: ignore[RULE] reason"),
        ("# dblint: ignore[]", "expected the rules in brackets"),
        ("# dblint: ignore", "expected the rules in brackets"),
        ("# dblint: igonre[a]", "unknown directive igonre; did you mean ignore"),
        ("# dblint: skip[a]", "unknown directive skip"),
        ("# dblint: ignore[a] until=tomorrow", "expected until=YYYY-MM-DD, found until=tomorrow"),
        ("# dblint: ignore[a] until=2027-02-30", "expected until=YYYY-MM-DD"),
        ("# dblint: ignore[a] untill=2027-02-03", "unknown attribute untill; did you mean until"),
        ("# dblint: [a]", "expected dblint: ignore[RULE] reason"),
        ("# dblint: ignore[a] rebuilt nightly untill=2027-03-31", "unknown attribute untill; did you mean until"),
        ("# dblint: ignore[a] until:2027-03-31 why", "expected until=YYYY-MM-DD in one word"),
        ("# dblint: ignore[a] until = 2027-03-31 why", "expected until=YYYY-MM-DD in one word"),
        ("# dblint: ignore[a] until 2027-03-31 why", "expected until=YYYY-MM-DD in one word"),
        ("# dblint: ignore[a] why, until: 2027-03-31", "expected until=YYYY-MM-DD in one word"),
        ("# dblint: ignore[a] scenario: dev why", "expected scenario=VALUE in one word"),
        ("# dblint: ignore[a] why scenario= dev", "expected scenario=VALUE in one word"),
        ("# dblint: ignore[a] scenario=dev scenario=test why", "scenario is given twice"),
        ("# dblint ignore[a] why", "expected a comment that begins with dblint: ignore[RULE] reason"),
        ("# dblint-ignore[a] why", "expected a comment that begins with dblint: ignore[RULE] reason"),
        ("# DBLint: ignore[a] why", "expected a comment that begins with dblint: ignore[RULE] reason"),
        ("# for now, dblint: ignore[a] why", "expected a comment that begins with dblint: ignore[RULE] reason"),
        ("# dblint:ignore=a why", "expected the rules in brackets"),
    ],
)
def test_malformed_directives_say_what_is_right(comment: str, wrong: str) -> None:
    [directive] = parsed(comment)
    assert directive.wrong.startswith(wrong)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# dblint: see the handbook", "main.tf"),
        ("# what dblint says", "main.tf"),
        ('description = "# dblint: ignore[a]"', "main.tf"),
        ("// dblint: ignore[a]", "template.yaml"),
        ('"// dblint: ignore[a]"', "main.tf.json"),
        ("# dblint: ignore[a]", "template.json"),
        ("x = <<EOT\n# dblint: ignore[a]\nEOT\n", "main.tf"),
        ('x = "${"# dblint: ignore[a]"}"', "main.tf"),
        ("a: '# dblint: ignore[a]'", "template.yaml"),
        ("a: |\n  # dblint: ignore[a]\n  b", "template.yaml"),
        ("a: !Sub\n- >\n  # dblint: ignore[a]\n", "template.yaml"),
        ("a: b#dblint: ignore[a]", "template.yaml"),
        ("# `dblint: ignore[a] why` hides it, says the handbook", "main.tf"),
    ],
)
def test_what_is_no_directive(text: str, path: str) -> None:
    assert parsed(text, path) == []


HCL = """\
resource "aws_db_instance" "orders" { # header
  tags = {
    "a" = "}" # } {
  }
  text = <<-EOT
    { not a bracket
  EOT
  /* {
  { */
  list = [
    1,
  ]
}

locals { x = 1 }
variable "y" {}
module "db" {
  source = "./db"
}
"""


def test_blocks_of_hcl() -> None:
    lines = HCL.split("\n")
    assert [(block.kind, block.labels, block.first, block.last) for block in hcl_blocks(lines)] == [
        ("resource", ("aws_db_instance", "orders"), 1, 13),
        ("locals", (), 15, 15),
        ("variable", ("y",), 16, 16),
        ("module", ("db",), 17, 19),
    ]
    assert [hcl_extent(lines, line) for line in (2, 5, 10, 3)] == [4, 7, 12, 3]


def test_extents_of_yaml() -> None:
    lines = ["a:", "  b:", "  - 1", "  - x: 1", "    y: 2", "", "# c", "  c: 1", "d: 2", "- e", "- f"]
    assert [yaml_extent(lines, line) for line in (1, 2, 4, 8, 9, 10)] == [8, 5, 5, 8, 11, 10]


def hidden(
    text: str, *, line: int, value_line: int = 0, path: str = "main.tf", config: str = "", **more: object
) -> Result:
    """A database whose header is on `line` and whose MultiAZ is decided on `value_line`, below comments."""
    place = Location(path, value_line, 3, value_line, 20)
    trace = {"MultiAZ": Trace(place)} if value_line else {}
    resource = database(line=line, file=path, MultiAZ=False, trace=trace)
    root = FakeRoot(made=[deployment(resource)], files={path})
    return result_of({path: text}, root, settings=settings_of(config), **more)  # type: ignore[arg-type]


RESOURCE = 'resource "aws_db_instance" "orders" {\n  engine   = "postgres"\n  multi_az = false\n}\n'


@pytest.mark.parametrize(
    ("text", "line", "value_line"),
    [
        (RESOURCE.replace("{\n", "{ # dblint: ignore[rds-single-az] why\n", 1), 1, 3),
        (RESOURCE.replace("false", "false # dblint: ignore[rds-single-az] why"), 1, 3),
        (RESOURCE.replace("false", "false // dblint: ignore[rds-*] why"), 1, 3),
        ("# dblint: ignore[rds-single-az] why\n" + RESOURCE, 2, 4),
        ("# dblint: ignore[rds-single-az] why\n\n# another comment\n" + RESOURCE, 4, 6),
        (RESOURCE.replace("  multi", "  # dblint: ignore[category:availability] why\n  multi"), 1, 4),
        (RESOURCE.replace("  engine", "  # dblint: ignore[rds-single-az] why\n  engine"), 1, 4),
        (RESOURCE.replace("}\n", "  # dblint: ignore[rds-single-az] why\n}\n"), 1, 3),
        ("# dblint: ignore-file[rds-single-az] why\n\n" + RESOURCE, 3, 5),
        ("# dblint: disable[rds-single-az] why\n" + RESOURCE + "# dblint: enable[rds-single-az]\n", 2, 4),
        ("# dblint: disable[ALL] why\n" + RESOURCE, 2, 4),
        ("/*\n Of the night.\n dblint: ignore[rds-single-az] why\n Really.\n*/\n" + RESOURCE, 6, 8),
        (RESOURCE.replace("  multi", "  /* dblint: ignore[rds-single-az] why */ multi"), 1, 3),
    ],
)
def test_what_hides_in_terraform(text: str, line: int, value_line: int) -> None:
    result = hidden(text, line=line, value_line=value_line)
    assert (result.findings, result.exit_code, result.warnings) == ((), 0, ())
    [item] = result.suppressed
    assert (item.kind, item.path, item.reason) == ("comment", "main.tf", "why")
    assert item.line == next(n for n, one in enumerate(text.split("\n"), 1) if "dblint: " in one)


@pytest.mark.parametrize(
    ("text", "line", "value_line"),
    [
        (RESOURCE.replace('"postgres"', '"postgres" # dblint: ignore[rds-single-az] why'), 1, 3),
        (RESOURCE + "# dblint: ignore[rds-single-az] why\n", 1, 3),
        ("# dblint: ignore[rds-single-az] why\nlocals {\n  a = {\n  }\n}\n" + RESOURCE, 6, 8),
        ("locals {\n  # dblint: ignore[rds-single-az] why\n  a = 1\n}\n" + RESOURCE, 5, 7),
        ("locals {}\n# dblint: ignore-file[rds-single-az] why\n" + RESOURCE, 3, 5),
        ("# dblint: disable[rds-single-az] why\n# dblint: enable[rds-single-az]\n" + RESOURCE, 3, 5),
        (
            'resource "x" "y" {\n  # dblint: ignore[rds-single-az] why\n}\n' + RESOURCE,
            4,
            6,
        ),
        ("# dblint: ignore[rds-backups-disabled] why\n" + RESOURCE, 2, 4),
        ("# dblint: ignore[rds-single-az why\n" + RESOURCE, 2, 4),
        ("# dblint: ignore[rds-singel-az] why\n" + RESOURCE, 2, 4),
    ],
)
def test_what_hides_nothing_in_terraform_is_said(text: str, line: int, value_line: int) -> None:
    result = hidden(text, line=line, value_line=value_line)
    assert [finding.rule.id for finding in result.findings] == ["rds-single-az"]
    assert result.suppressed == ()
    [note] = result.warnings
    assert (note.kind in KINDS, note.path) == (True, "main.tf")


@pytest.mark.parametrize(
    "where",
    [
        "locals {\n  # dblint: ignore[rds-single-az] why\n  ha = false\n}\n",
        "locals {\n  ha = false # dblint: ignore[rds-single-az] why\n  \n}\n",
        "# dblint: ignore[rds-single-az] why\nlocals {\n  ha = false\n}\n",
    ],
)
def test_a_comment_where_the_value_is_decided(where: str) -> None:
    text = where + RESOURCE.replace("false", "local.ha")
    decided = next(n for n, one in enumerate(text.split("\n"), 1) if "ha = false" in one)
    result = hidden(text, line=5, value_line=decided)
    assert (result.findings, len(result.suppressed)) == ((), 1)


YAML = """\
Resources:
  Other:
    Type: X
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MultiAZ: false
  Last:
    Type: X
"""


@pytest.mark.parametrize(
    ("old", "new", "hides"),
    [
        ("  Orders:", "  Orders: # dblint: ignore[rds-single-az] why", True),
        ("  Orders:", "  # dblint: ignore[rds-single-az] why\n  Orders:", True),
        ("    Type: AWS", "    # dblint: ignore[rds-single-az] why\n    Type: AWS", True),
        ("MultiAZ: false", "MultiAZ: false # dblint: ignore[rds-single-az] why", True),
        ("      MultiAZ", "      # dblint: ignore[rds-single-az] why\n      MultiAZ", True),
        ("Resources:", "# dblint: ignore[rds-single-az] why\nResources:", True),
        ("Resources:", "# dblint: ignore-file[rds-single-az] why\nResources:", True),
        ("MultiAZ: false", 'MultiAZ: false # 5" disk # dblint: ignore[rds-single-az] why', True),
        ("  Last:", "  # dblint: ignore[rds-single-az] why\n  Last:", False),
        ("  Other:", "  # dblint: ignore[rds-single-az] why\n  Other:", False),
        ("postgres", "postgres # dblint: ignore[rds-single-az] why", False),
    ],
)
def test_what_hides_in_yaml(old: str, new: str, hides: bool) -> None:
    text = YAML.replace(old, new)
    lines = text.split("\n")
    header = next(n for n, one in enumerate(lines, 1) if one.startswith("  Orders:"))
    value = next(n for n, one in enumerate(lines, 1) if "MultiAZ:" in one)
    result = hidden(text, line=header, value_line=value, path="template.yaml")
    assert bool(result.suppressed) is hides
    assert bool(result.findings) is not hides
    assert bool(result.warnings) is not hides, "what hides nothing is reported as unused"


def test_no_suppressions_shows_all() -> None:
    text = "# dblint: ignore[rds-single-az]\n" + RESOURCE
    result = hidden(text, line=2, change=lambda request: replace(request, suppress=False))
    assert (len(result.findings), result.suppressed, result.warnings) == (1, (), ())


@pytest.mark.parametrize(
    ("attributes", "hides", "warning"),
    [
        ("until=2027-01-15", True, ""),
        ("until=2027-01-14", False, "suppression expired on 2027-01-14: rds-single-az is back"),
        ("resource=aws_db_instance.*", True, ""),
        ("resource=aws_db_instance.other", False, "unused suppression: nothing of rds-single-az is found here"),
        ("scenario=default", True, ""),
        ("scenario=prod", False, "unused suppression"),
    ],
)
def test_attributes_narrow(attributes: str, hides: bool, warning: str) -> None:
    result = hidden(f"# dblint: ignore[rds-single-az] {attributes} why\n" + RESOURCE, line=2, value_line=4)
    assert bool(result.suppressed) is hides
    assert [warning in note.message for note in result.warnings] == ([True] if warning else [])


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("# dblint: ignore[rds-single-az] until=2026-12-31 why", "expired-suppression"),
        ("# dblint: ignore[rds-backups-disabled] why", "unused-suppression"),
        ("# dblint: igonre[rds-single-az] why", "malformed-suppression"),
        ("# dblint: ignore[rds-singel-az] why", "unknown-rule-in-suppression"),
        ("# dblint: ignore[rds-single-az]", "suppression-without-reason"),
        ("# dblint: ignore[rds-storage-unencrypted] why", "unused-suppression"),
    ],
)
@pytest.mark.parametrize("fails", [True, False])
def test_what_is_reported_has_a_name_and_may_fail(comment: str, kind: str, fails: bool) -> None:
    errors = f'errors = ["{kind}"]' if fails else ""
    config = f'fail-on = "critical"\n[suppressions]\nrequire-reason = true\n{errors}'
    result = hidden(f"{comment}\n{RESOURCE}", line=2, value_line=4, config=config)
    assert [note.kind for note in result.warnings] == [kind]
    assert result.exit_code == int(fails)


def test_an_attempt_on_an_immune_rule_has_a_name() -> None:
    config = '[rules.rds-single-az]\nignorable = false\n[suppressions]\nerrors = ["immune-rule-in-suppression"]'
    result = hidden("# dblint: ignore[rds-single-az] why\n" + RESOURCE, line=2, value_line=4, config=config)
    assert [note.kind for note in result.warnings] == ["immune-rule-in-suppression"]


@pytest.mark.parametrize(
    ("until", "message"),
    [
        ("until=2027-02-14", ""),
        ("until=2027-02-15", "its last day is 2027-02-15: the settings allow 30 days (until=2027-02-14)"),
        ("", "it has no last day: the settings allow 30 days (until=2027-02-14)"),
    ],
)
def test_how_long_a_suppression_may_be(until: str, message: str) -> None:
    text = f"# dblint: ignore[rds-single-az] {until} why\n{RESOURCE}"
    result = hidden(text, line=2, value_line=4, config="[suppressions]\nmax-days = 30")
    assert [(note.kind, note.message) for note in result.warnings] == (
        [("suppression-too-long", message)] if message else []
    )
    assert result.suppressed, "it holds all the same"


def test_an_expired_suppression_is_told_in_the_finding() -> None:
    result = hidden("# dblint: ignore[rds-single-az] until=2026-12-31\n" + RESOURCE, line=2, value_line=4)
    assert "suppression expired on 2026-12-31 (main.tf:1)" in result.findings[0].reasons


def test_a_suppression_for_one_scenario_leaves_the_others() -> None:
    text = "# dblint: ignore[rds-single-az] scenario=staging why\n" + RESOURCE
    resource = database(line=2, MultiAZ=False, Tags={"env": "prod"})
    root = FakeRoot(made=[deployment(resource, name=name) for name in ("prod", "staging")], names=["prod", "staging"])
    result = result_of({"main.tf": text}, root)
    [finding] = result.findings
    assert finding.failing == ("prod",)
    assert [item.finding.failing for item in result.suppressed] == [("staging",)]
    assert result.warnings == ()


def test_a_named_file_of_variables_speaks_for_its_scenario() -> None:
    text = "ha = false # dblint: ignore[rds-single-az] why\n"
    decided = Trace(None, (Origin(Location("staging.tfvars", 1, 6, 1, 11), "set in staging.tfvars"),))
    resource = database(file="x.tf", MultiAZ=False, Tags={"env": "prod"}, trace={"MultiAZ": decided})

    def failing(*names: str) -> list[tuple[str, ...]]:
        made = [deployment(resource, name=name) for name in names]
        root = FakeRoot(made=made, names=names, files={"staging.tfvars"})
        return [finding.failing for finding in result_of({"staging.tfvars": text}, root).findings]

    assert failing("staging") == []
    assert failing("staging", "prod") == [("prod",)]


def test_immune_rules_can_not_be_hidden() -> None:
    config = "[rules.rds-single-az]\nignorable = false"
    result = hidden("# dblint: ignore[rds-single-az] why\n" + RESOURCE, line=2, value_line=4, config=config)
    assert len(result.findings) == 1
    assert "ignorable = false" in result.warnings[0].message


def test_a_reason_may_be_required() -> None:
    config = "[suppressions]\nrequire-reason = true"
    result = hidden("# dblint: ignore[rds-single-az]\n" + RESOURCE, line=2, value_line=4, config=config)
    assert len(result.findings) == 1
    assert "without a reason" in result.warnings[0].message
    assert hidden("# dblint: ignore[rds-single-az] y\n" + RESOURCE, line=2, value_line=4, config=config).suppressed


@pytest.mark.parametrize(
    ("more", "hides"),
    [
        ("", True),
        ('paths = ["main.tf"]', True),
        ('paths = ["*.yaml"]', False),
        ('resources = ["aws_db_instance.orders"]', True),
        ('resources = ["module.*"]', False),
        ('scenarios = ["default"]', True),
        ('scenarios = ["prod"]', False),
        ("until = 2027-01-15", True),
        ("until = 2026-01-15", False),
    ],
)
def test_ignores_of_the_settings(more: str, hides: bool) -> None:
    config = f'[[ignores]]\nrules = ["rds-single-az"]\nreason = "accepted"\n{more}\n'
    result = hidden(RESOURCE, line=1, value_line=3, config=config)
    assert bool(result.suppressed) is hides
    assert bool(result.warnings) is not hides
    if hides:
        item = result.suppressed[0]
        assert (item.kind, item.path, item.line, item.reason) == ("settings", "dblint.toml", 1, "accepted")


def test_unused_is_said_only_where_everything_was_judged() -> None:
    text = "# dblint: ignore[rds-backups-disabled] why\n" + RESOURCE
    assert len(hidden(text, line=2).warnings) == 1
    assert hidden(text, line=2, config='select = ["rds-single-az"]').warnings == ()


@pytest.mark.parametrize(
    ("call", "calls", "covered"),
    [
        (Call(".", "db"), (".#db",), True),
        (Call(".", "db"), (".#db", "db#inner"), True),
        (Call(".", "db"), (".#other",), False),
        (Call(".", "db"), (), False),
        (Call("modules/app", "db"), ("envs/prod#app", "modules/app#db"), True),
        (Call("modules/app", "db"), ("envs/prod#db",), False),
        (Call("modules/app", "db"), ("envs/prod#app", "modules/other#db"), False),
    ],
)
def test_a_module_call_covers_what_it_creates(call: Call, calls: tuple[str, ...], covered: bool) -> None:
    resource = replace(database(address="module.x.aws_db_instance.x", MultiAZ=False), calls=calls)
    result = result_of({"main.tf": ""}, FakeRoot(made=[deployment(resource)]))
    assert call.covers(result.findings[0], 0) is covered


@pytest.mark.parametrize("comment_line", [0, 1])
def test_a_comment_on_a_module_call(comment_line: int) -> None:
    comments = ["# dblint: ignore[rds-single-az] why", 'module "db" {', "  # dblint: ignore[rds-single-az] why", "}"]
    lines = [*comments[:2], "}"] if comment_line == 0 else comments[1:]
    resource = database(address="module.db.aws_db_instance.x", file="db/main.tf", MultiAZ=False)
    root = FakeRoot(made=[deployment(replace(resource, calls=(".#db",)))])
    result = result_of({"main.tf": "\n".join(lines)}, root)
    assert (result.findings, len(result.suppressed), result.warnings) == ((), 1, ())


CALLS = """\
# dblint: ignore[rds-single-az] why
module "a" {
}
module "b" {
}
"""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (CALLS, ["module.b.aws_db_instance.x"]),
        (CALLS.replace("] why", "] resource=module.a.* why"), ["module.b.aws_db_instance.x"]),
        (
            CALLS.replace("] why", "] resource=module.b.* why"),
            ["module.a.aws_db_instance.x", "module.b.aws_db_instance.x"],
        ),
        (CALLS.replace('module "b" {', 'module "b" { # dblint: ignore[rds-single-az] why'), []),
    ],
)
def test_a_comment_on_one_of_several_calls_hides_what_that_one_creates(text: str, left: list[str]) -> None:
    resources = [
        replace(
            database(address=f"module.{name}.aws_db_instance.x", file="db/main.tf", MultiAZ=False),
            calls=(f".#{name}",),
            definition="db/main.tf#aws_db_instance.x",
        )
        for name in "ab"
    ]
    result = result_of({"main.tf": text}, FakeRoot(made=[deployment(*resources)]))
    assert [address for finding in result.findings for address in finding.instances] == left
    assert len(result.suppressed) == 2 - len(left), "each is hidden by a comment of its own"


def test_too_many_comments_hide_nothing_and_say_so() -> None:
    result = hidden("# dblint: ignore[rds-single-az] why\n" * 1001 + RESOURCE, line=1002, value_line=1004)
    assert len(result.findings) == 1
    assert result.warnings[0].message == "more than 1000 suppressions: none of this file is read"


def test_brackets_in_patterns_are_those_of_addresses() -> None:
    assert fits('module.db["a"].x', ['module.db["a"].*'])
    assert not fits("module.dba.x", ["module.db[a].*"])
