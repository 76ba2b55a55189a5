"""No text hangs, recurses to death or takes all memory: each of these is refused at a bound, which is tested."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from oxtui.template.legacy.engine import limits
from oxtui.template.legacy.interpolate import Interpolation, InterpolationError

NESTED: list[Any] = []
for _ in range(5_000):
    NESTED = [NESTED]
CONTEXT = Interpolation(
    datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC),
    {
        "big": "x" * 5_000_000,
        "wide": "\u2028<" * 3_000_000,
        "list": list(range(1_000)),
        "map": {str(number): number for number in range(1_000)},
        "nested": NESTED,
    },
)
TWICE = "".join(
    f'{{{{define "{n}"}}}}{{{{template "{n + 1}"}}}}{{{{template "{n + 1}"}}}}{{{{end}}}}'
    for n in range(40)
)
DEEP, LONG, STEPS, WORK = "levels deep", "16,777,216 characters", "200,000 steps", "grow too large"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{" + "(" * 5_000 + "1" + ")" * 5_000 + "}}", DEEP),
        ("{{if 1}}" * 5_000 + "{{end}}" * 5_000, DEEP),
        ("{{if 1}}" * 60 + "{{" + "(" * 60 + "1" + ")" * 60 + "}}" + "{{end}}" * 60, DEEP),
        ('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', DEEP),
        ('{{template "root"}}', DEEP),
        (
            '{{define "a"}}{{if 1}}{{template "a" (print (print .))}}{{end}}{{end}}{{template "a" 1}}',
            DEEP,
        ),
        (TWICE + '{{define "40"}}{{end}}{{template "0"}}', STEPS),
        ("{{range 1000000000}}{{end}}", STEPS),
        ("{{range 10000}}{{range 10000}}{{end}}{{end}}", STEPS),
        ("{{range 99999}}{{range $.map}}{{break}}{{end}}{{end}}", WORK),
        ("{{range 99999}}{{index $.big 1}}{{end}}", WORK),
        ("{{range 99999}}{{eq $.big $.big}}{{end}}", WORK),
        ("{{range 99999}}{{$x := printf `%s` $.map}}{{end}}", WORK),
        ("{{range 99999}}{{$.map}}{{end}}", WORK),
        ("{{printf (printf `%0400000d` 0 | replace_all `0` `%d`)}}", WORK),
        ('{{$x := "aaaaaaaa"}}' + "{{$x = print $x $x}}" * 60, WORK),
        ("{{range 9}}{{$.big}}{{end}}", LONG),
        ("{{js .wide}}", LONG),
        ("{{html .wide .wide}}", LONG),
        ("{{urlquery .wide}}", LONG),
        ('{{printf "%q" .wide}}', LONG),
        ('{{replace_all "" (print .big) .big}}', LONG),
        ('{{replace "x" "yyyyyyyy" -1 .big}}', LONG),
        ('{{printf "' + "%1000000d" * 20 + '"' + " 1" * 20 + "}}", LONG),
        ("x" * (limits.MAX_CHARACTERS + 1) + "{{1}}", LONG),
        ('{{printf "%1000001d" 1}}', "at most 1,000,000"),
        ('{{printf "%.1000000f" 1.5}}', "at most 2,000 digits"),
        ("{{1}}" * (limits.MAX_PARTS + 1), "more than 50,000 parts"),
        ("{{print" + " 1" * limits.MAX_PARTS + "}}", "more than 50,000 parts"),
        ("{{$x := 1}}" * (limits.MAX_VARIABLES + 1), "more than 1,000 variables"),
        ("{{" + "9" * 1_000_000 + "}}", "too many digits"),
        ("{{" + "0x" + "f" * 300 + "}}", "cannot be used as a number"),
        ('{{"' + "a" * 2_000_000 + '"}}', "not finished"),
        ('{{"' + "\\a" * 1_000_000 + '"}}', "not finished"),
        ("{{`" + "a" * 2_000_000, "not finished"),
        ("{{.nested}}", "nested too deep"),
        ("{{print .nested}}", "nested too deep"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_costs_too_much_is_refused(text: str, message: str) -> None:
    with pytest.raises(InterpolationError, match=message):
        CONTEXT.render(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("{{" + "(" * 98 + "1" + ")" * 98 + "}}", 1),
        ("{{if 1}}" * 98 + "a" + "{{end}}" * 98, 1),
        ("{{if 0}}" + "{{else if 0}}" * 5_000 + "{{else}}z{{end}}", 1),
        ("{{print `" + "a" * 1_000_000 + "`}}", 1_000_000),
        ("x" * 5_000_000 + "{{- /* */ -}}" + " " * 5_000_000, 5_000_000),
        ("{{" + " " * 5_000_000 + "1}}", 1),
        ("{{range .list}}{{range $.list}}{{break}}{{end}}x{{end}}", 1_000),
        ("{{.big}}{{.big}}{{.big}}", 15_000_000),
        ('{{printf "' + "%[" * 50_000 + '"}}', 50_000),
        ("{{replace_all `x` `` .big}}", 0),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_only_long_is_rendered(text: str, length: int) -> None:
    assert len(CONTEXT.render(text)) == length
