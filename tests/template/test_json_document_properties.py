"""Laws of form edits of templates in JSON: what is not edited keeps every byte, what is set reads back,
and every edit can be undone; also on the templates that Packer's behaviour was measured with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oxtui.template.document_kinds import document_of
from oxtui.template.editing.address import find
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.source import SourceFile
from oxtui.template.json.edit.blocks import listed
from oxtui.template.json.reader import parse_json
from oxtui.template.json_document import HclJsonDocument, JsonDocument
from oxtui.template.legacy_document import LegacyDocument
from oxtui.template.values import string, to_python
from tests.shared import shared
from tests.template.json.layouts import written

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00$%"), max_size=10)
values = st.recursive(
    st.one_of(st.booleans(), st.integers(-(10**20), 10**20), words, st.just("10%")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(("a", "b c", "é")), inner, max_size=3),
    ),
    max_leaves=5,
)
names = st.sampled_from(("a", "b", "inline", "ünïcode"))
bodies = st.dictionaries(names, values, max_size=3)
components = st.sampled_from(("shell", "file", "sleep"))
legacy_components = st.tuples(components, bodies).map(lambda p: {"type": p[0], **p[1]})
processors = st.one_of(components, legacy_components)
legacy_templates = st.fixed_dictionaries(
    {"builders": st.lists(bodies, min_size=1, max_size=2).map(
        lambda found: [{"type": "null", "name": f"n.{i}", **b} for i, b in enumerate(found)]
    )},
    optional={
        "variables": st.dictionaries(names, st.one_of(st.none(), words), max_size=3),
        "sensitive-variables": st.lists(names, max_size=2, unique=True),
        "provisioners": st.lists(legacy_components, max_size=3),
        "post-processors": st.lists(
            st.one_of(processors, st.lists(processors, min_size=1, max_size=3)), max_size=3
        ),
        "_comment": words,
    },
)  # fmt: skip
members = st.one_of(
    st.lists(st.tuples(components, bodies).map(lambda p: {p[0]: p[1]}), min_size=1, max_size=3),
    st.dictionaries(
        components, st.one_of(bodies, st.lists(bodies, min_size=1, max_size=2)), min_size=1
    ),
    st.lists(st.dictionaries(components, bodies, min_size=1, max_size=2), min_size=1, max_size=2),
)
builds = st.fixed_dictionaries(
    {},
    optional={
        "name": words,
        "provisioner": members,
        "post-processor": members,
        "post-processors": st.lists(
            members.map(lambda found: {"post-processor": found}), min_size=1, max_size=2
        ),
    },
)
hcl_templates = st.fixed_dictionaries(
    {"build": st.one_of(builds, st.lists(builds, min_size=1, max_size=2))},
    optional={
        "variable": st.dictionaries(names, st.just({"type": "string"}), min_size=1, max_size=2),
        "source": st.fixed_dictionaries(
            {"null": st.dictionaries(names, bodies, min_size=1, max_size=2)}
        ),
        "//": words,
    },
)


def texts(templates: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[str]:
    return templates.flatmap(written)


def addresses(document: JsonDocument) -> list[str]:
    """Of everything that has attributes."""
    found = [
        ".".join([block.type, *(label.value for label in block.labels)])
        for block in document.body.blocks
        if block.type == "source"
    ]
    for number in range(len(document.body.blocks_of("build"))):
        found += [
            f"build.{number}.provisioner.{i}" for i in range(len(document.provisioners(number)))
        ]
        for c, chain in enumerate(document.post_processors(number)):
            found += [f"build.{number}.post-processor.{c}.{m}" for m in range(len(chain))]
    return found


def attributes(document: JsonDocument) -> dict[tuple[str, str], str]:
    """All attributes with their text, blanks at the starts of lines apart."""
    return {
        (address, name): document.text[slice(*attribute.span)]
        for address in addresses(document)
        for name, attribute in find(
            document.text, document.body, address, listed
        ).block.body.attributes.items()
    }


def value_of(document: JsonDocument, address: str, name: str) -> object:
    block = find(document.text, document.body, address, listed).block
    expression = block.body.attributes[name].expression
    file = SourceFile("x", document.text)
    return to_python(Evaluator(file).evaluate(expression, Scope()))


def composed(value: object) -> object:
    """Data with its texts as HCL keeps them, which is in Unicode's composed form."""
    if isinstance(value, str):
        return string(value).text
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {string(name).text: composed(item) for name, item in value.items()}
    return value


documents = st.one_of(
    texts(legacy_templates).map(lambda text: LegacyDocument(text, "t.json")),
    texts(hcl_templates).map(lambda text: HclJsonDocument(text, "t.pkr.json")),
)


new_values = st.one_of(values, st.text("${%}a", max_size=6), st.just({"${x}": ["%{if}"]}))


@given(documents, names, new_values, st.data())
def test_what_is_set_is_read_back_and_nothing_else_changes(
    document: JsonDocument, name: str, value: Any, choose: st.DataObject
) -> None:
    text, before = document.text, attributes(document)
    assume(addresses(document))
    address = choose.draw(st.sampled_from(addresses(document)))
    span = document.span_of(address)
    assert span is not None
    document.set(address, name, value)
    assert value_of(document, address, name) == composed(value)
    after = attributes(document)
    assert {k: v for k, v in after.items() if k != (address, name)} == {
        k: v for k, v in before.items() if k != (address, name)
    }
    assert document.text.startswith(text[: span.start])
    assert document.text.endswith(text[span.end :])
    document.undo()
    assert document.text == text
    document.redo()
    document.remove(address, name)
    after = attributes(document)
    assert after == {k: v for k, v in before.items() if k != (address, name)}


