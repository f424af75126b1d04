"""`Fn::ForEach`: entries of a mapping, written out once for each item of a collection.

A collection that a decision steers gives the entries of all its alternatives, each with the condition under which it
is there. One that is unknown gives its fragment once, as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dblint.choice import alternatives, lift
from dblint.model import Unknown, Value
from dblint.records import dataclass
from dblint.sources.cloudformation.nodes import LIST, MAP, SCALAR, Node, function_of
from dblint.sources.cloudformation.scope import Scope
from dblint.sources.cloudformation.values import all_hold, bare, text

MOST_ITEMS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One entry of a mapping. `exists`: True, a Choice, or Unknown where nobody knows for what items it is there.
    `kind`: the type of a resource as it is written, where that is another one than the body says."""

    name: str
    key: Node
    body: Node
    exists: Value = True
    kind: str = ""


def is_loop(key: str) -> bool:
    """Whether a key begins a loop."""
    return key.startswith("Fn::ForEach::")


def has_loops(mapping: Node) -> bool:
    """Whether a mapping holds a loop."""
    return any(is_loop(key) for key, _, _ in mapping.entries())


@dataclass(slots=True)
class _Budget:
    """How many items the loops of one mapping may still have."""

    left: int = MOST_ITEMS


def written_out(scope: Scope, mapping: Node) -> Iterator[Entry]:
    """The entries of a mapping, its loops written out; at most MOST_ITEMS items of them all."""
    return _entries(scope, mapping, _Budget())


def _entries(scope: Scope, mapping: Node, budget: _Budget) -> Iterator[Entry]:
    for name, key, body in mapping.entries():
        if is_loop(name):
            yield from _loop(scope, key, body, budget)
        else:
            yield Entry(name, key, body)


def _loop(scope: Scope, key: Node, body: Node, budget: _Budget) -> Iterator[Entry]:
    parts = body.items()
    if len(parts) != 3 or parts[0].text is None or parts[2].kind != MAP:
        scope.note("Fn::ForEach is not written as CloudFormation expects it", key, "unresolved")
        return
    collection = scope.value(parts[1])
    items = _items(collection)
    if items is None:
        yield from _unknown(scope, parts[2], collection, budget)
        return
    texts = lift(_texts, collection)
    for item in items:
        if budget.left <= 0:
            scope.note(f"Fn::ForEach has more than {MOST_ITEMS} items: the rest was not looked at", key, "limit")
            return
        budget.left -= 1
        exists = lift(lambda among, item=item: item in among, texts)
        fragment = substitute(parts[2], parts[0].text, item)
        yield from (_under(exists, entry) for entry in _entries(scope, fragment, budget))


def _items(collection: Value) -> list[str] | None:
    """All texts that may be in the collection; None where that is unknown."""
    found: dict[str, None] = {}
    for alternative in alternatives(collection):
        items = bare(alternative)
        if not isinstance(items, list) or any(isinstance(bare(item), (Unknown, list, dict)) for item in items):
            return None
        found.update(dict.fromkeys(text(bare(item)) for item in items if item is not None))
    return list(found)


def _texts(items: Value) -> frozenset[str]:
    return frozenset(text(bare(item)) for item in bare(items))


def _under(exists: Value, entry: Entry) -> Entry:
    return entry if exists is True else Entry(entry.name, entry.key, entry.body, all_hold([exists, entry.exists]))


def _unknown(scope: Scope, fragment: Node, collection: Value, budget: _Budget) -> Iterator[Entry]:
    known = bare(collection)
    because = known.because if isinstance(known, Unknown) else "the items of Fn::ForEach"
    for entry in _entries(scope, fragment, budget):
        yield Entry(entry.name, entry.key, entry.body, Unknown(because))


def substitute(node: Node, identifier: str, item: str) -> Node:
    """The node with the identifier replaced by an item: in all texts and keys, and where `Ref` asks for it.

    What does not change is shared.
    """
    holes = {f"${{{identifier}}}": item, f"&{{{identifier}}}": re.sub("[^A-Za-z0-9]", "", item)}
    return _Substitution(identifier, item, holes).of(node)


@dataclass(frozen=True, slots=True)
class _Substitution:
    identifier: str
    item: str
    holes: dict[str, str]

    def of(self, node: Node) -> Node:
        found = function_of(node)
        if found and found[0] == "Ref" and found[1].text == self.identifier:
            return Node(SCALAR, self.item, node.start, node.end, style='"')
        if node.kind == SCALAR:
            return self._with(node, self.text(node.value)) if isinstance(node.value, str) else node
        if node.kind == LIST:
            items = [self.of(item) for item in node.value]
            return node if all(a is b for a, b in zip(items, node.value)) else self._with(node, items)
        return self._mapping(node)

    def _mapping(self, node: Node) -> Node:
        entries = {self.text(key): (at, self.of(value)) for key, (at, value) in node.value.items()}
        unchanged = all(key in node.value and node.value[key][1] is value for key, (_, value) in entries.items())
        return node if unchanged and len(entries) == len(node.value) else self._with(node, entries)

    def text(self, written: str) -> str:
        for hole, item in self.holes.items():
            if hole in written:
                written = written.replace(hole, item)
        return written

    def _with(self, node: Node, value: object) -> Node:
        if value == node.value and node.kind == SCALAR:
            return node
        return Node(node.kind, value, node.start, node.end, node.function, node.style)
