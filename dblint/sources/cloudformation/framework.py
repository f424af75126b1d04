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
_VARIABLE = r"\$\{(?=[a-zA-Z]+(?:\(|:(?!:)))[^{}]*\}"
_OWN = r"\$\{self:([\w.-]+)\}"
_MOST_DEPTH = 30
# A variable inside of another one.
_NESTED = r"\$\{[^{}]*\$\{"


class Variables:
    """The variables of one file. Each is looked up once."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._known: dict[str, Value] = {}
        self._depth = 0

    def written(self, text: str) -> Value:
        """A text of the file as a value."""
        if "${" not in text:
            return text
        if re.search(_NESTED, text):
            return _unknown(text)
        pieces: list[Value] = []
        at = 0
        for found in re.finditer(_VARIABLE, text):
            pieces += [text[at : found.start()], self._value(found.group())]
            at = found.end()
        kept = [piece for piece in (*pieces, text[at:]) if piece != ""]
        return kept[0] if len(kept) == 1 else concatenation(kept)

    def _value(self, variable: str) -> Value:
        if variable not in self._known:
            # What a variable finds that leads to itself.
            self._known[variable] = _unknown(variable)
            found = self._scalar(variable)
            if found is not None and self._depth < _MOST_DEPTH:
                self._depth += 1
                self._known[variable] = self.written(found)
                self._depth -= 1
        return self._known[variable]

    def _scalar(self, variable: str) -> str | None:
        """The scalar of the same file that a variable leads to."""
        own = re.fullmatch(_OWN, variable)
        node: Node | None = self._document if own else None
        for name in own.group(1).split(".") if own else ():
            node = node.get(name) if node else None
        return scalar_text(node) if node and not node.items() else None

    def stage(self) -> str | None:
        """The stage that the file names; None where it is chosen when it is deployed."""
        provider = self._document.get("provider")
        found = scalar_text(provider.get("stage")) if provider else None
        value = self.written(found) if found else None
        return value if isinstance(value, str) else None


def _unknown(variable: str) -> Unknown:
    because = f"{variable[:80]} of the Serverless Framework"
    return Unknown(because, is_set=True, variable=opaque(variable, because))
