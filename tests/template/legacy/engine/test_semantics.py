"""What Go's text/template makes of texts: the results of Go 1.26's own, by which these tables were checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from oxtui.template.legacy.interpolate import Interpolation, InterpolationError

DATA: dict[str, Any] = {
    "l": [1, "b", None, {"z": 1, "a": [2.5]}],
    "m": {"z": 1, "a": "x"},
    "s": "héllo",
    "n": None,
    "a": "A",
    "t": True,
    "i": 7,
    "f": 2.5,
}
CONTEXT = Interpolation(datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC), DATA)

BLOCKS = [
    ("{{if .zz}}a{{else if .s}}b{{else}}c{{end}}", "b"),
    ("{{if .zz}}a{{else if .n}}b{{else}}c{{end}}", "c"),
    ("{{if and .s (not .zz)}}yes{{end}}", "yes"),
    ("{{with $z := .s}}{{$z}}{{.}}{{else with 1}}{{.}}{{else}}n{{end}}", "héllohéllo"),
    ("{{with .zz}}a{{else with .s}}{{.}}{{else}}n{{end}}", "héllo"),
    ("{{with .m}}{{.a}}{{$.s}}{{end}}", "xhéllo"),
    ("{{range .l}}[{{.}}]{{end}}", "[1][b][<no value>][map[a:[2.5] z:1]]"),
    ("{{range $v := .l}}{{$v}};{{break}}{{end}}", "1;"),
    (
        "{{range $i, $v := .l}}{{if eq $i 1}}{{continue}}{{end}}{{$i}}={{$v}};{{end}}",
        "0=1;2=<no value>;3=map[a:[2.5] z:1];",
    ),
    ("{{range $k, $v := .m}}{{$k}}={{$v}},{{end}}", "a=x,z=1,"),
    ("{{range .zz}}a{{else}}none{{end}}{{range .n}}a{{else}}none{{end}}", "nonenone"),
    ("{{range 3}}{{.}}{{end}}{{range $i := 2}}{{$i}}{{end}}{{range 0}}{{else}}e{{end}}", "01201e"),
    ("{{$x := 0}}{{range $x = .l}}{{end}}{{$x}}", "map[a:[2.5] z:1]"),
    (
        "{{range $i, $}}{{$i}},{{end}}",
        "A,2.5,7,[1 b <nil> map[a:[2.5] z:1]],map[a:x z:1],<no value>,héllo,true,",
    ),
    (
        '{{define "a"}}[{{.}}{{$}}]{{end}}{{template "a" 5}}{{template "a"}}',
        "[55][<no value><no value>]",
    ),
    ('{{block "b" .s}}({{.}}){{end}}{{template "b" 1}}', "(héllo)(1)"),
    ('{{define "a"}} {{end}}{{define "a"}}y{{end}}{{template "a"}}', "y"),
    ('{{template "late"}}{{define "late"}}x{{end}}', "x"),
]
VARIABLES = [
    ("{{$x := 1}}{{if true}}{{$x = 2}}{{$y := 3}}{{end}}{{$x}}", "2"),
    ("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}", "1"),
    ("{{print ($x := 3) $x}}", "3 3"),
    ("{{$x := .m}}{{$x.a}} {{$.s}}", "x héllo"),
]
TRIMMING = [
    (' a {{- "b" -}} c {{/* x */}} d {{- /* y */ -}} e', " abc  de"),
    ("{{- -5}} {{-5}} {{ 5 -}} x", "-5 -5 5x"),
    ("{{/*/ }} */}}", ""),
    ("a}}b{{`}}`}}", "a}}b}}"),
    ("{{ `a` \n | \t upper }}", "A"),
]
LITERALS = [
    (
        "{{0x1p4}} {{0x10}} {{0b11}} {{0o17}} {{017}} {{1_000}} {{+5}} {{-5}} {{'a'}} {{'\\n'}} {{.5}} {{5.}} {{0x1E}}",
        "16 16 3 15 15 1000 5 -5 97 10 0.5 5 30",
    ),
    (
        "{{1e20}} {{123456789.5}} {{1e5}} {{0.0001}} {{0.00001}} {{-0.0}} {{1e6}} {{12345678.0}}",
        "1e+20 1.234567895e+08 100000 0.0001 1e-05 -0 1e+06 1.2345678e+07",
    ),
    (
        "{{07.5}} {{0_7}} {{-0}} {{-9223372036854775808}} {{0x_f}}",
        "7.5 7 0 -9223372036854775808 15",
    ),
    ("{{\"\\x41\\101\\u00e9\\U0001F600\\\"\\\\\"}} {{'\\''}} {{`a\\n`}}", 'AAé😀"\\ 39 a\\n'),
    ('{{true}} {{print nil}} {{print "a" | }}', "true <nil> a"),
]
FIELDS = [
    ("{{.zz.x.y}}|{{.m.a}}|{{(index .l 3).a}}|{{.zz}}", "<no value>|x|[2.5]|<no value>"),
    (
        "{{.}}",
        "map[a:A f:2.5 i:7 l:[1 b <nil> map[a:[2.5] z:1]] m:map[a:x z:1] n:<nil> s:héllo t:true]",
    ),
    ('{{upper "a"}}{{"b" | upper | lower | printf "%s%s" "x"}}', "Axb"),
]
FUNCTIONS = [
    (
        '{{and 1 0 "x"}} {{or 0 "" "x"}} {{not 0}} {{0 | and 1}} {{1 | or 0}} {{.zz | or "d"}}',
        "0 x true 0 1 d",
    ),
    ("{{and false (index .l 99)}} {{or 1 (index .l 99)}}", "false 1"),
    (
        '{{eq .n nil}} {{eq .s "x" "héllo"}} {{ne 1 2}} {{lt "a" "b"}} {{le 1 1}} {{gt 2 1}} {{ge 1 2}} {{eq .zz "x"}}',
        "true true true true true true false false",
    ),
    ("{{eq 'a' 97}} {{lt 1.5 2.5}} {{eq true .t}} {{eq (len \"abc\") 3}}", "true true true true"),
    ('{{index .m "q"}} {{index .l 3 "z"}} {{index .s 1}} {{index 3}}', "<no value> 1 195 3"),
    ('{{slice .s 3}} {{slice .s 1 3}} {{slice .l 1 2}} {{slice "abc" 1 1}}', "llo é [b] "),
    ("{{len .s}} {{len .m}} {{len .l}}", "6 2 4"),
    (
        '{{print 1 2 "a" 3 nil true}}|{{println 1 "a"}}|{{print .zz}} {{.zz | print}}',
        "1 2a3 <nil> true|1 a\n|<nil> <nil>",
    ),
    (
        '{{html "<a&\\"\'\\x00>"}} {{html .zz}} {{html 1 2}}',
        "&lt;a&amp;&#34;&#39;�&gt; &lt;no value&gt; 1 2",
    ),
    ('{{js "a=<b>\\n\\u2028é\'\\\\"}}', "a\\u003D\\u003Cb\\u003E\\u000A\\u2028é\\'\\\\"),
    ('{{urlquery "a b&é~*-_./"}}', "a+b%26%C3%A9~%2A-_.%2F"),
]
PRINTF = [
    (
        '{{printf "%v %g %.3g %e %6.2f|%-8.3e|%08.3f" 1e6 1e21 12345.678 1.5 3.14159 1.0 -3.14159}}',
        "1e+06 1e+21 1.23e+04 1.500000e+00   3.14|1.000e+00|-003.142",
    ),
    (
        '{{printf "%+d|%x|%X|%#x|%#08x|%o|%O|%#o|%b|%q|%U|%#U|%c" 5 255 255 255 255 8 8 8 5 97 97 97 97}}',
        "+5|ff|FF|0xff|0x000000ff|10|0o10|010|101|'a'|U+0061|U+0061 'a'|a",
    ),
    (
        '{{printf "%5s|%-5s|%.2s|%q|%+q|%#q|%x|% x|%X" "é" "ab" "héllo" "a\\"\\n" "é" `a\\b` "hé" "hé" "hi"}}',
        '    é|ab   |hé|"a\\"\\n"|"\\u00e9"|`a\\b`|68c3a9|68 c3 a9|6869',
    ),
    (
        '{{printf "%v|%T|%t|%v|%z|%5t|%05d|%+.3d|% d" nil 1.5 true .l 3 true -42 5 5}}',
        "<nil>|float64|true|[1 b <nil> map[a:[2.5] z:1]]|%!z(int=3)| true|-0042|+005| 5",
    ),
    (
        '{{printf "%d" .l}}',
        "[1 %!d(string=b) <nil> map[%!d(string=a):[%!d(float64=2.5)] %!d(string=z):1]]",
    ),
    (
        '{{printf "%d %!" 1 2}} {{printf "%"}} {{printf "%d %d" 1}} {{printf "a" 1 "x" nil}}',
        "1 %!!(int=2) %!(NOVERB) 1 %!d(MISSING) a%!(EXTRA int=1, string=x, <nil>)",
    ),
    (
        '{{printf "%[2]d %[1]d" 1 2}} {{printf "%[2]*[1]d|" 12 5}} {{printf "%*d|%-*d|%.*f" 5 42 5 42 2 3.14159}}',
        "2 1    12|    42|42   |3.14",
    ),
    (
        '{{printf "%[5]d|%[x]d|%.[2]d|%[3]2d|%[" 5 42}} {{printf "%*d" "a" 1}} {{printf "%.*d" -1 1}}',
        "%!d(BADINDEX)|%!d(BADINDEX)|42|%!d(BADINDEX)|%!(NOVERB) %!(BADWIDTH)1 %!(BADPREC)1",
    ),
    (
        '{{printf "%#v %#v %#v" .l "a" 1.0}}',
        '[]interface {}{1, "b", interface {}(nil), map[string]interface {}{"a":[]interface {}{2.5}, "z":1}} "a" 1',
    ),
    (
        '{{printf "%s %s %t %d" "x" nil "a" "b"}} {{printf "%s" .m}}',
        "x %!s(<nil>) %!t(string=a) %!d(string=b) map[a:x z:%!s(int=1)]",
    ),
    (
        '{{printf "%5v|%-5v" .l .l}}',
        "[    1     b <nil> map[    a:[  2.5]     z:    1]]|[1     b     <nil> map[a    :[2.5  ] z    :1    ]]",
    ),
    ('{{printf "%q" .l}}', '[\'\\x01\' "b" <nil> map["a":[%!q(float64=2.5)] "z":\'\\x01\']]'),
    (
        '{{printf "%c|%q|%U" 0x1F600 10 -1}} {{printf "%E %G %F %#g %+.2f %010.2f" 0.0 1e-10 2.5 1.0 1.0 -1.5}}',
        "😀|'\\n'|U+FFFFFFFFFFFFFFFF 0.000000E+00 1E-10 2.500000 1.00000 +1.00 -000001.50",
    ),
    (
        '{{printf "%05s|%-05s|%d%%|%é|%.0d|%5.0d|%6.3v|%.1v" "ab" "ab" 5 5 0 0 3.14159 "abc"}}',
        "000ab|ab   |5%|%!é(int=5)||     |  3.14|a",
    ),
    ('{{printf "%+z|%#U|%8z" 5 2.5 "a"}}', "%!z(int=+5)|%!U(float64=2.50000)|%!z(string=       a)"),
]
REFUSED = [
    "{{1e400}}",
    "{{08}}",
    "{{9223372036854775808}}",
    "{{1__0}}",
    "{{'\\\"'}}",
    '{{"\\\'"}}',
    '{{"\\ud800"}}',
    "{{'ab'}}",
    "{{.s.x}}",
    "{{.n.x}}",
    "{{index .l 9}}",
    "{{index .s 6}}",
    '{{index .l "a"}}',
    "{{index .m 1}}",
    "{{index nil}}",
    "{{index 3 1}}",
    "{{len .n}}",
    "{{len 3}}",
    "{{slice .l 2 1}}",
    "{{slice .l 0 1 2 3}}",
    "{{slice .s 0 1 2}}",
    "{{slice 3}}",
    "{{eq 1 1.0}}",
    "{{eq .l .l}}",
    "{{eq .m .l}}",
    "{{eq 1}}",
    "{{eq}}",
    "{{lt true false}}",
    "{{lt .zz 1}}",
    '{{lt 1 "a"}}',
    "{{and}}",
    "{{nil}}",
    "{{true.x}}",
    '{{"a".x}}',
    '{{(print "a").x}}',
    "{{range .s}}x{{end}}",
    "{{range $i, $v := 3}}{{end}}",
    "{{range $a, $b, $c := .l}}{{end}}",
    "{{$a, $b := .l}}",
    "{{if false}}{{$y := 1}}{{else}}{{$y}}{{end}}",
    "{{$x = 2}}",
    "{{$x}}",
    '{{template "zz"}}',
    "{{template zz}}",
    '{{define "a"}}x{{end}}{{define "a"}}y{{end}}',
    '{{if 1}}{{define "a"}}{{end}}{{end}}',
    '{{define "a"}}{{$x := 1}}{{end}}{{$x}}',
    '{{$x := 1}}{{define "a"}}{{$x}}{{end}}',
    "{{/* a */ }}",
    "{{/* a",
    "{{ /* a */}}",
    '{{"a""b"}}',
    '{{print "a"(print "b")}}',
    "{{.s .m}}",
    "{{.s | .m}}",
    '{{"a" | "b"}}',
    '{{"a" | .}}',
    '{{upper.x "a"}}',
    "{{if true}}",
    "{{end}}",
    "{{else}}",
    "{{if 1}}{{else}}{{else}}{{end}}",
    "{{break}}",
    "{{continue}}",
    "{{range .l}}{{else}}{{break}}{{end}}",
    '{{range .l}}{{block "a" .}}{{break}}{{end}}{{end}}',
    "{{call .s}}",
    "{{range $i, .l}}{{end}}",
    "{{printf}}",
    "{{printf 3}}",
    '{{ "unclosed }}',
    "{{ `unclosed }}",
    "{{ 'u",
    "{{ upper ",
    "{{ (1 }}",
    "{{ 1) }}",
    "{{ 1 , 2 }}",
    "{{ @ }}",
    "{{ $x=1 }}",
    "{{if}}a{{end}}",
    "{{template}}",
    '{{define "a"}}{{else}}{{end}}',
    '{{define "a"}}',
    "{{end x}}",
    "{{if 1}}{{else x}}{{end}}",
    "{{ | print }}",
    "{{print || print}}",
    "{{()}}",
    "{{break | print}}",
    "{{(nil).x}}",
    "{{upper nil}}",
    "{{upper 5}}",
    "{{5 | upper}}",
    "{{upper .l}}",
    '{{replace "a" "b" .n "x"}}',
    '{{replace "a" "b" 1.5 "x"}}',
    "{{.s.}}",
    "{{. .s}}",
    "{{1.x}}",
    "{{.²}}",
    "{{ : }}",
]


@pytest.mark.parametrize(
    ("text", "result"), [*BLOCKS, *VARIABLES, *TRIMMING, *LITERALS, *FIELDS, *FUNCTIONS, *PRINTF]
)
def test_a_text_gives_what_go_gives(text: str, result: str) -> None:
    assert CONTEXT.render(text) == result


@pytest.mark.parametrize("text", REFUSED)
def test_what_go_refuses_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InterpolationError, match=r"line \d+, column \d+: ."):
        CONTEXT.render(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ 1i }}", "complex numbers are not available"),
        ("{{ printf `%p` .l }}", "no pointers here"),
        ("{{ printf `%b` 1.5 }}", "of a fraction is not available"),
        ("{{ slice `é` 0 1 }}", "cuts a character in two"),
        (r'{{ "\xff" }}', "not UTF-8"),
    ],
)
def test_what_is_not_in_it_is_refused(text: str, message: str) -> None:
    with pytest.raises(InterpolationError, match=message):
        CONTEXT.render(text)
