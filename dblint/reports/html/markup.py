"""HTML, element by element. Whatever is not made here is escaped."""

from __future__ import annotations

import html
from typing import NewType

from dblint.reports.style import Style

Html = NewType("Html", str)

NOTHING = Html("")
_VOID = ("input", "link", "meta")


def text(given: str) -> Html:
    """A text, in which nothing is markup and nothing steers the direction of writing."""
    return Html(html.escape(Style().clean(given)))


def element(name: str, /, *children: Html, **attributes: str | bool) -> Html:
    """An element; `class_` is its class and `data_x` is data-x. An attribute that is True stands alone, one that is
    False is left out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{''.join(children)}</{name}>")


def _attribute(key: str, value: str | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {name}" if value else ""
    return f' {name}="{text(value)}"'


def code(given: str, **attributes: str | bool) -> Html:
    return element("code", text(given), **attributes)


def joined(*parts: Html) -> Html:
    return Html("".join(parts))
