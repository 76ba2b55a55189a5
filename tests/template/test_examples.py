"""Laws on every template that was written for the tests, and on every reference document that is valid."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oxtui.template.document import Document
from oxtui.template.hcl.diagnostic import has_errors
from oxtui.template.hcl.edit.text_edit import difference
from oxtui.template.hcl.format import format_tokens
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.scanner import scan
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.tree.bodies import Attribute, Body
from oxtui.template.load import load_template, parse_template
from oxtui.template.resolve import resolve
from oxtui.template.variables import VariableInputs
from tests.differential.examples import documents, name, templates, text_of
from tests.shared import shared
from tests.template.test_document_properties import comments, composed, data, errors, read

WELL_WRITTEN = [*documents("valid"), *documents("refused")]
VALID = documents("valid")


@cache
def texts() -> list[str]:
    """The examples, and the reference documents that HCL accepts."""
    rows = map(json.loads, shared("cases/hcl/syntax.jsonl").read_text().splitlines())
    return [*map(text_of, WELL_WRITTEN), *(row["src"] for row in rows if row["ok"])]


def rebuilt(body: Body, text: str, start: int, end: int) -> str:
    """The text of a body again, item by item out of the tree, and what is between them."""
    made, at = "", start
    for item in body.items:
        made += text[at : item.span.start]
        if isinstance(item, Attribute):
            made += text[slice(*item.name_span)]
            made += text[item.name_span.end : item.expression.span.start]
            made += text[slice(*item.expression.span)]
        else:
            made += text[slice(*item.type_span)] + text[item.type_span.end : item.open.end]
            made += rebuilt(item.body, text, item.open.end, item.close.start)
            made += text[slice(*item.close)]
        at = item.span.end
    return made + text[at:end]


def test_reading_and_writing_gives_every_byte_back() -> None:
    for text in texts():
        body, problems = parse_body(SourceFile("x", text))
        assert problems == []
        assert rebuilt(body, text, 0, len(text)) == text
        assert Document(text, "x.pkr.hcl").text == text


def test_a_file_is_saved_as_it_was_found(tmp_path: Path) -> None:
    for number, path in enumerate(documents("valid")):
        copy = tmp_path / f"{number}.pkr.hcl"
        Document.open(path).save(copy)
        assert copy.read_bytes() == path.read_bytes()


def test_formatting_keeps_tokens_and_what_is_formatted() -> None:
    for text in texts():
        once = format_tokens(text)
        assert format_tokens(once) == once
        pairs = zip(scan(once), scan(text), strict=True)
        assert all(
            (a.kind, once[a.start : a.end]) == (b.kind, text[b.start : b.end]) for a, b in pairs
        )


@pytest.mark.parametrize("template", templates("valid"), ids=name)
def test_every_valid_template_is_one(template: Path) -> None:
    assert [str(each) for each in load_template(template).diagnostics if each.is_error] == []


def wrong_line(path: Path) -> int:
    """The line that the first comment of an example speaks of; it says what is wrong there."""
    words = text_of(path).split("\n", 1)[0]
    return int(words.split("line ")[1].split()[0].rstrip(":,"))


@pytest.mark.parametrize("document", documents("invalid"), ids=name)
def test_what_is_wrong_is_told_at_its_line(document: Path) -> None:
    told = parse_template(text_of(document), document.name).diagnostics
    assert wrong_line(document) in {each.line for each in told if each.is_error}


@pytest.mark.parametrize("document", documents("refused"), ids=name)
async def test_what_cannot_be_is_told_at_its_line(document: Path) -> None:
    template = parse_template(text_of(document), document.name)
    told = (await resolve(template, VariableInputs())).diagnostics
    near = {wrong_line(document) + up for up in (-2, -1, 0)}  # or at the head of its block
    assert near & {each.line for each in told if each.is_error}


def addresses(document: Document) -> list[str]:
    """Blocks that a form can show."""
    sources = [
        f"source.{'.'.join(b.labels[n].value for n in (0, 1))}"
        for b in document.body.blocks_of("source")
    ]
    found = [f"build.{n}" for n in range(len(document.body.blocks_of("build")))]
    for number in range(len(found)):
        count = len(document.provisioners(number))
        found += [f"build.{number}.provisioner.{position}" for position in range(count)]
    return sources + found


@settings(max_examples=120)
@given(
    st.sampled_from(VALID), st.data(), st.sampled_from(("ssh_username", "name", "added", "x")), data
)
def test_what_is_set_is_read_back_and_nothing_else_changes(
    path: Path, choose: st.DataObject, attribute: str, value: object
) -> None:
    text = text_of(path)
    document = Document(text, path.name)
    found = addresses(document)
    assume(found)
    address = choose.draw(st.sampled_from(found))
    span = document.span_of(address)
    known = document.span_of(address, attribute)
    assert span is not None
    inside = "" if known is None else text[slice(*known)]
    document.set(address, attribute, value)  # type: ignore[arg-type]
    assert errors(document.text) == []
    assert read(document, address, attribute) == composed(value)
    assert comments(document.text) >= comments(text) - comments(inside)
    change = difference(text, document.text)
    top = next(
        block for block in Document(text, "x").body.blocks if block.span.contains(span.start)
    )
    assert top.span.start <= change.start
    assert change.end <= top.span.end
    document.undo()
    assert document.text == text


@settings(max_examples=120)
@given(st.sampled_from(VALID), st.data())
def test_structure_is_edited_without_losing_a_comment(path: Path, choose: st.DataObject) -> None:
    text = text_of(path)
    document = Document(text, path.name)
    assume(document.body.blocks_of("build"))
    count = len(document.provisioners(0))
    kinds = [member.type for member in document.provisioners(0)]
    at = choose.draw(st.integers(0, max(0, count - 1)))
    action = choose.draw(st.sampled_from(("add", "block", "move", "off", "remove", "rename")))
    if action == "add":
        document.add_provisioner(0, at, "shell", {"inline": ["true", "a\nb"]})
        kinds.insert(at, "shell")
    elif action == "block":
        document.add_block("source", ["null", "added"], {"communicator": "none"})
        assert read(document, "source.null.added", "communicator") == "none"
    elif action == "rename":
        assume(document.body.blocks_of("source"))
        first = document.body.blocks_of("source")[0]
        old = f"source.{first.labels[0].value}.{first.labels[1].value}"
        document.rename(old, 1, "other name")
        assert document.body.blocks_of("source")[0].labels[1].value == "other name"
    elif count:
        if action == "move":
            new = choose.draw(st.integers(0, count - 1))
            document.move_provisioner(0, at, new)
            kinds.insert(new, kinds.pop(at))
        elif action == "off":
            document.switch(f"build.0.provisioner.{at}", on=False)
            document.switch(f"build.0.provisioner.{at}", on=True)
            assert document.text == text
        else:
            document.remove_provisioner(0, at)
            del kinds[at]
    assert not has_errors(parse_body(SourceFile("x", document.text))[1])
    assert [member.type for member in document.provisioners(0)] == kinds
    if action != "remove":
        assert comments(document.text) == comments(text)
    while document.undo():
        pass
    assert document.text == text
