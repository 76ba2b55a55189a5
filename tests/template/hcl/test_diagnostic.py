"""Messages say what is wrong, where, and what to do, in the shape that HashiCorp's tools have."""

from __future__ import annotations

from dataclasses import replace

from oxtui.template.hcl.diagnostic import Diagnostic, Severity, error, render
from oxtui.template.hcl.source import SourceFile, Span


def test_a_message_shows_the_line_with_its_range_marked() -> None:
    text = 'source "null" "a" {\n\tport = 99 # é\n}\n'
    file = SourceFile("web.pkr.hcl", text)
    start = text.index("99")
    found = error("Invalid port", "Ports go from 1.", Span(start, start + 2), file)
    shown = render(replace(found, context='source "null" "a"'))
    assert shown == (
        "Error: Invalid port\n"
        "\n"
        '  on web.pkr.hcl line 2, in source "null" "a":\n'
        "  2: \tport = 99 # é\n"
        "     \t       ^^ web.pkr.hcl:2:9\n"
        "\n"
        "Ports go from 1.\n"
    )


def test_a_range_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    file = SourceFile("x", "a = [\n  1,\n]\n")
    shown = render(error("S", "D", Span(4, 12), file))
    assert "  1: a = [\n         ^ x:1:5\n" in shown


def test_an_empty_range_still_shows_a_mark() -> None:
    file = SourceFile("x", "a =")
    assert render(error("S", "D", Span(3, 3), file)).count("^") == 1


def test_of_a_long_line_only_what_is_around_the_place_is_shown() -> None:
    file = SourceFile("x", "a = [" + "1, " * 100_000 + "@" + ", 2" * 100_000 + "]")
    start = file.text.index("@")
    shown = render(error("S", "D", Span(start, start + 100_000), file)).splitlines()
    assert max(map(len, shown)) < 500
    line, mark = shown[3:5]
    assert line[mark.index("^")] == "@"
    assert line.startswith("  1: …")
    assert line.endswith("…")
    assert mark.endswith("^ x:1:300006")


def test_columns_count_what_a_reader_sees() -> None:
    file = SourceFile("x", 'a = "e\u0301\U0001f600" @')
    assert file.position(file.text.index("@")).column == 10


def test_a_message_about_no_place_has_no_excerpt() -> None:
    assert render(Diagnostic(Severity.WARNING, "S", "D")) == "Warning: S\n\nD\n"
