"""The values that actions work with, and how they are written as text.

They are Python's str, int, float, bool, list and dict with str keys; None is Go's nil and what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Value: TypeAlias = Any


def type_name(value: Value) -> str:
    """The type as Go's messages and `%T` name it."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "bool"
        case str():
            return "string"
        case int():
            return "int"
        case float():
            return "float64"
        case Mapping():
            return "map[string]interface {}"
        case Sequence():
            return "[]interface {}"
    return type(value).__name__


def is_list(value: Value) -> bool:
    """True for what `range` goes through by number."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def is_true(value: Value) -> bool:
    """Whether `if` takes it: neither missing nor the zero or the empty value of its type."""
    return bool(value)


def size(value: Value) -> int:
    """How many elements a list or map has in it, those inside of others too; 0 for anything else."""
    if isinstance(value, Mapping):
        return len(value) + sum(map(size, value.values()))
    return len(value) + sum(map(size, value)) if is_list(value) else 0


def as_text(value: Value) -> str:
    """The value as an action prints it."""
    return "<no value>" if value is None else natural(value)


def natural(value: Value) -> str:
    """The value as Go's `%v` writes it."""
    match value:
        case str():
            return value
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case float():
            return shortest(value)
        case Mapping():
            pairs = (f"{key}:{natural(value[key])}" for key in sorted(value))
            return f"map[{' '.join(pairs)}]"
        case Sequence():
            return f"[{' '.join(map(natural, value))}]"
    return str(value)


def shortest(number: float) -> str:
    """The fewest digits that mean the number; with an exponent below 1e-4 and from 1e+06, as `%g`."""
    if number != number or number in (float("inf"), float("-inf")):
        return "NaN" if number != number else "+Inf" if number > 0 else "-Inf"
    text = repr(number)
    if "e" in text or abs(number) < 1e6:
        return text.removesuffix(".0")
    whole, _, fraction = text.lstrip("-").partition(".")
    digits = (whole + fraction).rstrip("0")
    point = "." if len(digits) > 1 else ""
    return f"{'-' * (number < 0)}{digits[0]}{point}{digits[1:]}e+{len(whole) - 1:02d}"


def spread(values: Sequence[Value], *, line: bool = False) -> str:
    """Several values as Go's Sprint (a blank between two that are no strings) or Sprintln writes them."""
    if line:
        return " ".join(map(natural, values)) + "\n"
    pieces: list[str] = []
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            pieces.append(" ")
        pieces.append(natural(value))
    return "".join(pieces)
