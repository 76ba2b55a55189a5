"""The filter language: what an operator types, and which rows stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.tables.row_filter import Haystack, RowFilter

ROWS = {
    "ubuntu": Haystack({"name": "ubuntu-24-04", "os": "ubuntu", "state": "● running", "": "ae46"}),
    "debian": Haystack({"name": "debian-12", "os": "debian", "state": "○ stopped", "": "b0c1"}),
    "Web": Haystack({"name": "web-1", "os": "Ubuntu", "state": "● running", "": "77fe"}),
}


def _kept(text: str) -> set[str]:
    wanted = RowFilter(text, ["name", "os", "state"])
    return {name for name, row in ROWS.items() if wanted.matches(row)}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", {"ubuntu", "debian", "Web"}),
        ("ubuntu", {"ubuntu", "Web"}),
        ("Ubuntu", {"Web"}),
        ("ubuntu running", {"ubuntu", "Web"}),
        ("ubuntu stopped", set()),
        ("!ubuntu", {"debian"}),
        ("! ", {"ubuntu", "debian", "Web"}),
        ("/^(web|deb)/", {"debian", "Web"}),
        ("/deb.*2", {"debian"}),
        ("!/deb.*2/", {"ubuntu", "Web"}),
        ("/a b/", set()),
        ("~u2404", {"ubuntu"}),
        ("!~u2404", {"debian", "Web"}),
        ("state:running", {"ubuntu", "Web"}),
        ("state:running !name:web", {"ubuntu"}),
        ("os:/^u/", {"ubuntu", "Web"}),
        ("state:", {"ubuntu", "debian", "Web"}),
        ("ae46", {"ubuntu"}),
        ("nocolumn:running", set()),
    ],
)
def test_the_rows_that_stay(text: str, kept: set[str]) -> None:
    assert _kept(text) == kept


def test_a_regular_expression_that_is_not_finished_is_told_and_hides_nothing() -> None:
    wanted = RowFilter("web /(a", ["name"])
    assert "regular expression" in wanted.problem
    assert {name for name, row in ROWS.items() if wanted.matches(row)} == {"Web"}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("tu-2", [(4, 8)]),
        ("ubuntu 24", [(0, 6), (7, 9)]),
        ("ubu buntu", [(0, 6)]),
        ("~u2404", [(0, 1), (7, 9), (10, 12)]),
        ("/[0-9]+/", [(7, 9), (10, 12)]),
        ("!ubuntu", []),
        ("os:ubuntu", []),
    ],
)
def test_what_was_looked_for_is_found_in_the_field(text: str, spans: list[tuple[int, int]]) -> None:
    assert RowFilter(text, ["name", "os"]).spans("name", "ubuntu-24-04") == spans


@given(st.text(max_size=20), st.text(max_size=40))
def test_any_text_is_a_filter_and_its_spans_lie_within_the_field(text: str, field: str) -> None:
    wanted = RowFilter(text, ["name"])
    wanted.matches(Haystack({"name": field}))
    spans = wanted.spans("name", field)
    assert all(0 <= start < end <= len(field) for start, end in spans)
    assert spans == sorted(spans)


@given(st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True), st.text(max_size=40))
def test_exclusion_keeps_just_what_the_word_would_hide(word: str, field: str) -> None:
    row = Haystack({"name": field})
    assert RowFilter(word).matches(row) is not RowFilter("!" + word).matches(row)
