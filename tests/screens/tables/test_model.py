"""Rows change under the cursor, and the cursor stays where the operator left it."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from screens.tables.cell import Cell, Column, clean, natural
from screens.tables.model import Order, TableModel


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    size: int | None = 0


COLUMNS = (
    Column(title="NAME", cell=lambda row: row.name),
    Column(title="SIZE", cell=lambda row: Cell(str(row.size), "muted"), sort=lambda row: row.size),
)


def _model(*names: str) -> TableModel[Row]:
    model = TableModel[Row](COLUMNS, lambda row: row.id)
    model.upsert(Row(f"id-{name}", name) for name in names)
    return model


def _names(model: TableModel[Row]) -> list[str]:
    return [model.at(index).name for index in range(len(model.shown))]


def test_the_cursor_stays_on_its_row_when_others_come_and_go() -> None:
    model = _model("a", "b", "c")
    model.set_order(Order("name"))
    model.cursor = 1
    model.upsert([Row("id-aa", "aa")])
    assert (model.cursor, model.current) == (2, Row("id-b", "b"))
    model.keep({"id-b", "id-c"})
    assert (model.cursor, model.current) == (0, Row("id-b", "b"))


def test_the_cursor_goes_to_the_next_row_when_its_own_is_gone() -> None:
    model = _model("a", "b", "c")
    model.cursor = 1
    model.keep({"id-a", "id-c"})
    assert model.current == Row("id-c", "c")
    model.keep({"id-a"})
    assert model.current == Row("id-a", "a")
    model.keep(())
    assert model.current is None


def test_a_filter_hides_rows_and_gives_the_cursor_back_its_row() -> None:
    model = _model("web-1", "db-1", "web-2")
    model.cursor = 2
    model.set_filter("web")
    assert _names(model) == ["web-1", "web-2"]
    assert model.current == Row("id-web-2", "web-2")


def test_a_row_that_a_filter_hid_while_it_was_typed_has_the_cursor_again() -> None:
    model = _model("debian", "postgres", "web")
    for text in ("o", "os", ""):
        model.set_filter(text)
    assert model.current == Row("id-debian", "debian")
    model.set_filter("e")
    model.cursor = 2
    model.set_filter("")
    assert model.current == Row("id-web", "web")


def test_rows_that_arrive_while_a_filter_is_on_are_shown_only_if_they_match() -> None:
    model = _model("web-1")
    model.set_filter("web")
    model.upsert([Row("x", "web-3"), Row("y", "db-3")])
    assert _names(model) == ["web-1", "web-3"]
    model.upsert([Row("y", "web-4"), Row("x", "db-4")])
    assert _names(model) == ["web-1", "web-4"]
    assert len(model) == 3


def test_numbers_in_names_are_sorted_by_value() -> None:
    model = _model("web-10", "web-2", "Web-1")
    model.set_order(Order("name"))
    assert _names(model) == ["Web-1", "web-2", "web-10"]


def test_rows_without_a_value_come_last_in_both_directions() -> None:
    model = _model()
    model.upsert([Row("1", "big", 9), Row("2", "none", None), Row("3", "small", 1)])
    model.set_order(Order("size"))
    assert _names(model) == ["small", "big", "none"]
    model.set_order(Order("size", descending=True))
    assert _names(model) == ["big", "small", "none"]


def test_marked_rows_are_selected_even_while_a_filter_hides_them() -> None:
    model = _model("a", "b", "c")
    model.toggle_mark("id-a")
    model.toggle_mark("id-c")
    model.set_filter("b")
    assert [row.name for row in model.selected()] == ["a", "c"]
    model.keep({"id-b", "id-c"})
    assert [row.name for row in model.selected()] == ["c"]


def test_without_marks_the_row_under_the_cursor_is_selected() -> None:
    assert [row.name for row in _model("a", "b").selected()] == ["a"]
    assert _model().selected() == []


def test_an_unchanged_page_changes_nothing() -> None:
    model = _model("a")
    seen = model.current
    model.upsert([Row("id-a", "a")])
    assert model.current is seen


def test_control_and_direction_characters_of_others_never_reach_the_screen() -> None:
    assert clean("a\x1b]52;c;x\x07b\u202ec\nd") == "a ]52;c;x b c d"


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=6), max_size=4),
    st.sampled_from(["", "name", "size"]),
    st.booleans(),
    st.sampled_from(["", "1", "!2"]),
)
def test_whatever_the_order_of_pages_the_same_rows_show_the_same_table(
    pages: list[list[tuple[int, int]]], column: str, descending: bool, text: str
) -> None:
    order = Order(column, descending)
    rows = [[Row(str(id_), f"n{name}", name) for id_, name in page] for page in pages]
    live, late = _model(), _model()
    live.set_order(order)
    live.set_filter(text)
    for page in rows:
        live.upsert(page)
        late.upsert(page)
    late.set_filter(text)
    late.set_order(order)
    if column:
        assert sorted(live.shown) == sorted(late.shown)
        key = (lambda row: row.size or 0) if column == "size" else (lambda row: natural(row.name))
        values = [key(live.at(index)) for index in range(len(live.shown))]
        assert values == sorted(values, reverse=descending)
    else:
        assert set(live.shown) == set(late.shown)


@given(st.lists(st.text("w1-! ~/:Nname", max_size=8), max_size=6))
def test_whatever_was_typed_before_a_filter_shows_the_same_rows(texts: list[str]) -> None:
    names = ("web-1", "web-11", "name-1", "New", "w1")
    model, fresh = _model(*names), _model(*names)
    last = texts[-1] if texts else ""
    for text in (*texts, *(last[:end] for end in range(len(last) + 1))):
        model.set_filter(text)
        fresh.set_filter("")
        fresh.set_filter(text)
        assert model.shown == fresh.shown
