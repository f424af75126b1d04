"""Variables of the Serverless Framework in the template that its file holds: `${self:custom.retention}`.

What leads to a scalar of the same file is that scalar; all others are known to the framework only.
https://www.serverless.com/framework/docs/guides/variables
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dblint.environment import environment_of, tier_of, words
from dblint.model import Environments, Unknown, Value, Variable
from dblint.sources.cloudformation.nodes import Node
from dblint.sources.cloudformation.template import scalar_text
from dblint.sources.cloudformation.values import ENVIRONMENT, opaque, together

# ${type:address} and ${function(…)…}; not ${AWS::Region} and ${Name}, which are CloudFormation's.
_VARIABLE = r"\$\{(?=[a-zA-Z]+(?:\(|:(?!:)))[^{}]*\}"
_OWN = r"\$\{self:([\w.-]+)\}"
# The stage, with the one that is taken where nobody chooses.
_CHOSEN_STAGE = r"""\$\{(?:opt|sls):stage(?:,\s*(?:["']([\w-]+)["']|[^{}]*))?\}"""
STAGE = Variable(f"{ENVIRONMENT}stage", "stage", real=True, names_environment=True)
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
        return together([*pieces, text[at:]])

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

    def stage(self, environments: Environments) -> Value:
        """The stage that the file names; where it is chosen when it is deployed, one of the environments that the file
        speaks of, or another. None where nothing is known of it."""
        provider = self._document.get("provider")
        found = scalar_text(provider.get("stage")) if provider else None
        value = self.written(found) if found else None
        if isinstance(value, Unknown) and value.variable == STAGE:
            default = re.fullmatch(_CHOSEN_STAGE, found or "")
            spoken = {text for text in _texts(self._document) if _names_environment(text, environments)}
            literals = sorted(spoken | {text for text in (default[1] if default else None,) if text})
            return environment_of(STAGE, tuple(literals), environments)
        return value if isinstance(value, str) else None


def _names_environment(text: str, environments: Environments) -> bool:
    """Whether a text or a key is a word for an environment, and not for what an environment is called by ("stage")."""
    return len(words(text)) == 1 and text not in environments.tag_keys and tier_of(text, environments) is not None


def _texts(document: Node) -> Iterator[str]:
    """All texts and keys of a document."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, str):
            yield node.value
        elif isinstance(node.value, dict):
            yield from node.value
            waiting += [body for _, body in node.value.values()]
        elif isinstance(node.value, list):
            waiting += node.value


def _unknown(variable: str) -> Unknown:
    if re.fullmatch(_CHOSEN_STAGE, variable):
        return Unknown("the stage, which is chosen when it is deployed", is_set=True, variable=STAGE)
    because = f"{variable[:80]} of the Serverless Framework"
    return Unknown(because, is_set=True, variable=opaque(variable, because))
