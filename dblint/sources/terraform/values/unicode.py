"""Unicode's normal form of text."""

from __future__ import annotations


def normal(text: str) -> str:
    """The text in the form NFC, in which Terraform holds all strings."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)
