"""Patterns of paths as git reads them in .gitignore: which of them a path fits, in time that no pattern can blow up.

Git compares bytes. Texts here are bytes read as Latin-1 (`raw`), so that one character is one byte.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final, TypeAlias

MOST_BYTES = 1024 * 1024
MOST_STEPS = 5_000
"""How many steps the patterns that hold in a folder may have that are no plain names, endings or paths."""

_SPECIAL = "*?[\\"
_CLASSES = {
    "digit": "0123456789",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "xdigit": "0123456789abcdefABCDEF",
    "blank": " \t",
    "space": " \t\n\r",
    "cntrl": "".join(map(chr, (*range(32), 127))),
    "print": "".join(map(chr, range(32, 127))),
    "graph": "".join(map(chr, range(33, 127))),
    "punct": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
}
_CLASSES["alpha"] = _CLASSES["lower"] + _CLASSES["upper"]
_CLASSES["alnum"] = _CLASSES["alpha"] + _CLASSES["digit"]

# What a step of a pattern fits, beside a text: one character, any in one folder, any at all, folders or nothing,
# and what git takes for no pattern.
ONE: Final = 0
NAME: Final = 1
ANY: Final = 2
FOLDERS: Final = 3
NEVER: Final = 4

Step: TypeAlias = "str | int | frozenset[str]"


class TooMany(Exception):
    """Patterns beyond what is followed."""


def raw(path: str) -> str:
    """A path in the form that patterns are compared with."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("latin-1")


class _General:
    """A pattern with wildcards. `head` is what it begins with, `must` a text that is somewhere in the rest."""

    __slots__ = ("folders_only", "head", "must", "number", "steps")

    def __init__(self, number: int, folders_only: bool, head: str, steps: list[Step]) -> None:
        self.number = number
        self.folders_only = folders_only
        self.head = head
        self.steps = steps
        self.must = max((step for step in steps if isinstance(step, str)), key=len, default="")

    def may_fit(self, folder: str) -> bool:
        """Whether it may fit what lies in a folder."""
        if not (self.head.startswith(folder) or folder.startswith(self.head)):
            return False
        above = self.must[: self.must.rfind("/") + 1]  # which no name has in it
        return above in folder


class Patterns:
    """The patterns of one file. `steps`: how many they have, of at most `most`. Raises TooMany."""

    def __init__(self, content: bytes, most: int = MOST_STEPS) -> None:
        self._shown: list[bool] = []
        self._names: dict[str, list[tuple[int, bool]]] = {}
        self._paths: dict[str, list[tuple[int, bool]]] = {}
        self._endings: list[tuple[str, int, bool]] = []
        self._general: list[_General] = []
        self._by_path: list[_General] = []
        self._folders: set[str] = set()
        self._folder: str | None = None
        self._known: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self.steps = 0
        self._most = most
        for line in _lines(content):
            self._add(line)
        self._ends = tuple(ending for ending, _, _ in self._endings)
        self._general.reverse()
        self._by_path.reverse()
        self._near: list[_General] = []

    def __bool__(self) -> bool:
        return bool(self._shown)

    def verdict(self, folder: str, name: str, is_folder: bool) -> bool | None:
        """Whether a path is ignored; None where no pattern says so or otherwise. `folder` is what stands before the
        `name`, relative to the folder of the file, "" or with "/" at its end; both are raw."""
        known = self._known[is_folder]
        last = known.get(name)
        if last is None:
            last = known[name] = self._by_name(name, is_folder)
        if not self.goes_by_name(folder):
            path = folder + name
            for number, folders_only in self._paths.get(path, ()):
                if number > last and (is_folder or not folders_only):
                    last = number
            last = _last(self._near, path, is_folder, last)
        return None if last < 0 else not self._shown[last]

    def goes_by_name(self, folder: str) -> bool:
        """Whether only the names of what lies in a folder decide, and not where it lies."""
        if folder != self._folder:
            self._folder, self._near = folder, [pattern for pattern in self._by_path if pattern.may_fit(folder)]
        return not self._near and folder not in self._folders

    def _by_name(self, name: str, is_folder: bool) -> int:
        """The number of the last pattern without a path that fits a name; -1 for none."""
        last = -1
        for number, folders_only in self._names.get(name, ()):
            if number > last and (is_folder or not folders_only):
                last = number
        if name.endswith(self._ends):
            for ending, number, folders_only in self._endings:
                if number > last and (is_folder or not folders_only) and name.endswith(ending):
                    last = number
        return _last(self._general, name, is_folder, last)

    def _add(self, line: str) -> None:
        shown = line.startswith("!")
        pattern = line[1:] if shown else line
        folders_only = pattern.endswith("/")
        pattern = pattern[:-1] if folders_only else pattern
        if not pattern:
            return
        number = len(self._shown)
        self._shown.append(shown)
        if pattern.startswith("**/") and "/" not in pattern[3:]:
            pattern = pattern[3:]  # which says the same
        in_path = "/" in pattern
        pattern = pattern.removeprefix("/")
        plain = _plain(pattern)
        if plain == len(pattern):
            (self._paths if in_path else self._names).setdefault(pattern, []).append((number, folders_only))
            self._folders.update((pattern[: pattern.rfind("/") + 1],) if in_path else ())
        elif not in_path and pattern[0] == "*" and _plain(pattern[1:]) == len(pattern) - 1:
            self._endings.append((pattern[1:], number, folders_only))
        else:
            steps = list(_steps(pattern[plain:], in_path))
            self.steps += len(steps)
            if self.steps > self._most:
                raise TooMany
            found = _General(number, folders_only, pattern[:plain], steps)
            (self._by_path if in_path else self._general).append(found)


