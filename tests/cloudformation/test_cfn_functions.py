"""Every function, in both spellings: what it gives where its operands are known, and what it keeps where not."""

from __future__ import annotations

import base64
import json

import pytest
import yaml
from cfn_support import database, read, resources

from dblint.model import Choice, Ref, Unknown

BEFORE = """
    Transform: AWS::LanguageExtensions
    Parameters:
      Text: {Type: String, Default: text}
      Number: {Type: Number, Default: 7}
      List: {Type: CommaDelimitedList, Default: "a, b,c"}
      Ids: {Type: "List<AWS::EC2::Subnet::Id>"}
      Open: {Type: String}
      Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
      Hidden: {Type: String, NoEcho: true}
    Mappings:
      Map:
        one: {x: 1, y: [p, q]}
        two: {x: 1, y: [p]}
    Conditions:
      IsTrue: !Equals [a, a]
      IsFalse: !Not [!Condition IsTrue]
    """


def value(tmp_path, written: str):
    return resources(tmp_path, database(f"Value: {written}", BEFORE))["Db"].properties.get("Value")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Ref Text", "text"),
        ("!Ref Number", "7"),
        ("!Ref List", ["a", "b", "c"]),
        ("!Ref Open", "?"),
        ("!Ref Ids", "?"),
        ("!Ref Stored", "?"),
        ("!Ref AWS::NoValue", None),
        ("!Ref AWS::Region", "?"),
        ("!Ref Db", "-> Db"),
        ("!Ref Nothing", "?"),
        ("!GetAtt Db.Endpoint.Address", "-> Db"),
        ("!GetAtt [Db, Endpoint.Address]", "-> Db"),
        ("{'Fn::GetAtt': [Db, !Ref Text]}", "-> Db"),
        ("!GetAtt Nothing.Arn", "?"),
        ("!Sub plain", "plain"),
        ("!Sub '${Text}-${Number}'", "text-7"),
        ("!Sub '${ Text }'", "text"),
        ("!Sub '${!Text}'", "${Text}"),
        ("!Sub ['${x}/${Text}', {x: !Ref Number}]", "7/text"),
        ("!Sub ['${x}', {x: true}]", "true"),
        ("!Sub '${Open}'", "?"),
        ("!Sub 'arn:${Db}'", "-> Db"),
        ("!Sub '${Db.Arn}'", "-> Db"),
        ("!Sub [a]", "a"),
        ("!Sub {a: b}", "?"),
        ("!Join ['-', [a, !Ref Text, 1, true]]", "a-text-1-true"),
        ("!Join ['-', !Ref List]", "a-b-c"),
        ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
        ("!Join ['', []]", ""),
        ("!Join ['-', !Ref Ids]", "?"),
        ("!Join ['-', [a, !Ref Open]]", "?"),
        ("!Join ['', ['arn:', !Ref Db]]", "-> Db"),
        ("!Join [a]", "?"),
        ("!Select [1, !Ref List]", "b"),
        ("!Select ['1', [a, b]]", "b"),
        ("!Select [2, [a, b]]", "?"),
        ("!Select [-1, [a, b]]", "?"),
        ("!Select [1, [!Ref AWS::NoValue, a, b]]", "b"),
        ("!Select [0, !Ref Ids]", "?"),
        ("!Select [!Ref Open, [a, b]]", "?"),
        ("!Select [99999999999999999999, [a]]", "?"),
        ("!Select [0, [!Ref Db]]", "-> Db"),
        ("!Split [',', 'a,b']", ["a", "b"]),
        ("!Split ['', 'a,b']", "?"),
        ("!Select [1, !Split ['-', !Sub '${Text}-x']]", "x"),
        ("!Split [',', !Ref Open]", "?"),
        ("!Length [a, b]", 2),
        ("{'Fn::Length': !Ref List}", 3),
        ("{'Fn::Length': !Ref Ids}", "?"),
        ("{'Fn::ToJsonString': {a: [1, true, !Ref Text]}}", '{"a":[1,true,"text"]}'),
        ("{'Fn::ToJsonString': {a: !Ref Db}}", "-> Db"),
        ("{'Fn::Base64': !Ref Text}", base64.b64encode(b"text").decode()),
        ("!Base64 abc", base64.b64encode(b"abc").decode()),
        ("{'Fn::Base64': !Ref Open}", "?"),
        ("!Cidr [10.0.0.0/24, 2, 5]", ["10.0.0.0/27", "10.0.0.32/27"]),
        ("!Cidr [10.0.0.0/16, 2]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Cidr ['2001:db8::/56', 1, 64]", ["2001:db8::/64"]),
        ("!Cidr [10.0.0.0/24, 2, 9]", "?"),
        ("!Cidr [10.0.0.0/24, 999, 2]", "?"),
        ("!Cidr [x, 1, 1]", "?"),
        ("!Cidr [!Ref Open, 1, 1]", "?"),
        ("!GetAZs ''", "?"),
        ("!If [IsTrue, a, b]", "a"),
        ("!If [IsFalse, a, !Ref AWS::NoValue]", None),
        ("!If [IsTrue, a]", "?"),
        ("{'Fn::If': [IsFalse, a, b]}", "b"),
        ("!FindInMap [Map, one, x]", 1),
        ("!FindInMap [Map, one, y]", ["p", "q"]),
        ("!FindInMap [Map, !Sub 'one', x]", 1),
        ("!FindInMap [Map, three, x]", "?"),
        ("!FindInMap [Map, three, x, {DefaultValue: d}]", "d"),
        ("!FindInMap [None, one, x, {DefaultValue: d}]", "d"),
        ("!FindInMap [Map, one]", "?"),
        ("!ImportValue elsewhere", "?"),
        ("!ImportValue {Ref: Open}", "?"),
        ("!Transform {Name: Macro}", "?"),
        ("{'Fn::GetStackOutput': {StackName: x}}", "?"),
        ("!Unheard [a]", "?"),
        ("'{{resolve:ssm:/x}}'", "?"),
        ("!Equals [a, a]", True),
        ("!And [!Condition IsTrue, !Condition IsFalse]", False),
        ("!Or [!Condition IsTrue, !Condition IsFalse]", True),
        ("!Not [!Condition IsTrue]", False),
    ],
)
def test_a_function_gives(tmp_path, written, expected):
    assert read(value(tmp_path, written)) == expected


