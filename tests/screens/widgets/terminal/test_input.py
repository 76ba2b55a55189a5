"""What goes to the guest beside keys: mouse and pastes; and what is marked and copied."""

from __future__ import annotations

import pytest

from screens.widgets.terminal.copying import CopyMode
from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.mouse import WHEEL_UP, Happening, mouse_bytes
from screens.widgets.terminal.paste import paste_bytes
from screens.widgets.terminal.selection import Place, Selection, selected, word_at


@pytest.mark.parametrize(
    ("modes", "happening", "button", "data"),
    [
        (b"", "press", 0, None),
        (b"\x1b[?1000h", "press", 0, b"\x1b[M #%"),
        (b"\x1b[?1000h", "release", 0, b"\x1b[M##%"),
        (b"\x1b[?1000h", "move", 0, None),
        (b"\x1b[?9h", "release", 0, None),
        (b"\x1b[?1000;1006h", "press", 2, b"\x1b[<2;3;5M"),
        (b"\x1b[?1000;1006h", "release", 2, b"\x1b[<2;3;5m"),
        (b"\x1b[?1000;1006h", "press", WHEEL_UP, b"\x1b[<64;3;5M"),
        (b"\x1b[?1002;1006h", "move", 0, b"\x1b[<32;3;5M"),
        (b"\x1b[?1002;1006h", "move", None, None),
        (b"\x1b[?1003;1006h", "move", None, b"\x1b[<35;3;5M"),
        (b"\x1b[?1003;1006h\x1b[?1003l", "press", 0, None),
    ],
)
def test_the_mouse_is_told_as_the_program_asked(
    modes: bytes, happening: Happening, button: int | None, data: bytes | None
) -> None:
    emulator = Emulator(20, 10)
    emulator.feed(modes)
    assert mouse_bytes(emulator, happening, button, (2, 4), (False, False, False)) == data


def test_modifiers_and_far_columns() -> None:
    emulator = Emulator(300, 10)
    emulator.feed(b"\x1b[?1000h")
    assert mouse_bytes(emulator, "press", 0, (250, 0), (False, False, False)) is None
    emulator.feed(b"\x1b[?1006h")
    assert mouse_bytes(emulator, "press", 0, (250, 0), (True, True, True)) == b"\x1b[<28;251;1M"


def test_a_paste_cannot_leave_its_marks_or_press_keys() -> None:
    evil = "one\r\ntwo\x1b[201~rm -rf /\x03\x00\x9b201~\tthree"
    assert paste_bytes(evil, bracketed=True) == (
        b"\x1b[200~one\rtwo[201~rm -rf /201~\tthree\x1b[201~"
    )
    assert paste_bytes("a\nb", bracketed=False) == b"a\rb"


def test_what_is_marked_is_copied_with_its_lines_whole() -> None:
    emulator = Emulator(10, 3)
    emulator.feed("first  \r\n0123456789abc 漢字\r\nlast".encode())
    assert (
        selected(emulator, Selection(Place(0, 2), Place(9, 9))) == "rst\n0123456789abc 漢字\nlast"
    )
    assert selected(emulator, Selection(Place(2, 5), Place(1, 8))) == "89abc 漢"
    assert selected(emulator, word_at(emulator, Place(1, 4))) == "0123456789"


def test_what_is_marked_stays_while_lines_scroll_away() -> None:
    emulator = Emulator(10, 2, kept=3)
    emulator.feed(b"one\r\ntwo")
    marked = Selection(Place(1, 0), Place(1, 9))
    emulator.feed(b"\r\nthree\r\nfour")
    assert selected(emulator, marked) == "two"
    emulator.feed(b"\r\n" * 9)
    assert selected(emulator, marked) == ""


def test_keys_mark_and_copy() -> None:
    emulator = Emulator(10, 3)
    emulator.feed(b"one\r\ntwo words\r\nthree\r\n$ ")
    mode = CopyMode(emulator)
    assert mode.cursor == Place(3, 2)
    for key in ("up", "up", "home", "space", "down", "end"):
        assert mode.press(key)
    assert mode.selection is not None
    assert selected(emulator, mode.selection) == "two words\nthree"
    for key in ("g", "V"):
        assert mode.press(key)
    assert selected(emulator, mode.selection) == "one"
    assert not mode.press("f3")
