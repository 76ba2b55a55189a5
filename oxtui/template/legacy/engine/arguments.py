"""Whether what a function is given fits what it takes."""

from __future__ import annotations

from typing import Final

from oxtui.template.legacy.engine.builtins import Function, Kind
from oxtui.template.legacy.engine.errors import InterpolationError
from oxtui.template.legacy.engine.nodes import Literal
from oxtui.template.legacy.engine.values import Value, type_name

_EXPECTED: Final[dict[Kind, type]] = {"string": str, "int": int}
_HELP: Final[dict[Kind, str]] = {
    "string": "put it in quotes or use print",
    "int": "write a number",
}


def check_count(name: str, function: Function, given: int) -> None:
    """Raises InterpolationError for too few or too many arguments."""
    wanted = len(function.takes)
    if given < wanted or (given > wanted and function.rest is None):
        least = "at least " if function.rest is not None else ""
        plural = "" if wanted == 1 else "s"
        raise InterpolationError(
            f"{name} takes {least}{wanted or 'no'} argument{plural}, not {given}; "
            "separate them with spaces"
        )


def kind_of(function: Function, index: int) -> Kind:
    """The type of an argument."""
    return function.takes[index] if index < len(function.takes) else function.rest or "any"


def whole_number(literal: Literal) -> int:
    """The integer that is written, maybe as `1e3` or a character. Raises InterpolationError."""
    if literal.whole is None:
        raise InterpolationError(
            f"{literal.written} is not a whole number; write one without quotes"
        )
    return literal.whole


def fitting(value: Value, kind: Kind) -> Value:
    """The value itself. Raises InterpolationError for one of another type, as nothing is converted."""
    expected = _EXPECTED.get(kind)
    if expected is None:
        return value
    if value is None:
        raise InterpolationError(f"a {kind} is wanted, but the value is missing; check its name")
    if not isinstance(value, expected) or (kind == "int" and isinstance(value, bool)):
        raise InterpolationError(
            f"a {kind} is wanted, not a value of type {type_name(value)}; {_HELP[kind]}"
        )
    return value
