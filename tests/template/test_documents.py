"""Files that are edited together: one undo, each saved for itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.document import Document, DocumentChangedError
from oxtui.template.documents import Change, Documents
from oxtui.template.editing import history
from oxtui.template.editing.address import AddressError

A = 'variable "a" {\n  default = 1\n}\n'
B = '# b\nbuild {\n  sources = ["source.null.x"]\n}\n'


def two() -> Documents:
    return Documents([Document(A, "a.pkr.hcl"), Document(B, "b.pkr.hcl")])


def set_default(number: int) -> Change:
    return lambda document: document.set("variable.a", "default", number)


def typed(text: str) -> Change:
    return lambda document: document.replace_text(document.text + text)


STEPS = st.lists(
    st.one_of(
        st.integers(0, 99).map(lambda n: ("form", n)),
        st.tuples(st.just("text"), st.sampled_from(["a.pkr.hcl", "b.pkr.hcl"])),
        st.just(("both", 0)),
        st.just(("undo", 0)),
        st.just(("redo", 0)),
    ),
    max_size=30,
)


@given(STEPS)
def test_undo_and_redo_go_through_all_changes_in_their_order(
    steps: list[tuple[str, int | str]],
) -> None:
    """Form edits, typing and changes of two files at once, against a list of states."""
    documents = two()
    states, at = [documents.texts], 0
    for kind, what in steps:
        before = documents.texts
        match kind:
            case "form":
                documents.change("a.pkr.hcl", set_default(int(what)))
            case "text":
                documents.change(str(what), typed("# typed\n"))
            case "both":
                documents.change_all(
                    [("b.pkr.hcl", typed("# one\n")), ("a.pkr.hcl", typed("# two\n"))]
                )
            case "undo":
                assert bool(documents.undo()) == (at > 0)
                at = max(0, at - 1)
            case "redo":
                assert bool(documents.redo()) == (at < len(states) - 1)
                at = min(len(states) - 1, at + 1)
        if kind not in ("undo", "redo") and documents.texts != before:
            states, at = [*states[: at + 1], documents.texts], at + 1
        assert documents.texts == states[at]
        assert documents.can_undo == (at > 0)
        assert documents.can_redo == (at < len(states) - 1)


def test_a_change_that_fails_halfway_is_taken_back_whole() -> None:
    documents = two()
    documents.change("b.pkr.hcl", typed("# kept\n"))
    before = documents.texts
    with pytest.raises(AddressError):
        documents.change_all(
            [
                ("a.pkr.hcl", set_default(5)),
                ("b.pkr.hcl", lambda document: document.remove("variable.gone", "x")),
            ]
        )
    assert documents.texts == before
    assert documents.undo() == ("b.pkr.hcl",)
    assert documents.texts == two().texts


def test_no_more_is_remembered_than_each_document_remembers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "MAX_CHANGES", 5)
    monkeypatch.setattr("oxtui.template.documents.MAX_CHANGES", 5)
    documents = two()
    for number in range(9):
        documents.change("a.pkr.hcl", set_default(10 + number))
    seen = []
    while documents.can_undo:
        before = documents.texts
        documents.undo()
        assert documents.texts != before
        seen.append(documents["a.pkr.hcl"].text)
    assert len(seen) == 5


def folder_of(tmp_path: Path) -> Path:
    (tmp_path / "b.pkr.hcl").write_text(B)
    (tmp_path / "a.pkr.hcl").write_text(A)
    (tmp_path / "notes.hcl").write_text("none of it")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.pkr.hcl").write_text(A)
    return tmp_path


def test_a_folder_is_all_templates_right_inside_it(tmp_path: Path) -> None:
    documents = Documents.open(folder_of(tmp_path))
    assert documents.folder == tmp_path
    assert documents.names == [str(tmp_path / "a.pkr.hcl"), str(tmp_path / "b.pkr.hcl")]
    assert Documents.open(tmp_path / "a.pkr.hcl").folder is None


def test_a_folder_without_templates_or_with_what_is_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No file in it ends in \.pkr\.hcl"):
        Documents.open(tmp_path)
    (tmp_path / "a.pkr.hcl").write_bytes(b"\xff\xfe")
    with pytest.raises(OSError, match="It is no text in UTF-8"):
        Documents.open(tmp_path)


def test_only_what_was_changed_is_written_and_not_over_what_others_wrote(tmp_path: Path) -> None:
    documents = Documents.open(folder_of(tmp_path))
    a, b = documents.names
    stamp = Path(a).stat().st_mtime_ns
    documents.change(b, typed("# mine\n"))
    assert documents.unsaved == [b]
    Path(b).write_text("# theirs\n")
    with pytest.raises(DocumentChangedError):
        documents.save(b)
    assert Path(b).read_text() == "# theirs\n"
    documents.save(b, overwrite=True)
    assert Path(b).read_text() == f"{B}# mine\n"
    assert documents.unsaved == []
    assert Path(a).stat().st_mtime_ns == stamp


def test_a_file_that_is_saved_elsewhere_keeps_its_history(tmp_path: Path) -> None:
    documents = Documents([Document(A, "new.pkr.hcl")])
    documents.change("new.pkr.hcl", set_default(7))
    path = tmp_path / "mine.pkr.hcl"
    documents.save_as("new.pkr.hcl", path)
    assert documents.names == [str(path)]
    assert documents.undo() == (str(path),)
    assert documents[str(path)].text == A
