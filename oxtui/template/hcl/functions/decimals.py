"""Numbers with a fixed count of digits: the shapes of `%e`, `%f` and `%g`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from oxtui.template.hcl.values.shortest import shortest_digits

if TYPE_CHECKING:
    from oxtui.template.hcl.values.number import Number


def _fraction(value: Number) -> Fraction:
    if value.exponent >= 0:
        return Fraction(value.mantissa << value.exponent)
    return Fraction(value.mantissa, 1 << -value.exponent)


def fixed_form(value: Number, places: int) -> str:
    """A number that is not negative, with so many places after the point."""
    whole = str(round(_fraction(value) * 10**places))
    if not places:
        return whole
    whole = whole.rjust(places + 1, "0")
    return f"{whole[:-places]}.{whole[-places:]}"


def _scientific(value: Number, count: int) -> tuple[str, int]:
    """So many significant digits, and the power of ten of the first."""
    if not value.mantissa:
        return "0" * count, 0
    _, point = shortest_digits(abs(value.mantissa), value.exponent, value.precision)
    power = point - 1
    found = str(round(_fraction(value) * Fraction(10) ** (count - 1 - power)))
    if len(found) > count:
        found, power = found[:count], power + 1
    return found, power


def _exponent(digits: str, power: int) -> str:
    fraction = "." + digits[1:] if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if power < 0 else '+'}{abs(power):02d}"


def exponent_form(value: Number, places: int) -> str:
    """A number that is not negative, as `1.234568e+05`."""
    return _exponent(*_scientific(value, places + 1))


def general_form(value: Number, significant: int | None) -> str:
    """A number in the shorter of both forms; without a count of digits, as many as it needs."""
    if value.mantissa < 0 or value.negative_zero:
        return "-" + general_form(-value, significant)
    if significant is None:
        digits, point = shortest_digits(value.mantissa, value.exponent, value.precision)
        power, limit = point - 1, 6
    else:
        count = max(1, significant)
        digits, power = _scientific(value, count)
        digits = digits.rstrip("0") or "0"
        limit = count
        if limit > len(digits) >= power + 1:
            limit = len(digits)
    if power < -4 or power >= limit:
        return _exponent(digits, power)
    if power < 0:
        return "0." + "0" * (-power - 1) + digits
    whole = digits[: power + 1].ljust(power + 1, "0")
    rest = digits[power + 1 :]
    return f"{whole}.{rest}" if rest else whole
