"""Reading never raises, whatever the text; valid text is read whole; problems are told at their place."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oxtui.template.hcl.diagnostic import has_errors
from oxtui.template.hcl.parse import parse_body, parse_expression, parse_template_text
from oxtui.template.hcl.scanner import scan, scan_template
from oxtui.template.hcl.source import SourceFile
from tests.template.hcl.texts import configurations

PIECES = [
    *["${", "}", "%{", '"', "\n", "\r\n", "\r", "<<E\n", "E\n", "<<-E\n", "{", "[", "(", ")", "]"],
    *["a", "=", "b {", "for", "in", "if", "else", "endif", "endfor", ":", "=>", "...", "~", ","],
    *["1", ".", "*", "[*]", "-", "!", "?", "/*", "*/", "#", "//", "\\", "$", "%", "\0", "é", "::"],
    *[" ", "\ufeff", "&&", "|", "'", "`", ";", "\x0b", "1e999999999", "\U0001f600"],
]
FRAGMENTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(st.one_of(FRAGMENTS, st.text(max_size=60)))
@example('a = "$${')
@example("a = <<E\n${<<F\nF\n}\nE")
def test_no_text_makes_reading_raise_or_lose_a_character(text: str) -> None:
    file = SourceFile("fuzz", text)
    for read in (parse_body, parse_expression, parse_template_text):
        _, diagnostics = read(file)
        for diagnostic in diagnostics:
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
    for tokens in (scan(text), scan_template(text)):
        at = 1 if text.startswith("\ufeff") else 0
        for token in tokens:
            assert text[at : token.start].strip(" \t") == ""
            at = token.end
        assert at == len(text)


@given(configurations())
def test_valid_text_is_read_without_a_word(text: str) -> None:
    _, diagnostics = parse_body(SourceFile("valid", text))
    assert [str(diagnostic) for diagnostic in diagnostics] == []


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "(" * 5000 + "1" + ")" * 5000 + "\n",
        "a = " + "{b=" * 5000,
        "a = " + "!" * 50_000 + "x\n",
        "a = " + "f(" * 5000,
        "a = " + '"${' * 5000,
        "a = " + "x ? 1 : " * 5000 + "2\n",
        "a = " + "x[" * 5000,
        "b {\n" * 5000,
        'a = "' + "%{ if x }" * 5000 + '"\n',
    ],
    ids=lambda text: text[4:10],
)
def test_what_nests_without_end_is_an_error_not_a_crash(text: str) -> None:
    _, diagnostics = parse_body(SourceFile("deep", text))
    assert has_errors(diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "1 + " * 20_000 + "1\n",
        "a = x" + ".y" * 20_000 + "\n",
        "a = [" + "1, " * 40_000 + "]\n",
        "a = <<E\n" + "line ${x}\n" * 20_000 + "E\n",
        "a = 1\n" + "# comment\n" * 40_000,
    ],
    ids=["sum", "steps", "list", "heredoc", "comments"],
)
def test_what_is_long_but_flat_is_read(text: str) -> None:
    _, diagnostics = parse_body(SourceFile("long", text))
    assert not diagnostics


# A reader whose work grew with the square of the length would need minutes for these.
@pytest.mark.parametrize(
    "piece",
    ["/*", "<<E\n", '"', "${", "[", "a = ", "b {\n", "$$", "%%{", "\\", "}", "b { a = @ }\n"],
)
def test_a_long_row_of_anything_is_read_to_its_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    body, _ = parse_body(SourceFile("long", text))
    assert body.span.end == len(text)


def test_a_heredoc_of_two_megabytes_is_read() -> None:
    lines = "0123456789 plain text, no sequences\n" * 60_000
    body, diagnostics = parse_body(SourceFile("long", f"a = <<E\n{lines}E\n"))
    assert not diagnostics
    assert body.attributes["a"].span.end == len(lines) + len("a = <<E\nE")


def test_one_broken_item_does_not_hide_the_others() -> None:
    text = 'a = [1,, 2]\nb = "ok"\nc {\n  d = @\n  e = 1\n}\nf = = 2\n'
    body, diagnostics = parse_body(SourceFile("x.pkr.hcl", text))
    assert [
        diagnostic.line for diagnostic in diagnostics if diagnostic.summary != "Invalid character"
    ] == [1, 4, 7]
    assert list(body.attributes) == ["b"]
    assert list(body.blocks[0].body.attributes) == ["e"]


def test_an_attribute_may_be_set_only_once() -> None:
    _, diagnostics = parse_body(SourceFile("x.pkr.hcl", "a = 1\nb = 2\na = 3\n"))
    assert [(d.summary, d.line) for d in diagnostics] == [("Attribute redefined", 3)]
