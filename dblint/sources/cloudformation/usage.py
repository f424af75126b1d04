"""How a template uses its parameters: which of them steer something, and with what they are compared.

A parameter steers where it stands in a comparison or in the key of a mapping. The literals that it is compared with
and the keys of the mappings that it selects from are the alternatives worth telling apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from dblint.records import dataclass, field
from dblint.sources.cloudformation.nodes import SCALAR, Node, function_of
from dblint.sources.cloudformation.template import Template, scalar_text
from dblint.sources.cloudformation.texts import names

# Keys of a mapping that are told apart; CloudFormation takes as many.
MOST_KEYS = 200

_COMPARISONS = ("Fn::Equals", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn")


@dataclass(slots=True)
class Use:
    """What steers by one parameter.

    `literals`: what it is compared with. `keys`: those of the mappings that it selects from. `required`: if it is none
    of these, a mapping that is surely asked has no entry for it, and nothing can be deployed.
    """

    literals: dict[str, None] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)
    required: frozenset[str] | None = None

    def require(self, keys: frozenset[str]) -> None:
        self.required = keys if self.required is None else self.required & keys

    def add(self, other: Use) -> None:
        """Takes over how a nested stack uses what it is given."""
        self.literals.update(other.literals)
        self.keys.update(other.keys)
        if other.required is not None:
            self.require(other.required)


Usage = dict[str, Use]


def usage_of(template: Template) -> Usage:
    """What steers in a template, by the name of the parameter or pseudo-parameter."""
    usage: Usage = {}
    for section in ("Conditions", "Rules", "Resources", "Outputs", "Globals"):
        for _, _, body in template.section(section):
            certain = section == "Resources" and body.get("Condition") is None
            for name, argument, surely in functions(body, certain):
                if name in _COMPARISONS:
                    _compare(usage, argument)
                elif name == "Fn::FindInMap":
                    _select(usage, template, argument, surely)
    return usage


def functions(node: Node, certain: bool) -> Iterator[tuple[str, Node, bool]]:
    """All functions in a node: name, argument, and whether it is evaluated in every deployment."""
    waiting = [(node, certain)]
    while waiting:
        node, surely = waiting.pop()
        found = function_of(node)
        if found:
            yield (*found, surely)
            waiting.append((found[1], surely and found[0] != "Fn::If"))
        else:
            waiting += [(item, surely) for item in node.items()]
            waiting += [(value, surely) for _, _, value in node.entries()]


def referred(node: Node) -> list[str]:
    """All names that a node refers to, in `Ref` and in the texts of `Fn::Sub`."""
    found: dict[str, None] = {}
    for name, argument, _ in functions(node, False):
        if name == "Ref" and argument.text:
            found[argument.text] = None
        elif name == "Fn::Sub":
            template = argument if argument.kind == SCALAR else next(iter(argument.items()), None)
            found.update(dict.fromkeys(names(template.text or "") if template else ()))
    return list(found)


def _compare(usage: Usage, argument: Node) -> None:
    literals = [text for operand in argument.items() for text in _literals(operand)]
    for operand in argument.items():
        for name in referred(operand):
            use = usage.setdefault(name, Use())
            if _is_reference(operand):
                use.literals.update(dict.fromkeys(literals))
            elif _asks_whether_empty(operand) and "" in literals:
                use.literals[""] = None


def _literals(operand: Node) -> list[str]:
    if operand.items():
        return [text for item in operand.items() if (text := scalar_text(item)) is not None]
    written = scalar_text(operand)
    return [] if written is None else [written]


def _is_reference(operand: Node) -> bool:
    """Whether the operand is the parameter itself, or a list of parameters."""
    found = function_of(operand)
    return (found is not None and found[0] == "Ref") or any(_is_reference(item) for item in operand.items())


def _asks_whether_empty(operand: Node) -> bool:
    """`!Join ["", !Ref List]` and `!Select [0, !Ref List]`, which templates compare with ""."""
    found = function_of(operand)
    if found is None or found[0] not in ("Fn::Join", "Fn::Select") or len(found[1].items()) != 2:
        return False
    return _is_reference(found[1].items()[1])


def _select(usage: Usage, template: Template, argument: Node, certain: bool) -> None:
    items = argument.items()
    if len(items) < 3:
        return
    for place, keys in zip((1, 2), _keys(template, items)):
        for name in referred(items[place]):
            use = usage.setdefault(name, Use())
            if _is_reference(items[place]) and keys:
                use.keys.update(dict.fromkeys(keys))
                if certain and len(items) == 3:
                    use.require(frozenset(keys))


def _keys(template: Template, items: list[Node]) -> tuple[list[str], list[str]]:
    """The keys of the mapping, and those of the row (of all rows, where which one is open)."""
    mapping = next((body for name, _, body in template.section("Mappings") if name == items[0].text), None)
    rows = [] if mapping is None or mapping.size > MOST_KEYS else list(mapping.entries())
    chosen = [row for key, _, row in rows if key == scalar_text(items[1])] or [row for _, _, row in rows]
    second = dict.fromkeys(key for row in chosen for key, _, _ in row.entries())
    return [key for key, _, _ in rows], list(second)
