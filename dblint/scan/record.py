"""What was found out of one root as bytes, and back: for other processes and later runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from dblint import recorded
from dblint.recorded import NotPlain, Text, dumped, findings_of, record_of
from dblint.rule_definition import Rule
from dblint.scan.evaluation import Evaluation, Looked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["TAB", "NotPlain", "add", "dumped", "parsed", "read", "written"]

# What makes that nothing is kept of an evaluation: something went wrong in it.
_FAULTS = ("problems", "tracebacks", "crashes", "explanations")
# Between the parts of a record; JSON has none of it.
TAB = b"\t"
# What stands beside the findings in its head.
_OTHERS = 6


def written(evaluation: Evaluation) -> bytes:
    """The evaluation as bytes without newlines: the names of the rules that ran, which many roots have in common, a
    head, and a text for each finding. Raises NotPlain where something went wrong in it, or a value is none that can be
    read back, and TypeError where JSON does not know one."""
    if any(getattr(evaluation, name) for name in _FAULTS):
        raise NotPlain
    findings = [record_of(finding) for finding in evaluation.findings]
    looked = evaluation.looked.items()
    head = [
        [head for head, _ in findings],
        [recorded.written(note) for note in evaluation.notes],
        sorted(evaluation.scenarios),
        sorted(evaluation.resources),
        sorted(evaluation.files),
        [recorded.written(place) for place in evaluation.concealed],
        [[root, one.source, sorted(one.files), sorted(one.noted)] for root, one in looked],
    ]
    return TAB.join([dumped(sorted(evaluation.ran)), dumped(head), *(text for _, text in findings)])


def read(record: bytes, rules: Mapping[str, Rule]) -> Evaluation:
    """The evaluation that was written. Raises LookupError, TypeError and ValueError where it was not."""
    done = Evaluation()
    add(parsed(record, rules), done)
    return done


def parsed(record: bytes, rules: Mapping[str, Rule]) -> list[Any]:
    """What a record says, to be added. Raises as `read` does."""
    ran, head, *texts = record.split(TAB)
    (said,) = said_of([(json.loads(head), [(text, 0, len(text)) for text in texts], json.loads(ran))], rules)
    return said


def said_of(parts: Sequence[tuple[list[Any], list[Text], list[str]]], rules: Mapping[str, Rule]) -> Iterator[list[Any]]:
    """What records say: of each its head, its texts, and the rules that ran. Raises as `read` does."""
    heads = [own for head, _, _ in parts for own in head[0]]
    findings = iter(findings_of(heads, [text for _, texts, _ in parts for text in texts], rules))
    for (own, *others), texts, ran in parts:
        if len(own) != len(texts) or len(others) != _OTHERS:
            raise ValueError
        yield [list(islice(findings, len(own))), *others, ran]


def add(said: list[Any], done: Evaluation) -> None:
    """Adds what a record says to what has been judged so far."""
    findings, notes, scenarios, resources, files, concealed, looked, ran = said
    done.findings += findings
    done.notes += map(recorded.read, notes)
    done.scenarios.update(scenarios)
    done.resources.update(map(tuple, resources))
    done.files.update(files)
    done.concealed.update(map(recorded.read, concealed))
    for root, source, own, noted in looked:
        done.looked[root] = Looked(source, frozenset(own), frozenset(noted))
    done.ran.update(ran)
