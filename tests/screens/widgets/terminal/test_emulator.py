"""The terminal emulator: what a guest's programs draw is what the operator sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.terminal.emulator import Look
from screens.widgets.terminal.keys import key_bytes
from screens.widgets.terminal.pyte_emulator import PyteEmulator


def drawn(data: bytes, columns: int = 20, rows: int = 4) -> list[str]:
    emulator = PyteEmulator(columns, rows)
    emulator.feed(data)
    return shown(emulator)


def shown(emulator: PyteEmulator) -> list[str]:
    return ["".join(run.text for run in emulator.row(n)).rstrip() for n in range(emulator.rows)]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"one\r\ntwo", ["one", "two", "", ""]),
        (b"abc\x1b[2D*", ["a*c", "", "", ""]),
        (b"\x1b[3;5Hx\x1b[1;1Hy", ["y", "", "    x", ""]),
        (b"50%\r100%", ["100%", "", "", ""]),
        ("wide 漢字 é".encode(), ["wide 漢字 é", "", "", ""]),
        ("heart ❤️ after".encode(), ["heart ❤ after", "", "", ""]),
        # What vim, tmux and htop send and pyte alone would show as text or take for an attribute.
        (b"\x1bP+q544e\x1b\\a\x1b[>4;2mb\x1b[?4m\x1b[2 qc\x1b(Bd", ["abcd", "", "", ""]),
        (b"\x1b]0;title\x07x\x1b]8;;http://x\x1b\\y", ["xy", "", "", ""]),
    ],
)
def test_output_is_drawn_as_a_terminal_would(data: bytes, rows: list[str]) -> None:
    assert drawn(data) == rows


@given(st.integers(1, 40))
def test_sequences_may_be_cut_anywhere(cut: int) -> None:
    data = "\x1bP+q544e\x1b\\漢\x1b[38:2:255:0:0mred\x1b[>4;2m\x1b[0m\x1b[2;3Hx".encode()
    emulator = PyteEmulator(20, 4)
    for at in range(0, len(data), cut):
        emulator.feed(data[at : at + cut])
    assert shown(emulator) == drawn(data)


def test_colours_and_attributes_reach_the_cells() -> None:
    emulator = PyteEmulator(20, 2)
    emulator.feed(b"\x1b[1;31mA\x1b[0m\x1b[38;2;1;2;3mB\x1b[0;7mC")
    looks = [run.look for run in emulator.row(0)][:3]
    assert looks == [Look(fg="red", bold=True), Look(fg="010203"), Look(reverse=True)]


def test_a_full_screen_program_leaves_what_was_there_before() -> None:
    emulator = PyteEmulator(20, 3)
    emulator.feed(b"$ vim\r\n\x1b[?1049h\x1b[H~\r\n~\x1b[?1049l$ ")
    assert shown(emulator) == ["$ vim", "$", ""]


def test_what_scrolls_away_is_kept_but_not_of_a_full_screen_program() -> None:
    emulator = PyteEmulator(20, 2)
    emulator.feed(b"1\r\n2\r\n3")
    assert emulator.scrolled == 1
    assert emulator.row(-1)[0].text.strip() == "1"
    emulator.feed(b"\x1b[?1049h" + b"x\r\n" * 10 + b"\x1b[?1049l")
    assert emulator.scrolled == 1


def test_the_terminal_answers_where_its_cursor_is() -> None:
    emulator = PyteEmulator(20, 4)
    answers: list[bytes] = []
    emulator.reply = answers.append
    emulator.feed(b"\x1b[2;3H\x1b[6n")
    assert answers == [b"\x1b[2;3R"]


def test_a_smaller_terminal_keeps_the_line_of_the_cursor() -> None:
    emulator = PyteEmulator(20, 6)
    emulator.feed(b"a\r\nb\r\nc")
    emulator.resize(10, 3)
    assert shown(emulator) == ["a", "b", "c"]
    emulator.resize(10, 2)
    assert shown(emulator) == ["b", "c"]


@given(st.binary(max_size=300), st.integers(2, 40), st.integers(2, 12))
def test_any_bytes_are_taken(data: bytes, columns: int, rows: int) -> None:
    emulator = PyteEmulator(columns, rows)
    emulator.feed(data)
    emulator.resize(rows + 2, max(2, columns // 3))
    emulator.feed(data)
    assert len(shown(emulator)) == emulator.rows


@given(st.text(alphabet="\x1b[]P\\?;0159hlmHJKrABCD>= q\x07x\n", max_size=200))
def test_any_sequence_is_taken(text: str) -> None:
    emulator = PyteEmulator(13, 5)
    emulator.feed(text.encode())
    assert len(shown(emulator)) == 5
    cursor = emulator.cursor
    assert cursor is None or (0 <= cursor[0] < 13 and 0 <= cursor[1] < 5)


@pytest.mark.parametrize(
    ("key", "character", "data"),
    [
        ("a", "a", b"a"),
        ("ä", "ä", "ä".encode()),
        ("enter", "\r", b"\r"),
        ("ctrl+c", None, b"\x03"),
        ("ctrl+]", None, b"\x1d"),
        ("up", None, b"\x1b[A"),
        ("ctrl+left", None, b"\x1b[1;5D"),
        ("shift+f3", None, b"\x1b[1;2R"),
        ("f5", None, b"\x1b[15~"),
        ("delete", None, b"\x1b[3~"),
        ("alt+b", "b", b"\x1bb"),
        ("space", " ", b" "),
        ("full_stop", ".", b"."),
        ("ctrl+shift+f13", None, None),
    ],
)
def test_keys_are_sent_as_xterm_does(key: str, character: str | None, data: bytes | None) -> None:
    assert key_bytes(key, character, application_cursor=False) == data


def test_cursor_keys_follow_the_guests_wish() -> None:
    assert key_bytes("up", None, application_cursor=True) == b"\x1bOA"
