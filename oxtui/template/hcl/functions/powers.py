"""Logarithms and powers of machine floats, to the last bit as Go's `math` gives them.

The C library rounds some of them otherwise, and a template shows all digits: log(8, 2) is 3 in one and
2.9999999999999996 in the other. The logarithm is FDLIBM's (Sun, 1993): with x = 2^k (1 + f) and s = f / (2 + f),
log(1 + f) = 2s + 2/3 s^3 + ..., of which a polynomial gives the rest. A power is by squaring.
"""

from __future__ import annotations

import math
from typing import Final

_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
_ODD: Final = (
    6.666666666666735130e-01,
    2.857142874366239149e-01,
    1.818357216161805012e-01,
    1.479819860511658591e-01,
)
_EVEN: Final = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)
_MAX_EXPONENT: Final = 1 << 12
_HALF_ROOT: Final = math.sqrt(2) / 2


def natural_logarithm(value: float) -> float:
    """The natural logarithm of a finite positive number."""
    fraction, exponent = math.frexp(value)
    if fraction < _HALF_ROOT:
        fraction *= 2
        exponent -= 1
    f = fraction - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    rest = s2 * _polynomial(_ODD, s4) + s4 * _polynomial(_EVEN, s4)
    half_square = 0.5 * f * f
    return exponent * _LN2_HIGH - (
        (half_square - (s * (half_square + rest) + exponent * _LN2_LOW)) - f
    )


def _polynomial(coefficients: tuple[float, ...], at: float) -> float:
    total = 0.0
    for coefficient in reversed(coefficients):
        total = coefficient + at * total
    return total


def power(base: float, exponent: float) -> float:
    """base^exponent, for finite base other than 0 and finite exponent.

    Raises ValueError for a fractional power of a negative base, OverflowError if the result is too large.
    """
    if exponent in (0.5, -0.5) and base > 0:
        return math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base)
    fraction, whole = math.modf(abs(exponent))
    if whole >= 1 << 63 or (fraction and base < 0):
        return float(math.pow(base, exponent))
    result, scale = 1.0, 0
    if fraction:
        if fraction > 0.5:
            fraction -= 1
            whole += 1
        result = math.exp(fraction * natural_logarithm(base))
    factor, factor_scale = math.frexp(base)
    left = int(whole)
    while left:
        if abs(factor_scale) > _MAX_EXPONENT:
            scale += factor_scale
            break
        if left & 1:
            result *= factor
            scale += factor_scale
        factor *= factor
        factor_scale *= 2
        if factor < 0.5:
            factor += factor
            factor_scale -= 1
        left >>= 1
    return math.ldexp(1 / result, -scale) if exponent < 0 else math.ldexp(result, scale)
