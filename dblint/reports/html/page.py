"""The page around the sections: its head, its policy, its filters."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from dblint import __version__
from dblint.reports.html.markup import NOTHING, Html, element, joined, text
from dblint.rule_definition import SEVERITIES

_HERE = Path(__file__).parent


def page(title: str, sections: Sequence[Html], filters: bool) -> str:
    """A whole document. Its policy allows the style and the script that stand in it, and nothing else."""
    style, script = (_own(name) for name in ("style.css", "script.js"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("link", rel="icon", href="data:,"),
        element("title", text(f"dblint: {title}")),
        Html(f"<style>{style}</style>"),
    )
    body = element(
        "body",
        element("a", text("Skip to the content"), class_="skip", href="#content"),
        element(
            "header",
            element("h1", element("span", text("dblint"), class_="brand"), text(f" {title}")),
            _contents(sections),
            _filters() if filters else NOTHING,
        ),
        element("main", *sections, id="content"),
        element("footer", text(f"dblint {__version__}. Static analysis of infrastructure code; nothing was deployed.")),
        Html(f"<script>{script}</script>"),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _contents(sections: Sequence[Html]) -> Html:
    """Links to the sections that there are."""
    names = (
        ("databases", "Databases"),
        ("findings", "Findings"),
        ("unchecked", "Not checked"),
        ("suppressed", "Suppressed"),
        ("fixed", "Fixed"),
        ("unchanged", "Unchanged"),
        ("baselined", "In the baseline"),
    )
    there = [(id, word) for id, word in names if any(f'id="{id}"' in section for section in sections)]
    if len(there) < 2:
        return NOTHING
    return element("nav", *(element("a", text(word), href=f"#{id}") for id, word in there), aria_label="Sections")


def _own(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _filters() -> Html:
    """What narrows the page; the script fills the lists and shows it, since it does nothing without."""
    boxes = (
        element(
            "label",
            element("input", type="checkbox", name="severity", value=name, checked=True),
            element("span", text(name), class_=f"severity {name}"),
        )
        for name in SEVERITIES
    )
    return element(
        "form",
        _labelled("Search", element("input", type="search", name="text", placeholder="Press / to search")),
        *(_labelled(word, element("select", name=name)) for word, name in _LISTS),
        element("fieldset", element("legend", text("Severity")), joined(*boxes)),
        element("button", text("Clear"), type="reset"),
        element("output", aria_live="polite"),
        class_="filters",
        role="search",
        hidden=True,
    )


_LISTS = (("Scenario", "scenario"), ("Service", "service"), ("Rule", "rule"))


def _labelled(word: str, control: Html) -> Html:
    return element("label", element("span", text(word)), control, class_="field")
