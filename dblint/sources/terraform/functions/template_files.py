"""Templates that stand in a file or a text of their own, filled with the variables that are handed to them."""

from __future__ import annotations

from dblint.sources.terraform.evaluation.expressions import evaluate
from dblint.sources.terraform.evaluation.scope import Scope
from dblint.sources.terraform.limits import LimitReached
from dblint.sources.terraform.syntax.scan import ScanError
from dblint.sources.terraform.syntax.template import template
from dblint.sources.terraform.syntax.text import Text
from dblint.sources.terraform.values.access import element_of
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, Value

_DEEPEST = 8


def filled(scope: Scope, path: str, text: str, variables: Value) -> Evaluated:
    """The template with the variables. Raises EvaluationError."""
    if variables.kind not in ("object", "map"):
        raise EvaluationError("the variables of a template must be an object")
    depth = scope.mark.count("template")
    if depth > _DEEPEST:
        raise LimitReached("templates fill one another too deeply")
    errors: list[str] = []
    allowance = scope.module.run.project.allowance
    source = Text(path, text, lambda problem: errors.append(problem.message), allowance)
    try:
        node = template(source, (0, len(text)), (0, len(text)))
    except (ScanError, RecursionError) as error:
        raise EvaluationError(f"the template can not be read: {error}") from None
    if errors:
        raise EvaluationError(f"the template can not be read: {errors[0]}")
    names = {name: element_of(variables, value) for name, value in variables.data.items()}
    inner = Scope(scope.module, names=names, mark=f"{scope.mark}/template", sealed=True)
    return evaluate(node, inner)
