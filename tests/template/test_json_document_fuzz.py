"""Whatever a text in JSON says, an edit of it is made or refused; nothing else is ever raised."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.editing.address import AddressError
from oxtui.template.hcl.diagnostic import TemplateError
from oxtui.template.hcl.source import SourceFile
from oxtui.template.hcl.write import Code
from oxtui.template.json.edit.tree import Json
from oxtui.template.json.reader import parse_json
from oxtui.template.json_document import HclJsonDocument, JsonDocument
from oxtui.template.legacy_document import LegacyDocument
from tests.template.json.layouts import written

_WORDS = (
    "builders", "provisioners", "post-processors", "variables", "sensitive-variables", "type", "name",
    "error-cleanup-provisioner", "description", "//", "shell", "a", "source", "build", "variable",
    "provisioner", "post-processor", "dynamic", "content", "locals", "default", "${", "sources",
)  # fmt: skip
keys = st.sampled_from(_WORDS)
scalars = st.one_of(st.none(), st.booleans(), st.integers(0, 3), keys, st.just("${var.a}"))
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=25,
)
few = st.sampled_from(("shell", "a", "//"))
odd = st.one_of(anything, st.just({}))
bodies = st.one_of(st.dictionaries(keys, anything, max_size=2), odd)
labelled = st.dictionaries(few, st.one_of(bodies, st.lists(bodies, max_size=2)), max_size=2)
listed = st.one_of(labelled, st.lists(st.one_of(labelled, labelled, odd), max_size=3))
chain = st.one_of(listed.map(lambda found: {"post-processor": found}), odd)
build = st.fixed_dictionaries({}, optional={
    "provisioner": listed, "post-processor": listed,
    "post-processors": st.one_of(chain, st.lists(chain, max_size=2)),
    "error-cleanup-provisioner": labelled, "//": odd, "name": odd,
})  # fmt: skip
hcl_root = st.fixed_dictionaries({"build": st.one_of(build, st.lists(build, max_size=2))}, optional={
    "source": st.dictionaries(few, listed, max_size=2), "variable": labelled, "locals": odd,
})  # fmt: skip
part = st.one_of(st.tuples(few, bodies).map(
    lambda p: {"type": p[0], **(p[1] if isinstance(p[1], dict) else {})}
), odd)  # fmt: skip
legacy_root = st.fixed_dictionaries({"builders": st.lists(part, max_size=2)}, optional={
    "variables": labelled, "sensitive-variables": st.one_of(st.lists(few, max_size=2), odd),
    "provisioners": st.one_of(st.lists(part, max_size=3), odd),
    "post-processors": st.lists(st.one_of(few, part, st.lists(st.one_of(few, part))), max_size=3),
    "error-cleanup-provisioner": part,
})  # fmt: skip
hcl_roots = st.one_of(anything, hcl_root, hcl_root, st.lists(hcl_root, max_size=2))
legacy_roots = st.one_of(anything, legacy_root, legacy_root, hcl_root)
documents = st.one_of(
    hcl_roots.flatmap(written).map(lambda text: HclJsonDocument(text, "t.pkr.json")),
    legacy_roots.flatmap(written).map(lambda text: LegacyDocument(text, "t.json")),
)
numbers = st.sampled_from((0, 0, 0, 1, 1, 2))
builds = st.sampled_from((0, 0, 0, 1))
addresses = st.one_of(
    st.sampled_from(("build", "build.0", "build.x", "", "locals", "source", "variables", "..")),
    st.builds("source.{}.{}".format, keys, keys),
    st.builds("variable.{}".format, keys),
    st.builds("build.{}.provisioner.{}".format, numbers, numbers),
    st.builds("build.{}.post-processor.{}.{}".format, numbers, numbers, numbers),
    st.builds("build.{}.{}.{}".format, numbers, st.sampled_from(("source", "dynamic")), numbers),
    st.just("build.0.error-cleanup-provisioner"),
    *[st.integers(0, 20)] * 6,
)
"""A number is one of what the document has."""
values = st.one_of(
    anything,
    st.sampled_from((Code("var.a"), Code("["), Code(""), Json("[1, {}]"), Json("["), Json(""))),
)
attributes = st.dictionaries(keys, values, max_size=2)
calls = st.one_of(
    st.tuples(st.just("set"), addresses, keys, values),
    st.tuples(st.just("remove"), addresses, keys),
    st.tuples(st.just("add_block"), st.just("source"), st.tuples(keys, keys), attributes),
    st.tuples(st.just("add_block"), st.just("variable"), st.tuples(keys), attributes),
    st.tuples(st.just("add_block"), st.sampled_from(("build", "locals")), st.just(()), attributes),
    st.tuples(st.just("remove_block"), addresses),
    st.tuples(st.just("rename"), addresses, numbers, keys),
    st.tuples(st.just("add_provisioner"), builds, numbers, keys, attributes),
    st.tuples(st.just("add_post_processor"), builds, numbers, keys, attributes),
    st.tuples(st.just("move_provisioner"), builds, numbers, numbers),
    st.tuples(st.just("move_post_processors"), builds, numbers, numbers),
    st.tuples(st.just("span_of"), addresses, keys),
)


def present(document: JsonDocument) -> list[str]:
    """The addresses of what there is."""
    found: list[str] = []
    for block in document.body.blocks:
        if block.type != "build":
            found.append(".".join([block.type, *(label.value for label in block.labels)]))
    for number in range(len(document.body.blocks_of("build"))):
        found.append(f"build.{number}")
        found += [
            f"build.{number}.provisioner.{i}" for i in range(len(document.provisioners(number)))
        ]
        for place, members in enumerate(document.post_processors(number)):
            found += [f"build.{number}.post-processor.{place}.{i}" for i in range(len(members))]
    return found


def make(document: JsonDocument, name: str, *arguments: Any) -> object:
    """Calls a method; a number for an address is one of those that there are."""
    first, *rest = arguments
    if isinstance(first, int) and name in ("set", "remove", "remove_block", "rename", "span_of"):
        known = present(document)
        first = known[first % len(known)] if known else "build.0"
    return getattr(document, name)(first, *rest)


@given(documents, st.lists(calls, min_size=1, max_size=4))
def test_edits_are_made_or_refused(document: JsonDocument, edits: list[tuple[Any, ...]]) -> None:
    text = document.text
    for edit in edits:
        before = document.text
        try:
            make(document, *edit)
        except (AddressError, TemplateError):
            assert document.text == before
        else:
            assert parse_json(SourceFile("t", document.text))[1] == []
        with suppress(AddressError):
            document.provisioners(0)
            document.post_processors(0)
        for block in document.body.blocks:
            for attribute in block.body.attributes.values():
                document.expression_text(attribute.expression)
    while document.undo():
        pass
    assert document.text == text


@given(
    st.sampled_from((HclJsonDocument, LegacyDocument)),
    st.text('{}[]":,\\a1 \n', max_size=12),
    calls,
)
def test_a_text_that_is_none_is_not_edited(
    kind: type[JsonDocument], text: str, edit: tuple[Any, ...]
) -> None:
    document = kind(text, "t.json")
    with suppress(AddressError, TemplateError):
        make(document, *edit)
    if parse_json(SourceFile("t", text))[1]:
        assert document.text == text
