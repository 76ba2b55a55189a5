"""Code is coloured by what it is, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.code.spans import Language, lines_of


def coloured(text: str, language: Language) -> list[list[tuple[str, str]]]:
    lines = text.split("\n")
    return [
        [(lines[number][start:end], kind) for start, end, kind in pieces]
        for number, pieces in enumerate(lines_of(text, language))
    ]


def test_hcl() -> None:
    text = 'source "a" {\n  x = "v-${var.y}" # c\n  z = <<EOT\nhi ${local.b}\nEOT\n}'
    first, second, third, fourth, fifth, last = coloured(text, "hcl")
    assert ("source", "keyword") in first
    assert second == [
        ("x", "name"), ('"', "string"), ("v-", "string"), ("${", "mark"), ("var", "reference"),
        ("y", "reference"), ("}", "mark"), ('"', "string"), ("# c", "comment"),
    ]  # fmt: skip
    assert third == [("z", "name"), ("<<EOT", "string")]
    assert ("local", "reference") in fourth
    assert fifth == [("EOT", "string")]
    assert last == []


def test_shell() -> None:
    first, second = coloured('export A=1 # note\necho "hi $NAME ${X:-y}" | tr a b', "shell")
    assert first == [("export", "keyword"), ("A", "name"), ("1", "number"), ("# note", "comment")]
    assert ("$NAME", "reference") in second
    assert ("${X:-y}", "reference") in second
    assert ("|", "mark") in second


def test_json() -> None:
    [line] = coloured(r'{"a\"": "v-${var.y} {{user `x`}}", "b": [-1.5, true, null]}', "json")
    assert line == [
        (r'"a\""', "name"), ('"v-', "string"), ("${var.y}", "reference"), (" ", "string"),
        ("{{user `x`}}", "mark"), ('"', "string"), ('"b"', "name"), ("-1.5", "number"),
        ("true", "number"), ("null", "number"),
    ]  # fmt: skip


def test_what_a_component_renders_is_marked_in_hcl() -> None:
    [line] = coloured('x = "a {{ .Path }}"', "hcl")
    assert line[2:] == [("a ", "string"), ("{{ .Path }}", "mark"), ('"', "string")]


def test_a_hash_within_a_word_is_no_comment() -> None:
    assert coloured("echo a#b", "shell") == [[]]


@pytest.mark.parametrize("language", ["hcl", "json", "shell", ""])
@given(text=st.text(st.sampled_from("ab=\"$%{}.\\\n'#<-EOT\r|()1 ")))
def test_every_piece_lies_in_its_line_and_none_overlaps(text: str, language: Language) -> None:
    lines = text.split("\n")
    pieces = lines_of(text, language)
    assert len(pieces) == len(lines)
    for line, found in zip(lines, pieces, strict=True):
        at = 0
        for start, end, _kind in found:
            assert at <= start < end <= len(line)
            at = end
