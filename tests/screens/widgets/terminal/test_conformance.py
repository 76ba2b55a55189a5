"""What real programs wrote, drawn by us and by tmux: the same characters, looks and cursor."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from screens.widgets.terminal.emulator import Emulator
from tests.screens.widgets.terminal.record import PROGRAMS, Recording, recordings
from tests.screens.widgets.terminal.shown import shown_by, text_of
from tests.screens.widgets.terminal.tmux import by_tmux, differences

EXPECTED = {
    "apt": "Progress: [", "htop": "F1Help", "less": "log.txt", "tmux": "0:work", "vim": "-- VISUAL LINE --",
}  # fmt: skip
"""What is to be seen at some time, so that nobody compares two empty screens."""


def test_every_program_was_recorded() -> None:
    assert [each.name for each in recordings()] == sorted(PROGRAMS) == sorted(EXPECTED)


@pytest.mark.slow
@pytest.mark.parametrize("recording", recordings(), ids=lambda each: each.name)
def test_programs_look_as_in_tmux(tmp_path: Path, recording: Recording) -> None:
    wanted = by_tmux(tmp_path, recording.columns, recording.rows, recording.pieces)
    emulator = Emulator(recording.columns, recording.rows)
    seen = ""
    unlike = {}
    for number, (piece, shown) in enumerate(zip(recording.pieces, wanted, strict=True)):
        emulator.feed(piece)
        seen += "\n".join(text_of(emulator))
        if found := differences(shown, shown_by(emulator)):
            unlike[number] = found
    assert unlike == {}
    assert EXPECTED[recording.name] in seen


LETTERS = "abcdefg xyzé─"
SGR = "0,1,2,3,4,5,7,8,9,22,23,24,25,27,28,29,31,44,91,105,39,49,38;5;200,48;5;17,38;2;1;2;3"


def token(chance: random.Random) -> str:
    """Something that xterm and tmux agree about.

    Left out: what happens at a row whose last column was just written, to lines outside the margins, to halves of
    wide characters, the origin mode's effect on DECSTBM, and
    whether the alternate screen saves the cursor where DECSC does.
    """

    def number(most: int) -> int:
        return chance.randint(0, most)

    def look(count: int) -> str:
        return ";".join(chance.choices(SGR.split(","), k=count))

    kind = chance.choices(["text", "move", "look", "edit", "place", "margins", "erase", "other"],
                          [30, 10, 10, 15, 15, 4, 4, 2])[0]  # fmt: skip
    return {
        "text": lambda: "".join(chance.choices(LETTERS, k=chance.randint(1, 12))),
        "move": lambda: chance.choice(["\r\n", "\n", "\r", "\t", "\x1bM", "\x1bD", "\x1bE", "\x1b7", "\x1b8"]),
        "look": lambda: f"\x1b[{look(chance.randint(1, 3))}m",
        "edit": lambda: f"\r\x1b[{chance.randint(1, 12)}C\x1b[{number(5)}{chance.choice('ABCDGdPX@STEF')}\x1b[C",
        "place": lambda: f"\x1b[{number(6)};{number(19)}H",
        "margins": lambda: f"\x1b[{chance.randint(1, 3)};{chance.randint(4, 6)}r",
        "erase": lambda: f"\x1b[{number(2)}{chance.choice('JK')}",
        "other": lambda: chance.choice(["\x1b#8", "\x1bH", "\x1b[r\x1b[2L\r", "\x1b[r\x1b[2M\r"]),
    }[kind]()  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_does_what_it_does_in_tmux(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    # Each piece begins at the left, as what is pending there differs from terminal to terminal.
    pieces = ["\r" + "".join(token(chance) for _ in range(3)) for _ in range(60)]
    wanted = by_tmux(tmp_path, 20, 6, [piece.encode() for piece in pieces])
    emulator = Emulator(20, 6)
    for piece, shown in zip(pieces, wanted, strict=True):
        before = shown_by(emulator)
        emulator.feed(piece.encode())
        found = differences(shown, shown_by(emulator))
        assert not found, f"{found} after {piece!r} on {before.text}, cursor {before.cursor}"
