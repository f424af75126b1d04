"""Functions of timestamps, which are texts of RFC 3339."""

from __future__ import annotations

import datetime
import re

from dblint.patterns import pattern
from dblint.sources.terraform.functions.registry import Function, plain
from dblint.sources.terraform.values.value import EvaluationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TIMESTAMP = pattern(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d)\Z", re.ASCII)
_DURATION = pattern(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_TOKEN = pattern(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class _Time:
    """`moment` is in its own zone; `nanoseconds` are beyond whole seconds."""

    __slots__ = ("moment", "nanoseconds")

    def __init__(self, moment: datetime.datetime, nanoseconds: int) -> None:
        self.moment = moment
        self.nanoseconds = nanoseconds

    @property
    def total(self) -> int:
        """Nanoseconds since the year 1 in UTC."""
        since = self.moment - datetime.datetime(1, 1, 2, tzinfo=datetime.timezone.utc)
        return (since.days * 86_400 + since.seconds) * 10**9 + self.nanoseconds


def _parsed(text: str) -> _Time:
    match = _TIMESTAMP.match(text)
    try:
        if match is None:
            raise ValueError
        zone = datetime.timezone(_offset(match[8]))
        moment = datetime.datetime(*(int(match[i]) for i in range(1, 7)), tzinfo=zone)  # type: ignore[arg-type,misc]
        _ = moment.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        raise EvaluationError(f"{text!r} is no timestamp of RFC 3339") from None
    return _Time(moment, int((match[7] or "0")[:9].ljust(9, "0")))


def _offset(text: str) -> datetime.timedelta:
    if text in ("Z", "z"):
        return datetime.timedelta()
    sign = -1 if text[0] == "-" else 1
    return sign * datetime.timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))


def _zone(moment: datetime.datetime, colon: str) -> str:
    offset = moment.utcoffset() or datetime.timedelta()
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{colon}{abs(minutes) % 60:02d}"


def _written(time: _Time) -> str:
    """RFC 3339 in whole seconds."""
    zone = _zone(time.moment, ":")
    year = f"{time.moment.year:04d}"
    return f"{year}-{time.moment:%m-%dT%H:%M:%S}{'Z' if zone == '+00:00' else zone}"


def _duration(text: str) -> int:
    """Nanoseconds of Go's durations: "1h30m", "-1.5s"."""
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total, position = 0, 0
    while match := _DURATION.match(rest, position):
        whole, _, part = match[1].partition(".")
        unit = _NANOSECONDS[match[2]]
        total += int(whole or 0) * unit + int(part or 0) * unit // 10 ** len(part)
        position = match.end()
    if not rest or position < len(rest) or total > 2**63 - 1:
        raise EvaluationError(f"{text!r} is no duration")
    return sign * total


def _add(timestamp: str, duration: str) -> str:
    time = _parsed(timestamp)
    seconds, nanoseconds = divmod(time.nanoseconds + _duration(duration), 10**9)
    try:
        return _written(_Time(time.moment + datetime.timedelta(seconds=seconds), nanoseconds))
    except OverflowError:
        raise EvaluationError("the result is no timestamp") from None


def _compare(one: str, two: str) -> int:
    first, second = _parsed(one).total, _parsed(two).total
    return (first > second) - (first < second)


def _format(pattern: str, timestamp: str) -> str:
    moment = _parsed(timestamp).moment
    made = []
    for match in _TOKEN.finditer(pattern):
        if match[0] == "'":
            raise EvaluationError("a quote is not closed")
        if match[2]:
            made.append(_field(match[0], moment))
        elif match[1] is not None:
            made.append(match[1].replace("''", "'"))
        else:
            made.append(match[0])
    return "".join(made)


def _field(token: str, moment: datetime.datetime) -> str:
    if token in ("Z", "ZZZZ", "ZZZ", "ZZZZZ"):
        return _zone_field(token, moment)
    hour = moment.hour % 12 or 12
    fields: dict[str, Any] = {
        "YYYY": f"{moment.year:04d}",
        "YY": f"{moment.year % 100:02d}",
        "M": moment.month,
        "MM": f"{moment.month:02d}",
        "MMM": _MONTHS[moment.month - 1][:3],
        "MMMM": _MONTHS[moment.month - 1],
        "D": moment.day,
        "DD": f"{moment.day:02d}",
        "EEE": _DAYS[moment.weekday()][:3],
        "EEEE": _DAYS[moment.weekday()],
        "h": moment.hour,
        "hh": f"{moment.hour:02d}",
        "H": hour,
        "HH": f"{hour:02d}",
        "AA": "AM" if moment.hour < 12 else "PM",
        "aa": "am" if moment.hour < 12 else "pm",
        "m": moment.minute,
        "mm": f"{moment.minute:02d}",
        "s": moment.second,
        "ss": f"{moment.second:02d}",
    }
    if token not in fields:
        raise EvaluationError(f"a format has no {token}")
    return str(fields[token])


def _zone_field(token: str, moment: datetime.datetime) -> str:
    utc = not moment.utcoffset()
    if token in ("Z", "ZZZ") and utc:
        return "Z" if token == "Z" else "UTC"
    return _zone(moment, "" if token in ("ZZZ", "ZZZZ") else ":")


FUNCTIONS: dict[str, Function] = {
    "formatdate": plain(_format, fallible=True),
    "timeadd": plain(_add, fallible=True),
    "timecmp": plain(_compare, fallible=True),
}
