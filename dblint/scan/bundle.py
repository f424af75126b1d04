"""What is known of many roots in one piece: that is read faster than as many single records, and what several of them
asked is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from dblint.rule_definition import Rule
from dblint.scan.record import TAB, dumped, said_of
from dblint.sources.files import Question

# How many bytes the answer to a question has.
_DIGEST = 16
_LINE = b"\n"


class Member:
    """A root with what it hangs on, the questions that it asked, and its record (see `record.written`)."""

    __slots__ = ("basis", "name", "questions", "record")

    def __init__(self, name: str, basis: str, questions: Sequence[Question], record: bytes) -> None:
        self.name = name
        self.basis = basis
        self.questions = questions
        self.record = record


def packed(members: Iterable[Member], answer: Callable[[Question], bytes]) -> bytes:
    """The members as bytes."""
    questions: dict[Question, int] = {}
    ran: dict[bytes, int] = {}
    index, heads, texts = [], [], []
    for member in members:
        numbers = [questions.setdefault(question, len(questions)) for question in member.questions]
        own, head, *rest = member.record.split(TAB)
        index.append([member.name, member.basis, numbers, ran.setdefault(own, len(ran))])
        heads.append(head)
        texts.append(TAB.join(rest))
    answers = b"".join(map(answer, questions)).hex()
    asked = [kind for kind, _ in questions], [path for _, path in questions], answers
    return _LINE.join([dumped([*asked, index]), _list(heads), _list(ran), *texts])


def _list(values: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(values) + b"]"


class Bundle:
    """What was packed of roots that are `wanted` (name -> what each hangs on), and asked nothing that would be answered
    otherwise now. `said`: name -> what is known of a root, to be added (see `record.add`). Raises ValueError,
    LookupError and TypeError where the bytes are none that were packed."""

    def __init__(
        self,
        value: bytes,
        wanted: Mapping[str, str],
        answer: Callable[[Question], bytes],
        rules: Mapping[str, Rule],
    ) -> None:
        index, heads, ran, *texts = value.decode("ascii").split("\n")
        kinds, paths, answers, members = json.loads(index)
        self._questions: list[Question] = list(zip(kinds, paths))
        self._ran = json.loads(ran)
        changed = _changed(bytes.fromhex(answers), list(map(answer, self._questions)))
        self._known = {
            name: (basis, numbers, self._ran[number], head, text.split("\t") if text else [])
            for (name, basis, numbers, number), head, text in zip(members, json.loads(heads), texts, strict=True)
            if wanted.get(name) == basis and changed.isdisjoint(numbers)
        }
        known = self._known.values()
        parts = [(head, texts, ran) for _, _, ran, head, texts in known]
        self.said = dict(zip(self._known, said_of(parts, rules)))

    def member(self, name: str) -> Member:
        """A root of which something is known, to be packed again."""
        basis, numbers, ran, head, texts = self._known[name]
        record = TAB.join([dumped(ran), dumped(head), *(text.encode("ascii") for text in texts)])
        return Member(name, basis, [self._questions[number] for number in numbers], record)


def _changed(then: bytes, now: Sequence[bytes]) -> set[int]:
    """The numbers of the questions that are answered otherwise."""
    if then == b"".join(now):
        return set()
    return {number for number, answer in enumerate(now) if then[number * _DIGEST :][:_DIGEST] != answer}
