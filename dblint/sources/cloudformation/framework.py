"""Variables of the Serverless Framework in the template that its file holds: `${self:custom.retention}`.

What leads to a scalar of the same file is that scalar; all others are known to the framework only.
https://www.serverless.com/framework/docs/guides/variables
"""

from __future__ import annotations

import re

from dblint.model import Unknown, Value
from dblint.sources.cloudformation.nodes import Node
from dblint.sources.cloudformation.template import scalar_text
from dblint.sources.cloudformation.values import concatenation, opaque

# ${type:address} and ${function(…)…}; not ${AWS::Region} and ${Name}, which are CloudFormation's.
_VARIABLE = re.compile(r"\$\{(?=[a-zA-Z]+(?:\(|:(?!:)))[^{}]*\}")
_OWN = re.compile(r"\$\{self:([\w.-]+)\}")
# A variable inside of another one.
_NESTED = re.compile(r"\$\{[^{}]*\$\{")
_MOST_STEPS = 10


def written(document: Node, text: str, steps: int = 0) -> Value:
    """A text of the file as a value."""
    if "${" not in text:
        return text
    if _NESTED.search(text):
        return _unknown(text)
    pieces: list[Value] = []
    at = 0
    for found in _VARIABLE.finditer(text):
        pieces += [text[at : found.start()], _variable(document, found.group(), steps)]
        at = found.end()
    pieces.append(text[at:])
    kept = [piece for piece in pieces if piece != ""]
    return kept[0] if len(kept) == 1 else concatenation(kept)


def _variable(document: Node, variable: str, steps: int) -> Value:
    own = _OWN.fullmatch(variable)
    node: Node | None = document if own and steps < _MOST_STEPS else None
    for name in own.group(1).split(".") if own else ():
        node = node.get(name) if node else None
    found = scalar_text(node) if node and not node.items() else None
    return _unknown(variable) if found is None else written(document, found, steps + 1)


def _unknown(variable: str) -> Unknown:
    because = f"{variable[:80]} of the Serverless Framework"
    return Unknown(because, is_set=True, variable=opaque(variable, because))


def stage(document: Node) -> str | None:
    """The stage that the file names; None where it is chosen when it is deployed."""
    provider = document.get("provider")
    found = scalar_text(provider.get("stage")) if provider else None
    value = written(document, found) if found else None
    return value if isinstance(value, str) else None
