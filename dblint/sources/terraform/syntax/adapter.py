"""From python-hcl2's raw parse tree of one expression to ours.

The tree has the rule names of its grammar (hcl2.lark); a test fails loudly where one of them changes. Texts,
identifiers and keys are read again from the original by their offsets.
"""

from __future__ import annotations

from dblint.patterns import pattern
from dblint.sources.terraform.limits import LONGEST_CHAIN, LimitReached
from dblint.sources.terraform.syntax import template
from dblint.sources.terraform.syntax.building import Step, negated, over, parenthesised, splatted, stepped
from dblint.sources.terraform.syntax.tree import (
    Binary,
    Call,
    Conditional,
    For,
    Literal,
    Node,
    Object,
    Reference,
    Tuple,
)
from dblint.sources.terraform.values import number as numbers
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OPERATORS = {
    "DOUBLE_PIPE": "||",
    "DOUBLE_AMP": "&&",
    "DOUBLE_EQ": "==",
    "NEQ": "!=",
    "LT": "<",
    "GT": ">",
    "LEQ": "<=",
    "GEQ": ">=",
    "PLUS": "+",
    "MINUS": "-",
    "ASTERISK": "*",
    "SLASH": "/",
    "PERCENT": "%",
}
_WORD = pattern(r"[^\W\d](?:[\w-]|\s*::\s*[^\W\d])*")
_BARE_KEY = pattern(r"[^\W\d][\w-]*\Z")


