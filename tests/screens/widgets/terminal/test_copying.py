"""Copy mode: what is found where, and where keys lead, as in vi and tmux."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.logs.search import Pattern
from screens.widgets.terminal.copying import HELP, CopyMode
from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.searching import hits, hits_at
from screens.widgets.terminal.selection import Place, Selection, selected


def emulator(text: str, columns: int = 20, rows: int = 4, kept: int = 5000) -> Emulator:
    made = Emulator(columns, rows, kept)
    made.feed(text.replace("\n", "\r\n").encode())
    return made


def pressed(mode: CopyMode, *keys: str) -> Place:
    for key in keys:
        assert mode.press(key), key
    return mode.cursor


def find(mode: CopyMode, text: str) -> Place:
    return pressed(mode, *text, "enter")


@given(st.lists(st.text("ab漢é ", max_size=30), max_size=12), st.sampled_from("ab漢é"))
def test_each_find_is_where_it_is_told_however_lines_are_wrapped(
    lines: list[str], wanted: str
) -> None:
    shown = emulator("\n".join(lines), columns=7, rows=3)
    found = hits(shown, re.compile(re.escape(wanted)))
    assert len(found) == "".join(lines).count(wanted)
    assert found == sorted(found)
    for hit in found:
        assert selected(shown, Selection(hit.first, hit.last)) == wanted
        assert hit in hits_at(shown, re.compile(re.escape(wanted)), hit.first.row)


def test_a_text_that_the_terminal_wrapped_is_found_whole() -> None:
    shown = emulator("x" * 15 + "needle in hay\nneed\nle")
    (hit,) = hits(shown, re.compile("needle"))
    assert (hit.first, hit.last) == (Place(0, 15), Place(1, 0))
    assert [hit.columns(row, 20) for row in (0, 1, 2)] == [(15, 20), (0, 1), None]


def test_it_finds_down_and_up_and_around() -> None:
    mode = CopyMode(emulator("one two\nTwo\nthree\ntwo two\nend"))
    assert mode.told == HELP
    assert pressed(mode, "g", "/") == Place(0, 0)
    assert mode.told.startswith("/█")
    assert find(mode, "two") == Place(0, 4)
    assert mode.told.startswith("/two 1 of 4")
    assert [pressed(mode, "n") for _ in range(3)] == [Place(1, 0), Place(3, 0), Place(3, 4)]
    assert pressed(mode, "n") == Place(0, 4)
    assert "(around)" in mode.told
    assert pressed(mode, "N") == Place(3, 4)
    # Upwards n is up; a capital counts.
    pressed(mode, "G", "?")
    assert find(mode, "Two") == Place(1, 0)
    pressed(mode, "G", "?")
    assert find(mode, "two") == Place(3, 4)
    assert pressed(mode, "n") == Place(3, 0)
    assert pressed(mode, "N") == Place(3, 4)
    # A regular expression between slashes, as in logs; nothing typed finds the same again.
    pressed(mode, "g", "/")
    assert find(mode, "/^t.*e$/") == Place(2, 0)
    pressed(mode, "g", "/")
    assert pressed(mode, "enter") == Place(2, 0)


def test_what_cannot_be_found_is_said_and_the_cursor_stays() -> None:
    mode = CopyMode(emulator("one\ntwo"))
    pressed(mode, "g", "n")
    assert mode.told.startswith("Nothing was looked for")
    for typed, told in (("zero", "/zero is nowhere"), ("/(/", "Not a regular expression")):
        pressed(mode, "/")
        assert find(mode, typed) == Place(0, 0)
        assert mode.told.startswith(told)


def test_what_is_typed_can_be_mended_and_given_up() -> None:
    mode = CopyMode(emulator("one two\nq y n"))
    pressed(mode, "g", "/", "x", "backspace", "t", "w", "o", "ctrl+u", "q", "space")
    mode.paste("y\nmore\n")
    assert mode.typed == "q y"
    assert pressed(mode, "enter") == Place(1, 0)
    pressed(mode, "/", "z", "escape")
    assert (mode.typed, mode.cursor) == (None, Place(1, 0))
    pressed(mode, "/", "backspace")
    assert mode.typed is None
    # Escape takes one thing at a time: what was found, then it is not ours.
    assert mode.found(1)
    pressed(mode, "escape")
    assert not mode.found(1)
    assert not mode.press("escape")


def test_a_search_goes_on_in_the_next_copying() -> None:
    shown = emulator("a\nb\na\nc")
    first = CopyMode(shown)
    pressed(first, "/", "a", "enter")
    assert first.pattern == Pattern("a")
    assert pressed(CopyMode(shown, first.pattern), "N") == Place(2, 0)


def test_the_word_under_the_cursor_is_found_and_what_is_marked_grows() -> None:
    shown = emulator("/etc/app.conf one\ntwo\nsee /etc/app.conf end")
    mode = CopyMode(shown)
    pressed(mode, "g", "*")
    assert mode.cursor == Place(2, 4)
    pressed(mode, "V", "#", "o")
    assert mode.selection == Selection(Place(0, 0), Place(2, 19))
    assert mode.cursor == Place(2, 4)
    pressed(mode, "escape")
    assert mode.selection is None


def test_rows_that_are_gone_are_not_found() -> None:
    shown = emulator("".join(f"line {n}\n" for n in range(50)), rows=4, kept=10)
    found = hits(shown, re.compile(r"line \d+"))
    assert found[0].first.row == shown.gone
    assert found[-1].first.row == 49


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("gw", (0, 3)), ("gww", (0, 4)), ("gwww", (1, 2)), ("ge", (0, 2)), ("gee", (0, 3)), ("g}", (2, 0)),
        ("g}}", (4, 0)), ("g}}}", (5, 0)),
        ("Gb", (5, 0)), ("G{", (4, 0)), ("G{{", (2, 0)), ("gjww^", (3, 0)), ("gj^", (1, 2)),
        ("gj$", (1, 3)), ("gj$b", (1, 2)), ("gj$bb", (0, 4)), ("gw0", (0, 0)),
    ],
)  # fmt: skip
def test_keys_walk_over_words_and_paragraphs(keys: str, place: tuple[int, int]) -> None:
    mode = CopyMode(emulator("foo-bar\n  ab\n\nx\n\n$ "))
    assert pressed(mode, *keys) == Place(*place)


def test_keys_go_to_what_is_in_sight() -> None:
    mode = CopyMode(emulator("".join(f"line {n}\n" for n in range(20))))
    for key, row in (("H", 5), ("M", 7), ("L", 8)):
        assert mode.in_sight(5, key)
        assert mode.cursor.row == row
    pressed(mode, "/")
    assert not mode.in_sight(5, "H")
