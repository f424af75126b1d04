"""The reader: what texts become, where they stand, and what is refused."""

from __future__ import annotations

import json

import pytest
from cfn_lint_decoder import REFUSED, different, misplaced, ours, plain, theirs
from cfn_support import CORPUS
from hypothesis import given, settings
from hypothesis import strategies as st

from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.nodes import Node, function_of
from dblint.sources.cloudformation.reader import decode, read


def one(text: str) -> Node:
    (root,), faults = read(text)
    assert not faults
    return root


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"),
        ("yes", True),
        ("No", False),
        ("ON", True),
        ("off", False),
        ("true", True),
        ("y", "y"),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-1_000", -1000),
        ("0123", 83),
        ("089", "089"),
        ("0x1F", 31),
        ("0b101", 5),
        ("0b", "0b"),
        ("1.5", 1.5),
        ("5.7.44", "5.7.44"),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        (".5", 0.5),
        (".inf", ".inf"),
        ("1.0e+999", "1.0e+999"),
        ("9" * 500, "9" * 500),
        ("2010-09-09", "2010-09-09"),
        ("12:30:45", "12:30:45"),
        ("'12'", "12"),
        ('"yes"', "yes"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float '1'", 1.0),
        ("!!bool 'yes'", True),
        ("!!null ''", None),
        ("! 12", "12"),
        ("=", "="),
    ],
)
def test_scalars(written, value):
    node = one(f"key: {written}\n").get("key")
    assert node is not None
    assert node.value == value
    assert type(node.value) is type(value)


@pytest.mark.parametrize(
    ("written", "name", "argument"),
    [
        ("!Ref Db", "Ref", "Db"),
        ("!Sub 12", "Fn::Sub", "12"),
        ("!Condition IsProd", "Condition", "IsProd"),
        ("{Ref: Db}", "Ref", "Db"),
        ("{'Fn::Sub': x}", "Fn::Sub", "x"),
        ("!Rain::Module ./vpc.yml", "Fn::Rain::Module", "./vpc.yml"),
    ],
)
def test_functions_in_either_spelling(written, name, argument):
    node = one(f"key: {written}\n").get("key")
    assert node is not None
    found = function_of(node)
    assert found is not None
    assert (found[0], found[1].value) == (name, argument)


@pytest.mark.parametrize("written", ["{Ref: Db, Other: 1}", "{Condition: x}", "{'Fn::ForEach::A': [1]}", "plain", "[]"])
def test_what_is_no_function(written):
    node = one(f"key: {written}\n").get("key")
    assert node is not None
    assert function_of(node) is None


def test_places():
    db = "  Db:\n    Type: AWS::RDS::DBInstance\n    List:\n    - one\n    - {a: 1}\n"
    text = f"Resources:\n{db}\n# end\nOther: |\n  text\n"
    root = one(text)
    db = root.get("Resources").entry("Db")
    assert (db[0].start, db[0].end) == ((1, 2), (1, 4))
    assert (db[1].start, db[1].end) == ((2, 4), (5, 12))
    assert [(item.start, item.end) for item in db[1].get("List").items()] == [((4, 6), (4, 9)), ((5, 6), (5, 12))]
    assert root.get("Other").value == "text\n"


def test_places_in_lines_as_editors_count_them():
    root = one('a: "x\u2028y"\nb: 1\r\nc: 2\n')
    assert [root.entry(key)[0].start for key in "abc"] == [(0, 0), (1, 0), (2, 0)]


def test_a_byte_order_mark_moves_nothing():
    assert one(decode("\ufeffkey: 1".encode())).entry("key")[0].start == (0, 0)


def test_keys_keep_their_text():
    """cfn-lint refuses them."""
    assert plain(one("1: a\nyes: b\n0123: c\n2010-09-09: d\n~: e\n")) == {
        "1": "a",
        "yes": "b",
        "0123": "c",
        "2010-09-09": "d",
        "~": "e",
    }


def test_several_documents():
    roots, faults = read("a: 1\n---\nb: 2\n")
    assert [plain(root) for root in roots] == [{"a": 1}, {"b": 2}]
    assert not faults


