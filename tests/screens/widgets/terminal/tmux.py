"""tmux as the judge: what its pane shows after the same bytes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from oxtui.logs.sgr import Color

TMUX = shutil.which("tmux")

Cell = tuple[str, tuple[object, ...]]
"""A character and its look: colours, then the names of its attributes."""

_NAMES = {
    1: "bold", 2: "dim", 3: "italic", 4: "underline", 5: "blink", 7: "reverse", 8: "conceal",
    9: "strike", 53: "overline",
}  # fmt: skip

_ON_BLANKS = {"underline", "reverse", "strike", "overline"}

_FEEDER = """
import os, subprocess, sys, tty
tmux = sys.argv[1:5]
tty.setraw(0)
for piece in sys.argv[5:]:
    with open(piece, "rb") as file:
        os.write(1, file.read() + b"\\x1b[5n")
    # The answer to that question comes when everything before it is drawn.
    answers = b""
    while b"\\x1b[0n" not in answers:
        answers += os.read(0, 1000)
    for end, command in (("cells", ["capture-pane", "-p", "-e", "-N"]),
                         ("cursor", ["display", "-p", "#{cursor_x} #{cursor_y}"])):
        with open(f"{piece}.{end}", "wb") as file:
            subprocess.run([*tmux, *command], stdout=file, check=True)
subprocess.run([*tmux, "wait-for", "-S", "done"], check=True)
"""
_PATIENCE = 60
"""Seconds for tmux to draw everything."""


@dataclass(frozen=True)
class Shown:
    """Rows as cells, without plain blanks at their ends, and the cursor's column and row."""

    rows: list[list[Cell]]
    cursor: tuple[int, int]

    @property
    def text(self) -> list[str]:
        """The same without looks."""
        return ["".join(text for text, _ in row) for row in self.rows]


def by_tmux(folder: Path, columns: int, rows: int, pieces: Sequence[bytes]) -> list[Shown]:
    """What tmux shows after each piece. Skips where tmux is not installed, but not in CI."""
    if TMUX is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tmux is not installed, and CI must not skip what needs it")
        pytest.skip("tmux is not installed")
    names = [f"p{number}" for number in range(len(pieces))]
    for name, piece in zip(names, pieces, strict=True):
        (folder / name).write_bytes(piece)
    (folder / "feeder.py").write_text(_FEEDER)
    (folder / "tmux.conf").write_text(
        "set -g status off\nset -g default-terminal tmux-256color\nset -g escape-time 0\n"
    )
    # One server a folder, so that tests beside this one have theirs.
    given = [TMUX, "-S", str(folder / "socket"), "-f", str(folder / "tmux.conf")]
    feeder = shlex.join(["exec", sys.executable, "feeder.py", *given[:3], "-u", *names][1:])

    def tmux(*arguments: str) -> None:
        subprocess.run(
            [*given, *arguments], cwd=folder, check=True, timeout=_PATIENCE,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip

    tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), feeder)
    try:
        tmux("wait-for", "done")
    finally:
        subprocess.run([*given, "kill-server"], check=False, stderr=subprocess.DEVNULL)
    found = []
    for name in names:
        lines = (folder / f"{name}.cells").read_text().split("\n")[:rows]
        x, y = (folder / f"{name}.cursor").read_text().split()
        found.append(Shown(cells_of(lines), (min(int(x), columns - 1), int(y))))
    return found


def differences(want: Shown, got: Shown) -> list[str]:
    """Where an emulator shows something else than tmux, in words.

    tmux does not tell the background of cells at the end of a row that were only erased.
    """
    found = []
    for number, (told, row) in enumerate(zip(want.rows, got.rows, strict=True)):
        ours, rest = row[: len(told)], row[len(told) :]
        if ours != told or any(text != " " for text, _ in rest):
            found.append(f"row {number}: tmux {told}, here {row}")
    if want.cursor != got.cursor:
        found.append(f"cursor: tmux {want.cursor}, here {got.cursor}")
    return found


def cells_of(lines: Sequence[str]) -> list[list[Cell]]:
    """Rows of `capture-pane -e`, whose looks go on from row to row."""
    rows = []
    look = _Look()
    for line in lines:
        row: list[Cell] = []
        at = 0
        while at < len(line):
            if line[at] == "\x1b" and line[at + 1] == "[":
                end = line.index("m", at)
                look.apply(line[at + 2 : end])
                at = end + 1
            elif line[at] in "\x0e\x0f":
                look.special = line[at] == "\x0e"
                at += 1
            else:
                text = line[at].translate(_SPECIAL) if look.special else line[at]
                row.append((text, look.key()))
                at += 1
        rows.append(trimmed(row))
    return rows


def trimmed(row: list[Cell]) -> list[Cell]:
    """Without the blanks at the end that cannot be told from cells never written."""
    row = [(text, _seen(look) if text == " " else look) for text, look in row]
    end = len(row)
    while end and row[end - 1] == (" ", (None,)):
        end -= 1
    return row[:end]


def _seen(look: tuple[object, ...]) -> tuple[object, ...]:
    """What of a blank's look is to be seen."""
    if drawn := _ON_BLANKS.intersection(look[2:]):
        return (look[:2], *sorted(drawn))
    return (look[1],)


_SPECIAL = str.maketrans("`afgjklmnopqrstuvwxyz{|}~", "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·")


class _Look:
    """What tmux's sequences have set; it writes no others than these."""

    def __init__(self) -> None:
        self.fg: Color | None = None
        self.bg: Color | None = None
        self.on: set[str] = set()
        self.special = False

    def apply(self, parameters: str) -> None:
        # It writes some attributes in two parts, `4:3` as well as `5:3` for 53.
        parts = parameters.replace("5:3", "53").split(";")
        numbers = [int(each.partition(":")[0] or 0) for each in parts]
        while numbers:
            code = numbers.pop(0)
            if code == 0:
                self.fg = self.bg = None
                self.on = set()
            elif code in _NAMES:
                self.on.add(_NAMES[code])
            elif code in (38, 48):
                count = 1 if numbers.pop(0) == 5 else 3
                red, *rest = [numbers.pop(0) for _ in range(count)]
                self._set(code == 38, (red, rest[0], rest[1]) if rest else red)
            elif code in (39, 49):
                self._set(code == 39, None)
            elif code // 10 in (3, 4):
                self._set(code < 40, code % 10)
            elif code // 10 in (9, 10):
                self._set(code < 100, code % 10 + 8)
            else:
                raise AssertionError(f"tmux wrote CSI {parameters} m")

    def _set(self, foreground: bool, color: Color | None) -> None:
        if foreground:
            self.fg = color
        else:
            self.bg = color

    def key(self) -> tuple[object, ...]:
        return (self.fg, self.bg, *sorted(self.on))
