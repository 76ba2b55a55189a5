"""Functions on numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.powers import natural_logarithm, power
from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.types import DYNAMIC, NUMBER, STRING, ListType
from oxtui.template.hcl.values.value import list_of, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oxtui.template.hcl.values.value import Value

_NUM = Parameter("num", NUMBER)
_MAX_RANGE = 1024
_MAX_INTEGER_TEXT = 4000
_WORD_BITS = 63  # of a whole number that is kept in a machine word


def _on_number(name: str, change: Callable[[Number], Number]) -> Function:
    def implementation(arguments: Sequence[Value]) -> Value:
        return number(change(arguments[0].number))

    return Function(name, (_NUM,), implementation, returns=NUMBER)


def _whole(value: int) -> Number:
    return numbers.from_int(value, max(numbers.COUNT_BITS, value.bit_length()))


def _ceil(value: Number) -> Number:
    if value.infinity or value.is_integer:
        return _unsigned_zero(value)
    return _whole(value.truncated() + (value.mantissa > 0))


def _floor(value: Number) -> Number:
    if value.infinity or value.is_integer:
        return _unsigned_zero(value)
    return _whole(value.truncated() - (value.mantissa < 0))


def _abs(value: Number) -> Number:
    negative = value.mantissa < 0 or value.infinity < 0
    return -value if negative else _unsigned_zero(value)


def _unsigned_zero(value: Number) -> Number:
    return -value if value.negative_zero else value


def _signum(arguments: Sequence[Value]) -> Value:
    value = arguments[0].number
    if not value.is_integer or value.truncated().bit_length() > _WORD_BITS:
        raise CallError(f"a whole number of at most {_WORD_BITS} bits is required")
    return number((value.mantissa > 0) - (value.mantissa < 0))


def _extreme(choose: Callable[[Sequence[Number]], Number]) -> Callable[[Sequence[Value]], Value]:
    def implementation(arguments: Sequence[Value]) -> Value:
        if not arguments:
            raise CallError("must pass at least one number")
        return number(choose([argument.number for argument in arguments]))

    return implementation


def _log(arguments: Sequence[Value]) -> Value:
    value, base = (argument.number.to_float() for argument in arguments)
    try:
        bottom = _ln(base)
        quotient = _ln(value) / bottom if bottom else math.copysign(math.inf, _ln(value))
        return number(numbers.from_float(quotient))
    except ArithmeticError as problem:
        raise CallError(str(problem)) from None


def _ln(value: float) -> float:
    if value < 0:
        raise ArithmeticError("a negative number has no logarithm")
    if math.isinf(value):
        return value
    return natural_logarithm(value) if value else -math.inf


def _pow(arguments: Sequence[Value]) -> Value:
    value, exponent = (argument.number.to_float() for argument in arguments)
    try:
        finite = value and math.isfinite(value) and math.isfinite(exponent)
        result = power(value, exponent) if finite else math.pow(value, exponent)
        return number(numbers.from_float(result))
    except OverflowError:
        negative = value < 0 and exponent % 2 == 1
        return number(numbers.infinite(-1 if negative else 1, numbers.FLOAT_BITS))
    except ValueError:
        if value == 0:
            return number(numbers.infinite(1, numbers.FLOAT_BITS))
        raise CallError("the result is not a real number") from None


def _parseint(arguments: Sequence[Value]) -> Value:
    if arguments[0].type != STRING:
        raise ArgumentError(0, "a string is required")
    text, wanted = arguments[0].text, arguments[1].number
    base = wanted.truncated() if wanted.is_integer else 0
    if not 2 <= base <= 62:
        raise ArgumentError(1, "base must be a whole number between 2 and 62 inclusive")
    digits = text[1:] if text[:1] in ("+", "-") else text
    if len(digits) > _MAX_INTEGER_TEXT:
        raise ArgumentError(0, "the text is too long for a number")
    total = 0
    for character in digits:
        digit = _digit(character, base)
        if digit >= base:
            raise ArgumentError(0, f"this is not a whole number in base {base}")
        total = total * base + digit
    if not digits:
        raise ArgumentError(0, f"this is not a whole number in base {base}")
    return number(_whole(-total if text.startswith("-") else total))


def _digit(character: str, base: int) -> int:
    """A digit's value; up to base 36 case does not matter, above lower case comes first."""
    if "0" <= character <= "9":
        return ord(character) - ord("0")
    if "a" <= character <= "z":
        return ord(character) - ord("a") + 10
    if "A" <= character <= "Z":
        return ord(character) - ord("A") + (10 if base <= 36 else 36)
    return base


def _range(arguments: Sequence[Value]) -> Value:
    given = [argument.number for argument in arguments]
    if not 1 <= len(given) <= 3:
        raise CallError("must have one, two or three arguments")
    zero, one = numbers.from_int(0), numbers.from_int(1)
    start, end = (zero, given[0]) if len(given) == 1 else (given[0], given[1])
    step = given[2] if len(given) == 3 else one if start <= end else -one
    if any(value.infinity for value in (start, end, step)):
        raise CallError("start, end and step must be finite")
    if step == zero:
        raise CallError("step must not be zero")
    upwards = step > zero
    if start != end and upwards != (start < end):
        direction = "less" if step < zero else "greater"
        raise CallError(f"end must be {direction} than start for this step")
    items: list[Value] = []
    while start < end if upwards else end < start:
        if len(items) >= _MAX_RANGE:
            raise CallError(f"more than {_MAX_RANGE} values were generated")
        items.append(number(start))
        start = start + step
    return list_of(NUMBER, items)


FUNCTIONS: Final = (
    _on_number("abs", _abs),
    _on_number("ceil", _ceil),
    _on_number("floor", _floor),
    Function("signum", (_NUM,), _signum, returns=NUMBER),
    Function("max", (), _extreme(max), rest=Parameter("numbers", NUMBER), returns=NUMBER),
    Function("min", (), _extreme(min), rest=Parameter("numbers", NUMBER), returns=NUMBER),
    Function("log", (_NUM, Parameter("base", NUMBER)), _log, returns=NUMBER),
    Function("pow", (_NUM, Parameter("power", NUMBER)), _pow, returns=NUMBER),
    Function(
        "parseint",
        (Parameter("number", DYNAMIC), Parameter("base", NUMBER)),
        _parseint,
        returns=NUMBER,
    ),
    Function("range", (), _range, rest=Parameter("params", NUMBER), returns=ListType(NUMBER)),
)
