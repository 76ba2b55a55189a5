"""Tables are aligned, whatever stands in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oxtui.cli.table import table
from oxtui.logs.cells import text_cells
from oxtui.logs.sanitise import plain


def test_columns_begin_below_their_headings_and_nothing_is_empty() -> None:
    assert list(table(("NAME", "OS"), [("web", ""), ("語", "x"), ("a\x1b[31mb\n", "y")])) == [
        "NAME  OS",
        "web   –",
        "語    x",
        "ab    y",
    ]


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), min_size=1))
def test_each_row_is_one_line_whose_last_cell_stands_at_one_place(
    rows: list[tuple[str, str]],
) -> None:
    first, *lines = table(("A", "B"), rows)
    place = first.index("B")
    assert len(lines) == len(rows)
    for line, (_, last) in zip(lines, rows, strict=True):
        shown = plain(last) or "–"
        if shown.strip():
            assert text_cells(line) == place + text_cells(shown.rstrip())


def test_paths_lose_their_beginning_where_lines_would_be_longer_than_the_terminal() -> None:
    headings, rows = ("N", "TEMPLATE", "STATE"), [("1", "/srv/images/日本/web.pkr.hcl", "failed")]
    wide = list(table(headings, rows, shortened="TEMPLATE", width=60))
    assert wide == list(table(headings, rows))
    head, line = table(headings, rows, shortened="TEMPLATE", width=26)
    assert head == "N  TEMPLATE         STATE"
    assert line == "1  …本/web.pkr.hcl  failed"
    assert text_cells(line) <= 26
    *_, narrow = table(headings, rows, shortened="TEMPLATE", width=5)
    assert narrow == "1  …web.pkr.hcl  failed"
