"""Which environment a resource serves, by the first evidence found.

The settings' tier of the scenario; a tag; what names the environment of the whole deployment; the resource's own
identifiers, module keys and stack name; folders. Where nothing names one, `unnamed` of the settings holds, and the
reading says that it was assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from dblint.choice import choose, only, other_than
from dblint.model import Deployment, Environments, Resource, Value, Variable
from dblint.patterns import pattern
from dblint.reading import Read, Reading

_NEGATIONS = ("non", "not", "pre")
_BESIDE_PRODUCTION = ("is", "in", "for", "env", "environment")
_WORD = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(text: str) -> list[str]:
    """The words of an identifier in lower case: "ProdOrders-db_1" gives prod, orders, db, 1."""
    return [word.lower() for word in _WORD.findall(text)]


@lru_cache(maxsize=4096)
def tier_of(text: str, environments: Environments) -> bool | None:
    """True for production, False for development, None where the text names neither or both."""
    named = words(text)
    tiers = (_tier_of_word(word, before, environments) for before, word in zip(("", *named), named))
    found = {tier for tier in tiers if tier is not None}
    return found.pop() if len(found) == 1 else None


def _tier_of_word(word: str, before: str, environments: Environments) -> bool | None:
    """The tier that a word names. What stands before production ("pre-prod") or is none ("nonprod") is not
    production."""
    if any(fnmatchcase(word, pattern) for pattern in environments.production):
        return before not in _NEGATIONS
    for negation in _NEGATIONS:
        if any(word.startswith(negation) and fnmatchcase(word[len(negation) :], p) for p in environments.production):
            return False
    if any(fnmatchcase(word, pattern) for pattern in environments.development):
        return False
    return None


def is_production(resource: Resource, identity: Value, deployment: Deployment, reading: Reading) -> bool:
    """Whether the resource, whose name is `identity`, serves production; recorded as a read of "production".

    Raises Undetermined through a variable of truth where nothing names an environment and the settings say "unknown".
    """
    tier = names_production(resource, identity, deployment, reading)
    return _assumed(resource, deployment, reading) if tier is None else tier


def names_production(resource: Resource, identity: Value, deployment: Deployment, reading: Reading) -> bool | None:
    """The same by evidence alone; None where nothing names an environment."""
    for tier, why in _evidence(resource, identity, deployment, reading):
        if tier is not None:
            reading.reads.append(Read(resource, ("production",), tier, "known", note=why))
            return tier
    return None


def _assumed(resource: Resource, deployment: Deployment, reading: Reading) -> bool:
    unnamed = deployment.environments.unnamed
    if unnamed == "unknown":
        return reading.holds(Variable(f"{resource.address}:production", "production", domain=(True, False)))
    note = f"assumed {unnamed}: nothing names an environment"
    tier = unnamed == "production"
    reading.reads.append(Read(resource, ("production",), tier, "known", note=note, confidence="medium"))
    return tier


def _evidence(
    resource: Resource, identity: Value, deployment: Deployment, reading: Reading
) -> Iterator[tuple[bool | None, str]]:
    environments = deployment.environments
    if deployment.tier:
        yield deployment.tier == "production", f"the settings say that {deployment.name} is {deployment.tier}"
    for key, text in _tags(resource, environments, reading):
        yield tier_of(text, environments), f"tag {key} is {text}"
    environment = reading.resolve(deployment.environment)
    if isinstance(environment, bool):
        yield environment, f"the environment is {'production' if environment else 'another one'}"
    if isinstance(environment, str):
        yield tier_of(environment, environments), f"the environment is {environment}"
    for text in (identity, resource.address, *resource.names):
        if isinstance(text, str):
            yield tier_of(text, environments), f"it is called {text}"
    for folder in reversed(deployment.root.split("/")):
        yield tier_of(folder, environments), f"it stands in {deployment.root}"


def _tags(resource: Resource, environments: Environments, reading: Reading) -> Iterator[tuple[str, str]]:
    tags = reading.resolve(resource.properties.get("Tags"))
    if not isinstance(tags, Mapping):
        return
    by_word = {key.lower(): key for key in tags}
    for wanted in environments.tag_keys:
        key = by_word.get(wanted)
        value = reading.resolve(tags[key]) if key else None
        if key and isinstance(value, str):
            yield key, value


def asks_for_production(name: str, environments: Environments) -> bool:
    """Whether a truth of that name says that it is production: `is_prod`, `ProductionEnvironment`."""
    left = [word for word in words(name) if word not in _BESIDE_PRODUCTION]
    return len(left) == 1 and any(fnmatchcase(left[0], pattern) for pattern in environments.production)


def environment_of(variable: Variable, literals: tuple[str, ...], environments: Environments) -> Value:
    """What `Deployment.environment` holds where `variable` names the environment and the code knows `literals` of it.

    Each literal is itself. All others are not production where a literal is; otherwise nothing is known of them.
    """
    named = any(tier_of(literal, environments) for literal in literals)
    rest = (other_than(*literals), False if named else None)
    return choose(variable, [*((only(literal), literal) for literal in literals), rest])
