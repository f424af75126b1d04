"""What is known of many roots in one piece: that is read faster than as many single records, and what several of them
asked is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from dblint.disk import DIGEST, digest_of
from dblint.rule_definition import Rule
from dblint.scan.record import TAB, dumped, said_of
from dblint.sources.files import Question

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
    first = dumped([*asked, index])
    return _LINE.join([digest_of(first).hex().encode("ascii"), first, _list(heads), _list(ran), *texts])


def identity_of(value: bytes) -> str:
    """What tells packed members from others, or from themselves at another time."""
    return value.partition(_LINE)[0].decode("ascii")


def _list(values: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(values) + b"]"


class Bundle:
    """What was packed of roots that are wanted, and asked nothing that is answered otherwise now.

    `is_wanted` is asked for the name of each root and what it hangs on; `may_differ` for each question, where all is
    known that may have changed. `said`: name -> what is known of a root, to be added (see `record.add`). Raises
    ValueError, LookupError and TypeError where the bytes are none that were packed.
    """

    def __init__(
        self,
        value: bytes,
        is_wanted: Callable[[str, str], bool],
        answer: Callable[[Question], bytes],
        rules: Mapping[str, Rule],
        may_differ: Callable[[Question], bool] | None = None,
    ) -> None:
        _, index, heads, ran, *texts = value.decode("ascii").split("\n")
        kinds, paths, answers, members = json.loads(index)
        self._questions: list[Question] = list(zip(kinds, paths))
        self._ran = json.loads(ran)
        then = bytes.fromhex(answers)
        changed = {
            number
            for number, question in enumerate(self._questions)
            if (may_differ is None or may_differ(question))
            and answer(question) != then[number * DIGEST : number * DIGEST + DIGEST]
        }
        self._known = {
            name: (basis, numbers, self._ran[number], head, text.split("\t") if text else [])
            for (name, basis, numbers, number), head, text in zip(members, json.loads(heads), texts, strict=True)
            if changed.isdisjoint(numbers) and is_wanted(name, basis)
        }
        parts = [(head, texts, ran) for _, _, ran, head, texts in self._known.values()]
        self.said = dict(zip(self._known, said_of(parts, rules)))

    def member(self, name: str) -> Member:
        """A root of which something is known, to be packed again."""
        basis, numbers, ran, head, texts = self._known[name]
        record = TAB.join([dumped(ran), dumped(head), *(text.encode("ascii") for text in texts)])
        return Member(name, basis, [self._questions[number] for number in numbers], record)