def test_aliases_stand_where_they_are_used():
    root = one("a: &x {k: 1}\nb: *x\n")
    assert plain(root) == {"a": {"k": 1}, "b": {"k": 1}}
    assert root.get("b").start == (1, 3)


def test_merged_keys():
    root = one("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\n")
    assert plain(root)["c"] == {"x": 3, "y": 1, "z": 2}


def test_a_key_that_stands_twice_is_a_fault_and_the_first_counts():
    (root,), faults = read("a: 1\nb: 2\na: 3\n")
    assert plain(root) == {"a": 1, "b": 2}
    assert [(fault.line, fault.column) for fault in faults] == [(3, 1)]
    assert "line 1" in faults[0].message


def test_a_key_that_is_no_text_is_a_fault():
    (root,), faults = read("? [a]\n: 1\nb: 2\n")
    assert plain(root) == {"b": 2}
    assert len(faults) == 1


@pytest.mark.parametrize("text", ['{"a": "\\ud83d\\ude00 x"}', '{"a": "\\\\ud83d \\ud83d x"}'])
def test_json_with_surrogates(text):
    assert set(plain(one(text))) == {"a"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1\nb: 2\n", 2),
        ("a:\n\t- b", 2),
        ("a: *x\n", 1),
        ("a: &a [*a]\n", 1),
        ("a: !!python/object/apply:os.system [x]\n", 1),
        ("a: 1\nb: !!int x\n", 2),
        ("a: !<tag:other> x\n", 1),
        ("a: !!map [x]\n", 1),
        ("a: !!binary aGk=\n", 1),
        ("a: \x00\n", 1),
        ("{" + '"a":[' * 70, 1),
        ('{"a": 1} // no comment', 1),
    ],
)
def test_what_is_refused(text, line):
    with pytest.raises(ReadError) as error:
        read(text)
    assert error.value.line == line


def test_what_is_not_utf_8_is_refused():
    with pytest.raises(ReadError) as error:
        decode(b"a: 1\nb: \xff\n")
    assert error.value.line == 2


WRITTEN = [
    "A: !Ref B\nC: !GetAtt D.E.F\nG: !Sub\n  - '${x}'\n  - x: 1\n",
    "A: 'it''s'\nB: \"a\\tb\"\nC: >-\n  folded\n  text\nD: |+\n  kept\n\nE: end\n",
    "base: &base\n  a: 1\nother:\n  <<: *base\n  b: 2\n",
    '{"A": {"Fn::Join": ["", ["a", {"Ref": "B"}]]}, "C": [true, null, 1.5, -3]}',
    "A: 2010-09-09\nB: 010\nC: 1_000\nD: 0o7\nE: 12:30:45\nF: .5\n",
    "A: [a, b,]\nB: {c: d,}\n# comment\nC: x # y\n",
    "A: !If [x, !Ref y, !Ref 'AWS::NoValue']\n",
    "? a\n: b\n? c\n",
    "A:\n- B: 1\n  C: 2\n-   D: 3\n",
    "\tA: 1\n",
    "A: @x\n",
    "A: 1\nA: 2\n",
    "- a\n- b\n",
    "text\n",
    "A: !Foo bar\n",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_equals_cfn_lint_on_what_is_written_here(text):
    compare(text)


def compare(text: str) -> None:
    tree, node = theirs(text), ours(text)
    if tree is REFUSED or node is None or not isinstance(tree, (dict, list)):
        assert (tree is REFUSED or not isinstance(tree, (dict, list))) == (node is None), text
        return
    assert not different(plain(node), tree)
    assert not misplaced(node, tree)


# YAML knows neither of the two characters that Unicode says are none; libyaml refuses them.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6).map(lambda f: round(f, 3)) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts.filter(bool), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(texts.filter(bool), documents, min_size=1, max_size=4), st.sampled_from([None, 0, 2]))
@settings(deadline=None, max_examples=200)
def test_json_is_what_json_says(document, indent):
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    if "<<" not in text:
        assert plain(one(text)) == document


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus")
def test_equals_cfn_lint_on_the_corpus():
    compared = 0
    for path in sorted(CORPUS.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".json", ".template"):
            text = path.read_text("utf-8")
            if text.count("\n---") == 0:
                compare(text)
                compared += 1
    assert compared > 300
