"""Settings: what is refused and what is said, against the shipped schema."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dblint.settings import toml
from dblint.settings.build import SCHEMA, build, schema
from dblint.settings.tables import Ignore
from dblint.settings.validate import errors
from dblint.settings.values import Settings, SettingsError
from dblint.settings.variables import of_environment
from dblint.settings.written import Written, assignment, folder_of, read
from tests.settings_support import settings_of

ROOT = Path(__file__).resolve().parent.parent


def refused(text: str, path: str = "dblint.toml") -> list[tuple[int | None, str]]:
    with pytest.raises(SettingsError) as caught:
        settings_of(text, path)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_every_key_arrives() -> None:
    got = settings_of(
        """
select = ["rds-*"]
ignore = ["category:fitness"]
extend-select = ["ALL"]
extend-ignore = ["severity:low"]
profile = "strict"
fail-on = "medium"
min-severity = "high"
min-confidence = "medium"
output-format = "concise"

[environments]
production = ["Prod*", "live"]
development = ["dev*"]
tag-keys = ["Env"]
unnamed = "unknown"

[terraform]
roots = ["envs/*"]

[scenarios.prod]
var-files = ["prod.tfvars"]
parameters = ["prod.json"]
workspace = "prod"
tier = "production"

[rules.rds-backup-retention-short]
severity = "low"
ignorable = false
min-days = 14

[suppressions]
require-reason = true

[[ignores]]
rules = ["rds-single-az"]
paths = ["a/**"]
resources = ["module.x.*"]
scenarios = ["prod"]
reason = "rebuilt nightly"
until = 2027-03-31

[[overrides]]
paths = ["examples/**"]
select = ["rds-*"]
ignore = ["rds-single-az"]
extend-select = ["ALL"]
extend-ignore = ["category:recovery"]
"""
    )
    first = got.selectors[0]
    assert (first.select, first.ignore) == (("rds-*",), ("category:fitness",))
    assert (first.extend_select, first.extend_ignore) == (("ALL",), ("severity:low",))
    assert (got.profile, got.fail_on, got.min_severity, got.min_confidence) == ("strict", "medium", "high", "medium")
    assert got.output_format == "concise"
    environments = got.environments
    assert (environments.production, environments.development) == (("prod*", "live"), ("dev*",))
    assert (environments.tag_keys, environments.unnamed) == (("env",), "unknown")
    assert got.roots == ("envs/*",)
    prod = got.scenarios["prod"]
    assert (prod.var_files, prod.parameters, prod.workspace, prod.tier) == (
        ("prod.tfvars",),
        ("prod.json",),
        "prod",
        "production",
    )
    rule = got.rules["rds-backup-retention-short"]
    assert (rule.severity, rule.ignorable, rule.options) == ("low", False, {"min-days": 14})
    assert rule.place == ("dblint.toml", 27)
    assert got.require_reason
    assert got.ignores == (
        Ignore(
            ("rds-single-az",),
            "rebuilt nightly",
            ("a/**",),
            ("module.x.*",),
            ("prod",),
            datetime.date(2027, 3, 31),
            "dblint.toml",
            35,
        ),
    )
    override = got.overrides[0]
    assert (override.paths, override.line) == (("examples/**",), 43)
    assert override.selectors.select == ("rds-*",)
    assert override.selectors.extend_ignore == ("category:recovery",)


def test_no_settings_are_the_defaults() -> None:
    assert build([]) == Settings()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('slect = ["a"]', 1, "unknown key slect; did you mean "),
        ("\n\n[enviroments]", 3, "unknown key enviroments; did you mean environments?"),
        ("[environments]\nprodcution = []", 2, "unknown key prodcution; did you mean production?"),
        ("# x = 1\nx.y.z = 3", 2, "unknown key x"),
        ('fail-on = "hihg"', 1, 'fail-on: expected critical, high, medium, low or never, found "hihg"; did you mean'),
        ('select = "rds-single-az"', 1, 'select: expected a list, found "rds-single-az"'),
        ('select = ["a",\n  3]', 1, "select.1: expected a text, found a whole number"),
        ("select = [true]", 1, "select.0: expected a text, found true"),
        ('select = [""]', 1, "select.0: expected a text that is not empty"),
        ("environments = 3", 1, "environments: expected a table, found a whole number"),
        (
            '[suppressions]\nrequire-reason = "yes"',
            2,
            'suppressions.require-reason: expected true or false, found "yes"',
        ),
        ('[[ignores]]\nrules = ["a"]\n[[ignores]]\nreason = "x"', 1, "ignores.0: expected the key reason"),
        ('[[ignores]]\nrules = ["a"]\nreason = "x"\nuntil = "2027-02-30"', 4, "ignores.0.until: expected a date as"),
        ('[[ignores]]\nrules = ["a"]\nreason = "x"\nuntil = "2027-W13-1"', 4, "ignores.0.until: expected a date as"),
        ("[[ignores]]\nrules=['a']\nreason='x'\nuntil = 2027-01-01T10:00:00", 4, "ignores.0.until: expected a date as"),
        (
            "[rules.x]\noption = {a = 1}",
            2,
            "rules.x.option: expected a text, a whole number, a number, true or false or",
        ),
        ('[[ignores]]\nrules = []\nreason = "x"', 2, "ignores.0.rules: expected a list that is not empty"),
        ("[[overrides]]\npaths = []", 2, "overrides.0.paths: expected a list that is not empty"),
        ("a = ", 1, "it is not TOML: Invalid value"),
        ('"""\n', 1, "it is not TOML: "),
        ("x = 12:34:56", 1, "unknown key x"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, message: str) -> None:
    found = refused(text)
    assert found[0][0] == line
    assert found[0][1].startswith(message)


