"""Grapheme clusters: what Terraform counts as one character of a text.

The rules of Unicode's annex 29 as far as Python's tables reach: line ends, marks, joiners, flags and Hangul.
"""

from __future__ import annotations

_JOINER = "\u200d"


def graphemes(text: str) -> list[str]:
    """The characters of a text as a reader counts them."""
    if text.isascii() and "\r" not in text:
        return list(text)
    found: list[str] = []
    flags = 0
    for sign in text:
        if found and _continues(found[-1], sign, flags):
            found[-1] += sign
        else:
            found.append(sign)
        flags = flags + 1 if "\U0001f1e6" <= sign <= "\U0001f1ff" else 0
    return found


def _continues(cluster: str, sign: str, flags: int) -> bool:
    from unicodedata import category

    last = cluster[-1]
    if last == "\r" and sign == "\n":
        return True
    if last in "\r\n" or sign in "\r\n" or category(last) in ("Cc", "Zl", "Zp"):
        return False
    if sign == _JOINER or category(sign) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= sign <= "\U0001f3ff":
        return True
    if last == _JOINER and _is_picture(sign) and _is_picture(cluster[0]):
        return True
    if "\U0001f1e6" <= sign <= "\U0001f1ff":
        return flags % 2 == 1
    return _is_hangul(last, sign)


def _is_picture(sign: str) -> bool:
    return "\U0001f000" <= sign <= "\U0001faff" or "\u2190" <= sign <= "\u2bff" or sign in "\u00a9\u00ae\u203c\u2049"


def _is_hangul(last: str, sign: str) -> bool:
    if "\u1100" <= last <= "\u115f":
        return "\u1100" <= sign <= "\u11a7" or "\uac00" <= sign <= "\ud7a3"
    if "\uac00" <= last <= "\ud7a3":
        has_tail = (ord(last) - 0xAC00) % 28 != 0
        return "\u11a8" <= sign <= "\u11ff" or (not has_tail and "\u1160" <= sign <= "\u11a7")
    if "\u1160" <= last <= "\u11a7":
        return "\u1160" <= sign <= "\u11ff"
    return "\u11a8" <= last <= "\u11ff" and "\u11a8" <= sign <= "\u11ff"
