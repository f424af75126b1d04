"""Which root variables are decisions of somebody who deploys: those whose validation lists their values, and those
that name the environment."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.choice import only
from dblint.environment import asks_for_production, tier_of, words
from dblint.model import Environments, Scalar, Variable
from dblint.sources.terraform.evaluation.scope import ModuleInstance
from dblint.sources.terraform.syntax.text import Block
from dblint.sources.terraform.syntax.tree import Binary, Call, Literal, Node, Reference, Tuple
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.lifting import choose, primitive, scalar
from dblint.sources.terraform.values.trail import Through
from dblint.sources.terraform.values.types import BOOL, Type
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value, altered, unknown

# Names of variables whose value names the environment: these, and what ends in the last two words ("aws_environment").
_ENVIRONMENT_NAMES = frozenset(("env", "environment", "stage", "tier"))
_ENDINGS = ("_env", "_environment")


def decision_of(module: ModuleInstance, name: str, block: Block, type: Type) -> Evaluated | None:
    """The value of a root variable that nothing gives a value to, where that is somebody's choice; None where it is
    just its default, or unknown."""
    run = module.run
    listed = listed_values(name, block)
    speaks = any(isinstance(value, str) and tier_of(value, run.environments) is not None for value in listed)
    named = speaks or names_environment(name, block)
    has_default = "default" in block.body.arguments
    if name in run.pinned:
        return _pinned(name, block, run.pinned[name])
    if listed and (speaks or not has_default):
        return _listed(name, block, type, listed, named)
    if named and not has_default:
        identity = Variable(f"0 var.{name}", name, real=True, names_environment=True)
        made = unknown(f"var.{name}", type, is_set=True, variable=identity, exposed=True)
        return altered(made, trail=Through(None, block.place, f"variable {name} has no value"))
    if type == BOOL and not has_default and asks_for_production(name, run.environments):
        identity = Variable(f"0 var.{name}", name, real=True, domain=(True, False))
        made = unknown(f"var.{name}", type, is_set=True, variable=identity)
        return altered(made, trail=Through(None, block.place, f"variable {name} has no value"))
    return None


def _pinned(name: str, block: Block, text: str) -> Value:
    return altered(primitive(text), trail=Through(None, block.place, f"variable {name} is {text} in this scenario"))


def _listed(name: str, block: Block, type: Type, listed: tuple[Scalar, ...], named: bool) -> Evaluated:
    """A choice between the values that the validation lists."""
    domain = tuple(listed)
    identity = Variable(f"{0 if named else 1} var.{name}", name, real=True, domain=domain, names_environment=named)
    trail = Through(None, block.place, f"values of variable {name}")
    parts = []
    for value in domain:
        try:
            leaf = convert(altered(primitive(value), trail=trail), type)
        except EvaluationError:
            return unknown(f"var.{name}", type)
        parts.append((only(value), leaf))
    return choose(identity, parts)


def is_environment_name(name: str) -> bool:
    plain = name.lower().removesuffix("_name").removesuffix("_type")
    return plain in _ENVIRONMENT_NAMES or plain.endswith(_ENDINGS)


def names_environment(name: str, block: Block) -> bool:
    """Whether a variable's value names the environment, by its name; a map of that name does not."""
    argument = block.body.arguments.get("type")
    text = "" if argument is None else _source(argument.value_place)
    return is_environment_name(name) and "(" not in text and "map" not in text


def listed_values(name: str, block: Block) -> tuple[Scalar, ...]:
    """The values that some validation of the variable allows, where it lists them."""
    for inner in block.body.blocks:
        argument = inner.body.arguments.get("condition") if inner.type == "validation" else None
        if argument is None or f"var.{name}" not in _source(argument.value_place):
            continue
        listed = tuple(dict.fromkeys(_alternatives(name, argument.expression)))
        if listed:
            return listed
    return ()


