"""Between values and plain Python data."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.types import DYNAMIC
from oxtui.template.hcl.values.value import (
    Value,
    boolean,
    null,
    object_of,
    string,
    tuple_of,
)
from oxtui.template.hcl.values.value import number as number_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MAX_DIGITS = 4000  # of an int; Python makes no longer ones from text

PythonValue: TypeAlias = (
    "str | int | float | Decimal | bool | list[PythonValue] | dict[str, PythonValue] | None"
)
PythonInput: TypeAlias = (
    "str | int | float | Decimal | bool | Sequence[PythonInput] | Mapping[str, PythonInput] | None"
)


class NotKnownError(ValueError):
    """A value, or something inside of it, is not known yet."""


def to_python(value: Value) -> PythonValue:
    """Plain data: whole numbers as int, others as float where that is exact in text, else Decimal.

    Raises NotKnownError for a value that is not wholly known.
    """
    data = value.data
    if isinstance(data, str | bool) or data is None:
        return data
    if isinstance(data, Number):
        return _from_number(data)
    if isinstance(data, tuple):
        return [to_python(item) for item in data]
    if isinstance(data, dict):
        return {name: to_python(item) for name, item in data.items()}
    raise NotKnownError("the value is not known yet")


def _from_number(number: Number) -> int | float | Decimal:
    if number.infinity or not number.is_integer:
        near = number.to_float()
        return near if number.infinity or repr(near) == str(number) else Decimal(str(number))
    if number.mantissa.bit_length() + number.exponent <= number.precision:
        return number.truncated()
    text = Decimal(str(number))  # more digits than it has precision: the text is what it means
    return int(text) if text.adjusted() < _MAX_DIGITS else text


def from_python(data: PythonInput) -> Value:
    """A value of plain data: sequences become tuples, mappings objects, None a null of any type.

    Raises ValueTooLargeError, and ArithmeticError for a float that is not a number.
    """
    if data is None:
        return null(DYNAMIC)
    if isinstance(data, bool):
        return boolean(data)
    if isinstance(data, str):
        return string(data)
    if isinstance(data, int):
        return number_value(numbers.from_int(data, max(numbers.LITERAL_BITS, data.bit_length())))
    if isinstance(data, float):
        return number_value(numbers.from_float(data))
    if isinstance(data, Decimal):
        return number_value(numbers.parse(str(data)))
    if isinstance(data, dict):
        return object_of({str(name): from_python(item) for name, item in data.items()})
    return tuple_of([from_python(item) for item in data])
