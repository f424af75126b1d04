"""The light reader of a command line gives what click gives, or leaves the line to click."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dblint.cli import declared
from dblint.cli.light import parsed
from dblint.cli.scan import command
from dblint.cli.scanning import OPTIONS

BY_NAME = {name: option for option in OPTIONS for name in option.names}
TEXTS = [
    "a",
    "infra/",
    "rds-*",
    "k=v",
    "-",
    "--",
    "-x",
    "",
    "2",
    "07",
    "-1",
    "high",
    "json=out.json",
    "there",
    "folder",
    "é",
]
TOKENS = st.sampled_from([*BY_NAME, "--nothing", "-qv", "-fjson", "-f=json", "-h", "--help", *TEXTS])


def by_click(arguments: list[str]) -> dict[str, object] | None:
    try:
        return command.make_context("scan", list(arguments)).params
    except (click.ClickException, click.exceptions.Exit):
        return None


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("")
    (tmp_path / "folder").mkdir()
    return tmp_path


def valid(option: declared.Option) -> st.SearchStrategy[list[str]]:
    """An option as people write it."""
    if option.kind == declared.FLAG:
        return st.sampled_from(option.names).map(lambda name: [name])
    values = {declared.FILE: ["there"], declared.FOLDER: ["folder"], declared.NUMBER: ["0", "8"]}
    texts = st.sampled_from(values.get(option.kind) or option.choices or ["a", "rds-*,emr-*", "k=v", "é b"])
    apart = st.tuples(st.sampled_from(option.names), texts).map(list)
    joined = texts.map(lambda text: [f"{max(option.names, key=len)}={text}"])
    return apart | joined


WRITTEN = st.lists(
    st.sampled_from(OPTIONS).flatmap(valid) | st.sampled_from([["infra"], ["-"], ["a.tf"]]), max_size=6
).map(lambda parts: [text for part in parts for text in part])

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@SHARED
@given(arguments=st.lists(TOKENS, max_size=6))
def test_what_it_reads_click_reads_alike(place: Path, arguments: list[str]) -> None:
    found = parsed(arguments, OPTIONS)
    assert found is None or found == by_click(arguments)


@SHARED
@given(arguments=WRITTEN)
def test_what_people_write_is_read(place: Path, arguments: list[str]) -> None:
    found = parsed(arguments, OPTIONS)
    names = [BY_NAME[text.partition("=")[0]] for text in arguments if text.startswith("--") or text in BY_NAME]
    once = [option for option in names if not option.several and option.kind != declared.FLAG]
    if len(once) == len({option.name for option in once}):
        assert found == by_click(arguments)
    else:
        assert found is None


@pytest.mark.parametrize(
    "arguments",
    [["--fail-on", "never", "--fail-on", "low"], ["--nothing"], ["-h"], ["--"], ["--jobs", "x"], ["--plan", "absent"]],
)
def test_what_is_left_to_click(place: Path, arguments: list[str]) -> None:
    assert parsed(arguments, OPTIONS) is None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be read by this user")
def test_what_can_not_be_read_is_left_to_click(place: Path) -> None:
    (place / "there").chmod(0)
    assert parsed(["--plan", "there"], OPTIONS) is None
