"""Values that functions are made of: what a text is, what an unknown one is made from, and when two are the same.

At this level a value is a scalar, a list, a dict, `Unknown` or `Ref`; choices are taken apart before, by
`dblint.choice.lift`. None is a value that was removed by `AWS::NoValue`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dblint.choice import TooManyLeaves, choose, lift, only
from dblint.disk import digest_of
from dblint.model import Address, Choice, Ref, Unknown, Value, Variable
from dblint.properties import text_of
from dblint.records import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_TEXT = 64 * 1024
# Keys of variables begin with a rank, since the order of keys is the order of decisions.
ENVIRONMENT, PARAMETER, PSEUDO, DERIVED = "0", "1", "2", "3"
_LONGEST_KEY = 200
# Stands in the key of every variable that comes from a parameter with NoEcho: no text may be told of it.
HIDDEN = "~NoEcho"

_DYNAMIC = "{{resolve:"
# Services of dynamic references that keep secrets; Parameter Store's plain "ssm" does not.
_VAULTS = ("secretsmanager", "ssm-secure")


class Open(dict[str, Value]):
    """A mapping that a macro or an include may add keys to: what is missing is unknown, not absent."""

    def __init__(self, known: dict[str, Value], because: str) -> None:
        super().__init__(known)
        self.because = because

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else Unknown(self.because)


def bare(value: Value) -> Value:
    """The value without its reference."""
    while isinstance(value, Ref):
        value = value.value
    return value


def text(value: Value) -> str:
    """A known scalar as CloudFormation writes it in a text."""
    return "" if value is None else text_of(value)


def inner(value: Value) -> Iterator[Value]:
    """The value and all that it holds."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, Ref):
            waiting.append(value.value)
        elif isinstance(value, Choice):
            waiting += [part for _, part in value.parts]
        elif isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            waiting += reversed(value.values())


def is_known(value: Value) -> bool:
    """Whether nothing in the value is left to deployment."""
    return not any(isinstance(part, (Unknown, Choice, Open)) for part in inner(value))


def targets(values: Sequence[Value]) -> tuple[Address, ...]:
    """The resources that the values are made from, each once, in order."""
    return tuple(
        dict.fromkeys(a for value in values for part in inner(value) if isinstance(part, Ref) for a in part.to)
    )


def identity(value: Value) -> str | None:
    """A text that two values share only where they are surely equal; None where nothing can be told."""
    value = bare(value)
    if isinstance(value, Unknown):
        return value.variable.key if value.variable else None
    if isinstance(value, list):
        items = [identity(item) for item in value]
        return None if None in items else f"[{','.join(map(str, items))}]"
    if isinstance(value, (dict, Choice)):
        return None
    return repr(text(value))


def derived(function: str, operands: Sequence[Value], because: str = "") -> Value:
    """What a function gives where its operands do not tell: unknown, equal to the same function of the same operands,
    and referring to all that they refer to.

    `because` is that of the first unknown operand where none is given.
    """
    unknown = [part for operand in operands for part in inner(operand) if isinstance(part, Unknown)]
    because = because or next((part.because for part in unknown), function)
    exposed = bool(unknown) and all(part.exposed for part in unknown)
    value = Unknown(because, is_set=True, variable=_variable(function, operands, because), exposed=exposed)
    return referring(targets(operands), value)


def referring(to: tuple[Address, ...], value: Value) -> Value:
    """The value as one that is made from resources, if it is."""
    return Ref(to, bare(value)) if to else value


def _variable(function: str, operands: Sequence[Value], because: str) -> Variable | None:
    identities = [identity(operand) for operand in operands]
    if None in identities:
        return None
    return opaque(f"{function}({','.join(map(str, identities))})", f"{function} of {because}")


def opaque(key: str, name: str, truth: bool = False) -> Variable:
    """A variable that nobody chooses; `truth`: it is true or false."""
    if len(key) > _LONGEST_KEY:
        key = key[:40] + digest(key) + (HIDDEN if HIDDEN in key else "")
    return Variable(DERIVED + key, name, domain=(True, False) if truth else None)


