"""Arithmetic, comparison and logic on values. Callers turn what is raised into messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.values.compare import equal
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, NUMBER
from oxtui.template.hcl.values.value import boolean, number, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.template.hcl.values.number import Number
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

_ARITHMETIC: Final[dict[str, Callable[[Number, Number], Number]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
}
_COMPARISON: Final[dict[str, Callable[[Number, Number], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_LOGIC: Final = {"&&": False, "||": True}


class OperandError(ValueError):
    """An operand has the wrong type; `side` is `left`, `right` or `unary`."""

    def __init__(self, side: str, problem: str) -> None:
        self.side = side
        super().__init__(problem)


class NullOperandError(ValueError):
    """An operand is null."""

    def __init__(self) -> None:
        super().__init__("the operand must not be null")


def _operand(value: Value, kind: Type, side: str) -> Value:
    try:
        return convert(value, kind)
    except ConversionError as problem:
        raise OperandError(side, str(problem)) from None


def binary(operator: str, left: Value, right: Value) -> Value:
    """Applies an operator to two values; `&&` and `||` only once neither side alone decides.

    Raises OperandError, NullOperandError, and ArithmeticError where there is no result.
    """
    sensitive = left.sensitive or right.sensitive
    if operator in ("==", "!="):
        result = equal(left, right)
        if result is None:
            return unknown(BOOL).marked(sensitive)
        return boolean(result == (operator == "==")).marked(sensitive)
    wanted = BOOL if operator in _LOGIC else NUMBER
    a, b = _operand(left, wanted, "left"), _operand(right, wanted, "right")
    if a.is_null or b.is_null:
        raise NullOperandError
    comparing = operator in _COMPARISON
    if not a.is_known or not b.is_known:
        return unknown(BOOL if comparing or operator in _LOGIC else NUMBER).marked(sensitive)
    if comparing:
        return boolean(_COMPARISON[operator](a.number, b.number)).marked(sensitive)
    if operator in _LOGIC:
        either = a.truth or b.truth
        return boolean(either if _LOGIC[operator] else a.truth and b.truth).marked(sensitive)
    return number(_ARITHMETIC[operator](a.number, b.number)).marked(sensitive)


def decides(operator: str, side: Value) -> bool:
    """Whether one side alone settles `&&` (by being false, or null) or `||` (by being true)."""
    if operator not in _LOGIC or not side.is_known:
        return False
    try:
        value = convert(side, BOOL)
    except ConversionError:
        return False
    if value.is_null:
        return operator == "&&"
    return value.truth is _LOGIC[operator]


def unary(operator: str, value: Value) -> Value:
    """Applies `-` or `!`. Raises OperandError and NullOperandError."""
    operand = _operand(value, BOOL if operator == "!" else NUMBER, "unary")
    if operand.is_null:
        raise NullOperandError
    if not operand.is_known:
        return operand
    result = boolean(not operand.truth) if operator == "!" else number(-operand.number)
    return result.marked(value.sensitive)
