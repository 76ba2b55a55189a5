"""Numbers are as exact as HCL's, and as large as anyone needs without filling memory."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.values import number as numbers
from oxtui.template.hcl.values.number import Number

finite = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
small = st.integers(-(10**12), 10**12)


def exact(number: Number) -> Fraction:
    return Fraction(number.mantissa) * Fraction(2) ** number.exponent


def _significant(text: str) -> int:
    return len(text.split("e")[0].replace("-", "").replace(".", "").strip("0"))


@given(finite)
def test_a_machine_float_is_written_with_the_fewest_digits_that_mean_it(value: float) -> None:
    shown = str(numbers.from_float(value))
    assert float(shown) == value
    assert _significant(shown) <= _significant(repr(value))


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=30, min_value=-(10**20), max_value=10**20
    )
)
def test_a_literal_comes_back_as_it_was_written(value: Decimal) -> None:
    text = format(value, "f")
    shown = str(numbers.parse(text))
    assert Decimal(shown) == value
    assert numbers.parse(shown) == numbers.parse(text)


@given(small, small, small)
def test_whole_numbers_add_subtract_and_multiply_exactly(a: int, b: int, c: int) -> None:
    one, two, three = (numbers.parse(str(n)) for n in (a, b, c))
    assert str(one + two * three - one) == str(b * c) or b * c == 0
    assert (one < two) == (a < b)
    assert (one == two) == (a == b)


@given(small.filter(bool), small.filter(bool))
def test_a_quotient_is_the_nearest_of_512_bits(a: int, b: int) -> None:
    quotient = numbers.parse(str(a)) / numbers.parse(str(b))
    error = abs(exact(quotient) - Fraction(a, b))
    assert error <= abs(Fraction(a, b)) / Fraction(2) ** 511


@given(small, small.filter(bool))
def test_a_remainder_has_the_dividends_sign_and_is_smaller_than_the_divisor(a: int, b: int) -> None:
    rest = numbers.parse(str(a)) % numbers.parse(str(b))
    assert exact(rest) == abs(a) % abs(b) * (1 if a >= 0 else -1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.1", "0.1"),
        ("1e3", "1000"),
        ("-0", "-0"),
        ("2.50", "2.5"),
        ("1e400", "1" + "0" * 400),
        ("1e-7", "0.0000001"),
        ("1e999999999", "+Inf"),
        ("-1e99999999999999999999", "-Inf"),
        ("1e-999999999", "0"),
        ("0e999999999", "0"),
    ],
)
def test_numbers_are_written_without_exponents(text: str, shown: str) -> None:
    assert str(numbers.parse(text)) == shown


def test_a_million_digits_are_read_and_a_hundred_thousand_zeros_written() -> None:
    assert str(numbers.parse("9" * 1_000_000)) == "+Inf"
    assert len(str(numbers.parse("1e100000"))) == 100_001
    assert str(numbers.parse("0." + "0" * 50_000 + "1")).endswith("01")


@pytest.mark.parametrize("text", ["", ".", "1e", "0x10", " 1", "1_000", "Inf", "１"])
def test_what_is_no_decimal_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal number"):
        numbers.parse(text)


def test_adding_what_is_too_small_to_be_seen_costs_nothing() -> None:
    huge, tiny = numbers.parse("1e100000"), numbers.parse("1e-100000")
    assert huge + tiny == huge
