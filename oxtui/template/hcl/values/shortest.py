"""The shortest decimal text that means a binary number of a given precision, and no neighbour of it."""

from __future__ import annotations

import math

_LOG10_OF_2 = math.log10(2)


def shortest_digits(magnitude: int, exponent: int, precision: int) -> tuple[str, int]:
    """The fewest decimal digits that still mean magnitude × 2^exponent, and where their point stands."""
    if magnitude == 0:
        return "0", 1
    shift = max(0, precision - magnitude.bit_length())
    full, low = magnitude << shift, exponent - shift
    # In units of 2^(low - 1): the number, and how far a decimal may be from it.
    value, slack = full * 2, 1
    inclusive = full % 2 == 0
    power = low - 1
    estimate = math.floor((value.bit_length() + power) * _LOG10_OF_2)
    count_low, count_high = 1, math.ceil(precision * _LOG10_OF_2) + 3
    best = ("", 0)
    while count_low <= count_high:
        count = (count_low + count_high) // 2
        scale = estimate + 1 - count
        found = _decimal_within(value, slack, power, scale, inclusive=inclusive)
        if found is None:
            count_low = count + 1
        else:
            best = (str(found), scale)
            count_high = count - 1
    digits, scale = best
    stripped = digits.rstrip("0")
    return stripped, len(digits) + scale


def _decimal_within(
    value: int, slack: int, power: int, scale: int, *, inclusive: bool
) -> int | None:
    """The whole multiple of 10^scale nearest to value × 2^power, if it is within slack × 2^power."""
    top, bottom = value, 1
    if power >= 0:
        top, slack = top << power, slack << power
    else:
        bottom <<= -power
    if scale >= 0:
        bottom *= 10**scale
    else:
        top, slack = top * 10**-scale, slack * 10**-scale
    near, rest = divmod(top, bottom)
    if rest * 2 > bottom or (rest * 2 == bottom and near & 1):
        near, rest = near + 1, bottom - rest
    return near if near and (rest < slack or (inclusive and rest == slack)) else None
