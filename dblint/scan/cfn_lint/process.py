"""Starts cfn-lint on copies of templates, and reads what it says. Nothing of the scanned tree configures it: it runs in
a folder of its own, with a configuration and an environment of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dblint.model import Location
from dblint.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CHILD = Path(__file__).with_name("child.py")
_MOST_OUTPUT = 64 * 1024 * 1024
# Its exit codes where it has looked at everything: one bit each for errors, warnings and remarks.
_DONE = frozenset(range(0, 16, 2))
_UNKNOWN_REGION = 32
_LONGEST = 200


class Missing(Exception):
    """cfn-lint is not installed."""


class Failed(Exception):
    """cfn-lint did not come to an end, or not to a good one; the message says how. `code` is its exit code."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """`together`: how many templates one process looks at, and `seconds` how long it may take; `alone`: how long it may
    take for one. After `failures` templates that it could not look at, no more is tried."""

    together: int = 25
    seconds: float = 90
    alone: float = 30
    failures: int = 3


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Match:
    """Something that cfn-lint says. `id` and `level` are its own ("E3012", "Error"), `title`, `description` and `url`
    those of its rule. `steps` lead to what it is about: ("Resources", "Db", "Properties", "Engine")."""

    id: str
    level: str
    message: str
    place: Location
    steps: tuple[str | int, ...]
    title: str
    description: str
    url: str


@dataclass(slots=True)
class Answer:
    """`failures`: path -> why cfn-lint could not look at it."""

    matches: list[Match] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def ask(templates: Mapping[str, bytes], region: str, limits: Limits) -> Answer:
    """What cfn-lint says of templates: path -> content. `region` is where they are deployed, "" where nobody knows.

    A template that brings it down is found by looking at each alone. Raises Missing.
    """
    answer = Answer()
    packages = _packages()
    paths = list(templates)
    for start in range(0, len(paths), limits.together):
        some = {path: templates[path] for path in paths[start : start + limits.together]}
        try:
            answer.matches += _run(packages, some, region, limits.seconds)
        except Failed as error:
            _one_by_one(packages, some, region, limits, error, answer)
    return answer


def _one_by_one(
    packages: str, templates: Mapping[str, bytes], region: str, limits: Limits, error: Failed, answer: Answer
) -> None:
    for path, content in templates.items():
        if len(answer.failures) >= limits.failures:
            answer.failures[path] = f"it was not looked at, after {limits.failures} others failed"
            continue
        try:
            if len(templates) == 1:
                raise error
            answer.matches += _run(packages, {path: content}, region, limits.alone)
        except Failed as failed:
            answer.failures[path] = str(failed)


def _packages() -> str:
    """The folder that cfn-lint is installed in; it is looked for where dblint's own dependencies are."""
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        raise Missing
    return str(Path(spec.submodule_search_locations[0]).parent)


def _run(packages: str, templates: Mapping[str, bytes], region: str, seconds: float) -> list[Match]:
    """One process. A Region that this cfn-lint does not know is not held against the templates. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="dblint-", ignore_cleanup_errors=True) as folder:
        top = Path(folder).resolve()
        try:
            return _matches(top, _process(top, packages, templates, region, seconds))
        except Failed as failed:
            if failed.code != _UNKNOWN_REGION or not region:
                raise
        return _matches(top, _process(top, packages, templates, "", seconds))


def _process(top: Path, packages: str, templates: Mapping[str, bytes], region: str, seconds: float) -> bytes:
    """The output of a process. Raises Failed."""
    copies = _copies(top / "templates", templates)
    configuration = top / "configuration.yaml"
    configuration.write_text("{}\n", encoding="utf-8")
    arguments = ["--config-file", str(configuration), "--format", "json", *(["--regions", region] if region else [])]
    command = [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD), str(top), packages, *arguments, "--", *copies]
    with (top / "out").open("w+b") as out, (top / "errors").open("w+b") as errors:
        try:
            code = subprocess.run(
                command,
                cwd=top,
                env=_environment(top),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                timeout=seconds,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            raise Failed(f"it did not come to an end within {seconds:g} seconds") from None
        except OSError as error:
            raise Failed(f"it could not be started: {error.strerror}") from None
        out.seek(0)
        output = out.read(_MOST_OUTPUT + 1)
        if code not in _DONE:
            raise Failed(_told(code, errors, top), code)
    if len(output) > _MOST_OUTPUT:
        raise Failed(f"it says more than {_MOST_OUTPUT:,} bytes")
    return output


def _copies(folder: Path, templates: Mapping[str, bytes]) -> list[str]:
    """Writes copies, and gives their paths as patterns that fit nothing else. Raises Failed."""
    import glob

    try:
        for path, content in templates.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    except (OSError, ValueError) as error:
        raise Failed(f"no copy of it can be written: {error}") from None
    return [glob.escape(str(folder / path)) for path in templates]


def _environment(top: Path) -> dict[str, str]:
    """Nothing of the person's own, but for what the operating system needs: neither a home with a configuration or
    newer schemas, nor a Region."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    homes = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR", "TEMP")
    return {**kept, **dict.fromkeys(homes, str(top))}


def _told(code: int, errors: Any, top: Path) -> str:
    """How a process ended that did not end well: its exit code and the last line that it wrote."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - 10_000))
    lines = errors.read().decode("utf-8", "replace").replace(str(top), "").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    how = f"it was ended by signal {-code}" if code < 0 else f"it ended with exit code {code}"
    return f"{how}: {last[:_LONGEST]}" if last else how


def _matches(top: Path, output: bytes) -> list[Match]:
    """What the output says. Raises Failed where it is not what was expected."""
    try:
        return list(_parsed(top, json.loads(output)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Failed(f"what it says can not be read: {type(error).__name__}") from None


def _parsed(top: Path, output: Sequence[Mapping[str, Any]]) -> Iterator[Match]:
    for item in output:
        if item.get("ParentId"):
            continue  # a detail of another one
        at, rule = item["Location"], item["Rule"]
        yield Match(
            id=str(rule["Id"]),
            level=str(item["Level"]),
            message=str(item["Message"]),
            place=Location(
                Path(item["Filename"]).relative_to(top / "templates").as_posix(),
                int(at["Start"]["LineNumber"]),
                int(at["Start"]["ColumnNumber"]),
                int(at["End"]["LineNumber"]),
                int(at["End"]["ColumnNumber"]),
            ),
            steps=tuple(at.get("Path") or ()),
            title=str(rule["ShortDescription"]),
            description=str(rule["Description"]),
            url=str(rule["Source"]),
        )