def test_both_spellings_are_one(tmp_path):
    short = "Value: !Join ['', [!Sub '${Text}', !Select [0, !Split [',', 'a,b']], !GetAtt Db.Arn]]"
    long = """
        Value: {"Fn::Join": ["", [{"Fn::Sub": "${Text}"},
          {"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]}, {"Fn::GetAtt": ["Db", "Arn"]}]]}
        """
    one, two = (resources(tmp_path, database(text, BEFORE))["Db"].properties["Value"] for text in (short, long))
    assert one == two
    assert isinstance(one, Ref)


@pytest.mark.parametrize(
    ("written", "because", "is_set", "exposed"),
    [
        ("!Ref Open", "parameter Open", True, True),
        ("!Ref Hidden", "parameter Hidden", True, False),
        ("!Ref Stored", "parameter Stored", True, True),
        ("!Sub 'x-${Open}'", "parameter Open", True, True),
        ("!Sub '${Hidden}-${Open}'", "parameter Hidden", True, False),
        ("!Ref AWS::AccountId", "AWS::AccountId", True, False),
        ("!GetAtt Db.Arn", "Db.Arn", True, False),
        ("!ImportValue elsewhere", "the export elsewhere", True, False),
        ("'x{{resolve:secretsmanager:y}}'", "dynamic reference to secretsmanager", True, False),
        ("!Sub '{{resolve:ssm-secure:${Open}}}'", "dynamic reference to ssm-secure", True, False),
        ("!Join ['', ['{{resolve:', 'ssm:x}}']]", "dynamic reference to ssm", True, False),
        ("!Transform {Name: Macro}", "the macro Macro makes it", False, False),
    ],
)
def test_an_unknown_value_says_why(tmp_path, written, because, is_set, exposed):
    found = value(tmp_path, written)
    unknown = found.value if isinstance(found, Ref) else found
    assert isinstance(unknown, Unknown)
    assert (unknown.because, unknown.is_set, unknown.exposed) == (because, is_set, exposed)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("!Ref Open", "!Ref Open", True),
        ("!Ref Open", "!Ref Hidden", False),
        ("!Sub '${Open}-x'", "!Sub '${Open}-x'", True),
        ("!Sub '${Open}-x'", "!Sub '${Open}-y'", False),
        ("!Select [0, !GetAZs '']", "!Select [0, !GetAZs '']", True),
        ("!Select [0, !GetAZs '']", "!Select [1, !GetAZs '']", False),
        ("!Select [0, !GetAZs '']", "!Select [0, {'Fn::GetAZs': !Ref AWS::Region}]", True),
        ("!GetAtt Db.Arn", "!Sub '${Db.Arn}'", False),
        ("!ImportValue x", "!ImportValue x", True),
        ("'{{resolve:ssm:x}}'", "'{{resolve:ssm:x}}'", True),
        ("'{{resolve:ssm:x}}'", "'{{resolve:ssm:y}}'", False),
    ],
)
def test_unknown_values_are_the_same_where_they_are_made_alike(tmp_path, one, two, same):
    found = [value(tmp_path, written) for written in (one, two)]
    first, second = (item.value.variable if isinstance(item, Ref) else item.variable for item in found)
    assert (first == second) is same


def test_an_unknown_key_of_a_mapping_is_a_decision(tmp_path):
    found = value(tmp_path, "!FindInMap [Map, !Select [0, !Ref Ids], y]")
    assert isinstance(found, Choice)
    assert not found.variable.real
    assert value(tmp_path, "!FindInMap [Map, !Sub '${Open}', x, {DefaultValue: 1}]") == 1


def test_a_text_that_is_too_long_is_not_followed(tmp_path):
    doubled = "!Sub ['${x}${x}${x}${x}${x}${x}${x}${x}', {x: %s}]"
    written = "0123456789"
    for _ in range(6):
        written = doubled % written
    found = value(tmp_path, written)
    assert isinstance(found, Unknown)


@pytest.mark.parametrize("written", ["!Join ['', [a, b]]", "!Sub '${Text}'", "!Cidr [10.0.0.0/24, 2, 5]", "!Ref List"])
def test_json_gives_the_same(tmp_path, written):
    """The same template in JSON, where functions have one spelling."""
    text = database(f"Value: {written}", BEFORE)
    loaded = yaml.load(text, _Long)
    as_json = resources(tmp_path, {"t.json": json.dumps(loaded)})["Db"].properties["Value"]
    (tmp_path / "t.json").unlink()
    assert as_json == value(tmp_path, written)


class _Long(yaml.SafeLoader):
    """Reads short tags as mappings."""


def _long(loader, suffix, node):
    make = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: loader.construct_sequence}
    kind = make.get(type(node), loader.construct_mapping)
    argument = kind(node) if type(node) is yaml.ScalarNode else kind(node, deep=True)
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    return {name: argument.split(".", 1) if suffix == "GetAtt" and isinstance(argument, str) else argument}


_Long.add_multi_constructor("!", _long)
