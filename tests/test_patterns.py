"""Patterns that are compiled when they are used."""

from __future__ import annotations

import re

import pytest

from dblint.patterns import pattern


def test_nothing_is_compiled_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda text, flags=0: made.append(text) or compile_(text, flags))
    digits = pattern(r"\d+")
    assert made == []
    assert (digits.sub("#", "a1b22"), bool(digits.match("x")), made) == ("a#b#", False, [r"\d+"])


def test_it_is_what_compile_makes() -> None:
    found = pattern(rb"a(?P<b>.)", re.DOTALL)
    expected = re.compile(rb"a(?P<b>.)", re.DOTALL)
    assert (found.flags, found.pattern, found.groupindex) == (expected.flags, expected.pattern, expected.groupindex)
    match = found.fullmatch(b"a\n")
    assert match and match["b"] == b"\n"


def test_a_wrong_one_is_told_when_it_is_used() -> None:
    with pytest.raises(re.error):
        pattern("(").search("")
