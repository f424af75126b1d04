"""Templates with something changed in them, for tests that nothing may crash. Everything follows from a seed."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator

SEED = int(os.environ.get("DBLINT_FUZZ_SEED", "20261121"))
SECONDS = float(os.environ.get("DBLINT_FUZZ_SECONDS", "3"))

FRAGMENTS = [
    "!Ref Env",
    "!If [IsProd, 1, !Ref 'AWS::NoValue']",
    "!Sub '${Env}-${Db.Endpoint.Address}-${!x}-${}'",
    "!FindInMap [Size, !Ref Env, keep]",
    "!Join ['', [a, !Ref Db]]",
    "!Select [9, !Split [',', !Ref Env]]",
    "!GetAtt Db.Arn",
    "!ImportValue x",
    "!Cidr [10.0.0.0/16, 6, 8]",
    "!Condition IsProd",
    "{'Fn::Transform': {Name: x}}",
    "{'Fn::ForEach::L': [I, [a, b], {'X${I}': 1}]}",
    "{'Fn::ForEach::L': [I, !Ref Env, {'X${I}': {Type: 'AWS::RDS::DBInstance'}}]}",
    "{{resolve:secretsmanager:x}}",
    "*alias",
    "&alias {a: 1}",
    "<<: *alias",
    "null",
    "[]",
    "{}",
    "[[[[",
    "'",
    '"',
    "!!",
    "\t",
    "- ",
    ": ",
    "#",
    "\u2028",
    "\U0001f600",
    "\x07",
    "9" * 50,
    "AWS::CloudFormation::Stack",
    "AWS::Serverless::SimpleTable",
]


def mutated(texts: list[str], seconds: float = SECONDS, seed: int = SEED) -> Iterator[str]:
    """Changed texts, for some seconds; at least a hundred."""
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    count = 0
    while count < 100 or time.monotonic() < end:
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 4)):
            text = chance.choice([_splice, _swap, _replace_value, _cut, _double])(text, chance)
        count += 1
        yield text


def _splice(text: str, chance: random.Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(FRAGMENTS) + text[at:]


def _swap(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return text
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "".join(lines)


def _replace_value(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    places = [i for i, line in enumerate(lines) if ": " in line]
    if places:
        i = chance.choice(places)
        lines[i] = lines[i].partition(": ")[0] + ": " + chance.choice(FRAGMENTS) + "\n"
    return "".join(lines)


def _cut(text: str, chance: random.Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + text[at + chance.randint(0, 20) :]


def _double(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = chance.randrange(len(lines))
    return "".join([*lines[: at + 1], *lines[at:]])