@pytest.mark.parametrize(
    "text",
    [
        'rules = ["./rules"]',
        'plugins = ["mine"]',
        'rules-dir = "x"',
    ],
)
def test_settings_never_name_code(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(text)
    [problem] = caught.value.problems
    assert "settings never name code" in problem.message
    assert "--rules DIR" in problem.hint


@pytest.mark.parametrize("text", ['output-format = "sarif=x.sarif"', 'output-format = ["full", "sarif=../x"]'])
def test_settings_never_name_a_file_to_write(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(text)
    [problem] = caught.value.problems
    assert "settings never name a file to write" in problem.message
    assert problem.hint.startswith("give it on the command line: dblint scan -f sarif=")


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(refused('a = 1\nb = 2\nprofile = "x"')) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x = '\xff'", "it is not UTF-8"),
        (b"x = " + b"[" * 5000, "it is "),
        (b"\x00", "it is not TOML"),
    ],
)
def test_hostile_files(content: bytes, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(content, "dblint.toml")
    assert caught.value.problems[0].message.startswith(message)


def test_pyproject() -> None:
    assert read(b"[project]\nname = 'x'", "a/pyproject.toml") is None
    assert read(b"[project]\nname = 'dblint-of-mine'", "a/pyproject.toml") is None
    got = settings_of('[project]\nname = "x"\n\n[tool.dblint]\nprofile = "strict"\n', "a/pyproject.toml")
    assert (got.profile, got.path) == ("strict", "a/pyproject.toml")
    assert refused('[tool.dblint.environments]\nunnamed = "x"', "pyproject.toml")[0][0] == 2
    assert refused("[tool]\ndblint = 3", "pyproject.toml") == [(2, "tool.dblint: expected a table")]


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("dblint.toml", "."),
        (".config/dblint.toml", "."),
        ("a/b/dblint.toml", "a/b"),
        ("a/.config/dblint.toml", "a"),
        ("x.config/dblint.toml", "x.config"),
    ],
)
def test_patterns_are_relative_to_the_folder_of_the_settings(path: str, folder: str) -> None:
    assert folder_of(path) == folder
    text = 'exclude = ["x/*"]\nbaseline = "known.json"\n[terraform]\nroots = ["envs/*"]\n'
    got = settings_of(text + '[[ignores]]\nrules = ["a"]\nreason = "b"\npaths = ["*.tf"]', path)
    head = "" if folder == "." else f"{folder}/"
    assert (got.exclude, got.roots, got.baseline) == ((f"{head}x/*",), (f"{head}envs/*",), f"{head}known.json")
    assert got.ignores[0].paths == (f"{head}*.tf",)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("profile=strict", lambda s: s.profile == "strict"),
        ('profile="strict"', lambda s: s.profile == "strict"),
        ("environments.unnamed=development", lambda s: s.environments.unnamed == "development"),
        ('select=["a", "b"]', lambda s: s.selectors[-1].select == ("a", "b")),
        ("rules.x.min-days=3", lambda s: s.rules["x"].options == {"min-days": 3, "other": 1}),
    ],
)
def test_assignments_change_the_file(text: str, check: object) -> None:
    content = b'profile = "audit"\n[rules.x]\nother = 1\n'
    file = read(content, "dblint.toml")
    assert file and callable(check) and check(build([file, assignment(text)]))


