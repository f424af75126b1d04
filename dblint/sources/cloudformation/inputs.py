"""What parameters and pseudo-parameters are worth in one stack, and the texts among them that must not be shown."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.choice import lift
from dblint.model import Unknown, Value, Variable
from dblint.sources.cloudformation.parameters import Decision, Given, decided_value, listed, unknown_parameter
from dblint.sources.cloudformation.template import Declaration
from dblint.sources.cloudformation.values import HIDDEN, PSEUDO, digest, dynamic, is_dynamic, opaque


class Inputs:
    """The values from outside of one stack. `pseudo` are the known pseudo-parameters; `prefix` tells the variables of
    the stack from those of others."""

    def __init__(
        self, given: Mapping[str, Given], decisions: Mapping[str, Decision], pseudo: Mapping[str, str], prefix: str
    ) -> None:
        self.decisions = decisions
        self._given = given
        self._pseudo = pseudo
        self._prefix = prefix
        self._secrets: dict[str, str] = {}
        self._by_variable = {decision.variable.key: decision for decision in decisions.values()}

    def decision(self, variable: str) -> Decision | None:
        """The parameter that a variable stands for, if it is one that something turns on."""
        return self._by_variable.get(variable)

    def secret(self, variable: str) -> str | None:
        """The text that a variable stands for, where it is known and must not be shown."""
        return self._secrets.get(variable)

    def parameter(self, declaration: Declaration) -> Value:
        """What it was given, else a decision, else its default, else unknown."""
        given = self._given.get(declaration.name)
        if given and given.value is not None:
            return self._given_value(declaration, given.value)
        decision = self.decisions.get(declaration.name)
        if decision:
            return decided_value(decision, lambda text: self._hidden(declaration, text))
        if declaration.default is not None and not declaration.from_store:
            return self._known(declaration, declaration.default)
        return unknown_parameter(declaration, self._prefix)

    def _given_value(self, declaration: Declaration, value: Value) -> Value:
        if declaration.from_store:
            return unknown_parameter(declaration, self._prefix)

        def as_declared(one: Value) -> Value:
            return self._known(declaration, one) if isinstance(one, str) else listed(one, declaration)

        return lift(as_declared, value)

    def _known(self, declaration: Declaration, written: str) -> Value:
        if is_dynamic(written):
            return dynamic(written)
        if declaration.no_echo:
            return self._hidden(declaration, written)
        return listed(written, declaration)

    def _hidden(self, declaration: Declaration, written: str) -> Value:
        """A known value that must not be shown. It stands in a file, so whoever reads the files can read it."""
        if not written:
            return ""
        name = self._prefix + declaration.name
        variable = opaque(f"{name}#{digest(written)}{HIDDEN}", name)
        self._secrets[variable.key] = written
        return Unknown(f"parameter {name} is a secret", is_set=True, variable=variable, exposed=True)

    def pseudo_parameter(self, name: str) -> Value:
        """What stands for `AWS::…`; None for a value that is to be removed."""
        if name == "AWS::NoValue":
            return None
        if name in self._pseudo:
            return self._pseudo[name]
        decision = self.decisions.get(name)
        if decision:
            return decided_value(decision, lambda text: text)
        # All stacks of one deployment stand in one account and Region.
        prefix = self._prefix if name in ("AWS::StackName", "AWS::StackId") else ""
        return Unknown(name, is_set=True, variable=Variable(PSEUDO + prefix + name, name, real=True))
