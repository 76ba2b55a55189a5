"""JSON as Go's encoder writes it: sorted keys, numbers in full, HTML's special characters escaped."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

from oxtui.template.hcl.functions.spec import CallError, Function, Parameter
from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.types import DYNAMIC, STRING
from oxtui.template.hcl.values.value import (
    Value,
    boolean,
    null,
    number,
    object_of,
    string,
    tuple_of,
)
from oxtui.template.json.strings import write_string

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALSO: Final = "<>&\u2028\u2029"
"""What means something in HTML or ends a line of JavaScript."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def quoted(text: str) -> str:
    """A JSON string."""
    return write_string(text, _ALSO)


def encode(value: Value) -> str:
    """A wholly known value as JSON. Raises CallError for an infinite number."""
    data = value.data
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str):
        return quoted(data)
    if isinstance(data, Number):
        if data.infinity:
            raise CallError("JSON has no infinite numbers")
        return str(data)
    if isinstance(data, tuple):
        return "[" + ",".join(map(encode, data)) + "]"
    if isinstance(data, dict):
        pairs = (f"{quoted(name)}:{encode(item)}" for name, item in data.items())
        return "{" + ",".join(pairs) + "}"
    raise CallError("the value is not known yet")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def decode(text: str) -> Value:
    """A value of JSON text: arrays become tuples. Raises CallError."""
    try:
        data = json.loads(
            text,
            parse_int=numbers.parse,
            parse_float=numbers.parse,
            parse_constant=_no_constant,
        )
        return _value(data)
    except RecursionError:
        raise CallError("the JSON is nested too deeply") from None
    except json.JSONDecodeError as problem:
        raise CallError(f"this is not JSON: {problem.msg} at character {problem.pos}") from None
    except ValueError as problem:
        raise CallError(f"this is not JSON: {problem}") from None


def _value(data: object) -> Value:
    if data is None:
        return null()
    if isinstance(data, bool):
        return boolean(data)
    if isinstance(data, Number):
        return number(data)
    if isinstance(data, str):
        return string(_SURROGATE.sub("\ufffd", data))
    if isinstance(data, dict):
        return object_of({name: _value(item) for name, item in data.items()})
    if isinstance(data, list):
        return tuple_of([_value(item) for item in data])
    raise CallError(f"JSON has no {type(data).__name__}")


def _jsonencode(arguments: Sequence[Value]) -> Value:
    return string(encode(arguments[0]))


def _jsondecode(arguments: Sequence[Value]) -> Value:
    return decode(arguments[0].text)


FUNCTIONS: Final = (
    Function(
        "jsonencode", (Parameter("val", DYNAMIC, nullable=True),), _jsonencode, returns=STRING
    ),
    Function("jsondecode", (Parameter("str", STRING),), _jsondecode),
)
