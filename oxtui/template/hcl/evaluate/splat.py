"""`[*]` and `.*`: the same steps into each element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.evaluate.access import AccessError
from oxtui.template.hcl.evaluate.work import cost
from oxtui.template.hcl.values.types import DYNAMIC, ListType, SetType, TupleType
from oxtui.template.hcl.values.value import list_of, tuple_of, unknown

if TYPE_CHECKING:
    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.tree.expressions import SplatStep
    from oxtui.template.hcl.values.value import Value


def splat(evaluator: Evaluator, value: Value, step: SplatStep, scope: Scope) -> Value:
    """The results for each element; a value that is no sequence counts as one of one, null as empty.

    Raises AccessError and EvaluationError.
    """
    kind = value.type
    sequence = isinstance(kind, ListType | SetType | TupleType)
    if value.is_null:
        if sequence:
            detail = "A splat (the * sign) cannot go over a list that is null."
            raise AccessError("index", "Splat of null value", detail)
        return tuple_of([]).marked(value.sensitive)
    if not value.is_known and (kind == DYNAMIC or sequence):
        return unknown().marked(value.sensitive)
    items = value.items if sequence else (value,)
    evaluator.spend(len(items) + cost(value.size), step.span)
    results = [evaluator.steps_into(item, step.each, scope) for item in items]
    if isinstance(kind, ListType | SetType):
        kinds = {result.type for result in results}
        if len(kinds) == 1:
            return list_of(kinds.pop(), results).marked(value.sensitive)
        if not results:
            return list_of(DYNAMIC, []).marked(value.sensitive)
    return tuple_of(results).marked(value.sensitive)
