"""Text functions beyond the reference cases: verbs, patterns, CSV, JSON, YAML, encodings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given

from oxtui.template.hcl.functions.json_text import decode, encode
from oxtui.template.hcl.functions.yaml_text import FUNCTIONS as YAML
from oxtui.template.values import from_python, string, to_python
from tests.template.hcl.evaluation import evaluate
from tests.template.hcl.test_values import data


def value(text: str) -> object:
    outcome = evaluate(text, Path())
    assert outcome.value is not None, str(outcome.problem)
    return to_python(outcome.value)


def problem(text: str) -> str:
    outcome = evaluate(text, Path())
    assert outcome.problem is not None
    return str(outcome.problem)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('"%v %v", 1000000, 0.5', "1e+06 0.5"),
        ('"%v", null', "null"),
        ('"%#v", "a<b"', '"a\\u003cb"'),
        ('"%t", "true"', "true"),
        ('"%5t|", true', " true|"),
        ('"%05d|%-5d|%+d|% d|%5d", 42, 42, 42, 42, -42', "00042|42   |+42| 42|  -42"),
        ('"%#x %#o %#b %X", 255, 8, 5, -255', "0xff 010 0b101 -FF"),
        ('"%.3d", 7', "007"),
        ('"%08.3f|%-8.1f|%+.0f", 3.14159, 2.5, 2.5', "0003.142|2.5     |+2"),
        ('"%f", 1', "1.000000"),
        ('"%e %E", 0, 1500', "0.000000e+00 1.500000E+03"),
        ('"%.2e", 999999', "1.00e+06"),
        ('"%g %g %g %g", 100000, 1000000, 0.0001, 0.00001', "100000 1e+06 0.0001 1e-05"),
        ('"%.3g|%.3g|%.3g", 1234.5, 0.00012345, 12', "1.23e+03|0.000123|12"),
        ('"%G", 1e-10', "1E-10"),
        ('"%s %q", 1.50, "a\\nb"', '1.5 "a\\nb"'),
        ('"%.2s|%5.1s|", "ééé", "abc"', "éé|    a|"),
        ('"%-6s|%6s|", "é", "日本"', "é     |    日本|"),
        ('"%[2]s %[1]s %s", "a", "b"', "b a b"),
        (
            '"%d", 340282366920938463463374607431768211456',
            "340282366920938463463374607431768211456",
        ),
        ('"%v", [1, {a = null}]', '[1,{"a":null}]'),
    ],
)
def test_verbs_format_as_go_does(call: str, expected: str) -> None:
    assert value(f"format({call})") == expected


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ('"%d", 1.5', "a whole number is required"),
        ('"%s", null', "null value cannot be formatted"),
        ('"%s"', "need index 1 but have 0 total"),
        ('"%[0]s", 1', "count from 1"),
        ('"%", 1', "unterminated verb"),
        ('"%z", 1', 'unsupported format verb "z"'),
        ('"%99999s", 1', "at most"),
        ('"a", 1', "only 0 used by format string"),
        ('"%s", [1]', "a string is required"),
    ],
)
def test_wrong_verbs_say_what_is_wrong(call: str, reason: str) -> None:
    assert reason in problem(f"format({call})")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('regex("(?P<year>\\\\d+)-(?P<day>\\\\d+)?", "on 2024-")', {"year": "2024", "day": None}),
        ('regexall("(?P<c>.)", "ab")', [{"c": "a"}, {"c": "b"}]),
        ('regexall("x*", "")', [""]),
        ('regex_replace("john smith", "(\\\\w+) (\\\\w+)", "${2}_$1 $$ $9 $no")', "smith_john $  "),
        ('regex_replace("x=1", "(?P<k>\\\\w)=(?P<v>\\\\d)", "${v}=${k}")', "1=x"),
        ('regex_replace("abc", "", "-")', "-a-b-c-"),
        ('regex_replace("ééé", "é", "e")', "eee"),
    ],
)
def test_patterns_match_as_go_matches(call: str, expected: object) -> None:
    call = call.replace('"${2}', '"$${2}').replace('"${v}=${k}', '"$${v}=$${k}')
    assert value(call) == expected


@pytest.mark.parametrize("pattern", ["(?=a)", "(a)\\\\1", "a**", "[z-a]"])
def test_patterns_that_re2_does_not_know_are_refused(pattern: str) -> None:
    assert "this is not a regular expression" in problem(f'regex("{pattern}", "a")')


def test_a_pattern_that_takes_others_forever_is_quick() -> None:
    assert value('can(regex("(a+)+$", join("", [for i in range(1000) : "aaaaaaaaaa"])))') is True
    assert "did not match" in problem('regex("(a|aa)+$", "' + "a" * 5000 + 'b")')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b\\n"x,1","say ""hi"""', [{"a": "x,1", "b": 'say "hi"'}]),
        ('a\\n"two\\nlines"\\n\\n', [{"a": "two\nlines"}]),
        ("a,b\\r\\n1,\\r\\n", [{"a": "1", "b": ""}]),
    ],
)
def test_csv_is_read(text: str, expected: object) -> None:
    text = text.replace('"', '\\"')
    assert value(f'csvdecode("{text}")') == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing header line"),
        ("a,a", "duplicate column name"),
        ("a,b\\n1", "wrong number of fields in record 2"),
        ('a\\nx\\"y', "a bare"),
        ('a\\n\\"x\\"y', "this is not CSV"),
        ('a\\n\\"x', "this is not CSV"),
    ],
)
def test_csv_that_go_refuses_is_refused(text: str, reason: str) -> None:
    assert reason in problem(f'csvdecode("{text}")')