def plan(document: JsonDocument) -> list[object]:
    """The components of all builds in order, with the data of each."""
    file = SourceFile("x", document.text)

    def data(block: Any) -> object:
        return [block.type, [label.value for label in block.labels], {
            name: to_python(Evaluator(file).evaluate(attribute.expression, Scope()))
            for name, attribute in block.body.attributes.items() if name != "sources"
        }]  # fmt: skip

    return [
        [
            [data(member.block) for member in document.provisioners(number)],
            [[data(m.block) for m in chain] for chain in document.post_processors(number)],
        ]
        for number in range(len(document.body.blocks_of("build")))
    ]


Edit = Callable[[JsonDocument, list[Any], st.DataObject], None]


def add(document: JsonDocument, known: list[Any], choose: st.DataObject) -> None:
    build = choose.draw(st.integers(0, len(known) - 1))
    which = choose.draw(st.integers(0, 1))
    kind, body = choose.draw(components), choose.draw(bodies)
    place = choose.draw(st.integers(0, len(known[build][which])))
    call = (document.add_provisioner, document.add_post_processor)[which]
    call(build, place, kind, body)
    label = ("provisioner", "post-processor")[which]
    made = [label, [kind], composed(body)]
    known[build][which].insert(place, [made] if which else made)


def move(document: JsonDocument, known: list[Any], choose: st.DataObject) -> None:
    build = choose.draw(st.integers(0, len(known) - 1))
    which = choose.draw(st.integers(0, 1))
    assume(known[build][which])
    last = len(known[build][which]) - 1
    old, new = choose.draw(st.integers(0, last)), choose.draw(st.integers(0, last))
    call = (document.move_provisioner, document.move_post_processors)[which]
    call(build, old, new)
    known[build][which].insert(new, known[build][which].pop(old))


def take(document: JsonDocument, known: list[Any], choose: st.DataObject) -> None:
    build = choose.draw(st.integers(0, len(known) - 1))
    which = choose.draw(st.integers(0, 1))
    assume(known[build][which])
    place = choose.draw(st.integers(0, len(known[build][which]) - 1))
    if not which:
        document.remove_provisioner(build, place)
        del known[build][which][place]
        return
    chain = known[build][which][place]
    member = choose.draw(st.integers(0, len(chain) - 1))
    document.remove_block(f"build.{build}.post-processor.{place}.{member}")
    del chain[member]
    if not chain:
        del known[build][which][place]


@given(documents, st.lists(st.sampled_from((add, move, take)), min_size=1, max_size=3), st.data())
def test_the_order_of_components_is_what_it_was_made(
    document: JsonDocument, edits: list[Edit], choose: st.DataObject
) -> None:
    text, known = document.text, plan(document)
    sources = [document.text[slice(*b.span)] for b in document.body.blocks_of("source")]
    for edit in edits:
        edit(document, known, choose)
        assert plan(document) == known
    assert [document.text[slice(*b.span)] for b in document.body.blocks_of("source")] == sources
    while document.undo():
        assert parse_json(SourceFile("x", document.text))[1] == []
    assert document.text == text


@given(texts(legacy_templates), st.sampled_from(("null", "x y")), names, words)
def test_builders_and_variables_come_and_go(text: str, kind: str, name: str, value: str) -> None:
    document = LegacyDocument(text, "t.json")
    data = json.loads(text.removeprefix("\ufeff"))
    document.add_block("source", [kind, "new"], {"a": value})
    document.rename(f"source.{kind}.new", 1, "newer")
    document.remove_block(f"source.{kind}.newer")
    assert document.text == text
    assume(
        name not in data.get("variables", {}) and name not in data.get("sensitive-variables", [])
    )
    document.add_block("variable", [name], {"default": value, "sensitive": True})
    after = json.loads(document.text.removeprefix("\ufeff"))
    assert after["variables"] == {**data.get("variables", {}), name: value}
    assert after["sensitive-variables"] == [*data.get("sensitive-variables", []), name]
    document.rename(f"variable.{name}", 0, "other")
    document.remove_block("variable.other")
    after = json.loads(document.text.removeprefix("\ufeff"))
    assert after == {
        key: v for key, v in data.items() if v or key not in ("variables", "sensitive-variables")
    }


def examples() -> list[Path]:
    return [
        path for path in sorted(shared("cases/packer").glob("*/*.json")) if path.name != "case.json"
    ]


def test_examples_are_edited_to_the_byte() -> None:
    edited = 0
    for path in examples():
        text = path.read_text()
        document = document_of(text, str(path))
        assert isinstance(document, JsonDocument)
        for (address, name), own in attributes(document).items():
            document.set(address, name, ["now", {"a": True}])
            assert value_of(document, address, name) == ["now", {"a": True}]
            document.undo()
            document.remove(address, name)
            assert own not in attributes(document).values() or text.count(own) > 1
            document.undo()
            assert document.text == text
            edited += 1
        for number in range(len(document.provisioners(0)) if document.body.items else 0):
            document.move_provisioner(0, number, 0)
            document.move_provisioner(0, 0, number)
            assert document.text == text
    assert edited > 20


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "null", '{"builders": 5, "variables": []}',
    '{"builders": [5, {}, {"type": 5}], "provisioners": {}, "post-processors": [[5, []]]}'])  # fmt: skip
def test_what_is_no_template_has_nothing_in_it(text: str) -> None:
    document = LegacyDocument(text, "t.json")
    assert [block.title for block in document.body.blocks if block.type != "build"] == []
    assert document.span_of("source.null.a") is None
    assert isinstance(document.template.diagnostics, list)
