"""Numbers: binary floating point of any precision, rounded half to even, as HCL's numbers are.

A literal has 512 bits of mantissa, what comes from a machine float 53, a count 64; a result has the
larger precision of what it was made from. The decimal text of a number is the shortest that reads
back as the same number at its precision, which is why 0.1 + 0.2 is 0.3 here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final

from oxtui.template.hcl.values.shortest import shortest_digits

LITERAL_BITS: Final = 512
FLOAT_BITS: Final = 53
COUNT_BITS: Final = 64
MAX_EXPONENT: Final = 1 << 20  # of two; beyond it a number is infinite or zero
_NEAR: Final = 64  # exponents that differ by no more than this are of numbers that both count
_MAX_DIGITS: Final = 1200  # of a literal; the rest only says "a little more"
_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")
_LOG10_OF_2 = math.log10(2)


@total_ordering
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Number:
    """mantissa × 2^exponent, the mantissa odd or 0. `infinity` is 1, -1, or 0 for a finite number."""

    mantissa: int
    exponent: int = 0
    precision: int = LITERAL_BITS
    infinity: int = 0
    negative_zero: bool = False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Number):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[int, int, int]:
        return self.mantissa, self.exponent, self.infinity

    def __lt__(self, other: Number) -> bool:
        if self.infinity or other.infinity:
            return self.infinity < other.infinity
        low = min(self.exponent, other.exponent)
        return self.mantissa << (self.exponent - low) < other.mantissa << (other.exponent - low)

    def __neg__(self) -> Number:
        zero = not self.mantissa and not self.infinity and not self.negative_zero
        return Number(-self.mantissa, self.exponent, self.precision, -self.infinity, zero)

    def __add__(self, other: Number) -> Number:
        precision = max(self.precision, other.precision)
        if self.infinity or other.infinity:
            if self.infinity + other.infinity == 0:
                raise ArithmeticError("the sum of opposite infinities has no value")
            return infinite(self.infinity or other.infinity, precision)
        if not other.mantissa or not self.mantissa:
            kept = self if self.mantissa else other
            both = self.negative_zero and other.negative_zero
            return rounded(kept.mantissa, kept.exponent, precision) if not both else self
        if abs(self.exponent - other.exponent) > _NEAR:
            small, large = sorted((self, other), key=lambda n: n.mantissa.bit_length() + n.exponent)
            gap = large.exponent - small.exponent
            far = large.mantissa.bit_length() + gap - small.mantissa.bit_length()
            if far > 2 * precision + 64:  # too small to be seen; shifting by the gap may cost much
                return rounded(large.mantissa, large.exponent, precision)
        low = min(self.exponent, other.exponent)
        total = (self.mantissa << (self.exponent - low)) + (
            other.mantissa << (other.exponent - low)
        )
        return rounded(total, low, precision)

    def __sub__(self, other: Number) -> Number:
        return self + -other

    def __mul__(self, other: Number) -> Number:
        precision = max(self.precision, other.precision)
        if self.infinity or other.infinity:
            signs = (self.infinity or _sign(self)) * (other.infinity or _sign(other))
            if signs == 0:
                raise ArithmeticError("zero times infinity has no value")
            return infinite(signs, precision)
        return rounded(self.mantissa * other.mantissa, self.exponent + other.exponent, precision)

    def __truediv__(self, other: Number) -> Number:
        precision = max(self.precision, other.precision)
        if other.infinity:
            if self.infinity:
                raise ArithmeticError("infinity divided by infinity has no value")
            return Number(0, precision=precision)
        if self.infinity or not other.mantissa:
            sign = self.infinity or _sign(self)
            if sign == 0:
                raise ArithmeticError("zero divided by zero has no value")
            return infinite(-sign if other.mantissa < 0 or other.negative_zero else sign, precision)
        shift = max(0, precision + 2 + other.mantissa.bit_length() - self.mantissa.bit_length())
        quotient, rest = divmod(abs(self.mantissa) << shift, abs(other.mantissa))
        sticky = quotient << 1 | (1 if rest else 0)
        sign = _sign(self) * _sign(other)
        return rounded(sign * sticky, self.exponent - other.exponent - shift - 1, precision)

    def __mod__(self, other: Number) -> Number:
        """What is left after taking `other` as often as it goes in whole, with the dividend's sign.

        It is worked out at the dividend's precision, as go-cty does since 1.13.
        """
        if self.infinity:
            raise ArithmeticError("an infinite number has no remainder")
        if not other.mantissa or other.infinity:
            return self
        whole = (self / other).truncated()
        work = rounded(whole, 0, self.precision)
        product = rounded(
            work.mantissa * other.mantissa, work.exponent + other.exponent, work.precision
        )
        low = min(self.exponent, product.exponent)
        rest = (self.mantissa << (self.exponent - low)) - (
            product.mantissa << (product.exponent - low)
        )
        return rounded(rest, low, work.precision)

    @property
    def is_integer(self) -> bool:
        """Whether it is finite and has no fraction."""
        return not self.infinity and self.exponent >= 0

    def truncated(self) -> int:
        """The whole part, towards zero. Raises OverflowError for an infinite number."""
        if self.infinity:
            raise OverflowError("an infinite number has no whole part")
        if self.exponent >= 0:
            return self.mantissa << self.exponent
        whole = abs(self.mantissa) >> -self.exponent
        return -whole if self.mantissa < 0 else whole

    def to_float(self) -> float:
        """The nearest machine float."""
        if self.infinity:
            return math.inf * self.infinity
        near = rounded(self.mantissa, self.exponent, FLOAT_BITS)
        try:
            return math.ldexp(near.mantissa, near.exponent)
        except OverflowError:
            return math.copysign(math.inf, near.mantissa)

    def __repr__(self) -> str:
        return f"Number({self})"

    def __str__(self) -> str:
        if self.infinity:
            return "+Inf" if self.infinity > 0 else "-Inf"
        sign = "-" if self.mantissa < 0 or self.negative_zero else ""
        magnitude = abs(self.mantissa)
        if self.exponent >= 0 and magnitude.bit_length() + self.exponent <= self.precision <= 8192:
            return sign + str(magnitude << self.exponent)
        digits, point = shortest_digits(magnitude, self.exponent, self.precision)
        if point <= 0:
            return sign + "0." + "0" * -point + digits
        if point >= len(digits):
            return sign + digits + "0" * (point - len(digits))
        return f"{sign}{digits[:point]}.{digits[point:]}"


def _sign(number: Number) -> int:
    return (number.mantissa > 0) - (number.mantissa < 0)


def infinite(sign: int, precision: int = LITERAL_BITS) -> Number:
    """Positive or negative infinity."""
    return Number(0, 0, precision, sign)


def rounded(mantissa: int, exponent: int, precision: int) -> Number:
    """The number of this precision nearest to mantissa × 2^exponent; a tie goes to the even one."""
    magnitude = abs(mantissa)
    extra = magnitude.bit_length() - precision
    if extra > 0:
        half, rest = 1 << (extra - 1), magnitude & ((1 << extra) - 1)
        magnitude >>= extra
        exponent += extra
        if rest > half or (rest == half and magnitude & 1):
            magnitude += 1
    if magnitude == 0:
        return Number(0, 0, precision)
    zeros = (magnitude & -magnitude).bit_length() - 1
    magnitude >>= zeros
    exponent += zeros
    size = magnitude.bit_length() + exponent
    if size > MAX_EXPONENT:
        return infinite(-1 if mantissa < 0 else 1, precision)
    if size < -MAX_EXPONENT:
        return Number(0, 0, precision)
    return Number(-magnitude if mantissa < 0 else magnitude, exponent, precision)


def from_int(value: int, precision: int = COUNT_BITS) -> Number:
    """A whole number; exact where it fits the precision."""
    return rounded(value, 0, precision)


def from_float(value: float) -> Number:
    """A machine float. Raises ArithmeticError for what is not a number."""
    if math.isnan(value):
        raise ArithmeticError("the result is not a number")
    if math.isinf(value):
        return infinite(1 if value > 0 else -1, FLOAT_BITS)
    top, bottom = value.as_integer_ratio()
    negative_zero = value == 0 and math.copysign(1, value) < 0
    made = rounded(top, 1 - bottom.bit_length(), FLOAT_BITS)
    return Number(0, 0, FLOAT_BITS, negative_zero=True) if negative_zero else made


def parse(text: str, precision: int = LITERAL_BITS) -> Number:
    """A decimal number such as `-1.5e3`. Raises ValueError for any other text."""
    found = _DECIMAL.fullmatch(text)
    if found is None or not (found.group(2) or found.group(3)):
        raise ValueError("not a decimal number")
    sign, whole, fraction, power = (
        found.group(1),
        found.group(2),
        found.group(3) or "",
        found.group(4),
    )
    digits = (whole + fraction).lstrip("0")
    scale = -len(fraction)
    if power is not None:
        limit = 2 * MAX_EXPONENT
        scale += max(-limit, min(limit, int(power))) if len(power) < 12 else _huge(power)
    if len(digits) > _MAX_DIGITS:
        scale += len(digits) - _MAX_DIGITS - 1
        digits = digits[:_MAX_DIGITS] + "1"
    if not digits:
        return Number(0, 0, precision, negative_zero=sign == "-")
    signed = -int(digits) if sign == "-" else int(digits)
    size = len(digits) + scale
    if abs(size) > MAX_EXPONENT * _LOG10_OF_2:
        tiny = Number(0, 0, precision)
        return tiny if size < 0 else infinite(-1 if sign == "-" else 1, precision)
    if scale >= 0:
        return rounded(signed * 10**scale, 0, precision)
    exact_top = Number(signed, 0, precision)
    return exact_top / Number(10**-scale, 0, precision)


def _huge(power: str) -> int:
    return -4 * MAX_EXPONENT if power.startswith("-") else 4 * MAX_EXPONENT
