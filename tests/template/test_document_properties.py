"""Laws of form edits: nothing outside the edited item changes, no comment is lost, what is read back is
what was set, and every edit can be undone."""

from __future__ import annotations

from collections import Counter

from hypothesis import assume, given
from hypothesis import strategies as st

from oxtui.template.document import Document
from oxtui.template.editing.address import find
from oxtui.template.editing.disabled import MARKER
from oxtui.template.hcl import tokens as t
from oxtui.template.hcl.diagnostic import has_errors
from oxtui.template.hcl.evaluate.evaluator import Evaluator
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.scanner import scan
from oxtui.template.hcl.source import SourceFile
from oxtui.template.values import string, to_python
from tests.template.hcl.texts import bodies, configurations

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
scripts = st.lists(texts, min_size=2, max_size=4).map(lambda lines: "\n".join(lines) + "\n")
leaves = st.one_of(st.none(), st.booleans(), st.integers(-(10**25), 10**25), texts, scripts)
data = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("ab-1 é", max_size=4), inner, max_size=3),
    ),
    max_leaves=6,
)


def comments(text: str) -> Counter[str]:
    found = [
        text[c.start : c.end].strip() for c in scan(text) if c.kind in (t.COMMENT, t.LINE_COMMENT)
    ]
    return Counter(found)


def errors(text: str) -> list[str]:
    return [str(problem) for problem in parse_body(SourceFile("x", text))[1]]


def read(document: Document, address: str, name: str) -> object:
    block = find(document.text, document.body, address).block
    file = SourceFile("x", document.text)
    return to_python(Evaluator(file).evaluate(block.body.attributes[name].expression, Scope()))


def composed(value: object) -> object:
    """Data with its texts as HCL keeps them, which is in Unicode's composed form."""
    if isinstance(value, str):
        return string(value).text
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {string(name).text: composed(item) for name, item in value.items()}
    return value


@given(configurations(), bodies(1), st.sampled_from(("a", "b_2", "project", "new")), data)
def test_what_is_set_is_read_back_and_no_comment_is_lost(
    around: str, inside: str, name: str, value: object
) -> None:
    text = f'{around}\n# mine\nsource "x" "y" {{\n{inside}}}\n{around and "# end"}\n'
    document = Document(text, "x.pkr.hcl")
    known = find(text, document.body, "source.x.y").block.body.attributes.get(name)
    inside_value = "" if known is None else text[slice(*known.expression.span)]
    document.set("source.x.y", name, value)  # type: ignore[arg-type]
    assert errors(document.text) == []
    outside_value = comments(text) - comments(inside_value)
    assert comments(document.text) >= outside_value
    assert read(document, "source.x.y", name) == composed(value)
    start = text.index("# mine")
    assert document.text.startswith(text[:start])
    end = text[text.rindex("}\n", 0, len(text)) :]
    assert document.text.endswith(end)
    document.undo()
    assert document.text == text


@given(bodies(1), st.data(), st.one_of(st.integers(0, 10**6), st.text('ab${"é', max_size=12)))
def test_setting_what_is_on_one_line_changes_just_that_line(
    inside: str, choose: st.DataObject, value: str | int
) -> None:
    text = f"b {{\n{inside}}}\n"
    document = Document(text, "x.pkr.hcl")
    attributes = [
        a
        for a in document.body.blocks[0].body.attributes.values()
        if "\n" not in text[a.span.start : a.span.end]
    ]
    assume(attributes)
    attribute = choose.draw(st.sampled_from(attributes))
    document.set("b", attribute.name, value)
    before, after = text.split("\n"), document.text.split("\n")
    line = text.count("\n", 0, attribute.span.start)
    assert len(before) == len(after)
    assert [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] in ([], [line])


@given(configurations(), bodies(1), st.data())
def test_removing_takes_just_the_item(around: str, inside: str, choose: st.DataObject) -> None:
    text = f"{around}b {{\n{inside}}}\n"
    document = Document(text, "x.pkr.hcl")
    block = document.body.blocks_of("b")[0]
    assume(not block.labels)
    assume(block.body.attributes)
    name = choose.draw(st.sampled_from(list(block.body.attributes)))
    document.remove("b", name)
    left = document.body.blocks_of("b")[0].body
    assert errors(document.text) == []
    assert list(left.attributes) == [known for known in block.body.attributes if known != name]
    assert [one.title for one in left.blocks] == [one.title for one in block.body.blocks]


members = st.lists(
    st.tuples(
        st.sampled_from(("", "# about\n", "  // about\n  # more\n", "/* a\n b */\n")),
        st.sampled_from(("shell", "file", "sleep")),
        bodies(0),
        st.sampled_from(("", "\n", "\n\n")),
    ),
    min_size=1,
    max_size=4,
)


def build_of(found: list[tuple[str, str, str, str]], other: str) -> str:
    blocks = (
        f'{above}  provisioner "{kind}" {{\n{inside}}}\n{gap}' for above, kind, inside, gap in found
    )
    return "build {\n  sources = []\n" + "".join(blocks) + other + "}\n"


others = st.sampled_from(("", '  post-processor "manifest" {}\n', "\n  # last words\n"))


@given(members, others, st.data())
def test_switching_off_and_on_gives_back_every_byte(
    found: list[tuple[str, str, str, str]], other: str, choose: st.DataObject
) -> None:
    text = build_of(found, other)
    document = Document(text, "x.pkr.hcl")
    position = choose.draw(st.integers(0, len(found) - 1))
    address = f"build.0.provisioner.{position}"
    document.switch(address, on=False)
    assert errors(document.text) == []
    assert MARKER in document.text
    assert [m.type for m in document.provisioners(0)] == [kind for _, kind, _, _ in found]
    assert [m.enabled for m in document.provisioners(0)].count(False) == 1
    assert len(document.template.builds[0].provisioners()) == len(found) - 1
    document.switch(address, on=True)
    assert document.text == text


@given(members, others, st.data())
def test_moving_keeps_everything_and_comments_stay_with_their_item(
    found: list[tuple[str, str, str, str]], other: str, choose: st.DataObject
) -> None:
    text = build_of(found, other)
    document = Document(text, "x.pkr.hcl")
    old = choose.draw(st.integers(0, len(found) - 1))
    new = choose.draw(st.integers(0, len(found) - 1))
    if choose.draw(st.booleans()):
        document.switch(f"build.0.provisioner.{old}", on=False)
    before = [document.text[m.extent.start : m.extent.end] for m in document.provisioners(0)]
    document.move_provisioner(0, old, new)
    after = [document.text[m.extent.start : m.extent.end] for m in document.provisioners(0)]
    before.insert(new, before.pop(old))
    assert [part.split() for part in after] == [part.split() for part in before]
    assert not has_errors(parse_body(SourceFile("x", document.text))[1])
    while document.undo():
        assert errors(document.text) == []
    assert document.text == text
