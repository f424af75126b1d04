"""Evaluates templates: text with `${…}` and `%{…}`."""

from __future__ import annotations

from dblint.model import Choice, Variable
from dblint.records import replace
from dblint.sources.terraform.evaluation.expressions import condition, evaluate
from dblint.sources.terraform.evaluation.json_templates import document_of
from dblint.sources.terraform.evaluation.loops import is_unknown_collection, pairs
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.syntax import tree
from dblint.sources.terraform.syntax.tree import Node, Part
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.conversion import convert
from dblint.sources.terraform.values.derived import LONGEST_NAME, derived_variable
from dblint.sources.terraform.values.lifting import expanded, lift
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.unicode import normal
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value, error, string, unknown


def evaluate_template(node: tree.Template, scope: Scope) -> Evaluated:
    """A text; a template that is nothing but one `${…}` gives that value as it is."""
    wrapped = wrapped_by(node)
    return _joined(node.parts, scope) if wrapped is None else evaluate(wrapped, scope)


def wrapped_by(node: tree.Template) -> Node | None:
    """The expression of a template that is nothing but one `${…}`."""
    alone = node.parts[0] if len(node.parts) == 1 else ""
    return None if isinstance(alone, str) or _is_directive(alone) else alone


def _is_directive(part: Node) -> bool:
    return isinstance(part, (tree.IfDirective, tree.ForDirective))


def _joined(parts: tuple[Part, ...], scope: Scope) -> Evaluated:
    pieces = [string(part) if isinstance(part, str) else _piece(part, scope) for part in parts]
    if not pieces:
        return string("")
    return lift(_concatenated, *pieces)


def _piece(part: Node, scope: Scope) -> Evaluated:
    if isinstance(part, tree.IfDirective):
        return _if(part, scope)
    if isinstance(part, tree.ForDirective):
        return lift(lambda collection: _for(part, scope, collection), evaluate(part.collection, scope))
    return lift(_as_text, expanded(evaluate(part, scope)))


def _as_text(value: Value) -> Evaluated:
    if value.kind == "null":
        raise EvaluationError("null can not stand in a text")
    return convert(value, types.STRING)


def _if(part: tree.IfDirective, scope: Scope) -> Evaluated:
    truth = condition(part.condition, scope)
    if isinstance(truth, Choice):
        then, otherwise = _tried(part.then, scope), _tried(part.otherwise, scope)
        return lift(lambda chosen: then if chosen.data else otherwise, truth)
    return _joined(part.then if truth.data else part.otherwise, scope)


def _tried(parts: tuple[Part, ...], scope: Scope) -> Evaluated:
    """The text of the parts, or an error as a value."""
    try:
        return _joined(parts, scope)
    except EvaluationError as failure:
        return error(str(failure))


def _for(part: tree.ForDirective, scope: Scope, collection: Value) -> Evaluated:
    if collection.kind == "null":
        raise EvaluationError("a null value can not be iterated")
    if is_unknown_collection(collection):
        return combined(unknown("a text made of what is not known", types.STRING, is_set=True), collection)
    pieces = []
    for turn, (key, item) in enumerate(pairs(collection)):
        names: dict[str, Evaluated] = {part.variable: item}
        if part.key is not None:
            names[part.key] = key
        pieces.append(_joined(part.body, scope.with_names(names, f"{part.place[1]}.{turn}")))
    return lift(_concatenated, *pieces) if pieces else string("")


def _concatenated(*pieces: Value) -> Evaluated:
    if all(piece.kind == "string" for piece in pieces):
        return combined(string(normal("".join(piece.data for piece in pieces))), *pieces)
    hidden = next(piece for piece in pieces if piece.kind == "unknown")
    exposed = any(piece.data.exposed for piece in pieces if piece.kind == "unknown")
    made = unknown(hidden.data.because, types.STRING, is_set=True, variable=_variable(pieces, hidden), exposed=exposed)
    if document := document_of(pieces):
        made.data = replace(made.data, inner=document)
    return combined(made, *pieces)


def _variable(pieces: tuple[Value, ...], hidden: Value) -> Variable | None:
    """The identity of a text with unknown pieces, where each of these has one."""
    variables = [piece.data.variable for piece in pieces if piece.kind == "unknown"]
    if any(variable is None for variable in variables):
        return None
    texts = [piece.data if piece.kind == "string" else f"${{{piece.data.variable.key[2:]}}}" for piece in pieces]
    name = '"' + "".join(texts) + '"'
    if len(name) > LONGEST_NAME:
        return None
    at = next(i for i, piece in enumerate(pieces) if piece is hidden)
    before, after = "".join(texts[:at]), "".join(texts[at + 1 :])

    def solve(text: str) -> tuple[str, ...]:
        fits = text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after)
        return (text[len(before) : len(text) - len(after)],) if fits else ()

    others = [variable for variable in dict.fromkeys(variables) if variable != variables[0]]
    repeated = len(variables) > 1
    plain = hidden.type == types.STRING or hidden.type == types.ANY
    return derived_variable(variables[0], name, types.STRING, None if repeated or not plain else solve, others)
