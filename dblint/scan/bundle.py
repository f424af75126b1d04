"""What is known of many roots in one piece: that is read faster than as many single records, and what several of them
asked is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, repeat

from dblint.disk import DIGEST, digest_of
from dblint.recorded import Text
from dblint.rule_definition import Rule
from dblint.scan.record import TAB, dumped, said_of
from dblint.sources.files import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LINE = b"\n"
# How long the identity is that stands first.
_IDENTITY = 2 * DIGEST


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
        index.append([member.name, member.basis, numbers, ran.setdefault(own, len(ran)), list(map(len, rest))])
        heads.append(head)
        texts += rest
    answers = b"".join(map(answer, questions)).hex()
    asked = [kind for kind, _ in questions], [path for _, path in questions], answers
    first = dumped([*asked, index])
    return _LINE.join([digest_of(first).hex().encode("ascii"), first, _list(heads), _list(ran), b"".join(texts)])


def identity_of(value: bytes) -> str:
    """What tells packed members from others, or from themselves at another time."""
    return value[:_IDENTITY].decode("ascii")


def _parts(value: bytes) -> tuple[list[Any], int]:
    """What stands before the texts, and where these begin."""
    view, found, start = memoryview(value), [], _IDENTITY + 1
    for _ in range(3):
        end = value.index(_LINE, start)
        found.append(json.loads(str(view[start:end], "ascii")))
        start = end + 1
    return found, start


def _texts(value: bytes, start: int, members: Sequence[Sequence[Any]]) -> Iterator[list[Text]]:
    """The texts of each member, which are not copied."""
    for *_, lengths in members:
        ends = list(accumulate(lengths, initial=start))
        yield list(zip(repeat(value), ends, ends[1:]))
        start = ends[-1]
    if start != len(value):
        raise ValueError


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
        ((kinds, paths, answers, members), heads, rans), start = _parts(value)
        self._questions: list[Question] = list(zip(kinds, paths))
        then = bytes.fromhex(answers)
        changed = {
            number
            for number, question in enumerate(self._questions)
            if (may_differ is None or may_differ(question))
            and answer(question) != then[number * DIGEST : number * DIGEST + DIGEST]
        }
        self._known = {
            name: (basis, numbers, rans[ran], head, texts)
            for (name, basis, numbers, ran, _), head, texts in zip(
                members, heads, _texts(value, start, members), strict=True
            )
            if changed.isdisjoint(numbers) and is_wanted(name, basis)
        }
        parts = [(head, texts, ran) for _, _, ran, head, texts in self._known.values()]
        self.said = dict(zip(self._known, said_of(parts, rules)))

    def member(self, name: str) -> Member:
        """A root of which something is known, to be packed again."""
        basis, numbers, ran, head, texts = self._known[name]
        record = TAB.join([dumped(ran), dumped(head), *(value[start:end] for value, start, end in texts)])
        return Member(name, basis, [self._questions[number] for number in numbers], record)
