"""What a parameter is worth: what it was given, its default, or a decision that the conditions turn on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dblint.choice import choose, lift, only, other_than, possible, without
from dblint.environment import tier_of, words
from dblint.model import Among, Environments, Origin, Unknown, Value, Variable
from dblint.records import dataclass, field, replace
from dblint.sources.cloudformation.constraints import admits, domain_of
from dblint.sources.cloudformation.template import Declaration
from dblint.sources.cloudformation.usage import Use
from dblint.sources.cloudformation.values import ENVIRONMENT, HIDDEN, PARAMETER, PSEUDO, decided_secretly, split

# Alternatives that a value is told apart by; a parameter with more of them is one unknown value.
MOST_ALTERNATIVES = 12

# What else the name of a parameter that names the environment may hold: DeploymentEnvironmentName.
_FILLERS = frozenset(("name", "type", "app", "application", "deploy", "deployment", "target", "stack", "aws", "tag"))


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A value that a parameter has in one deployment, and where it is given, as far as there is a place."""

    value: Value
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A parameter that something turns on: its variable, and the texts worth telling apart. `refused`: what the rules
    of the template do not let it be."""

    variable: Variable
    literals: tuple[str, ...]
    declaration: Declaration | None = None
    refused: Among = field(default_factory=only)

    @property
    def hidden(self) -> bool:
        """Whether its values must not be shown."""
        return self.declaration is not None and self.declaration.secret

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts that it is known to take, however many."""
        domain = self.variable.domain or ()
        return tuple(dict.fromkeys([*self.literals, *(text for text in domain if isinstance(text, str))]))

    def shown(self, text: str) -> str:
        """What stands for a value in the variable: itself, or a word for it where it must not be shown."""
        if not self.hidden or not text:
            return text
        if self.declaration and text == self.declaration.default:
            return "its default"
        return f"value {self.literals.index(text) + 1} of the template"

    def without(self, refused: Among) -> Decision:
        """The decision without the values that are refused; of a hidden one, without none."""
        if self.hidden or not possible(refused):
            return self
        literals = tuple(text for text in self.literals if possible(without(only(text), refused)))
        domain = self.variable.domain
        if domain is not None:
            domain = tuple(text for text in domain if possible(without(only(text), refused)))
        elif refused.others:
            domain = literals
        return replace(self, variable=replace(self.variable, domain=domain), literals=literals, refused=refused)

    def _refuses(self, text: str) -> bool:
        return not possible(without(only(text), self.refused))

    def equals(self, text: str) -> Value:
        """Whether the parameter is the text."""
        if self._refuses(text) or (self.declaration and not admits(self.declaration, text)):
            return False
        if self.hidden and text not in self.literals:
            return decided_secretly(self.variable, text)
        shown = self.shown(text)
        return choose(self.variable, [(only(shown), True), (other_than(shown), False)])


def decision(name: str, prefix: str, use: Use, declaration: Declaration | None, names: bool = False) -> Decision:
    """A parameter, or a pseudo-parameter where there is no declaration, as a decision. `names`: it names the
    environment."""
    rank = ENVIRONMENT if names else PARAMETER if declaration else PSEUDO
    domain = _domain(use, declaration)
    hidden = declaration is not None and declaration.secret
    literals = domain if domain and len(domain) <= MOST_ALTERNATIVES else _worth_telling(use, declaration, domain)
    key = rank + prefix + name + (HIDDEN if hidden else "")
    variable = Variable(key, prefix + name, True, None if hidden else domain, names)
    return Decision(variable, tuple(literals), declaration)


def _domain(use: Use, declaration: Declaration | None) -> tuple[str, ...] | None:
    """All values, without those for which a mapping that is surely asked has no entry; as its own constraints have
    it where none would be left."""
    domain = domain_of(declaration) if declaration else None
    if use.required is None:
        return domain
    left = tuple(text for text in domain or use.keys if text in use.required)
    return left or domain


def _worth_telling(use: Use, declaration: Declaration | None, domain: tuple[str, ...] | None) -> list[str]:
    """The default and what it is compared with; the keys of mappings too, unless they are many. All of them are
    possible values."""
    default = [declaration.default] if declaration and declaration.default is not None else []
    found = dict.fromkeys([*default, *use.literals])
    if len({**found, **use.keys}) <= MOST_ALTERNATIVES:
        found.update(use.keys)
    if domain is not None:
        return [text for text in found if text in domain]
    return [text for text in found if declaration is None or text in default or admits(declaration, text)]


def decided_value(decision: Decision, secret: Callable[[str], Value]) -> Value:
    """The parameter as a value: each of its texts, else unknown. `secret(text)` is what a hidden text looks like."""
    variable, declaration = decision.variable, decision.declaration
    parts: list[tuple[Among, Value]] = []
    if len(decision.literals) <= MOST_ALTERNATIVES and not (declaration and declaration.from_store):
        for text in decision.literals:
            value: Value = secret(text) if decision.hidden and text else text
            parts.append((only(decision.shown(text)), listed(value, declaration)))
    told = [text for among, _ in parts for text in among.values]
    why = because(declaration, variable)
    if len(decision.literals) > MOST_ALTERNATIVES:
        why += f", of which more than {MOST_ALTERNATIVES} values matter"
    rest = Unknown(why, is_set=True, variable=variable, exposed=_exposed(declaration))
    return choose(variable, [*parts, (other_than(*told), rest)])


def because(declaration: Declaration | None, variable: Variable) -> str:
    return f"parameter {variable.name}" if declaration else variable.name


def _exposed(declaration: Declaration | None) -> bool:
    return declaration is not None and not declaration.no_echo


def listed(value: Value, declaration: Declaration | None) -> Value:
    """The value as the parameter's type has it: a text of a list type is split at its commas."""
    if declaration is None or not declaration.is_list:
        return value
    return lift(_split, value)


def _split(value: Value) -> Value:
    items = split(value, ",")
    return value if items is None else [item.strip() if isinstance(item, str) else item for item in items]


def unknown_parameter(declaration: Declaration, prefix: str) -> Unknown:
    """A parameter without a value: set, but nobody knows to what."""
    name = prefix + declaration.name
    key, domain = PARAMETER + name, domain_of(declaration)
    variable = Variable(key + HIDDEN, name) if declaration.secret else Variable(key, name, domain=domain)
    return Unknown(because(declaration, variable), is_set=True, variable=variable, exposed=_exposed(declaration))


def environment_parameter(parameters: Mapping[str, Declaration], environments: Environments) -> str | None:
    """The parameter that names the environment: by its name, else by its values."""
    called = [name for name in parameters if _is_called_environment(name, environments)]
    telling = [name for name, found in parameters.items() if holds_environments(found, environments)]
    both = [name for name in called if name in telling]
    return next(iter([*both, *called, *telling]), None)


def _is_called_environment(name: str, environments: Environments) -> bool:
    found = set(words(name))
    return bool(found & set(environments.tag_keys)) and found <= {*environments.tag_keys, *_FILLERS}


def holds_environments(declaration: Declaration, environments: Environments) -> bool:
    """Whether one of the values of a parameter is a word for an environment."""
    domain = () if declaration.secret else domain_of(declaration) or ()
    return any(tier_of(text, environments) is not None for text in domain)