@given(data)
def test_json_is_what_python_reads_and_comes_back(sample: object) -> None:
    made = from_python(sample)  # type: ignore[arg-type]
    written = encode(made)
    assert json.loads(written) == to_python(made)
    assert to_python(decode(written)) == to_python(made)
    assert not set("<>&") & set(written)


@pytest.mark.parametrize("text", ["", "nul", "[1,]", "{'a': 1}", "NaN", "1 2", "[" * 5000, '"\n"'])
def test_what_is_not_json_is_refused(text: str) -> None:
    assert "JSON" in problem(f"jsondecode({encode(string(text))})".replace("\\n", "\\n"))


@given(data)
def test_yaml_is_what_a_yaml_reader_reads(sample: object) -> None:
    made = from_python(sample)  # type: ignore[arg-type]
    write, read = (function.implementation for function in YAML)
    text = write([made])
    assert yaml.safe_load(text.text) == to_python(made)
    assert to_python(read([text])) == to_python(made)


def test_yaml_text_of_several_lines_stays_readable() -> None:
    text = 'yamlencode({script = "a\\n  b\\n", last = "x\\ny", keep = "z\\n\\n"})'
    assert value(text) == '"keep": |+\n  z\n\n"last": |-\n  x\n  y\n"script": |\n  a\n    b\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y", True),
        ("off", False),
        ("~", None),
        ("0x1F", "0x1F"),
        ("012", 12),
        ("1_000", "1_000"),
        ("+.5", 0.5),
        ("2024-1-2 3:04:05 +1", "2024-01-02T03:04:05+01:00"),
        ("2024-13-01", "2024-13-01"),
        ("'5'", "5"),
        ("!!str yes", "yes"),
        ("!!int 5", 5),
        ("{1: a, true: b}", {"1": "a", "true": "b"}),
        (
            "a: &x {b: 1}\\nc: {<<: *x, d: 2}\\ne: *x",
            {"a": {"b": 1}, "c": {"b": 1, "d": 2}, "e": {"b": 1}},
        ),
    ],
)
def test_yaml_scalars_are_read_as_go_reads_them(text: str, expected: object) -> None:
    assert value(f'yamldecode("{text}")') == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no YAML document"),
        ("a: [", "this is not YAML"),
        ("a: 1\\n---\\nb: 2", "this is not YAML"),
        ("&a [*a]", "refers to itself"),
        ("{[a]: 1}", "a key must be a string"),
        ("\\u0001", "this is not YAML"),
    ],
)
def test_yaml_that_cannot_be_a_value_is_refused(text: str, reason: str) -> None:
    assert reason in problem(f'yamldecode("{text}")')


def test_yaml_that_multiplies_itself_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, 12)]
    assert "too large" in problem(f"yamldecode({encode(string(chr(10).join(lines)))})")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('base64decode("aGk=\\n")', "hi"),
        ('textdecodebase64(textencodebase64("né", "UTF-16LE"), "UTF-16LE")', "né"),
        ('urlencode("a b&c/d")', "a+b%26c%2Fd"),
        ('title("élan vital 3d")', "Élan Vital 3d"),
        ('upper("ŉ")', "ŉ"),
        ('chomp("a\\r\\n\\n")', "a"),
        ('indent(2, "a\\n\\nb")', "a\n  \n  b"),
        ('substr("👩‍👩‍👧x", 1, -1)', "x"),
        ('split("", "añ")', ["a", "ñ"]),
    ],
)
def test_texts_are_changed_character_by_character(call: str, expected: object) -> None:
    assert value(call) == expected


@pytest.mark.parametrize("codec", ["rot13", "hex", "base64", "unicode_escape", "nope", "zlib"])
def test_what_is_no_character_set_is_refused(codec: str) -> None:
    assert "is not a supported" in problem(f'textencodebase64("x", "{codec}")')