def _source(place: tuple[object, int, int]) -> str:
    text, start, end = place
    return text.text[start:end]  # type: ignore[attr-defined,no-any-return]


def _alternatives(name: str, node: Node) -> Iterator[Scalar]:
    """The values of `contains([…], var.x)`, of `var.x == a || var.x == b` and of `can(regex("^(a|b)$", var.x))`; none
    where it says more than that."""
    if isinstance(node, Call) and node.name == "can" and len(node.arguments) == 1:
        yield from _matched(name, node.arguments[0])
    elif isinstance(node, Call) and node.name == "contains" and len(node.arguments) == 2:
        yield from _contained(name, *node.arguments)
    elif isinstance(node, Binary) and node.operator == "||":
        left, right = tuple(_alternatives(name, node.left)), tuple(_alternatives(name, node.right))
        yield from (*left, *right) if left and right else ()
    elif isinstance(node, Binary) and node.operator == "==":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if _is_variable(one, name) and isinstance(other, Literal) and other.value.kind != "null":
                yield scalar(other.value)


def _contained(name: str, collection: Node, wanted: Node) -> Iterator[Scalar]:
    if isinstance(collection, Call) and collection.name in ("toset", "tolist") and collection.arguments:
        collection = collection.arguments[0]
    if not _is_variable(wanted, name) or not isinstance(collection, Tuple):
        return
    if all(isinstance(item, Literal) and item.value.kind != "null" for item in collection.items):
        yield from (scalar(item.value) for item in collection.items if isinstance(item, Literal))


def _matched(name: str, node: Node) -> Iterator[Scalar]:
    """The texts that a pattern lists."""
    import re

    if not isinstance(node, Call) or node.name != "regex" or len(node.arguments) != 2:
        return
    pattern, wanted = node.arguments
    if _is_variable(wanted, name) and isinstance(pattern, Literal) and pattern.value.kind == "string":
        listed = re.fullmatch(r"\^\((?:\?:)?([\w|-]+)\)\$", pattern.value.data)
        yield from listed[1].split("|") if listed else ()


def _is_variable(node: Node, name: str) -> bool:
    return isinstance(node, Reference) and node.name == "var" and node.steps == (name,)


_LITERAL = r'"([A-Za-z][\w.-]{1,30})"|(?:[{,]|^)[ \t]*([A-Za-z][\w-]{1,30})[ \t]*[=:](?!=)'


# What stands around a text that something is chosen by: a comparison, a list that may contain it, a key.
_CHOSEN_BEFORE = r"(?:[=!]=[ \t]*|contains\([ \t]*\[[^\]]{0,200})$"
_CHOSEN_AFTER = r"[ \t]*(?:[=!]=|[=:])"


def environment_literals(texts: list[str], environments: Environments) -> tuple[str, ...]:
    """The texts in quotes and the keys of a module's files that name an environment. A key of several words is the name
    of something else (`is_prod = …`), and so is a text of several that chooses nothing (`name = "orders-prod"`). Where
    something is chosen by a word for production, words for it that choose nothing (an alias called "live") are none of
    an environment."""
    import re

    found: dict[str, bool] = {}
    for text in texts:
        for match in re.finditer(_LITERAL, text, re.MULTILINE):
            word = match[1] or match[2]
            if is_environment_name(word) or len(words(word)) > (2 if match[1] else 1):
                continue
            if tier_of(word, environments) is not None:
                before, after = text[max(0, match.start() - 240) : match.start()], text[match.end() :]
                chosen = match[2] or re.search(_CHOSEN_BEFORE, before) or re.match(_CHOSEN_AFTER, after)
                if chosen or len(words(word)) == 1:
                    found[word] = found.get(word, False) or bool(chosen)
    decisive = any(chosen and tier_of(word, environments) for word, chosen in found.items())
    kept = (word for word, chosen in found.items() if chosen or not decisive or not tier_of(word, environments))
    return tuple(sorted(kept))
