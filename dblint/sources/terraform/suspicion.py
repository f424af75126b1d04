"""A look at the bytes of a file that tells whether it may not be Terraform at all.

Files without a database are not parsed: what is broken in them would pass in silence. What looks odd here is looked at
by the real scanner, which decides; see docs/decisions/0011.
"""

from __future__ import annotations

import re

from dblint.patterns import pattern

_BLANK = pattern(rb"[ \t\r\n]+|\#[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = rb"[A-Za-z_][\w-]*"
_HEADER = pattern(rb"%s(?:[ \t]+(?:\"[^\"\n]*\"|%s)){0,3}[ \t]*[{=]" % (_WORD, _WORD))
_PROSE = pattern(rb"\n[A-Za-z][^\n={\"#/]*\n")
_PAIRS = ((b"{", b"}"), (b"[", b"]"), (b"(", b")"))


def is_suspicious(content: bytes, is_json: bool = False) -> bool:
    """Whether a file may not be Terraform: then the scanner looks at all of it, whatever it holds."""
    if not _is_text(content) or content.count(b'"') % 2:
        return True
    if any(content.count(one) != content.count(other) for one, other in _PAIRS):
        return True
    if is_json:
        return not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    return not _begins_like_terraform(content) or _PROSE.search(content) is not None


def _is_text(content: bytes) -> bool:
    if content.isascii():
        return b"\0" not in content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def _begins_like_terraform(content: bytes) -> bool:
    """Whether the first thing that is no comment is the header of a block or an argument."""
    position = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    while blank := _BLANK.match(content, position):
        position = blank.end()
    return position == len(content) or _HEADER.match(content, position) is not None or content[position] > 127
