"""`packer fmt`'s layout, byte for byte; formatting twice changes nothing, and no token is lost."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.format import format_file, format_tokens
from oxtui.template.hcl.scanner import scan
from oxtui.template.hcl.source import SourceFile
from tests.shared import shared
from tests.template.hcl.texts import configurations


def _formattings() -> list[tuple[str, str]]:
    rows = []
    for name in ("fmt", "syntax"):
        for line in shared(f"cases/hcl/{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            if "fmt" in row:
                rows.append((row["src"], row["fmt"]))
    return rows


def test_every_case_is_laid_out_as_packer_does() -> None:
    cases = _formattings()
    assert [(src, format_tokens(src)) for src, _ in cases] == cases
    assert len(cases) > 200


def test_formatting_what_is_formatted_changes_nothing() -> None:
    for _, formatted in _formattings():
        assert format_tokens(formatted) == formatted


def _meaning(text: str) -> list[tuple[str, str]]:
    return [(token.kind, text[token.start : token.end]) for token in scan(text)]


@given(configurations())
def test_formatting_keeps_every_token_and_is_idempotent(text: str) -> None:
    once = format_tokens(text)
    assert _meaning(once) == _meaning(text)
    assert format_tokens(once) == once


@given(configurations(), st.data())
def test_blanks_between_tokens_do_not_matter(text: str, data: st.DataObject) -> None:
    pieces, at = [], 0
    inside_text = (t.LITERAL, t.QUOTED_LITERAL, t.CLOSE_QUOTE, t.CLOSE_HEREDOC)
    for token in scan(text):
        gap = text[at : token.start]
        if gap and token.kind not in inside_text:
            gap = data.draw(st.sampled_from((" ", "   ", "\t")))
        pieces.append(gap + text[token.start : token.end])
        at = token.end
    assert format_tokens("".join(pieces)) == format_tokens(text)


def test_a_file_that_cannot_be_read_is_not_formatted() -> None:
    formatted, diagnostics = format_file(SourceFile("x.pkr.hcl", "a = [1,,\n"))
    assert formatted is None
    assert diagnostics[0].line == 1