class Adapter:
    """`offset`: what to add to an offset of the parsed text for one of the original."""

    def __init__(self, text: Any, offset: int, unary: dict[int, str]) -> None:
        self._text = text
        self._offset = offset
        self._unary = unary
        self._depth = 0

    def expression(self, tree: Any) -> Node:
        """The node of a rule that is an expression. Raises ScanError and LimitReached."""
        self._depth += 1
        if self._depth > LONGEST_CHAIN:
            raise LimitReached("an expression is nested too deeply")
        made: Node = getattr(self, f"_{tree.data}")(tree)
        self._depth -= 1
        return made

    def _place(self, start: int, end: int) -> tuple[Any, int, int]:
        return self._text, start, end

    def _start(self, token: Any) -> int:
        return int(token.start_pos) + self._offset

    def _end(self, token: Any) -> int:
        return int(token.end_pos) + self._offset

    def _expr_term(self, tree: Any) -> Node:
        children = _kept(tree)
        if not _is_token(children[0]):
            return self.expression(children[0])
        inner = self.expression(children[1])
        return parenthesised(inner, self._place(self._start(children[0]), self._end(children[-1])))

    def _conditional(self, tree: Any) -> Node:
        condition, then, otherwise = (self.expression(child) for child in _kept(tree) if not _is_token(child))
        return Conditional(over(condition, otherwise), condition, then, otherwise)

    def _binary_op(self, tree: Any) -> Node:
        """A chain of operators of one level, from the left; as a loop, since chains get long."""
        terms = []
        while tree.data == "binary_op":
            left, term = _kept(tree)
            terms.append(term)
            tree = left
        if len(terms) > LONGEST_CHAIN:
            raise LimitReached("an expression has too many operators")
        made = self.expression(tree)
        for term in reversed(terms):
            operator, right = _kept(term)
            node = self.expression(right)
            made = Binary(over(made, node), _OPERATORS[operator.children[0].type], made, node)
        return made

    def _unary_op(self, tree: Any) -> Node:
        operator, operand = _kept(tree)
        position = self._end(operator) - 1
        made = self.expression(operand)
        for sign in reversed(self._unary.get(position, str(operator).strip())):
            made = negated(sign, made, self._place(position, made.place[2]))
        return made

    def _int_lit(self, tree: Any) -> Node:
        token = tree.children[0]
        return Literal(self._place(self._start(token), self._end(token)), Value("number", numbers.parse(str(token))))

    _float_lit = _int_lit

    def _literal_value(self, tree: Any) -> Node:
        token = tree.children[0]
        kind, data = {"TRUE": ("bool", True), "FALSE": ("bool", False), "NULL": ("null", None)}[token.type]
        return Literal(self._place(self._start(token), self._end(token)), Value(kind, data))

    def _string(self, tree: Any) -> Node:
        start = self._start(tree.children[0])
        end = self._end(tree.children[-1])
        reader = template.heredoc if self._text.text[start] == "<" else template.quoted
        read = reader(self._text, start, end)
        assert read is not None
        return read[0]

    def _identifier(self, tree: Any) -> Node:
        token = tree.children[0]
        return Reference(self._place(self._start(token), self._end(token)), self._word(token), ())

    def _word(self, token: Any) -> str:
        """A word as it stands in the original."""
        return normal(self._text.text[self._start(token) : self._end(token)].strip())

    def _tuple(self, tree: Any) -> Node:
        items = tuple(self.expression(child) for child in _kept(tree) if not _is_token(child))
        return Tuple(self._place(self._start(tree.children[0]), self._end(tree.children[-1])), items)

    def _object(self, tree: Any) -> Node:
        items = tuple(self._item(child) for child in _kept(tree) if not _is_token(child))
        return Object(self._place(self._start(tree.children[0]), self._end(tree.children[-1])), items)

    def _item(self, tree: Any) -> tuple[Node, Node]:
        key, value = (child for child in _kept(tree) if not _is_token(child))
        return self._key(_kept(key)[0]), self.expression(value)

    def _key(self, tree: Any) -> Node:
        """A bare word is a text; what stands in parentheses is an expression."""
        if tree.data == "expr_term" and _is_token(_kept(tree)[0]):
            return self.expression(tree)
        node = self._identifier(tree) if tree.data == "keyword" else self.expression(tree)
        if type(node) is Reference and not node.steps:
            return Literal(node.place, Value("string", node.name))
        if isinstance(node, Literal) and node.value.kind in ("bool", "null"):
            text, start, end = node.place
            word = text.text[start:end]
            return Literal(node.place, Value("string", word)) if _BARE_KEY.match(word) else node
        return node

    def _function_call(self, tree: Any) -> Node:
        children = _kept(tree)
        token = children[0].children[0]
        word = _WORD.match(self._text.text, self._start(token))
        assert word is not None
        name = "::".join(part.strip() for part in word[0].split("::"))
        listed = next((child for child in children if not _is_token(child) and child.data == "arguments"), None)
        parts = _kept(listed) if listed is not None else []
        arguments = tuple(self.expression(child) for child in parts if not _is_token(child))
        expands = bool(parts) and _is_token(parts[-1]) and parts[-1].type == "ELLIPSIS"
        return Call(self._place(self._start(token), self._end(children[-1])), name, arguments, expands)

    def _get_attr_expr_term(self, tree: Any) -> Node:
        base, step = _kept(tree)
        return stepped(self.expression(base), self._step(step))

    _index_expr_term = _get_attr_expr_term

    def _step(self, step: Any) -> Step:
        last = step.children[-1]
        end = self._end(last if _is_token(last) else last.children[0])
        return self._step_key(step), end, step.data in ("get_attr", "short_index")

    def _step_key(self, step: Any) -> str | Node:
        if step.data == "get_attr":
            return self._word(step.children[1].children[0])
        if step.data == "short_index":
            token = step.children[1]
            place = self._place(self._start(token), self._end(token))
            return Literal(place, Value("number", numbers.parse(str(token))))
        return self.expression(next(child for child in _kept(step) if not _is_token(child)))

    def _full_splat_expr_term(self, tree: Any) -> Node:
        return self._splat(tree, full=True)

    def _attr_splat_expr_term(self, tree: Any) -> Node:
        return self._splat(tree, full=False)

    def _splat(self, tree: Any, full: bool) -> Node:
        base, splat = _kept(tree)
        sign, *steps = splat.children
        made, place = self.expression(base), self._place(self._start(sign), self._end(sign))
        return splatted(made, place, [self._step(step) for step in steps], full=full)

    def _for_tuple_expr(self, tree: Any) -> Node:
        return self._for(tree, grouped=False)

    def _for_object_expr(self, tree: Any) -> Node:
        return self._for(tree, grouped=any(_is_token(c) and c.type == "ELLIPSIS" for c in tree.children))

    def _for(self, tree: Any, grouped: bool) -> Node:
        children = [child for child in _kept(tree) if not _is_token(child)]
        intro, rest = children[0], children[1:]
        condition = None
        if rest[-1].data == "for_cond":
            condition = self.expression(next(c for c in _kept(rest.pop()) if not _is_token(c)))
        *names, collection = (child for child in _kept(intro) if not _is_token(child))
        words = [self._word(name.children[0]) for name in names]
        pair = (words[0], words[1]) if len(words) == 2 else (None, words[0])
        source = self.expression(collection)
        results = [self.expression(child) for child in rest]
        place = self._place(self._start(tree.children[0]), self._end(tree.children[-1]))
        key = results[0] if len(results) == 2 else None
        return For(place, pair, source, key, results[-1], condition, grouped)


def _is_token(child: Any) -> bool:
    return not hasattr(child, "children")


def _kept(tree: Any) -> list[Any]:
    """The children of a rule without newlines and comments."""
    return [child for child in tree.children if child is not None and not _is_newline(child)]


def _is_newline(child: Any) -> bool:
    return getattr(child, "data", None) == "new_line_or_comment" or getattr(child, "type", "") == "NL_OR_COMMENT"