def decided_secretly(variable: Variable, text: str) -> Value:
    """Whether a variable of which no text may be told is a certain one."""
    return decided(opaque(f"{variable.key}#{digest(text)}", f"{variable.name} is a certain text", truth=True))


def all_hold(truths: Sequence[Value]) -> Value:
    """Whether all of some truths hold; Unknown where one is, or where they hang on too much."""
    unknown = next((value for value in truths if isinstance(value, Unknown)), None)
    if unknown:
        return unknown
    result: Value = True
    try:
        for value in truths:
            result = lift(lambda one, two: one and two, result, value)
    except TooManyLeaves as limit:
        return Unknown(f"it depends on too many alternatives of {limit}")
    return result


def digest(text: str) -> str:
    return digest_of(text.encode("utf-8", "replace")).hex()


def decided(variable: Variable) -> Value:
    """A variable of truth as a value."""
    return choose(variable, [(only(True), True), (only(False), False)])


def is_dynamic(written: str) -> bool:
    """Whether a text holds a whole dynamic reference. (Its pieces may stand in the list of a join.)"""
    return "}}" in written.partition(_DYNAMIC)[2]


def dynamic(written: str, operands: Sequence[Value] = ()) -> Unknown:
    """A text that holds a dynamic reference: CloudFormation puts the secret there when it deploys."""
    service = written.partition(_DYNAMIC)[2].partition(":")[0].rstrip("}") or "a service"
    ids = [identity(operand) for operand in operands]
    variable = None if None in ids else opaque(f"{written}{','.join(map(str, ids))}", f"a secret of {service}")
    vaulted = service in _VAULTS
    return Unknown(f"dynamic reference to {service}", is_set=True, variable=variable, vaulted=vaulted)


class Concatenated(Variable):
    """What stands for a text that is not known as a whole: `pieces` are what it is made of."""

    __slots__ = ("pieces",)

    pieces: tuple[Value, ...]

    def __init__(self, variable: Variable, pieces: Sequence[Value]) -> None:
        super().__init__(variable.key, variable.name)
        object.__setattr__(self, "pieces", tuple(pieces))


def concatenation(pieces: Sequence[Value], function: str = "Fn::Join") -> Value:
    """The pieces as one text."""
    known = [text(piece) for piece in map(bare, pieces) if not isinstance(piece, (Unknown, list, dict))]
    to = targets(pieces)
    written = "".join(known)
    if _DYNAMIC in written:
        return referring(to, dynamic(written, pieces))
    if len(known) < len(pieces):
        whole = derived(function, pieces)
        unknown = bare(whole)
        if unknown.variable is None:
            return whole
        return referring(to, replace(unknown, variable=Concatenated(unknown.variable, pieces)))
    return within_bounds(to, written)


def split(whole: Value, delimiter: str) -> list[Value] | None:
    """The items of a text between delimiters, of one that is made of names of resources too, which have none in them;
    None where that is not known."""
    known = bare(whole)
    if isinstance(known, str):
        return list(known.split(delimiter))
    variable = known.variable if isinstance(known, Unknown) else None
    if not isinstance(variable, Concatenated):
        return None
    items: list[list[Value]] = [[]]
    for piece in variable.pieces:
        if isinstance(bare(piece), (str, int, float)):
            first, *others = text(bare(piece)).split(delimiter)
            items[-1].append(first)
            items += [[other] for other in others]
        elif isinstance(piece, Ref) and isinstance(piece.value, Unknown):
            items[-1].append(piece)
        else:
            return None
    return [together(item) for item in items]


def together(pieces: Sequence[Value]) -> Value:
    """The pieces as one text; a single one that is not empty stays what it is."""
    kept = [piece for piece in pieces if piece != ""]
    return kept[0] if len(kept) == 1 else concatenation(kept)


def within_bounds(to: tuple[Address, ...], written: str) -> Value:
    """A text that is made from resources; unknown where it is too long."""
    if len(written) > MOST_TEXT:
        return referring(to, Unknown("the text is too long to be followed", is_set=True))
    return referring(to, written)
