"""Untrusted text is safe to draw: nothing but text and colours is left of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.logs.sanitise import SafeText, Span, plain, sanitise
from oxtui.logs.sgr import Style


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("ordinary", "ordinary"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]0;title\x1b\\text", "text"),
        ("\x1b]52;c;aGk=\x07x", "x"),
        ("\x1b]8;;http://evil.example\x1b\\label\x1b]8;;\x1b\\", "label"),
        ("\x1bPq#0;1;1\x1b\\after", "after"),
        ("\x1b_Gf=100\x1b\\after", "after"),
        ("\x9b31mred\x9d0;t\x9cx", "redx"),
        ("\x1b]0;never ended", "0;never ended"),
        ("\x1b[2J\x1b[H\x1b[?1049hx", "x"),
        ("\x1bcreset\x1b(0", "reset"),
        ("bell\x07 nul\x00 del\x7f", "bell nul del"),
        ("a\u202eb\u2066c\u200bd\ufeffe\U000e0041f", "abcdef"),
        ("a\tb\tc", "a       b       c"),
        ("1234567\t|", "1234567 |"),
        ("漢\t|", "漢      |"),
        ("e\u0301 漢字 🙂", "e\u0301 漢字 🙂"),
        ("lone \ud800", "lone \ufffd"),
        ("\x1b", ""),
        ("two\nlines", "two lines"),
    ],
)
def test_what_is_left(raw: str, safe: str) -> None:
    assert plain(raw) == safe


def test_colours_become_spans() -> None:
    raw = "a \x1b[1;31mbold\x1b[22m red\x1b[39m \x1b[38;5;208mo\x1b[48;2;1;2;3mb\x1b[m end"
    assert sanitise(raw) == SafeText(
        "a bold red ob end",
        (
            Span(2, 6, Style(foreground=1, bold=True)),
            Span(6, 10, Style(foreground=1)),
            Span(11, 12, Style(foreground=208)),
            Span(12, 13, Style(foreground=208, background=(1, 2, 3))),
        ),
    )


@pytest.mark.parametrize(
    ("codes", "style"),
    [
        ("94", Style(foreground=12)),
        ("103", Style(background=11)),
        ("38:5:9", Style(foreground=9)),
        ("38:2::1:2:3", Style(foreground=(1, 2, 3))),
        ("4:3", Style(underline=True)),
        ("3;7;9", Style(italic=True, reverse=True, strike=True)),
        ("38;5;999", None),
        ("38;2;1", None),
        ("99999999999", None),
        ("?25", None),
        (">4;1", None),
    ],
)
def test_forms_of_colour_codes(codes: str, style: Style | None) -> None:
    assert sanitise(f"\x1b[{codes}mx").spans == ((Span(0, 1, style),) if style else ())


def test_spans_stay_in_place_behind_tabs_and_wide_characters() -> None:
    safe = sanitise("漢\t\x1b[32mok\x1b[0m")
    assert safe.text[safe.spans[0].start : safe.spans[0].end] == "ok"
    assert safe.cells == 10


@given(st.text(st.sampled_from("\x1b[]m;31\x07\x9b\x9c\\P?a\t\u202e漢é\n\r\b\x00"), max_size=60))
def test_no_control_or_format_character_survives(raw: str) -> None:
    safe = sanitise(raw)
    assert not [c for c in safe.text if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    ends = [0, *(edge for span in safe.spans for edge in (span.start, span.end)), len(safe.text)]
    assert ends == sorted(ends)
    assert all(span.start < span.end for span in safe.spans)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_ordinary_text_is_kept(text: str) -> None:
    assert plain(text) == text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("hostile", ["\x1b]", "\x1bP", "\x1b[", "\t", "\x1b[1m", "漢\t", "\x9d"])
def test_a_hostile_line_is_done_in_a_time_that_grows_with_its_length_alone(hostile: str) -> None:
    """A pass that grows with the square of the length would take hours for these."""
    safe = sanitise(hostile * 200_000)
    assert "\x1b" not in safe.text
