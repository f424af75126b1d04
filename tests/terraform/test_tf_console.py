"""The evaluator against recorded answers of `terraform console`; see tools/terraform_record_console.py."""

from __future__ import annotations

import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import console_expressions
import console_heredocs
import pytest
from console_differences import DIFFERENCES, SPLIT_BY_CARRIAGE_RETURN, comparable, reason
from tf_support import Console

from dblint.model import Choice
from dblint.sources.terraform.functions.encoding import json_text
from dblint.sources.terraform.values.types import Type
from dblint.sources.terraform.values.value import UNKNOWN, EvaluationError, Value, plain_leaves, type_of

HERE = Path(__file__).parent
SUITES = console_expressions.suites()
MARK = "\u0001unknown"

sys.path.insert(0, str(HERE.parents[1] / "tools"))
recorder: Any = __import__("terraform_record_console")


def recorded(name: str) -> dict[str, Any]:
    """What the console answered; it must be to these expressions."""
    found: dict[str, Any] = json.loads((HERE / "recorded" / f"{name}.json").read_text(encoding="utf-8"))
    expressions = console_expressions.unknowns() if name == "unknown" else SUITES[name]
    assert found["digest"] == recorder.digest(expressions), "record again: tools/terraform_record_console.py"
    return found


def console(declarations: str = "") -> Console:
    made = Console(declarations)
    made.run.workspace = "default"
    return made


def answer(at: Console, expression: str) -> str:
    """Our answer in the recorder's words."""
    at.problems.clear()
    value = at.evaluate(expression)
    if at.problems:
        return "!"
    assert isinstance(value, Value), f"{expression} hangs on a decision"
    if value.kind == "error":
        return "!"
    if value.flags & UNKNOWN:
        return "?"
    try:
        return json_text(value)
    except EvaluationError:
        return "!"


@pytest.mark.parametrize("name", SUITES)
def test_answers(name: str) -> None:
    at, found = console(), recorded(name)
    differing = {}
    for expression, theirs in zip(SUITES[name], found["answers"]):
        ours = answer(at, expression)
        if theirs == "?" and name in ("random", "drawn"):
            continue  # a null in `format` is unknown in Terraform until it applies
        if comparable(ours) != comparable(theirs) and reason(name, expression) is None:
            differing[expression] = (theirs, ours)
    assert not differing


def test_heredocs() -> None:
    texts = console_heredocs.heredocs()
    found: dict[str, Any] = json.loads((HERE / "recorded" / "heredocs.json").read_text(encoding="utf-8"))
    assert found["digest"] == recorder.digest(texts), "record again: tools/terraform_record_console.py"
    at = Console(console_heredocs.declared(texts))
    ours = [answer(at, f"local.h{i}") for i in range(len(texts))]
    differing = {t: (a, b) for t, a, b in zip(texts, found["answers"], ours) if a != b}
    assert all(SPLIT_BY_CARRIAGE_RETURN.search(text) for text in differing), differing
    assert sum(a != "!" for a in found["answers"]) > 590


@pytest.mark.parametrize("name", ["functions", "language"])
def test_types(name: str) -> None:
    at, found = console(), recorded(name)
    differing = {}
    for expression, theirs in zip(SUITES[name], found["types"]):
        value = at.evaluate(expression)
        if theirs == "!" or reason(name, expression) is not None or not isinstance(value, Value):
            continue
        if value.flags & UNKNOWN or value.kind == "error":
            continue
        ours = written(type_of(value)).replace(" ", "")
        if ours != theirs:
            differing[expression] = (theirs, ours)
    assert not differing


def written(type: Type) -> str:
    """A type as the console prints it, without blanks."""
    if type.inner is None:
        return "dynamic" if type.kind == "any" else type.kind
    if type.kind == "tuple":
        return "tuple([" + "".join(f"{written(inner)}," for inner in type.inner) + "])"
    if type.kind == "object":
        inside = "".join(f"{name}:{written(type.inner[name])}," for name in sorted(type.inner))
        return "object({" + inside + "})"
    comma = "," if type.inner.kind in ("tuple", "object") else ""
    return f"{type.kind}({written(type.inner)}{comma})"


def test_every_known_difference_is_still_one() -> None:
    at, at_unknown = console(), console(console_expressions.DECLARATIONS)
    theirs = {e: a for name in SUITES for e, a in zip(SUITES[name], recorded(name)["answers"])}
    gone = []
    for expressions in DIFFERENCES.values():
        for expression in expressions:
            if expression in theirs and comparable(answer(at, expression)) == comparable(theirs[expression]):
                gone.append(expression)
            at_unknown.evaluate(expression)
    assert not gone


def test_unknowns_are_sound() -> None:
    """What both know is equal; what we know and Terraform does not is listed in no table: it must be what Terraform
    would say for any value (see test_tf_symbolic.py)."""
    at, reader = console(console_expressions.DECLARATIONS), console()
    wrong = {}
    for expression, printed in zip(console_expressions.unknowns(), recorded("unknown")["answers"]):
        at.problems.clear()
        ours = at.evaluate(expression)
        if printed == "!":
            if isinstance(ours, Value) and not ours.flags & UNKNOWN and ours.kind != "error" and not at.problems:
                wrong[expression] = (printed, ours)
            continue
        theirs = reader.evaluate(
            printed.replace("(known after apply)", f'"{MARK}"').replace("(sensitive value)", '"s"')
        )
        if not _agrees(ours, theirs) and expression not in NOT_COMPARED:
            wrong[expression] = (printed, ours)
    wrong = {e: w for e, w in wrong.items() if reason("unknown", e) is None}
    assert not wrong


# The console is not a plan: it knows the time, makes identifiers, and stands in a folder of its own.
NOT_COMPARED = ("timestamp()", 'formatdate("YYYY", timestamp())', "uuid()", "path.cwd")


def _agrees(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, Choice):
        return any(_agrees(leaf, theirs) for leaf in plain_leaves(ours))
    if theirs.data == MARK:
        return True
    if ours.kind == "unknown":
        return True
    if ours.kind in ("tuple", "list"):
        return len(ours.data) == len(theirs.data) and all(map(_agrees, ours.data, theirs.data))
    if ours.kind == "set":
        return len(ours.data) == len(theirs.data)
    if ours.kind in ("object", "map"):
        return ours.data.keys() == theirs.data.keys() and all(_agrees(v, theirs.data[k]) for k, v in ours.data.items())
    return bool(ours.data == theirs.data)


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not on PATH")
def test_the_recorded_answers_are_those_of_the_binary() -> None:
    chosen = random.Random(7)
    live = recorder.Console()
    try:
        for name, expressions in SUITES.items():
            theirs = recorded(name)["answers"]
            sample = sorted(chosen.sample(range(len(expressions)), 60))
            assert live.values([expressions[i] for i in sample]) == [theirs[i] for i in sample], name
    finally:
        live.close()


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="the terraform binary is not on PATH")
def test_the_signatures_are_those_of_the_binary() -> None:
    from dblint.sources.terraform.functions.signatures import SIGNATURES

    listed = recorder.signatures()
    ours = {name: text for name, text in SIGNATURES.items() if name in listed}
    assert ours == {name: text for name, text in listed.items() if name not in ("try", "can")}
