"""Settings from text, as a file would have them."""

from __future__ import annotations

from dblint.settings.build import build
from dblint.settings.values import Settings
from dblint.settings.written import read


def settings_of(text: str, path: str = "dblint.toml") -> Settings:
    written = read(text.encode(), path)
    return build([written] if written else [], path)
