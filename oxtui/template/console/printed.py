"""A value as Packer's console prints it: texts bare, what is inside of something on lines of its own."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.values.number import Number
from oxtui.template.hcl.values.value import is_wholly_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oxtui.template.hcl.values.value import Value

UNKNOWN: Final = "<unknown>"
_INTEGER_BITS: Final = 63
_LEAST, _MOST = -4, 6
_ESCAPES: Final = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r",
    "\t": "\\t", "\v": "\\v",
}  # fmt: skip


def printed(value: Value) -> str:
    """The text of a value, of several lines for a list or an object that is not empty."""
    if not is_wholly_known(value):
        return UNKNOWN
    return value.data if isinstance(value.data, str) else "\n".join(_lines(value))


def quoted(text: str) -> str:
    """A text in quotes, written as Go does: what cannot be seen is escaped, and nothing else."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _lines(value: Value) -> Iterator[str]:
    data = value.data
    if isinstance(data, tuple):
        yield from _bracketed("[", [(part, "", ",") for part in data], "]")
    elif isinstance(data, dict):
        parts = [(part, f"{quoted(name)} = ", "") for name, part in sorted(data.items())]
        yield from _bracketed("{", parts, "}")
    else:
        yield _primitive(value)


def _bracketed(opener: str, parts: list[tuple[Value, str, str]], closer: str) -> Iterator[str]:
    if not parts:
        yield opener + closer
        return
    yield opener
    for part, before, behind in parts:
        *first, last = _lines(part)
        for line in first:
            yield f"  {before}{line}"
            before = ""
        yield f"  {before}{last}{behind}"
    yield closer


def _primitive(value: Value) -> str:
    data = value.data
    if isinstance(data, str):
        return quoted(data)
    if isinstance(data, Number):
        return _number(data)
    return "null" if data is None else "true" if data else "false"


def _number(number: Number) -> str:
    """A whole number of a machine in full, any other as the nearest machine float."""
    if number.infinity:
        return str(number)
    if number.is_integer and number.mantissa.bit_length() + number.exponent <= _INTEGER_BITS:
        return str(number.truncated())
    near = number.to_float()
    return _general(near) if math.isfinite(near) else f"{near:+}".title()


def _general(number: float) -> str:
    """A machine float as `%g` of Go: the fewest digits that mean it, with an exponent from a million on."""
    digits = Decimal(repr(number)).normalize()
    power = digits.adjusted()
    if number and not _LEAST <= power < _MOST:
        return f"{number:.{len(digits.as_tuple().digits) - 1}e}"
    return f"{digits:f}"
