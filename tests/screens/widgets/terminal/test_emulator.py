"""The terminal emulator: what a guest's programs draw is what the operator sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.look import Look
from tests.screens.widgets.terminal.shown import text_of as shown


def drawn(data: bytes, columns: int = 20, rows: int = 4) -> list[str]:
    emulator = Emulator(columns, rows)
    emulator.feed(data)
    return shown(emulator)


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"one\r\ntwo", ["one", "two", "", ""]),
        (b"abc\x1b[2D*", ["a*c", "", "", ""]),
        (b"\x1b[3;5Hx\x1b[1;1Hy", ["y", "", "    x", ""]),
        (b"50%\r100%", ["100%", "", "", ""]),
        ("wide 漢字 é".encode(), ["wide 漢字 é", "", "", ""]),
        ("heart ❤️ after".encode(), ["heart ❤ after", "", "", ""]),
        # What vim, tmux and htop send and what is not to be shown as text or taken for an attribute.
        (b"\x1bP+q544e\x1b\\a\x1b[>4;2mb\x1b[?4m\x1b[2 qc\x1b(Bd", ["abcd", "", "", ""]),
        (b"\x1b]0;title\x07x\x1b]8;;http://x\x1b\\y", ["xy", "", "", ""]),
    ],
)
def test_output_is_drawn_as_a_terminal_would(data: bytes, rows: list[str]) -> None:
    assert drawn(data) == rows


@given(st.integers(1, 40))
def test_sequences_may_be_cut_anywhere(cut: int) -> None:
    data = "\x1bP+q544e\x1b\\漢\x1b[38:2:255:0:0mred\x1b[>4;2m\x1b[0m\x1b[2;3Hx".encode()
    emulator = Emulator(20, 4)
    for at in range(0, len(data), cut):
        emulator.feed(data[at : at + cut])
    assert shown(emulator) == drawn(data)


def test_colours_and_attributes_reach_the_cells() -> None:
    emulator = Emulator(20, 2)
    emulator.feed(b"\x1b[1;31mA\x1b[0m\x1b[38;2;1;2;3mB\x1b[0;7mC")
    looks = [run.look for run in emulator.row(0)][:3]
    assert looks == [Look(fg=1, bold=True), Look(fg=(1, 2, 3)), Look(reverse=True)]


def test_a_full_screen_program_leaves_what_was_there_before() -> None:
    emulator = Emulator(20, 3)
    emulator.feed(b"$ vim\r\n\x1b[?1049h\x1b[H~\r\n~\x1b[?1049l$ ")
    assert shown(emulator) == ["$ vim", "$", ""]


def test_what_scrolls_away_is_kept_but_not_of_a_full_screen_program() -> None:
    emulator = Emulator(20, 2)
    emulator.feed(b"1\r\n2\r\n3")
    assert emulator.scrolled == 1
    assert emulator.row(-1)[0].text.strip() == "1"
    emulator.feed(b"\x1b[?1049h" + b"x\r\n" * 10 + b"\x1b[?1049l")
    assert emulator.scrolled == 1


def test_the_terminal_answers_where_its_cursor_is() -> None:
    emulator = Emulator(20, 4)
    answers: list[bytes] = []
    emulator.reply = answers.append
    emulator.feed(b"\x1b[2;3H\x1b[6n")
    assert answers == [b"\x1b[2;3R"]


def test_a_smaller_terminal_keeps_the_line_of_the_cursor() -> None:
    emulator = Emulator(20, 6)
    emulator.feed(b"a\r\nb\r\nc")
    emulator.resize(10, 3)
    assert shown(emulator) == ["a", "b", "c"]
    emulator.resize(10, 2)
    assert shown(emulator) == ["b", "c"]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        # scroll regions, and lines and cells that come and go within them
        (b"1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\nx", ["1", "3", "x", "4"]),
        (b"1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[2;1H\x1bMx", ["1", "x", "2", "4"]),
        (b"1\r\n2\r\n3\r\n4\x1b[2;1H\x1b[L", ["1", "", "2", "3"]),
        (b"1\r\n2\r\n3\r\n4\x1b[2;1H\x1b[2M", ["1", "4", "", ""]),
        (b"abcdef\x1b[1;3H\x1b[2@", ["ab  cdef", "", "", ""]),
        (b"abcdef\x1b[1;3H\x1b[2P", ["abef", "", "", ""]),
        (b"abcdef\x1b[1;3H\x1b[2X", ["ab  ef", "", "", ""]),
        (b"abc\x1b[1;2H\x1b[4hxy\x1b[4lz", ["axyzc", "", "", ""]),
        # tabs
        (b"a\tb\x1b[3g\r\t|", ["a       b          |", "", "", ""]),
        (b"\x1b[3g\x1b[1;4H\x1bH\r\tx", ["   x", "", "", ""]),
        # the end of a row
        (b"x" * 20 + b"y", ["x" * 20, "y", "", ""]),
        (b"x" * 20 + b"\ry", ["y" + "x" * 19, "", "", ""]),
        (b"\x1b[?7l" + b"x" * 25 + b"y", ["x" * 19 + "y", "", "", ""]),
        (b"x" * 19 + "漢".encode(), ["x" * 19, "漢", "", ""]),
        # halves of wide characters
        ("漢字".encode() + b"\x1b[1;2Hx", [" x字", "", "", ""]),
        ("漢字".encode() + b"\x1b[1;1H\x1b[P", [" 字", "", "", ""]),
        # origin mode, line drawing, repetition, the alignment test
        (b"\x1b[2;3r\x1b[?6h\x1b[1;1Hx\x1b[9;1Hy", ["", "x", "y", ""]),
        (b"\x1b(0lqk\x1b(Bq\x0e\x1b)0x\x0fx", ["┌─┐q│x", "", "", ""]),
        (b"ab\x1b[3b", ["abbbb", "", "", ""]),
        (b"\x1b#8\x1b[2;1H\x1b[J", ["E" * 20, "", "", ""]),
        # marks, and what has no place on the real terminal
        ("e\u0301x".encode(), ["e\u0301x", "", "", ""]),
        ("a\u202eb\u200dc\u2028d\x85e".encode(), ["abcde", "", "", ""]),
    ],
)
def test_editing_functions(data: bytes, rows: list[str]) -> None:
    assert drawn(data) == rows


def test_erasing_leaves_the_background_that_is_set() -> None:
    emulator = Emulator(4, 2)
    emulator.feed(b"\x1b[1;44m\x1b[K\x1b[2;1H\x1b[2X")
    assert [run.look for run in emulator.row(0)] == [Look(bg=4)]
    assert [(run.text, run.look) for run in emulator.row(1)] == [
        ("  ", Look(bg=4)), ("  ", Look()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (b"\x1b[5n", b"\x1b[0n"),
        (b"\x1b[?6n", b"\x1b[?1;1;1R"),
        (b"\x1b[c", b"\x1b[?62;22c"),
        (b"\x1b[>c", b"\x1b[>1;10;0c"),
        (b"\x1b[?2004$p", b"\x1b[?2004;2$y"),
        (b"\x1b[?2004h\x1b[?2004$p", b"\x1b[?2004;1$y"),
        (b"\x1b[?31337$p", b"\x1b[?31337;0$y"),
        (b"\x1b[4$p", b"\x1b[4;2$y"),
        (b"\x1b[1;31m\x1bP$qm\x1b\\", b"\x1bP1$r0;1;31m\x1b\\"),
        (b"\x1bP+q544e\x1b\\", b"\x1bP0+r\x1b\\"),
        (b"\x1b[18t", b"\x1b[8;4;20t"),
        # Nothing that a program wrote comes back as if it had been typed.
        (b"\x1b]2;rm -rf /\x07\x1b[21t", b""),
        (b"\x1b]52;c;?\x07\x1b]52;c;aGk=\x07", b""),
    ],
)
def test_questions_are_answered(asked: bytes, answer: bytes) -> None:
    emulator = Emulator(20, 4)
    answers: list[bytes] = []
    emulator.reply = answers.append
    emulator.feed(asked)
    assert b"".join(answers) == answer


def test_a_title_bears_nothing_that_a_terminal_obeys() -> None:
    emulator = Emulator(20, 4)
    emulator.feed("\x1b]2;vim \u202ex\x01y\x1b\\".encode())
    assert emulator.title == "vim xy"
    emulator.feed(b"\x1b[22;2t\x1b]0;less\x07\x1b[23;2t")
    assert emulator.title == "vim xy"


def test_a_line_that_was_wrapped_is_whole_again_in_a_wider_terminal() -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"$ echo 0123456789\r\n0123456789\r\n$ ")
    assert shown(emulator) == ["$ echo 012", "3456789", "0123456789", "$"]
    emulator.resize(20, 4)
    assert shown(emulator) == ["$ echo 0123456789", "0123456789", "$", ""]
    assert emulator.cursor == (2, 2)
    emulator.resize(6, 4)
    assert shown(emulator) == ["56789", "012345", "6789", "$"]
    assert emulator.cursor == (2, 3)
    emulator.resize(20, 4)
    assert shown(emulator) == ["$ echo 0123456789", "0123456789", "$", ""]


def test_rows_that_scrolled_away_are_bounded() -> None:
    emulator = Emulator(20, 2, kept=10)
    emulator.feed(b"line\r\n" * 100)
    assert (emulator.scrolled, emulator.gone) == (10, 89)
    emulator.feed(b"\x1b[3J")
    assert emulator.scrolled == 0


def test_what_a_pane_shows_can_be_painted_on_another_terminal() -> None:
    one, other = Emulator(30, 5), Emulator(30, 5)
    one.feed(
        "漢 \x1b[1;38;5;200mbold\x1b[0m\r\n\x1b[44m \x1b[2;4r\x1b[?2004h\x1b[?25l\x1b[3;7H".encode()
    )
    other.feed(b"rubbish" + one.painted())
    assert [one.row(n) for n in range(5)] == [other.row(n) for n in range(5)]
    assert one.place == other.place
    assert other.bracketed_paste
    assert other.cursor is None


def test_a_tab_stays_on_a_screen_that_was_wider_before() -> None:
    emulator = Emulator(40, 3)
    emulator.resize(22, 3)
    emulator.feed(b"\t\t\t\tx")
    assert shown(emulator) == [f"{'':21}x", "", ""]
