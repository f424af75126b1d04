"""What was found out of one root as bytes, and back: for other processes and later runs."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dblint import recorded
from dblint.recorded import NotPlain, dumped, finding_of, record_of
from dblint.rule_definition import Rule
from dblint.scan.evaluation import Evaluation, Looked

__all__ = ["NotPlain", "dumped", "read", "written"]

# What makes that nothing is kept of an evaluation: something went wrong in it.
_FAULTS = ("problems", "tracebacks", "crashes", "explanations")
# Between the parts of a record; JSON has none of it.
_TAB = b"\t"


def written(evaluation: Evaluation) -> bytes:
    """The evaluation as bytes without newlines. Raises NotPlain where something went wrong in it, or a value is
    none that can be read back, and TypeError where JSON does not know one."""
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
        sorted(evaluation.ran),
    ]
    return _TAB.join([dumped(head), *(rest for _, rest in findings)])


def read(record: bytes, rules: Mapping[str, Rule]) -> Evaluation:
    """The evaluation that was written. Raises LookupError, TypeError and ValueError where it was not."""
    head, *rests = record.split(_TAB)
    findings, notes, scenarios, resources, files, concealed, looked, ran = json.loads(head)
    return Evaluation(
        findings=[finding_of(own, rest, rules) for own, rest in zip(findings, rests)],
        notes=[recorded.read(note) for note in notes],
        scenarios=set(scenarios),
        resources=set(map(tuple, resources)),
        files=set(files),
        concealed={recorded.read(place) for place in concealed},
        looked={root: Looked(source, frozenset(own), frozenset(noted)) for root, source, own, noted in looked},
        ran=set(ran),
    )