def _lines(content: bytes) -> Iterator[str]:
    """The lines that are patterns."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    for line in text.split("\n"):
        line = line.removesuffix("\r").partition("\0")[0]
        if line.endswith(" "):
            line = _without_spaces(line)
        if line and line[0] != "#":
            yield line


def _without_spaces(line: str) -> str:
    """The line without the spaces at its end, but for one that a backslash stands before."""
    end = at = 0
    while at < len(line):
        if line[at] == "\\":
            at += 1
            end = at + 1
        elif line[at] != " ":
            end = at + 1
        at += 1
    return line[:end]


def _plain(pattern: str) -> int:
    """How many characters stand before the first wildcard."""
    return next((at for at, character in enumerate(pattern) if character in _SPECIAL), len(pattern))


def _steps(pattern: str, in_path: bool) -> Iterator[Step]:
    """The steps of a pattern. `in_path`: it is compared with a path, where a `*` stays inside of one folder."""
    at, text = 0, ""
    while at < len(pattern):
        character = pattern[at]
        if character not in _SPECIAL:
            text, at = text + character, at + 1
            continue
        if character == "\\" and at + 1 < len(pattern):
            text, at = text + pattern[at + 1], at + 2
            continue
        if text:
            yield text
            text = ""
        if character == "*":
            step, at = _stars(pattern, at, in_path)
        elif character == "[":
            step, at = _bracket(pattern, at + 1)
        else:
            step, at = (ONE if character == "?" else NEVER), at + 1
        yield step
    if text:
        yield text


def _stars(pattern: str, at: int, in_path: bool) -> tuple[Step, int]:
    """What one or more stars mean, and where the pattern goes on. Two of them are more than one only between
    slashes."""
    end = at
    while end < len(pattern) and pattern[end] == "*":
        end += 1
    alone = (at == 0 or pattern[at - 1] == "/") and (end == len(pattern) or pattern[end:].startswith(("/", "\\/")))
    if not in_path or end - at == 1 or not alone:
        return NAME, end
    return (FOLDERS, end + 1) if pattern[end : end + 1] == "/" else (ANY, end)


def _bracket(pattern: str, at: int) -> tuple[Step, int]:
    """The characters of a set that begins behind a bracket, and where the pattern goes on."""
    found: set[str] = set()
    negated = pattern[at : at + 1] in ("!", "^")
    start = at = at + negated
    before = ""
    while at < len(pattern) and (pattern[at] != "]" or at == start):
        character = pattern[at]
        if character == "\\":
            at += 1
            before = pattern[at : at + 1]
            found.add(before)
        elif character == "-" and before and pattern[at + 1 : at + 2] not in ("", "]"):
            at += 1 + (pattern[at + 1] == "\\")
            found.update(map(chr, range(ord(before), ord(pattern[at : at + 1] or "\0") + 1)))
            before = ""
        elif pattern.startswith("[:", at) and pattern[(end := pattern.find("]", at + 2)) - 1] == ":" and end > at + 2:
            if pattern[at + 2 : end - 1] not in _CLASSES:
                return NEVER, len(pattern)
            found.update(_CLASSES[pattern[at + 2 : end - 1]])
            at, before = end, ""
        else:
            before = character
            found.add(character)
        at += 1
    if at >= len(pattern):
        return NEVER, len(pattern)
    characters = frozenset(map(chr, range(1, 256))) - found if negated else frozenset(found)
    return characters - {"/"}, at + 1


def _last(patterns: list[_General], text: str, is_folder: bool, last: int) -> int:
    """The number of the last pattern that fits; `last` where that comes later. The last ones stand first."""
    for pattern in patterns:
        if pattern.number < last:
            break
        if (is_folder or not pattern.folders_only) and _fits(pattern, text):
            return pattern.number
    return last


def _fits(pattern: _General, text: str) -> bool:
    if not text.startswith(pattern.head):
        return False
    rest = text[len(pattern.head) :]
    return pattern.must in rest and _reaches_end(pattern.steps, rest)


def _reaches_end(steps: list[Step], text: str) -> bool:
    """Follows all ways at once: bit n of `reached` says that the steps so far may fit the first n characters."""
    reached = 1
    inside = 0  # the characters that are no slashes
    for at, character in enumerate(text):
        inside |= (character != "/") << at
    for step in steps:
        if isinstance(step, str):
            reached = _behind_text(reached, step, text)
        elif isinstance(step, frozenset):
            reached = (reached & _places(step, text)) << 1
        elif step == ONE:
            reached = (reached & inside) << 1
        elif step == NAME:
            begun = reached & inside
            reached |= (begun + inside) ^ inside | begun
        elif step == ANY:
            reached = (2 << len(text)) - (reached & -reached)
        elif step == FOLDERS:
            behind = (2 << len(text)) - (reached & -reached)
            reached |= (behind & _places("/", text)) << 1
        else:
            return False
        if not reached:
            return False
    return bool(reached >> len(text) & 1)


def _behind_text(reached: int, step: str, text: str) -> int:
    found = 0
    at = text.find(step)
    while at >= 0:
        if reached >> at & 1:
            found |= 1 << (at + len(step))
        at = text.find(step, at + 1)
    return found


def _places(characters: str | frozenset[str], text: str) -> int:
    """A bit for each place of a text that one of the characters stands at."""
    return sum(1 << at for at, character in enumerate(text) if character in characters)
