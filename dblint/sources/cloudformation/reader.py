"""Text to nodes, within bounds: YAML and JSON through libyaml's events.

Whatever the file holds, it costs little: depth, nodes and what aliases expand to are limited, and nothing recurses.
A key that stands twice keeps its first value and is a fault of the document, as is a key that is no scalar; all else
that YAML refuses is a ReadError.
"""

from __future__ import annotations

import re

from dblint.sources.cloudformation.builder import Builder
from dblint.sources.cloudformation.faults import Fault, ReadError
from dblint.sources.cloudformation.nodes import Node
from dblint.stopwatch import timed

# Half of a character beyond U+FFFF as JSON escapes it; libyaml refuses these.
_SURROGATE = r"(?<!\\)((?:\\\\)*)\\u[dD][89a-fA-F][0-9a-fA-F]{2}"


def decode(content: bytes) -> str:
    """The text of a file. Raises ReadError where it is not UTF-8."""
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ReadError(f"it is not UTF-8: byte {content[error.start]:#04x}", line) from None


@timed("parse")
def read(text: str) -> tuple[list[Node], list[Fault]]:
    """The root of each document of the text, and what is wrong in them. Raises ReadError."""
    try:
        return Builder(text).build()
    except ReadError:
        halved = re.sub(_SURROGATE, r"\1\\ufffd", text)
        if halved == text:
            raise
    return Builder(halved).build()
