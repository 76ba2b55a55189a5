"""Choosing by a condition: conditional expressions and `%{ if }`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.hcl.evaluate.work import cost
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, DYNAMIC, friendly
from oxtui.template.hcl.values.unify import unify
from oxtui.template.hcl.values.value import unknown

if TYPE_CHECKING:
    from oxtui.template.hcl.evaluate.errors import EvaluationError
    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.expressions import Expression
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

Branch: TypeAlias = "tuple[Value, EvaluationError | None]"


def choose(
    evaluator: Evaluator,
    condition: Expression,
    branches: tuple[Branch, Branch],
    span: Span,
    scope: Scope,
) -> Value:
    """The first branch if the condition is true, else the second, as the type that both can be.

    A branch that failed only fails the whole if it is chosen. Raises EvaluationError.
    """
    (then, _), (otherwise, _) = branches
    evaluator.spend(cost(then.size + otherwise.size), span)
    kind = _common_type(then, otherwise)
    if kind is None:
        detail = (
            "Both results of a conditional must have one type; these are "
            f"{friendly(then.type)} and {friendly(otherwise.type)}."
        )
        summary = "Inconsistent conditional result types"
        raise evaluator.failure("condition_types", summary, detail, span)
    test = truth(evaluator, condition, scope)
    if not test.is_known:
        return unknown(kind).marked(test.sensitive)
    value, problem = branches[0 if test.truth else 1]
    if problem is not None:
        raise problem
    try:
        return convert(value, kind).marked(test.sensitive)
    except ConversionError as wrong:
        detail = f"The result cannot become a {friendly(kind)}: {wrong}."
        summary = "Inconsistent conditional result types"
        raise evaluator.failure("condition_types", summary, detail, span) from None


def _common_type(then: Value, otherwise: Value) -> Type | None:
    if then.is_null and then.type == DYNAMIC:
        return otherwise.type
    if otherwise.is_null and otherwise.type == DYNAMIC:
        return then.type
    return unify([then.type, otherwise.type])


def truth(evaluator: Evaluator, condition: Expression, scope: Scope) -> Value:
    """A condition's value as a bool, perhaps unknown. Raises EvaluationError."""
    value = evaluator.value(condition, scope)
    if value.is_null:
        detail = "The condition is null; it must be true or false."
        raise evaluator.failure("condition", "Null condition", detail, condition.span)
    try:
        return convert(value, BOOL)
    except ConversionError as problem:
        detail = f"The condition must be true or false: {problem}."
        summary = "Incorrect condition type"
        raise evaluator.failure("condition", summary, detail, condition.span) from None
