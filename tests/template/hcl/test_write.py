"""What is written reads back as what was meant, in the layout of `packer fmt`."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.write import (
    Code,
    Interpolated,
    heredoc,
    quote,
    quote_parts,
    write_block,
    write_value,
)
from oxtui.template.load import parse_template
from oxtui.template.new import new_template
from oxtui.template.values import string, to_python
from tests.template.test_document_properties import composed, data

lines = st.text(
    st.characters(codec="utf-8", exclude_characters="\n", exclude_categories=["Cs"]), max_size=15
)


def read(written: str) -> object:
    file = SourceFile("x", f"a = {written}\n")
    body, problems = parse_body(file)
    assert problems == []
    return to_python(Evaluator(file).evaluate(body.attributes["a"].expression, Scope()))


@given(data, st.sampled_from(("", "  ", "      ")))
def test_values_read_back(value: object, indent: str) -> None:
    written = write_value(value, indent)  # type: ignore[arg-type]
    assert read(written) == composed(value)


@given(st.lists(lines, min_size=1, max_size=5), st.sampled_from(("", "  ", "\t")))
def test_heredocs_read_back(found: list[str], indent: str) -> None:
    text = "\n".join(found) + "\n"
    assert read(heredoc(text, indent)) == string(text).text


@given(lines)
def test_quoted_text_reads_back(text: str) -> None:
    assert read(quote(text)) == string(text).text


PIECES = st.lists(
    lines | st.sampled_from(["$", "%", "$$", "${", "%{", "\n", "x\n", "EOT\n"]), min_size=1
)


@given(PIECES, st.sampled_from(("", "  ")))
def test_text_with_expressions_in_it_reads_back(pieces: list[str], indent: str) -> None:
    parts = [part for piece in pieces for part in (piece, Code('"=${"v"}="'))]
    value = Interpolated(tuple(parts))
    meant = string("".join(f"{piece}=v=" for piece in pieces)).text
    assert read(quote_parts(value)) == meant
    assert read(write_value(value, indent)) == meant
    ended = Interpolated((*parts, "\n"))
    assert read(write_value(ended, indent)) == meant + "\n"
    assert read(write_value({Code(quote_parts(value)): 1}, indent)) == {meant: 1}


@given(st.dictionaries(st.sampled_from(("a", "bcd", "e_f", "script")), data, max_size=4))
def test_blocks_are_laid_out_as_packer_fmt_does(attributes: dict[str, object]) -> None:
    inner = write_block("provisioner", ["shell"], attributes, "  ")  # type: ignore[arg-type]
    written = "build {\n" + inner + "}\n"
    assert format_tokens(written) == written
    assert parse_body(SourceFile("x", written))[1] == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a\tb\x07", '"a\\tb\\u0007"'),
        ("${x} %{y} $${z}", '"$${x} %%{y} $$${z}"'),
        (Decimal("1E+3"), "1000"),
        (1e-7, "0.0000001"),
        (Code('"${var.x}"'), '"${var.x}"'),
        ({"for": 1}, '{\n  "for" = 1\n}'),
        (["x"], '["x"]'),
        (["x" * 50, "y" * 50], '[\n  "' + "x" * 50 + '",\n  "' + "y" * 50 + '",\n]'),
        ("one\ntwo\n", "<<-EOT\n  one\n  two\nEOT"),
        ("one\ntwo", '"one\\ntwo"'),
        ("EOT\nEOT_\n", "<<-EOT__\n  EOT\n  EOT_\nEOT__"),
        ("  all\n  indented\n", "<<EOT\n  all\n  indented\nEOT"),
    ],
)
def test_values_are_written_the_usual_way(value: object, written: str) -> None:
    assert write_value(value) == written  # type: ignore[arg-type]


def test_a_new_template_is_valid_and_canonical() -> None:
    text = new_template(
        "web",
        {"project": "demo", "boot_disk_size": 20, "source_image": Code("var.image")},
        [("shell", {"inline": ["echo hi"]}), ("breakpoint", {})],
    )
    template = parse_template(text, "web.pkr.hcl")
    assert template.diagnostics == []
    assert format_tokens(text) == text
    assert [str(key) for key in template.sources] == ["oxide-instance.web"]
    assert [plugin.name for plugin in template.required_plugins] == ["oxide"]
    assert len(template.builds[0].provisioners()) == 2
    assert "packer" not in new_template("x", {}, source_type="null")
