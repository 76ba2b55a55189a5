"""Calling functions: arguments by parameter, then the function, then its error at the right place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.evaluate.place import start_of
from oxtui.template.hcl.evaluate.work import cost
from oxtui.template.hcl.functions.spec import ArgumentError, CallError, SpecialForm
from oxtui.template.hcl.suggest import did_you_mean
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import DYNAMIC, ListType, SetType, TupleType
from oxtui.template.hcl.values.value import (
    ValueTooLargeError,
    is_sensitive,
    is_wholly_known,
    unknown,
)

if TYPE_CHECKING:
    from oxtui.template.hcl.evaluate.errors import EvaluationError
    from oxtui.template.hcl.evaluate.evaluator import Evaluator
    from oxtui.template.hcl.evaluate.scope import Scope
    from oxtui.template.hcl.functions.spec import Function
    from oxtui.template.hcl.source import Span
    from oxtui.template.hcl.tree.expressions import Call
    from oxtui.template.hcl.values.value import Value

# Terraform functions that users of Packer reach for, and what Packer has instead.
_INSTEAD = {
    "tolist": "convert(value, list(any))",
    "toset": "convert(value, set(any))",
    "tomap": "convert(value, map(any))",
    "tostring": "convert(value, string)",
    "tonumber": "convert(value, number)",
    "tobool": "convert(value, bool)",
    "uuid": "uuidv4()",
    "filemd5": "md5(file(path))",
    "filesha1": "sha1(file(path))",
    "filesha256": "sha256(file(path))",
    "filesha512": "sha512(file(path))",
}


def call(evaluator: Evaluator, node: Call, scope: Scope) -> Value:
    """The result of a call. Raises EvaluationError and ValueTooLargeError."""
    function = scope.functions.get(node.name)
    if function is None:
        instead = _INSTEAD.get(node.name)
        hint = f" Packer has {instead}." if instead else did_you_mean(node.name, scope.functions)
        detail = f'There is no function named "{node.name}".{hint}'
        summary = "Call to unknown function"
        raise evaluator.failure("unknown_function", summary, detail, node.name_span)
    if isinstance(function, SpecialForm):
        return function.apply(evaluator, node, scope)
    arguments = [evaluator.value(argument, scope) for argument in node.arguments]
    places = [start_of(argument) for argument in node.arguments]
    if node.expand_last:
        last = _expanded(evaluator, node, arguments.pop())
        if last is None:
            return unknown(DYNAMIC)
        places += [places[-1]] * (len(last) - 1)
        arguments += last
    _check_count(evaluator, node, function, len(arguments), places)
    return _apply(evaluator, node, function, arguments, places, scope)


def _expanded(evaluator: Evaluator, node: Call, value: Value) -> list[Value] | None:
    place = start_of(node.arguments[-1])
    summary = "Invalid expanding argument value"
    if value.is_null:
        detail = "An argument that is expanded with ... must not be null."
        raise evaluator.failure("expansion", summary, detail, place)
    if value.type == DYNAMIC:
        return None
    if not isinstance(value.type, ListType | TupleType | SetType):
        detail = "An argument that is expanded with ... must be a list, a tuple or a set."
        raise evaluator.failure("expansion", summary, detail, place)
    if not value.is_known:
        return None
    return [item.marked(value.sensitive) for item in value.items]


def _check_count(
    evaluator: Evaluator, node: Call, function: Function, count: int, places: list[Span]
) -> None:
    wanted = len(function.parameters)
    if count < wanted:
        missing = function.parameters[count].name
        detail = f'{_expects(function)} Missing value for "{missing}".'
        raise evaluator.failure("arity", "Not enough function arguments", detail, node.close)
    if count > wanted and function.rest is None:
        place = places[min(wanted, len(places) - 1)]
        raise evaluator.failure("arity", "Too many function arguments", _expects(function), place)


def _expects(function: Function) -> str:
    count = len(function.parameters)
    least = "at least " if function.rest is not None else ""
    return f'Function "{function.name}" expects {least}{count} argument{"" if count == 1 else "s"}.'


def _apply(
    evaluator: Evaluator,
    node: Call,
    function: Function,
    arguments: list[Value],
    places: list[Span],
    scope: Scope,
) -> Value:
    evaluator.spend(cost(sum(argument.size for argument in arguments)), node.name_span)
    converted: list[Value] = []
    complete = True
    for position, argument in enumerate(arguments):
        parameter = function.parameter(position)
        if parameter is None:
            break
        try:
            value = convert(argument, parameter.type)
        except ConversionError as problem:
            detail = f'Invalid value for "{parameter.name}" parameter: {problem}.'
            raise _bad_argument(evaluator, detail, places[position]) from None
        if value.is_null and not parameter.nullable:
            detail = f'Invalid value for "{parameter.name}" parameter: argument must not be null.'
            raise _bad_argument(evaluator, detail, places[position])
        complete = complete and (value.is_known if parameter.partial else is_wholly_known(value))
        converted.append(value)
    sensitive = any(map(is_sensitive, arguments))
    hidden = "an argument is sensitive, so the reason is not shown"
    if not complete:
        return unknown(function.returns).marked(sensitive)
    try:
        result = function.implementation(converted)
    except ArgumentError as problem:
        parameter = function.parameter(problem.index)
        name = parameter.name if parameter is not None else "last"
        detail = f'Invalid value for "{name}" parameter: {hidden if sensitive else problem}.'
        place = places[problem.index] if problem.index < len(places) else node.close
        raise _bad_argument(evaluator, detail, place) from None
    except (CallError, ConversionError, ArithmeticError, ValueTooLargeError) as problem:
        raise call_failed(evaluator, node, hidden if sensitive else str(problem)) from None
    evaluator.spend(cost(result.size), node.name_span)
    result = result.marked(sensitive)
    if result.sensitive and isinstance(result.data, str):
        scope.note_secret(result.data)
    return result


def _bad_argument(evaluator: Evaluator, detail: str, place: Span) -> EvaluationError:
    return evaluator.failure("argument", "Invalid function argument", detail, place)


def call_failed(evaluator: Evaluator, node: Call, problem: str) -> EvaluationError:
    """The error of a call that fails as a whole, at the function's name."""
    detail = f'Call to function "{node.name}" failed: {problem.rstrip(".")}.'
    span = node.name_span._replace(end=node.open.end)
    return evaluator.failure("call_failed", "Error in function call", detail, span)
