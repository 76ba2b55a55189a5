"""Reading only what an edit touches gives the very tree that reading everything gives."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from oxtui.template.hcl.edit.text_edit import TextEdit
from oxtui.template.hcl.parse import parse_body
from oxtui.template.hcl.parse.incremental import reparse_body
from oxtui.template.hcl.source import SourceFile
from tests.template.hcl.test_parse import PIECES
from tests.template.hcl.texts import bodies

blocks = st.lists(
    st.tuples(
        st.sampled_from(("b", 'b "x"', "c d")), bodies(1), st.sampled_from(("", "\n", "# n\n"))
    ),
    min_size=1,
    max_size=4,
).map(lambda found: "".join(f"{gap}{header} {{\n{inside}}}\n" for header, inside, gap in found))
pieces = st.one_of(
    st.sampled_from(PIECES), st.just(""), st.just("x = 1\n"), st.just("q {\n}\n"), st.just("\n")
)


@given(blocks, st.data(), pieces)
@example("b {\n}\nc {\n}\n", None, "/*")
@example("b {\n}\n# */\nc {\n}\n", None, "/*")
def test_the_tree_after_an_edit_is_that_of_the_whole_text(
    text: str, choose: st.DataObject | None, piece: str
) -> None:
    before = SourceFile("x", text)
    body, diagnostics = parse_body(before)
    assert not diagnostics
    start = 4 if choose is None else choose.draw(st.integers(0, len(text)))
    end = start if choose is None else choose.draw(st.integers(start, min(len(text), start + 12)))
    edit = TextEdit(start, end, piece)
    after = SourceFile("x", edit.apply(text))
    found = reparse_body(before, body, edit, after)
    whole, problems = parse_body(after)
    if found is not None:
        assert found == whole
        assert problems == []


def test_an_edit_inside_of_one_block_is_read_without_the_others() -> None:
    text = "".join(f'b "{n}" {{\n  a = {n}\n}}\n' for n in range(50))
    before = SourceFile("x", text)
    body, _ = parse_body(before)
    at = text.index("a = 25") + 4
    edit = TextEdit(at, at + 2, "[1, 2]")
    after = SourceFile("x", edit.apply(text))
    found = reparse_body(before, body, edit, after)
    assert found == parse_body(after)[0]
    assert found is not None
    assert all(new is old for new, old in zip(found.items[:25], body.items[:25], strict=True))
