"""Functions that look at their arguments before these are evaluated: try, can, convert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.evaluate.calls import call_failed
from oxtui.template.hcl.evaluate.place import start_of
from oxtui.template.hcl.evaluate.typespec import TypeReader
from oxtui.template.hcl.functions.spec import SpecialForm
from oxtui.template.hcl.values.convert import ConversionError
from oxtui.template.hcl.values.convert import convert as convert_value
from oxtui.template.hcl.values.types import BOOL
from oxtui.template.hcl.values.value import boolean, is_wholly_known, unknown

if TYPE_CHECKING:
    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.tree.expressions import Call
    from oxtui.template.hcl.values.value import Value


def _try(evaluator: Evaluator, node: Call, scope: Scope) -> Value:
    """The first argument that has a value."""
    if not node.arguments:
        raise call_failed(evaluator, node, "at least one argument is required")
    problems: list[str] = []
    for argument in node.arguments:
        value, problem = evaluator.attempt(argument, scope)
        if problem is None:
            return value if is_wholly_known(value) else unknown().marked(value.sensitive)
        problems += [str(diagnostic) for diagnostic in problem.diagnostics]
    text = "no argument has a value: " + "; ".join(problems)
    raise call_failed(evaluator, node, text)


def _can(evaluator: Evaluator, node: Call, scope: Scope) -> Value:
    """Whether the argument has a value."""
    _require(evaluator, node, 1)
    value, problem = evaluator.attempt(node.arguments[0], scope)
    if problem is None and not is_wholly_known(value):
        return unknown(BOOL)
    return boolean(problem is None)


def _convert(evaluator: Evaluator, node: Call, scope: Scope) -> Value:
    """A value as one of the type that the second argument spells."""
    _require(evaluator, node, 2)
    value = evaluator.value(node.arguments[0], scope)
    kind, _ = TypeReader(evaluator, scope, optionals=False).read(node.arguments[1])
    try:
        return convert_value(value, kind)
    except ConversionError as problem:
        detail = f'Invalid value for "value" parameter: {problem}.'
        place = start_of(node.arguments[0])
        raise evaluator.failure("argument", "Invalid function argument", detail, place) from None


def _require(evaluator: Evaluator, node: Call, count: int) -> None:
    found = len(node.arguments)
    if found == count:
        return
    few = found < count
    detail = f'Function "{node.name}" expects {count} argument{"s" if count > 1 else ""}.'
    summary = "Not enough function arguments" if few else "Too many function arguments"
    place = node.close if few else start_of(node.arguments[count])
    raise evaluator.failure("arity", summary, detail, place)


FORMS: Final = (
    SpecialForm("try", _try),
    SpecialForm("can", _can),
    SpecialForm("convert", _convert),
)
