"""Values as Packer's console prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.template.console.printed import printed, quoted
from tests.template.hcl.evaluation import evaluate


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("1 / 3", "0.3333333333333333"),
        ("10 / 4", "2.5"),
        ("0.00001", "1e-05"),
        ("0.0001", "0.0001"),
        ("123456.5", "123456.5"),
        ("123456789.5", "1.234567895e+08"),
        ("9223372036854775807", "9223372036854775807"),
        ("18446744073709551616", "1.8446744073709552e+19"),
        ("-1e30", "-1e+30"),
        ("1e400", "+Inf"),
        ("-1 / 0", "-Inf"),
        ("-7", "-7"),
        ("null", "null"),
        ("[]", "[]"),
        ("{}", "{}"),
        ("[[], {a = null}]", '[\n  [],\n  {\n    "a" = null\n  },\n]'),
        ('{b = [1], "a\\"" = true}', '{\n  "a\\"" = true\n  "b" = [\n    1,\n  ]\n}'),
        ('"a\\n<b>"', "a\n<b>"),
        ('["a\\n<b>"]', '[\n  "a\\n<b>",\n]'),
        ('[vault("a", "b")]', "<unknown>"),
    ],
)
def test_a_value_is_printed(expression: str, text: str) -> None:
    value = evaluate(expression, Path()).value
    assert value is not None
    assert printed(value) == text


def test_what_cannot_be_seen_is_escaped() -> None:
    assert quoted('\a\x00é\x7f\u200b\U000e0001"\\') == r'"\a\x00é\x7f\u200b\U000e0001\"\\"'
