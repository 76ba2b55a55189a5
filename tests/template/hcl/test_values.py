"""Conversion, unification and equality follow go-cty; marks of sensitivity are never lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.values.compare import equal
from oxtui.template.hcl.values.convert import ConversionError, convert
from oxtui.template.hcl.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    TupleType,
    object_type,
    spell,
)
from oxtui.template.hcl.values.unify import unify
from oxtui.template.hcl.values.value import MAX_DEPTH, Value, ValueTooLargeError, tuple_of
from oxtui.template.values import from_python, is_known, is_sensitive, string, to_python, unknown

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.text(st.characters(codec="utf-8", max_codepoint=0x2FF), max_size=8),
)
data = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3),
    ),
    max_leaves=8,
)


def _composed(value: object) -> object:
    """Plain data with its texts in the form that HCL keeps them in."""
    if isinstance(value, str):
        return string(value).text
    if isinstance(value, list):
        return [_composed(item) for item in value]
    if isinstance(value, dict):
        return {name: _composed(item) for name, item in value.items()}
    return value


@given(data)
def test_plain_data_comes_back_as_it_was(value: object) -> None:
    assert to_python(from_python(value)) == _composed(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0.5, -1.25, Decimal("0.1"), Decimal("1e-30"), 1e300])
def test_fractions_come_back_equal(value: float | Decimal) -> None:
    assert Decimal(str(to_python(from_python(value)))) == Decimal(str(value))


@given(data)
def test_a_value_equals_itself_and_converts_to_its_own_type(value: object) -> None:
    made = from_python(value)  # type: ignore[arg-type]
    assert equal(made, made) is True
    assert convert(made, made.type) is made


@given(data)
def test_what_is_marked_stays_marked_through_conversion(value: object) -> None:
    made = from_python(value).marked()  # type: ignore[arg-type]
    for kind in (STRING, ListType(DYNAMIC), MapType(STRING), SetType(DYNAMIC), DYNAMIC):
        try:
            assert is_sensitive(convert(made, kind))
        except ConversionError:
            continue


def test_a_sensitive_value_does_not_show_itself() -> None:
    assert "hunter2" not in repr(string("hunter2").marked())
    assert "hunter2" not in repr(from_python({"a": ["hunter2"]}).marked())


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ([1, 2], ListType(STRING), ["1", "2"]),
        (["b", "a", "b"], SetType(STRING), ["a", "b"]),
        ([10, 9, 10], SetType(NUMBER), [9, 10]),
        ({"a": 1, "b": "x"}, MapType(DYNAMIC), {"a": "1", "b": "x"}),
        ({"a": "1", "z": 0}, object_type({"a": NUMBER}), {"a": 1}),
        ({}, object_type({"a": NUMBER}, frozenset(("a",))), {"a": None}),
        (["1", 2], TupleType((NUMBER, STRING)), [1, "2"]),
        ("true", BOOL, True),
        ("0", BOOL, False),
        (1.5, STRING, "1.5"),
    ],
)
def test_values_become_what_a_type_asks_for(
    value: object, kind: TupleType, expected: object
) -> None:
    converted = convert(from_python(value), kind)  # type: ignore[arg-type]
    assert to_python(converted) == expected


@pytest.mark.parametrize(
    ("value", "kind", "problem"),
    [
        (True, NUMBER, "a number is required"),
        ("yes", BOOL, "a bool is required"),
        ("True", BOOL, 'a bool is required; write "true"'),
        ("x", ListType(STRING), "list of string is required"),
        ([[1], "a"], ListType(NUMBER), "[0]: a number is required"),
        ({"a": {"b": []}}, MapType(MapType(STRING)), '["a"]["b"]: a string is required'),
        ({}, object_type({"b": STRING, "a": STRING}), 'attributes "a", "b" are required'),
        ([1], TupleType((NUMBER, NUMBER)), "a tuple of 2 elements is required, not of 1"),
    ],
)
def test_what_cannot_be_converted_says_which_part(
    value: object, kind: TupleType, problem: str
) -> None:
    with pytest.raises(ConversionError) as raised:
        convert(from_python(value), kind)  # type: ignore[arg-type]
    assert str(raised.value) == problem


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], "any"),
        ([NUMBER, STRING], "string"),
        ([BOOL, NUMBER], None),
        ([BOOL, NUMBER, STRING], "string"),
        ([DYNAMIC, NUMBER], "any"),
        ([TupleType((NUMBER,)), TupleType((STRING,))], "tuple([string])"),
        ([TupleType(()), TupleType((STRING,))], "list(string)"),
        ([ListType(NUMBER), TupleType((STRING,))], "list(string)"),
        ([object_type({"a": NUMBER}), object_type({"a": STRING})], "object({a=string})"),
        ([object_type({"a": NUMBER}), object_type({"b": STRING})], "map(string)"),
        ([object_type({}), ListType(STRING)], None),
    ],
)
def test_types_unify_as_the_branches_of_a_conditional_do(
    kinds: list[TupleType], expected: str | None
) -> None:
    unified = unify(kinds)
    assert (None if unified is None else spell(unified)) == expected


def test_equality_waits_for_what_is_not_known() -> None:
    assert equal(unknown(STRING), string("a")) is None
    assert equal(from_python([1]), from_python(["1"])) is False
    assert equal(from_python(None), string("a")) is False
    assert not is_known(tuple_of([unknown()]))


def _nested(width: int, levels: int) -> Value:
    value = string("x")
    for _ in range(levels):
        value = tuple_of([value] * width)
    return value


def test_values_that_double_without_end_are_refused() -> None:
    with pytest.raises(ValueTooLargeError, match="too large"):
        _nested(2, 40)


def test_values_that_nest_without_end_are_refused() -> None:
    with pytest.raises(ValueTooLargeError, match=f"more than {MAX_DEPTH} deep"):
        _nested(1, MAX_DEPTH + 1)