BASE = """\
select = ["rds-*"]
extend-ignore = ["rds-single-az"]
exclude = ["old/**"]
fail-on = "high"
[environments]
production = ["live"]
[rules.x]
severity = "low"
min-days = 3
[[ignores]]
rules = ["a"]
reason = "of the base"
paths = ["*.tf"]
"""
OWN = """\
extend = "../base.toml"
extend-select = ["dynamodb-*"]
extend-exclude = ["new"]
[environments]
unnamed = "development"
[rules.x]
severity = "high"
[[ignores]]
rules = ["b"]
reason = "of its own"
"""


def test_what_a_file_extends_holds_where_it_says_nothing() -> None:
    got = build([Written(toml.parse(BASE.encode(), "base.toml"), "base.toml", BASE.encode()), _own()], "a/dblint.toml")
    assert [layer.select for layer in got.selectors] == [("rds-*",), None]
    assert [layer.extend_select for layer in got.selectors] == [(), ("dynamodb-*",)]
    assert (got.fail_on, got.exclude) == ("high", ("old/**", "a/new"))
    assert (got.environments.production, got.environments.unnamed) == (("live",), "development")
    assert (got.rules["x"].severity, got.rules["x"].options) == ("high", {"min-days": 3})
    assert got.rules["x"].place == ("a/dblint.toml", 6)
    assert [(ignore.file, ignore.line, ignore.reason) for ignore in got.ignores] == [
        ("base.toml", 10, "of the base"),
        ("a/dblint.toml", 8, "of its own"),
    ]


def _own() -> Written:
    own = read(OWN.encode(), "a/dblint.toml")
    assert own
    return own


@pytest.mark.parametrize(
    ("wanted", "here", "met"),
    [
        (">=1.2,<2", "1.2.0", True),
        (">=1.2,<2", "1.1.9", False),
        (">=1.2,<2", "2.0", False),
        (">= 1.2 , < 2", "1.10", True),
        ("==1.2", "1.2.0", True),
        ("==1.2.*", "1.2.7", True),
        ("==1.2.*", "1.3", False),
        ("!=1.2.*", "1.2.7", False),
        ("!=1.2", "1.3", True),
        ("~=1.2", "1.9", True),
        ("~=1.2", "2.0", False),
        ("~=1.2.3", "1.2.9", True),
        ("~=1.2.3", "1.3.0", False),
        ("<=1.2", "1.2", True),
        (">1.2", "1.2.0", False),
    ],
)
def test_required_versions(monkeypatch: pytest.MonkeyPatch, wanted: str, here: str, met: bool) -> None:
    monkeypatch.setattr("dblint.settings.pins.__version__", here)
    text = f'required-version = "{wanted}"\nof-a-later-version = 1\n'
    if met:
        assert refused(text) == [(2, "unknown key of-a-later-version")]
    else:
        assert refused(text) == [(1, f"these settings want dblint {wanted}, and this is dblint {here}")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('required-version = "newest"', "required-version: expected versions as >=1.2,<2, found newest"),
        ('ruleset = "9999.1"', "ruleset: this dblint knows the sets up to 2026.1, and 9999.1 is later: upgrade dblint"),
        ('ruleset = "new"', "ruleset: expected a set as 2026.1, found new"),
    ],
)
def test_pins_that_can_not_be_met(text: str, message: str) -> None:
    assert refused(text) == [(1, message)]


ENVIRONMENT = {
    "DBLINT_PROFILE": "strict",
    "DBLINT_EXTEND_IGNORE": "rds-single-az, service:dax",
    "DBLINT_ENVIRONMENTS__UNNAMED": "development",
    "DBLINT_PREVIEW": "1",
    "DBLINT_SUPPRESSIONS__MAX_DAYS": "90",
    "DBLINT_OUTPUT_FORMAT": "json=x",
    "HOME": "/x",
}


