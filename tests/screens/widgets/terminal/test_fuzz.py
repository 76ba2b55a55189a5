"""Whatever a guest sends: no error, no endless growth, a screen that holds together."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.terminal.cells import MARKS, is_wide
from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.lines import pack
from screens.widgets.terminal.parser import LONGEST_SEQUENCE, LONGEST_STRING, Parser
from tests.screens.widgets.terminal.shown import shown_by

PIECES = st.one_of(
    st.binary(max_size=40),
    st.text(alphabet="\x1b[]P\\?;:0159hlmHJKrABCDLMPXSTb@ !$q>= \x07\x18x\n\r\t", max_size=60).map(str.encode),
    st.text(alphabet="ab漢字é\u0301\u200d👩🏽\ufe0f─ ", max_size=40).map(str.encode),
    st.tuples(st.integers(0, 12_000), st.integers(0, 300), st.sampled_from("ABCDEFGHIJKLMPSTXZ`abdefgr@")).map(
        lambda t: f"\x1b[{t[0]};{t[1]}{t[2]}".encode()
    ),
    st.tuples(st.sampled_from([1, 3, 5, 6, 7, 25, 47, 1047, 1048, 1049, 2026]), st.sampled_from("hl")).map(
        lambda t: f"\x1b[?{t[0]}{t[1]}".encode()
    ),
)  # fmt: skip
SIZES = st.tuples(st.integers(1, 40), st.integers(1, 12))


def check(emulator: Emulator) -> None:
    """What holds at any time."""
    columns, rows = emulator.columns, emulator.rows
    screen = emulator._screen
    assert len(screen.lines) == rows
    assert len(screen.main.lines) == rows
    assert 0 <= screen.x < columns
    assert 0 <= screen.y < rows
    assert 0 <= screen.top < screen.bottom < rows or (screen.top, screen.bottom) == (0, rows - 1)
    assert emulator.take_dirty() <= set(range(rows))
    for row in screen.lines:
        assert len(row.cells) == columns
        assert len(row.looks) == (0 if row.plain else columns)
        for at, text in enumerate(row.cells):
            assert len(text) <= MARKS
            wide = bool(text) and is_wide(text)
            assert wide == (at + 1 < columns and not row.cells[at + 1])
        assert harmless("".join(run.text for run in row.runs()))
    for number in range(-emulator.scrolled, 0):
        assert harmless("".join(run.text for run in emulator.row(number)))


def harmless(text: str) -> bool:
    """No control character and no mark of direction is in it."""
    return not {unicodedata.category(each) for each in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(SIZES, st.lists(st.one_of(PIECES, SIZES), max_size=12))
def test_any_bytes_are_taken_at_any_size(
    size: tuple[int, int], script: list[bytes | tuple[int, int]]
) -> None:
    emulator = Emulator(*size, kept=20)
    for step in script:
        if isinstance(step, bytes):
            emulator.feed(step)
        else:
            emulator.resize(*step)
        check(emulator)


@given(st.lists(PIECES, max_size=12), st.data())
def test_where_bytes_are_cut_does_not_matter(script: list[bytes], data: st.DataObject) -> None:
    whole, cut = Emulator(17, 5), Emulator(17, 5)
    everything = b"".join(script)
    whole.feed(everything)
    while everything:
        size = data.draw(st.integers(1, 9))
        cut.feed(everything[:size])
        everything = everything[size:]
    assert shown_by(cut) == shown_by(whole)
    assert list(map(pack, cut._screen.kept)) == list(map(pack, whole._screen.kept))
    assert cut.modes.private == whole.modes.private
    assert cut.title == whole.title


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_long_flood_of_rubbish_is_taken(seed: int) -> None:
    chance = random.Random(seed)
    emulator = Emulator(40, 12, kept=50)
    for _ in range(400):
        emulator.feed(chance.randbytes(2000))
        emulator.feed(bytes(chance.choices(b"\x1b[;0123456789?hlmHJKrABLMPX\n ax", k=2000)))
        emulator.resize(chance.randint(1, 60), chance.randint(1, 20))
        check(emulator)


class Silent:
    """Obeys nothing."""

    def draw(self, text: str) -> None: ...
    def new_line(self) -> None: ...
    def control(self, character: str) -> None: ...
    def sequence(self, parameters: str, final: str) -> None: ...
    def escape(self, intermediates: str, final: str) -> None: ...
    def string(self, kind: str, text: str) -> None: ...


@pytest.mark.parametrize("begin", ["\x1b]2;", "\x1bP", "\x1b[", "\x1b(", "\x1b_"])
def test_what_never_ends_is_not_kept(begin: str) -> None:
    parser = Parser(Silent())
    parser.feed(begin)
    for _ in range(100):
        parser.feed("1" * 1000 if begin == "\x1b[" else "(" * 1000)
        assert len(parser._held) <= max(LONGEST_STRING, LONGEST_SEQUENCE)


def test_marks_without_end_do_not_grow_a_cell() -> None:
    emulator = Emulator(10, 2)
    emulator.feed(b"e" + "\u0301".encode() * 10_000)
    assert len(emulator.row(0)[0].text) < 10 + MARKS
