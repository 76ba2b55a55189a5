"""The verbs of `format`: `%s`, `%-8.2f`, `%[2]d` and the rest, as Go's fmt treats HCL's values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.clusters import cluster_count, clusters
from oxtui.template.hcl.functions.decimals import exponent_form, fixed_form, general_form
from oxtui.template.hcl.functions.json_text import encode, quoted
from oxtui.template.hcl.functions.spec import CallError
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import BOOL, NUMBER, STRING

if TYPE_CHECKING:
    from oxtui.template.hcl.values.number import Number
    from oxtui.template.hcl.values.types import Type
    from oxtui.template.hcl.values.value import Value

VERB: Final = re.compile(
    r"%(?P<flags>[#0+ -]*)(?P<width>[0-9]*)(?:\.(?P<precision>[0-9]*))?"
    r"(?:\[(?P<index>[0-9]+)\])?(?P<mode>.)?",
    re.DOTALL,
)
_BASES = {"b": ("b", "0b"), "d": ("d", ""), "o": ("o", "0"), "x": ("x", "0x"), "X": ("X", "0X")}
MAX_WIDTH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of a format string. `argument` counts from 0; width and precision are None if absent."""

    mode: str
    flags: str
    width: int | None
    precision: int | None
    argument: int
    text: str
    position: int

    def apply(self, value: Value) -> str:
        """The text for a value. Raises CallError."""
        if self.mode == "v":
            return self._pad(self._natural(value))
        if value.is_null:
            raise self._unsuitable("null value cannot be formatted")
        if self.mode == "t":
            return self._pad("true" if self._as(value, BOOL).truth else "false")
        if self.mode in "sq":
            return self._string(self._as(value, STRING).text)
        return self._number(self._as(value, NUMBER).number)

    def _unsuitable(self, problem: str) -> CallError:
        return CallError(f'unsupported value for "{self.text}" at {self.position}: {problem}')

    def _as(self, value: Value, kind: Type) -> Value:
        try:
            return convert(value, kind)
        except ConversionError as problem:
            raise self._unsuitable(str(problem)) from None

    def _natural(self, value: Value) -> str:
        if "#" not in self.flags and not value.is_null:
            if value.type == STRING:
                return value.text
            if value.type == NUMBER:
                return (
                    str(value.number) if value.number.infinity else general_form(value.number, None)
                )
        return encode(value)

    def _string(self, text: str) -> str:
        if self.precision is not None:
            text = "".join(clusters(text)[: self.precision])
        return self._pad(quoted(text) if self.mode == "q" else text)

    def _number(self, value: Number) -> str:
        if self.mode in _BASES:
            return self._integer(value)
        if value.infinity:
            return self._pad(str(value))
        negative = value.mantissa < 0 or value.negative_zero
        magnitude = -value if negative else value
        if self.mode in "eE":
            digits = exponent_form(magnitude, 6 if self.precision is None else self.precision)
        elif self.mode in "fF":
            digits = fixed_form(magnitude, 6 if self.precision is None else self.precision)
        else:
            digits = general_form(magnitude, self.precision)
        return self._signed(negative, digits.upper() if self.mode in "EG" else digits)

    def _integer(self, value: Number) -> str:
        if not value.is_integer:
            raise self._unsuitable("a whole number is required")
        number = value.truncated()
        if number.bit_length() > 12_000:
            raise self._unsuitable("the number has too many digits")
        code, prefix = _BASES[self.mode]
        digits = format(abs(number), code)
        if self.precision is not None:
            digits = digits.rjust(self.precision, "0")
        return self._signed(number < 0, digits, prefix if "#" in self.flags else "")

    def _signed(self, negative: bool, digits: str, prefix: str = "") -> str:
        sign = "-" if negative else "+" if "+" in self.flags else " " if " " in self.flags else ""
        if "0" in self.flags and "-" not in self.flags and self.width is not None:
            digits = digits.rjust(self.width - len(sign) - len(prefix), "0")
        return self._pad(sign + prefix + digits)

    def _pad(self, text: str) -> str:
        missing = (self.width or 0) - cluster_count(text)
        if missing <= 0:
            return text
        if "-" in self.flags:
            return text + " " * missing
        return ("0" if "0" in self.flags else " ") * missing + text