def test_settings_of_the_environment() -> None:
    written, notes = of_environment(ENVIRONMENT, schema())
    got = build([Written({"profile": "audit", "environments": {"production": ["live"]}}, "dblint.toml"), written])
    assert notes == []
    assert (got.profile, got.preview, got.longest_days) == ("strict", True, 90)
    assert got.selectors[1].extend_ignore == ("rds-single-az", "service:dax")
    assert (got.environments.unnamed, got.environments.production) == ("development", ("live",))
    assert written.place(("environments", "unnamed")) == "DBLINT_ENVIRONMENTS__UNNAMED"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("DBLINT_PROFIL", "it names no key of the settings; did you mean profile"),
        ("DBLINT_XYZ", "it names no key of the settings, and is not read"),
        ("DBLINT_RULES", "it names no key of the settings; did you mean rules"),
        ("DBLINT_IGNORES", "it names no key of the settings; did you mean"),
        ("DBLINT_PROFILE__X", "it names no key of the settings"),
    ],
)
def test_variables_that_are_no_settings_are_warned_about(name: str, message: str) -> None:
    written, [note] = of_environment({name: "x"}, schema())
    assert (written.table, note.path) == ({}, name)
    assert note.message.startswith(message)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DBLINT_PROFILE", "strickt", 'profile: expected default, strict or audit, found "strickt"; did you mean'),
        ("DBLINT_PREVIEW", "yes", 'preview: expected true or false, found "yes"'),
        ("DBLINT_SUPPRESSIONS__MAX_DAYS", "many", "suppressions.max-days: expected a whole number"),
    ],
)
def test_variables_that_are_wrong_name_themselves(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        build([of_environment({name: value}, schema())[0]])
    [problem] = caught.value.problems
    assert (problem.path, problem.line) == (name, None)
    assert problem.message.startswith(message)


def test_many_tables_take_no_time() -> None:
    got = settings_of('[[ignores]]\nrules = ["a"]\nreason = "x"\n' * 5000)
    assert [ignore.line for ignore in got.ignores][-1] == 3 * 4999 + 1


@pytest.mark.parametrize(("text", "message"), [("profile", "expected FILE or KEY"), ("=3", "expected FILE or KEY")])
def test_malformed_assignments(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        assignment(text)


def test_the_line_of_a_key() -> None:
    content = b"""a = 1
b = [
  "x = 1", # [c]
]
text = '''
[not.a.table]
c = 2
'''
[one]
"d.e" = 3
f.g = { h = 1,
  i = 2 }
[[two]]
x = 1
[[two]]
x = 2
[two.sub]
y = 3
"""
    lines = {
        ("a",): 1,
        ("b",): 2,
        ("text",): 5,
        ("one",): 9,
        ("one", "d.e"): 10,
        ("one", "f", "g"): 11,
        ("one", "f", "g", "i"): 11,
        ("two", 0, "x"): 14,
        ("two", 1): 15,
        ("two", 1, "x"): 16,
        ("two", 1, "sub", "y"): 18,
        ("nowhere",): None,
    }
    assert {key: toml.line_of(content, key) for key in lines} == lines


# The schema is the one source: what it says, the validator says.

_KEYWORDS = {
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "description",
    "enum",
    "format",
    "items",
    "minItems",
    "minLength",
    "properties",
    "required",
    "title",
    "type",
}


def _keywords(schema: object) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    found = set(schema)
    for name in ("properties", "$defs"):
        for inner in schema.get(name, {}).values():
            found |= _keywords(inner)
    return found | _keywords(schema.get("items")) | _keywords(schema.get("additionalProperties"))


def test_the_schema_is_valid_and_uses_only_keywords_that_the_validator_knows() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert _keywords(schema()) <= _KEYWORDS


_SCALARS = st.one_of(
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "a", "strict", "high", "never", "production", "2027-03-31", "2027-13-01", "json", "x=y"]),
)
_KEYS = st.sampled_from(
    sorted(
        {*schema()["properties"], "paths", "rules", "until", "reason", "severity", "ignorable", "unnamed", "roots", "x"}
    )
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_the_validator_agrees_with_a_whole_one(table: dict[str, object]) -> None:
    whole = schema()
    theirs = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker(["date"]))
    assert bool(list(errors(table, whole, whole))) is not theirs.is_valid(table)


def _examples() -> list[tuple[str, str]]:
    """Each block of TOML in what we publish, but for those that show what is refused."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = []
    for page in pages:
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        for number, block in enumerate(re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)):
            found.append((f"{page.name}-{number}", block))
    return found


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _examples()])
def test_documented_examples_are_valid(text: str) -> None:
    is_pyproject = "[tool.dblint" in text
    settings_of(text, "pyproject.toml" if is_pyproject else "dblint.toml")
    table = toml.parse(text.encode(), "example")
    whole = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(table["tool"]["dblint"] if is_pyproject else table, whole)
