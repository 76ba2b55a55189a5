"""JSON is written as Go writes it, and no number becomes another one."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.source import SourceFile
from oxtui.template.json import parse_json
from oxtui.template.json.plain import number_text, plain, write_plain

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
)  # fmt: skip


@given(VALUES)
def test_what_is_written_is_what_was_read(value: object) -> None:
    node, problems = parse_json(SourceFile("x.json", json.dumps(value)))
    assert node is not None
    assert problems == []
    text = write_plain(plain(node))
    assert json.loads(text, parse_float=Decimal) == json.loads(
        json.dumps(value), parse_float=Decimal
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("1", "1"), ("1.0", "1"), ("-0.0", "-0"), ("1e20", "100000000000000000000"), ("1e21", "1e+21"),
        ("1.5e-9", "1.5e-9"), ("1e-6", "0.000001"), ("0.0000001", "1e-7"), ("0.10", "0.1"),
        ("123.4500E1", "1234.5"), ("12e30", "1.2e+31"), ("-2.5e-30", "-2.5e-30"), ("0e5", "0"),
        # Go would make another number of these
        ("123456789012345678901", "123456789012345678901"), ("1e999", "1e999"), ("1e-999", "1e-999"),
        ("0.1000000000000000000001", "0.1000000000000000000001"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_go_does(written: str, text: str) -> None:
    assert number_text(written) == text


def test_keys_are_sorted_and_of_htmls_characters_one_is_escaped() -> None:
    node, _ = parse_json(
        SourceFile("x", '{"b": [], "a": {"é": "<&>\\u2028\\u0001\\"\\\\"}, "c": {}}')
    )
    assert node is not None
    assert write_plain(plain(node)) == (
        '{\n  "a": {\n    "é": "<\\u0026>\\u2028\\u0001\\"\\\\"\n  },\n  "b": [],\n  "c": {}\n}'
    )


def test_of_members_of_one_name_the_last_is_taken() -> None:
    node, _ = parse_json(SourceFile("x", '{"a": 1, "a": null}'))
    assert node is not None
    assert plain(node) == {"a": None}
